//! GitLab's Code Quality report, a JSON array, which GitLab shows in merge requests.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::finding::Level;
use crate::report::fingerprint::{fingerprint, fingerprints};
use crate::report::format::json::to_json;
use crate::report::format::{Joined, Layout};
use crate::report::{Entry, Format, Fragment, Source, Summary, Unreadable, paths};
use crate::text::lines::Position;

pub(super) static GITLAB: Entry = Entry {
    name: "gitlab",
    summary: "GitLab's Code Quality report",
    make: |options| Box::new(Gitlab { root: options.root }),
};

struct Gitlab {
    root: PathBuf,
}

impl Format for Gitlab {
    fn opening(&self) -> String {
        "[".to_owned()
    }

    fn fragment(&self, source: &Source<'_>) -> Fragment {
        let path = paths::relative(source.path, &self.root);
        let mut fingerprints = fingerprints(&path, source.findings).into_iter();
        Fragment::of(source.findings, |report, finding| {
            let location = finding.location();
            let entry = json!({
                "type": "issue",
                "check_name": finding.rule.name,
                "description": finding.message,
                "content": { "body": finding.help() },
                "categories": ["Bug Risk"],
                "severity": severity(finding.level),
                "fingerprint": fingerprints.next(),
                "location": {
                    "path": path,
                    "lines": { "begin": location.start().line },
                    "positions": { "begin": at(location.start()), "end": at(location.end()) },
                },
            });
            report.push_str(if report.is_empty() { "\n" } else { ",\n" });
            report.push_str(&to_json(&entry));
        })
    }

    fn layout(&self) -> Box<dyn Layout + '_> {
        Box::new(Joined::by(","))
    }

    /// The paths that could not be read come last.
    fn closing(&self, summary: &Summary) -> String {
        let start = json!({ "line": 1, "column": 1 });
        let mut report = String::new();
        for (index, Unreadable { path, error }) in summary.unreadable.iter().enumerate() {
            let path = paths::relative(path, &self.root);
            let entry = json!({
                "type": "issue",
                "check_name": "unreadable",
                "description": error,
                "categories": ["Bug Risk"],
                "severity": "critical",
                "fingerprint": fingerprint(&["unreadable", &path]),
                "location": { "path": path, "lines": { "begin": 1 }, "positions": { "begin": start, "end": start } },
            });
            let separator = if index > 0 || !summary.rules.is_empty() { ",\n" } else { "\n" };
            write!(report, "{separator}{}", to_json(&entry)).expect("a String takes all");
        }
        report + "\n]\n"
    }
}

fn at(Position { line, column, .. }: Position) -> Value {
    json!({ "line": line, "column": column })
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Info | Level::Off => "info",
    }
}
