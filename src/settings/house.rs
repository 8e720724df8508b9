//! The JSON Schemas of a team's own that `imagelint.toml` names.

use serde_json::{Value, json};

use crate::lint::linter::Linter;
use crate::settings::reader::{Source, Table};
use crate::settings::show::Shown;

#[cfg(feature = "house-schemas")]
mod schemas {
    use std::fmt::Write as _;
    use std::sync::Arc;

    use crate::lint::house::HouseSchema;
    use crate::recognise::kind::known_kind;
    use crate::settings::reader::Placed;
    use crate::settings::show::quoted;

    use crate::finding::Level;
    use crate::settings::list::level;

    use super::{Linter, Shown, Source, Table};

    /// The `[[house-schema]]` entries of an `imagelint.toml`.
    #[derive(Debug, Default)]
    pub(crate) struct Houses(Vec<Placed<Arc<HouseSchema>>>);

    impl Houses {
        pub(crate) fn read(tables: Vec<Table<'_>>, source: &Source<'_>) -> Self {
            Houses(tables.into_iter().filter_map(|table| read(table, source)).collect())
        }

        /// A linter that checks them, too.
        pub(crate) fn added_to(&self, linter: Linter) -> Linter {
            self.0.iter().fold(linter, |linter, entry| linter.with(entry.value.clone()))
        }

        pub(crate) fn show(&self, shown: &mut Shown<'_>) {
            for entry in &self.0 {
                let schema = &entry.value;
                let kinds: Vec<String> = schema.kinds.iter().map(|kind| quoted(kind.name)).collect();
                let (name, level) = (quoted(&schema.name), quoted(schema.level.name()));
                shown.text("\n");
                shown.line_at("[[house-schema]]", entry.span);
                let mut text = String::new();
                write!(text, "file = {name}\nkinds = [{}]\nlevel = {level}\n", kinds.join(", "))
                    .expect("a String takes all");
                shown.text(&text);
            }
        }
    }

    fn read(table: Table<'_>, source: &Source<'_>) -> Option<Placed<Arc<HouseSchema>>> {
        let table = table.knows(&["file", "kinds", "level"]);
        table.require("file", "it names the JSON Schema");
        table.require("kinds", "it names the kinds of documents that the schema is for");
        let kinds = table.texts_as("kinds", known_kind).into_iter().map(|kind| kind.value).collect();
        let level = table.text_as("level", level).map_or(Level::Error, |level| level.value);
        let schema = table.text_as("file", |name| HouseSchema::load(&source.folder.join(name), name, kinds, level))?;
        Some(Placed { value: Arc::new(schema.value), span: table.span })
    }
}

#[cfg(not(feature = "house-schemas"))]
mod schemas {
    use super::{Linter, Shown, Source, Table};

    /// No entries: this build has no validator for them.
    #[derive(Debug, Default)]
    pub(crate) struct Houses;

    impl Houses {
        pub(crate) fn read(tables: Vec<Table<'_>>, _source: &Source<'_>) -> Self {
            for table in tables {
                table.mistakes.add(table.span, "this build of imagelint cannot check house schemas");
            }
            Houses
        }

        pub(crate) fn added_to(&self, linter: Linter) -> Linter {
            linter
        }

        pub(crate) fn show(&self, _shown: &mut Shown<'_>) {}
    }
}

pub(super) use schemas::Houses;

impl Houses {
    /// The JSON Schema of the entries.
    pub(super) fn schema() -> Value {
        json!({
            "description": "JSON Schemas of your own, checked beside the rules.",
            "type": "array",
            "items": {
                "type": "object",
                "required": ["file", "kinds"],
                "additionalProperties": false,
                "properties": {
                    "file": {
                        "description": "The JSON Schema, which refers to local files only.",
                        "type": "string"
                    },
                    "kinds": {
                        "description": "The kinds of documents that it is for; `imagelint kinds` lists them.",
                        "type": "array",
                        "minItems": 1,
                        "items": { "$ref": "#/$defs/kind" }
                    },
                    "level": {
                        "description": "The level of its findings; `error` where it is left out.",
                        "$ref": "#/$defs/level"
                    }
                }
            }
        })
    }
}
