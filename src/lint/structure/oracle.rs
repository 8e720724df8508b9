//! Compares the structural checks with the `jsonschema` crate on the exported schema, over the corpus and thousands
//! of random mutations of it, with a fixed seed.

use std::collections::HashMap;
use std::fs;

use fastrand::Rng;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::catalogue::schema;
use crate::document::Document;
use crate::finding::fault::Fault;
use crate::lint::structure;
use crate::recognise::kind::may_stand_at_root;
use crate::recognise::payload::Contents;
use crate::repository::fixtures;
use crate::rule::Tree;

/// The exported schema with `additionalProperties: false` in every structure, as unknown members are findings.
struct Oracle {
    schema: Value,
    validators: HashMap<&'static str, Validator>,
}

impl Oracle {
    fn new() -> Self {
        let mut schema = schema::all();
        for definition in schema["$defs"].as_object_mut().expect("$defs").values_mut() {
            if definition.get("properties").is_some() && definition.get("additionalProperties").is_none() {
                definition["additionalProperties"] = json!(false);
            }
        }
        Oracle { schema, validators: HashMap::new() }
    }

    fn is_valid(&mut self, shape: &'static str, value: &Value) -> bool {
        let validator = self.validators.entry(shape).or_insert_with(|| {
            let mut schema = self.schema.clone();
            schema["$ref"] = json!(format!("#/$defs/{shape}"));
            jsonschema::validator_for(&schema).expect("the schema compiles")
        });
        validator.is_valid(value)
    }
}

/// Whether both agree on a text being valid; none for texts that the oracle cannot judge.
fn agrees(oracle: &mut Oracle, text: &str) -> Option<bool> {
    let document = Document::parse(text);
    let mut value: Value = serde_json::from_str(text).ok()?;
    let contents = Contents::of(&document, None);
    // The oracle sees the last of two values for one key, and does not unwrap envelopes.
    let payload = contents.payloads.first().filter(|payload| document.root() == Some(payload.value))?;
    if !document.faults.is_empty() {
        return None;
    }
    if let Some(members) = value.as_object_mut() {
        members.retain(|name, _| {
            let is_known = payload.shape.member(name).is_some();
            name != "ResponseMetadata" && (is_known || !may_stand_at_root(name, payload.shape))
        });
        // What paginators write is the member, for us.
        if payload.shape.member("nextToken").is_some()
            && let Some(token) = members.remove("NextToken")
            && members.insert("nextToken".to_owned(), token).is_some()
        {
            return None;
        }
    }
    // JSON Schema accepts 7.0 as an integer; we report it, as the service never writes it. (Larger ones may be
    // out of range, too.)
    let whole = |fault: &Fault| {
        let number = text[fault.primary.span.range()].parse::<f64>();
        fault.message.contains("has a fraction or an exponent")
            && number.is_ok_and(|number| number.fract() == 0.0 && number.abs() < 100.0)
    };
    let of_boto3 = |fault: &Fault| document.pointer(fault.subject).split('/').nth(1) == Some("ResponseMetadata");
    let mut faults = Vec::new();
    let tree = Tree::new(&document, payload);
    // Masks are not judged, and the oracle knows none.
    if tree.has_masks() {
        return None;
    }
    structure::check(&tree, None, &mut faults);
    let ours = faults.iter().all(|fault| of_boto3(fault) || whole(fault));
    Some(ours == oracle.is_valid(payload.shape.name(), &value))
}

/// The texts below a folder of the corpus.
fn texts(folder: &str) -> Vec<String> {
    fixtures(folder).into_iter().filter_map(|path| fs::read_to_string(path).ok()).collect()
}

#[test]
fn the_oracle_agrees_on_the_corpus() {
    let mut oracle = Oracle::new();
    let mut judged = 0;
    for text in texts("corpus") {
        if let Some(agreed) = agrees(&mut oracle, &text) {
            judged += 1;
            assert!(agreed, "the verdicts differ on\n{text}");
        }
    }
    assert!(judged > 100, "only {judged} documents were judged");
}

#[test]
fn the_oracle_agrees_on_mutations() {
    let mut oracle = Oracle::new();
    let mut rng = Rng::with_seed(20_191_202);
    let mut judged = 0;
    // Whole documents have many values; the others are small, and there are thousands of them.
    let each = [("corpus/valid/base", 40), ("corpus/valid", 4), ("corpus/invalid", 4)];
    let texts = each.into_iter().flat_map(|(folder, each)| texts(folder).into_iter().map(move |text| (text, each)));
    for (text, each) in texts {
        let Ok(value) = serde_json::from_str::<Value>(&text) else {
            continue;
        };
        for _ in 0..each {
            let mut mutated = value.clone();
            for _ in 0..rng.usize(1..3) {
                mutate(&mut mutated, &mut rng);
            }
            let text = format!("{mutated:#}");
            if let Some(agreed) = agrees(&mut oracle, &text) {
                judged += 1;
                assert!(agreed, "the verdicts differ on\n{text}");
            }
        }
    }
    assert!(judged > 4000, "only {judged} mutations were judged");
}

/// Changes one random node: deletes it, renames it, or replaces its value by one of another type or out of range.
fn mutate(value: &mut Value, rng: &mut Rng) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let key = members.keys().nth(rng.usize(..members.len())).expect("an index in range").clone();
            match rng.u8(..10) {
                0 => {
                    members.remove(&key);
                }
                1 => rename(members, &key, rng),
                2 => {
                    members.insert(key, random_value(rng));
                }
                _ => mutate(members.get_mut(&key).expect("the key is there"), rng),
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let index = rng.usize(..items.len());
            match rng.u8(..10) {
                0 => items[index] = random_value(rng),
                1 => {
                    let item = items[index].clone();
                    items.extend(std::iter::repeat_n(item, rng.usize(1..60)));
                }
                _ => mutate(&mut items[index], rng),
            }
        }
        Value::String(text) => match rng.u8(..7) {
            0 => text.clear(),
            1 => *text = text.repeat(200),
            2 => text.push('\u{e9}'),
            3 => *text = text.to_lowercase(),
            4 => text.insert(0, 'x'),
            5 => "BOGUS".clone_into(text),
            _ => *value = random_value(rng),
        },
        other => *other = random_value(rng),
    }
}

fn rename(members: &mut Map<String, Value>, key: &str, rng: &mut Rng) {
    let value = members.remove(key).expect("the key is there");
    let name = match rng.u8(..5) {
        0 => key.to_uppercase(),
        1 => format!("{key}s"),
        2 => format!("{key}Extra"),
        3 => key.replace('A', "_a"),
        _ => key.chars().rev().collect(),
    };
    members.insert(name, value);
}

fn random_value(rng: &mut Rng) -> Value {
    let values = [
        json!(null),
        json!(true),
        json!("text"),
        json!(""),
        json!(0),
        json!(-1),
        json!(65),
        json!(1.5),
        json!(100_000),
        json!({}),
        json!([]),
        json!([{}]),
        json!({"name": "x"}),
    ];
    values[rng.usize(..values.len())].clone()
}
