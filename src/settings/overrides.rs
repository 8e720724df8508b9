//! The setting `override`: levels of rules in some files only.

use std::path::Path;

use serde_json::{Value, json};

use crate::settings::levels::{RuleLevel, read_levels};
use crate::settings::path_globs::PathGlobs;
use crate::settings::reader::{Source, Table};
use crate::settings::show::{TomlPrinter, quoted};
use crate::text::span::Span;

/// The `[[override]]` entries of an `imagelint.toml`.
#[derive(Debug, Default)]
pub(super) struct Overrides(Vec<Override>);

/// One entry.
#[derive(Debug)]
struct Override {
    span: Span,
    path: PathGlobs,
    levels: Vec<RuleLevel>,
}

impl Overrides {
    pub(super) fn read(tables: Vec<Table<'_>>, source: &Source<'_>) -> Self {
        let read = |table: Table<'_>| {
            let table = table.allow_keys(&["path", "levels"]);
            table.require("path", "an override is for some files");
            table.require("levels", "an override sets levels of rules");
            let (path, levels) = (table.glob("path"), table.table("levels"));
            let path = PathGlobs::new(source.folder.clone(), vec![path?]);
            Some(Override { span: table.span, path, levels: read_levels(levels?) })
        };
        Overrides(tables.into_iter().filter_map(read).collect())
    }

    /// Whether there are any.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The indices of the entries for a file.
    pub(super) fn matching(&self, path: &Path) -> Vec<usize> {
        self.0.iter().enumerate().filter(|(_, entry)| entry.path.matches(path)).map(|(index, _)| index).collect()
    }

    /// The levels that entries set, in their order; later ones override earlier ones.
    pub(super) fn levels(&self, entries: &[usize]) -> impl Iterator<Item = &RuleLevel> {
        entries.iter().filter_map(|index| self.0.get(*index)).flat_map(|entry| &entry.levels)
    }

    /// The levels that any entry sets.
    pub(super) fn all_levels(&self) -> impl Iterator<Item = &RuleLevel> {
        self.0.iter().flat_map(|entry| &entry.levels)
    }

    pub(super) fn show(&self, printer: &mut TomlPrinter<'_>) {
        for entry in &self.0 {
            let level = |(rule, level): &RuleLevel| format!("{} = {}", rule.name, quoted(level.value.name()));
            let levels = entry.levels.iter().map(level).collect::<Vec<_>>().join(", ");
            printer.text("\n");
            printer.line_at("[[override]]", entry.span);
            printer.text(&format!("path = {}\nlevels = {{ {levels} }}\n", quoted(entry.path.first())));
        }
    }

    /// The JSON Schema of the entries.
    pub(super) fn schema() -> Value {
        json!({
            "description": "Levels of rules in some files only; later entries override earlier ones.",
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "levels"],
                "additionalProperties": false,
                "properties": {
                    "path": { "description": "A glob of files or folders.", "$ref": "#/$defs/glob" },
                    "levels": { "$ref": "#/$defs/levels" }
                }
            }
        })
    }
}
