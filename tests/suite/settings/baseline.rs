//! Baselines: what is known is not reported, what is new is, and what is gone is named.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

mod common;
use common::path;

/// The exit status, standard output and standard error of a run in a folder.
fn run(folder: &Path, arguments: &str) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_imagelint"))
        .args(arguments.split(' '))
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the binary starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().expect("it was not killed"), text(&output.stdout), text(&output.stderr))
}

fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("baseline").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("captures")).expect("a scratch folder");
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("a file");
}

fn baseline(folder: &Path, name: &str) -> Value {
    let text = fs::read_to_string(folder.join(name)).expect("the baseline");
    assert!(text.ends_with("}\n"), "{text}");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let schema = fs::read_to_string(path("schemas/baseline.json")).expect("the schema");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    assert!(jsonschema::meta::is_valid(&schema));
    let validator = jsonschema::validator_for(&schema).expect("the schema compiles");
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    value
}

fn image(members: &str) -> String {
    format!("{{\"requestId\": \"a\", \"image\": {{\"state\": {{\"status\": \"BUILDING\"}}, {members}}}}}\n")
}

const CONCISE: &str = "--format concise --quiet";
const DEFAULT: &str = "imagelint-baseline.json";

#[test]
fn what_is_known_is_not_reported_wherever_it_moves() {
    let folder = scratch("known");
    write(&folder, "captures/a.json", &image("\"platform\": \"linux\""));
    let (status, stdout, stderr) = run(&folder, "--write-baseline captures");
    assert_eq!(status, 0);
    assert!(stdout.contains("enum-value"), "what is new is told when it is written: {stdout}");
    assert!(stderr.contains("imagelint-baseline.json holds 1 finding"), "{stderr}");
    let expected = json!({"version": 1, "files": {"captures/a.json": {"enum-value": {"/image/platform": 1}}}});
    assert_eq!(baseline(&folder, DEFAULT), expected);
    let checked = format!("{CONCISE} --baseline {DEFAULT} .");
    assert_eq!(run(&folder, &checked), (0, String::new(), String::new()));
    write(&folder, "captures/a.json", &image("\n\n\"name\": \"one\",\n\"platform\": \"macos\""));
    assert_eq!(run(&folder, &checked).0, 0, "lines and values may change");
    write(&folder, "captures/a.json", &image("\"platform\": \"linux\", \"type\": \"ami\""));
    let (status, stdout, _) = run(&folder, &checked);
    assert_eq!((status, stdout.lines().count()), (1, 1), "another finding of the rule is new: {stdout}");
    assert!(stdout.contains("`ami`"), "{stdout}");
    assert_eq!(
        run(&folder.join("captures"), &format!("{CONCISE} --baseline ../{DEFAULT} a.json")).1.lines().count(),
        1
    );
}

#[test]
fn more_findings_at_one_place_than_are_known_are_new() {
    let folder = scratch("count");
    write(&folder, "a.json", &image("\"platform\": \"Linux\", \"platform\": \"Linux\""));
    run(&folder, "--write-baseline a.json");
    let known = &baseline(&folder, DEFAULT)["files"]["a.json"]["duplicate-json-key"];
    assert_eq!(known.as_object().expect("pointers").values().collect::<Vec<_>>(), [1]);
    write(&folder, "a.json", &image("\"platform\": \"Linux\", \"platform\": \"Linux\", \"platform\": \"Linux\""));
    let (status, stdout, _) = run(&folder, &format!("{CONCISE} --baseline {DEFAULT} a.json"));
    assert_eq!((status, stdout.lines().count()), (1, 1), "{stdout}");
}

#[test]
fn what_no_longer_occurs_is_named_and_pruned() {
    let folder = scratch("stale");
    let faulty = image("\"platform\": \"linux\", \"Name\": \"one\"");
    for name in ["a.json", "b.json"] {
        write(&folder, name, &faulty);
    }
    run(&folder, "--write-baseline .");
    let before = baseline(&folder, DEFAULT);
    write(&folder, "a.json", &image("\"platform\": \"Linux\", \"Name\": \"one\""));
    let (status, _, stderr) = run(&folder, &format!("--baseline {DEFAULT} a.json"));
    let named = "imagelint: imagelint-baseline.json: `enum-value` in a.json at `/image/platform` no longer occurs\n";
    assert_eq!((status, stderr.as_str()), (0, named), "nothing is said of b.json, which was not checked");
    assert_eq!(baseline(&folder, DEFAULT), before, "it is only read");
    let (_, _, stderr) = run(&folder, &format!("--baseline {DEFAULT} --only member-name-case a.json"));
    assert_eq!(stderr, "", "a rule that does not run finds nothing");
    run(&folder, "--write-baseline --only member-name-case a.json");
    assert_eq!(baseline(&folder, DEFAULT), before, "and loses nothing");
    let (_, stdout, stderr) = run(&folder, "--write-baseline --format concise a.json");
    assert!(stderr.contains(named), "{stderr}");
    assert_eq!(stdout, "");
    let mut pruned = before.clone();
    pruned["files"]["a.json"].as_object_mut().expect("rules").remove("enum-value");
    assert_eq!(baseline(&folder, DEFAULT), pruned);
}

#[test]
fn files_that_are_gone_are_named_and_pruned() {
    let folder = scratch("gone");
    for name in ["captures/old.json", "b.json"] {
        write(&folder, name, &image("\"platform\": \"linux\""));
    }
    run(&folder, "--write-baseline .");
    fs::rename(folder.join("captures/old.json"), folder.join("captures/new.json")).expect("the file moves");
    let (status, stdout, stderr) = run(&folder, &format!("--format concise --baseline {DEFAULT} captures"));
    assert_eq!((status, stdout.lines().count()), (1, 1), "a file of another name is new: {stdout}");
    let named = "`enum-value` in captures/old.json at `/image/platform` no longer occurs\n";
    assert!(stderr.contains(named) && !stderr.contains("b.json"), "{stderr}");
    run(&folder, "--write-baseline captures");
    let baseline = baseline(&folder, DEFAULT);
    let files = baseline["files"].as_object().expect("files");
    assert_eq!(files.keys().collect::<Vec<_>>(), ["b.json", "captures/new.json"]);
}

#[test]
fn files_that_are_excluded_are_named_and_pruned() {
    let folder = scratch("excluded");
    for name in ["captures/old.json", "b.json"] {
        write(&folder, name, &image("\"platform\": \"linux\""));
    }
    let text = "baseline = \"known/all.json\"\n";
    write(&folder, "imagelint.toml", text);
    fs::create_dir(folder.join("known")).expect("a folder");
    run(&folder, "--write-baseline .");
    write(&folder, "imagelint.toml", &format!("{text}exclude = [\"captures\"]\n"));
    let stderr = run(&folder, "--format concise .").2;
    let named = "`enum-value` in ../captures/old.json at `/image/platform` is no longer checked: the settings exclude";
    assert!(stderr.contains(named) && !stderr.contains("b.json"), "{stderr}");
    run(&folder, "--write-baseline b.json");
    let baseline = baseline(&folder, "known/all.json");
    assert_eq!(baseline["files"].as_object().expect("files").keys().collect::<Vec<_>>(), ["../b.json"]);
}

#[test]
fn a_baseline_may_start_with_a_byte_order_mark() {
    let folder = scratch("mark");
    write(&folder, "a.json", &image("\"platform\": \"linux\""));
    run(&folder, "--write-baseline a.json");
    let text = fs::read_to_string(folder.join(DEFAULT)).expect("the baseline");
    write(&folder, DEFAULT, &format!("\u{feff}{text}"));
    assert_eq!(run(&folder, &format!("{CONCISE} --baseline {DEFAULT} a.json")), (0, String::new(), String::new()));
}

#[test]
fn documents_of_a_file_and_json_in_strings_have_places_of_their_own() {
    let folder = scratch("documents");
    let (good, bad) = (image("\"platform\": \"Linux\""), image("\"platform\": \"linux\""));
    write(&folder, "a.jsonl", &format!("{bad}{good}{bad}"));
    let queue = json!({"Messages": [{"ReceiptHandle": "handle", "Body": bad}]});
    write(&folder, "b.json", &queue.to_string());
    run(&folder, "--write-baseline a.jsonl b.json");
    let files = &baseline(&folder, DEFAULT)["files"];
    assert_eq!(files["a.jsonl"]["enum-value"], json!({"#2/image/platform": 1, "/image/platform": 1}));
    assert_eq!(files["b.json"]["enum-value"], json!({"/Messages/0/Body >> /image/platform": 1}));
    let checked = format!("{CONCISE} --baseline {DEFAULT} a.jsonl b.json");
    assert_eq!(run(&folder, &checked), (0, String::new(), String::new()));
    write(&folder, "a.jsonl", &format!("{bad}{bad}{bad}"));
    assert_eq!(run(&folder, &checked).1.lines().count(), 1);
}

#[test]
fn known_findings_are_not_fixed() {
    let folder = scratch("fix");
    let known = image("\"Name\": \"one\", \"platform\": \"Linux\"");
    write(&folder, "a.json", &known);
    run(&folder, "--write-baseline a.json");
    assert_eq!(run(&folder, "--diff a.json").0, 1);
    run(&folder, &format!("--fix --baseline {DEFAULT} a.json"));
    assert_eq!(fs::read_to_string(folder.join("a.json")).expect("the file"), known);
    assert_eq!(run(&folder, &format!("--diff --baseline {DEFAULT} a.json")).0, 0);
}

#[test]
fn the_settings_name_a_baseline_from_their_folder() {
    let folder = scratch("settings");
    write(&folder, "imagelint.toml", "fail-on = \"info\"\nbaseline = \"known.json\"\n");
    write(&folder, "captures/a.json", &image("\"platform\": \"linux\""));
    let captures = folder.join("captures");
    let (status, _, stderr) = run(&captures, CONCISE);
    assert_eq!(
        (status, stderr.as_str()),
        (2, "imagelint: baseline ../known.json: No such file or directory (os error 2)\n")
    );
    assert_eq!(run(&captures, "--write-baseline --quiet").0, 0);
    assert_eq!(
        baseline(&folder, "known.json")["files"]["captures/a.json"]["enum-value"],
        json!({"/image/platform": 1})
    );
    assert_eq!(run(&captures, CONCISE), (0, String::new(), String::new()));
    assert_eq!(run(&folder, CONCISE), (0, String::new(), String::new()), "it is not checked itself");
    assert_eq!(run(&captures, &format!("{CONCISE} --baseline none")).0, 1);
    write(&captures, "empty.json", "{\"version\": 1, \"files\": {}}");
    assert_eq!(run(&captures, &format!("{CONCISE} --baseline empty.json")).0, 1);
    let shown = |arguments: &str| run(&captures, &format!("config {arguments}")).1;
    assert!(shown("--fail-on error").contains("baseline = \"known.json\" # ../imagelint.toml:2\n"));
    assert!(shown("--baseline other.json").contains("baseline = \"other.json\" # command line\n"));
    assert!(!shown("--baseline none").contains("baseline"));
}

#[test]
fn what_is_no_baseline_is_a_usage_error() {
    let folder = scratch("usage");
    write(&folder, "a.json", &image("\"platform\": \"linux\""));
    let newer = "{\"version\": 2, \"files\": {}}";
    for (name, text) in [("not.json", "{}"), ("broken.json", "{\"version\": 1,"), ("newer.json", newer)] {
        write(&folder, name, text);
        for arguments in ["a.json", "--write-baseline a.json"] {
            let (status, stdout, stderr) = run(&folder, &format!("--baseline {name} {arguments}"));
            assert_eq!((status, stdout.as_str()), (2, ""), "{name}: {stderr}");
            assert!(stderr.contains(name), "{stderr}");
            assert_eq!(fs::read_to_string(folder.join(name)).expect("the file"), text, "it is not overwritten");
        }
    }
    assert_eq!(run(&folder, "--baseline missing.json a.json").0, 2);
    assert_eq!(run(&folder, "--baseline missing.json --write-baseline a.json").0, 0);
    assert_eq!(baseline(&folder, "missing.json")["files"].as_object().expect("files").len(), 1);
    assert_eq!(run(&folder, "--baseline no/folder.json --write-baseline a.json").0, 2);
    let (status, stdout, stderr) = run(&folder, "--baseline none --write-baseline a.json");
    assert!(status == 2 && stdout.is_empty() && stderr.contains("--baseline none"), "{stderr}");
    assert!(!folder.join(DEFAULT).exists());
    if cfg!(target_os = "linux") {
        let (status, stdout, stderr) = run(&folder, "--baseline /proc/known.json --write-baseline a.json");
        assert_eq!((status, stdout.as_str()), (2, ""), "it is told before anything is checked");
        assert!(stderr.contains("baseline /proc/known.json: ") && !stderr.contains(".tmp"), "{stderr}");
    }
}
