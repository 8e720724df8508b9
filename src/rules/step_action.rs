//! The actions of workflow steps: which exist, in which stages they may run and for how long.

use crate::aws::step_action::{STEP_ACTIONS, StepAction};
use crate::model::typed::shapes::{
    GetWorkflowStepExecutionResponse, WorkflowStepAction, WorkflowStepExecution, WorkflowStepExecutionsList,
    WorkflowStepMetadata,
};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::workflow::{STAGES, stage};

pub(super) static RULES: &[&Check] =
    &[&STEP_ACTION_STAGE, &STEP_ACTION_MIX, &STEP_ACTION_KNOWN, &STEP_TIMEOUT, &WAITING_STEP_ACTION];

const ACTIONS: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/wfdoc-step-actions.html";

const WAIT: &str = "WaitForAction";

static STEP_ACTION_STAGE: Check = Check {
    rule: &Rule {
        name: "step-action-stage",
        summary: "an action runs in a stage that allows it",
        why: "Components run while building and testing, scan findings are collected while testing, and what \
              distributes runs while distributing. Amazon's own workflows 1.0.0 are older than that division and are \
              not judged.",
        help: "the action or the workflow's ARN was edited",
        source: &[ACTIONS],
        ..Rule::BASE
    },
    on: &Each::<(GetWorkflowStepExecutionResponse, WorkflowStepMetadata, WorkflowStepExecution)>(|step, cx| {
        let Some((node, text)) = step.get_with_text(member::Action) else {
            return;
        };
        let Some(action) = StepAction::find(text).filter(|action| !action.restricted_to.is_empty()) else {
            return;
        };
        let Some(workflow) = cx.nearest(step, member::WorkflowBuildVersionArn) else {
            return;
        };
        let Some((arn, resource)) = image_builder_arn(workflow, cx) else {
            return;
        };
        let predates_stages =
            arn.account == "aws" && resource.version.is_some_and(|version| version.numbers == "1.0.0");
        if !predates_stages && STAGES.contains(&resource.kind) && !action.restricted_to.contains(&resource.kind) {
            let found = stage(resource.kind);
            let allowed = action.restricted_to.iter().map(|kind| stage(kind)).collect::<Vec<_>>().join(" and ");
            let message = format!("`{text}` runs in {allowed} workflows only; this is a {found} workflow");
            cx.report(node, message).label(workflow.slice(resource.kind), "the workflow");
        }
    }),
};

static STEP_ACTION_MIX: Check = Check {
    rule: &Rule {
        name: "step-action-mix",
        summary: "a workflow distributes AMIs or container images, not both",
        why: "`DistributeContainerImage` works on container images, `DistributeImage`, `ModifyImageAttributes` and \
              `ApplyImageConfigurations` work on AMIs. A workflow has actions of one kind.",
        help: "the steps come from two workflows, or an action was edited",
        source: &[ACTIONS],
        ..Rule::BASE
    },
    on: &Each::<WorkflowStepExecutionsList>(|steps, cx| {
        let actions = || steps.items().filter_map(|step| step.get_with_text(member::Action));
        let first = |names: &[&str]| actions().find(|(_, text)| names.contains(text));
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
    }),
};

static STEP_ACTION_KNOWN: Check = Check {
    rule: &Rule {
        name: "step-action-known",
        level: Level::Info,
        summary: "a step's action is one that the user guide lists",
        why: "The service model takes any name. One that is not listed is newer than this list, or misspelt.",
        help: "the user guide lists the actions; names are case-sensitive",
        source: &[ACTIONS],
        outranks: &[&structure::STRING_PATTERN],
        ..Rule::BASE
    },
    on: &Each::<WorkflowStepAction>(|action, cx| {
        let Some(text) = action.text().filter(|text| StepAction::find(text).is_none()) else {
            return;
        };
        let count = STEP_ACTIONS.len();
        let near = STEP_ACTIONS.iter().find(|action| action.name.eq_ignore_ascii_case(text));
        let finding = cx.report(action, format!("`{}` is none of the {count} documented step actions", quoted(text)));
        if let Some(near) = near {
            finding.help(format!("names of actions are case-sensitive; write `{}`", near.name));
        }
    }),
};

static STEP_TIMEOUT: Check = Check {
    rule: &Rule {
        name: "step-timeout",
        level: Level::Warning,
        summary: "a step's timeout is at most that of its action",
        why: "Each action has a longest timeout, from three hours for WaitForSSMAgent to seven days for WaitForAction; \
              a workflow document that asks for more is refused. The service model has one maximum for all of them.",
        help: "the timeout or the action was edited",
        source: &[ACTIONS, "service model: WorkflowStepTimeoutSecondsInteger"],
        outranks: &[&structure::NUMBER_RANGE],
        ..Rule::BASE
    },
    on: &Each::<GetWorkflowStepExecutionResponse>(|step, cx| {
        let timeout = step.get(member::TimeoutSeconds).and_then(Node::with_integer);
        let (Some((node, seconds)), Some((action, text))) = (timeout, step.get_with_text(member::Action)) else {
            return;
        };
        if let Some(known) = StepAction::find(text).filter(|known| seconds > i128::from(known.max_timeout)) {
            let message = format!("timeout of {seconds} s; `{text}` takes at most {} s", known.max_timeout);
            cx.report(node, message).label(action.span(), "the action");
        }
    }),
};

static WAITING_STEP_ACTION: Check = Check {
    rule: &Rule {
        name: "waiting-step-action",
        level: Level::Warning,
        summary: "a step that waits is a WaitForAction step",
        why: "ListWaitingWorkflowSteps lists the steps that wait for an action from outside, and only WaitForAction \
              does.",
        help: "the action was edited, or the step does not wait",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ListWaitingWorkflowSteps.html",
            "service model: ListWaitingWorkflowStepsResponse.steps",
        ],
        outranks: &[STEP_ACTION_KNOWN.rule, STEP_ACTION_STAGE.rule, &structure::STRING_PATTERN],
        ..Rule::BASE
    },
    on: &Each::<WorkflowStepExecution>(|step, cx| {
        if let Some((action, text)) = step.get_with_text(member::Action).filter(|(_, text)| *text != WAIT) {
            cx.report(action, format!("only `{WAIT}` steps wait; this is `{}`", quoted(text)));
        }
    }),
};
