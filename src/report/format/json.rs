//! One JSON object, described by `schemas/report.json`.

use std::borrow::Cow;

use serde::Serialize;

use crate::finding::fix::{Edit, Fix};
use crate::finding::{Finding, Label, Location};
use crate::model::shape::MODEL;
use crate::report::Unreadable;
#[cfg(feature = "human")]
use crate::report::format::human;
use crate::report::format::{Joined, Layout};
use crate::report::{Entry, Format, Fragment, Options, Source, Summary};
use crate::text::lines::{Lines, Position};
use crate::text::quote::is_unprintable;

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
struct FindingEntry<'a> {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<&'a str>,
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
    start: PositionEntry,
    end: PositionEntry,
}

#[derive(Serialize)]
struct PositionEntry {
    offset: usize,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct UnreadableEntry<'a> {
    file: &'a str,
    error: &'a str,
}

pub(super) static JSON: Entry = Entry {
    name: "json",
    summary: "One JSON object, described by `schemas/report.json`",
    make: |Options { excerpts, .. }| Box::new(Json { excerpts }),
};

struct Json {
    /// Whether findings have their excerpts with them.
    excerpts: bool,
}

impl Format for Json {
    fn opening(&self) -> String {
        let tool = Tool { name: "imagelint", version: env!("CARGO_PKG_VERSION"), model: MODEL };
        format!("{{\"version\":1,\"tool\":{},\"findings\":[", to_json(&tool))
    }

    fn fragment(&self, source: &Source<'_>) -> Fragment {
        of_findings(source, self.excerpts, |report, finding| {
            report.push_str(if report.is_empty() { "\n" } else { ",\n" });
            report.push_str(finding);
        })
    }

    fn layout(&self) -> Box<dyn Layout + '_> {
        Box::new(Joined::by(","))
    }

    fn closing(&self, summary: &Summary) -> String {
        let Summary { files, documents, skipped, errors, warnings, infos, fixed, .. } = *summary;
        let entry = |Unreadable { path, error }: &Unreadable| to_json(&UnreadableEntry { file: path, error });
        let entries: Vec<String> = summary.unreadable.iter().map(entry).collect();
        let unreadable = entries.len();
        let counts = Counts { files, documents, skipped, unreadable, errors, warnings, infos, fixed };
        format!("\n],\"unreadable\":[{}],\"summary\":{}}}\n", entries.join(","), to_json(&counts))
    }
}

/// The findings of a text, each a JSON object on one line that a function writes.
pub(super) fn of_findings(source: &Source<'_>, excerpts: bool, write: impl Fn(&mut String, &str)) -> Fragment {
    let lines = source.lines();
    let mut excerpts = if excerpts { excerpts_of(source) } else { Vec::new() }.into_iter();
    Fragment::of(source.findings, |report, found| {
        write(report, &finding(source.path, &lines, found, excerpts.next().as_deref()));
    })
}

#[cfg(feature = "human")]
fn excerpts_of(source: &Source<'_>) -> Vec<String> {
    human::excerpts(source)
}

#[cfg(not(feature = "human"))]
fn excerpts_of(_: &Source<'_>) -> Vec<String> {
    Vec::new()
}

/// A finding as a JSON object on one line.
fn finding(path: &str, lines: &Lines<'_>, finding: &Finding, excerpt: Option<&str>) -> String {
    let location = finding.location();
    let labels = finding.labels().enumerate().filter(|(index, label)| *index > 0 || !label.text.is_empty());
    to_json(&FindingEntry {
        rule: finding.rule.name,
        severity: finding.level.name(),
        file: path,
        pointer: &location.pointer,
        range: range(location),
        message: &finding.message,
        help: finding.help(),
        source: finding.rule.source,
        labels: labels.map(|(_, entry)| label(path, entry)).collect(),
        fix: finding.printable_fix().map(|entry| fix(lines, entry)),
        document: finding.document,
        embedded_pointer: location.embedded_pointer(),
        excerpt,
    })
}

fn label<'a>(path: &'a str, label: &'a Label) -> LabelEntry<'a> {
    LabelEntry {
        file: label.other_file().unwrap_or(path),
        pointer: &label.location.pointer,
        embedded_pointer: label.location.embedded_pointer(),
        range: range(&label.location),
        message: &label.text,
    }
}

fn fix<'a>(lines: &Lines<'_>, fix: &'a Fix) -> FixEntry<'a> {
    let edit = |edit: &'a Edit| {
        let (start, end) = (lines.position(edit.span.start), lines.position(edit.span.end));
        EditEntry { range: Range { start: position_entry(start), end: position_entry(end) }, text: &edit.text }
    };
    FixEntry { safety: fix.safety.name(), title: &fix.title, edits: fix.edits.iter().map(edit).collect() }
}

fn range(location: &Location) -> Range {
    Range { start: position_entry(location.start), end: position_entry(location.end) }
}

fn position_entry(Position { offset, line, column }: Position) -> PositionEntry {
    PositionEntry { offset, line, column }
}

/// A value as JSON on one line, in which unprintable characters are escaped.
pub(super) fn to_json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).expect("no map with keys other than strings is serialised");
    if !text.contains(is_unprintable) {
        return text;
    }
    // Such characters occur in strings only, and all of them fit in four hexadecimal digits.
    let escape =
        |char: char| if is_unprintable(char) { format!("\\u{:04x}", u32::from(char)) } else { char.to_string() };
    text.chars().map(escape).collect()
}
