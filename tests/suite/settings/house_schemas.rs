//! `[[house-schema]]` entries: JSON Schemas of a team's own.

use serde_json::{Value, json};

use super::captures;
use crate::common::{self, CLEAN, text};

const TEAM: &str = r#"{"properties": {"image": {"$ref": "parts/image.json"}}}"#;
const IMAGE: &str = r##"{"required": ["tags"], "properties": {"name": {"pattern": "^team-"}, "state": {"$ref": "#/$defs/state"}},
    "$defs": {"state": {"additionalProperties": false}}}"##;
const HOUSE: &str = "[[house-schema]]\nfile = \"team #1.json\"\nkinds = [\"get-image\"]\n";

#[test]
fn house_schemas_are_checked_beside_the_rules() {
    let scratch = captures("settings/house");
    scratch.write("team #1.json", TEAM).write("parts/image.json", IMAGE).settings(HOUSE);
    let file = "captures/new.json";
    let ran = scratch.run_inside("captures", &["new.json", "--format", "concise"]);
    ran.says("new.json:3:12: error[house-schema] `image`: member `tags` is missing")
        .says("new.json:4:13: error[house-schema] `name`: `Web server` does not match the pattern `^team-`")
        .says("new.json:6:7: error[house-schema] member `status` is not expected here")
        .says("placement-exclusive")
        .ends_with(1);
    scratch.run(&[file]).says("`team #1.json` asks for this at `/properties/image/$ref/required`");
    scratch.run(&[file, "--only", "placement-exclusive"]).is_silent_on("house-schema");
    scratch.run(&[file, "--level", "house-schema=off"]).is_silent_on("house-schema");
    scratch.settings(&format!("{HOUSE}level = \"info\"\n")).run(&[file]).says("info[house-schema]");
    scratch.settings(&HOUSE.replace("get-image", "list-images")).run(&[file]).is_silent_on("house-schema");
}

#[test]
fn house_schemas_say_what_each_alternative_asks_for() {
    let scratch = captures("settings/house-alternatives");
    scratch.settings(HOUSE);
    let says = |image: &str, text: &str| {
        // Saved by an editor that starts files with a byte order mark.
        scratch.write("team #1.json", format!("\u{feff}{{\"properties\": {{\"image\": {image}}}}}"));
        let ran = scratch.run(&["captures/new.json", "--format", "concise", "--only", "house-schema"]);
        assert_eq!(ran.stdout, format!("captures/new.json:{text} (at /image)\n"), "{ran:#?}");
    };
    let named = r#"{"properties": {"name": {"pattern": "^team-"}}}"#;
    says(
        &format!(r#"{{"oneOf": [{{"required": ["tags"]}}, {named}, {{"type": "null"}}]}}"#),
        "3:12: error[house-schema] `image`: this object fits none of the alternatives: member `tags` is missing; or at \
         `/name` `Web server` does not match the pattern `^team-`; or this is an object; null was expected",
    );
    says(
        r#"{"allOf": [{"required": ["tags"]}, {"required": ["tags"]}]}"#,
        "3:12: error[house-schema] `image`: member `tags` is missing",
    );
    says(r#"{"type": "array"}"#, "3:12: error[house-schema] `image`: this is an object; an array was expected");
    scratch.write("team #1.json", "false");
    let ran = scratch.run(&["captures/new.json", "--only", "house-schema"]);
    ran.says("this object is not expected here").says("help: `team #1.json` is `false`: it allows no document");
}

#[test]
fn house_schemas_point_into_strings_and_keep_secrets() {
    let scratch = captures("settings/house-secrets");
    let mut capture = common::json(&text(CLEAN));
    let secret = "hunter2-hunter2-hunter2";
    let parameters = json!([{ "name": "AdminPassword", "value": [secret] }]);
    capture["image"]["imageRecipe"] = json!({ "components": [{ "parameters": parameters }] });
    let within = |names: &[&str], schema: Value| {
        names.iter().rev().fold(schema, |schema, name| match *name {
            "*" => json!({ "items": schema }),
            name => json!({ "properties": { name: schema } }),
        })
    };
    let values = ["image", "imageRecipe", "components", "*", "parameters", "*", "value", "*"];
    let schema = within(&values, json!({ "pattern": "^vault:" }));
    scratch.write("team #1.json", schema.to_string());
    scratch.settings(HOUSE).write("call.json", json!({ "body": capture.to_string() }).to_string());
    let ran = scratch.run(&["call.json", "--format", "json"]);
    ran.says("this value does not match the pattern `^vault:`")
        .says("\"embeddedPointer\":\"/image/imageRecipe/components/0/parameters/0/value/0\"")
        .is_silent_on(secret);
    scratch.run(&["call.json"]).says("house-schema").is_silent_on(secret);
}

#[test]
fn house_schemas_that_cannot_be_used_are_mistakes() {
    let scratch = captures("settings/house-mistakes");
    scratch.settings(HOUSE);
    let check = |schema: &str, text: &str| {
        let ran = scratch.write("team #1.json", schema).run(&["--quiet"]);
        ran.says(text).says("imagelint.toml:2:8").ends_with(2);
    };
    check("{", "`team #1.json`: EOF");
    let types = "is none of `array`, `boolean`, `integer`, `null`, `number`, `object`, `string`";
    let no_schema = "`team #1.json` is no usable JSON Schema:";
    for (schema, fault) in [
        (r#"{"type": "strin"}"#, format!("at `/type`, `strin` {types}")),
        (r#"{"type": 3}"#, format!("at `/type`, `3` {types}")),
        (r#"{"items": {"type": ["string", "strng"]}}"#, format!("at `/items/type/1`, `strng` {types}")),
        (r#"{"required": "a"}"#, "at `/required`, `a` is a string; an array was expected".into()),
        (r#"{"properties": {"a": []}}"#, "at `/properties/a`, this is an array; a boolean or an object was".into()),
        ("[]", "this is an array; a boolean or an object was expected".into()),
    ] {
        check(schema, &format!("{no_schema} {fault}"));
    }
    scratch.write("part.json", r#"{"type": "strin"}"#);
    check(
        r#"{"$ref": "part.json"}"#,
        &format!("part.json` cannot be used: it is no JSON Schema: at `/type`, `strin` {types}"),
    );
    check(r#"{"$ref": "gone.json"}"#, "gone.json` cannot be used: No such file");
    check(
        r#"{"$ref": "https://example.com/a.json"}"#,
        "`https://example.com/a.json` cannot be used: house schemas refer",
    );
    // Each alternative twice the next one.
    let level = |at: u32| {
        let next = json!({"$ref": format!("#/$defs/d{}", at + 1)});
        (format!("d{at}"), json!({"anyOf": [next, next]}))
    };
    let tower = json!({"$ref": "#/$defs/d0", "$defs": (0..30).map(level).collect::<serde_json::Map<_, _>>()});
    check(&tower.to_string(), "`team #1.json`: its references lead to the same schemas in more than 1000000 ways");
}
