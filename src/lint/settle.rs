//! Decides which of several faults on one value are reported, so that one mistake brings one finding.

use crate::finding::fault::Fault;
use crate::rules::structure::STRING_LENGTH;
use crate::text::span::Span;

/// Drops the faults of a payload that another fault on the same value replaces: see `Rule::outranks` and
/// `Rule::stands_alone`.
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
    // A string of the wrong length is most likely empty or cut off: other faults of it follow from that.
    let wrong_length: Vec<Span> =
        faults.iter().filter(|fault| *fault.rule == STRING_LENGTH).map(|fault| fault.subject).collect();
    faults.retain(|fault| *fault.rule == STRING_LENGTH || wrong_length.binary_search(&fault.subject).is_err());
    faults
}
