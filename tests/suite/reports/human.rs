//! What people see of captures that are hard to show, in terminals of three widths.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;

use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::report_in;
use crate::common::{DEMO, FAULTY, Ran, Scratch, is_stale, json, path, program, text};

/// The rules whose findings are shown; others would only make the golden files longer.
const RULES: &str = "duplicate-json-key,enum-value,placement-exclusive,presigned-url,syntax,value-type,x-same-arn";

/// Captures that are hard to show, in the order of their names.
fn captures(name: &str) -> Scratch {
    let folder = Scratch::new(name);
    let minified = |description: String| {
        let mut capture = json(&text(FAULTY));
        capture["image"]["description"] = description.into();
        capture["image"]["platform"] = "linux".into();
        capture["image"]["tags"] = json!({ "built": "b".repeat(4000) });
        capture.to_string()
    };
    let twice = format!("{{\"image\": {{\"platform\": \"Linux\", {:150}\"platform\": \"Linux\"}}}}", "");
    let arn = |build: u8| {
        json!({ "image": {
            "arn": "arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1",
            "name": "web", "version": "1.0.0/1", "type": "AMI", "platform": "Linux", "state": { "status": "AVAILABLE" },
            "dateCreated": format!("2026-11-0{build}T12:00:00.000Z")
        }})
    };
    folder
        .write("control.json", "{\"image\": {\"platform\": \"li\u{1b}[31mnux\u{7}\u{202e}\"}}\n")
        .write("crlf.json", "{\r\n  \"image\": {\r\n    \"platform\": \"linux\"\r\n  }\r\n}\r\n")
        .write("cut-off.json", "{\n  \"image\": {\n    \"platform\": \"Linux\",\n")
        .write("deep.json", format!("{{\"image\":\n{:40}{{\n{:44}\"platform\": \"linux\"\n{:40}}}}}", "", "", ""))
        .write("empty.json", "")
        .write("far.json", twice)
        .write(
            "lines.jsonl",
            format!("{}\n{{\"image\": {{\"platform\": \"linux\"}}}}\n{}\n", minified("d".repeat(99)), arn(1)),
        )
        .write("long.json", json!({ "image": { "state": { "status": "BUILD ".repeat(60) } } }).to_string())
        .write("minified.json", minified("long ".repeat(800)))
        .write("tabs.json", "{\n\t\"image\": {\n\t\t\"platform\":\t\"linux\",\n\t\t\"buildType\": 1\n\t}\n}")
        .write(
            "wide.json",
            json!({ "image": {
            "description": "日本語の説明".repeat(20), "platform": "リナックス", "tags": { "鍵": "値".repeat(200) }
        } })
            .to_string(),
        )
        .write("x-1.json", arn(1).to_string())
        .write("x-2.json", format!("{:#}", arn(2)));
    folder
}

/// The report on every file of a folder.
fn shown(folder: &Scratch, columns: usize, arguments: &[&str]) -> String {
    let entries = fs::read_dir(&**folder).expect("a folder").map(|entry| entry.expect("a file").file_name());
    let files: BTreeSet<OsString> = entries.collect();
    let mut program = program();
    program.current_dir(&**folder).env("COLUMNS", columns.to_string()).arg("--quiet").args(arguments).args(files);
    Ran::new(program.output().expect("the program runs")).stdout
}

#[test]
fn reports_match_their_golden_files() {
    let folder = captures("reports/human");
    folder.copy(DEMO, "demo.json");
    let mut stale = Vec::new();
    for columns in [60, 80, 120] {
        let report = shown(&folder, columns, &["--only", RULES]);
        let file = format!("tests/golden/human-{columns}.txt");
        if is_stale(&path(&file), &report) {
            stale.push(file);
        }
    }
    assert!(stale.is_empty(), "stale (BLESS=1 rewrites them): {stale:?}");
}

/// Only what is one word may be wider: an address, a path, a pointer.
#[test]
fn reports_fit_the_terminal() {
    let folder = captures("reports/widths");
    for columns in [60, 61, 72, 80, 100, 119, 120, 160, 200] {
        let report = shown(&folder, columns, &[]);
        let wider = report.lines().find(|line| {
            let words = line.trim_start().trim_start_matches("--> ").trim_start_matches("::: ");
            line.replace('\t', "    ").width() > columns && words.contains(' ')
        });
        assert_eq!(wider, None, "{columns}");
        // Every label of a capture on one line is shown, however far it is from the others.
        for label in ["this host", "and this host resource group"] {
            assert!(report.contains(label), "{columns}: {label}");
        }
    }
}

#[test]
fn a_rule_is_explained_once() {
    let folder = captures("reports/explained");
    let only = ["--only", "enum-value", "."];
    let one_thread = report_in(&folder, "human", &[&["--threads", "1"], &only[..]].concat());
    let (findings, explanations) =
        (one_thread.matches("error[enum-value]").count(), one_thread.matches(" = why: ").count());
    assert!(findings > 3 && explanations == 1, "{one_thread}");
    let first = one_thread.split("\n\n").next().expect("a finding");
    assert!(first.contains(" = why: ") && first.contains(" = source: "), "{first}");
    let four = report_in(&folder, "human", &[&["--threads", "4"], &only[..]].concat());
    let without_time = |report: &str| report.rsplit_once(" infos").map(|(report, _)| report.to_owned());
    assert_eq!(without_time(&one_thread), without_time(&four));
}

#[test]
fn compact_draws_the_first_finding_of_each_rule() {
    let folder = captures("reports/compact");
    let only = ["--only", "enum-value,placement-exclusive", "."];
    let [concise, report, four] = [("concise", "1"), ("compact", "1"), ("compact", "4")]
        .map(|(format, threads)| report_in(&folder, format, &[&["--threads", threads], &only[..]].concat()));
    assert_eq!(report, four);
    let lines: Vec<&str> =
        report.lines().filter(|line| line.contains("[enum-value]") || line.contains("[placement-")).collect();
    assert_eq!(lines, concise.lines().collect::<Vec<_>>());
    assert!(lines.len() > 5, "{report}");
    assert_eq!((report.matches(" = help: the values are").count(), report.matches(" and this host").count()), (1, 1));
    let first = report_in(&folder, "compact", &[&["--max-findings", "1"], &only[..]].concat());
    let (shown, _) = first.split_once(&format!("{} more findings", lines.len() - 1)).expect("a count of the others");
    assert!(report.starts_with(shown), "{first}");
}
