//! JSON Lines: each line is a finding as in `json`. Without findings, the report is empty.

use crate::report::format::json;
use crate::report::{Entry, Format, Fragment, Options, Source};

pub(super) static JSON_LINES: Entry = Entry {
    name: "json-lines",
    summary: "One JSON object on each line, each a finding as in `json`",
    make: |Options { excerpts, .. }| Box::new(JsonLines { excerpts }),
};

struct JsonLines {
    /// Whether findings have their excerpts with them.
    excerpts: bool,
}

impl Format for JsonLines {
    fn fragment(&self, source: &Source<'_>) -> Fragment {
        json::of_findings(source, self.excerpts, |report, finding| {
            report.push_str(finding);
            report.push('\n');
        })
    }
}
