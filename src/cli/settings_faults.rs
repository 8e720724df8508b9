//! Prints faults in a settings file as excerpts, as for findings in documents.

use crate::document::Text;
use crate::finding::Finding;
use crate::lint::Finisher;
use crate::lint::levels::Levels;
use crate::report::format::human::Human;
use crate::report::{Output, Source, Style};
use crate::settings::{File, FileFaults, SettingsError};
use crate::text::lines::Origin;

/// The text of an error in settings.
pub(super) fn render_error(error: SettingsError, style: Style) -> String {
    match error {
        SettingsError::Message(message) => message.lines().map(|line| format!("imagelint: {line}\n")).collect(),
        SettingsError::Mistakes(mistakes) => render(mistakes, style),
    }
}

/// Excerpts of the file with its faults.
pub(super) fn render(FileFaults { file: File { name, text }, faults }: FileFaults, style: Style) -> String {
    let text = Text::of(&text, Origin::default());
    let levels = Levels::default();
    let finisher = Finisher::new(&text, &[], &levels);
    let findings: Vec<Finding> = faults.into_iter().filter_map(|fault| finisher.of_text(fault)).collect();
    let secrets = finisher.into_secrets();
    let (path, origin) = (&*name, text.origin);
    let (text, findings, secrets) = (&*text.text, &findings[..], &secrets[..]);
    let source = Source { path, text, origin, findings, secrets, others: &[], identities: &[], is_compared: false };
    let human = Human::new(style, true, usize::MAX, None);
    let mut report = Vec::new();
    let mut output = Output::new(&human, &mut report);
    output.fragment(&name, &output.render(&source)).expect("a Vec takes all");
    drop(output);
    String::from_utf8(report).expect("formats write text")
}
