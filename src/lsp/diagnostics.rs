//! Findings as the diagnostics of the protocol.

use serde_json::{Value, json};

use crate::catalogue::page;
use crate::finding::{Label, Level, Rule};
use crate::lsp::check::{Found, bytes};
use crate::lsp::positions::{Encoding, LineMap};
use crate::lsp::protocol::severity;
use crate::rules;

/// The name of the source of all diagnostics.
pub(super) const SOURCE: &str = "imagelint";

/// Makes the diagnostics of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Diagnoser<'d> {
    pub(super) uri: &'d str,
    pub(super) lines: &'d LineMap,
    pub(super) encoding: Encoding,
}

impl Diagnoser<'_> {
    /// The diagnostic for a finding.
    pub(super) fn of(&self, found: &Found) -> Value {
        let finding = &found.finding;
        let rule = finding.rule();
        let mut diagnostic = json!({
            "range": self.lines.range(found.bytes(), self.encoding),
            "severity": severity_of(finding.level()),
            "code": rule.name,
            "source": SOURCE,
            "message": finding.message(),
        });
        // Mistakes in settings are of a rule that is not in the list.
        if rules::find(rule.name).is_some() {
            diagnostic["codeDescription"] = json!({ "href": page::address(rule) });
        }
        let related: Vec<Value> = finding.labels().skip(1).map(|label| self.related(label, rule)).collect();
        if !related.is_empty() {
            diagnostic["relatedInformation"] = related.into();
        }
        diagnostic
    }

    fn related(&self, label: &Label, rule: &Rule) -> Value {
        let range = self.lines.range(bytes(label.location()), self.encoding);
        let message = if label.text().is_empty() { rule.summary } else { label.text() };
        json!({ "location": { "uri": self.uri, "range": range }, "message": message })
    }
}

fn severity_of(level: Level) -> u8 {
    match level {
        Level::Error => severity::ERROR,
        Level::Warning => severity::WARNING,
        Level::Info | Level::Off => severity::INFORMATION,
    }
}
