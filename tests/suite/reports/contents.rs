//! What single formats promise: JSON its schema, GitHub its limits, JUnit its failures, GitLab its fingerprints.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::read_back::{cells, elements};
use super::{everything, misspelt, report, report_in};
use crate::common::{self, CLEAN, DEMO, Scratch, WARNING, text};

#[test]
fn json_fits_its_own_schema() {
    let schema = common::json(&text("schemas/report.json"));
    let validator = jsonschema::validator_for(&schema).expect("the schema compiles");
    let few = [CLEAN, "no/such/file.json"].map(|input| report("json", &[input]));
    for report in few.into_iter().chain([everything("json")]) {
        let errors: Vec<String> =
            validator.iter_errors(&common::json(&report)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn json_lines_fit_the_schema_of_json() {
    let schema = common::json(&text("schemas/report.json"));
    let finding = json!({ "$schema": schema["$schema"], "$ref": "#/$defs/finding", "$defs": schema["$defs"] });
    let validator = jsonschema::validator_for(&finding).expect("it compiles");
    let lines = everything("json-lines");
    assert!(lines.lines().count() > 100 && lines.lines().all(|line| validator.is_valid(&common::json(line))));
    assert_eq!(report("json-lines", &[CLEAN]), "");
}

#[test]
fn offsets_count_from_the_start_of_the_file() {
    let folder = Scratch::new("reports/offsets");
    let text = "{\"image\": {\"platform\": \"linux\", \"state\": {\"status\": \"BUILDING\"}}}";
    folder.write("mark.json", format!("\u{feff}{text}"));
    let report = common::json(&report_in(&folder, "json", &["mark.json"]));
    let start = &report["findings"][0]["range"]["start"];
    assert_eq!(start["offset"], 3 + text.find("\"linux\"").expect("it is there"));
    assert_eq!(start["column"], 24, "the mark is no column");
}

#[test]
fn fingerprints_tell_findings_apart_and_survive_moved_lines() {
    let log = common::json(&everything("gitlab"));
    let entries = log.as_array().expect("an array");
    let fingerprints: HashSet<&str> = entries.iter().filter_map(|entry| entry["fingerprint"].as_str()).collect();
    assert_eq!(fingerprints.len(), entries.len());
    let folder = Scratch::new("reports/fingerprints");
    let text = text(DEMO);
    folder.write("one.json", &text).write("two.json", format!("\n\n{}", text.replace("\": ", "\" :\n  ")));
    let of = |file: &str| -> Vec<Value> {
        let log = common::json(&report_in(&folder, "sarif", &[file]));
        let results = log["runs"][0]["results"].as_array().expect("results");
        results.iter().map(|result| result["partialFingerprints"].clone()).collect()
    };
    assert_eq!(of("one.json"), of("two.json"));
    assert_eq!(of("one.json").len(), 5);
}

#[test]
fn github_takes_ten_annotations_of_a_level() {
    let folder = Scratch::new("reports/many");
    folder.write("many.json", json!(vec![misspelt(); 12]).to_string());
    let commands = |inputs: &[&str]| report_in(&folder, "github", &[&["--only", "enum-value"], inputs].concat());
    let report = commands(&["many.json"]);
    assert_eq!(report.lines().filter(|line| line.starts_with("::error ")).count(), 10);
    assert_eq!(report.lines().count(), 11);
    let last = report.lines().last().expect("a line");
    assert!(last.starts_with("::notice title=imagelint::2 more errors without an annotation"), "{last}");
    let report = commands(&["many.json", "gone.json"]);
    let lines: Vec<&str> = report.lines().collect();
    assert!(lines[0].starts_with("::error file=gone.json,title=unreadable::"), "{report}");
    assert!(lines.len() == 11 && lines[10].starts_with("::notice title=imagelint::3 more errors"), "{report}");
}

#[test]
fn a_table_in_markdown_has_an_end() {
    let folder = Scratch::new("reports/long");
    folder.write("long.json", json!(vec![misspelt(); 700]).to_string());
    let report = report_in(&folder, "markdown", &["--only", "enum-value", "long.json"]);
    assert_eq!(cells(&report).len(), 50);
    assert!(report.contains("\n… and 650 more findings.\n"), "{report}");
}

#[test]
fn junit_fails_where_the_run_fails() {
    let count = |inputs: &[&str]| {
        let elements = elements(&report("junit", inputs));
        ["testsuite", "testcase", "failure", "error"]
            .map(|name| elements.iter().filter(|element| element.name == name).count())
    };
    let gone = "no/such/file.json";
    for (inputs, expected) in [
        (&[WARNING, CLEAN][..], [2, 2, 0, 0]),
        (&["--fail-on", "warning", WARNING, CLEAN], [2, 2, 1, 0]),
        (&[CLEAN, gone], [2, 2, 0, 1]),
        (&[gone], [1, 1, 0, 1]),
    ] {
        assert_eq!(count(inputs), expected, "{inputs:?}");
    }
}

#[test]
fn junit_skips_where_nothing_is_checked() {
    for nothing in ["src", "schemas/baseline.json"] {
        let elements = elements(&report("junit", &["--skip-unknown", nothing]));
        let names: Vec<&str> = elements.iter().map(|element| &*element.name).collect();
        assert_eq!(names, ["testsuites", "testsuite", "testcase", "skipped"], "{nothing}");
        assert_eq!((elements[1].get("tests"), elements[1].get("skipped")), ("1", "1"));
    }
}
