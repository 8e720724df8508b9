//! What all formats have in common: they report the same findings, in the same order, and match their golden files.

use std::path::PathBuf;

use imagelint::Format;
use regex::Regex;
use serde_json::json;

use super::read_back::{Fact, elements, facts, of_gitlab};
use super::{FEW, everything, misspelt, report, report_in, reports_on_everything};
use crate::common::{self, CLEAN, Scratch, is_stale, path};

/// The formats whose reports can be read back, other than JSON.
const READ_BACK: [&str; 10] =
    ["concise", "json-lines", "verdicts", "sarif", "gitlab", "rdjson", "github", "markdown", "checkstyle", "junit"];

#[test]
fn every_format_reports_the_same_findings() {
    // Some leave out what would be too much for those who show them, and columns may be bytes.
    let unlimited = READ_BACK.into_iter().filter(|format| !["github", "markdown", "rdjson"].contains(format)).collect();
    let few: fn(&str) -> String = |format| report(format, &FEW);
    for (report, formats) in [(few, READ_BACK.to_vec()), (everything, unlimited)] {
        let expected = facts("json", &report("json"));
        assert!(expected.len() > 5 && expected.iter().any(|fact| fact.3 == "info"), "{}", expected.len());
        for format in formats {
            let mut found = facts(format, &report(format));
            if format == "markdown" {
                // It is in the order of rules.
                found.sort_by_key(|fact| expected.iter().position(|other| other == fact));
            }
            let differs = expected.iter().zip(&found).find(|(one, other)| one != other);
            assert!(differs.is_none(), "{format}: {differs:?}");
            assert_eq!(found.len(), expected.len(), "{format}");
        }
    }
}

#[test]
fn the_library_reports_what_the_program_reports() {
    let linter = imagelint::Linter::new();
    for file in FEW {
        let text = common::text(file);
        let checked = linter.lint(file, &text);
        for format in READ_BACK.into_iter().chain(["json"]) {
            let by_library = checked.report(imagelint::Format::named(format).expect("a format"));
            assert_eq!(facts(format, &by_library), facts(format, &report(format, &[file])), "{format}: {file}");
        }
    }
}

#[test]
fn formats_match_their_golden_files() {
    let inputs = [&FEW[..], &[CLEAN]].concat();
    let mut stale = Vec::new();
    // The time that it took.
    let time = Regex::new(r#"; \d[\d.]*m?s(\*)|(\btime=")\d+\.\d+"#).expect("a pattern");
    for (format, file) in [
        ("compact", "compact.txt"),
        ("github", "github.txt"),
        ("gitlab", "gitlab.json"),
        ("junit", "junit.xml"),
        ("checkstyle", "checkstyle.xml"),
        ("markdown", "markdown.md"),
        ("json-lines", "json-lines.jsonl"),
        ("verdicts", "verdicts.jsonl"),
        ("rdjson", "rdjson.json"),
    ] {
        let mut report = report(format, &inputs);
        if format == "markdown" || format == "junit" {
            report = time.replace_all(&report, "$1$2").into_owned();
        }
        if is_stale(&path("tests/golden").join(file), &report) {
            stale.push(file);
        }
    }
    assert!(stale.is_empty(), "stale in tests/golden (BLESS=1 rewrites them): {stale:?}");
}

#[test]
fn the_order_does_not_depend_on_threads() {
    let formats = ["json", "html"].map(|name| Format::named(name).expect("a format"));
    let one = reports_on_everything(Scratch::new("reports/one-thread"), formats, "1");
    for format in formats.map(Format::name) {
        assert!(one.read(format) == everything(format), "{format}");
    }
}

#[test]
fn findings_are_in_order_of_path_and_place() {
    let report = common::json(&everything("json"));
    let findings = report["findings"].as_array().expect("findings");
    assert!(findings.len() > 100);
    let keys: Vec<_> = findings
        .iter()
        .map(|finding| {
            let text = |name: &str| finding[name].as_str().expect("text").to_owned();
            (PathBuf::from(text("file")), finding["range"]["start"]["offset"].as_u64(), text("rule"))
        })
        .collect();
    let across = keys.iter().position(|(.., rule)| rule.starts_with("x-")).expect("documents that contradict others");
    let is_sorted = |keys: &[(PathBuf, Option<u64>, String)]| {
        keys.is_sorted_by(|one, other| (&one.0, one.1) <= (&other.0, other.1))
    };
    assert!(is_sorted(&keys[..across]) && is_sorted(&keys[across..]));
    assert!(keys[across..].iter().all(|(.., rule)| rule.starts_with("x-")), "those across documents come last");
}

#[test]
fn a_file_read_in_blocks_is_one_file() {
    let folder = Scratch::new("reports/blocks");
    let padding = json!({ "HTTPHeaders": { "x-padding": "x".repeat(9000) } });
    let good = json!({ "image": { "platform": "Linux" }, "ResponseMetadata": padding }).to_string() + "\n";
    let bad = misspelt().to_string() + "\n";
    let lines = (bad.clone() + &good.repeat(300)).repeat(2) + &bad;
    assert!(lines.len() > 2 << 20);
    folder.write("many.jsonl", lines);
    let only = ["--only", "enum-value", "many.jsonl"];
    let expected = facts("json", &report_in(&folder, "json", &only));
    assert_eq!(expected.iter().map(|fact| fact.1).collect::<Vec<_>>(), [1, 302, 603]);
    for format in READ_BACK {
        assert_eq!(facts(format, &report_in(&folder, format, &only)), expected, "{format}");
    }
    let files = elements(&report_in(&folder, "checkstyle", &only));
    assert_eq!(files.iter().filter(|element| element.name == "file").count(), 1);
    let suites: Vec<_> = elements(&report_in(&folder, "junit", &only))
        .into_iter()
        .filter(|element| element.name == "testsuite")
        .map(|suite| (suite.get("tests").to_owned(), suite.get("failures").to_owned()))
        .collect();
    assert_eq!(suites, [("3".to_owned(), "3".to_owned())]);
}

/// A report that names no unreadable file looks like that of a run which found nothing in it.
#[test]
fn every_report_names_what_could_not_be_read() {
    let gone = "no/such,<file>.json";
    let folder = Scratch::new("reports/unreadable");
    folder.write("one.json", misspelt().to_string());
    for inputs in [&[gone, "no/other.json"][..], &["one.json", gone, "no/other.json"]] {
        let report = |format: &str| report_in(&folder, format, &[&["--only", "enum-value"], inputs].concat());
        let log = common::json(&report("json"));
        assert_eq!(log["unreadable"][1]["file"], json!(gone));
        assert!(log["unreadable"][1]["error"].as_str().is_some_and(|error| error.contains("(os error 2)")), "{log}");
        let entries = common::json(&report("gitlab"));
        let entries: Vec<Fact> = entries.as_array().expect("an array").iter().map(of_gitlab).collect();
        assert_eq!(entries.len(), inputs.len());
        let unreadable = (gone.to_owned(), 1, 1, "critical".to_owned(), "unreadable".to_owned());
        assert_eq!(entries.last(), Some(&unreadable));
        let errors = elements(&report("checkstyle"));
        let [.., file, error] = &errors[..] else { panic!("{} elements", errors.len()) };
        assert_eq!((file.get("name"), error.get("source")), (gone, "imagelint.unreadable"));
        let commands = report("github");
        let last = report("verdicts").lines().last().map(common::json).expect("a line");
        assert!(last["file"] == "no/other.json" || last["file"] == gone, "{last}");
        let first = commands.lines().nth(1).expect("a command");
        assert!(first.starts_with("::error file=no/such%2C<file>.json,title=unreadable::No such file"), "{first}");
        let lists = report("markdown");
        assert!(lists.contains("\n\n- no/other.json: No such file"), "{lists}");
        assert!(lists.lines().last().is_some_and(|line| line.starts_with("- no/such,\\<file\\>.json: ")), "{lists}");
        assert!(report("html").contains("<bdi>no/such,&lt;file&gt;.json</bdi>"));
        assert!(report("junit").contains("classname=\"no/such,&lt;file&gt;.json\" name=\"can be read\""));
    }
}
