//! The dates that nodes hold: their order, and their words in messages.

use crate::aws::timestamp::Timestamp;
use crate::rule::prelude::*;

/// Numbers above this are not seconds: as seconds this is the year 5138, as milliseconds early 1973.
pub(crate) const MOST_SECONDS: f64 = 1e11;

/// The date and time that a node holds, in any form that can be parsed.
fn timestamp(node: Node<'_>) -> Option<Timestamp> {
    if let Some(text) = node.text() {
        return Timestamp::from_iso_or_spaced(text).ok().or_else(|| Timestamp::from_american(text));
    }
    epoch(node).filter(|seconds| *seconds <= MOST_SECONDS).and_then(Timestamp::from_epoch)
}

/// The number that a node holds as a date.
pub(crate) fn epoch(node: Node<'_>) -> Option<f64> {
    node.number()?.parse().ok()
}

/// Formats a date for a message; seconds since 1970 are followed by the date.
pub(crate) fn formatted(node: Node<'_>) -> String {
    if let Some(text) = node.text() {
        return format!("`{}`", quoted(text));
    }
    let number = &node.document().text[node.span().range()];
    timestamp(node).map_or_else(|| format!("`{number}`"), |moment| format!("`{number}` ({moment})"))
}

/// Whether one date is certainly earlier than another.
pub(crate) fn is_before(one: Node<'_>, other: Node<'_>) -> bool {
    timestamp(one).zip(timestamp(other)).is_some_and(|(one, other)| one.is_before(other))
}

/// Whether a date is certainly later than a time in ISO 8601.
pub(crate) fn is_after(date: Node<'_>, time: &str) -> bool {
    timestamp(date).zip(Timestamp::from_iso(time).ok()).is_some_and(|(date, time)| time.is_before(date))
}
