//! The formats of reports, read back by parsers of what they claim to be. Those in `tests/golden` are
//! rewritten with `BLESS=1 cargo test`.
#![allow(clippy::print_stderr, reason = "a check that is left out says so")]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use quick_xml::events::BytesStart;
use serde_json::{Value, json};

mod common;
use common::{path, unread};

/// What every format tells of a finding: file, line, column, level and rule.
type Fact = (String, u64, u64, String, String);

fn run_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_imagelint"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the binary starts")
}

fn report_in(folder: &Path, format: &str, arguments: &[&str]) -> String {
    let output = run_in(folder, &[&["--format", format], arguments].concat());
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn report(format: &str, arguments: &[&str]) -> String {
    report_in(&path(""), format, arguments)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"))
}

/// A folder for one test, made anew.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a scratch folder");
    folder
}

/// An element of an XML text with the text in it.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
}

impl Element {
    fn get(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        &found.unwrap_or_else(|| panic!("{} has no {name}", self.name)).1
    }
}

/// The elements of an XML text, which must be well-formed.
fn elements(xml: &str) -> Vec<Element> {
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_comments = true;
    let read = |element: &BytesStart<'_>| {
        let name = element.name().as_ref().to_owned();
        let attributes = element.attributes().map(|attribute| {
            let attribute = attribute.expect("an attribute");
            let value = quick_xml::escape::unescape(&attribute.value).expect("escapes are XML's").into_owned();
            (attribute.key.as_ref().to_owned(), value)
        });
        Element { name, attributes: attributes.collect(), text: String::new() }
    };
    let mut found: Vec<Element> = Vec::new();
    let mut open = 0;
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}:\n{xml}")) {
            quick_xml::events::Event::Start(element) => {
                open += 1;
                found.push(read(&element));
            }
            quick_xml::events::Event::Empty(element) => found.push(read(&element)),
            quick_xml::events::Event::End(_) => open -= 1,
            quick_xml::events::Event::Text(text) => {
                if let Some(last) = found.last_mut() {
                    last.text.push_str(&text);
                }
            }
            quick_xml::events::Event::GeneralRef(name) => {
                let escape = format!("&{};", &*name);
                let char = quick_xml::escape::unescape(&escape).expect("escapes are XML's");
                found.last_mut().expect("an element").text.push_str(&char);
            }
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open, 0, "elements that are not closed");
    let forbidden = |char: char| {
        char.is_control() && !matches!(char, '\n' | '\t' | '\r') || ('\u{fffe}'..='\u{ffff}').contains(&char)
    };
    assert!(!xml.contains(forbidden), "a character that XML forbids:\n{xml}");
    found
}

/// `path:line:column`, from the end.
fn place(text: &str) -> (String, u64, u64) {
    let mut parts = text.rsplitn(3, ':');
    let mut number =
        || parts.next().and_then(|part| part.parse().ok()).unwrap_or_else(|| panic!("`{text}` is no place"));
    let (column, line) = (number(), number());
    (parts.next().expect("a path").to_owned(), line, column)
}

/// The cells of a Markdown table's rows, as text.
fn cells(markdown: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut in_table = false;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableRow) => {
                in_table = true;
                rows.push(Vec::new());
            }
            Event::End(TagEnd::TableRow) => in_table = false,
            Event::Start(Tag::TableCell) if in_table => rows.last_mut().expect("a row").push(String::new()),
            Event::Text(text) | Event::Code(text) if in_table => {
                rows.last_mut().and_then(|row| row.last_mut()).expect("a cell").push_str(&text);
            }
            Event::InlineHtml(html) => assert_eq!(html.as_ref(), "<br>"),
            Event::Html(html) => panic!("markup of a document's: {html}"),
            _ => {}
        }
    }
    rows
}

fn facts(format: &str, report: &str) -> Vec<Fact> {
    let of_json = |finding: &Value| {
        let text = |name: &str| finding[name].as_str().expect("text").to_owned();
        let start = &finding["range"]["start"];
        let number = |name: &str| start[name].as_u64().expect("a number");
        (text("file"), number("line"), number("column"), text("severity"), text("rule"))
    };
    let array = |value: &Value| value.as_array().expect("an array").clone();
    match format {
        "json" => array(&json(report)["findings"]).iter().map(of_json).collect(),
        "json-lines" => report.lines().map(|line| of_json(&json(line))).collect(),
        "sarif" => array(&json(report)["runs"][0]["results"]).iter().map(of_sarif).collect(),
        "gitlab" => array(&json(report)).iter().map(of_gitlab).collect(),
        "github" => report.lines().map(of_github).collect(),
        "markdown" => cells(report)
            .into_iter()
            .map(|row| {
                let [level, at, rule, _] = &row[..] else { panic!("{} cells: {row:?}", row.len()) };
                let (file, line, column) = place(at);
                (file, line, column, level.clone(), rule.clone())
            })
            .collect(),
        "checkstyle" => {
            let mut file = String::new();
            let mut facts = Vec::new();
            for element in elements(report) {
                match element.name.as_str() {
                    "file" => element.get("name").clone_into(&mut file),
                    "error" => {
                        let number = |name| element.get(name).parse().expect("a number");
                        let rule = element.get("source").strip_prefix("imagelint.").expect("the tool's name");
                        let level = element.get("severity").to_owned();
                        facts.push((file.clone(), number("line"), number("column"), level, rule.to_owned()));
                    }
                    _ => {}
                }
            }
            facts
        }
        "junit" => elements(report)
            .iter()
            .filter(|element| ["failure", "system-out"].contains(&element.name.as_str()))
            .map(|element| {
                let (at, rest) = element.text.split_once(": ").expect("a place");
                let (level, rest) = rest.split_once('[').expect("a level");
                let rule = rest.split_once(']').expect("a rule").0;
                let (file, line, column) = place(at);
                (file, line, column, level.to_owned(), rule.to_owned())
            })
            .collect(),
        "concise" => report
            .lines()
            .map(|line| {
                let (at, rest) = line.split_once(": ").expect("a place");
                let (level, rest) = rest.split_once('[').expect("a level");
                let (file, line, column) = place(at);
                (file, line, column, level.to_owned(), rest.split_once(']').expect("a rule").0.to_owned())
            })
            .collect(),
        other => panic!("{other} is not read back"),
    }
}

fn of_sarif(result: &Value) -> Fact {
    let place = &result["locations"][0]["physicalLocation"];
    let uri = place["artifactLocation"]["uri"].as_str().expect("an address");
    let number = |name: &str| place["region"][name].as_u64().expect("a number");
    let level = match result["level"].as_str().expect("a level") {
        "note" => "info",
        other => other,
    };
    let rule = result["ruleId"].as_str().expect("a rule").to_owned();
    (uri.to_owned(), number("startLine"), number("startColumn"), level.to_owned(), rule)
}

fn of_gitlab(entry: &Value) -> Fact {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let begin = &entry["location"]["positions"]["begin"];
    let number = |name: &str| begin[name].as_u64().expect("a number");
    let level = match entry["severity"].as_str().expect("a severity") {
        "major" => "error",
        "minor" => "warning",
        other => other,
    };
    (text(&entry["location"]["path"]), number("line"), number("column"), level.to_owned(), text(&entry["check_name"]))
}

/// Reads a command as the runner does; a finding over several lines has no column.
fn of_github(line: &str) -> Fact {
    let (head, _) = line.strip_prefix("::").and_then(|line| line.split_once("::")).expect("a command");
    let (command, properties) = head.split_once(' ').expect("properties");
    let properties: Vec<(&str, String)> = properties
        .split(',')
        .map(|property| {
            let (key, value) = property.split_once('=').expect("a property");
            (
                key,
                value
                    .replace("%3A", ":")
                    .replace("%2C", ",")
                    .replace("%0A", "\n")
                    .replace("%0D", "\r")
                    .replace("%25", "%"),
            )
        })
        .collect();
    let get = |name: &str| properties.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
    let number = |name: &str| get(name).map_or(0, |value| value.parse().expect("a number"));
    let level = if command == "notice" { "info" } else { command };
    (get("file").expect("a file"), number("line"), number("col"), level.to_owned(), get("title").expect("a title"))
}

const FEW: [&str; 3] =
    ["corpus/demo", "corpus/invalid/name-arn-slug/recipe.json", "corpus/invalid/null-member/last.json"];

#[test]
fn every_format_tells_the_same() {
    let few = &FEW[..];
    let many = &["--pedantic", "corpus"][..];
    for (inputs, formats) in [
        (few, &["concise", "json-lines", "sarif", "gitlab", "github", "markdown", "checkstyle", "junit"][..]),
        (many, &["concise", "json-lines", "sarif", "gitlab", "checkstyle", "junit"]),
    ] {
        let expected = facts("json", &report("json", inputs));
        assert!(expected.len() > 5 && expected.iter().any(|fact| fact.3 == "info"), "{}", expected.len());
        for format in formats {
            let told = facts(format, &report(format, inputs));
            let differs = expected.iter().zip(&told).find(|(one, other)| one != other);
            assert!(
                differs.is_none() && told.len() == expected.len(),
                "{format}: {} findings, {differs:?}",
                told.len()
            );
        }
    }
}

#[test]
fn formats_look_as_they_did() {
    let bless = std::env::var_os("BLESS").is_some();
    let inputs = [&FEW[..], &["corpus/valid/placement-exclusive/host.json"]].concat();
    let mut stale = Vec::new();
    for (format, file) in [
        ("github", "github.txt"),
        ("gitlab", "gitlab.json"),
        ("junit", "junit.xml"),
        ("checkstyle", "checkstyle.xml"),
        ("markdown", "markdown.md"),
        ("json-lines", "json-lines.jsonl"),
    ] {
        let mut report = report(format, &inputs);
        if format == "markdown" {
            // The time that it took.
            report.truncate(report.rfind("; ").expect("the closing line"));
            report.push('\n');
        }
        let golden = path("tests/golden").join(file);
        if bless {
            fs::write(golden, report).expect("the golden file is written");
        } else if fs::read_to_string(&golden).unwrap_or_default() != report {
            stale.push(file);
        }
    }
    assert!(stale.is_empty(), "stale in tests/golden (BLESS=1 cargo test rewrites them): {stale:?}");
}

/// `IMAGELINT_SARIF_SCHEMA` names the standard's own schema; CI sets it.
#[test]
fn sarif_fits_the_standard() {
    let Some(schema) = std::env::var_os("IMAGELINT_SARIF_SCHEMA") else {
        eprintln!("IMAGELINT_SARIF_SCHEMA is not set: reports are not validated");
        return;
    };
    // The standard's pattern for languages closes a bracket that it does not open.
    let schema = fs::read_to_string(schema).expect("the schema").replace("{2}]?$", "{2}$");
    let schema = json(&schema);
    let validator = jsonschema::validator_for(&schema).expect("it compiles");
    for inputs in [&["--pedantic", "corpus"][..], &["corpus/valid/placement-exclusive"], &["no/such file.json"]] {
        let report = json(&report("sarif", inputs));
        let errors: Vec<String> =
            validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
    assert!(
        !validator.is_valid(&json!({ "version": "2.1.0", "runs": [{ "results": [] }] })),
        "the schema says nothing"
    );
}

#[test]
fn sarif_carries_rules_places_and_fixes() {
    let log = json(&report("sarif", &["--pedantic", "corpus"]));
    let run = &log["runs"][0];
    assert_eq!((&log["version"], &run["columnKind"]), (&json!("2.1.0"), &json!("unicodeCodePoints")));
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), imagelint::rules::all().count());
    for rule in rules {
        for words in ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown"] {
            assert!(rule.pointer(words).is_some_and(|text| text.as_str().is_some_and(|text| text.len() > 8)), "{rule}");
        }
        assert!(
            ["error", "warning", "note"].contains(&rule["defaultConfiguration"]["level"].as_str().expect("a level"))
        );
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
    let clean = json(&report("sarif", &["corpus/valid/placement-exclusive"]));
    assert_eq!(clean["runs"][0]["results"], json!([]));
    assert_eq!(clean["runs"][0]["invocations"][0]["executionSuccessful"], json!(true));
    let unreadable = json(&report("sarif", &["no/such file.json"]));
    let invocation = &unreadable["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], json!(false));
    let uri = "/toolExecutionNotifications/0/locations/0/physicalLocation/artifactLocation/uri";
    assert_eq!(invocation.pointer(uri), Some(&json!("no/such%20file.json")));
}

/// The edits of a report's fix, made by what a consumer of SARIF knows of them.
#[test]
fn a_fix_in_sarif_mends_its_finding() {
    let fixture = "corpus/invalid/member-name-case/capital.json";
    let log = json(&report("sarif", &[fixture]));
    let result = &log["runs"][0]["results"][0];
    let replacement = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    let region =
        |name: &str| usize::try_from(replacement["deletedRegion"][name].as_u64().expect("a number")).expect("small");
    assert_eq!(region("startLine"), region("endLine"));
    let text = fs::read_to_string(path(fixture)).expect("a fixture");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let line: Vec<char> = lines[region("startLine") - 1].chars().collect();
    let (before, after) = (&line[..region("startColumn") - 1], &line[region("endColumn") - 1..]);
    let inserted = replacement["insertedContent"]["text"].as_str().expect("a text").chars();
    lines[region("startLine") - 1] = before.iter().copied().chain(inserted).chain(after.iter().copied()).collect();
    let folder = scratch("sarif-fix");
    fs::write(folder.join("fixed.json"), lines.join("\n")).expect("a file");
    assert_eq!(report_in(&folder, "concise", &["fixed.json"]), "");
}

#[test]
fn fingerprints_tell_findings_apart_and_survive_moved_lines() {
    let log = json(&report("gitlab", &["--pedantic", "corpus"]));
    let entries = log.as_array().expect("an array");
    let fingerprints: HashSet<&str> = entries.iter().filter_map(|entry| entry["fingerprint"].as_str()).collect();
    assert_eq!(fingerprints.len(), entries.len());
    let text = fs::read_to_string(path("corpus/demo/get-image.json")).expect("a fixture");
    let folder = scratch("fingerprints");
    fs::write(folder.join("one.json"), &text).expect("a file");
    fs::write(folder.join("two.json"), format!("\n\n{}", text.replace("\": ", "\" :\n  "))).expect("a file");
    let of = |file: &str| -> Vec<Value> {
        let log = json(&report_in(&folder, "sarif", &[file]));
        let results = log["runs"][0]["results"].as_array().expect("results");
        results.iter().map(|result| result["partialFingerprints"].clone()).collect()
    };
    assert_eq!(of("one.json"), of("two.json"));
    assert_eq!(of("one.json").len(), 5);
}

#[test]
fn json_lines_are_described_by_the_schema_of_json() {
    let schema = json(&fs::read_to_string(path("schemas/report.json")).expect("the schema"));
    let finding = json!({ "$schema": schema["$schema"], "$ref": "#/$defs/finding", "$defs": schema["$defs"] });
    let validator = jsonschema::validator_for(&finding).expect("it compiles");
    let lines = report("json-lines", &["corpus"]);
    assert!(lines.lines().count() > 100 && lines.lines().all(|line| validator.is_valid(&json(line))));
    assert_eq!(report("json-lines", &["corpus/valid/placement-exclusive"]), "");
}

#[test]
fn github_takes_ten_annotations_of_a_level() {
    let folder = scratch("many");
    let images: Vec<Value> = (0..12).map(|_| json!({ "image": { "platform": "linux" } })).collect();
    fs::write(folder.join("many.json"), json!(images).to_string()).expect("a file");
    let report = report_in(&folder, "github", &["--only", "enum-value", "many.json"]);
    assert_eq!(report.lines().filter(|line| line.starts_with("::error ")).count(), 10);
    assert_eq!(report.lines().count(), 11);
    let last = report.lines().last().expect("a line");
    assert!(last.starts_with("::notice title=imagelint::2 more errors without an annotation"), "{last}");
    let report = report_in(&folder, "github", &["--only", "enum-value", "many.json", "gone.json"]);
    let lines: Vec<&str> = report.lines().collect();
    assert!(lines[0].starts_with("::error file=gone.json,title=unreadable::"), "{report}");
    assert!(lines.len() == 11 && lines[10].starts_with("::notice title=imagelint::3 more errors"), "{report}");
}

/// What a file's name and a document's text may hold must not end a cell, a command or an attribute.
#[cfg(unix)]
#[test]
fn markup_in_names_and_values_stays_text() {
    let folder = scratch("markup");
    let name = "a,b:100%|`<i>\"&'\u{1}\u{ffff}\n::error::x.json";
    let status = "x|`<img src=x>*a*\\| [b](c) \u{1b}\u{ffff} ]]> & \"'";
    let image = json!({ "image": { "state": { "status": status }, "name\u{2}|<b>": null } });
    fs::write(folder.join(name), image.to_string()).expect("a file");
    let expected = facts("json", &report_in(&folder, "json", &["."]));
    assert!(expected.iter().any(|fact| fact.4 == "enum-value"), "{expected:?}");
    for format in ["sarif", "gitlab", "github", "checkstyle", "junit", "markdown"] {
        let report = report_in(&folder, format, &["."]);
        let told = facts(format, &report);
        let rules = |facts: &[Fact]| facts.iter().map(|fact| fact.4.clone()).collect::<Vec<_>>();
        assert_eq!(rules(&told), rules(&expected), "{format}:\n{report}");
        assert!(!report.contains('\u{1b}'), "{format}");
    }
    let named = name.replace('\u{1}', "\\u{1}").replace('\u{ffff}', "\\u{ffff}").replace('\n', "\\u{a}");
    assert_eq!(facts("github", &report_in(&folder, "github", &["."]))[0].0, named);
    assert_eq!(facts("gitlab", &report_in(&folder, "gitlab", &["."]))[0].0, name);
    let uri = facts("sarif", &report_in(&folder, "sarif", &["."]))[0].0.clone();
    assert!(uri.starts_with("a%2Cb%3A100%25%7C%60%3Ci%3E"), "{uri}");
}

/// What a terminal or a browser would obey comes neither from a document nor from a file's name.
#[cfg(unix)]
#[test]
fn terminals_get_nothing_to_obey() {
    let folder = scratch("obeyed");
    let obeyed = "\u{7f}\u{9b}31m\u{61c}\u{202e}\u{2028}\u{2066}";
    let image =
        json!({ "image": { "platform": "linux", "buildType": "SCHEDULED", "name": format!("日本 {obeyed}"), obeyed: 1 } })
            .to_string();
    fs::write(folder.join(format!("\u{1b}[31m\n{obeyed}.json")), image.replace("\",\"", "\",\r\"")).expect("a file");
    fs::write(folder.join("raw.json"), "{\"image\":{\"platform\":\"li\u{1b}[31mnux\u{7}\"}}").expect("a file");
    std::os::unix::fs::symlink("nowhere", folder.join("\u{1b}]0;gone.json")).expect("a link");
    let formats =
        ["human", "concise", "github", "markdown", "json", "json-lines", "gitlab", "sarif", "junit", "checkstyle"];
    for format in formats {
        let output = run_in(&folder, &["--format", format, ".", "\u{1b}]0;gone.json"]);
        for text in [output.stdout, output.stderr] {
            let text = String::from_utf8(text).expect("UTF-8");
            let found =
                text.find(|char: char| char != '\n' && (char.is_control() || obeyed.contains(char) && char > '\u{7f}'));
            assert_eq!(found.map(|at| &text[at..]), None, "{format}");
        }
    }
    let page = report_in(&folder, "html", &[".", "\u{1b}]0;gone.json"]);
    assert!(!page.contains(|char: char| obeyed.contains(char) && char > '\u{7e}' || char == '\u{1b}'));
    let entries = json(&report_in(&folder, "gitlab", &["."]));
    let path = |entry: &Value| entry["location"]["path"].as_str().expect("a path").to_owned();
    assert_eq!(path(&entries[0]), format!("\u{1b}[31m\n{obeyed}.json"), "JSON reads it back as it is");
    let report = report_in(&folder, "human", &["raw.json"]);
    assert!(report.contains("{\"image\":{\"platform\":\"li?[31mnux?\"}}"), "{report}");
    assert!(report_in(&folder, "concise", &["."]).starts_with("\\u{1b}[31m\\u{a}\\u{7f}"));
}

#[test]
fn a_table_in_markdown_has_an_end() {
    let folder = scratch("long");
    let images: Vec<Value> = (0..700).map(|_| json!({ "image": { "platform": "linux" } })).collect();
    fs::write(folder.join("long.json"), json!(images).to_string()).expect("a file");
    let report = report_in(&folder, "markdown", &["--only", "enum-value", "long.json"]);
    assert_eq!(cells(&report).len(), 500);
    assert!(report.contains("\n… and 200 more findings.\n"), "{report}");
}

#[test]
fn a_file_read_in_blocks_is_one_file() {
    let folder = scratch("blocks");
    let good = json!({ "image": { "platform": "Linux", "description": "d".repeat(900) } }).to_string() + "\n";
    let bad = json!({ "image": { "platform": "linux" } }).to_string() + "\n";
    let lines = (bad.clone() + &good.repeat(3000)).repeat(2) + &bad;
    assert!(lines.len() > 2 << 20);
    fs::write(folder.join("many.jsonl"), lines).expect("a file");
    let only = ["--only", "enum-value", "many.jsonl"];
    let expected = facts("json", &report_in(&folder, "json", &only));
    assert_eq!(expected.iter().map(|fact| fact.1).collect::<Vec<_>>(), [1, 3002, 6003]);
    for format in ["sarif", "gitlab", "github", "checkstyle", "junit", "markdown"] {
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
    let folder = scratch("unreadable");
    fs::write(folder.join("one.json"), json!({ "image": { "platform": "linux" } }).to_string()).expect("a file");
    for found in [&[gone, "no/other.json"][..], &["one.json", gone, "no/other.json"]] {
        let report = |format: &str| report_in(&folder, format, &[&["--only", "enum-value"], found].concat());
        let log = json(&report("json"));
        assert_eq!(log["unreadable"][1]["file"], json!(gone));
        assert!(log["unreadable"][1]["error"].as_str().is_some_and(|error| error.contains("(os error 2)")), "{log}");
        let entries = json(&report("gitlab"));
        let of_run: Vec<Fact> = entries.as_array().expect("an array").iter().map(of_gitlab).collect();
        let unreadable = |level: &str, column| (gone.to_owned(), 1, column, level.to_owned(), "unreadable".to_owned());
        assert_eq!(of_run.len(), found.len());
        assert_eq!(of_run.last(), Some(&unreadable("critical", 1)));
        let errors = elements(&report("checkstyle"));
        let [.., file, error] = &errors[..] else { panic!("{} elements", errors.len()) };
        assert_eq!((file.get("name"), error.get("source")), (gone, "imagelint.unreadable"));
        let commands = report("github");
        let first = commands.lines().nth(1).expect("a command");
        assert!(first.starts_with("::error file=no/such%2C<file>.json,title=unreadable::No such file"), "{first}");
        let lists = report("markdown");
        assert!(lists.contains("\n\n- no/other.json: No such file"), "{lists}");
        assert!(lists.lines().last().is_some_and(|line| line.starts_with("- no/such,\\<file\\>.json: ")), "{lists}");
        assert!(report("html").contains("<bdi>no/such,&lt;file&gt;.json</bdi>"));
        assert!(report("junit").contains("classname=\"no/such,&lt;file&gt;.json\" name=\"can be read\""));
    }
}

#[test]
fn junit_fails_where_the_run_fails() {
    let warning = "corpus/invalid/name-arn-slug/recipe.json";
    let clean = "corpus/valid/placement-exclusive/host.json";
    let counts = |arguments: &[&str]| {
        let elements = elements(&report("junit", arguments));
        let count = |name: &str| elements.iter().filter(|element| element.name == name).count();
        (count("testsuite"), count("testcase"), count("failure"), count("error"))
    };
    assert_eq!(counts(&[warning, clean]), (2, 2, 0, 0));
    assert_eq!(counts(&["--fail-on", "warning", warning, clean]), (2, 2, 1, 0));
    assert_eq!(counts(&[clean, "no/such/file.json"]), (2, 2, 0, 1));
    assert_eq!(counts(&["no/such/file.json"]), (1, 1, 0, 1));
    for nothing in ["src", "schemas/baseline.json"] {
        let elements = elements(&report("junit", &["--skip-unknown", nothing]));
        let names: Vec<&str> = elements.iter().map(|element| &*element.name).collect();
        assert_eq!(names, ["testsuites", "testsuite", "testcase", "skipped"], "{nothing}");
        assert_eq!((elements[1].get("tests"), elements[1].get("skipped")), ("1", "1"));
    }
}

#[test]
fn one_run_writes_several_reports() {
    let folder = scratch("several");
    let formats = ["json", "json-lines", "sarif", "github", "gitlab", "junit", "checkstyle", "concise"];
    let files: Vec<String> =
        formats.iter().map(|format| format!("{format}={}", folder.join(format).display())).collect();
    let mut arguments: Vec<&str> = files.iter().flat_map(|file| ["--report", file]).collect();
    arguments.extend(["--format", "concise", "corpus/invalid"]);
    let output = run_in(&path(""), &arguments);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stdout).expect("UTF-8"), report("concise", &["corpus/invalid"]));
    for format in formats {
        let written = fs::read_to_string(folder.join(format)).expect("the report");
        assert!(written == report(format, &["corpus/invalid"]), "{format}");
    }
    assert_eq!(fs::read_dir(&folder).expect("the folder").count(), formats.len(), "nothing else is left there");
}

#[test]
fn a_report_that_cannot_be_made_leaves_what_was_there() {
    let folder = scratch("kept");
    fs::write(folder.join("report"), "before").expect("a file");
    let sarif = format!("sarif={}", folder.join("report").display());
    let junit = format!("junit={}", folder.join("report").display());
    for (arguments, why) in [
        (&["--report", &sarif, "--report", &junit, "corpus/demo"][..], "kept/report: another one does"),
        (&["--report", &sarif, "--report", "junit=no/such/r.xml", "corpus/demo"], "no/such/r.xml: No such file"),
        (
            &["--report", &sarif, "--report", "xunit=x", "corpus/demo"],
            "there is no format `xunit`; did you mean `junit`?",
        ),
        (&["--report", &sarif, "--report", "json=", "corpus/demo"], "it names no file"),
        (&["--report", &sarif, "--only", "nonsense", "corpus/demo"], "nonsense"),
    ] {
        let output = run_in(&path(""), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let stderr = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(stderr.contains(why) && !stderr.contains(".tmp"), "{stderr}");
        assert_eq!(fs::read_to_string(folder.join("report")).expect("the file"), "before");
        assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 1, "nothing else is left there");
    }
}

#[cfg(unix)]
#[test]
fn a_report_keeps_permissions_and_follows_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = scratch("links");
    fs::write(folder.join("target"), "before").expect("a file");
    fs::set_permissions(folder.join("target"), fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink("target", folder.join("link")).expect("a link");
    let demo = path("corpus/demo");
    let demo = demo.to_str().expect("UTF-8");
    run_in(&folder, &["--report", "json=link", "--report", "concise=new", "--report", "json-lines=/dev/stderr", demo]);
    assert!(fs::symlink_metadata(folder.join("link")).expect("it is there").is_symlink());
    let target = fs::metadata(folder.join("target")).expect("it is there");
    assert!(target.len() > 100 && target.permissions().mode() & 0o777 == 0o640);
    let new = fs::metadata(folder.join("new")).expect("it is there").permissions().mode();
    assert_eq!(new & 0o600, 0o600);
    assert!(Path::new("/dev/stderr").exists(), "a device is written to, not replaced");
}

#[cfg(unix)]
#[test]
fn a_report_is_made_where_a_link_leads_to_nothing_yet() {
    use std::os::unix::fs::symlink;
    let folder = scratch("dangling");
    fs::create_dir(folder.join("out")).expect("a folder");
    symlink("out/second", folder.join("first")).expect("a link");
    symlink("report", folder.join("out/second")).expect("a link");
    symlink("circle", folder.join("circle")).expect("a link");
    let demo = path("corpus/demo");
    let demo = demo.to_str().expect("UTF-8");
    run_in(&folder, &["--report", "json=first", demo]);
    assert!(folder.join("first").is_symlink() && folder.join("out/second").is_symlink());
    assert!(fs::read_to_string(folder.join("out/report")).expect("the report").starts_with('{'));
    let output = run_in(&folder, &["--report", "json=circle", demo]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(folder.join("circle").is_symlink());
}

#[cfg(unix)]
#[test]
fn a_report_to_where_a_stream_goes_joins_it() {
    let folder = scratch("joined");
    let file = folder.join("out.txt");
    for name in ["/dev/stdout", "out.txt"] {
        let status = std::process::Command::new(env!("CARGO_BIN_EXE_imagelint"))
            .args(["--format", "concise", "--report", &format!("json={name}"), &path("corpus/demo").to_string_lossy()])
            .current_dir(&folder)
            .stdout(fs::File::create(&file).expect("a file"))
            .status()
            .expect("it runs");
        assert_eq!(status.code(), Some(1));
        let written = fs::read_to_string(&file).expect("the file");
        let report = written.lines().filter(|line| line.starts_with("{\"version\":1,")).count();
        let concise = written.lines().filter(|line| line.contains("corpus/demo/") && !line.starts_with('{')).count();
        assert!(report == 1 && concise > 1, "{name}: {written}");
        assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 1);
    }
}

#[cfg(unix)]
#[test]
fn files_are_written_when_nobody_reads_standard_output() {
    let folder = scratch("closed");
    let file = format!("json={}", folder.join("report.json").display());
    let output = unread(&["--report", &file, "corpus/invalid"]);
    assert_eq!(String::from_utf8(output.stderr).expect("UTF-8"), "");
    let written = fs::read_to_string(folder.join("report.json")).expect("the report");
    assert!(written == report("json", &["corpus/invalid"]));
}
