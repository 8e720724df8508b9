//! The pages in `docs/rules/` are those that the rules and their fixtures make; `BLESS=1 cargo test` rewrites
//! them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::catalogue::page::page;
use crate::document::{Content, Document, Member, Value, at};
use crate::finding::{Level, Rule};
use crate::library::Linter;
use crate::report::{FORMATS, Options, Output, Style};
use crate::repository::{fixtures, path};
use crate::rules::THEMES;
use crate::run::input::{Unfiltered, discover};
use crate::run::scopes::Scopes;
use crate::run::session::Session;
use crate::settings::Settings;
use crate::text::span::Span;

#[test]
fn the_pages_are_current() {
    let folder = path("docs/rules");
    let bless = std::env::var_os("BLESS").is_some();
    let pages = pages();
    let mut stale = Vec::new();
    for (name, page) in &pages {
        let file = folder.join(name);
        if bless {
            fs::write(&file, page).expect("a writable folder");
        } else if fs::read_to_string(&file).ok().as_ref() != Some(page) {
            stale.push(name.clone());
        }
    }
    for entry in fs::read_dir(&folder).expect("docs/rules") {
        let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
        if !pages.contains_key(&name) {
            stale.push(name);
        }
    }
    assert!(stale.is_empty(), "stale in docs/rules (BLESS=1 cargo test rewrites them): {stale:?}");
}

/// The pages by file name.
fn pages() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut index = String::from(
        "# Rules\n\nGenerated from the rules and their fixtures. *Fix*: whether findings carry an edit that is safe to \
         make unasked, or one that needs a decision.\n",
    );
    for theme in THEMES {
        write!(index, "\n## {}\n\n| rule | level | fix | |\n| --- | --- | --- | --- |\n", theme.name)
            .expect("a String takes all");
        for rule in theme.iter() {
            pages.insert(format!("{}.md", rule.name), page(rule, &examples(rule)));
            let fix = rule.fix_names().collect::<Vec<_>>().join(", ");
            let level =
                if rule.pedantic { format!("{}, off", rule.level.name()) } else { rule.level.name().to_owned() };
            writeln!(index, "| [{0}]({0}.md) | {level} | {fix} | {1} |", rule.name, rule.summary.replace('|', "\\|"))
                .expect("a String takes all");
        }
    }
    pages.insert("README.md".to_owned(), index);
    pages
}

/// The sections with the examples out of a rule's first fixtures.
fn examples(rule: &Rule) -> String {
    let settings = settings(rule);
    let linter = Linter::with_settings(&settings);
    let folder = format!("corpus/invalid/{}", rule.name);
    let mut bad = first_case(&path(&folder)).map(|case| Example::of_case(&case, rule));
    for fixture in fixtures(&folder) {
        let bytes = fs::read(&fixture).expect("a fixture");
        let checked = linter.lint("-", &bytes);
        for finding in checked.findings().iter().filter(|finding| finding.rule() == rule) {
            let spans: Vec<Span> = finding.labels().map(|label| label.location.span).collect();
            bad.get_or_insert_with(|| Example::bad(checked.text(), &spans, finding.level(), finding.message()));
        }
    }
    let bad = bad.unwrap_or_else(|| panic!("{}: no fixture has a finding", rule.name));
    let fixture = fixtures(&format!("corpus/valid/{}", rule.name)).swap_remove(0);
    let bytes = fs::read(fixture).expect("a fixture");
    let good = Example::good(linter.lint("-", &bytes).text(), &bad.pointer);
    format!("{}{}", bad.section("Bad"), good.section("Good"))
}

/// Settings under which a rule runs, even one that is off by default.
fn settings(rule: &Rule) -> Settings {
    let text = match rule.name {
        // It reports every captured error, whatever else is wrong with it.
        "error-status" => "levels = { error-document = 'off' }".to_owned(),
        "house-schema" => "house-schema = [{ file = 'house-schema.json', kinds = ['get-image'] }]".to_owned(),
        "document-size" => "max-document-size = 100".to_owned(),
        name if rule.pedantic => format!("levels = {{ {name} = '{}' }}", rule.level.name()),
        _ => String::new(),
    };
    let file = path("corpus/imagelint.toml");
    Settings::parse(&file.to_string_lossy(), &text).unwrap_or_else(|mistakes| panic!("{}: {mistakes}", rule.name))
}

/// The first folder in that of a rule's fixtures: a case of several documents.
fn first_case(folder: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).expect("every rule has fixtures").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| path.is_dir()).min()
}

/// A part of a document that shows a rule at work.
struct Example {
    /// The pointer of the part; empty for the whole document.
    pointer: String,
    /// The part, with `…` for what does not matter.
    text: String,
    /// What imagelint says of it; nothing of a good example.
    message: Option<String>,
}

impl Example {
    /// The part of a document that holds the spans of a finding.
    fn bad(text: &str, spans: &[Span], level: Level, message: &str) -> Self {
        let document = Document::parse(text);
        let message = Some(format!("{}: {message}", level.name()));
        match document.root().and_then(|root| holder(root, spans)) {
            Some(value) => Example { pointer: document.pointer(value.span()), text: excerpt(value, spans), message },
            None => Example { pointer: String::new(), text: first_lines(document.text), message },
        }
    }

    /// The part of a document at a pointer; of another form of document, at what the pointer ends in.
    fn good(text: &str, pointer: &str) -> Self {
        let document = Document::parse(text);
        let Some(root) = document.root() else {
            return Example { pointer: String::new(), text: first_lines(document.text), message: None };
        };
        let ends = pointer.match_indices('/').filter_map(|(index, _)| container(root, &pointer[index..]));
        let value = ends.into_iter().next().unwrap_or(root);
        Example { pointer: document.pointer(value.span()), text: excerpt(value, &[]), message: None }
    }

    /// The example out of a case of several documents: the first finding of the rule in the JSON report.
    fn of_case(case: &Path, rule: &Rule) -> Self {
        let style = Style { color: false, links: false, width: 100 };
        let options = Options {
            style,
            root: PathBuf::new(),
            fail_on: Some(Level::Error),
            quiet: true,
            max_findings: usize::MAX,
            silencing: None,
            excerpts: false,
        };
        let json = FORMATS.iter().find(|format| format.name == "json").expect("the format exists");
        let reports = [(json.make)(options)];
        let scopes = Scopes::new(settings(rule), None);
        let session = Session {
            min_level: Level::Info,
            is_unread: None,
            scopes: &scopes,
            silenced: None,
            reports: &reports,
            baseline: None,
            is_watched: false,
            compares: true,
            lists_skipped: false,
        };
        let mut report = Vec::new();
        let mut outputs = [Output::new(&*reports[0], &mut report)];
        let inputs = discover(&[case.to_owned()], Unfiltered::default()).inputs;
        let summary =
            session.check_inputs(&inputs, &mut outputs, &mut io::empty(), &mut io::sink()).expect("a Vec takes all");
        outputs[0].close(&summary).expect("a Vec takes all");
        drop(outputs);
        let report: Json = serde_json::from_slice(&report).expect("a report");
        let mut findings = report["findings"].as_array().into_iter().flatten();
        let finding = findings.find(|finding| finding["rule"] == rule.name);
        let finding = finding.unwrap_or_else(|| panic!("{}: no finding", case.display()));
        let text = |member: &str| finding[member].as_str().expect("a text");
        let offset = |end: &str| usize::try_from(finding["range"][end]["offset"].as_u64().expect("an offset"));
        let span = Span::new(offset("start").expect("it fits"), offset("end").expect("it fits"));
        let level = Level::from_name(text("severity")).expect("a level");
        Example::bad(&fs::read_to_string(text("file")).expect("a fixture"), &[span], level, text("message"))
    }

    /// The section of a page that shows it.
    fn section(&self, title: &str) -> String {
        let Example { pointer, text, message } = self;
        let place = if pointer.is_empty() { String::new() } else { format!("At `{pointer}`:\n\n") };
        let message = message.as_ref().map(|message| format!("\n> {message}\n")).unwrap_or_default();
        format!("\n## {title}\n\n{place}```text\n{text}\n```\n{message}")
    }
}

/// The object or array at a pointer.
fn container<'d>(root: Value<'d>, pointer: &str) -> Option<Value<'d>> {
    at(root, pointer).filter(|value| is_container(*value))
}

fn is_container(value: Value<'_>) -> bool {
    value.is_object() || value.is_array()
}

/// The innermost object or array that holds all spans; an array of plain values only with its object.
fn holder<'d>(value: Value<'d>, spans: &[Span]) -> Option<Value<'d>> {
    let range = value.span();
    if !is_container(value) || !spans.iter().all(|span| range.contains(*span) && *span != range) {
        return None;
    }
    let mut inner = value.members().map(Member::value).chain(value.items());
    inner.find_map(|inner| holder(inner, spans)).or(Some(value))
}

const LONGEST: usize = 100;

fn first_lines(text: &str) -> String {
    text.lines().take(12).map(|line| format!("{}\n", shortened(line))).collect::<String>().trim_end().to_owned()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

/// A value as text; objects and arrays inside it are written out where they hold one of the spans
/// or are short.
fn excerpt(value: Value<'_>, spans: &[Span]) -> String {
    let mut text = String::new();
    write_value(value, spans, 0, &mut text);
    text
}

fn write_value(value: Value<'_>, spans: &[Span], depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth + 1);
    let matters = depth == 0 || spans.iter().any(|span| value.span().contains(*span)) || one_line(value).is_some();
    if let Some(line) = one_line(value).filter(|_| depth > 0) {
        text.push_str(&line);
        return;
    }
    match value.content() {
        Content::Object if matters => {
            text.push('{');
            for (index, member) in value.members().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                write!(text, "{comma}\n{indent}\"{}\": ", member.name()).expect("a String takes all");
                write_value(member.value(), spans, depth + 1, text);
            }
            write!(text, "\n{}}}", "  ".repeat(depth)).expect("a String takes all");
        }
        Content::Array if matters => {
            text.push('[');
            for (index, item) in value.items().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                write!(text, "{comma}\n{indent}").expect("a String takes all");
                write_value(item, spans, depth + 1, text);
            }
            write!(text, "\n{}]", "  ".repeat(depth)).expect("a String takes all");
        }
        Content::Object => text.push_str("{ … }"),
        Content::Array => text.push_str("[ … ]"),
        _ => text.push_str(&one_line(value).unwrap_or_default()),
    }
}

/// A plain value, or a short object or array of plain values, on one line.
fn one_line(value: Value<'_>) -> Option<String> {
    let joined = |parts: Option<Vec<String>>, open: &str, close: &str| {
        let line = format!("{open}{}{close}", parts?.join(", "));
        (line.chars().count() <= 72).then_some(line)
    };
    let plain = |value: Value<'_>| one_line(value).filter(|_| !is_container(value));
    match value.content() {
        Content::String(text) => Some(format!("\"{}\"", shortened(&text.escape_debug().to_string()))),
        Content::Number(number) => Some(number.to_owned()),
        Content::Boolean(boolean) => Some(boolean.to_string()),
        Content::Null => Some("null".to_owned()),
        Content::Array => joined(value.items().map(plain).collect(), "[", "]"),
        Content::Object => {
            let member = |member: Member<'_>| Some(format!("\"{}\": {}", member.name(), plain(member.value())?));
            joined(value.members().map(member).collect(), "{", "}")
        }
    }
}
