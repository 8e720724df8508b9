//! One line for each finding: `path:line:col: level[rule] message`.

use std::fmt::Write as _;

use crate::report::{Entry, Format, Fragment, Source};
use crate::text::quote::printable;

pub(super) static CONCISE: Entry = Entry {
    name: "concise",
    summary: "One line for each finding: `path:line:col: level[rule] message`",
    make: |_| Box::new(Concise),
};

struct Concise;

impl Format for Concise {
    fn fragment(&self, source: &Source<'_>) -> Fragment {
        let path = printable(source.path.to_owned());
        Fragment::of(source.findings, |report, finding| {
            let start = finding.location().start();
            let (level, rule, message) = (finding.level.name(), finding.rule.name, &finding.message);
            write!(report, "{path}:{}:{}: {level}[{rule}] {message}", start.line, start.column)
                .expect("a String takes all");
            if let Some((label, other)) = finding.labels().find_map(|label| Some((label, label.other_file()?))) {
                let (path, start) = (printable(other.to_owned()), label.location().start());
                write!(report, " (see {path}:{}:{})", start.line, start.column).expect("a String takes all");
            }
            report.push('\n');
        })
    }
}
