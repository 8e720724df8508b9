//! Self-contained JSON Schemas of kinds, for editors and other validators.

use serde_json::{Map, Value, json};

use crate::recognise::kind::Kind;

/// The definitions of all shapes, written by `build/`.
const SCHEMA: &str = include_str!(concat!(env!("OUT_DIR"), "/schema.json"));

/// The JSON Schema (2020-12) of the first form of a kind, with only the shapes that it needs.
///
/// # Panics
///
/// Never: every kind has a form.
pub(crate) fn schema(kind: &Kind) -> Value {
    let all = all();
    let root = kind.forms.first().expect("every kind has a form").shape.name();
    let mut needed = Map::new();
    collect(&all["$defs"], root, &mut needed);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("{}: {}", kind.name, kind.summary),
        "x-model": all["x-model"],
        "$ref": format!("#/$defs/{root}"),
        "$defs": needed,
    })
}

/// One JSON Schema with all shapes. Each has all of its members: those of other serialisations are copied.
///
/// # Panics
///
/// Never: `build/` writes valid JSON.
pub(crate) fn all() -> Value {
    serde_json::from_str(SCHEMA).expect("build/ has written it")
}

fn collect(shapes: &Value, name: &str, needed: &mut Map<String, Value>) {
    if needed.contains_key(name) {
        return;
    }
    needed.insert(name.to_owned(), shapes[name].clone());
    let mut pending = vec![&shapes[name]];
    while let Some(value) = pending.pop() {
        match value {
            Value::Object(members) => {
                let target = members.get("$ref").and_then(Value::as_str);
                if let Some(target) = target.and_then(|target| target.strip_prefix("#/$defs/")) {
                    collect(shapes, target, needed);
                }
                pending.extend(members.values());
            }
            Value::Array(items) => pending.extend(items),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::recognise::kind::kinds;
    use crate::repository::json as read;

    #[test]
    fn the_schemas_are_json_schema() {
        for file in ["baseline.json", "imagebuilder.json", "report.json", "settings.json"] {
            let schema = read(&format!("schemas/{file}"));
            assert!(jsonschema::meta::is_valid(&schema), "{file}");
            jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{file}: {error}"));
        }
    }

    #[test]
    fn the_schema_of_a_kind_stands_alone() {
        let document = read("corpus/valid/base/linux-ami.json");
        for kind in kinds() {
            let schema = super::schema(kind);
            let validator = jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{}: {error}", kind.name));
            if kind.name == "get-image" {
                assert!(validator.is_valid(&document));
                assert!(!validator.is_valid(&json!({"image": "web-server"})));
                assert_eq!(schema["$defs"].get("LifecyclePolicy"), None, "shapes that it does not need are left out");
            }
        }
    }
}
