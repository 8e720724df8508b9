//! Findings as the diagnostics of the protocol.

use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, Message, Uri,
};

use crate::catalogue::page;
use crate::finding::{Label, Level, Rule};
use crate::lsp::check::{Found, bytes};
use crate::lsp::positions::{Encoding, LineMap};
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
    pub(super) fn of(&self, found: &Found) -> Diagnostic {
        let finding = &found.finding;
        let others = finding.labels().skip(1).map(|label| self.related(label, finding.rule()));
        let related: Vec<DiagnosticRelatedInformation> = others.collect();
        // Mistakes in settings are of a rule that is not in the list.
        let is_listed = rules::find(finding.rule().name).is_some();
        Diagnostic {
            range: self.lines.range(found.bytes(), self.encoding),
            severity: Some(severity(finding.level())),
            code: Some(Code::String(finding.rule().name.to_owned())),
            code_description: is_listed.then(|| CodeDescription { href: Uri(page::address(finding.rule())) }),
            source: Some(SOURCE.to_owned()),
            message: Message::String(finding.message().to_owned()),
            tags: None,
            related_information: (!related.is_empty()).then_some(related),
            data: None,
        }
    }

    fn related(&self, label: &Label, rule: &Rule) -> DiagnosticRelatedInformation {
        let range = self.lines.range(bytes(label.location()), self.encoding);
        let message = if label.text().is_empty() { rule.summary } else { label.text() };
        let location = Location { uri: Uri(self.uri.to_owned()), range };
        DiagnosticRelatedInformation { location, message: message.to_owned() }
    }
}

fn severity(level: Level) -> DiagnosticSeverity {
    match level {
        Level::Error => DiagnosticSeverity::Error,
        Level::Warning => DiagnosticSeverity::Warning,
        Level::Info | Level::Off => DiagnosticSeverity::Information,
    }
}
