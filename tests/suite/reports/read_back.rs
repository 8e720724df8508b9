//! Reads reports back, with parsers of what they claim to be.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use quick_xml::events::BytesStart;
use regex::Regex;
use serde_json::Value;

use crate::common::json;

/// What every format says of a finding: file, line, column, level and rule.
pub(super) type Fact = (String, u64, u64, String, String);

/// An element of an XML text with the text in it.
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    text: String,
}

impl Element {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        &found.unwrap_or_else(|| panic!("{} has no {name}", self.name)).1
    }
}

/// The elements of an XML text, which must be well-formed.
pub(super) fn elements(xml: &str) -> Vec<Element> {
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

/// `path:line:column`, and perhaps a pointer.
fn place_with_pointer(text: &str) -> (String, u64, u64) {
    // A path may have slashes after blanks as well, but no place before them.
    let mut ends = text.match_indices(" /").map(|(at, _)| at);
    let is_place = |at: &usize| text[..*at].rsplit(':').take(2).all(|part| part.parse::<u64>().is_ok());
    place(&text[..ends.find(is_place).unwrap_or(text.len())])
}

/// `path:line:column`, from the end.
fn place(text: &str) -> (String, u64, u64) {
    let mut parts = text.rsplitn(3, ':');
    let mut number =
        || parts.next().and_then(|part| part.parse().ok()).unwrap_or_else(|| panic!("`{text}` is no place"));
    let (column, line) = (number(), number());
    (parts.next().expect("a path").to_owned(), line, column)
}

/// The cells of the rows of Markdown's tables, as text, each with the level and the rule of its table before them.
pub(super) fn cells(markdown: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut in_table = false;
    let mut head = Vec::new();
    let summary = r#"^<details(?: open)?><summary>(\w+): (?:<a href="https:[\w./#-]+">)?([a-z0-9-]+)(?:</a>)?, \d+ findings?</summary>\n$"#;
    let summary = Regex::new(summary).expect("a pattern");
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableRow) => {
                in_table = true;
                rows.push(head.clone());
            }
            Event::End(TagEnd::TableRow) => in_table = false,
            Event::Start(Tag::TableCell) if in_table => rows.last_mut().expect("a row").push(String::new()),
            Event::Text(text) | Event::Code(text) if in_table => {
                rows.last_mut().and_then(|row| row.last_mut()).expect("a cell").push_str(&text);
            }
            Event::InlineHtml(html) => assert_eq!(html.as_ref(), "<br>"),
            Event::Html(html) if html.as_ref() == "</details>\n" => {}
            Event::Html(html) => {
                let parts = summary.captures(&html).unwrap_or_else(|| panic!("markup of a document's: {html}"));
                head = vec![parts[1].to_owned(), parts[2].to_owned()];
            }
            _ => {}
        }
    }
    rows
}

/// The findings in a report.
pub(super) fn facts(format: &str, report: &str) -> Vec<Fact> {
    let of_json = |finding: &Value| {
        let text = |name: &str| finding[name].as_str().expect("text").to_owned();
        let start = &finding["range"]["start"];
        let number = |name: &str| start[name].as_u64().expect("a number");
        (text("file"), number("line"), number("column"), text("severity"), text("rule"))
    };
    let of_verdict = |verdict: &Value| -> Vec<Fact> {
        let file = verdict["file"].as_str().expect("a path");
        let findings = verdict["findings"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let fact = |finding: &Value| {
            let number = |name: &str| finding[name].as_u64().expect("a number");
            (file.to_owned(), number("line"), number("column"), text(&finding["severity"]), text(&finding["rule"]))
        };
        findings.iter().map(fact).collect()
    };
    let array = |value: &Value| value.as_array().expect("an array").clone();
    match format {
        "json" => array(&json(report)["findings"]).iter().map(of_json).collect(),
        "json-lines" => report.lines().map(|line| of_json(&json(line))).collect(),
        "verdicts" => report.lines().flat_map(|line| of_verdict(&json(line))).collect(),
        "sarif" => array(&json(report)["runs"][0]["results"]).iter().map(of_sarif).collect(),
        "gitlab" => array(&json(report)).iter().map(of_gitlab).collect(),
        "rdjson" => array(&json(report)["diagnostics"]).iter().map(of_rdjson).collect(),
        "github" => report.lines().map(of_github).collect(),
        "markdown" => cells(report)
            .into_iter()
            .map(|row| {
                let [level, rule, at, _] = &row[..] else { panic!("{} cells: {row:?}", row.len()) };
                let (file, line, column) = place_with_pointer(at);
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

fn of_rdjson(diagnostic: &Value) -> Fact {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let start = &diagnostic["location"]["range"]["start"];
    let number = |name: &str| start[name].as_u64().expect("a number");
    let path = text(&diagnostic["location"]["path"]);
    let level = text(&diagnostic["severity"]).to_lowercase();
    (path, number("line"), number("column"), level, text(&diagnostic["code"]["value"]))
}

pub(super) fn of_gitlab(entry: &Value) -> Fact {
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
