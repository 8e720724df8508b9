//! What is wrong in a settings file, drawn as findings in documents are.

use crate::document::Text;
use crate::finding::Finding;
use crate::lint::Finisher;
use crate::lint::levels::Levels;
use crate::report::format::human::Human;
use crate::report::{Format, Source, Style};
use crate::settings::{File, Remarks, Unusable};

/// Why there are no settings to run with.
pub(super) fn unusable(error: Unusable, style: Style) -> String {
    match error {
        Unusable::Lines(message) => message.lines().map(|line| format!("imagelint: {line}\n")).collect(),
        Unusable::Mistakes(mistakes) => drawn(mistakes, style),
    }
}

/// Excerpts of the file with the places that remarks are about.
pub(super) fn drawn(Remarks { file: File { name, text }, faults }: Remarks, style: Style) -> String {
    let text = Text::decode(text.as_bytes());
    let levels = Levels::default();
    let finisher = Finisher::new(&text, &levels);
    let findings: Vec<Finding> = faults.into_iter().filter_map(|fault| finisher.of_text(fault)).collect();
    let source =
        Source { path: &name, text: &text.text, origin: text.origin, findings: &findings, secrets: &[], others: &[] };
    Human { style, quiet: true }.fragment(&source).text
}
