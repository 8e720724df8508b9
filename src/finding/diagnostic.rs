//! A finding as a diagnostic of miette's, for programs that print diagnostics of several tools with one handler.

use std::fmt::Display;

use miette::{Diagnostic, LabeledSpan, Severity};

use crate::finding::{Finding, Level};

/// The labels are in bytes of the text that was linted (see `Checked::text`), which the caller adds. Labels in other
/// files are left out.
///
/// ```
/// let linter = imagelint::Linter::new();
/// let checked = linter.lint("a.json", r#"{"image": {"platform": "linux", "state": {"status": "BUILDING"}}}"#);
/// let finding = checked.findings()[0].clone();
/// let report = miette::Report::new(finding).with_source_code(checked.text().to_owned());
/// assert_eq!(report.code().expect("a rule").to_string(), "enum-value");
/// ```
impl Diagnostic for Finding {
    fn code<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        Some(Box::new(self.rule.name))
    }

    fn severity(&self) -> Option<Severity> {
        Some(match self.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info | Level::Off => Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        Some(self.help()).filter(|help| !help.is_empty()).map(|help| Box::new(help) as Box<dyn Display>)
    }

    fn url<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        self.rule.page().map(|page| Box::new(page) as Box<dyn Display>)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let own = self.labels().enumerate().filter(|(_, label)| label.other_file().is_none());
        Some(Box::new(own.map(|(index, label)| {
            let text = Some(label.text().to_owned()).filter(|text| !text.is_empty());
            let range = label.location.span.range();
            if index == 0 {
                LabeledSpan::new_primary_with_span(text, range)
            } else {
                LabeledSpan::new_with_span(text, range)
            }
        })))
    }
}
