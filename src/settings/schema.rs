//! The JSON Schema of `imagelint.toml`, for completion and checks in editors.

use serde_json::{Map, Value, json};

use crate::finding::Level;
use crate::recognise::kind::kinds;
use crate::rules;
use crate::settings::levels::levels_schema;
use crate::settings::list::SETTINGS;

/// The schema, as `schemas/settings.json` holds it.
pub(crate) fn schema() -> String {
    let properties: Map<String, Value> =
        SETTINGS.iter().filter_map(|setting| Some((setting.key()?.to_owned(), setting.schema()))).collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "imagelint.toml",
        "description": "The settings of imagelint. The command line overrides them. Paths and globs are relative to \
                        the folder of the file and written with `/`.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "$defs": {
            "level": { "enum": Level::ALL.map(Level::name) },
            "rule": { "enum": rules::all().map(|rule| rule.name).collect::<Vec<_>>() },
            "kind": { "enum": kinds().map(|kind| kind.name).collect::<Vec<_>>() },
            "levels": levels_schema(),
            "glob": { "type": "string", "minLength": 1 }
        }
    });
    serde_json::to_string_pretty(&schema).expect("a JSON value") + "\n"
}

#[cfg(test)]
mod tests {
    use crate::repository::assert_current;

    #[test]
    fn the_committed_schema_is_current() {
        assert_current("schemas/settings.json", &super::schema());
    }
}
