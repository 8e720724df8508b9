//! Decides which of several faults on one value are reported, so that one mistake brings one finding.

use crate::finding::fault::Fault;
use crate::rules::structure::STRING_LENGTH;
use crate::text::span::Span;

/// Drops the faults of a payload that another fault replaces: see `Rule::outranks`, `Rule::stands_alone` and
/// [`Fault::explains`].
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
            on_one_value.iter().map(|fault| on_one_value.iter().any(|other| replaces(other, fault)))
        })
        .collect();
    let mut is_outranked = is_outranked.into_iter();
    faults.retain(|_| !is_outranked.next().unwrap_or(false));
    drop_explained(&mut faults);
    // A string of the wrong length is most likely empty or cut off: other faults of it follow from that.
    let wrong_length: Vec<Span> =
        faults.iter().filter(|fault| *fault.rule == STRING_LENGTH).map(|fault| fault.subject).collect();
    faults.retain(|fault| *fault.rule == STRING_LENGTH || wrong_length.binary_search(&fault.subject).is_err());
    faults
}

/// Whether a fault replaces another one on the same value.
fn replaces(fault: &Fault, other: &Fault) -> bool {
    let are_separate = fault.is_of_part && other.is_of_part && !fault.primary.span.overlaps(other.primary.span);
    fault.rule.outranks.contains(&other.rule) && !are_separate
}

/// Drops the faults that follow from another one: see [`Fault::explains`].
fn drop_explained(faults: &mut Vec<Fault>) {
    let explaining: Vec<Span> = faults.iter().filter(|fault| fault.explains).map(|fault| fault.primary.span).collect();
    if explaining.is_empty() {
        return;
    }
    let follows =
        |fault: &Fault| fault.others.iter().any(|mark| explaining.iter().any(|span| span.overlaps(mark.span)));
    faults.retain(|fault| fault.explains || !follows(fault));
}
