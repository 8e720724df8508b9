//! The stages of a build, each run by a workflow of its type: their order, and what only some of them have.

use crate::model::typed::shapes::{GetWorkflowExecutionResponse, WorkflowExecutionMetadata, WorkflowExecutionsList};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::date::{formatted, is_before};
use crate::rules::view::source::{IMAGE_DETAILS, WORKFLOW_EXECUTION};
use crate::rules::view::workflow::{STAGES, stage, was_retried};

pub(super) static RULES: &[&Check] =
    &[&WORKFLOW_TYPE_ARN, &PARALLEL_GROUP_EXECUTION, &WORKFLOW_BUILD_REPEATED, &WORKFLOW_STAGE_ORDER];

type Execution = (GetWorkflowExecutionResponse, WorkflowExecutionMetadata);

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
            (execution.get_with_text(member::Type), stage_in_arn(execution, cx))
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
        source: &[WORKFLOW_EXECUTION, "service model: GetWorkflowExecutionResponse.parallelGroup"],
        outranks: &[&structure::STRING_PATTERN, &structure::STRING_LENGTH],
        ..Rule::BASE
    },
    on: &Each::<Execution>(|execution, cx| {
        let group = execution.get_with_text(member::ParallelGroup).filter(|(_, text)| !text.is_empty());
        let Some((group, _)) = group else {
            return;
        };
        if let Some((found, reason)) = stage_of(execution, cx).filter(|(found, _)| TYPES[*found] != "TEST") {
            let message = format!("`parallelGroup` on a {} execution; only TEST executions have one", TYPES[found]);
            cx.report(group, message).at(group.key_span()).label(reason.span(), "no test workflow");
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
