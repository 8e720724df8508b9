//! Prints the settings of a run in the syntax of `imagelint.toml`, with what set each in a comment.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::settings::Settings;
use crate::settings::levels::RuleLevel;
use crate::settings::list::{OVERRIDE, SETTINGS};
use crate::settings::setting::SetBy;
use crate::text::lines::{Lines, Origin};
use crate::text::span::Span;

/// The settings as TOML, for `imagelint config`. With a path, those that apply to this file; `run` are those of the
/// working directory, which are about the whole run.
pub(crate) fn settings(settings: &Settings, run: &Settings, path: Option<&Path>) -> String {
    let name = |settings: &Settings| settings.file.as_ref().map_or("none", |file| &file.name).to_owned();
    let mut head = format!("# settings file: {}\n", name(settings));
    if name(settings) != name(run) {
        writeln!(head, "# settings file of the run: {}", name(run)).expect("a String takes all");
    }
    if path.is_some_and(|path| settings.excludes(path)) {
        head.push_str("# this file is excluded\n");
    }
    let overrides = path.map(|path| settings.overrides(path)).unwrap_or_default();
    let overriding = settings.store.get(&OVERRIDE).value.levels(&overrides).cloned().collect();
    let mut printer = TomlPrinter { text: head, file: None, path, overriding };
    for setting in SETTINGS {
        let settings = if setting.is_of_run() { run } else { settings };
        printer.file = settings.file.as_ref().map(|file| (&*file.name, Lines::new(&file.text, Origin::default())));
        setting.show(&settings.store, &mut printer);
    }
    printer.text
}

/// Collects the text, and knows the lines of the settings file.
pub(crate) struct TomlPrinter<'s> {
    text: String,
    file: Option<(&'s str, Lines<'s>)>,
    /// The file whose settings are printed, if they are those of one file.
    path: Option<&'s Path>,
    /// The levels that overrides set for this file.
    overriding: Vec<RuleLevel>,
}

impl<'s> TomlPrinter<'s> {
    /// The file whose settings are printed, if they are those of one file.
    pub(super) fn path(&self) -> Option<&'s Path> {
        self.path
    }

    /// The levels that overrides set for this file.
    pub(super) fn overriding(&self) -> &[RuleLevel] {
        &self.overriding
    }

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
