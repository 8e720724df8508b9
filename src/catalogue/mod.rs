//! The catalogue: lists of rules and kinds, the page of each rule, the JSON Schema of each kind.

#[cfg(feature = "cli")]
pub(crate) mod listing;
pub(crate) mod page;
#[cfg(all(test, feature = "cli", feature = "house-schemas"))]
mod pages;
pub(crate) mod schema;

use serde::Serialize;

use crate::lint::levels::known;
use crate::recognise::kind::known_kind;

/// The page of a rule.
///
/// # Errors
///
/// If there is no rule of that name; the message suggests a similar one.
pub(crate) fn explain(name: &str) -> Result<String, String> {
    known(name).map(page::of)
}

/// The JSON Schema of a kind.
///
/// # Errors
///
/// If there is no kind of that name; the message suggests a similar one.
pub(crate) fn schema_of(kind: &str) -> Result<String, String> {
    known_kind(kind).map(|kind| to_json(&schema::schema(kind)))
}

/// A value as indented JSON, with a line feed at the end.
pub(crate) fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("its keys are strings") + "\n"
}
