//! What a check reports: a fault at spans of a document. `lint::Finisher` turns it into a finding, with the
//! locations of those spans in the file. Knows no file.

use std::borrow::Cow;

use crate::finding::fix::{Edit, Fix};
use crate::finding::{Level, Rule};
use crate::text::literal::Literal;
use crate::text::quote::printable;
use crate::text::span::Span;

/// A span of a document with a short text about it, which may be empty: a label before it is located.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) span: Span,
    pub(crate) text: Cow<'static, str>,
    /// If the value at the span is a string that holds JSON: the RFC 6901 pointer inside that JSON.
    pub(crate) embedded: Option<String>,
}

impl Mark {
    /// A mark on a span of the document.
    pub(crate) fn new(span: Span, text: impl Into<Cow<'static, str>>) -> Self {
        Mark { span, text: text.into(), embedded: None }
    }

    /// Converts a mark on the document that a string holds into a mark on the document around that string.
    /// `pointer` is that of the inner document.
    pub(crate) fn within(self, literal: &Literal, pointer: impl Fn(Span) -> String) -> Self {
        let embedded = pointer(self.span) + &self.embedded.unwrap_or_default();
        Mark { span: literal.raw_span(self.span), text: self.text, embedded: Some(embedded) }
    }
}

/// A fault of a document, in spans of its text. Checks build it by chaining the methods.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// The rule that found it.
    pub(crate) rule: &'static Rule,
    /// Its level, before settings.
    pub(crate) level: Level,
    /// What was found and what was expected; lower case, no full stop.
    pub(crate) message: String,
    /// The span of the value that it is about. Of faults on the same value some replace others: see
    /// [`Rule::outranks`].
    pub(crate) subject: Span,
    /// Where the fault is.
    pub(crate) primary: Mark,
    /// Whether it is a fault of the part of the subject that the primary mark is on. Faults of separate parts do
    /// not replace each other.
    pub(crate) is_of_part: bool,
    /// Whether it replaces the faults that have a label on its primary mark, since those follow from it.
    pub(crate) explains: bool,
    /// Other spans that matter to it.
    pub(crate) others: Vec<Mark>,
    /// What to do, if it is not what the rule's help says.
    pub(crate) help: Option<Cow<'static, str>>,
    /// The fix.
    pub(crate) fix: Option<Fix>,
    /// Whether it is reported once for a document, together with the other faults of its rule.
    pub(crate) is_collective: bool,
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
            is_of_part: false,
            explains: false,
            others: Vec::new(),
            help: None,
            fix: None,
            is_collective: false,
        }
    }

    /// Reports it once for a document: see [`Fault::is_collective`].
    pub(crate) fn collectively(&mut self) -> &mut Self {
        self.is_collective = true;
        self
    }

    /// Sets the text of the primary mark.
    pub(crate) fn says(&mut self, text: impl Into<Cow<'static, str>>) -> &mut Self {
        self.primary.text = text.into();
        self
    }

    /// Moves the primary mark to another span, most often within the subject.
    pub(crate) fn at(&mut self, span: Span) -> &mut Self {
        self.primary.span = span;
        self
    }

    /// Moves the primary mark to a part of the subject, such as a segment of an ARN, whose fault it is.
    pub(crate) fn at_part(&mut self, span: Span) -> &mut Self {
        self.is_of_part = true;
        self.at(span)
    }

    /// Lets it replace the faults that have a label on its primary mark: they follow from it.
    pub(crate) fn explains(&mut self) -> &mut Self {
        self.explains = true;
        self
    }

    /// Adds a mark.
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

    /// Sets the RFC 6901 pointer to the fault inside the JSON that a string holds.
    pub(crate) fn inside(&mut self, pointer: String) -> &mut Self {
        self.primary.embedded = Some(pointer);
        self
    }

    /// Sets the fix.
    pub(crate) fn fix(&mut self, fix: impl Into<Option<Fix>>) -> &mut Self {
        self.fix = fix.into();
        self
    }

    /// All marks, the primary one first.
    pub(crate) fn marks(&self) -> impl Iterator<Item = &Mark> {
        std::iter::once(&self.primary).chain(&self.others)
    }

    /// Converts a fault of the document that a string holds in base64 into one of the document around it: nothing in
    /// the string can be marked or edited by itself. `pointer` is that of the inner document.
    pub(crate) fn within_encoded(self, holder: Span, pointer: impl Fn(Span) -> String) -> Self {
        let mark = |mark: Mark| {
            let embedded = pointer(mark.span) + &mark.embedded.unwrap_or_default();
            Mark { span: holder, text: mark.text, embedded: Some(embedded) }
        };
        Fault { subject: holder, primary: mark(self.primary), others: Vec::new(), fix: None, ..self }
    }

    /// Converts a fault of the document that a string holds into a fault of the document around that string: spans
    /// are those in the string literal, and edits are escaped. `pointer` is that of the inner document.
    pub(crate) fn within(self, literal: &Literal, pointer: impl Fn(Span) -> String) -> Self {
        let edit = |Edit { span, text }: Edit| {
            let quoted = serde_json::Value::from(text).to_string();
            Edit { span: literal.raw_span(span), text: quoted[1..quoted.len() - 1].to_owned() }
        };
        let fix = self.fix.map(|fix| Fix { edits: fix.edits.into_iter().map(edit).collect(), ..fix });
        Fault {
            subject: literal.raw_span(self.subject),
            primary: self.primary.within(literal, &pointer),
            others: self.others.into_iter().map(|mark| mark.within(literal, &pointer)).collect(),
            fix,
            ..self
        }
    }
}
