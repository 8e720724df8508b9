//! The step counters of workflow executions.

use crate::model::typed::shapes::{GetWorkflowExecutionResponse, WorkflowExecutionMetadata, WorkflowStepCount};
use crate::rule::prelude::*;
use crate::rules::view::source::IMAGE_DETAILS;

pub(super) static RULES: &[&Check] =
    &[&STEP_COUNT_SUM, &STEP_COUNT_INCOMPLETE, &STEP_COUNT_EXCEEDS, &STEP_COUNT_NEGATIVE, &STEP_COUNT_PENDING];

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

static STEP_COUNT_SUM: Check = Check {
    rule: &Rule {
        name: "step-count-sum",
        summary: "in a completed workflow the finished steps add up to the total",
        why: "The total is fixed before any step runs. Once a workflow is COMPLETED every step has succeeded, failed or \
              been skipped; after a failure or a cancellation some steps never finish, so other states are not judged.",
        help: "one of the four counters was edited",
        source: SOURCE,
        ..Rule::BASE
    },
    on: &Each::<Execution>(|execution, cx| {
        let Some((total, count, finished)) = counters(execution) else {
            return;
        };
        let (sum, terms) = sum_and_terms(&finished);
        if execution.get_text(member::Status) == Some("COMPLETED") && finished.len() == FINISHED.len() && sum < count {
            report_with_counters(total, format!("{count} steps, but {terms} = {sum}"), &finished, cx);
        }
    }),
};

static STEP_COUNT_INCOMPLETE: Check = Check {
    rule: &Rule {
        name: "step-count-incomplete",
        level: Level::Info,
        pedantic: true,
        summary: "every step of a workflow that stopped early has finished",
        why: "After a failure, a cancellation or a rollback some steps usually never finish. The older user guide says \
              that the counters add up to the total all the same; turn this rule into an error to hold documents to that.",
        help: "normal after an abort",
        source: SOURCE,
        ..Rule::BASE
    },
    on: &Each::<Execution>(|execution, cx| {
        let Some(status) = execution.get(member::Status) else {
            return;
        };
        let stopped = ["FAILED", "CANCELLED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETED", "SKIPPED"];
        if !status.text().is_some_and(|text| stopped.contains(&text)) {
            return;
        }
        let Some((total, count, finished)) = counters(execution).filter(|(.., all)| all.len() == FINISHED.len()) else {
            return;
        };
        let (sum, terms) = sum_and_terms(&finished);
        if sum < count {
            let message = format!("{} of {count} steps never finished: {terms}", count - sum);
            cx.report(total, message).says("the total").label(status.span(), "the status");
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
            report_with_counters(total, format!("{sum} steps finished out of {count}: {terms}"), &finished, cx);
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
        let (Some(status), counted) = (execution.get(member::Status), finished(execution)) else {
            return;
        };
        let mut contradicting =
            counted.into_iter().filter(|(_, count, word)| *count > 0 && ran.iter().any(|(_, ran)| ran == word));
        if let Some((node, count, word)) = contradicting.next() {
            let status_text = status.text().unwrap_or_default();
            let finding =
                cx.report(node, format!("a `{status_text}` workflow has {count} steps that {}", outcome(word)));
            finding.label(status.span(), "the status");
            for (node, _, word) in contradicting {
                finding.label(node.span(), word);
            }
        }
    }),
};

fn outcome(word: &str) -> &'static str {
    match word {
        "succeeded" => "succeeded",
        "failed" => "failed",
        _ => "were skipped",
    }
}
