//! Tables of levels: those of `[levels]`, and those of `[[override]]` for some files.

use serde_json::{Map, Value, json};
use toml::de::DeValue;

use crate::finding::{Level, Rule};
use crate::lint::levels::known;
use crate::rules;
use crate::settings::reader::{Table, read_as};
use crate::settings::setting::{Given, SetBy};
use crate::settings::show::{TomlPrinter, quoted};
use crate::text::suggest;

/// The level of a rule, and what set it.
pub(super) type RuleLevel = (&'static Rule, Given<Level>);

/// The level of that name.
pub(super) fn level(text: &str) -> Result<Level, String> {
    let otherwise = "the levels here are `error`, `warning`, `info`, `off`";
    Level::from_name(text).ok_or_else(|| suggest::unknown("level", text, Level::ALL.map(Level::name), otherwise))
}

/// Reads a table of levels.
pub(super) fn read_levels(table: Table<'_>) -> Vec<RuleLevel> {
    let mut levels = Vec::new();
    for (key, value) in table.entries() {
        let rule = known(key.value).map_err(|message| table.mistakes.add(key.span, message)).ok();
        let Some(text) = read_as(key.value, value, "a level", table.mistakes, DeValue::as_str) else {
            continue;
        };
        let level = level(text.value).map_err(|message| table.mistakes.add(text.span, message)).ok();
        if let (Some(rule), Some(value)) = (rule, level) {
            levels.push((key.span, (rule, Given { value, set_by: SetBy::File(key.span) })));
        }
    }
    levels.sort_by_key(|(span, _)| *span);
    levels.into_iter().map(|(_, level)| level).collect()
}

/// The JSON Schema of a table of levels.
pub(super) fn levels_schema() -> Value {
    let level = |rule: &Rule| json!({ "$ref": "#/$defs/level", "description": rule.summary });
    let levels: Map<String, Value> = rules::all().map(|rule| (rule.name.to_owned(), level(rule))).collect();
    json!({
        "description": "The levels of rules.",
        "type": "object",
        "additionalProperties": false,
        "properties": levels
    })
}

/// Prints the levels, with those that overrides set for a file, except for overridden ones.
pub(super) fn show_levels(levels: &Given<Vec<RuleLevel>>, printer: &mut TomlPrinter<'_>) {
    printer.text("\n[levels]\n");
    let (flags, in_file): (Vec<_>, Vec<_>) =
        levels.value.iter().cloned().partition(|(_, level)| level.set_by == SetBy::CommandLine);
    let levels: Vec<RuleLevel> = in_file.into_iter().chain(printer.overriding().to_vec()).chain(flags).collect();
    for (index, (rule, level)) in levels.iter().enumerate() {
        if !levels[index + 1..].iter().any(|(later, _)| later == rule) {
            printer.line(&format!("{} = {}", rule.name, quoted(level.value.name())), level.set_by);
        }
    }
}
