//! Self-contained JSON Schemas of kinds, for editors and other validators.

use serde_json::{Map, Value, json};

use crate::recognise::kind::{Form, Kind};
use crate::recognise::sign::Sign;

/// The definitions of all shapes, written by `build/`.
const SCHEMA: &str = include_str!(concat!(env!("OUT_DIR"), "/schema.json"));

/// The JSON Schema (2020-12) of all forms of a kind, with only the shapes that it needs. A document is checked as the
/// first form whose sign it has, or as the first one of all.
pub(crate) fn schema(kind: &Kind) -> Value {
    let all = all();
    let mut needed = Map::new();
    for form in kind.forms {
        collect(&all["$defs"], form.shape.name(), &mut needed);
    }
    for (name, shape) in &mut needed {
        export(shape);
        shape["title"] = name.as_str().into();
    }
    let model = |field: &str| all["x-model"][field].as_str().unwrap_or_default();
    let mut schema = forms(kind.forms);
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = format!("{}: {}", kind.name, kind.summary).into();
    schema["$comment"] = format!(
        "Structure after {} {} ({}); imagelint checks more than a schema can say.",
        model("name"),
        model("version"),
        model("date")
    )
    .into();
    schema["$defs"] = needed.into();
    schema
}

/// One JSON Schema with all shapes. Each has all of its members: those of other serialisations are copied.
///
/// # Panics
///
/// Never: `build/` writes valid JSON.
pub(crate) fn all() -> Value {
    serde_json::from_str(SCHEMA).expect("build/ has written it")
}

/// The schema of what has one of several forms.
fn forms(forms: &[Form]) -> Value {
    let reference = |form: &Form| json!({ "$ref": format!("#/$defs/{}", form.shape.name()) });
    let first = forms.first().map_or_else(|| json!({}), reference);
    let is_one = forms.iter().all(|form| forms.first().is_some_and(|first| first.shape.name() == form.shape.name()));
    if is_one {
        return first;
    }
    forms.iter().rev().fold(first, |rest, form| match condition(&form.sign) {
        Some(condition) => json!({ "if": condition, "then": reference(form), "else": rest }),
        None => rest,
    })
}

/// The schema of objects with a sign; none if a schema cannot say it.
fn condition(sign: &Sign) -> Option<Value> {
    let arn = |pattern: String| json!({ "type": "string", "pattern": pattern });
    Some(match sign {
        Sign::Has(name) | Sign::Holds(name, _) => has(name, &json!(true)),
        Sign::HasAny(names) => json!({ "anyOf": names.iter().map(|name| has(name, &json!(true))).collect::<Vec<_>>() }),
        Sign::IsString(name) => has(name, &json!({ "type": "string" })),
        Sign::IsNumber(name) => has(name, &json!({ "type": "number" })),
        Sign::IsObject(name) => has(name, &json!({ "type": "object" })),
        Sign::Text(name, text) => has(name, &json!({ "const": text })),
        Sign::ArnOf(resource) => has("arn", &arn(format!("^arn:[^:]*:imagebuilder:[^:]*:[^:]*:{resource}/"))),
        Sign::OwnArn(name) => has(name, &arn("^arn:[^:]*:imagebuilder:".to_owned())),
        Sign::In(name, sign) => has(name, &condition(sign)?),
        Sign::SomeItem(name, sign) => has(name, &json!({ "type": "array", "contains": condition(sign)? })),
        Sign::EveryItem(name, sign) => has(name, &condition(&Sign::Items(sign))?),
        Sign::Items(sign) => json!({ "type": "array", "minItems": 1, "items": condition(sign)? }),
        Sign::Without(sign) => json!({ "not": condition(sign)? }),
        // What a schema cannot say is not asked for, in addition to the others.
        Sign::All(signs) => match signs.iter().filter_map(condition).collect::<Vec<_>>() {
            conditions if conditions.is_empty() => return None,
            conditions => json!({ "allOf": conditions }),
        },
        Sign::Any(signs) => json!({ "anyOf": signs.iter().map(condition).collect::<Option<Vec<_>>>()? }),
        Sign::Mostly(_) | Sign::Only(_) | Sign::NoMoreThan(_) | Sign::OfEnvelope(_) | Sign::Is { .. } => return None,
    })
}

/// The schema of objects that have a member.
fn has(name: &str, value: &Value) -> Value {
    json!({ "type": "object", "properties": { name: value }, "required": [name] })
}

/// Rewrites a shape for other validators: what only imagelint understands becomes a comment, and what has one of
/// several types, alternatives.
fn export(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(levels) = members.remove("x-levels") {
                let before = members.get("$comment").and_then(Value::as_str).map(|comment| format!("{comment} "));
                let comment = format!("{}Levels of imagelint: {levels}", before.unwrap_or_default());
                members.insert("$comment".to_owned(), comment.into());
            }
            if let Some(types) = members.get("type").and_then(Value::as_array).cloned() {
                members.remove("type");
                let alternatives: Vec<Value> = types.iter().map(|name| of_type(name, members)).collect();
                KEYWORDS.iter().flat_map(|(_, keywords)| *keywords).for_each(|keyword| drop(members.remove(*keyword)));
                members.insert("anyOf".to_owned(), alternatives.into());
            }
            members.values_mut().for_each(export);
        }
        Value::Array(items) => items.iter_mut().for_each(export),
        _ => {}
    }
}

/// The keywords of a schema that are about values of one type.
const KEYWORDS: [(&str, &[&str]); 3] = [
    ("number", &["minimum", "maximum"]),
    ("integer", &["minimum", "maximum"]),
    ("string", &["pattern", "minLength", "maxLength", "format"]),
];

/// One type of several, with its keywords.
fn of_type(name: &Value, members: &Map<String, Value>) -> Value {
    let own = KEYWORDS.iter().find(|(known, _)| name == known).map_or(&[][..], |(_, keywords)| *keywords);
    let keywords = members.iter().filter(|(keyword, _)| own.contains(&keyword.as_str()));
    let keywords = keywords.map(|(keyword, value)| (keyword.clone(), value.clone()));
    std::iter::once(("type".to_owned(), name.clone())).chain(keywords).collect::<Map<_, _>>().into()
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
                // The object out of the response is checked as well.
                let image = &document["image"];
                assert!(validator.is_valid(image));
                let mut wrong = image.clone();
                wrong["platform"] = "linux".into();
                assert!(!validator.is_valid(&wrong));
            }
        }
    }
}
