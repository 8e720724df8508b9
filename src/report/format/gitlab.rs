//! A Code Quality report: one JSON array, which GitLab shows in merge requests.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::finding::Level;
use crate::report::Unreadable;
use crate::report::fingerprint::{fingerprint, fingerprints};
use crate::report::format::json::to_json;
use crate::report::{File, Position, Summary, advice, place};

/// The findings of one file, with commas between them.
pub fn file(file: &File<'_>, root: &Path) -> String {
    let lines = file.lines();
    let path = place::relative(file.path, root);
    let entries: Vec<String> = file
        .findings
        .iter()
        .zip(fingerprints(&path, file.findings))
        .map(|(finding, fingerprint)| {
            let span = finding.primary.span;
            let entry = json!({
                "type": "issue",
                "check_name": finding.rule,
                "description": finding.message,
                "content": { "body": advice(finding) },
                "categories": ["Bug Risk"],
                "severity": severity(finding.level),
                "fingerprint": fingerprint,
                "location": {
                    "path": path,
                    "positions": { "begin": at(lines.position(span.start)), "end": at(lines.position(span.end)) },
                },
            });
            to_json(&entry)
        })
        .collect();
    format!("\n{}", entries.join(",\n"))
}

/// What stands after the findings: first what could not be read.
pub fn closing(summary: &Summary, root: &Path) -> String {
    let start = Position { line: 1, column: 1 };
    let mut report = String::new();
    for (index, Unreadable { path, error }) in summary.unreadable.iter().enumerate() {
        let path = place::relative(path, root);
        let entry = json!({
            "type": "issue",
            "check_name": "unreadable",
            "description": error,
            "categories": ["Bug Risk"],
            "severity": "critical",
            "fingerprint": fingerprint(&["unreadable", &path]),
            "location": { "path": path, "positions": { "begin": at(start), "end": at(start) } },
        });
        let separator = if index > 0 || !summary.rules.is_empty() { ",\n" } else { "\n" };
        write!(report, "{separator}{}", to_json(&entry)).expect("a String takes all");
    }
    report + "\n]\n"
}

fn at(Position { line, column }: Position) -> Value {
    json!({ "line": line, "column": column })
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Info | Level::Off => "info",
    }
}
