//! Pages about rules: what `docs/rules/` holds and `imagelint explain` prints. Examples come from
//! the rules' fixtures.

use std::fmt::Write as _;

use crate::document::{Content, Document, Member, Value, at};
use crate::finding::{Finding, Rule};
use crate::rules::THEMES;
use crate::text::span::Span;

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
        let own = finding.labels().filter(|label| label.other_file().is_none());
        let spans: Vec<Span> = own.map(|label| label.location.span).collect();
        let message = Some(format!("{}: {}", finding.level.name(), finding.message));
        let holder = document.root().and_then(|root| holder(root, &spans));
        match holder {
            Some(value) => Example { pointer: document.pointer(value.span()), text: excerpt(value, &spans), message },
            None => Example { pointer: String::new(), text: first_lines(document.text), message },
        }
    }

    /// The part of a document at a pointer; of another form of document, at what the pointer ends in.
    pub fn good(document: &Document<'_>, pointer: &str) -> Self {
        let Some(root) = document.root() else {
            return Example { pointer: String::new(), text: first_lines(document.text), message: None };
        };
        let ends = pointer.match_indices('/').filter_map(|(index, _)| container(root, &pointer[index..]));
        let value = ends.into_iter().next().unwrap_or(root);
        Example { pointer: document.pointer(value.span()), text: excerpt(value, &[]), message: None }
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
    let mut inner = value.members().map(|member| member.value()).chain(value.items());
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

/// The page of a rule, with examples where there are some.
pub fn page(rule: &Rule, examples: Option<(&Example, &Example)>) -> String {
    let theme = THEMES.iter().find(|theme| theme.iter().any(|other| other == rule));
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
