//! One line for each finding: `path:line:col: level[rule] message (at pointer)`.

use std::fmt::Write as _;

use crate::finding::Finding;
use crate::report::{Entry, Format, Fragment, Source, paths, pointer};
use crate::text::quote::printable;

pub(super) static CONCISE: Entry = Entry {
    name: "concise",
    summary: "One line for each finding: `path:line:col: level[rule] message (at pointer)`",
    make: |_| Box::new(Concise),
};

struct Concise;

impl Format for Concise {
    fn fragment(&self, source: &Source<'_>) -> Fragment {
        let path = paths::at_line_start(printable(source.path.to_owned()));
        Fragment::of(source.findings, |report, finding| write_line(&path, finding, report))
    }
}

/// Writes the line of a finding in a file, whose path is as it starts a line.
pub(super) fn write_line(path: &str, finding: &Finding, report: &mut String) {
    let start = finding.location().start();
    let (level, rule, message) = (finding.level.name(), finding.rule.name, &finding.message);
    write!(report, "{path}:{}:{}: {level}[{rule}] {message}", start.line, start.column).expect("a String takes all");
    let at = Some(pointer(finding.location())).filter(|pointer| !pointer.is_empty());
    let at = at.map(|pointer| format!("at {}", printable(pointer.into_owned())));
    let other = finding.labels().find_map(|label| Some((label, label.other_file()?)));
    let see = other.map(|(label, path)| {
        let (path, start) = (printable(path.to_owned()), label.location().start());
        format!("see {path}:{}:{}", start.line, start.column)
    });
    let rest: Vec<String> = at.into_iter().chain(see).collect();
    if !rest.is_empty() {
        write!(report, " ({})", rest.join(", ")).expect("a String takes all");
    }
    report.push('\n');
}
