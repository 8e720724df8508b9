//! Prints the settings of a run in the syntax of `imagelint.toml`, with what set each in a comment.

use std::fmt::Write as _;

use serde_json::Value;

use crate::settings::Settings;
use crate::settings::list::SETTINGS;
use crate::settings::setting::SetBy;
use crate::text::lines::{Lines, Origin};
use crate::text::span::Span;

/// The settings as TOML, for `imagelint config`.
pub(crate) fn settings(settings: &Settings) -> String {
    let file = settings.file.as_ref();
    let head = match file {
        Some(file) => format!("# settings file: {}\n", file.name),
        None => "# settings file: none\n".to_owned(),
    };
    let lines = file.map(|file| (file.name.as_str(), Lines::new(&file.text, Origin::default())));
    let mut printer = TomlPrinter { text: head, file: lines };
    for setting in SETTINGS {
        setting.show(&settings.store, &mut printer);
    }
    printer.text
}

/// Collects the text, and knows the lines of the settings file.
pub(crate) struct TomlPrinter<'s> {
    text: String,
    file: Option<(&'s str, Lines<'s>)>,
}

impl TomlPrinter<'_> {
    /// Adds a line with a setting and what set it.
    pub(super) fn line(&mut self, setting: &str, set_by: SetBy) {
        let set_by = match (set_by, &self.file) {
            (SetBy::CommandLine, _) => "command line".to_owned(),
            (SetBy::File(span), Some((name, lines))) => format!("{name}:{}", lines.position(span.start).line),
            (SetBy::Default | SetBy::File(_), _) => "default".to_owned(),
        };
        writeln!(self.text, "{setting} # {set_by}").expect("a String takes all");
    }

    /// Adds a line with a setting that the file sets.
    pub(super) fn line_at(&mut self, setting: &str, span: Span) {
        self.line(setting, SetBy::File(span));
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }
}

/// A string in TOML, whose escapes are those of JSON.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
