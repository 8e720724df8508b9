//! Executions of workflows: their times, counters and ids, and the image that they run for.

use crate::model::typed::shapes::{
    GetWorkflowExecutionResponse, GetWorkflowStepExecutionResponse, ListWorkflowExecutionsResponse,
    ListWorkflowStepExecutionsResponse, WorkflowExecutionMetadata, WorkflowExecutionsList, WorkflowStepExecution,
    WorkflowStepMetadata,
};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::date::{formatted, is_before};
use crate::rules::view::repeat::repeats;
use crate::rules::view::source::{IMAGE_DETAILS, WORKFLOW_EXECUTION};

pub(super) static RULES: &[&Check] = &[
    &WORKFLOW_FAILED_NO_STEP,
    &WORKFLOW_COMPLETED_FAILED_STEP,
    &WORKFLOW_TIME_ORDER,
    &WORKFLOW_TIME_PRESENCE,
    &WORKFLOW_DUPLICATE_EXECUTION,
    &WORKFLOW_IMAGE_ARN,
    &EXECUTION_INCOMPLETE,
];

type Execution = (GetWorkflowExecutionResponse, WorkflowExecutionMetadata);

const LISTED: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_WorkflowExecutionMetadata.html";

/// A member that holds a status or a type, with its text; None where the text is empty.
fn get_non_empty<M>(execution: Node<'_, Execution>, member: M) -> Option<(Node<'_>, &str)>
where
    Execution: Has<M>,
{
    execution.get_with_text(member).filter(|(_, text)| !text.is_empty())
}

static WORKFLOW_FAILED_NO_STEP: Check = Check {
    rule: &Rule {
        name: "workflow-failed-no-step",
        level: Level::Info,
        summary: "in a failed workflow some step failed",
        why: "A workflow fails because a step does. It may also run into a timeout or fail before its first step, so \
              this is only worth knowing.",
        help: "if no timeout ended the workflow, the status or the counter was edited",
        source: &[WORKFLOW_EXECUTION, "service model: GetWorkflowExecutionResponse.totalStepsFailed"],
        ..Rule::BASE
    },
    on: &Each::<Execution>(|execution, cx| {
        if let (Some((status, "FAILED")), Some(failed)) =
            (get_non_empty(execution, member::Status), failed_steps(execution))
            && failed.1 == 0
        {
            let finding = cx.report(failed.0, "the workflow is `FAILED`, but none of its steps failed");
            finding.label(status.span(), "the status");
        }
    }),
};

fn failed_steps(execution: Node<'_, Execution>) -> Option<(Node<'_>, i128)> {
    let failed = execution.get(member::TotalStepsFailed)?;
    Some((failed, failed.integer()?))
}

static WORKFLOW_COMPLETED_FAILED_STEP: Check = Check {
    rule: &Rule {
        name: "workflow-completed-failed-step",
        level: Level::Info,
        pedantic: true,
        summary: "in a completed workflow no step failed",
        why: "A workflow goes on after a failed step whose `onFailure` is Continue, and then completes. Nothing is \
              wrong with the document, but the failure is easily overlooked.",
        help: "look at the steps that failed",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_GetWorkflowStepExecution.html",
            "service model: GetWorkflowStepExecutionResponse.onFailure",
        ],
        ..Rule::BASE
    },
    on: &Each::<Execution>(|execution, cx| {
        if let (Some((status, "COMPLETED")), Some((node, failed))) =
            (get_non_empty(execution, member::Status), failed_steps(execution))
            && failed > 0
        {
            let steps = if failed == 1 { "step" } else { "steps" };
            let message = format!("{failed} {steps} failed, and the workflow is `COMPLETED` all the same");
            cx.report(node, message).label(status.span(), "the status");
        }
    }),
};

static WORKFLOW_TIME_ORDER: Check = Check {
    rule: &Rule {
        name: "workflow-time-order",
        summary: "no workflow and no step ends before it starts",
        why: "The end comes after the start. A step that is skipped ends at the moment it starts.",
        help: "one of the two times was edited",
        source: &[IMAGE_DETAILS, WORKFLOW_EXECUTION, "service model: WorkflowStepMetadata.endTime"],
        ..Rule::BASE
    },
    on: &Each::<(
        GetWorkflowExecutionResponse,
        WorkflowExecutionMetadata,
        GetWorkflowStepExecutionResponse,
        WorkflowStepMetadata,
    )>(|execution, cx| {
        let (Some(start), Some(end)) = (execution.get(member::StartTime), execution.get(member::EndTime)) else {
            return;
        };
        if is_before(end, start) {
            let message = format!("`endTime` {} precedes `startTime` {}", formatted(end), formatted(start));
            cx.report(end, message).says("the end").label(start.span(), "the start");
        }
    }),
};

static WORKFLOW_TIME_PRESENCE: Check = Check {
    rule: &Rule {
        name: "workflow-time-presence",
        level: Level::Warning,
        summary: "a completed workflow has a start time and an end time, and one that still runs has no end time",
        why: "Both times follow from the status. A workflow that failed, was cancelled or skipped may have ended \
              before it started, so that nothing is asked of it.",
        help: "the status or one of the times was edited",
        source: &[
            "derived: what is completed has started and ended; every published completed execution has both times",
            "service model: GetWorkflowExecutionResponse.status",
        ],
        ..Rule::BASE
    },
    on: &Each::<Execution>(|execution, cx| {
        let Some((status, text)) = get_non_empty(execution, member::Status) else {
            return;
        };
        let (start, end) = (execution.get(member::StartTime), execution.get(member::EndTime));
        let missing = match text {
            "COMPLETED" => match (start, end) {
                (None, None) => "neither `startTime` nor `endTime`",
                (None, Some(_)) => "no `startTime`",
                (Some(_), None) => "no `endTime`",
                (Some(_), Some(_)) => return,
            },
            "PENDING" | "RUNNING" | "ROLLBACK_IN_PROGRESS" => {
                if let Some(end) = end {
                    let finding = cx.report(end, format!("a {text} workflow has an `endTime`, {}", formatted(end)));
                    finding.at(end.key_span()).label(status.span(), "not at its end");
                }
                return;
            }
            _ => return,
        };
        cx.report(status, format!("a {text} workflow has {missing}"));
    }),
};

static WORKFLOW_DUPLICATE_EXECUTION: Check = Check {
    rule: &Rule {
        name: "workflow-duplicate-execution",
        summary: "an execution is listed once",
        why: "`workflowExecutionId` names one run of one workflow. A run that is tried again gets an id of its own.",
        help: "drop the repeat, or restore its id",
        source: &[LISTED, "service model: WorkflowExecutionMetadata.workflowExecutionId"],
        ..Rule::BASE
    },
    on: &Each::<WorkflowExecutionsList>(|executions, cx| {
        let ids = executions.items().filter_map(|item| item.get(member::WorkflowExecutionId));
        for (first, again) in repeats(ids, Node::text) {
            let message = format!("execution `{}` is listed again", quoted(again.text().unwrap_or_default()));
            cx.report(again, message).label(first.span(), "listed here first");
        }
    }),
};

pub(super) static WORKFLOW_IMAGE_ARN: Check = Check {
    rule: &Rule {
        name: "workflow-image-arn",
        level: Level::Warning,
        summary: "a workflow runs for an image",
        why: "`imageBuildVersionArn` of an execution or a step names the image that is being built, not the recipe or \
              the pipeline that it comes from.",
        help: "take the ARN of the image, image/<name>/<major>.<minor>.<patch>/<build>",
        source: &[WORKFLOW_EXECUTION, "service model: ImageBuildVersionArn"],
        outranks: &[&structure::STRING_PATTERN],
        ..Rule::BASE
    },
    on: &Each::<(
        GetWorkflowExecutionResponse,
        ListWorkflowExecutionsResponse,
        ListWorkflowStepExecutionsResponse,
        GetWorkflowStepExecutionResponse,
        WorkflowStepExecution,
    )>(|execution, cx| {
        let Some(node) = execution.get(member::ImageBuildVersionArn) else {
            return;
        };
        let named = image_builder_arn(node, cx).map(|(_, resource)| resource);
        if let Some(resource) = named.filter(|resource| resource.is_known() && resource.kind != "image") {
            let message =
                format!("`imageBuildVersionArn` names a resource of type `{}`; `image` was expected", resource.kind);
            cx.report(node, message).at(node.slice(resource.kind));
        }
    }),
};

static EXECUTION_INCOMPLETE: Check = Check {
    rule: &Rule {
        name: "execution-incomplete",
        level: Level::Warning,
        summary: "an execution has an id and a status",
        why: "The console shows both for every workflow that ran. Without the id nobody finds the steps of the \
              execution, and without the status nobody can say what its counters and times should be.",
        help: "take `workflowExecutionId` and `status` over from the response",
        source: &[IMAGE_DETAILS, "service model: WorkflowExecutionMetadata.workflowExecutionId"],
        ..Rule::BASE
    },
    on: &Each::<Execution>(|execution, cx| {
        let has_id = execution.find(member::WorkflowExecutionId).is_some();
        let has_status = execution.find(member::Status).is_some();
        let missing = match (has_id, has_status) {
            (true, true) => return,
            (false, true) => "no `workflowExecutionId`",
            (true, false) => "no `status`",
            (false, false) => "neither `workflowExecutionId` nor `status`",
        };
        cx.report(execution, format!("the execution has {missing}")).at(execution.heading());
    }),
};
