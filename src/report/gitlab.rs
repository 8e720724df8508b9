//! A Code Quality report: one JSON array, which GitLab shows in merge requests.

use std::path::Path;

use serde_json::json;

use crate::finding::Level;
use crate::report::fingerprint::fingerprints;
use crate::report::{File, Position, advice, place};

/// The findings of one file, with commas between them.
pub fn file(file: &File<'_>, root: &Path) -> String {
    let lines = file.lines();
    let path = place::relative(file.path, root);
    let at = |Position { line, column }| json!({ "line": line, "column": column });
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
            entry.to_string()
        })
        .collect();
    format!("\n{}", entries.join(",\n"))
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Info | Level::Off => "info",
    }
}
