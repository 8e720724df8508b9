//! The actions of workflow steps: which there are, where they may run and for how long.

use crate::aws::step_action::{STEP_ACTIONS, StepAction};
use crate::document::secret::quoted;
use crate::finding::Level;
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::node::Node;
use crate::rules::arn::image_builder_arn;
use crate::rules::workflow::{STAGES, stage};

pub(super) static RULES: &[&Rule] =
    &[&STEP_ACTION_STAGE, &STEP_ACTION_MIX, &STEP_ACTION_KNOWN, &STEP_TIMEOUT, &WAITING_STEP_ACTION];

const ACTIONS: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/wfdoc-step-actions.html";

const WAIT: &str = "WaitForAction";

/// The action of a step, with its name.
fn action_of(step: Node<'_>) -> Option<(Node<'_>, &str)> {
    let action = step.get("action")?;
    Some((action, action.text()?))
}

static STEP_ACTION_STAGE: Rule = Rule {
    name: "step-action-stage",
    on: &[Shape::GetWorkflowStepExecutionResponse, Shape::WorkflowStepMetadata, Shape::WorkflowStepExecution],
    summary: "an action runs in a stage that allows it",
    why: "Components run while building and testing, scan findings are collected while testing, and what distributes \
          runs while distributing. Amazon's own workflows 1.0.0 are older than that division and are not judged.",
    help: "the action or the workflow's ARN was edited",
    source: &[ACTIONS],
    check: |step, cx| {
        let Some((node, text)) = action_of(step) else {
            return;
        };
        let Some(action) = StepAction::find(text).filter(|action| !action.restricted_to.is_empty()) else {
            return;
        };
        let Some(workflow) = cx.nearest(step, "workflowBuildVersionArn") else {
            return;
        };
        let Some((arn, resource)) = image_builder_arn(workflow, cx) else {
            return;
        };
        let early = arn.account == "aws" && resource.version.is_some_and(|version| version.numbers == "1.0.0");
        if !early && STAGES.contains(&resource.kind) && !action.restricted_to.contains(&resource.kind) {
            let found = stage(resource.kind);
            let allowed = action.restricted_to.iter().map(|kind| stage(kind)).collect::<Vec<_>>().join(" and ");
            let message = format!("`{text}` runs in {allowed} workflows only; this is a {found} workflow");
            cx.report(node, message).label(workflow.slice(resource.kind), "the workflow");
        }
    },
    ..Rule::BASE
};

static STEP_ACTION_MIX: Rule = Rule {
    name: "step-action-mix",
    on: &[Shape::WorkflowStepExecutionsList],
    summary: "a workflow distributes AMIs or container images, not both",
    why: "`DistributeContainerImage` works on container images, `DistributeImage`, `ModifyImageAttributes` and \
          `ApplyImageConfigurations` work on AMIs. A workflow has actions of one kind.",
    help: "the steps come from two workflows, or an action was edited",
    source: &[ACTIONS],
    check: |steps, cx| {
        let first = |names: &[&str]| steps.items().filter_map(action_of).find(|(_, text)| names.contains(text));
        let Some(container) = first(&["DistributeContainerImage"]) else {
            return;
        };
        if let Some(ami) = first(&["DistributeImage", "ModifyImageAttributes", "ApplyImageConfigurations"]) {
            let container_first = container.0.span().start < ami.0.span().start;
            let (earlier, later) = if container_first { (container, ami) } else { (ami, container) };
            let message =
                format!("`{}` in a workflow with `{}`; one is for AMIs, one for containers", later.1, earlier.1);
            cx.report(later.0, message).label(earlier.0.span(), "the other kind");
        }
    },
    ..Rule::BASE
};

static STEP_ACTION_KNOWN: Rule = Rule {
    name: "step-action-known",
    level: Level::Info,
    on: &[Shape::WorkflowStepAction],
    summary: "a step's action is one that the user guide lists",
    why: "The service model takes any name. One that is not listed is newer than this list, or misspelt.",
    help: "the user guide lists the actions; names are case-sensitive",
    source: &[ACTIONS],
    outranks: &["string-pattern"],
    check: |action, cx| {
        let Some(text) = action.text().filter(|text| StepAction::find(text).is_none()) else {
            return;
        };
        let count = STEP_ACTIONS.len();
        let near = STEP_ACTIONS.iter().find(|action| action.name.eq_ignore_ascii_case(text));
        let finding = cx.report(action, format!("`{}` is none of the {count} documented step actions", quoted(text)));
        if let Some(near) = near {
            finding.help(format!("names of actions are case-sensitive; write `{}`", near.name));
        }
    },
    ..Rule::BASE
};

static STEP_TIMEOUT: Rule = Rule {
    name: "step-timeout",
    level: Level::Warning,
    on: &[Shape::GetWorkflowStepExecutionResponse],
    summary: "a step's timeout is at most that of its action",
    why: "Each action has a longest timeout, from three hours for WaitForSSMAgent to seven days for WaitForAction; a \
          workflow document that asks for more is refused. The service model has one maximum for all of them.",
    help: "the timeout or the action was edited",
    source: &[ACTIONS, "service model: WorkflowStepTimeoutSecondsInteger"],
    outranks: &["number-range"],
    check: |step, cx| {
        let timeout = step.get("timeoutSeconds").and_then(|node| Some((node, node.integer()?)));
        let (Some((node, seconds)), Some((action, text))) = (timeout, action_of(step)) else {
            return;
        };
        if let Some(known) = StepAction::find(text).filter(|known| seconds > i128::from(known.longest)) {
            let message = format!("timeout of {seconds} s; `{text}` takes at most {} s", known.longest);
            cx.report(node, message).label(action.span(), "the action");
        }
    },
    ..Rule::BASE
};

static WAITING_STEP_ACTION: Rule = Rule {
    name: "waiting-step-action",
    level: Level::Warning,
    on: &[Shape::WorkflowStepExecution],
    summary: "a step that waits is a WaitForAction step",
    why: "ListWaitingWorkflowSteps lists the steps that wait for an action from outside, and only WaitForAction does.",
    help: "the action was edited, or the step does not wait",
    source: &[
        "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ListWaitingWorkflowSteps.html",
        "service model: ListWaitingWorkflowStepsResponse.steps",
    ],
    outranks: &["step-action-known", "step-action-stage", "string-pattern"],
    check: |step, cx| {
        if let Some((action, text)) = action_of(step).filter(|(_, text)| *text != WAIT) {
            cx.report(action, format!("only `{WAIT}` steps wait; this is `{}`", quoted(text)));
        }
    },
    ..Rule::BASE
};
