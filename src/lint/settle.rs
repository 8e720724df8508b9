//! Which of several faults on one value is reported: one fault, one finding.

use crate::finding::fault::Fault;
use crate::rules::structure::STRING_LENGTH;
use crate::text::span::Span;

/// Drops the faults of a payload that a fault of a more specific rule on the same value replaces.
pub(super) fn settle(mut faults: Vec<Fault>) -> Vec<Fault> {
    if let Some(index) = faults.iter().position(|fault| fault.rule.stands_alone) {
        return vec![faults.swap_remove(index)];
    }
    if faults.len() < 2 {
        return faults;
    }
    faults.sort_by_key(|fault| fault.subject);
    let is_outranked: Vec<bool> = faults
        .chunk_by(|one, other| one.subject == other.subject)
        .flat_map(|on_one_value| {
            on_one_value.iter().map(|fault| on_one_value.iter().any(|other| other.rule.outranks.contains(&fault.rule)))
        })
        .collect();
    let mut is_outranked = is_outranked.into_iter();
    faults.retain(|_| !is_outranked.next().unwrap_or(false));
    // Of a text that is empty or far too long nothing else is worth saying.
    let cut: Vec<Span> =
        faults.iter().filter(|fault| *fault.rule == STRING_LENGTH).map(|fault| fault.subject).collect();
    faults.retain(|fault| *fault.rule == STRING_LENGTH || cut.binary_search(&fault.subject).is_err());
    faults
}
