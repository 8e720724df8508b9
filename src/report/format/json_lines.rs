//! JSON Lines: each line is a finding as in `json`. Without findings, the report is empty.

use crate::report::format::json;
use crate::report::{Entry, Format, Fragment, Source};

pub(super) static JSON_LINES: Entry = Entry {
    name: "json-lines",
    summary: "One JSON object on each line, each a finding as in `json`",
    make: |_| Box::new(JsonLines),
};

struct JsonLines;

impl Format for JsonLines {
    fn fragment(&self, source: &Source<'_>) -> Fragment {
        let lines = source.lines();
        Fragment::of(source.findings, |report, finding| {
            report.push_str(&json::finding(source.path, &lines, finding));
            report.push('\n');
        })
    }
}
