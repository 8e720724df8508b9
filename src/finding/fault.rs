//! What a check reports: a fault at spans of a document. It becomes a finding once it is known where that
//! document stands. Knows no file.

use std::borrow::Cow;

use crate::finding::fix::{Edit, Fix};
use crate::finding::{Level, Rule};
use crate::text::literal::Literal;
use crate::text::quote::printable;
use crate::text::span::Span;

/// A span of a document and what to say about it there; the text may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) span: Span,
    pub(crate) text: Cow<'static, str>,
    /// Where the value at the span is a string that holds JSON, the RFC 6901 pointer inside it.
    pub(crate) embedded: Option<String>,
}

impl Mark {
    /// A mark on a span of the document.
    pub(crate) fn new(span: Span, text: impl Into<Cow<'static, str>>) -> Self {
        Mark { span, text: text.into(), embedded: None }
    }

    /// The same mark on the document that has a string with the marked document in it.
    pub(crate) fn within(self, literal: &Literal, pointer: impl Fn(Span) -> String) -> Self {
        let embedded = pointer(self.span) + &self.embedded.unwrap_or_default();
        Mark { span: literal.place(self.span), text: self.text, embedded: Some(embedded) }
    }
}

/// A fault of a document, in spans of its text. A check builds it up in one expression.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// The rule that found it.
    pub(crate) rule: &'static Rule,
    /// Its level, before settings.
    pub(crate) level: Level,
    /// What was found and what was expected; lower case, no full stop.
    pub(crate) message: String,
    /// The value that it is about: faults of several rules on one value compete (see [`Rule::outranks`]).
    pub(crate) subject: Span,
    /// Where it is.
    pub(crate) primary: Mark,
    /// Other places that matter to it.
    pub(crate) others: Vec<Mark>,
    /// What to do, where that differs from the rule's own words.
    pub(crate) help: Option<Cow<'static, str>>,
    /// An edit that mends it.
    pub(crate) fix: Option<Fix>,
}

impl Fault {
    /// A fault at a span of the document.
    pub(crate) fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Fault {
            rule,
            level: rule.level,
            message: printable(message.into()),
            subject: span,
            primary: Mark::new(span, ""),
            others: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// Says something at the primary span.
    pub(crate) fn says(&mut self, text: impl Into<Cow<'static, str>>) -> &mut Self {
        self.primary.text = text.into();
        self
    }

    /// Narrows the primary mark to a part of the subject.
    pub(crate) fn at(&mut self, span: Span) -> &mut Self {
        self.primary.span = span;
        self
    }

    /// Marks another place.
    pub(crate) fn label(&mut self, span: Span, text: impl Into<Cow<'static, str>>) -> &mut Self {
        self.others.push(Mark::new(span, text));
        self
    }

    /// Replaces the rule's help.
    pub(crate) fn help(&mut self, help: impl Into<Cow<'static, str>>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Sets a level other than the rule's.
    pub(crate) fn level(&mut self, level: Level) -> &mut Self {
        self.level = level;
        self
    }

    /// Says where inside the JSON that a string holds the fault is.
    pub(crate) fn inside(&mut self, pointer: String) -> &mut Self {
        self.primary.embedded = Some(pointer);
        self
    }

    /// Attaches an edit that mends the fault.
    pub(crate) fn fix(&mut self, fix: impl Into<Option<Fix>>) -> &mut Self {
        self.fix = fix.into();
        self
    }

    /// All marks, the primary one first.
    pub(crate) fn marks(&self) -> impl Iterator<Item = &Mark> {
        std::iter::once(&self.primary).chain(&self.others)
    }

    /// The same fault on the document that has a string with the faulty document in it: its edits are
    /// escaped, and pointers inside the string are those that the faulty document gives.
    pub(crate) fn within(self, literal: &Literal, pointer: impl Fn(Span) -> String) -> Self {
        let edit = |Edit { span, text }: Edit| {
            let quoted = serde_json::Value::from(text).to_string();
            Edit { span: literal.place(span), text: quoted[1..quoted.len() - 1].to_owned() }
        };
        let fix = self.fix.map(|fix| Fix { edits: fix.edits.into_iter().map(edit).collect(), ..fix });
        Fault {
            subject: literal.place(self.subject),
            primary: self.primary.within(literal, &pointer),
            others: self.others.into_iter().map(|mark| mark.within(literal, &pointer)).collect(),
            fix,
            ..self
        }
    }
}
