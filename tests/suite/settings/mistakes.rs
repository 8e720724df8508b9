//! Mistakes in `imagelint.toml`: shown where they are, and refused by its JSON Schema.

use imagelint::Settings;
use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::captures;
use crate::common;

/// Texts of settings; a part of what is said of each, which is empty where it is good; and whether only the
/// program can tell that it is not, while the JSON Schema accepts it.
const TEXTS: &[(&str, &str, bool)] = &[
    ("", "", false),
    ("fail-on = \"info\"\npedantic = true\nexclude = [\"a/**\", \"{b,c}.json\"]", "", false),
    ("[levels]\narn-segment = \"off\"\nsyntax = \"info\"", "", false),
    (
        "[[ignore]]\nrule = \"syntax\"\nreason = \"r\"\npath = \"a\"\npointer = \"/a~0/**\"\nexpires = 2999-01-01",
        "",
        false,
    ),
    ("[[ignore]]\nrule = \"syntax\"\nreason = \"r\"\nexpires = \"2999-02-28\"", "", false),
    ("fial-on = \"info\"", "there is no key `fial-on`; did you mean `fail-on`?", false),
    ("fail-on = \"off\"", "there is no level `off`; the levels here are", false),
    ("fail-on = \"never\"", "", false),
    ("fail-on = \"warn\"", "did you mean `warning`?", false),
    ("fail-on = 3", "`fail-on` holds an integer; a string was expected", false),
    ("pedantic = \"yes\"", "`pedantic` holds a string; true or false was expected", false),
    ("exclude = \"a\"", "an array of strings was expected", false),
    ("exclude = [\"\"]", "an empty glob matches no path", false),
    ("exclude = [\"a[\"]", "`a[` is no glob", true),
    ("baseline = \"old/known.json\"", "", false),
    ("baseline = true", "`baseline` holds a boolean; a string was expected", false),
    ("baseline = \"\"", "an empty path names no file", false),
    ("[[override]]\npath = \"a/**\"\nlevels = { syntax = \"off\" }", "", false),
    ("[[override]]\nlevels = { syntax = \"off\" }", "`path` is missing; an override is for some files", false),
    ("[[override]]\npath = \"a\"", "`levels` is missing; an override sets levels", false),
    ("[[override]]\npath = \"a[\"\nlevels = {}", "`a[` is no glob", true),
    ("[[override]]\npath = \"a\"\nlevels = { syntx = \"off\" }", "did you mean `syntax`?", false),
    ("[[override]]\npath = \"a\"\nlevels = {}\nrule = \"syntax\"", "there is no key `rule`", false),
    ("[levels]\narn-segmnt = \"off\"", "did you mean `arn-segment`?", false),
    ("[levels]\narn-segment = \"eror\"", "did you mean `error`?", false),
    ("[levels]\narn-segment = true", "a level was expected", false),
    ("[ignore]\nrule = \"syntax\"", "each headed `[[ignore]]`", false),
    ("[[ignore]]\nrule = \"syntax\"", "`reason` is missing", false),
    ("[[ignore]]\nreason = \"r\"", "`rule` is missing", false),
    ("[[ignore]]\nrule = \"syntax\"\nreason = \" \"", "the reason is empty", false),
    ("[[ignore]]\nrule = \"syntx\"\nreason = \"r\"", "did you mean `syntax`?", false),
    ("[[ignore]]\nrule = \"syntax\"\nreason = \"r\"\npointer = \"a\"", "`a` is no pattern for pointers", false),
    ("[[ignore]]\nrule = \"syntax\"\nreason = \"r\"\npointer = \"/a~2\"", "is no pattern for pointers", false),
    ("[[ignore]]\nrule = \"syntax\"\nreason = \"r\"\nexpires = 2999-01-01T00:00:00Z", "is no date", false),
    ("[[ignore]]\nrule = \"syntax\"\nreason = \"r\"\nexpires = \"2999-02-30\"", "is no date", false),
    ("[[ignore]]\nrule = \"syntax\"\nreason = \"r\"\nuntil = 2999-01-01", "there is no key `until`", false),
    ("[[house-schema]]\nkinds = [\"get-image\"]", "`file` is missing", false),
    ("[[house-schema]]\nfile = \"any.json\"\nkinds = []", "`kinds` is empty", false),
    ("[[house-schema]]\nfile = \"any.json\"\nkinds = [\"get-imag\"]", "did you mean `get-image`?", false),
    ("[[house-schema]]\nfile = \"any.json\"\nkinds = [\"get-image\"]\nlevel = \"info\"", "", false),
    ("model = \"1.43.11\"", "", false),
    ("model = \"+1.43.11\"", "`+1.43.11` is no version of botocore, such as `1.", false),
    ("model = 1.43", "`model` holds a float; a string was expected", false),
    ("model = \"1.43\"", "`1.43` is no version of botocore, such as `1.", false),
    ("model = \"999.0.0\"", "the newest model known here is botocore 1.", true),
    ("model = \"1.13.28\"", "botocore has Image Builder since 1.13.29 (2019-12-02), not in 1.13.28", true),
    ("[[house-schema]]\nfile = \"gone.json\"\nkinds = [\"get-image\"]", "`gone.json`: ", true),
];

#[test]
fn mistakes_are_shown_where_they_are_and_the_schema_agrees() {
    let scratch = captures("settings/mistakes");
    scratch.write("any.json", "true");
    let schema = common::json(&scratch.run(&["config", "--schema"]).stdout);
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a JSON Schema");
    for (text, mistake, is_beyond_schema) in TEXTS {
        let is_good = mistake.is_empty();
        let ran = scratch.settings(text).run(&["config"]);
        ran.says(mistake).ends_with(if is_good { 0 } else { 2 });
        if !is_good {
            ran.says("error[settings]: ").says(" --> imagelint.toml:");
        }
        let parsed = Settings::parse(&scratch.argument("imagelint.toml"), text);
        assert_eq!(parsed.is_ok(), is_good, "the library's verdict on\n{text}");
        if let Err(mistakes) = parsed {
            assert!(mistakes.to_string().contains(mistake) && !mistakes.findings().is_empty(), "{mistakes}");
        }
        let table = DeTable::parse(text).expect("TOML");
        let is_valid = validator.is_valid(&to_json(&DeValue::Table(table.into_inner())));
        assert_eq!(is_valid, is_good || *is_beyond_schema, "the schema's verdict on\n{text}");
    }
}

#[test]
fn what_is_no_toml_is_reported_with_its_place() {
    let scratch = captures("settings/no-toml");
    scratch.settings("fail-on = \"error\"\nfail-on = \"info\"\n");
    scratch.run(&[]).says("duplicate key").says("imagelint.toml:2:1").ends_with(2);
    scratch.write("imagelint.toml", b"fail-on = \"\xff\"");
    scratch.run(&[]).says("is not UTF-8").says("imagelint.toml:1:12").ends_with(2);
}

/// TOML as editors hand it to a JSON Schema: dates are strings.
fn to_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::Table(table) => {
            table.iter().map(|(key, value)| (key.get_ref().to_string(), to_json(value.get_ref()))).collect()
        }
        DeValue::Array(array) => array.iter().map(|item| to_json(item.get_ref())).collect(),
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Boolean(flag) => Value::from(*flag),
        DeValue::Integer(number) => Value::from(number.as_str().parse::<i64>().expect("a number")),
        DeValue::Float(number) => Value::from(number.as_str().parse::<f64>().expect("a number")),
        DeValue::Datetime(date) => Value::from(date.to_string()),
    }
}

/// A text of settings is UTF-8, whatever it looks like: with NUL in it, JSON would be UTF-16.
#[test]
fn settings_that_look_like_another_encoding_are_refused() {
    let scratch = common::Scratch::new("settings/encoding");
    for text in ["[\0\0\0a", "\0[\0a\0]\0", "[\0a\0]\0", "\u{feff}[\0\u{e9}"] {
        let mistakes = Settings::parse("imagelint.toml", text).expect_err("this is no TOML");
        for mistake in mistakes.findings() {
            let location = mistake.location();
            assert!(text.get(location.start().offset..location.end().offset).is_some(), "{location:?} in {text:?}");
        }
        scratch.write("imagelint.toml", text).run(&["-"]).says("imagelint.toml:1").ends_with(2);
    }
}
