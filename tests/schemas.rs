//! The committed schemas and the rules' own words.
#![allow(clippy::print_stderr, reason = "a check that is left out says so")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use imagelint::finding::Level;
use imagelint::model::shape::{Kind, Shape};
use imagelint::rules;
use serde_json::Value;

mod common;
use common::path;

fn json(relative: &str) -> Value {
    let text = fs::read_to_string(path(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{relative}: {error}"))
}

/// `IMAGELINT_MODEL` names the `service-2.json` of the version in the committed schema; CI sets it.
#[test]
fn the_committed_schema_is_the_model_plus_the_overlay() {
    let Some(model) = std::env::var_os("IMAGELINT_MODEL") else {
        eprintln!("IMAGELINT_MODEL is not set: the derivation is not checked");
        return;
    };
    let committed = json("schemas/imagebuilder.json");
    let field = |name: &str| committed["x-model"][name].as_str().expect("x-model").to_owned();
    let model = derive_schemas::read_model(Path::new(&model)).expect("the model");
    let history = json("schemas/history.json");
    let extended = derive_schemas::history::extend(&history, &model, &field("version"), &field("date"));
    assert!(extended.expect("a known version") == history, "schemas/history.json is stale; derive it again");
    let derived = derive_schemas::derive(&derive_schemas::Source {
        model: &model,
        overlay: &json("schemas/overlay.json"),
        version: &field("version"),
        date: &field("date"),
    })
    .expect("the overlay fits the model");
    let text = fs::read_to_string(path("schemas/imagebuilder.json")).expect("the committed schema");
    assert!(derive_schemas::to_text(&derived) == text, "schemas/imagebuilder.json is stale; derive it again");
}

/// What each release added, as far as this can be told without the releases.
#[test]
fn the_history_tells_of_every_member_and_value_of_the_schema_once() {
    let schema = json("schemas/imagebuilder.json");
    let overlay = json("schemas/overlay.json");
    let deviations = overlay["deviations"].as_array().expect("deviations");
    let ours: Vec<&str> = deviations
        .iter()
        .filter(|entry| entry.get("add").is_some())
        .map(|entry| entry["at"].as_str().expect("`at`"))
        .collect();
    let mut missing = BTreeSet::new();
    for (shape, definition) in schema["$defs"].as_object().expect("$defs") {
        let members = definition["properties"].as_object().into_iter().flat_map(|members| members.keys());
        let values = definition["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|value| value.as_str().expect("a string").to_owned());
        if !ours.contains(&format!("/$defs/{shape}").as_str()) {
            missing.extend(members.cloned().chain(values).map(|name| (shape.clone(), name)));
        }
    }
    let history = json("schemas/history.json");
    for release in history["releases"].as_array().expect("releases") {
        for (shape, names) in release["adds"].as_object().expect("what it adds") {
            for name in names.as_array().expect("names") {
                let entry = (shape.clone(), name.as_str().expect("a name").to_owned());
                assert!(missing.remove(&entry), "{entry:?} is added twice, or gone from the schema");
            }
        }
    }
    assert!(missing.is_empty(), "no release added {missing:?}");
}

#[test]
fn the_history_is_the_same_in_whatever_order_releases_are_added() {
    let model = |statuses: &[&str], members: &[&str]| {
        let members: serde_json::Map<_, _> =
            members.iter().map(|name| ((*name).to_owned(), serde_json::json!({ "shape": "Status" }))).collect();
        serde_json::json!({
            "operations": { "GetImage": { "output": { "shape": "Response" } } },
            "shapes": {
                "Response": { "type": "structure", "members": members },
                "Status": { "type": "string", "enum": statuses }
            }
        })
    };
    let releases = [
        ("1.9.9", "2020-01-01", model(&["A"], &["one"])),
        ("1.9.10", "2020-01-02", model(&["A"], &["one"])),
        ("1.10.0", "2020-01-03", model(&["A", "B"], &["one", "two"])),
    ];
    let added = |order: [usize; 4]| {
        order.iter().fold(Value::Null, |history, index| {
            let (version, date, model) = &releases[*index];
            derive_schemas::history::extend(&history, model, version, date).expect("a version of three numbers")
        })
    };
    let history = added([0, 1, 2, 2]);
    let expected = serde_json::json!([
        { "version": "1.9.9", "date": "2020-01-01", "adds": { "Response": ["one"], "Status": ["A"] } },
        { "version": "1.10.0", "date": "2020-01-03", "adds": { "Response": ["two"], "Status": ["B"] } },
    ]);
    assert_eq!(history["releases"], expected);
    assert_eq!(added([2, 0, 1, 0]), history);
    let wrong = derive_schemas::history::extend(&history, &releases[0].2, "1.9", "2020-01-01");
    assert!(wrong.expect_err("a version of two numbers").contains("1.9"));
}

/// The derivation itself, on a model made for the purpose.
#[test]
fn the_overlay_names_only_things_that_exist_and_changes_them() {
    let model = serde_json::json!({
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
        let overlay = serde_json::json!({ "deviations": [deviation] });
        derive_schemas::derive(&derive_schemas::Source {
            model: &model,
            overlay: &overlay,
            version: "1",
            date: "2026-01-01",
        })
    };
    let schema = derive(serde_json::json!({"at": "every map", "remove": ["minProperties"], "reason": "empty maps"}))
        .expect("it fits");
    let names: Vec<&String> = schema["$defs"].as_object().expect("$defs").keys().collect();
    assert_eq!(names, ["Answer", "Name", "Response", "Tags"], "shapes of Get and List responses and of answers only");
    assert_eq!(schema["$defs"]["Tags"].get("minProperties"), None);
    assert_eq!(
        schema["$defs"]["Name"],
        serde_json::json!({"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^a+$"})
    );
    assert!(!schema.to_string().contains("prose"));
    for (deviation, why) in [
        (serde_json::json!({"at": "/$defs/Nome", "remove": ["pattern"], "reason": "r"}), "no shape Nome"),
        (
            serde_json::json!({"at": "/$defs/Response/properties/nome", "set": {"$ref": "x"}, "reason": "r"}),
            "no `nome`",
        ),
        (serde_json::json!({"at": "/$defs/Name", "remove": ["maximum"], "reason": "r"}), "changes nothing"),
        (serde_json::json!({"at": "/$defs/Name", "set": {"maxLength": 9}, "reason": "r"}), "changes nothing"),
        (serde_json::json!({"at": "/$defs/Name", "remove": ["pattern"]}), "no reason"),
        (serde_json::json!({"at": "/$defs/Name", "add": {}, "reason": "r"}), "has that shape already"),
        (
            serde_json::json!({"at": "/$defs/Response/properties/name", "set": {"$ref": "#/$defs/Gone"}, "reason": "r"}),
            "does not exist",
        ),
    ] {
        let error = derive(deviation).expect_err("the overlay does not fit");
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn every_pattern_compiles() {
    let mut patterns = 0;
    for (shape, _) in Shape::all() {
        if let Kind::Text { pattern: Some(pattern), .. } = shape.kind() {
            patterns += 1;
            pattern.is_match("");
        }
    }
    assert!(patterns > 30, "only {patterns} patterns");
}

#[test]
fn the_schemas_are_json_schema() {
    for file in ["schemas/baseline.json", "schemas/imagebuilder.json", "schemas/report.json", "schemas/settings.json"] {
        let schema = json(file);
        assert!(jsonschema::meta::is_valid(&schema), "{file}");
        jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
}

#[test]
fn the_schema_of_a_kind_stands_alone() {
    let document = json("corpus/valid/base/linux-ami.json");
    for kind in imagelint::recognise::kind::kinds() {
        let schema = imagelint::catalogue::schema::schema(kind);
        let validator = jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{}: {error}", kind.name));
        if kind.name == "get-image" {
            assert!(validator.is_valid(&document));
            assert!(!validator.is_valid(&serde_json::json!({"image": "web-server"})));
            assert_eq!(schema["$defs"].get("LifecyclePolicy"), None, "shapes that it does not need are left out");
        }
    }
}

#[test]
fn rules_have_names_words_and_sources() {
    for rule in rules::all() {
        let name = rule.name;
        let kebab = name.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
        assert!(kebab && !name.starts_with("no-") && !name.starts_with("must-"), "{name}");
        for words in [rule.summary, rule.why, rule.help] {
            assert!(words.len() > 8, "{name}: `{words}`");
        }
        assert!(
            rule.why.ends_with('.') && !rule.summary.ends_with('.') && !rule.help.ends_with('.'),
            "{name}: full stops"
        );
        assert_ne!(rule.level, Level::Off, "{name}");
        assert!(!rule.source.is_empty(), "{name} has no source");
        for source in rule.source {
            let known = [
                "https://docs.aws.amazon.com/",
                "https://www.rfc-editor.org/",
                "https://json-schema.org/",
                "service model: ",
            ];
            assert!(known.iter().any(|prefix| source.starts_with(prefix)), "{name}: {source}");
        }
        for outranked in rule.outranks {
            let promised = ["*", "parent-image-arn-type"].contains(outranked);
            assert!(promised || rules::find(outranked).is_some(), "{name} outranks {outranked}, which is no rule");
        }
    }
}

/// The catalogue beside the project, where it is at hand: names and levels are its.
#[test]
fn rules_are_those_of_the_catalogue() {
    let Ok(text) = fs::read_to_string(path("../shared/rules/rules.json")) else {
        eprintln!("the catalogue is not at hand: names and levels are not checked");
        return;
    };
    let catalogue: Vec<Value> = serde_json::from_str(&text).expect("the catalogue is JSON");
    let ours = imagelint::lint::structure::RULES.iter().chain(imagelint::lint::house::RULES);
    let ours: BTreeSet<&str> = ours.map(|rule| rule.name).collect();
    for rule in rules::all().filter(|rule| !ours.contains(rule.name)) {
        let entry = catalogue.iter().find(|entry| entry["id"] == rule.name);
        let entry = entry.unwrap_or_else(|| panic!("{} is not in the catalogue", rule.name));
        assert_eq!(entry["severity"], rule.level.name(), "{}", rule.name);
        assert_eq!(entry["default_on"], !rule.pedantic, "{}", rule.name);
    }
}
