//! The setting `house-schema`: a team's own JSON Schemas.

use serde_json::{Value, json};

use crate::lint::linter::Linter;
use crate::settings::reader::{Source, Table};
use crate::settings::show::TomlPrinter;

#[cfg(feature = "house-schemas")]
mod schemas {
    use std::fmt::Write as _;
    use std::sync::Arc;

    use crate::lint::house::HouseSchema;
    use crate::recognise::kind::known_kind;
    use crate::settings::reader::WithSpan;
    use crate::settings::show::quoted;

    use crate::finding::Level;
    use crate::settings::levels::level;

    use super::{Linter, Source, Table, TomlPrinter};

    /// The `[[house-schema]]` entries of an `imagelint.toml`.
    #[derive(Debug, Default)]
    pub(crate) struct HouseSchemas(Vec<WithSpan<Arc<HouseSchema>>>);

    impl HouseSchemas {
        pub(crate) fn read(tables: Vec<Table<'_>>, source: &Source<'_>) -> Self {
            HouseSchemas(tables.into_iter().filter_map(|table| read(table, source)).collect())
        }

        /// A linter that also checks these schemas.
        pub(crate) fn added_to(&self, linter: Linter) -> Linter {
            self.0.iter().fold(linter, |linter, entry| linter.with(entry.value.clone()))
        }

        pub(crate) fn show(&self, printer: &mut TomlPrinter<'_>) {
            for entry in &self.0 {
                let schema = &entry.value;
                let kinds: Vec<String> = schema.kinds.iter().map(|kind| quoted(kind.name)).collect();
                let (name, level) = (quoted(&schema.name), quoted(schema.level.name()));
                printer.text("\n");
                printer.line_at("[[house-schema]]", entry.span);
                let mut text = String::new();
                write!(text, "file = {name}\nkinds = [{}]\nlevel = {level}\n", kinds.join(", "))
                    .expect("a String takes all");
                printer.text(&text);
            }
        }
    }

    fn read(table: Table<'_>, source: &Source<'_>) -> Option<WithSpan<Arc<HouseSchema>>> {
        let table = table.allow_keys(&["file", "kinds", "level"]);
        table.require("file", "it names the JSON Schema");
        table.require("kinds", "it names the kinds of documents that the schema is for");
        let kinds = table.texts_as("kinds", known_kind).into_iter().map(|kind| kind.value).collect();
        let level = table.text_as("level", level).map_or(Level::Error, |level| level.value);
        let schema = table.text_as("file", |name| HouseSchema::load(&source.folder.join(name), name, kinds, level))?;
        Some(WithSpan { value: Arc::new(schema.value), span: table.span })
    }
}

#[cfg(not(feature = "house-schemas"))]
mod schemas {
    use super::{Linter, Source, Table, TomlPrinter};

    /// No entries: this build does not include the validator.
    #[derive(Debug, Default)]
    pub(crate) struct HouseSchemas;

    #[expect(clippy::unused_self, reason = "with the feature, the value has entries")]
    impl HouseSchemas {
        pub(crate) fn read(tables: Vec<Table<'_>>, _source: &Source<'_>) -> Self {
            for table in tables {
                table.mistakes.add(table.span, "this build of imagelint cannot check house schemas");
            }
            HouseSchemas
        }

        pub(crate) fn added_to(&self, linter: Linter) -> Linter {
            linter
        }

        pub(crate) fn show(&self, _shown: &mut TomlPrinter<'_>) {}
    }
}

pub(super) use schemas::HouseSchemas;

impl HouseSchemas {
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
                        "description": "The level of its findings; `error` by default.",
                        "$ref": "#/$defs/level"
                    }
                }
            }
        })
    }
}
