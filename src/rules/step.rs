//! The steps of workflow executions: their status, times and attempts, their inputs and outputs, their order.

use serde::de::IgnoredAny;

use crate::model::typed::shapes::{
    GetWorkflowStepExecutionResponse, WorkflowStepExecutionList, WorkflowStepExecutionStatus,
    WorkflowStepExecutionsList, WorkflowStepMetadata,
};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::date::{formatted, is_before};
use crate::rules::view::repeat::Seen;

pub(super) static RULES: &[&Check] = &[
    &STEP_STATUS_KNOWN,
    &STEP_TIME_PRESENCE,
    &STEP_ATTEMPTS,
    &STEP_JSON_PAYLOAD,
    &STEP_ON_FAILURE,
    &STEP_DUPLICATE_ID,
    &STEP_ORDER,
];

/// The shapes of the execution of a step.
type Step = (GetWorkflowStepExecutionResponse, WorkflowStepMetadata);

const ACTIONS: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/wfdoc-step-actions.html";
const STEP: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_GetWorkflowStepExecution.html";
const LISTED: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_WorkflowStepMetadata.html";

static STEP_STATUS_KNOWN: Check = Check {
    rule: &Rule {
        name: "step-status-known",
        level: Level::Info,
        summary: "a step's status is one of the service model",
        why: "The user guide says that a WaitForAction step is WAITING until it is resumed. The service model does not \
              list that status, so programs with a closed list of statuses fail on it. A status that neither knows is \
              reported by `enum-value`.",
        help: "nothing is wrong with the document; see that its readers know the status",
        source: &[ACTIONS, "service model: WorkflowStepExecutionStatus"],
        excuses: &[&structure::ENUM_VALUE],
        ..Rule::BASE
    },
    on: &Each::<WorkflowStepExecutionStatus>(|status, cx| {
        if status.text() == Some("WAITING") {
            cx.report(status, "`WAITING` is documented for WaitForAction, but not among the service model's statuses");
        }
    }),
};

static STEP_TIME_PRESENCE: Check = Check {
    rule: &Rule {
        name: "step-time-presence",
        level: Level::Warning,
        summary: "a completed step has a start and an end time, and one under way no end time",
        why: "Both times follow from the status: a step that has completed ran, and one that is pending, running or \
              waiting has not ended. Steps that failed or were cancelled or skipped may have ended before they \
              started.",
        help: "the status or one of the times was edited",
        source: &[
            "derived: what is completed has started and ended; every published completed step has both times",
            "service model: WorkflowStepMetadata.endTime",
        ],
        ..Rule::BASE
    },
    on: &Each::<Step>(|step, cx| {
        let Some((status, text)) = step.get_with_text(member::Status) else {
            return;
        };
        let (start, end) = (step.get(member::StartTime), step.get(member::EndTime));
        let missing = match (text, start, end) {
            ("COMPLETED", None, None) => "neither `startTime` nor `endTime`",
            ("COMPLETED", None, Some(_)) => "no `startTime`",
            ("COMPLETED", Some(_), None) => "no `endTime`",
            ("PENDING" | "RUNNING" | "WAITING", _, Some(end)) => {
                let finding = cx.report(end, format!("a `{text}` step has an `endTime`, {}", formatted(end)));
                finding.at(end.key_span()).label(status.span(), "not at its end");
                return;
            }
            _ => return,
        };
        cx.report(status, format!("a `{text}` step has {missing}"));
    }),
};

static STEP_ATTEMPTS: Check = Check {
    rule: &Rule {
        name: "step-attempts",
        summary: "a step's attempts count from 1 up to the maximum",
        why: "The first run of a step is attempt 1, and no run follows the one that `maxAttempts` allows.",
        help: "one of the two numbers was edited",
        source: &[STEP, "service model: WorkflowStepMetadata.attemptNumber"],
        outranks: &[&structure::NUMBER_RANGE],
        ..Rule::BASE
    },
    on: &Each::<Step>(|step, cx| {
        let Some((node, attempt)) = step.get(member::AttemptNumber).and_then(Node::with_integer) else {
            return;
        };
        if attempt < 1 {
            cx.report(node, format!("`attemptNumber` is {attempt}; the first attempt is 1"));
            return;
        }
        let most =
            step.get(member::MaxAttempts).and_then(Node::with_integer).filter(|(_, most)| (1..attempt).contains(most));
        if let Some((max, most)) = most {
            cx.report(node, format!("`attemptNumber` is {attempt}, but `maxAttempts` is {most}"))
                .label(max.span(), "the most there can be");
        }
    }),
};

static STEP_JSON_PAYLOAD: Check = Check {
    rule: &Rule {
        name: "step-json-payload",
        level: Level::Warning,
        summary: "a step's inputs and outputs are JSON texts",
        why: "Both are JSON, encoded once more as a string. The outputs of a step that failed are its error message, \
              and those of one that still runs or was tried again may be that of an earlier attempt.",
        help: "write a JSON text into the string, such as \"{\\\"instanceId\\\": \\\"i-0e1055179899264b8\\\"}\"",
        source: &[STEP, "service model: WorkflowStepMetadata.inputs", "service model: WorkflowStepMetadata.outputs"],
        ..Rule::BASE
    },
    on: &Each::<Step>(|step, cx| {
        for (node, text) in
            [step.get_with_text(member::Inputs), step.get_with_text(member::Outputs)].into_iter().flatten()
        {
            let member = node.member();
            let is_skipped = (member == "outputs" && may_be_message(step)) || text.trim().is_empty();
            // The text may contain secrets, so the message does not quote it.
            if !is_skipped && serde_json::from_str::<IgnoredAny>(text).is_err() {
                cx.report(node, format!("the text in `{member}` is not JSON; a JSON text was expected"));
            }
        }
    }),
};

/// Whether the outputs of a step may be an error message: it failed, still runs, or was tried again.
fn may_be_message(step: Node<'_, Step>) -> bool {
    let attempt = step.get(member::AttemptNumber).and_then(Node::integer);
    matches!(step.get_text(member::Status), Some("FAILED" | "PENDING" | "RUNNING" | "WAITING"))
        || attempt.is_some_and(|attempt| attempt > 1)
}

static STEP_ON_FAILURE: Check = Check {
    rule: &Rule {
        name: "step-on-failure",
        level: Level::Warning,
        summary: "a step's `onFailure` is Abort or Continue",
        why: "Steps write the two words as workflow documents do. ABORT and CONTINUE are the words of workflows in \
              an image's configuration.",
        help: "write Abort or Continue",
        source: &[STEP, "service model: GetWorkflowStepExecutionResponse.onFailure"],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<GetWorkflowStepExecutionResponse>(|step, cx| {
        const WORDS: [&str; 2] = ["Abort", "Continue"];
        let on_failure = step.get_with_text(member::OnFailure);
        let Some((node, text)) = on_failure.filter(|(_, text)| !text.is_empty() && !WORDS.contains(text)) else {
            return;
        };
        let recased = WORDS.into_iter().find(|word| word.eq_ignore_ascii_case(text));
        let message = format!("`onFailure` of a step is `{}`; `Abort` or `Continue` was expected", quoted(text));
        let fix = recased.map(|word| Fix::safe(format!("write `{word}`"), node.span(), format!("\"{word}\"")));
        cx.report(node, message).fix(fix);
    }),
};

static STEP_DUPLICATE_ID: Check = Check {
    rule: &Rule {
        name: "step-duplicate-id",
        summary: "a step is listed once",
        why: "`stepExecutionId` names one run of one step. Entries that are different attempts of one step are not \
              judged; an id on steps of different names always is.",
        help: "drop the repeat, or restore its id",
        source: &[LISTED, "service model: WorkflowStepMetadata.stepExecutionId"],
        ..Rule::BASE
    },
    on: &Each::<(WorkflowStepExecutionsList, WorkflowStepExecutionList)>(|steps, cx| {
        let steps = steps.any();
        let executed = steps.cast::<WorkflowStepExecutionsList>().map(Node::items).unwrap_or_default().map(Node::any);
        let waiting = steps.cast::<WorkflowStepExecutionList>().map(Node::items).unwrap_or_default().map(Node::any);
        let (mut runs, mut ids) = (Seen::new(), Seen::new());
        for step in executed.chain(waiting) {
            // A masked id can stand for any id.
            let id = step.get_if_any(member::StepExecutionId).and_then(|id| Some((id, id.text()?)));
            let Some((id, text)) = id.filter(|(_, text)| !text.is_empty()) else {
                continue;
            };
            // Waiting steps have no attempt number.
            let attempt = step.get_if_any(member::AttemptNumber).and_then(Node::integer);
            let is_another =
                |first: &Node<'_>| name_of(*first).zip(name_of(step)).is_some_and(|(one, other)| one != other);
            let of_another = ids.earlier(text, step).filter(is_another);
            let Some(first) = runs.earlier((text, attempt), step).or(of_another) else {
                continue;
            };
            let again = if is_another(&first) { "for another step" } else { "again" };
            let message = format!("`stepExecutionId` `{}` is listed {again}", quoted(text));
            let place = first.get_if_any(member::StepExecutionId).map_or(first.span(), Node::span);
            cx.report(id, message).label(place, "listed here first");
        }
    }),
};

fn name_of(step: Node<'_>) -> Option<&str> {
    step.get_if_any(member::Name)?.text()
}

static STEP_ORDER: Check = Check {
    rule: &Rule {
        name: "step-order",
        level: Level::Info,
        pedantic: true,
        summary: "steps are listed in the order in which they ran",
        why: "Every published response lists steps by their start. Readers who number the steps rely on it.",
        help: "sort the steps by `startTime`",
        source: &["observed: every published response lists steps by their start", LISTED],
        ..Rule::BASE
    },
    on: &Each::<WorkflowStepExecutionsList>(|steps, cx| {
        let starts = || steps.items().filter_map(|step| step.get(member::StartTime));
        if let Some((before, start)) = starts().zip(starts().skip(1)).find(|(before, start)| is_before(*start, *before))
        {
            let message =
                format!("a step that started at {} is listed after one of {}", formatted(start), formatted(before));
            cx.report(start, message).says("started earlier").label(before.span(), "started later");
        }
    }),
};
