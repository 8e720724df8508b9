//! Reviewdog's diagnostic format, one JSON object. Columns count the bytes of UTF-8, from 1.

use serde_json::{Value, json};

use crate::finding::Level;
use crate::finding::fix::Fix;
use crate::report::format::json::to_json;
use crate::report::format::{Joined, Layout};
use crate::report::{Entry, Format, Fragment, Source, Summary, Unreadable};
use crate::text::lines::Lines;
use crate::text::span::Span;

pub(super) static RDJSON: Entry =
    Entry { name: "rdjson", summary: "Reviewdog's diagnostic format", make: |_| Box::new(Rdjson) };

struct Rdjson;

impl Format for Rdjson {
    fn opening(&self) -> String {
        let source = json!({ "name": "imagelint", "url": env!("CARGO_PKG_REPOSITORY") });
        format!("{{\"source\":{source},\"diagnostics\":[")
    }

    fn fragment(&self, source: &Source<'_>) -> Fragment {
        let lines = source.lines();
        Fragment::of(source.findings, |report, finding| {
            let related: Vec<Value> = finding
                .labels()
                .skip(1)
                .filter(|label| label.other_file().is_none())
                .map(|label| {
                    let range = range(&lines, label.location.span);
                    json!({ "message": label.text, "location": { "path": source.path, "range": range } })
                })
                .collect();
            let mut diagnostic = json!({
                "message": format!("{}\n{}", finding.message, finding.help()).trim_end(),
                "location": { "path": source.path, "range": range(&lines, finding.location().span) },
                "severity": severity(finding.level),
                "code": { "value": finding.rule.name, "url": finding.rule.page().unwrap_or_default() },
            });
            if !related.is_empty() {
                diagnostic["relatedLocations"] = json!(related);
            }
            if let Some(fix) = finding.printable_fix() {
                diagnostic["suggestions"] = suggestions(&lines, fix);
            }
            report.push_str(if report.is_empty() { "\n" } else { ",\n" });
            report.push_str(&to_json(&diagnostic));
        })
    }

    fn layout(&self) -> Box<dyn Layout + '_> {
        Box::new(Joined::by(","))
    }

    /// The paths that could not be read come last.
    fn closing(&self, summary: &Summary) -> String {
        let entry = |Unreadable { path, error }: &Unreadable| {
            let entry = json!({ "message": error, "location": { "path": path }, "severity": "ERROR" });
            format!("\n{}", to_json(&entry))
        };
        let entries: Vec<String> = summary.unreadable.iter().map(entry).collect();
        let separator = if entries.is_empty() || summary.rules.is_empty() { "" } else { "," };
        format!("{separator}{}\n]}}\n", entries.join(","))
    }
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "ERROR",
        Level::Warning => "WARNING",
        Level::Info | Level::Off => "INFO",
    }
}

fn range(lines: &Lines<'_>, span: Span) -> Value {
    let at = |offset: usize| {
        let line = lines.line_of(offset);
        json!({ "line": lines.before() + line + 1, "column": offset - lines.start(line) + 1 })
    };
    json!({ "start": at(span.start), "end": at(span.end) })
}

fn suggestions(lines: &Lines<'_>, fix: &Fix) -> Value {
    fix.edits.iter().map(|edit| json!({ "range": range(lines, edit.span), "text": edit.text })).collect()
}
