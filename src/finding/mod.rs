//! What a check reports: findings with labels on spans of the document's text, and on places in other
//! files. Knows no rule and no format.

pub mod fix;

use std::borrow::Cow;

use crate::finding::fix::Fix;
use crate::text::lines::Position;
pub use crate::text::span::Span;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Not reported.
    Off,
    /// Worth knowing.
    Info,
    /// A documented recommendation is not followed, or very likely a mistake.
    Warning,
    /// A documented rule is broken.
    Error,
}

impl Level {
    /// Every level, the lowest first.
    pub const ALL: [Level; 4] = [Level::Off, Level::Info, Level::Warning, Level::Error];

    /// The word used in reports and settings.
    pub fn name(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }

    /// The level of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Level::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// A place in the text and what to say about it there; the text may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What to say there.
    pub text: Cow<'static, str>,
    /// The RFC 6901 pointer of the value or member at that place; filled in by `Document::locate`.
    pub pointer: String,
    /// Where that value is a string which holds JSON, the pointer inside it.
    pub embedded: Option<String>,
}

impl Label {
    /// A label on a span of the text.
    pub fn new(span: Span, text: impl Into<Cow<'static, str>>) -> Self {
        Label { span, text: text.into(), pointer: String::new(), embedded: None }
    }
}

/// A place in another file, and what to say about it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The file, as reports name it.
    pub path: String,
    /// The bytes in that file.
    pub span: Span,
    /// Where they start.
    pub start: Position,
    /// Where they end.
    pub end: Position,
    /// Which of the documents in that file it is, from 0.
    pub document: usize,
    /// The RFC 6901 pointer of the value or member at that place.
    pub pointer: String,
    /// Where that value is a string which holds JSON, the pointer inside it.
    pub embedded: Option<String>,
    /// What to say there.
    pub text: Cow<'static, str>,
}

/// One fault of a document.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The name of the rule that found it.
    pub rule: &'static str,
    /// Its level, before settings.
    pub level: Level,
    /// What was found and what was expected; lower case, no full stop.
    pub message: String,
    /// The value that the finding is about: findings of several rules on one value compete
    /// (see `Rule::outranks`).
    pub subject: Span,
    /// Where the fault is.
    pub primary: Label,
    /// Other places that matter to it.
    pub others: Vec<Label>,
    /// Places in other files that matter to it.
    pub elsewhere: Vec<Elsewhere>,
    /// What to do, where that differs from the rule's own words.
    pub help: Option<Cow<'static, str>>,
    /// An edit that mends it.
    pub fix: Option<Fix>,
    /// Which of the documents in its file it is about, from 0.
    pub document: usize,
}

/// Control characters, line separators and what turns the direction of writing, which terminals obey,
/// and characters that are none.
pub(crate) fn obeyed(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}'..='\u{ffff}')
}

/// A text with such characters as escapes: values of documents stand in messages.
pub(crate) fn printable(text: String) -> String {
    if !text.contains(obeyed) {
        return text;
    }
    text.chars().map(|char| if obeyed(char) { char.escape_unicode().to_string() } else { char.to_string() }).collect()
}

impl Finding {
    /// A finding at a span of the text.
    pub fn new(rule: &'static str, level: Level, span: Span, message: impl Into<String>) -> Self {
        Finding {
            rule,
            level,
            message: printable(message.into()),
            subject: span,
            primary: Label::new(span, ""),
            others: Vec::new(),
            elsewhere: Vec::new(),
            help: None,
            fix: None,
            document: 0,
        }
    }

    /// Says something at the primary span.
    pub fn says(&mut self, text: impl Into<Cow<'static, str>>) -> &mut Self {
        self.primary.text = text.into();
        self
    }

    /// Narrows the primary label to a part of the subject.
    pub fn at(&mut self, span: Span) -> &mut Self {
        self.primary.span = span;
        self
    }

    /// Adds a label on another place.
    pub fn label(&mut self, span: Span, text: impl Into<Cow<'static, str>>) -> &mut Self {
        self.others.push(Label::new(span, text));
        self
    }

    /// Replaces the rule's help.
    pub fn help(&mut self, help: impl Into<Cow<'static, str>>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Sets a level other than the rule's.
    pub fn level(&mut self, level: Level) -> &mut Self {
        self.level = level;
        self
    }

    /// Says where inside the JSON that a string holds the fault is.
    pub fn inside(&mut self, pointer: String) -> &mut Self {
        self.primary.embedded = Some(pointer);
        self
    }

    /// Attaches an edit that mends the fault.
    pub fn fix(&mut self, fix: impl Into<Option<Fix>>) -> &mut Self {
        self.fix = fix.into();
        self
    }

    /// All labels, the primary one first.
    pub fn labels(&self) -> impl Iterator<Item = &Label> {
        std::iter::once(&self.primary).chain(&self.others)
    }

    pub(crate) fn labels_mut(&mut self) -> impl Iterator<Item = &mut Label> {
        std::iter::once(&mut self.primary).chain(&mut self.others)
    }

    /// Turns a located finding on the JSON that a string holds into one on the string: its places
    /// become those in the string, its pointers those inside it, and its edits are escaped.
    pub fn embed(&mut self, place: impl Fn(Span) -> Span) {
        for label in self.labels_mut() {
            label.span = place(label.span);
            let inner = std::mem::take(&mut label.pointer);
            label.embedded = Some(inner + &label.embedded.take().unwrap_or_default());
        }
        self.subject = place(self.subject);
        for edit in self.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.span = place(edit.span);
            let quoted = serde_json::Value::from(std::mem::take(&mut edit.text)).to_string();
            quoted[1..quoted.len() - 1].clone_into(&mut edit.text);
        }
    }

    /// Moves all places, when the text turns out to be a part of a larger one.
    pub fn shift(&mut self, by: usize) {
        self.labels_mut().for_each(|label| label.span = label.span.shifted(by));
        self.subject = self.subject.shifted(by);
        self.fix.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|edit| edit.span = edit.span.shifted(by));
    }
}
