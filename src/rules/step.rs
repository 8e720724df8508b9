//! The steps of workflow executions: their status, times and attempts, what they hand on, their order.

use serde::de::IgnoredAny;

use crate::aws::mask::is_blank;
use crate::document::secret::quoted;
use crate::finding::Level;
use crate::finding::fix::Fix;
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::node::Node;
use crate::rules::date::{is_before, told};
use crate::rules::repeat::repeats;

pub(super) static RULES: &[&Rule] = &[
    &STEP_STATUS_KNOWN,
    &STEP_TIME_PRESENCE,
    &STEP_ATTEMPTS,
    &STEP_JSON_PAYLOAD,
    &STEP_ON_FAILURE,
    &STEP_DUPLICATE_ID,
    &STEP_ORDER,
];

/// The shapes that tell what became of a step.
const STEPS: &[Shape] = &[Shape::GetWorkflowStepExecutionResponse, Shape::WorkflowStepMetadata];

const ACTIONS: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/wfdoc-step-actions.html";
const STEP: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_GetWorkflowStepExecution.html";
const LISTED: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_WorkflowStepMetadata.html";

static STEP_STATUS_KNOWN: Rule = Rule {
    name: "step-status-known",
    level: Level::Info,
    on: &[Shape::WorkflowStepExecutionStatus],
    summary: "a step's status is one of the service model",
    why: "The user guide says that a WaitForAction step is WAITING until it is resumed. The service model does not list \
          that status, so programs with a closed list of statuses fail on it. What neither knows is `enum-value`'s.",
    help: "nothing is wrong with the document; see that its readers know the status",
    source: &[ACTIONS, "service model: WorkflowStepExecutionStatus"],
    outranks: &["enum-value"],
    check: |status, cx| {
        if status.text() == Some("WAITING") {
            cx.report(status, "`WAITING` is documented for WaitForAction, but not among the service model's statuses");
        }
    },
    ..Rule::BASE
};

static STEP_TIME_PRESENCE: Rule = Rule {
    name: "step-time-presence",
    level: Level::Warning,
    on: STEPS,
    summary: "a step that ended has an end time, and no other step has",
    why: "The end time follows from the status. Only a step that was cancelled or skipped before it started has \
          neither a start nor an end.",
    help: "the status or the time was edited",
    source: &[LISTED, "service model: WorkflowStepMetadata.endTime"],
    check: |step, cx| {
        let Some((status, text)) = step.get("status").and_then(|status| Some((status, status.text()?))) else {
            return;
        };
        let end = step.get("endTime");
        let ended = match text {
            "COMPLETED" | "FAILED" => true,
            "CANCELLED" | "SKIPPED" => end.is_some() || step.get("startTime").is_some(),
            "PENDING" | "RUNNING" | "WAITING" => false,
            _ => return,
        };
        match end {
            None if ended => {
                cx.report(status, format!("a {text} step has no `endTime`"));
            }
            Some(end) if !ended => {
                let finding = cx.report(end, format!("a {text} step has an `endTime`, {}", told(end)));
                finding.at(end.key_span()).label(status.span(), "not at its end");
            }
            _ => {}
        }
    },
    ..Rule::BASE
};

static STEP_ATTEMPTS: Rule = Rule {
    name: "step-attempts",
    on: STEPS,
    summary: "a step's attempts count from 1 up to the maximum",
    why: "The first run of a step is attempt 1, and no run follows the one that `maxAttempts` allows.",
    help: "one of the two numbers was edited",
    source: &[STEP, "service model: WorkflowStepMetadata.attemptNumber"],
    outranks: &["number-range"],
    check: |step, cx| {
        let Some((node, attempt)) = number(step, "attemptNumber") else {
            return;
        };
        if attempt < 1 {
            cx.report(node, format!("attempt {attempt}; the first run is attempt 1"));
            return;
        }
        let most = number(step, "maxAttempts").filter(|(_, most)| (1..attempt).contains(most));
        if let Some((max, most)) = most {
            cx.report(node, format!("attempt {attempt} of {most}")).label(max.span(), "the most there can be");
        }
    },
    ..Rule::BASE
};

fn number<'d>(step: Node<'d>, member: &str) -> Option<(Node<'d>, i128)> {
    let node = step.get(member)?;
    Some((node, node.integer()?))
}

static STEP_JSON_PAYLOAD: Rule = Rule {
    name: "step-json-payload",
    level: Level::Warning,
    on: STEPS,
    summary: "a step's inputs and outputs are JSON texts",
    why: "Both are JSON, encoded once more as a string. Where a step failed its outputs may be a plain message.",
    help: "write a JSON text into the string, such as \"{\\\"instanceId\\\": \\\"i-1234567890abcdef0\\\"}\"",
    source: &[STEP, "service model: WorkflowStepMetadata.inputs", "service model: WorkflowStepMetadata.outputs"],
    check: |step, cx| {
        for member in ["inputs", "outputs"] {
            let Some((node, text)) = step.get(member).and_then(|node| Some((node, node.text()?))) else {
                continue;
            };
            let message_expected = member == "outputs" && step.get_text("status") == Some("FAILED");
            let silent = message_expected || text.trim().is_empty();
            // What is in the text may be secret, so that it is not repeated.
            if !silent && serde_json::from_str::<IgnoredAny>(text).is_err() {
                cx.report(node, format!("the text in `{member}` is not JSON; a JSON text was expected"));
            }
        }
    },
    ..Rule::BASE
};

static STEP_ON_FAILURE: Rule = Rule {
    name: "step-on-failure",
    level: Level::Warning,
    on: &[Shape::GetWorkflowStepExecutionResponse],
    summary: "a step's `onFailure` is Abort or Continue",
    why: "Steps write the two words as workflow documents do. ABORT and CONTINUE are the words of workflows in \
          an image's configuration.",
    help: "write Abort or Continue",
    source: &[STEP, "service model: GetWorkflowStepExecutionResponse.onFailure"],
    check: |step, cx| {
        const WORDS: [&str; 2] = ["Abort", "Continue"];
        let on_failure = step.get("onFailure").and_then(|node| Some((node, node.text()?)));
        let Some((node, text)) = on_failure.filter(|(_, text)| !text.is_empty() && !WORDS.contains(text)) else {
            return;
        };
        let recased = WORDS.into_iter().find(|word| word.eq_ignore_ascii_case(text));
        let message = format!("`onFailure` of a step is `{}`; `Abort` or `Continue` was expected", quoted(text));
        let fix = recased.map(|word| Fix::safe(format!("write `{word}`"), node.span(), format!("\"{word}\"")));
        cx.report(node, message).fix(fix);
    },
    ..Rule::BASE
};

static STEP_DUPLICATE_ID: Rule = Rule {
    name: "step-duplicate-id",
    on: &[Shape::WorkflowStepExecutionsList, Shape::WorkflowStepExecutionList],
    summary: "a step is listed once",
    why: "`stepExecutionId` names one run of one step. Entries that are different attempts are not judged.",
    help: "drop the repeat, or restore its id",
    source: &[LISTED, "service model: WorkflowStepMetadata.stepExecutionId"],
    check: |steps, cx| {
        for (first, again) in repeats(steps.items(), identity) {
            let (Some((first, _)), Some((id, text))) = (id(first), id(again)) else {
                continue;
            };
            let message = format!("step `{}` is listed again", quoted(text));
            cx.report(id, message).label(first.span(), "listed here first");
        }
    },
    ..Rule::BASE
};

fn id(step: Node<'_>) -> Option<(Node<'_>, &str)> {
    // What is masked may be any id.
    step.get_with_text("stepExecutionId").filter(|(_, text)| !text.is_empty() && !is_blank(text))
}

/// The id of a step, and which attempt the entry is where it tells.
fn identity(step: Node<'_>) -> Option<(&str, Option<i128>)> {
    let attempt = step.shape().member("attemptNumber").and_then(|_| number(step, "attemptNumber"));
    Some((id(step)?.1, attempt.map(|(_, attempt)| attempt)))
}

static STEP_ORDER: Rule = Rule {
    name: "step-order",
    level: Level::Info,
    pedantic: true,
    on: &[Shape::WorkflowStepExecutionsList],
    summary: "steps are listed in the order in which they ran",
    why: "Every published response lists steps by their start. Readers who number the steps rely on it.",
    help: "sort the steps by `startTime`",
    source: &["https://docs.aws.amazon.com/imagebuilder/latest/userguide/image-details-list.html"],
    check: |steps, cx| {
        let starts = || steps.items().filter_map(|step| step.get("startTime"));
        if let Some((before, start)) = starts().zip(starts().skip(1)).find(|(before, start)| is_before(*start, *before))
        {
            let message = format!("a step that started at {} is listed after one of {}", told(start), told(before));
            cx.report(start, message).says("started earlier").label(before.span(), "started later");
        }
    },
    ..Rule::BASE
};
