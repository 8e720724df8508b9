//! Executions of workflows: their times, types and steps, and the image that they run for.

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
use crate::rules::view::source::IMAGE_DETAILS;
use crate::rules::view::workflow::{STAGES, stage, was_retried};

pub(super) static RULES: &[&Check] = &[
    &WORKFLOW_FAILED_NO_STEP,
    &WORKFLOW_COMPLETED_FAILED_STEP,
    &WORKFLOW_TIME_ORDER,
    &WORKFLOW_TIME_PRESENCE,
    &WORKFLOW_TYPE_ARN,
    &PARALLEL_GROUP_EXECUTION,
    &WORKFLOW_DUPLICATE_EXECUTION,
    &WORKFLOW_BUILD_REPEATED,
    &WORKFLOW_STAGE_ORDER,
    &WORKFLOW_IMAGE_ARN,
    &EXECUTION_INCOMPLETE,
];

type Execution = (GetWorkflowExecutionResponse, WorkflowExecutionMetadata);

const EXECUTION: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_GetWorkflowExecution.html";
const LISTED: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_WorkflowExecutionMetadata.html";

/// The types of workflows, in the order of [`STAGES`].
const TYPES: [&str; 3] = ["BUILD", "TEST", "DISTRIBUTION"];

/// The stage of an execution as an index into [`TYPES`], and the node that it is read from: the type, or else
/// the ARN of the workflow. None where the two disagree, which is reported by `workflow-type-arn`.
fn stage_of<'d, S>(execution: Node<'d, S>, cx: &Context<'d>) -> Option<(usize, Node<'d>)>
where
    S: Has<member::Type, Value = Any> + Has<member::WorkflowBuildVersionArn, Value = Any>,
{
    let by_arn = stage_in_arn(execution, cx);
    match execution.get(member::Type) {
        Some(kind) => {
            let by_type = TYPES.iter().position(|name| kind.text() == Some(*name))?;
            by_arn.is_none_or(|(by_arn, _)| by_arn == by_type).then_some((by_type, kind))
        }
        None => by_arn,
    }
}

fn stage_in_arn<'d, S>(execution: Node<'d, S>, cx: &Context<'d>) -> Option<(usize, Node<'d>)>
where
    S: Has<member::WorkflowBuildVersionArn, Value = Any>,
{
    let arn = execution.get(member::WorkflowBuildVersionArn)?;
    let (_, resource) = image_builder_arn(arn, cx)?;
    Some((STAGES.iter().position(|kind| *kind == resource.kind)?, arn))
}

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
        source: &[EXECUTION, "service model: GetWorkflowExecutionResponse.totalStepsFailed"],
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
        source: &[IMAGE_DETAILS, EXECUTION, "service model: WorkflowStepMetadata.endTime"],
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

static WORKFLOW_TYPE_ARN: Check = Check {
    rule: &Rule {
        name: "workflow-type-arn",
        summary: "an execution's type is that of its workflow",
        why: "The type is also part of the workflow's ARN: workflow/build, workflow/test or workflow/distribution.",
        help: "one of the two was edited",
        source: &["service model: WorkflowType", "service model: WorkflowBuildVersionArn"],
        ..Rule::BASE
    },
    on: &Each::<Execution>(|execution, cx| {
        let (Some((kind, text)), Some((by_arn, arn))) =
            (get_non_empty(execution, member::Type), stage_in_arn(execution, cx))
        else {
            return;
        };
        if TYPES.contains(&text) && text != TYPES[by_arn] {
            let message = format!("type `{text}`, but the workflow in the ARN is a {} workflow", stage(STAGES[by_arn]));
            let resource = image_builder_arn(arn, cx).map_or(arn.span(), |(_, resource)| arn.slice(resource.kind));
            cx.report(kind, message).label(resource, "the type in the ARN");
        }
    }),
};

static PARALLEL_GROUP_EXECUTION: Check = Check {
    rule: &Rule {
        name: "parallel-group-execution",
        summary: "only test workflows run in parallel groups",
        why: "Test workflows of one group run at the same time. Build and distribution workflows have no groups.",
        help: "remove `parallelGroup`, or check the type",
        source: &[EXECUTION, "service model: GetWorkflowExecutionResponse.parallelGroup"],
        outranks: &[&structure::STRING_PATTERN, &structure::STRING_LENGTH],
        ..Rule::BASE
    },
    on: &Each::<Execution>(|execution, cx| {
        let Some((group, _)) = get_non_empty(execution, member::ParallelGroup) else {
            return;
        };
        if let Some((found, reason)) = stage_of(execution, cx).filter(|(found, _)| TYPES[*found] != "TEST") {
            let message = format!("`parallelGroup` on a {} execution; only TEST executions have one", TYPES[found]);
            cx.report(group, message).at(group.key_span()).label(reason.span(), "no test workflow");
        }
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

static WORKFLOW_BUILD_REPEATED: Check = Check {
    rule: &Rule {
        name: "workflow-build-repeated",
        level: Level::Warning,
        summary: "an image build has one build execution that was not retried",
        why: "An image is built by one build workflow. Where it is run again, all runs but the last say `retried`.",
        help: "set `retried` on the earlier run, or drop the run of another image",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/userguide/pipeline-workflows.html",
            "service model: WorkflowExecutionMetadata.retried",
        ],
        ..Rule::BASE
    },
    on: &Each::<WorkflowExecutionsList>(|executions, cx| {
        let mut builds = executions.items().filter_map(|item| {
            let (found, reason) = stage_of(item, cx)?;
            (TYPES[found] == "BUILD" && !was_retried(item))
                .then(|| (reason, item.get_text(member::WorkflowExecutionId)))
        });
        let Some((first, id)) = builds.next() else {
            return;
        };
        // The same run listed again is reported by `workflow-duplicate-execution`.
        if let Some((again, _)) = builds.find(|(_, other)| other.is_none() || *other != id) {
            let message = "more than one BUILD execution without `retried: true`; 1 was expected";
            let finding = cx.report(executions, message).at(executions.key_span());
            finding.label(first.span(), "the first").label(again.span(), "another");
        }
    }),
};

static WORKFLOW_STAGE_ORDER: Check = Check {
    rule: &Rule {
        name: "workflow-stage-order",
        level: Level::Info,
        summary: "no stage starts before the one before it has ended",
        why: "Build, test and distribution follow each other: none starts while a run of the stage before it is still \
              pending or running. Runs that were retried or skipped do not count.",
        help: "one of the times was edited, or the runs belong to two builds",
        source: &[
            IMAGE_DETAILS,
            "https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-image-workflows.html",
        ],
        ..Rule::BASE
    },
    on: &Each::<WorkflowExecutionsList>(|executions, cx| {
        let stages = Stages::of(executions, cx);
        let faults: Vec<_> = staged(executions, cx).filter_map(|(found, item)| stages.too_early(found, item)).collect();
        for TooEarly { stage, start, before, reason } in faults {
            let (found, before) = (TYPES[stage], TYPES[before]);
            let (rest, says) = match reason.member() {
                "status" => {
                    let status = reason.text().unwrap_or_default();
                    (format!("although a {before} run is still `{status}`"), "not ended")
                }
                _ => (format!("before a {before} run ended at {}", formatted(reason)), "ended here"),
            };
            let message = format!("`startTime` of a {found} run is {}, {rest}", formatted(start));
            cx.report(start, message).label(reason.span(), says);
        }
    }),
};

/// The executions that were neither skipped nor retried, each with its stage.
fn staged<'d>(
    executions: Node<'d, WorkflowExecutionsList>,
    cx: &Context<'d>,
) -> impl Iterator<Item = (usize, Node<'d, WorkflowExecutionMetadata>)> {
    let is_relevant = |item: &Node<'_, WorkflowExecutionMetadata>| {
        item.get_text(member::Status) != Some("SKIPPED") && !was_retried(*item)
    };
    executions.items().filter(is_relevant).filter_map(|item| Some((stage_of(item, cx)?.0, item)))
}

/// The stages that have executions which were neither skipped nor retried: the latest end in each stage, and the
/// status of an execution that has not ended.
#[derive(Default)]
struct Stages<'d> {
    present: [bool; TYPES.len()],
    ends: [Option<Node<'d>>; TYPES.len()],
    unfinished: [Option<Node<'d>>; TYPES.len()],
}

/// An execution that starts too early: its stage and start, the stage before it, and the end or the status of that.
struct TooEarly<'d> {
    stage: usize,
    start: Node<'d>,
    before: usize,
    reason: Node<'d>,
}

impl<'d> Stages<'d> {
    fn of(executions: Node<'d, WorkflowExecutionsList>, cx: &Context<'d>) -> Self {
        let mut stages = Stages::default();
        for (stage, item) in staged(executions, cx) {
            let latest = &mut stages.ends[stage];
            let end = item.get(member::EndTime).filter(|end| latest.is_none_or(|latest| is_before(latest, *end)));
            *latest = end.or(*latest);
            let status = item.get(member::Status).filter(|status| matches!(status.text(), Some("PENDING" | "RUNNING")));
            stages.unfinished[stage] = stages.unfinished[stage].or(status);
            stages.present[stage] = true;
        }
        stages
    }

    /// Whether an execution starts before the preceding stage has ended.
    fn too_early(&self, stage: usize, item: Node<'d, WorkflowExecutionMetadata>) -> Option<TooEarly<'d>> {
        let start = item.get(member::StartTime)?;
        let before = (0..stage).rev().find(|stage| self.present[*stage])?;
        let late = self.ends[before].filter(|end| is_before(start, *end));
        let reason = self.unfinished[before].or(late)?;
        Some(TooEarly { stage, start, before, reason })
    }
}

pub(super) static WORKFLOW_IMAGE_ARN: Check = Check {
    rule: &Rule {
        name: "workflow-image-arn",
        level: Level::Warning,
        summary: "a workflow runs for an image",
        why: "`imageBuildVersionArn` of an execution or a step names the image that is being built, not the recipe or \
              the pipeline that it comes from.",
        help: "take the ARN of the image, image/<name>/<major>.<minor>.<patch>/<build>",
        source: &[EXECUTION, "service model: ImageBuildVersionArn"],
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
