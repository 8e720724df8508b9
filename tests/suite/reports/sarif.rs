//! SARIF: the standard's schema, and what its consumers make of rules, places and fixes.

use std::fs;

use serde_json::json;

use super::{everything, report, report_in};
use crate::common::{self, CLEAN, Scratch, text};

#[test]
#[ignore = "needs the standard's JSON Schema, which IMAGELINT_SARIF_SCHEMA names"]
fn sarif_fits_the_standard() {
    let schema = std::env::var_os("IMAGELINT_SARIF_SCHEMA").expect("IMAGELINT_SARIF_SCHEMA names the schema");
    // The standard's pattern for languages closes a bracket that it does not open.
    let schema = fs::read_to_string(schema).expect("the schema").replace("{2}]?$", "{2}$");
    let validator = jsonschema::validator_for(&common::json(&schema)).expect("it compiles");
    let few = [CLEAN, "no/such file.json"].map(|input| report("sarif", &[input]));
    for report in few.into_iter().chain([everything("sarif")]) {
        let report = common::json(&report);
        let errors: Vec<String> =
            validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
    let faulty = json!({ "version": "2.1.0", "runs": [{ "results": [] }] });
    assert!(!validator.is_valid(&faulty), "the schema says nothing");
}

#[test]
fn sarif_carries_rules_places_and_fixes() {
    let log = common::json(&everything("sarif"));
    let run = &log["runs"][0];
    assert_eq!((&log["version"], &run["columnKind"]), (&json!("2.1.0"), &json!("unicodeCodePoints")));
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), imagelint::rules().count());
    for rule in rules {
        for words in ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown"] {
            assert!(rule.pointer(words).is_some_and(|text| text.as_str().is_some_and(|text| text.len() > 8)), "{rule}");
        }
        let level = rule["defaultConfiguration"]["level"].as_str().expect("a level");
        assert!(["error", "warning", "note"].contains(&level), "{rule}");
    }
    let mut fixes = 0;
    for result in run["results"].as_array().expect("results") {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("it is small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        let number = |name: &str| region[name].as_u64().expect("a number");
        assert!(number("startColumn") >= 1 && number("endColumn") >= 1 && number("endLine") >= number("startLine"));
        fixes += result["fixes"].as_array().map_or(0, Vec::len);
    }
    assert!(fixes > 20, "{fixes} fixes");
}

#[test]
fn sarif_says_whether_the_run_was_a_success() {
    let clean = common::json(&report("sarif", &[CLEAN]));
    assert_eq!(clean["runs"][0]["results"], json!([]));
    assert_eq!(clean["runs"][0]["invocations"][0]["executionSuccessful"], json!(true));
    let unreadable = common::json(&report("sarif", &["no/such file.json"]));
    let invocation = &unreadable["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], json!(false));
    let uri = "/toolExecutionNotifications/0/locations/0/physicalLocation/artifactLocation/uri";
    assert_eq!(invocation.pointer(uri), Some(&json!("no/such%20file.json")));
}

/// A fix's edits, made by what a consumer of SARIF knows of them.
#[test]
fn a_fix_in_sarif_makes_its_finding_go_away() {
    let fixture = "corpus/invalid/member-name-case/capital.json";
    let log = common::json(&report("sarif", &[fixture]));
    let replacement = &log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
    let region =
        |name: &str| usize::try_from(replacement["deletedRegion"][name].as_u64().expect("a number")).expect("small");
    assert_eq!(region("startLine"), region("endLine"));
    let mut lines: Vec<String> = text(fixture).lines().map(str::to_owned).collect();
    let line: Vec<char> = lines[region("startLine") - 1].chars().collect();
    let (before, after) = (&line[..region("startColumn") - 1], &line[region("endColumn") - 1..]);
    let inserted = replacement["insertedContent"]["text"].as_str().expect("a text").chars();
    lines[region("startLine") - 1] = before.iter().copied().chain(inserted).chain(after.iter().copied()).collect();
    let folder = Scratch::new("reports/sarif-fix");
    folder.write("fixed.json", lines.join("\n"));
    assert_eq!(report_in(&folder, "concise", &["fixed.json"]), "");
}

#[test]
fn rules_about_secrets_are_tagged() {
    let report = common::json(&report("sarif", &[CLEAN]));
    let driver = &report["runs"][0]["tool"]["driver"];
    assert!(driver["informationUri"].as_str().is_some_and(|uri| uri.starts_with("https://")), "{driver}");
    let tagged = driver["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .filter(|rule| rule["properties"]["tags"].as_array().is_some_and(|tags| tags.contains(&"security".into())));
    let names: Vec<&str> = tagged.filter_map(|rule| rule["id"].as_str()).collect();
    assert!(names.contains(&"presigned-url") && names.contains(&"component-parameter-secret"), "{names:?}");
}
