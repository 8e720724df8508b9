//! The settings of a run as an `imagelint.toml`, with who gives each in comments.

use std::fmt::Write as _;

use serde_json::Value;

use crate::settings::Settings;
use crate::settings::list::SETTINGS;
use crate::settings::setting::From;
use crate::text::lines::{Lines, Origin};
use crate::text::span::Span;

/// The settings as text.
pub(crate) fn settings(settings: &Settings) -> String {
    let file = settings.file.as_ref();
    let head = match file {
        Some(file) => format!("# settings file: {}\n", file.name),
        None => "# settings file: none\n".to_owned(),
    };
    let lines = file.map(|file| (file.name.as_str(), Lines::new(&file.text, Origin::default())));
    let mut shown = Shown { text: head, file: lines };
    SETTINGS.iter().for_each(|setting| setting.show(&settings.store, &mut shown));
    shown.text
}

/// What has been printed, and the lines of the file.
pub(crate) struct Shown<'s> {
    text: String,
    file: Option<(&'s str, Lines<'s>)>,
}

impl Shown<'_> {
    /// Adds a setting on a line, with who gives it.
    pub(super) fn line(&mut self, setting: &str, from: From) {
        let from = match (from, &self.file) {
            (From::CommandLine, _) => "command line".to_owned(),
            (From::File(span), Some((name, lines))) => format!("{name}:{}", lines.position(span.start).line),
            (From::Default | From::File(_), _) => "default".to_owned(),
        };
        writeln!(self.text, "{setting} # {from}").expect("a String takes all");
    }

    /// Adds a setting of the file on a line.
    pub(super) fn line_at(&mut self, setting: &str, span: Span) {
        self.line(setting, From::File(span));
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }
}

/// A string as TOML writes it; JSON's escapes are TOML's.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
