//! Says of which kind the documents of inputs are, and how new a reader must be: `imagelint kinds` with paths.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};

use serde::Serialize;

use crate::lint::age::{Age, Dated, Part, dated};
use crate::model::release::{NEWEST, Release};
use crate::recognise::{Recognised, documents};
use crate::report::at_line_start;
use crate::run::blocks;
use crate::run::input::Input;
use crate::settings::MAX_DOCUMENT_SIZE;
use crate::text::lines::Lines;
use crate::text::quote::printable;

/// A payload of an input, or a document that is of no known kind.
#[derive(Debug, Serialize)]
pub(crate) struct KindOf {
    path: String,
    line: usize,
    column: usize,
    /// The index of the document in its file.
    document: usize,
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    needs: Option<Needs>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<Named>,
}

/// The oldest release of botocore that reads all of a payload.
#[derive(Debug, Serialize)]
struct Needs {
    botocore: String,
    date: &'static str,
    because: Vec<Named>,
}

/// A member or value by its pointer.
#[derive(Debug, Serialize)]
struct Named {
    pointer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

/// Passes the kinds of an input's documents to a function, in the order of the file.
///
/// # Errors
///
/// Those of reading and of the function.
pub(crate) fn kinds_of(
    input: &Input,
    stdin: &mut dyn Read,
    each: &mut dyn FnMut(KindOf) -> io::Result<()>,
) -> io::Result<()> {
    let bytes: Box<dyn Read + '_> = match input.file() {
        Some(path) => Box::new(File::open(path)?),
        None => Box::new(stdin),
    };
    let path = input.name();
    let mut more = 0;
    blocks::read(bytes, input.reading(MAX_DOCUMENT_SIZE), |block| {
        for text in block.texts() {
            let lines = Lines::new(&text.text, text.origin);
            let documents = documents(&text, None);
            let first = text.origin.documents + more;
            // A line may hold an array of documents.
            more += documents.len() - 1;
            for (index, document) in (first..).zip(&documents) {
                let entry = |offset: usize, kind, age: Age| {
                    let position = lines.position(document.offset + offset);
                    let unknown = age.unknown.into_iter().map(Named::from).collect();
                    let needs = age.needs.map(|release| Needs::new(release, age.because));
                    let (path, line, column) = (path.clone(), position.line, position.column);
                    KindOf { path, line, column, document: index, kind, needs, unknown }
                };
                let (recognised, payloads) = dated(document, input.asked());
                if payloads.is_empty() && recognised != Recognised::Foreign {
                    let start = document.root().map_or(0, |root| root.span().start);
                    each(entry(start, None, Age::default()))?;
                }
                let known = payloads.into_iter().map(|Dated { kind, span, age }| entry(span.start, Some(kind), age));
                known.into_iter().try_for_each(&mut *each)?;
            }
        }
        Ok(())
    })
}

impl KindOf {
    /// The entry as lines for people.
    pub(crate) fn lines(&self) -> String {
        let KindOf { path, line, column, kind, needs, unknown, .. } = self;
        let mut text =
            at_line_start(printable(format!("{path}:{line}:{column}: {}", kind.unwrap_or("no kind that is known"))))
                + "\n";
        if let Some(Needs { botocore, date, because }) = needs {
            writeln!(text, "    needs botocore {botocore}, {date}: {}", listed(because)).expect("a String takes all");
        }
        if !unknown.is_empty() {
            writeln!(text, "    no botocore up to {NEWEST} knows {}", listed(unknown)).expect("a String takes all");
        }
        text
    }
}

/// Pointers in one line, only the first ones of many.
fn listed(parts: &[Named]) -> String {
    const MOST: usize = 5;
    let name = |Named { pointer, value }: &Named| match (pointer.as_str(), value) {
        (pointer, Some(value)) => format!("`{pointer}` (`{value}`)"),
        ("", None) => "the document as a whole".to_owned(),
        (pointer, None) => format!("`{pointer}`"),
    };
    let shown = parts.iter().take(MOST).map(name).collect::<Vec<_>>().join(", ");
    let more = parts.len().saturating_sub(MOST);
    printable(if more == 0 { shown } else { format!("{shown} and {more} more") })
}

impl Needs {
    fn new(release: &'static Release, because: Vec<Part>) -> Self {
        let because = because.into_iter().map(Named::from).collect();
        Needs { botocore: release.version.to_string(), date: release.date, because }
    }
}

impl From<Part> for Named {
    fn from(part: Part) -> Self {
        Named { pointer: part.pointer, value: part.value }
    }
}
