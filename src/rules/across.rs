//! Comparisons of documents of one run that are about the same image or the same workflow execution.

use std::collections::HashMap;

use crate::aws::arn::{Arn, Resource};
use crate::aws::version::Version;
use crate::model::typed::shapes::{
    self, ComponentConfigurationList, EbsInstanceBlockDeviceSpecification, GetWorkflowExecutionResponse, ImageSummary,
    InstanceBlockDeviceMappings, ListWorkflowExecutionsResponse, ListWorkflowStepExecutionsResponse,
    WorkflowExecutionMetadata, WorkflowStepExecutionsList, WorkflowStepMetadata,
};
use crate::rule::pair::{Between, Contrast, Entry, Execution, Executions, Image, Pair, Steps};
use crate::rule::prelude::*;
use crate::rules::view::contrast::{compare_dates, compare_texts, compare_values};
use crate::rules::view::date::{formatted, is_before};
use crate::rules::view::lookup::Lookup;
use crate::rules::view::source::{IMAGE, IMAGE_DETAILS};
use crate::rules::view::workflow::{STAGES, stage, was_retried};

pub(super) static RULES: &[&Pair] =
    &[&X_STEPS_COUNTS, &X_WORKFLOW_IMAGE, &X_WORKFLOW_TIMES, &X_SAME_ARN, &X_SUMMARY_IMAGE];

const OTHER_CAPTURE: &str = "another capture of this build";
const IMAGE_CAPTURE: &str = "the capture of the image";

const SUMMARY: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageSummary.html";

static X_STEPS_COUNTS: Pair = Pair {
    rule: &Rule {
        name: "x-steps-counts",
        level: Level::Warning,
        summary: "the steps listed for an execution are those that its counters count",
        why: "Once an execution has ended, its counters say how many steps succeeded, failed and were skipped, and the \
              list of its steps shows the same. Both are captured with the same `workflowExecutionId`. How steps are \
              counted that a cancellation kept from running is not documented, so CANCELLED executions are not judged.",
        help: "capture the steps and the execution again once it has ended, or restore what was edited",
        source: &[
            "derived: the counters and the list describe the same steps",
            IMAGE_DETAILS,
            "service model: WorkflowStepMetadata.status",
        ],
        ..Rule::BASE
    },
    between: &Between::<Steps, Execution>(steps_counts),
};

/// The statuses in which counters no longer change, but for CANCELLED.
const TERMINAL: [&str; 3] = ["COMPLETED", "FAILED", "ROLLBACK_COMPLETED"];

type AnyExecution = (GetWorkflowExecutionResponse, WorkflowExecutionMetadata);

/// The statuses of steps that an execution counts, with the member that holds each counter.
const COUNTERS: [(&str, Slot<AnyExecution>); 3] = [
    ("COMPLETED", Slot::of(member::TotalStepsSucceeded)),
    ("FAILED", Slot::of(member::TotalStepsFailed)),
    ("SKIPPED", Slot::of(member::TotalStepsSkipped)),
];

fn steps_counts(
    list: Node<'_, ListWorkflowStepExecutionsResponse>,
    execution: Node<'_, AnyExecution>,
    contrast: &mut Contrast,
) {
    let (Some(steps), Some(status)) = (list.get(member::Steps), execution.get_text(member::Status)) else {
        return;
    };
    if !TERMINAL.contains(&status) {
        return;
    }
    let attempts = last_attempts(steps);
    let is_last = |step: &Node<'_, WorkflowStepMetadata>| match (step.get_text(member::Name), attempt(*step)) {
        (Some(name), Some(number)) => attempts.get(name) == Some(&number),
        _ => true,
    };
    let count = |status: &str, all: bool| {
        let counts = |step: &Node<'_, WorkflowStepMetadata>| {
            step.get_text(member::Status) == Some(status) && (all || is_last(step))
        };
        i128::try_from(steps.items().filter(counts).count()).unwrap_or(i128::MAX)
    };
    let counters = COUNTERS.map(|(status, slot)| (status, execution.get_in(slot).and_then(Node::with_integer)));
    let listed = i128::try_from(steps.items().filter(is_last).count()).unwrap_or(i128::MAX);
    // A single page of the list, or a list that was captured earlier, has fewer finished steps.
    let is_partial = steps.items().any(|step| matches!(step.get_text(member::Status), Some("PENDING" | "RUNNING")))
        || listed
            < counters
                .into_iter()
                .filter_map(|(_, counter)| counter)
                .fold(0, |sum: i128, (_, count)| count.saturating_add(sum));
    for (status, counter) in counters {
        let Some((node, expected)) = counter else {
            continue;
        };
        let (every, finished) = (count(status, true), count(status, false));
        if every != expected && finished != expected && !(is_partial && finished < expected) {
            contrast.report(steps.key_span(), "the steps", || {
                let steps = if finished == 1 { "step is" } else { "steps are" };
                let name = node.member();
                format!("{finished} {steps} listed as `{status}`, but `{name}` of the execution is {expected}")
            });
            contrast.against(node.span(), "the execution's counter");
        }
    }
    let total = execution.get(member::TotalStepCount).and_then(Node::with_integer);
    if let Some((node, total)) = total.filter(|(_, total)| listed > *total) {
        contrast.report(steps.key_span(), "the steps", || {
            format!("the list has {}, but `totalStepCount` of the execution is {total}", counted(listed, "step"))
        });
        contrast.against(node.span(), "the execution's total");
    }
}

fn attempt(step: Node<'_, WorkflowStepMetadata>) -> Option<i128> {
    step.get(member::AttemptNumber).and_then(Node::integer)
}

/// The number of the last attempt of each step. A step that was retried is listed once for each attempt.
fn last_attempts(steps: Node<'_, WorkflowStepExecutionsList>) -> HashMap<&str, i128> {
    let mut last = HashMap::new();
    for step in steps.items() {
        if let (Some(name), Some(number)) = (step.get_text(member::Name), attempt(step)) {
            let greatest = last.entry(name).or_insert(number);
            *greatest = number.max(*greatest);
        }
    }
    last
}

static X_WORKFLOW_IMAGE: Pair = Pair {
    rule: &Rule {
        name: "x-workflow-image",
        level: Level::Warning,
        summary: "an available image was built and distributed by the workflows that it names",
        why: "An image becomes AVAILABLE when its build and its distribution have succeeded; a run that failed and was \
              tried again says `retried`. Where an image names its workflows, those are the ones that run for it.",
        help: "capture the executions and the image again together, or restore what was edited",
        source: &[IMAGE_DETAILS, "service model: WorkflowExecutionMetadata.retried", "service model: Image.workflows"],
        ..Rule::BASE
    },
    between: &Between::<Executions, Image>(workflow_image),
};

fn workflow_image(
    list: Node<'_, ListWorkflowExecutionsResponse>,
    image: Node<'_, shapes::Image>,
    contrast: &mut Contrast,
) {
    let Some(executions) = list.get(member::WorkflowExecutions) else {
        return;
    };
    let state = image.get(member::State).and_then(|state| state.get(member::Status));
    if let Some(state) = state.filter(|state| state.text() == Some("AVAILABLE")) {
        let completed = Lookup::new(|| executions.items().filter_map(completed_kind));
        for execution in executions.items() {
            if may_be_final_failure(execution).is_none_or(|kind| completed.has(&kind)) {
                continue;
            }
            let (Some(status), Some(resource)) = (execution.get(member::Status), workflow(execution)) else {
                continue;
            };
            contrast.report(status.span(), "failed", || {
                format!("the {} workflow failed, but the image is `AVAILABLE`", stage(resource.kind))
            });
            contrast.against(state.span(), "the image's state");
        }
    }
    let Some(named) = image.get(member::Workflows) else {
        return;
    };
    let named_resources = || named.items().filter_map(|named| resource_of(named.get_text(member::WorkflowArn)?));
    let stages = Lookup::new(|| named_resources().map(|named| named.kind));
    let workflows = Lookup::new(|| named_resources().map(|named| (named.kind, named.name)));
    for execution in executions.items() {
        let (Some(arn), Some(resource)) = (execution.get(member::WorkflowBuildVersionArn), workflow(execution)) else {
            continue;
        };
        // An image that names no workflow of a stage runs the default one.
        if stages.has(&resource.kind) && !workflows.has(&(resource.kind, resource.name)) {
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

/// The workflow that the ARN in an execution names; None where it names something else.
fn workflow(execution: Node<'_, WorkflowExecutionMetadata>) -> Option<Resource<'_>> {
    let resource = resource_of(execution.get_text(member::WorkflowBuildVersionArn)?)?;
    (STAGES.contains(&resource.kind) && resource.has_valid_name()).then_some(resource)
}

/// The type of the workflow of a build or a distribution that failed and was not retried: if no other run of that type
/// succeeded, the failure is final.
fn may_be_final_failure(execution: Node<'_, WorkflowExecutionMetadata>) -> Option<&str> {
    let kind = workflow(execution)?.kind;
    let has_failed = execution.get_text(member::Status) == Some("FAILED") && !was_retried(execution);
    (has_failed && kind != "workflow/test").then_some(kind)
}

/// The type of the workflow of an execution that succeeded.
fn completed_kind(execution: Node<'_, WorkflowExecutionMetadata>) -> Option<&str> {
    workflow(execution).filter(|_| execution.get_text(member::Status) == Some("COMPLETED")).map(|named| named.kind)
}

static X_WORKFLOW_TIMES: Pair = Pair {
    rule: &Rule {
        name: "x-workflow-times",
        level: Level::Warning,
        summary: "no workflow of an image starts before the image was created",
        why: "An image is created when its build is asked for, and its workflows start after that.",
        help: "one of the two dates was edited, or the executions are those of another build",
        source: &[IMAGE_DETAILS, "service model: WorkflowExecutionMetadata.startTime"],
        ..Rule::BASE
    },
    between: &Between::<Executions, Image>(workflow_times),
};

fn workflow_times(
    list: Node<'_, ListWorkflowExecutionsResponse>,
    image: Node<'_, shapes::Image>,
    contrast: &mut Contrast,
) {
    let (Some(executions), Some(created)) = (list.get(member::WorkflowExecutions), image.get(member::DateCreated))
    else {
        return;
    };
    for start in executions.items().filter_map(|execution| execution.get(member::StartTime)) {
        if is_before(start, created) {
            contrast.report(start.span(), "the start", || {
                format!(
                    "a workflow started at {}, before the image was created at {}",
                    formatted(start),
                    formatted(created)
                )
            });
            contrast.against(created.span(), "the image was created");
        }
    }
}

static X_SAME_ARN: Pair = Pair {
    rule: &Rule {
        name: "x-same-arn",
        level: Level::Info,
        summary: "captures of one image build agree on what never changes",
        why: "State, outputs and tags of a build change with time; its name, its date of creation, its recipe and its \
              infrastructure configuration do not. A recipe cannot be modified, so its base image, components and \
              block devices are the same, too, once their versions are resolved. Where they differ, one capture was \
              edited, or its ARN made up.",
        help: "give documents that are made up ARNs of their own, or restore the capture that was edited",
        source: &["https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-recipes.html", IMAGE],
        ..Rule::BASE
    },
    between: &Between::<Image, Image>(same_arn),
};

fn same_arn(image: Node<'_, shapes::Image>, first: Node<'_, shapes::Image>, contrast: &mut Contrast) {
    compare_texts(image.get(member::Name), first.get(member::Name), OTHER_CAPTURE, contrast);
    compare_dates(image.get(member::DateCreated), first.get(member::DateCreated), OTHER_CAPTURE, contrast);
    for (here, there) in origin(image).into_iter().zip(origin(first)) {
        compare_texts(here, there, OTHER_CAPTURE, contrast);
    }
    if let (Some(here), Some(there)) = (image.get(member::ImageRecipe), first.get(member::ImageRecipe)) {
        compare_resolved(here.get(member::ParentImage), there.get(member::ParentImage), contrast);
        compare_components(here.get(member::Components), there.get(member::Components), contrast);
        compare_devices(here.get(member::BlockDeviceMappings), there.get(member::BlockDeviceMappings), contrast);
    }
    if let (Some(here), Some(there)) = (image.get(member::ContainerRecipe), first.get(member::ContainerRecipe)) {
        compare_resolved(here.get(member::ParentImage), there.get(member::ParentImage), contrast);
        compare_components(here.get(member::Components), there.get(member::Components), contrast);
    }
}

/// Compares two base images or components, unless one still has a version that each build resolves anew.
fn compare_resolved(here: Option<Node<'_>>, there: Option<Node<'_>>, contrast: &mut Contrast) {
    let is_resolved = |node: &Node<'_>| {
        node.text().is_some_and(|text| match resource_of(text) {
            Some(named) => named.version.is_some_and(|version| version.is_fixed() && version.build.is_some()),
            None => !text.starts_with("ssm:"),
        })
    };
    compare_texts(here.filter(is_resolved), there.filter(is_resolved), OTHER_CAPTURE, contrast);
}

/// Compares two lists of components one by one. Lists that are not as long are of shortened captures.
fn compare_components(
    here: Option<Node<'_, ComponentConfigurationList>>,
    there: Option<Node<'_, ComponentConfigurationList>>,
    contrast: &mut Contrast,
) {
    let lists = here.zip(there).filter(|(here, there)| here.items().count() == there.items().count());
    for (here, there) in lists.into_iter().flat_map(|(here, there)| here.items().zip(there.items())) {
        compare_resolved(here.get(member::ComponentArn), there.get(member::ComponentArn), contrast);
    }
}

/// Compares two lists of block devices likewise. What one of them leaves out is not compared.
fn compare_devices(
    here: Option<Node<'_, InstanceBlockDeviceMappings>>,
    there: Option<Node<'_, InstanceBlockDeviceMappings>>,
    contrast: &mut Contrast,
) {
    let lists = here.zip(there).filter(|(here, there)| here.items().count() == there.items().count());
    for (here, there) in lists.into_iter().flat_map(|(here, there)| here.items().zip(there.items())) {
        compare_texts(here.get(member::DeviceName), there.get(member::DeviceName), OTHER_CAPTURE, contrast);
        let Some((here, there)) = here.get(member::Ebs).zip(there.get(member::Ebs)) else {
            continue;
        };
        for setting in VOLUME {
            compare_values(here.get_in(setting), there.get_in(setting), OTHER_CAPTURE, contrast);
        }
    }
}

/// The settings of a volume.
const VOLUME: [Slot<EbsInstanceBlockDeviceSpecification>; 8] = [
    Slot::of(member::DeleteOnTermination),
    Slot::of(member::Encrypted),
    Slot::of(member::Iops),
    Slot::of(member::KmsKeyId),
    Slot::of(member::SnapshotId),
    Slot::of(member::Throughput),
    Slot::of(member::VolumeSize),
    Slot::of(member::VolumeType),
];

/// The ARNs of the recipes and of the infrastructure configuration.
fn origin(image: Node<'_, shapes::Image>) -> [Option<Node<'_>>; 3] {
    [
        image.get(member::ImageRecipe).and_then(|recipe| recipe.get(member::Arn)),
        image.get(member::ContainerRecipe).and_then(|recipe| recipe.get(member::Arn)),
        image.get(member::InfrastructureConfiguration).and_then(|configuration| configuration.get(member::Arn)),
    ]
}

static X_SUMMARY_IMAGE: Pair = Pair {
    rule: &Rule {
        name: "x-summary-image",
        level: Level::Warning,
        summary: "the entry of an image in a list agrees with the image",
        why: "ListImageBuildVersions shows the name, type, version, platform and date of creation that GetImage \
              returns for the same ARN. None of them ever changes.",
        help: "capture the list and the image again, or restore what was edited",
        source: &[SUMMARY, IMAGE],
        ..Rule::BASE
    },
    between: &Between::<Entry, Image>(summary_image),
};

fn summary_image(entry: Node<'_, ImageSummary>, image: Node<'_, shapes::Image>, contrast: &mut Contrast) {
    compare_texts(entry.get(member::Name), image.get(member::Name), IMAGE_CAPTURE, contrast);
    for (here, there) in
        [(entry.get(member::Type), image.get(member::Type)), (entry.get(member::Platform), image.get(member::Platform))]
    {
        // Values that differ in case only are reported by `enum-value`.
        let same = here.zip(there).and_then(|(here, there)| Some(here.text()?.eq_ignore_ascii_case(there.text()?)));
        if same == Some(false) {
            compare_texts(here, there, IMAGE_CAPTURE, contrast);
        }
    }
    let versions = entry.get_with_text(member::Version).zip(image.get_with_text(member::Version));
    if let Some(((here, one), (there, other))) = versions {
        let (one, other) = (Version::parse(one), Version::parse(other));
        let are_valid = one.is_well_formed() && other.is_well_formed();
        let builds_differ = one.build.zip(other.build).is_some_and(|(one, other)| one != other);
        if are_valid && (!one.same_numbers(other) || builds_differ) {
            compare_texts(Some(here), Some(there), IMAGE_CAPTURE, contrast);
        }
    }
    compare_dates(entry.get(member::DateCreated), image.get(member::DateCreated), IMAGE_CAPTURE, contrast);
}
