//! Which payloads a document holds, of which kind each is, and whether the document is one of ours. Knows no
//! rule.

pub(crate) mod envelope;
pub(crate) mod kind;
mod list;
mod mark;
pub(crate) mod payload;
pub(crate) mod sign;
pub(crate) mod state_machine;
pub(crate) mod template;

use crate::document::{Document, SYNTAX};
use crate::recognise::kind::kinds;
use crate::recognise::payload::{Certainty, Contents};

pub(crate) use list::documents;
pub(crate) use mark::{has_mark, is_recording};
pub(crate) use payload::{Embedded, Payload, nearest};

/// Who asked for a document to be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Somebody named it.
    ByName,
    /// It was met on the way, in a directory.
    Met,
}

/// Whether a text is an error of the AWS CLI about a call of Image Builder.
fn names_operation(text: &str) -> bool {
    let operation = text.split_once(" when calling the ").and_then(|(_, rest)| rest.split_once(" operation"));
    operation.is_some_and(|(operation, _)| kinds().any(|kind| kind.name == hyphenated(operation)))
}

/// The name of an operation as kinds have it: `GetImage` is `get-image`.
fn hyphenated(operation: &str) -> String {
    let mut name = String::with_capacity(operation.len() + 4);
    for char in operation.chars() {
        if char.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(char.to_ascii_lowercase());
    }
    name
}

/// Whether a document is one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recognised {
    /// It holds something of Image Builder, or somebody asked for it as such.
    Ours,
    /// It is no JSON, and its faults say so: it bears a mark, or somebody asked for it.
    NotJson,
    /// Somebody asked for it, and it is of no kind that is known.
    Unknown,
    /// It was met on the way and is not known to be of Image Builder: it is skipped.
    Foreign,
}

impl Recognised {
    /// Whether a document with these contents is one of ours. `has_ours` says that a string of it holds a
    /// document of ours. The keys alone seldom decide: something in or around a document must be a mark of
    /// Image Builder.
    pub(crate) fn of(
        document: &Document<'_>,
        contents: &Contents<'_>,
        asked: Asked,
        has_ours: bool,
        has_mark: impl FnOnce() -> bool,
    ) -> Self {
        if document.root().is_none() {
            let is_ours = || has_mark() || names_operation(document.text);
            return if asked == Asked::ByName || is_ours() { Recognised::NotJson } else { Recognised::Foreign };
        }
        let shows_it = || match contents.certainty {
            Certainty::Unknown => false,
            Certainty::HasForm => has_mark(),
            Certainty::Sure => true,
        };
        match asked {
            _ if has_ours => Recognised::Ours,
            Asked::Met if shows_it() => Recognised::Ours,
            Asked::Met => Recognised::Foreign,
            Asked::ByName if !contents.payloads.is_empty() => Recognised::Ours,
            // Comments and trailing commas have been reported.
            Asked::ByName if document.faults.iter().any(|fault| *fault.rule == SYNTAX) => Recognised::NotJson,
            Asked::ByName => Recognised::Unknown,
        }
    }
}
