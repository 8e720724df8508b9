//! The step counters of workflow executions.

use crate::model::typed::shapes::{GetWorkflowExecutionResponse, WorkflowExecutionMetadata, WorkflowStepCount};
use crate::rule::prelude::*;
use crate::rules::view::source::IMAGE_DETAILS;

pub(super) static RULES: &[&Check] = &[
    &STEP_COUNT_SUM,
    &STEP_COUNT_INCOMPLETE,
    &STEP_COUNT_EXCEEDS,
    &STEP_COUNT_NEGATIVE,
    &STEP_COUNT_PENDING,
    &STEP_COUNT_MISSING,
];

type Execution = (GetWorkflowExecutionResponse, WorkflowExecutionMetadata);

const SOURCE: &[&str] = &[IMAGE_DETAILS, "service model: GetWorkflowExecutionResponse.totalStepCount"];

/// The counters of finished steps, with the outcome of the steps.
const FINISHED: [(Slot<Execution>, &str); 3] = [
    (Slot::of(member::TotalStepsSucceeded), "succeeded"),
    (Slot::of(member::TotalStepsFailed), "failed"),
    (Slot::of(member::TotalStepsSkipped), "skipped"),
];

/// A counter of finished steps: its node, its count and the outcome of the steps.
type Counter<'d> = (Node<'d>, i128, &'static str);

fn finished(execution: Node<'_, Execution>) -> Vec<Counter<'_>> {
    let counter = |(slot, word)| {
        let node = execution.get_in(slot)?;
        Some((node, node.integer()?, word))
    };
    FINISHED.into_iter().filter_map(counter).collect()
}

/// The total and the counters of finished steps; None where one is negative.
fn counters(execution: Node<'_, Execution>) -> Option<(Node<'_>, i128, Vec<Counter<'_>>)> {
    let total = execution.get(member::TotalStepCount)?;
    let count = total.integer().filter(|count| *count >= 0)?;
    let finished = finished(execution);
    finished.iter().all(|(_, count, _)| *count >= 0).then_some((total, count, finished))
}

fn sum_and_terms(finished: &[Counter<'_>]) -> (i128, String) {
    let terms: Vec<String> = finished.iter().map(|(_, count, word)| format!("{count} {word}")).collect();
    let sum = finished.iter().fold(0, |sum: i128, (_, count, _)| sum.saturating_add(*count));
    (sum, terms.join(" + "))
}

/// Reports a total, with a label on each counter of finished steps.
fn report_with_counters<'d>(total: Node<'d>, message: String, finished: &[Counter<'d>], cx: &mut Reporter<'_, 'd>) {
    let finding = cx.report(total, message);
    finding.says("the total");
    for (node, _, word) in finished {
        finding.label(node.span(), *word);
    }
}

/// The status of an execution; None where it is absent or empty.
fn status(execution: Node<'_, Execution>) -> Option<(Node<'_>, &str)> {
    execution.get_with_text(member::Status).filter(|(_, text)| !text.is_empty())
}

/// Whether an execution has completed. Without a status one that has ended is taken for completed.
fn is_completed(execution: Node<'_, Execution>) -> bool {
    match status(execution) {
        Some((_, text)) => text == "COMPLETED",
        None => execution.find(member::Status).is_none() && execution.get(member::EndTime).is_some(),
    }
}

/// The total, its count and the counters of finished steps, if all four are there and the sum is less than the total.
fn shortfall(execution: Node<'_, Execution>) -> Option<(Node<'_>, i128, Vec<Counter<'_>>)> {
    let (total, count, finished) = counters(execution).filter(|(.., finished)| finished.len() == FINISHED.len())?;
    (sum_and_terms(&finished).0 < count).then_some((total, count, finished))
}

static STEP_COUNT_SUM: Check = Check {
    rule: &Rule {
        name: "step-count-sum",
        summary: "in a completed workflow the finished steps add up to the total",
        why: "The total is fixed before any step runs. Once a workflow is COMPLETED every step has succeeded, failed \
              or been skipped. An execution without a status counts as completed once it has an end time. After a \
              failure or a cancellation some steps never finish, which is only noted.",
        help: "one of the four counters was edited",
        source: SOURCE,
        ..Rule::BASE
    },
    on: &Each::<Execution>(|execution, cx| {
        let Some((total, count, finished)) = shortfall(execution).filter(|_| is_completed(execution)) else {
            return;
        };
        let (sum, terms) = sum_and_terms(&finished);
        report_with_counters(total, format!("`totalStepCount` is `{count}`, but {terms} = {sum}"), &finished, cx);
    }),
};

static STEP_COUNT_INCOMPLETE: Check = Check {
    rule: &Rule {
        name: "step-count-incomplete",
        level: Level::Info,
        summary: "the finished steps of a workflow that is not under way add up to the total",
        why: "After a failure, a cancellation or a rollback some steps usually never finish. The user guide says that \
              the counters add up to the total all the same, so what is missing is worth a look. Only a workflow that \
              is PENDING or RUNNING is sure to count on.",
        help: "normal after an abort",
        source: SOURCE,
        ..Rule::BASE
    },
    on: &Each::<Execution>(|execution, cx| {
        let status = status(execution);
        if is_completed(execution) || matches!(status, Some((_, "PENDING" | "RUNNING"))) {
            return;
        }
        let Some((total, count, finished)) = shortfall(execution) else {
            return;
        };
        let (sum, terms) = sum_and_terms(&finished);
        let missing = count - sum;
        let has = if missing == 1 { "has" } else { "have" };
        let steps = counted(missing, "step");
        let message = format!("`totalStepCount` is `{count}`, but {terms} = {sum}; {steps} {has} not finished");
        let finding = cx.report(total, message).says("the total");
        if let Some((status, _)) = status {
            finding.label(status.span(), "the status");
        }
    }),
};

static STEP_COUNT_EXCEEDS: Check = Check {
    rule: &Rule {
        name: "step-count-exceeds",
        summary: "no more steps finish than there are",
        why: "Whatever the state of a workflow, the steps that succeeded, failed or were skipped are among the total.",
        help: "one of the counters was edited",
        source: SOURCE,
        outranks: &[STEP_COUNT_SUM.rule],
        ..Rule::BASE
    },
    on: &Each::<Execution>(|execution, cx| {
        let Some((total, count, finished)) = counters(execution) else {
            return;
        };
        let (sum, terms) = sum_and_terms(&finished);
        if sum > count {
            report_with_counters(total, format!("`totalStepCount` is `{count}`, but {terms} = {sum}"), &finished, cx);
        }
    }),
};

static STEP_COUNT_NEGATIVE: Check = Check {
    rule: &Rule {
        name: "step-count-negative",
        summary: "no step counter is negative",
        why: "A count of steps starts at zero; the service model forgot to say so.",
        help: "a count starts at 0",
        source: &["service model: WorkflowStepCount"],
        ..Rule::BASE
    },
    on: &Each::<WorkflowStepCount>(|counter, cx| {
        if let Some(count) = counter.integer().filter(|count| *count < 0) {
            cx.report(counter, format!("`{}` is {count}; a count of steps is not negative", counter.member()));
        }
    }),
};

static STEP_COUNT_PENDING: Check = Check {
    rule: &Rule {
        name: "step-count-pending",
        level: Level::Warning,
        summary: "a workflow that has not run has no finished steps",
        why: "A PENDING workflow has not started, and in a SKIPPED one no step ran, though steps may count as skipped.",
        help: "the status or the counters were edited",
        source: SOURCE,
        ..Rule::BASE
    },
    on: &Each::<Execution>(|execution, cx| {
        let ran = match execution.get_text(member::Status) {
            Some("PENDING") => FINISHED.as_slice(),
            Some("SKIPPED") => &FINISHED[..2],
            _ => return,
        };
        let (Some(status), counters) = (execution.get(member::Status), finished(execution)) else {
            return;
        };
        let mut contradicting =
            counters.into_iter().filter(|(_, count, word)| *count > 0 && ran.iter().any(|(_, ran)| ran == word));
        if let Some((node, count, word)) = contradicting.next() {
            let status_text = status.text().unwrap_or_default();
            let finding = cx.report(
                node,
                format!("a `{status_text}` workflow has {} that {}", counted(count, "step"), outcome(word, count)),
            );
            finding.label(status.span(), "the status");
            for (node, _, word) in contradicting {
                finding.label(node.span(), word);
            }
        }
    }),
};

fn outcome(word: &str, count: i128) -> &'static str {
    match word {
        "succeeded" => "succeeded",
        "failed" => "failed",
        _ if count == 1 => "was skipped",
        _ => "were skipped",
    }
}

/// All four counters.
const COUNTERS: [Slot<Execution>; 4] = [
    Slot::of(member::TotalStepCount),
    Slot::of(member::TotalStepsSucceeded),
    Slot::of(member::TotalStepsFailed),
    Slot::of(member::TotalStepsSkipped),
];

static STEP_COUNT_MISSING: Check = Check {
    rule: &Rule {
        name: "step-count-missing",
        level: Level::Warning,
        summary: "an execution has all four step counters",
        why: "The console shows the total and the steps that succeeded, failed and were skipped for every workflow. \
              With one of them lost nobody can say whether the others are right. A total alone is that of a workflow \
              that has just begun.",
        help: "take the counters over from the response; a count of no steps is 0, not absent",
        source: SOURCE,
        ..Rule::BASE
    },
    on: &Each::<Execution>(|execution, cx| {
        let missing = || COUNTERS.into_iter().filter(|counter| execution.get_in(*counter).is_none());
        let count = missing().count();
        let has_total_alone = count == FINISHED.len() && execution.get(member::TotalStepCount).is_some();
        if count == 0 || count == COUNTERS.len() || has_total_alone {
            return;
        }
        let names: Vec<String> = missing().map(|counter| format!("`{}`", counter.name())).collect();
        let message = format!("the execution has no {}, but other step counters", names.join(", no "));
        let finding = cx.report(execution, message).at(execution.heading());
        for counter in COUNTERS.into_iter().filter_map(|counter| execution.get_in(counter)) {
            finding.label(counter.key_span(), "is there");
        }
    }),
};
