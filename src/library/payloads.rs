//! The kinds and ages of what a text holds.

use crate::document::Text;
use crate::lint::age::{Dated, Part, dated};
use crate::recognise::{Asked, documents};
use crate::text::lines::{Lines, Position};

/// A payload of a document: its kind, and which release of botocore is the oldest that knows all of it.
///
/// ```
/// let checked = imagelint::Linter::new().lint("a.json", r#"{"requestId": "x", "image": {"platform": "macOS"}}"#);
/// let payload = &checked.payloads()[0];
/// assert_eq!(payload.kind, "get-image");
/// assert!(payload.needs.as_ref().is_some_and(|needs| needs.because.contains(&"/image/platform (macOS)".to_owned())));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// The name of its kind, as `imagelint kinds` lists it.
    pub kind: &'static str,
    /// Where it starts, or where the string starts that holds it.
    pub start: Position,
    /// The release that it needs; none for documents that botocore does not read.
    pub needs: Option<Needs>,
    /// The pointers of members that no release knows, with the value if that is what is unknown.
    pub unknown: Vec<String>,
}

/// The oldest release of botocore that knows all of a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// Its version.
    pub botocore: String,
    /// The day on which it was released.
    pub date: &'static str,
    /// The pointers of what that release added, with the value if that was added.
    pub because: Vec<String>,
}

pub(super) fn payloads(text: &Text<'_>) -> Vec<Payload> {
    let lines = Lines::new(&text.text, text.origin);
    let mut payloads = Vec::new();
    for document in &documents(text, None) {
        let (_, found) = dated(document, Asked::ByName);
        payloads.extend(found.into_iter().map(|Dated { kind, span, age }| Payload {
            kind,
            start: lines.position(document.offset + span.start),
            needs: age.needs.map(|release| Needs {
                botocore: release.version.to_string(),
                date: release.date,
                because: age.because.into_iter().map(named).collect(),
            }),
            unknown: age.unknown.into_iter().map(named).collect(),
        }));
    }
    payloads
}

fn named(Part { pointer, value }: Part) -> String {
    match value {
        Some(value) => format!("{pointer} ({value})"),
        None => pointer,
    }
}
