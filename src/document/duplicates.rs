//! Duplicate keys, which RFC 8259 discourages: of them most parsers keep the last.

use crate::document::rules::DUPLICATE_JSON_KEY;
use crate::document::tape::Tape;
use crate::document::{Content, Member, Value};
use crate::finding::Level;
use crate::finding::fault::Fault;
use crate::model::shape::same_name;
use crate::text::quote::quoted;

/// The faults of duplicate keys, in the order of the text.
pub(super) fn faults(tape: &Tape<'_>) -> Vec<Fault> {
    let pairs = tape.duplicates().iter();
    let mut faults: Vec<Fault> =
        pairs.map(|(first, again)| duplicate(Member::at(tape, *first), Member::at(tape, *again))).collect();
    faults.sort_by_key(|fault| fault.primary.span.start);
    faults
}

fn duplicate(first: Member<'_>, again: Member<'_>) -> Fault {
    let message = format!("duplicate key `{}`", quoted(again.name()));
    let mut fault = Fault::new(&DUPLICATE_JSON_KEY, again.key_span(), message);
    if are_equal(first.value(), again.value()) {
        fault.level(Level::Warning).help("the values are equal; remove one of the two");
    }
    fault.says("again here").label(first.key_span(), "first here");
    fault
}

/// Whether two values are equal: objects with the same members in the same order, numbers as they are written.
fn are_equal(one: Value<'_>, other: Value<'_>) -> bool {
    match (one.content(), other.content()) {
        (Content::Object, Content::Object) => {
            let equal = |(one, other): (Member<'_>, Member<'_>)| {
                same_name(one.name(), other.name()) && are_equal(one.value(), other.value())
            };
            one.len() == other.len() && one.members().zip(other.members()).all(equal)
        }
        (Content::Array, Content::Array) => {
            one.len() == other.len() && one.items().zip(other.items()).all(|(one, other)| are_equal(one, other))
        }
        (Content::String(one), Content::String(other)) | (Content::Number(one), Content::Number(other)) => one == other,
        (Content::Boolean(one), Content::Boolean(other)) => one == other,
        (Content::Null, Content::Null) => true,
        _ => false,
    }
}
