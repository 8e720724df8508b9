//! Derives `schemas/imagebuilder.json` from a botocore service model and the overlay beside it.
//! Facts only: types, members, enum values, patterns and bounds; none of the model's prose.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// The input of a derivation.
pub(crate) struct Source<'a> {
    /// botocore's `imagebuilder/2019-12-02/service-2.json`, parsed.
    pub(crate) model: &'a Value,
    /// `schemas/overlay.json`, parsed.
    pub(crate) overlay: &'a Value,
    /// The name, version and date of the release that the model is from.
    pub(crate) release: &'a Value,
}

/// Derives the JSON Schema, with an entry in `$defs` for each shape that the response or the request of an operation
/// refers to. A shape that is stricter in requests is there twice: see [`merge`].
///
/// # Errors
///
/// If the model has a trait that this derivation does not know, or an entry of the overlay names something that does
/// not exist or changes nothing. The message names the shape or the entry.
pub(crate) fn derive(source: &Source) -> Result<Value, String> {
    let mut sides = [("responses", responses(source.model)?), ("requests", requests(source.model)?)];
    let deviations = source.overlay["deviations"].as_array().ok_or("overlay: `deviations` is missing")?;
    for deviation in deviations {
        deviate_sides(&mut sides, deviation).map_err(|why| format!("overlay entry {deviation}: {why}"))?;
    }
    let [(_, responses), (_, requests)] = sides;
    let defs = merge(&responses, requests);
    require_targets(&defs)?;
    Ok(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Derived by `cargo xtask derive`; edit schemas/overlay.json instead.",
        "title": "Responses and requests of EC2 Image Builder",
        "x-model": source.release,
        "$defs": defs,
    }))
}

/// A schema as text, as it is committed: indented by two spaces, with a final line feed.
#[must_use]
pub(crate) fn to_text(schema: &Value) -> String {
    format!("{schema:#}\n")
}

/// The definitions of all shapes that responses refer to, without the overlay.
pub(crate) fn responses(model: &Value) -> Result<Map<String, Value>, String> {
    let mut defs = Map::new();
    for root in response_shapes(model)? {
        reach(model, &root, &mut defs)?;
    }
    Ok(defs)
}

/// The definitions of all shapes that requests refer to, without the overlay.
pub(crate) fn requests(model: &Value) -> Result<Map<String, Value>, String> {
    let operations = model["operations"].as_object().ok_or("the model has no operations")?;
    let mut defs = Map::new();
    for root in operations.values().filter_map(|operation| operation["input"]["shape"].as_str()) {
        reach(model, root, &mut defs)?;
    }
    Ok(defs)
}

/// The definitions of both sides in one. A shape that both have with the same definition is there once; of one that
/// differs, or refers to one that does, requests have a variant that refers to it: `RequestedTagMap` to `TagMap`.
fn merge(responses: &Map<String, Value>, requests: Map<String, Value>) -> Map<String, Value> {
    let is_shared = |name: &String| responses.contains_key(name);
    let differs =
        |(name, definition): &(&String, &Value)| responses.get(*name).is_some_and(|other| other != *definition);
    let mut differing: BTreeSet<String> = requests.iter().filter(differs).map(|(name, _)| name.clone()).collect();
    loop {
        let follows = |(name, definition): &(&String, &Value)| {
            is_shared(name) && !differing.contains(*name) && references(definition).any(|to| differing.contains(to))
        };
        let more: Vec<String> = requests.iter().filter(follows).map(|(name, _)| name.clone()).collect();
        if more.is_empty() {
            break;
        }
        differing.extend(more);
    }
    let mut defs = responses.clone();
    for (name, mut definition) in requests {
        redirect(&mut definition, &differing);
        if differing.contains(&name) {
            if let Some(properties) = definition.get_mut("properties").and_then(Value::as_object_mut) {
                properties.retain(|member, target| responses[&name]["properties"].get(member) != Some(target));
            }
            definition["$ref"] = json!(format!("#/$defs/{name}"));
            defs.insert(requested(&name), definition);
        } else {
            defs.insert(name, definition);
        }
    }
    defs
}

/// The name of the variant of a shape that requests have.
fn requested(name: &str) -> String {
    format!("Requested{name}")
}

/// The names of the shapes that a definition refers to.
fn references(definition: &Value) -> impl Iterator<Item = &str> {
    let properties = definition["properties"].as_object().into_iter().flat_map(Map::values);
    let others = ["items", "propertyNames", "additionalProperties"].into_iter().map(|keyword| &definition[keyword]);
    properties.chain(others).filter_map(|target| target["$ref"].as_str()?.strip_prefix("#/$defs/"))
}

/// Lets a definition refer to the variants of shapes.
fn redirect(definition: &mut Value, variants: &BTreeSet<String>) {
    match definition {
        Value::Object(members) => {
            let name = members.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix("#/$defs/"));
            if let Some(name) = name.filter(|name| variants.contains(*name)) {
                let target = json!(format!("#/$defs/{}", requested(name)));
                members.insert("$ref".to_owned(), target);
            }
            members.values_mut().for_each(|member| redirect(member, variants));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redirect(item, variants)),
        _ => {}
    }
}

fn response_shapes(model: &Value) -> Result<BTreeSet<String>, String> {
    let operations = model["operations"].as_object().ok_or("the model has no operations")?;
    let outputs = operations.values().filter_map(|operation| operation["output"]["shape"].as_str());
    let says_something = |output: &&str| !model["shapes"][output]["members"].as_object().is_some_and(Map::is_empty);
    Ok(outputs.filter(says_something).map(str::to_owned).collect())
}

fn reach(model: &Value, name: &str, defs: &mut Map<String, Value>) -> Result<(), String> {
    if defs.contains_key(name) {
        return Ok(());
    }
    let shape = model["shapes"][name].as_object().ok_or_else(|| format!("the model has no shape {name}"))?;
    known_traits(name, shape)?;
    defs.insert(name.to_owned(), definition(name, shape)?);
    let members = shape.get("members").and_then(Value::as_object);
    let members = members.into_iter().flat_map(Map::values);
    for target in members.chain(["member", "key", "value"].iter().filter_map(|part| shape.get(*part))) {
        reach(model, target["shape"].as_str().ok_or("a member without a shape")?, defs)?;
    }
    Ok(())
}

/// Refuses a trait that is neither converted nor known to be irrelevant for documents.
fn known_traits(name: &str, shape: &Map<String, Value>) -> Result<(), String> {
    const KNOWN: &[&str] = &[
        "type",
        "members",
        "member",
        "key",
        "value",
        "required",
        "enum",
        "pattern",
        "min",
        "max",
        "documentation",
        "box",
    ];
    match shape.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        Some(key) => Err(format!("shape {name} has the unknown trait `{key}`")),
        None => Ok(()),
    }
}

fn definition(name: &str, shape: &Map<String, Value>) -> Result<Value, String> {
    let reference = |part: &Value| json!({ "$ref": format!("#/$defs/{}", part["shape"].as_str().unwrap_or_default()) });
    let bounded = |kind: &str, min: &str, max: &str| {
        let mut schema = Map::from_iter([("type".to_owned(), json!(kind))]);
        for (from, to) in [("min", min), ("max", max), ("enum", "enum"), ("pattern", "pattern")] {
            if let Some(bound) = shape.get(from) {
                schema.insert(to.to_owned(), bound.clone());
            }
        }
        schema
    };
    let schema = match shape["type"].as_str() {
        Some("structure") => {
            let members = shape["members"].as_object().ok_or("a structure without members")?;
            let properties: Map<_, _> = members.iter().map(|(key, member)| (key.clone(), reference(member))).collect();
            let mut schema =
                Map::from_iter([("type".to_owned(), json!("object")), ("properties".to_owned(), properties.into())]);
            // Clients fill in a token that is absent.
            let is_token = |name: &&Value| members[name.as_str().unwrap_or_default()]["idempotencyToken"] == true;
            let required = shape.get("required").and_then(Value::as_array).into_iter().flatten();
            let required: Vec<&Value> = required.filter(|name| !is_token(name)).collect();
            if !required.is_empty() {
                schema.insert("required".to_owned(), json!(required));
            }
            schema
        }
        Some("list") => {
            let mut schema = bounded("array", "minItems", "maxItems");
            schema.insert("items".to_owned(), reference(&shape["member"]));
            schema
        }
        Some("map") => {
            let mut schema = bounded("object", "minProperties", "maxProperties");
            schema.insert("propertyNames".to_owned(), reference(&shape["key"]));
            schema.insert("additionalProperties".to_owned(), reference(&shape["value"]));
            schema
        }
        Some("string") => bounded("string", "minLength", "maxLength"),
        Some("integer" | "long") => bounded("integer", "minimum", "maximum"),
        Some("double" | "float") => bounded("number", "minimum", "maximum"),
        Some("boolean") => bounded("boolean", "", ""),
        // Responses have a number of seconds; dumps of the AWS CLI and boto3 have ISO 8601 text.
        Some("timestamp") => Map::from_iter([("type".to_owned(), json!(["number", "string"]))]),
        other => return Err(format!("shape {name} has the unknown type {other:?}")),
    };
    Ok(schema.into())
}

/// Applies a deviation to the side that it is of, or to both.
fn deviate_sides(sides: &mut [(&str, Map<String, Value>); 2], deviation: &Value) -> Result<(), String> {
    let of = deviation["of"].as_str();
    if of.is_some_and(|of| !sides.iter().any(|(side, _)| *side == of)) {
        return Err("`of` is responses or requests".to_owned());
    }
    let chosen = sides.iter_mut().filter(|(side, _)| of.is_none_or(|of| *side == of));
    let results: Vec<Result<(), String>> = chosen.map(|(_, defs)| deviate(defs, deviation)).collect();
    // What only one of the sides has is changed there; what is added neither side has.
    let is_change = deviation.get("add").is_none();
    if is_change && results.iter().any(Result::is_ok) { Ok(()) } else { results.into_iter().collect() }
}

fn deviate(defs: &mut Map<String, Value>, deviation: &Value) -> Result<(), String> {
    if deviation["reason"].as_str().unwrap_or_default().is_empty() {
        return Err("it has no reason".to_owned());
    }
    let at = deviation["at"].as_str().ok_or("it has no `at`")?;
    if let Some(addition) = deviation.get("add") {
        let name = at.strip_prefix("/$defs/").ok_or("`add` takes /$defs/<Shape>")?;
        return match defs.insert(name.to_owned(), addition.clone()) {
            None => Ok(()),
            Some(_) => Err("the model has that shape already".to_owned()),
        };
    }
    let mut changed = false;
    for target in targets(defs, at)? {
        changed |= change(target, deviation)?;
    }
    if changed { Ok(()) } else { Err("it changes nothing".to_owned()) }
}

fn targets<'a>(defs: &'a mut Map<String, Value>, at: &str) -> Result<Vec<&'a mut Map<String, Value>>, String> {
    let kind = match at {
        "every list" => Some("items"),
        "every map" => Some("propertyNames"),
        _ => None,
    };
    if let Some(keyword) = kind {
        let shapes = defs.values_mut().filter_map(Value::as_object_mut);
        return Ok(shapes.filter(|shape| shape.contains_key(keyword)).collect());
    }
    let mut path = at.strip_prefix("/$defs/").ok_or("`at` starts with /$defs/")?.split('/');
    let name = path.next().unwrap_or_default();
    let mut target = defs.get_mut(name).ok_or_else(|| format!("there is no shape {name}"))?;
    for step in path {
        target = target.get_mut(step).ok_or_else(|| format!("there is no `{step}`"))?;
    }
    Ok(vec![target.as_object_mut().ok_or("`at` names no object")?])
}

fn change(target: &mut Map<String, Value>, deviation: &Value) -> Result<bool, String> {
    let mut changed = false;
    for (keyword, value) in deviation["set"].as_object().into_iter().flatten() {
        changed |= target.insert(keyword.clone(), value.clone()).as_ref() != Some(value);
    }
    for keyword in deviation["remove"].as_array().into_iter().flatten() {
        changed |= target.remove(keyword.as_str().ok_or("`remove` takes names of keywords")?).is_some();
    }
    Ok(changed)
}

fn require_targets(defs: &Map<String, Value>) -> Result<(), String> {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(target)) = members.get("$ref") {
                    found.push(target.as_str());
                }
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    for (name, schema) in defs {
        let mut found = Vec::new();
        references(schema, &mut found);
        for target in found {
            if !target.strip_prefix("#/$defs/").is_some_and(|target| defs.contains_key(target)) {
                return Err(format!("shape {name} refers to {target}, which does not exist"));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Source;

    /// Tests the derivation on a small made-up model.
    #[test]
    fn the_overlay_names_only_things_that_exist_and_changes_them() {
        let model = json!({
            "operations": { "GetImage": { "output": { "shape": "Response" } }, "DeleteComponent": { "output": { "shape": "Other" } }, "CreateImage": { "output": { "shape": "Answer" } } },
            "shapes": {
                "Response": { "type": "structure", "required": ["name"], "members": { "name": { "shape": "Name" }, "tags": { "shape": "Tags" } } },
                "Name": { "type": "string", "min": 1, "max": 9, "pattern": "^a+$", "documentation": "prose" },
                "Tags": { "type": "map", "min": 1, "key": { "shape": "Name" }, "value": { "shape": "Name" } },
                "Other": { "type": "structure", "members": {} },
                "Answer": { "type": "structure", "members": { "clientToken": { "shape": "Name" } } }
            }
        });
        let derive = |deviation: Value| {
            let overlay = json!({ "deviations": [deviation] });
            super::derive(&Source { model: &model, overlay: &overlay, release: &Value::Null })
        };
        let schema =
            derive(json!({"at": "every map", "remove": ["minProperties"], "reason": "empty maps"})).expect("it fits");
        let names: Vec<&String> = schema["$defs"].as_object().expect("$defs").keys().collect();
        assert_eq!(
            names,
            ["Answer", "Name", "Response", "Tags"],
            "shapes of Get and List responses and of answers only"
        );
        assert_eq!(schema["$defs"]["Tags"].get("minProperties"), None);
        assert_eq!(
            schema["$defs"]["Name"],
            json!({"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^a+$"})
        );
        assert!(!schema.to_string().contains("prose"));
        for (deviation, why) in [
            (json!({"at": "/$defs/Nome", "remove": ["pattern"], "reason": "r"}), "no shape Nome"),
            (json!({"at": "/$defs/Response/properties/nome", "set": {"$ref": "x"}, "reason": "r"}), "no `nome`"),
            (json!({"at": "/$defs/Name", "remove": ["maximum"], "reason": "r"}), "changes nothing"),
            (json!({"at": "/$defs/Name", "set": {"maxLength": 9}, "reason": "r"}), "changes nothing"),
            (json!({"at": "/$defs/Name", "remove": ["pattern"]}), "no reason"),
            (json!({"at": "/$defs/Name", "add": {}, "reason": "r"}), "has that shape already"),
            (
                json!({"at": "/$defs/Response/properties/name", "set": {"$ref": "#/$defs/Gone"}, "reason": "r"}),
                "does not exist",
            ),
        ] {
            let error = derive(deviation).expect_err("the overlay does not fit");
            assert!(error.contains(why), "{error}");
        }
    }
}
