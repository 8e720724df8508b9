//! Baselines: what is known is not reported, what is new is, and what is gone is named.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::common::{self, Ran, Scratch, run_in, text};

/// Runs the program in a folder with arguments that are separated by spaces.
fn run(folder: &Path, arguments: &str) -> Ran {
    run_in(folder, &arguments.split(' ').collect::<Vec<_>>())
}

/// A baseline, which fits its schema.
fn baseline(folder: &Scratch, name: &str) -> Value {
    let written = folder.read(name);
    assert!(written.ends_with("}\n"), "{written}");
    let value = common::json(&written);
    let schema = common::json(&text("schemas/baseline.json"));
    assert!(jsonschema::meta::is_valid(&schema));
    let validator = jsonschema::validator_for(&schema).expect("the schema compiles");
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{written}");
    value
}

fn image(members: &str) -> String {
    format!("{{\"requestId\": \"a\", \"image\": {{\"state\": {{\"status\": \"BUILDING\"}}, {members}}}}}\n")
}

const CONCISE: &str = "--format concise --quiet";
const DEFAULT: &str = "imagelint-baseline.json";

#[test]
fn what_is_known_is_not_reported_wherever_it_moves() {
    let folder = Scratch::new("baseline/known");
    folder.write("captures/a.json", image("\"platform\": \"linux\""));
    let written = run(&folder, "--write-baseline captures");
    assert!(written.stdout.contains("enum-value"), "what is new is reported when it is written: {written:#?}");
    written.says("imagelint-baseline.json holds 1 finding").ends_with(0);
    let version = env!("CARGO_PKG_VERSION");
    let expected = json!({"version": 1, "imagelint": version, "files": {"captures/a.json": {"enum-value": {"/image/platform": 1}}}});
    assert_eq!(baseline(&folder, DEFAULT), expected);
    let check = || run(&folder, &format!("{CONCISE} --baseline {DEFAULT} ."));
    check().is_silent();
    // Lines and values may change.
    folder.write("captures/a.json", image("\n\n\"name\": \"one\",\n\"platform\": \"macos\""));
    check().is_silent();
    // Another finding of the rule is new.
    folder.write("captures/a.json", image("\"platform\": \"linux\", \"type\": \"ami\""));
    check().says("`ami`").prints_lines(1).ends_with(1);
    run(&folder.join("captures"), &format!("{CONCISE} --baseline ../{DEFAULT} a.json")).prints_lines(1);
}

#[test]
fn more_findings_at_one_place_than_are_known_are_new() {
    let folder = Scratch::new("baseline/count");
    let names = |count: usize| {
        let names: Vec<String> = (0..count).map(|index| format!("\"name\": \"web {index}\"")).collect();
        image(&names.join(", "))
    };
    folder.write("a.json", names(2));
    run(&folder, "--write-baseline a.json");
    let known = &baseline(&folder, DEFAULT)["files"]["a.json"]["duplicate-json-key"];
    assert_eq!(known.as_object().expect("pointers").values().collect::<Vec<_>>(), [1]);
    folder.write("a.json", names(3));
    run(&folder, &format!("{CONCISE} --baseline {DEFAULT} a.json")).prints_lines(1).ends_with(1);
}

#[test]
fn what_no_longer_occurs_is_named_and_pruned() {
    let folder = Scratch::new("baseline/stale");
    let faulty = image("\"platform\": \"linux\", \"Name\": \"one\"");
    folder.write("a.json", &faulty).write("b.json", &faulty);
    run(&folder, "--write-baseline .");
    let before = baseline(&folder, DEFAULT);
    folder.write("a.json", image("\"platform\": \"Linux\", \"Name\": \"one\""));
    let ran = run(&folder, &format!("--baseline {DEFAULT} a.json"));
    let named = "imagelint: imagelint-baseline.json: `enum-value` in a.json at `/image/platform` no longer occurs\n";
    assert_eq!(ran.stderr, named, "nothing is said of b.json, which was not checked");
    ran.ends_with(0);
    assert_eq!(baseline(&folder, DEFAULT), before, "it is only read");
    let ran = run(&folder, &format!("--baseline {DEFAULT} --only member-name-case a.json"));
    assert_eq!(ran.stderr, "", "a rule that does not run finds nothing");
    run(&folder, "--write-baseline --only member-name-case a.json");
    assert_eq!(baseline(&folder, DEFAULT), before, "and loses nothing");
    run(&folder, "--write-baseline --format concise a.json").says(named).prints_lines(0);
    let mut pruned = before.clone();
    pruned["files"]["a.json"].as_object_mut().expect("rules").remove("enum-value");
    assert_eq!(baseline(&folder, DEFAULT), pruned);
}

/// The files that a baseline has findings of.
fn files(folder: &Scratch, name: &str) -> Vec<String> {
    baseline(folder, name)["files"].as_object().expect("files").keys().cloned().collect()
}

#[test]
fn files_that_are_gone_are_named_and_pruned() {
    let folder = Scratch::new("baseline/gone");
    let faulty = image("\"platform\": \"linux\"");
    folder.write("captures/old.json", &faulty).write("b.json", &faulty);
    run(&folder, "--write-baseline .");
    fs::rename(folder.join("captures/old.json"), folder.join("captures/new.json")).expect("the file moves");
    let ran = run(&folder, &format!("--format concise --baseline {DEFAULT} captures"));
    assert!(ran.stdout.starts_with("captures/new.json:"), "a file of another name is new: {ran:#?}");
    ran.says("`enum-value` in captures/old.json at `/image/platform` no longer occurs\n")
        .is_silent_on("b.json")
        .prints_lines(1)
        .ends_with(1);
    run(&folder, "--write-baseline captures");
    assert_eq!(files(&folder, DEFAULT), ["b.json", "captures/new.json"]);
}

#[test]
fn files_that_are_excluded_are_named_and_pruned() {
    let folder = Scratch::new("baseline/excluded");
    let faulty = image("\"platform\": \"linux\"");
    folder.write("captures/old.json", &faulty).write("b.json", &faulty);
    let settings = "baseline = \"known/all.json\"\n";
    folder.write("imagelint.toml", settings);
    fs::create_dir(folder.join("known")).expect("a folder");
    run(&folder, "--write-baseline .");
    folder.write("imagelint.toml", format!("{settings}exclude = [\"captures\"]\n"));
    let named = "`enum-value` in ../captures/old.json at `/image/platform` is no longer checked: the settings exclude";
    run(&folder, "--format concise .").says(named).is_silent_on("b.json");
    run(&folder, "--write-baseline b.json");
    assert_eq!(files(&folder, "known/all.json"), ["../b.json"]);
}

/// Another version may have reported the same under another rule, or elsewhere nearby.
#[test]
fn a_baseline_of_another_version_keeps_working() {
    let folder = Scratch::new("baseline/version");
    folder.write("a.json", image("\"platform\": \"linux\", \"Name\": \"one\", \"type\": \"ami\""));
    let known = |version: Option<&str>, counts: Value| {
        let mut known = json!({"version": 1, "files": {"a.json": counts}});
        if let Some(version) = version {
            known["imagelint"] = version.into();
        }
        folder.write(DEFAULT, known.to_string());
        run(&folder, &format!("{CONCISE} --baseline {DEFAULT} a.json"))
    };
    let counts = json!({
        "enum-value": {"/image": 1, "/image/type": 1}, "an-old-rule": {"/image/Name": 1},
        "null-member": {"/image/name": 1}, "another-old-rule": {"/image/state": 1}
    });
    for version in [None, Some("0.0.9"), Some("99.0.0")] {
        known(version, counts.clone()).is_silent();
    }
    let ran = run(&folder, &format!("--format concise --baseline {DEFAULT} a.json"));
    ran.says("`enum-value` in a.json at `/image` is now at `/image/platform`\n")
        .says("`an-old-rule` in a.json at `/image/Name` is now a finding of `member-name-case`\n")
        .says("`another-old-rule` in a.json at `/image/state` is of a rule that there no longer is\n")
        .says("`null-member` in a.json at `/image/name` no longer occurs\n");
    // There are no more than were known, and they are not far away.
    known(None, json!({"enum-value": {"/image": 1}})).prints_lines(2).ends_with(1);
    known(None, json!({"enum-value": {"/image/state/status": 3, "#1/image": 3}})).prints_lines(3).ends_with(1);
    // This version knows where it reports what.
    known(Some(env!("CARGO_PKG_VERSION")), counts).prints_lines(2).ends_with(1);
    run(&folder, "--write-baseline a.json");
    run(&folder, &format!("--baseline {DEFAULT} a.json")).says("0 errors").is_silent_on("is now").ends_with(0);
}

#[test]
fn a_baseline_may_start_with_a_byte_order_mark() {
    let folder = Scratch::new("baseline/mark");
    folder.write("a.json", image("\"platform\": \"linux\""));
    run(&folder, "--write-baseline a.json");
    folder.write(DEFAULT, format!("\u{feff}{}", folder.read(DEFAULT)));
    run(&folder, &format!("{CONCISE} --baseline {DEFAULT} a.json")).is_silent();
}

#[test]
fn documents_of_a_file_and_json_in_strings_have_places_of_their_own() {
    let folder = Scratch::new("baseline/documents");
    let (good, bad) = (image("\"platform\": \"Linux\""), image("\"platform\": \"linux\""));
    let queue = json!({"Messages": [{"ReceiptHandle": "handle", "Body": bad}]});
    folder.write("a.jsonl", format!("{bad}{good}{bad}")).write("b.json", queue.to_string());
    run(&folder, "--write-baseline a.jsonl b.json");
    let files = &baseline(&folder, DEFAULT)["files"];
    assert_eq!(files["a.jsonl"]["enum-value"], json!({"#2/image/platform": 1, "/image/platform": 1}));
    assert_eq!(files["b.json"]["enum-value"], json!({"/Messages/0/Body >> /image/platform": 1}));
    let check = || run(&folder, &format!("{CONCISE} --baseline {DEFAULT} a.jsonl b.json"));
    check().is_silent();
    folder.write("a.jsonl", bad.repeat(3));
    check().prints_lines(1);
}

#[test]
fn known_findings_are_not_fixed() {
    let folder = Scratch::new("baseline/fix");
    let known = image("\"Name\": \"one\", \"platform\": \"Linux\"");
    folder.write("a.json", &known);
    run(&folder, "--write-baseline a.json");
    run(&folder, "--diff a.json").ends_with(1);
    run(&folder, &format!("--fix --baseline {DEFAULT} a.json"));
    assert_eq!(folder.read("a.json"), known);
    run(&folder, &format!("--diff --baseline {DEFAULT} a.json")).ends_with(0);
}

#[test]
fn the_settings_name_a_baseline_from_their_folder() {
    let folder = Scratch::new("baseline/settings");
    folder
        .write("imagelint.toml", "fail-on = \"info\"\nbaseline = \"known.json\"\n")
        .write("captures/a.json", image("\"platform\": \"linux\""));
    let captures = folder.join("captures");
    let missing = run(&captures, CONCISE);
    assert_eq!(missing.stderr, "imagelint: baseline ../known.json: No such file or directory (os error 2)\n");
    missing.ends_with(2);
    run(&captures, "--write-baseline --quiet").ends_with(0);
    let known = &baseline(&folder, "known.json")["files"]["captures/a.json"]["enum-value"];
    assert_eq!(*known, json!({"/image/platform": 1}));
    run(&captures, CONCISE).is_silent();
    // The baseline is not checked itself.
    run(&folder, CONCISE).is_silent();
    run(&captures, &format!("{CONCISE} --baseline none")).ends_with(1);
    folder.write("captures/empty.json", "{\"version\": 1, \"files\": {}}");
    run(&captures, &format!("{CONCISE} --baseline empty.json")).ends_with(1);
    let show = |arguments: &str| run(&captures, &format!("config {arguments}"));
    show("--fail-on error").says("baseline = \"known.json\" # ../imagelint.toml:2\n");
    show("--baseline other.json").says("baseline = \"other.json\" # command line\n");
    show("--baseline none").is_silent_on("baseline");
}

#[test]
fn what_is_no_baseline_is_a_usage_error_and_not_overwritten() {
    let folder = Scratch::new("baseline/usage");
    folder.write("a.json", image("\"platform\": \"linux\""));
    let newer = "{\"version\": 2, \"files\": {}}";
    for (name, text) in [("not.json", "{}"), ("broken.json", "{\"version\": 1,"), ("newer.json", newer)] {
        folder.write(name, text);
        for arguments in ["a.json", "--write-baseline a.json"] {
            run(&folder, &format!("--baseline {name} {arguments}")).says(name).prints_lines(0).ends_with(2);
            assert_eq!(folder.read(name), text);
        }
    }
}

#[test]
fn a_baseline_that_cannot_be_read_or_written_is_a_usage_error() {
    let folder = Scratch::new("baseline/unusable");
    folder.write("a.json", image("\"platform\": \"linux\""));
    run(&folder, "--baseline missing.json a.json").ends_with(2);
    run(&folder, "--baseline missing.json --write-baseline a.json").ends_with(0);
    assert_eq!(files(&folder, "missing.json").len(), 1);
    run(&folder, "--baseline no/folder.json --write-baseline a.json").ends_with(2);
    run(&folder, "--baseline none --write-baseline a.json").says("--baseline none").prints_lines(0).ends_with(2);
    assert!(!folder.join(DEFAULT).exists());
}

/// Nothing can be written to `/proc`, not even by root. That is said before anything is checked.
#[cfg(target_os = "linux")]
#[test]
fn a_baseline_that_cannot_be_written_is_an_error_before_the_check() {
    let folder = Scratch::new("baseline/unwritable");
    folder.write("a.json", image("\"platform\": \"linux\""));
    let ran = run(&folder, "--baseline /proc/known.json --write-baseline a.json");
    ran.says("baseline /proc/known.json: ").is_silent_on(".tmp").prints_lines(0).ends_with(2);
}
