//! JSON Lines for bulk: a line for every document, with findings or without, in order. Described by
//! `schemas/verdict.json`.

use std::collections::HashMap;

use serde::Serialize;

use crate::finding::{Finding, Level};
use crate::lint::identity::Identity;
use crate::report::format::json::to_json;
use crate::report::{Entry, Format, Fragment, Options, Source, Summary, Unreadable};

pub(super) static VERDICTS: Entry = Entry {
    name: "verdicts",
    summary: "One JSON object on a line for every document, clean ones too, for bulk",
    make: |Options { fail_on, .. }| Box::new(Verdicts { fail_on }),
};

struct Verdicts {
    fail_on: Option<Level>,
}

#[derive(Serialize)]
struct Verdict<'a> {
    file: &'a str,
    document: usize,
    line: usize,
    #[serde(flatten)]
    about: About<'a>,
    ok: bool,
    errors: usize,
    warnings: usize,
    infos: usize,
    findings: Vec<Found<'a>>,
}

/// What a verdict is about.
#[derive(Serialize)]
#[serde(untagged)]
enum About<'a> {
    /// A document for itself.
    Document { kind: Option<&'static str>, id: Option<&'a str>, checked: bool },
    /// What others say of a document, which has a verdict of its own before.
    Comparison { across: bool },
}

/// A finding in short.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a> {
    rule: &'static str,
    severity: &'static str,
    pointer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    embedded_pointer: Option<&'a str>,
    line: usize,
    column: usize,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<Other<'a>>,
}

/// The place in another document that a finding has to do with.
#[derive(Serialize)]
struct Other<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    pointer: &'a str,
}

#[derive(Serialize)]
struct Unread<'a> {
    file: &'a str,
    error: &'a str,
}

impl Format for Verdicts {
    fn names_all(&self) -> bool {
        true
    }

    fn is_silent(&self) -> bool {
        true
    }

    fn fragment(&self, source: &Source<'_>) -> Fragment {
        let lines = source.lines();
        let mut found: HashMap<usize, Vec<&Finding>> = HashMap::new();
        for finding in source.findings {
            found.entry(finding.document).or_default().push(finding);
        }
        let mut text = String::new();
        for Identity { index, start, is_checked, kind, id, .. } in source.identities {
            let findings = found.remove(index).unwrap_or_default();
            if source.is_compared && findings.is_empty() {
                continue;
            }
            let count = |level| findings.iter().filter(|finding| finding.level == level).count();
            let about = if source.is_compared {
                About::Comparison { across: true }
            } else {
                About::Document { kind: *kind, id: id.as_deref(), checked: *is_checked }
            };
            text.push_str(&to_json(&Verdict {
                file: source.path,
                document: *index,
                line: lines.position(*start).line,
                about,
                ok: !findings.iter().any(|finding| self.fail_on.is_some_and(|fail_on| finding.level >= fail_on)),
                errors: count(Level::Error),
                warnings: count(Level::Warning),
                infos: count(Level::Info),
                findings: findings.into_iter().map(short).collect(),
            }));
            text.push('\n');
        }
        Fragment { text, ..Fragment::default() }
    }

    /// The paths that could not be read come last.
    fn closing(&self, summary: &Summary) -> String {
        let line = |Unreadable { path, error }: &Unreadable| to_json(&Unread { file: path, error }) + "\n";
        summary.unreadable.iter().map(line).collect()
    }
}

fn short(finding: &Finding) -> Found<'_> {
    let location = finding.location();
    let other = finding.labels().find_map(|label| Some((label.other_file()?, &label.location)));
    Found {
        rule: finding.rule.name,
        severity: finding.level.name(),
        pointer: &location.pointer,
        embedded_pointer: location.embedded_pointer(),
        line: location.start.line,
        column: location.start.column,
        message: &finding.message,
        key: finding.key.as_deref(),
        other: other.map(|(file, location)| {
            let (line, column) = (location.start.line, location.start.column);
            Other { file, line, column, pointer: &location.pointer }
        }),
    }
}
