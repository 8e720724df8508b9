//! What several documents of one run say of the same image or the same workflow execution.

use std::collections::HashMap;

use crate::aws::arn::{Arn, Resource};
use crate::aws::version::Version;
use crate::document::secret::quoted;
use crate::finding::Level;
use crate::rule::Rule;
use crate::rule::node::Node;
use crate::rule::pair::{Contrast, Pairing, Side};
use crate::rules::date::{is_before, told};
use crate::rules::execution::was_retried;
use crate::rules::source::{IMAGE, IMAGE_DETAILS};
use crate::rules::workflow::{STAGES, stage};

pub(super) static RULES: &[&Rule] =
    &[&X_STEPS_COUNTS, &X_WORKFLOW_IMAGE, &X_WORKFLOW_TIMES, &X_SAME_ARN, &X_SUMMARY_IMAGE];

/// The rules of this theme with what they hold against each other.
pub static PAIRINGS: &[Pairing] = &[
    Pairing { rule: &X_STEPS_COUNTS, here: Side::Steps, there: Side::Execution, check: steps_counts },
    Pairing { rule: &X_WORKFLOW_IMAGE, here: Side::Executions, there: Side::Image, check: workflow_image },
    Pairing { rule: &X_WORKFLOW_TIMES, here: Side::Executions, there: Side::Image, check: workflow_times },
    Pairing { rule: &X_SAME_ARN, here: Side::Image, there: Side::Image, check: same_arn },
    Pairing { rule: &X_SUMMARY_IMAGE, here: Side::Entry, there: Side::Image, check: summary_image },
];

const CAPTURE: &str = "another capture of this build";
const ITSELF: &str = "the capture of the image";

const SUMMARY: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageSummary.html";

static X_STEPS_COUNTS: Rule = Rule {
    name: "x-steps-counts",
    summary: "the steps listed for an execution are those that its counters count",
    why: "Once an execution has ended, its counters say how many steps succeeded, failed and were skipped, and the \
          list of its steps shows the same. Both are captured with the same `workflowExecutionId`.",
    help: "capture the steps and the execution again once it has ended, or restore what was edited",
    source: &[IMAGE_DETAILS, "service model: WorkflowStepMetadata.status"],
    ..Rule::BASE
};

/// The states in which counters no longer change.
const TERMINAL: [&str; 4] = ["COMPLETED", "FAILED", "CANCELLED", "ROLLBACK_COMPLETED"];
const COUNTERS: [(&str, &str); 3] =
    [("COMPLETED", "totalStepsSucceeded"), ("FAILED", "totalStepsFailed"), ("SKIPPED", "totalStepsSkipped")];

fn steps_counts(list: Node<'_>, execution: Node<'_>, contrast: &mut Contrast) {
    let (Some(steps), Some(status)) = (list.get("steps"), execution.get_text("status")) else {
        return;
    };
    if !TERMINAL.contains(&status) {
        return;
    }
    let attempts = last_attempts(steps);
    let is_last = |step: &Node<'_>| match (step.get_text("name"), attempt(*step)) {
        (Some(name), Some(number)) => attempts.get(name) == Some(&number),
        _ => true,
    };
    let count = |status: &str, all: bool| {
        let counts = |step: &Node<'_>| step.get_text("status") == Some(status) && (all || is_last(step));
        i128::try_from(steps.items().filter(counts).count()).unwrap_or(i128::MAX)
    };
    let counter = |name: &str| execution.get(name).and_then(|node| Some((node, node.integer()?)));
    let listed = i128::try_from(steps.items().filter(is_last).count()).unwrap_or(i128::MAX);
    // One page of several, or a list that was captured earlier, shows fewer finished steps.
    let is_part = steps.items().any(|step| matches!(step.get_text("status"), Some("PENDING" | "RUNNING")))
        || listed
            < COUNTERS
                .iter()
                .filter_map(|(_, name)| counter(name))
                .fold(0, |sum, (_, count)| count.saturating_add(sum));
    for (status, name) in COUNTERS {
        let Some((node, expected)) = counter(name) else {
            continue;
        };
        let (every, finished) = (count(status, true), count(status, false));
        if every != expected && finished != expected && !(is_part && finished < expected) {
            contrast.report(steps.key_span(), "the steps", || {
                let steps = if finished == 1 { "step is" } else { "steps are" };
                format!("{finished} {steps} listed as `{status}`, but `{name}` of the execution is {expected}")
            });
            contrast.against(node.span(), "the execution's counter");
        }
    }
    if let Some((node, total)) = counter("totalStepCount").filter(|(_, total)| listed > *total) {
        contrast.report(steps.key_span(), "the steps", || {
            format!("{listed} steps are listed, but `totalStepCount` of the execution is {total}")
        });
        contrast.against(node.span(), "the execution's total");
    }
}

fn attempt(step: Node<'_>) -> Option<i128> {
    step.get("attemptNumber").and_then(Node::integer)
}

/// The number of the last attempt of each step that is listed once for each attempt.
fn last_attempts(steps: Node<'_>) -> HashMap<&str, i128> {
    let mut last = HashMap::new();
    for step in steps.items() {
        if let (Some(name), Some(number)) = (step.get_text("name"), attempt(step)) {
            let greatest = last.entry(name).or_insert(number);
            *greatest = number.max(*greatest);
        }
    }
    last
}

static X_WORKFLOW_IMAGE: Rule = Rule {
    name: "x-workflow-image",
    level: Level::Warning,
    summary: "an available image was built and distributed by the workflows that it names",
    why: "An image becomes AVAILABLE when its build and its distribution have succeeded; a run that failed and was \
          tried again says `retried`. Where an image names its workflows, those are the ones that run for it.",
    help: "capture the executions and the image again together, or restore what was edited",
    source: &[IMAGE_DETAILS, "service model: WorkflowExecutionMetadata.retried", "service model: Image.workflows"],
    ..Rule::BASE
};

fn workflow_image(list: Node<'_>, image: Node<'_>, contrast: &mut Contrast) {
    let Some(executions) = list.get("workflowExecutions") else {
        return;
    };
    let state = image.get("state").and_then(|state| state.get("status"));
    if let Some(state) = state.filter(|state| state.text() == Some("AVAILABLE")) {
        for execution in executions.items().filter(|execution| is_final_failure(*execution, executions)) {
            let (Some(status), Some(resource)) = (execution.get("status"), workflow(execution)) else {
                continue;
            };
            contrast.report(status.span(), "failed", || {
                format!("the {} workflow failed, but the image is `AVAILABLE`", stage(resource.kind))
            });
            contrast.against(state.span(), "the image's state");
        }
    }
    let Some(named) = image.get("workflows") else {
        return;
    };
    for execution in executions.items() {
        let (Some(arn), Some(resource)) = (execution.get("workflowBuildVersionArn"), workflow(execution)) else {
            continue;
        };
        // Without a workflow of that stage the default one runs.
        let named_resources = named.items().filter_map(|named| resource_of(named.get_text("workflowArn")?));
        let mut of_stage = named_resources.filter(|named| named.kind == resource.kind).peekable();
        if of_stage.peek().is_some() && of_stage.all(|named| named.name != resource.name) {
            contrast.report(arn.slice(resource.name), "ran", || {
                let (kind, name) = (stage(resource.kind), quoted(resource.name));
                format!("{kind} workflow `{name}` ran, but is not among the workflows of the image")
            });
            contrast.against(named.key_span(), "the image's workflows");
        }
    }
}

fn resource_of(arn: &str) -> Option<Resource<'_>> {
    Some(Arn::parse(arn).filter(Arn::is_image_builder)?.image_builder_resource())
}

/// What the ARN of an execution's workflow names, where it is a workflow.
fn workflow(execution: Node<'_>) -> Option<Resource<'_>> {
    let resource = resource_of(execution.get_text("workflowBuildVersionArn")?)?;
    (STAGES.contains(&resource.kind) && resource.has_sound_name()).then_some(resource)
}

/// Whether a build or a distribution failed and was not tried again.
fn is_final_failure(execution: Node<'_>, executions: Node<'_>) -> bool {
    let Some(resource) = workflow(execution).filter(|resource| resource.kind != "workflow/test") else {
        return false;
    };
    let succeeded = |other: Node<'_>| {
        other.get_text("status") == Some("COMPLETED")
            && workflow(other).is_some_and(|other| other.kind == resource.kind)
    };
    execution.get_text("status") == Some("FAILED") && !was_retried(execution) && !executions.items().any(succeeded)
}

static X_WORKFLOW_TIMES: Rule = Rule {
    name: "x-workflow-times",
    level: Level::Warning,
    summary: "no workflow of an image starts before the image was created",
    why: "An image is created when its build is asked for, and its workflows start after that.",
    help: "one of the two dates was edited, or the executions are those of another build",
    source: &[IMAGE_DETAILS, "service model: WorkflowExecutionMetadata.startTime"],
    ..Rule::BASE
};

fn workflow_times(list: Node<'_>, image: Node<'_>, contrast: &mut Contrast) {
    let (Some(executions), Some(created)) = (list.get("workflowExecutions"), image.get("dateCreated")) else {
        return;
    };
    for start in executions.items().filter_map(|execution| execution.get("startTime")) {
        if is_before(start, created) {
            contrast.report(start.span(), "the start", || {
                format!("a workflow started at {}, before the image was created at {}", told(start), told(created))
            });
            contrast.against(created.span(), "the image was created");
        }
    }
}

static X_SAME_ARN: Rule = Rule {
    name: "x-same-arn",
    level: Level::Info,
    summary: "captures of one image build agree on what never changes",
    why: "State, outputs and tags of a build change with time; its name, its date of creation, its recipe and its \
          infrastructure configuration do not. Where they differ, one capture was edited, or its ARN made up.",
    help: "give documents that are made up ARNs of their own, or restore the capture that was edited",
    source: &["https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-recipes.html", IMAGE],
    ..Rule::BASE
};

fn same_arn(image: Node<'_>, first: Node<'_>, contrast: &mut Contrast) {
    differ(image.get("name"), first.get("name"), CAPTURE, contrast);
    dates_differ(image, first, CAPTURE, contrast);
    for member in ["imageRecipe", "containerRecipe", "infrastructureConfiguration"] {
        differ(arn_of(image, member), arn_of(first, member), CAPTURE, contrast);
    }
}

fn arn_of<'d>(image: Node<'d>, member: &str) -> Option<Node<'d>> {
    image.get(member)?.get("arn")
}

static X_SUMMARY_IMAGE: Rule = Rule {
    name: "x-summary-image",
    level: Level::Warning,
    summary: "the entry of an image in a list agrees with the image",
    why: "ListImageBuildVersions shows the name, type, version, platform and date of creation that GetImage returns \
          for the same ARN. None of them ever changes.",
    help: "capture the list and the image again, or restore what was edited",
    source: &[SUMMARY, IMAGE],
    ..Rule::BASE
};

fn summary_image(entry: Node<'_>, image: Node<'_>, contrast: &mut Contrast) {
    differ(entry.get("name"), image.get("name"), ITSELF, contrast);
    for member in ["type", "platform"] {
        let (here, there) = (entry.get(member), image.get(member));
        // How it is spelt is another rule's.
        let same = here.zip(there).and_then(|(here, there)| Some(here.text()?.eq_ignore_ascii_case(there.text()?)));
        if same == Some(false) {
            differ(here, there, ITSELF, contrast);
        }
    }
    let versions = entry.get_with_text("version").zip(image.get_with_text("version"));
    if let Some(((here, one), (there, other))) = versions {
        let (one, other) = (Version::parse(one), Version::parse(other));
        let sound = one.is_well_formed() && other.is_well_formed();
        let builds_differ = one.build.zip(other.build).is_some_and(|(one, other)| one != other);
        if sound && (!one.same_numbers(other) || builds_differ) {
            differ(Some(here), Some(there), ITSELF, contrast);
        }
    }
    dates_differ(entry, image, ITSELF, contrast);
}

/// Reports two texts that differ, and what the other one is in.
fn differ(here: Option<Node<'_>>, there: Option<Node<'_>>, other: &str, contrast: &mut Contrast) {
    let (Some(here), Some(there)) = (here, there) else {
        return;
    };
    let (Some(one), Some(two)) = (here.text(), there.text()) else {
        return;
    };
    if one != two {
        contrast.report(here.span(), "differs", || {
            let member = here.member();
            let (one, two) = distinct(one, two);
            format!("`{member}` is `{}`, but `{}` in {other}", quoted(one), quoted(two))
        });
        contrast.against(there.span(), "from this");
    }
}

/// What tells two texts apart: of ARNs in one account what they name.
fn distinct<'t>(one: &'t str, other: &'t str) -> (&'t str, &'t str) {
    match (Arn::parse(one), Arn::parse(other)) {
        (Some(one), Some(other)) if one.account == other.account && one.region == other.region => {
            (one.resource, other.resource)
        }
        _ => (one, other),
    }
}

/// Reports two dates of creation that are different moments.
fn dates_differ(one: Node<'_>, two: Node<'_>, other: &str, contrast: &mut Contrast) {
    let (Some(here), Some(there)) = (one.get("dateCreated"), two.get("dateCreated")) else {
        return;
    };
    if is_before(here, there) || is_before(there, here) {
        contrast.report(here.span(), "differs", || {
            format!("`dateCreated` is {}, but {} in {other}", told(here), told(there))
        });
        contrast.against(there.span(), "from this");
    }
}
