//! One JSON object, described by `schemas/report.json`.

use std::borrow::Cow;

use serde::Serialize;

use crate::finding::fix::Fix;
use crate::finding::{Elsewhere, Finding, Label, Span, obeyed};
use crate::model::shape::MODEL;
use crate::report::Unreadable;
use crate::report::{File, Lines, Position, Summary, advice, sources};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tool {
    name: &'static str,
    version: &'static str,
    model: &'static str,
}

#[derive(Serialize)]
struct Counts {
    files: usize,
    documents: usize,
    skipped: usize,
    unreadable: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    fixed: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    rule: &'static str,
    severity: &'static str,
    file: &'a str,
    pointer: &'a str,
    range: Range,
    message: &'a str,
    help: &'a str,
    source: &'static [&'static str],
    labels: Vec<LabelEntry<'a>>,
    fix: Option<FixEntry<'a>>,
    document: usize,
    embedded_pointer: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LabelEntry<'a> {
    file: &'a str,
    pointer: &'a str,
    embedded_pointer: Option<&'a str>,
    range: Range,
    message: &'a str,
}

#[derive(Serialize)]
struct FixEntry<'a> {
    safety: &'static str,
    title: &'a Cow<'static, str>,
    edits: Vec<EditEntry<'a>>,
}

#[derive(Serialize)]
struct EditEntry<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Range {
    start: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    offset: usize,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct UnreadableEntry<'a> {
    file: &'a str,
    error: &'a str,
}

/// What stands before the findings.
pub fn opening() -> String {
    let tool = Tool { name: "imagelint", version: env!("CARGO_PKG_VERSION"), model: MODEL };
    format!("{{\"version\":1,\"tool\":{},\"findings\":[", to_json(&tool))
}

/// What stands after them.
pub fn closing(summary: &Summary) -> String {
    let Summary { files, documents, skipped, errors, warnings, infos, fixed, .. } = *summary;
    let entry = |Unreadable { path, error }: &Unreadable| to_json(&UnreadableEntry { file: path, error });
    let entries: Vec<String> = summary.unreadable.iter().map(entry).collect();
    let unreadable = entries.len();
    let counts = Counts { files, documents, skipped, unreadable, errors, warnings, infos, fixed };
    format!("\n],\"unreadable\":[{}],\"summary\":{}}}\n", entries.join(","), to_json(&counts))
}

/// The findings of one file, with commas between them.
pub fn file(file: &File<'_>) -> String {
    format!("\n{}", entries(file).join(",\n"))
}

/// The findings of one file, each an object without line feeds.
pub(super) fn entries(file: &File<'_>) -> Vec<String> {
    let view = View { lines: file.lines(), base: file.base };
    file.findings.iter().map(|finding| to_json(&view.entry(file.path, finding))).collect()
}

/// A value on one line, in which what terminals obey is escaped.
pub(super) fn to_json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).expect("no map with keys other than strings is serialised");
    if !text.contains(obeyed) {
        return text;
    }
    // They stand in strings alone, and none of them is beyond what four digits tell.
    let escape = |char: char| if obeyed(char) { format!("\\u{:04x}", u32::from(char)) } else { char.to_string() };
    text.chars().map(escape).collect()
}

struct View<'a> {
    lines: Lines<'a>,
    base: usize,
}

impl View<'_> {
    fn entry<'a>(&self, path: &'a str, finding: &'a Finding) -> Entry<'a> {
        Entry {
            rule: finding.rule,
            severity: finding.level.name(),
            file: path,
            pointer: &finding.primary.pointer,
            range: self.range(finding.primary.span),
            message: &finding.message,
            help: advice(finding),
            source: sources(finding),
            labels: std::iter::once(&finding.primary)
                .filter(|label| !label.text.is_empty())
                .chain(&finding.others)
                .map(|label| self.label(path, label))
                .chain(finding.elsewhere.iter().map(elsewhere))
                .collect(),
            fix: finding.fix.as_ref().map(|fix| self.fix(fix)),
            document: finding.document,
            embedded_pointer: finding.primary.embedded.as_deref(),
        }
    }

    fn label<'a>(&self, file: &'a str, label: &'a Label) -> LabelEntry<'a> {
        LabelEntry {
            file,
            pointer: &label.pointer,
            embedded_pointer: label.embedded.as_deref(),
            range: self.range(label.span),
            message: &label.text,
        }
    }

    fn fix<'a>(&self, fix: &'a Fix) -> FixEntry<'a> {
        let edit = |edit: &'a crate::finding::fix::Edit| EditEntry { range: self.range(edit.span), text: &edit.text };
        FixEntry { safety: fix.safety.name(), title: &fix.title, edits: fix.edits.iter().map(edit).collect() }
    }

    fn range(&self, span: Span) -> Range {
        Range { start: self.place(span.start), end: self.place(span.end) }
    }

    fn place(&self, offset: usize) -> Place {
        let position = self.lines.position(offset);
        Place { offset: self.base + offset, line: position.line, column: position.column }
    }
}

fn elsewhere(label: &Elsewhere) -> LabelEntry<'_> {
    let Elsewhere { path, span, start, end, pointer, embedded, text, .. } = label;
    let place = |offset, position: &Position| Place { offset, line: position.line, column: position.column };
    LabelEntry {
        file: path,
        pointer,
        embedded_pointer: embedded.as_deref(),
        range: Range { start: place(span.start, start), end: place(span.end, end) },
        message: text,
    }
}
