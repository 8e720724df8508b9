//! Pages about rules: what `docs/rules/` holds and `imagelint explain` prints. Examples come from
//! the rules' fixtures.

use std::fmt::Write as _;

use jsonc_parser::common::Ranged;

use crate::document::{Document, Value, at, key_of};
use crate::finding::{Finding, Span};
use crate::rule::Rule;
use crate::rules::THEMES;

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/pages.rs"));
}

/// A part of a document that shows a rule at work.
#[derive(Debug)]
pub struct Example {
    /// The pointer of the part; empty for the whole document.
    pub pointer: String,
    /// The part, with `…` for what does not matter.
    pub text: String,
    /// What imagelint says of it; nothing of a good example.
    pub message: Option<String>,
}

impl Example {
    /// The part of a document that holds a finding's labels.
    pub fn bad(document: &Document<'_>, finding: &Finding) -> Self {
        let spans: Vec<Span> = finding.others.iter().map(|label| label.span).chain([finding.primary.span]).collect();
        let message = Some(format!("{}: {}", finding.level.name(), finding.message));
        let holder = document.root.as_ref().and_then(|root| holder(root, &spans));
        match holder {
            Some(value) => {
                Example { pointer: document.pointer(value.range().into()), text: excerpt(value, &spans), message }
            }
            None => Example { pointer: String::new(), text: first_lines(document.text), message },
        }
    }

    /// The part of a document at a pointer; of another form of document, at what the pointer ends in.
    pub fn good(document: &Document<'_>, pointer: &str) -> Self {
        let Some(root) = &document.root else {
            return Example { pointer: String::new(), text: first_lines(document.text), message: None };
        };
        let ends = pointer.match_indices('/').filter_map(|(index, _)| container(root, &pointer[index..]));
        let value = ends.into_iter().next().unwrap_or(root);
        Example { pointer: document.pointer(value.range().into()), text: excerpt(value, &[]), message: None }
    }
}

/// The object or array at a pointer.
fn container<'v, 't>(root: &'v Value<'t>, pointer: &str) -> Option<&'v Value<'t>> {
    at(root, pointer).filter(|value| matches!(value, Value::Object(_) | Value::Array(_)))
}

/// The innermost object or array that holds all spans; an array of plain values only with its object.
fn holder<'v, 't>(value: &'v Value<'t>, spans: &[Span]) -> Option<&'v Value<'t>> {
    let range = Span::from(value.range());
    let is_container = matches!(value, Value::Object(_) | Value::Array(_));
    if !is_container || !spans.iter().all(|span| range.contains(*span) && *span != range) {
        return None;
    }
    let inner = match value {
        Value::Object(object) => object.properties.iter().find_map(|property| holder(&property.value, spans)),
        Value::Array(array) => array.elements.iter().find_map(|item| holder(item, spans)),
        _ => None,
    };
    inner.or(Some(value))
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
fn excerpt(value: &Value<'_>, spans: &[Span]) -> String {
    let mut text = String::new();
    write_value(value, spans, 0, &mut text);
    text
}

fn write_value(value: &Value<'_>, spans: &[Span], depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth + 1);
    let range = Span::from(value.range());
    let matters = depth == 0 || spans.iter().any(|span| range.contains(*span)) || one_line(value).is_some();
    if let Some(line) = one_line(value).filter(|_| depth > 0) {
        text.push_str(&line);
        return;
    }
    match value {
        Value::Object(object) if matters => {
            text.push('{');
            for (index, property) in object.properties.iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                write!(text, "{comma}\n{indent}\"{}\": ", key_of(property).value).expect("a String takes all");
                write_value(&property.value, spans, depth + 1, text);
            }
            write!(text, "\n{}}}", "  ".repeat(depth)).expect("a String takes all");
        }
        Value::Array(array) if matters => {
            text.push('[');
            for (index, item) in array.elements.iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                write!(text, "{comma}\n{indent}").expect("a String takes all");
                write_value(item, spans, depth + 1, text);
            }
            write!(text, "\n{}]", "  ".repeat(depth)).expect("a String takes all");
        }
        Value::Object(_) => text.push_str("{ … }"),
        Value::Array(_) => text.push_str("[ … ]"),
        other => text.push_str(&one_line(other).unwrap_or_default()),
    }
}

/// A plain value, or a short object or array of plain values, on one line.
fn one_line(value: &Value<'_>) -> Option<String> {
    let joined = |parts: Option<Vec<String>>, open: &str, close: &str| {
        let line = format!("{open}{}{close}", parts?.join(", "));
        (line.chars().count() <= 72).then_some(line)
    };
    let is_plain = |value: &Value<'_>| !matches!(value, Value::Object(_) | Value::Array(_));
    match value {
        Value::StringLit(string) => Some(format!("\"{}\"", shortened(&string.value.escape_debug().to_string()))),
        Value::NumberLit(number) => Some(number.value.to_owned()),
        Value::BooleanLit(boolean) => Some(boolean.value.to_string()),
        Value::NullKeyword(_) => Some("null".to_owned()),
        Value::Array(array) => {
            let items = array.elements.iter().map(|item| one_line(item).filter(|_| is_plain(item))).collect();
            joined(items, "[", "]")
        }
        Value::Object(object) => {
            let members = object.properties.iter().map(|property| {
                let line = one_line(&property.value).filter(|_| is_plain(&property.value))?;
                Some(format!("\"{}\": {line}", key_of(property).value))
            });
            joined(members.collect(), "{", "}")
        }
    }
}

/// The page of a rule, with examples where there are some.
pub fn page(rule: &Rule, examples: Option<(&Example, &Example)>) -> String {
    let theme = THEMES.iter().find(|theme| theme.rules.iter().any(|other| other.name == rule.name));
    let theme = theme.map(|theme| theme.name).unwrap_or_default();
    let level =
        if rule.pedantic { format!("{}, off by default", rule.level.name()) } else { rule.level.name().to_owned() };
    let mut page = format!("# {}\n\n{theme} · {level}\n\n{}.\n\n{}\n", rule.name, capitalised(rule.summary), rule.why);
    if let Some((bad, good)) = examples {
        for (title, example) in [("Bad", bad), ("Good", good)] {
            let place =
                if example.pointer.is_empty() { String::new() } else { format!("At `{}`:\n\n", example.pointer) };
            write!(page, "\n## {title}\n\n{place}```text\n{}\n```\n", example.text).expect("a String takes all");
            if let Some(message) = &example.message {
                write!(page, "\n> {message}\n").expect("a String takes all");
            }
        }
    }
    write!(page, "\n## What to do\n\n{}.\n\n## Source\n\n", capitalised(rule.help)).expect("a String takes all");
    for source in rule.source {
        let source = if source.starts_with("https:") { format!("<{source}>") } else { (*source).to_owned() };
        writeln!(page, "- {source}").expect("a String takes all");
    }
    page
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The committed page of a rule, or one without examples where none is committed yet.
pub fn of(rule: &Rule) -> String {
    let committed = embedded::PAGES.iter().find(|(name, _)| *name == rule.name);
    committed.map_or_else(|| page(rule, None), |(_, page)| (*page).to_owned())
}
