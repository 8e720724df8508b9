//! Rules across documents on the command line: what is held against what, wherever it is read from.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

mod common;
use common::{path, run_in};

const RULES: [&str; 5] = ["x-steps-counts", "x-workflow-image", "x-workflow-times", "x-same-arn", "x-summary-image"];

/// A folder for one test, made anew.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("across").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a scratch folder");
    folder
}

fn concise(folder: &Path, arguments: &[&str], stdin: &[u8]) -> String {
    let output = run_in(folder, &[&["--format", "concise", "--quiet"], arguments].concat(), stdin);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A document out of a case of the corpus.
fn fixture(name: &str) -> Value {
    serde_json::from_slice(&fs::read(path("corpus").join(name)).expect("a fixture")).expect("JSON")
}

/// Two captures of one build that were created at different times.
fn captures() -> [Value; 2] {
    ["monday", "tuesday"].map(|day| fixture(&format!("invalid/x-same-arn/two-dates/{day}.json")))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("a Vec takes all");
    encoder.finish().expect("a Vec takes all")
}

#[test]
fn findings_label_both_files_in_json() {
    let output = run_in(&path("corpus/invalid/x-summary-image/name"), &["--format", "json", "."], b"");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let finding = &report["findings"][0];
    assert_eq!((&finding["rule"], &finding["file"]), (&json!("x-summary-image"), &json!("list.json")));
    assert_eq!(finding["pointer"], "/imageSummaryList/0/name");
    let there = &finding["labels"][1];
    assert_eq!((&there["file"], &there["pointer"]), (&json!("image.json"), &json!("/image/name")));
    let text = fs::read_to_string(path("corpus/invalid/x-summary-image/name/image.json")).expect("a fixture");
    let offset = |end: &str| usize::try_from(there["range"][end]["offset"].as_u64().expect("a number"));
    assert_eq!(&text[offset("start").expect("small")..offset("end").expect("small")], "\"web_server\"");
    assert_eq!((&report["summary"]["files"], &report["summary"]["warnings"]), (&json!(2), &json!(1)));
}

#[test]
fn the_report_does_not_depend_on_threads_or_on_the_order_of_arguments() {
    let folder = path("corpus");
    let only: Vec<&str> = RULES.into_iter().flat_map(|rule| ["--only", rule]).collect();
    let with = |rest: &[&str]| concise(&folder, &[&only[..], rest].concat(), b"");
    let one = with(&["--threads", "1", "invalid", "valid"]);
    assert!(one.contains("[x-same-arn]"), "{one}");
    assert_eq!(with(&["--threads", "4", "valid", "invalid"]), one);
}

#[test]
fn documents_of_one_file_are_held_against_each_other() {
    let folder = scratch("lines");
    let [one, two] = captures();
    let lines = format!("{one}\n{{\"x\":1}}\n{two}\n");
    fs::write(folder.join("a.jsonl"), &lines).expect("a file");
    fs::write(folder.join("b.json"), json!([one, two]).to_string()).expect("a file");
    fs::write(folder.join("c.jsonl.gz"), gzip(lines.as_bytes())).expect("a file");
    fs::write(folder.join("d.json"), [&[0xEF, 0xBB, 0xBF], lines.as_bytes()].concat()).expect("a file");
    let column = |text: &str, line: &str| text.len() - text.find(line).map_or(0, |at| text[at..].len());
    let here = column(&two.to_string(), "\"2026-09-04T05:44") + 1;
    let there = column(&one.to_string(), "\"2026-09-03T05:44:21.121Z\",\"distribution") + 1;
    let only = ["--only", "x-same-arn"];
    for name in ["a.jsonl", "c.jsonl.gz", "d.json"] {
        let found = concise(&folder, &[&only[..], &[name]].concat(), b"");
        assert!(found.starts_with(&format!("{name}:3:{here}: info[x-same-arn] ")), "{found}");
        assert!(found.ends_with(&format!("(see {name}:1:{there})\n")), "{found}");
        assert_eq!(found.lines().count(), 1, "{found}");
    }
    let found = concise(&folder, &[&only[..], &["b.json"]].concat(), b"");
    assert!(found.starts_with("b.json:1:") && found.contains("(see b.json:1:"), "{found}");
    let found = concise(&folder, &[&only[..], &["-"]].concat(), lines.as_bytes());
    assert!(found.starts_with(&format!("-:3:{here}: ")) && found.ends_with(&format!("(see -:1:{there})\n")), "{found}");
}

#[test]
fn what_is_too_much_to_hold_against_each_other_is_said() {
    let folder = scratch("much");
    let [one, two] = captures();
    let log = [one.to_string(), " ".repeat(5 << 20), two.to_string()].join("\n");
    fs::write(folder.join("log.jsonl"), &log).expect("a file");
    fs::write(folder.join("log.jsonl.gz"), gzip(log.as_bytes())).expect("a file");
    let line = format!("{one}\n");
    let many = line.repeat((5 << 20) / line.len());
    let said =
        "imagelint: only the first documents were held against each other (rules `x-…`); there are too many for all\n";
    let check = |name: &str, stdin: &[u8]| {
        let arguments = ["--only", "x-same-arn", "--format", "concise", "--quiet", name];
        let output = run_in(&folder, &arguments, stdin);
        let lines = String::from_utf8_lossy(&output.stdout).lines().count();
        (lines, String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(check("log.jsonl", b""), (1, String::new()));
    assert_eq!(check("log.jsonl.gz", b""), (0, said.to_owned()));
    assert_eq!(check("-", many.as_bytes()), (0, said.to_owned()));
}

#[test]
fn other_encodings_and_envelopes_are_read_again() {
    let folder = scratch("envelopes");
    let [one, two] = captures();
    let utf16: Vec<u8> =
        [0xFEFF].into_iter().chain(one.to_string().encode_utf16()).flat_map(u16::to_le_bytes).collect();
    fs::write(folder.join("a.json"), utf16).expect("a file");
    fs::write(folder.join("b.json"), json!({ "statusCode": 200, "body": two.to_string() }).to_string())
        .expect("a file");
    let output = run_in(&folder, &["--format", "json", "--only", "x-same-arn", "."], b"");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let [finding] = &report["findings"].as_array().expect("findings")[..] else { panic!("{report:#}") };
    assert_eq!((&finding["pointer"], &finding["embeddedPointer"]), (&json!("/body"), &json!("/image/dateCreated")));
    assert_eq!(finding["labels"][1]["file"], "a.json");
}

#[test]
fn levels_apply() {
    let folder = path("corpus/invalid/x-same-arn/two-dates");
    assert_eq!(concise(&folder, &["--level", "x-same-arn=off", "."], b""), "");
    let found = concise(&folder, &["--level", "x-same-arn=error", "."], b"");
    assert!(found.contains("error[x-same-arn]"), "{found}");
    let status = |arguments: &[&str]| run_in(&folder, arguments, b"").status.code();
    assert_eq!(status(&["."]), Some(0));
    assert_eq!(status(&["--fail-on", "info", "."]), Some(1));
    assert_eq!(status(&["--level", "x-same-arn=error", "."]), Some(1));
    assert_eq!(concise(&folder, &["--only", "x-summary-image", "."], b""), "");
}

#[test]
fn an_arn_that_all_fixtures_share_is_told_three_times() {
    let folder = scratch("shared");
    for index in 0..20 {
        let mut capture = captures()[0].clone();
        capture["image"]["dateCreated"] = json!(format!("2026-09-{:02}T05:44:21.121Z", index + 1));
        fs::write(folder.join(format!("{index:02}.json")), capture.to_string()).expect("a file");
    }
    let found = concise(&folder, &["--only", "x-same-arn", "."], b"");
    assert_eq!(found.lines().count(), 3, "{found}");
    assert!(found.contains("; 16 more documents disagree (see 00.json:"), "{found}");
}

#[test]
fn an_id_that_many_fixtures_share_is_made_up() {
    let folder = scratch("made-up");
    let [execution, steps] =
        ["execution", "steps"].map(|name| fixture(&format!("invalid/x-steps-counts/one-more/{name}.json")));
    fs::write(folder.join("execution.json"), execution.to_string()).expect("a file");
    for count in 1..=4 {
        fs::write(folder.join(format!("steps-{count}.json")), steps.to_string()).expect("a file");
        let found = concise(&folder, &["--only", "x-steps-counts", "."], b"");
        assert_eq!(found.lines().count(), if count < 4 { count } else { 0 }, "{found}");
    }
}

#[test]
fn a_page_of_steps_is_not_taken_for_all() {
    let folder = scratch("pages");
    let execution = fixture("valid/x-steps-counts/agreeing/execution.json");
    let mut first = fixture("valid/x-steps-counts/agreeing/steps.json");
    let mut second = first.clone();
    first["nextToken"] = json!("eyJtYXJrZXIiOiJ4In0=");
    let steps = first["steps"].as_array_mut().expect("steps").split_off(4);
    second["steps"] = json!(steps);
    for (name, document) in [("execution", &execution), ("second", &second)] {
        fs::write(folder.join(format!("{name}.json")), document.to_string()).expect("a file");
    }
    let only = ["--only", "x-steps-counts", "."];
    assert_eq!(concise(&folder, &only, b""), "", "the last page looks like a whole list");
    fs::write(folder.join("first.json"), first.to_string()).expect("a file");
    assert_eq!(concise(&folder, &only, b""), "");
}

#[test]
fn a_secret_beside_the_place_in_the_other_file_is_masked() {
    let folder = scratch("secrets");
    let [mut one, mut two] = captures();
    for capture in [&mut one, &mut two] {
        let secret =
            "https://logs.s3.us-west-2.amazonaws.com/a?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE&X-Amz-Signature=0123abcd";
        capture["image"]["tags"] = json!({ "log": secret });
    }
    fs::write(folder.join("a.json"), one.to_string()).expect("a file");
    fs::write(folder.join("b.json"), serde_json::to_string_pretty(&two).expect("JSON")).expect("a file");
    let output = run_in(&folder, &["--only", "x-same-arn", "."], b"");
    let found = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(found.contains("╭─[a.json:1:") && found.contains("╭─[b.json:"), "{found}");
    assert!(!found.contains("AKIA") && !found.contains("0123abcd"), "{found}");
}
