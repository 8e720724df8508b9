//! Turns faults, which have spans of a document, into findings, which have locations in the file.

use std::cell::OnceCell;
use std::mem;

use crate::document::secret::Redactor;
use crate::document::{DOCUMENT_SIZE, DRY_RUN, Document, ENCODING, ERROR_DOCUMENT, SYNTAX, Text, last_name};
use crate::finding::fault::{Fault, Mark};
use crate::finding::fix::{Edit, Fix};
use crate::finding::{Finding, Label, Level, Location, OtherFile, Rule};
use crate::lint::levels::Levels;
use crate::text::lines::{Lines, Origin};
use crate::text::quote::{printable, quoted, shortened};
use crate::text::span::Span;

/// Turns the faults in a text into findings.
pub(crate) struct Finisher<'t> {
    text: &'t str,
    origin: Origin,
    levels: &'t Levels,
    lines: OnceCell<Lines<'t>>,
}

impl<'t> Finisher<'t> {
    /// A finisher for the faults of a text.
    pub(crate) fn new(text: &'t Text<'_>, levels: &'t Levels) -> Self {
        Finisher { text: &text.text, origin: text.origin, levels, lines: OnceCell::new() }
    }

    /// The finding for a fault of the text as a whole, whose spans are those of the text; none if its rule is off.
    pub(crate) fn of_text(&self, fault: Fault) -> Option<Finding> {
        self.finish(fault, 0, &|_| String::new(), self.origin.documents, Vec::new())
    }

    /// The finding for a fault of a document, given its index in the file; none if its rule is off.
    pub(crate) fn of_document(&self, fault: Fault, document: &Document<'_>, index: usize) -> Option<Finding> {
        self.with_labels(fault, document, index, Vec::new())
    }

    /// As [`Finisher::of_document`], with labels on other texts.
    pub(crate) fn with_labels(
        &self,
        fault: Fault,
        document: &Document<'_>,
        index: usize,
        labels: Vec<Label>,
    ) -> Option<Finding> {
        self.finish(fault, document.offset, &|span| document.pointer(span), index, labels)
    }

    /// Turns a mark on a document of this text into a label of a finding in another file; `path` is this file's.
    pub(crate) fn label_in(&self, mark: Mark, document: &Document<'_>, path: &str) -> Label {
        let label = self.label(mark, document.offset, &|span| document.pointer(span));
        Label { file: Some(OtherFile { path: path.to_owned() }), ..label }
    }

    fn finish(
        &self,
        fault: Fault,
        offset: usize,
        pointer: &dyn Fn(Span) -> String,
        document: usize,
        labels: Vec<Label>,
    ) -> Option<Finding> {
        let Fault { rule, level, message, subject, primary, others, help, fix, .. } = fault;
        let level = self.levels.level(rule, level);
        if level == Level::Off || !self.levels.runs(rule) {
            return None;
        }
        let edit = |Edit { span, text }: Edit| Edit { span: span.shifted(offset), text };
        let primary = self.label(primary, offset, pointer);
        Some(Finding {
            rule,
            level,
            message: standing_alone(shortened(message.into()).into_owned(), rule, &primary.location),
            subject: subject.shifted(offset),
            primary,
            others: others.into_iter().map(|mark| self.label(mark, offset, pointer)).chain(labels).collect(),
            help: help.map(shortened),
            fix: fix.map(|fix| Fix {
                edits: fix.edits.into_iter().map(edit).collect(),
                title: shortened(fix.title),
                ..fix
            }),
            hides_fix: false,
            document,
        })
    }

    fn label(&self, mark: Mark, offset: usize, pointer: &dyn Fn(Span) -> String) -> Label {
        let Mark { span, text, embedded } = mark;
        let lines = self.lines.get_or_init(|| Lines::new(self.text, self.origin));
        let pointer = pointer(span);
        let span = span.shifted(offset);
        let (start, end) = (lines.position(span.start), lines.position(span.end));
        Label { location: Location { span, start, end, pointer, embedded }, text: shortened(text), file: None }
    }
}

/// Takes the secrets of a text out of what findings say, and hides fixes that would print them.
pub(crate) fn redact(findings: &mut [Finding], redactor: &Redactor) {
    for finding in findings {
        finding.message = redactor.redacted(&finding.message).unwrap_or_else(|| mem::take(&mut finding.message));
        let texts = [&mut finding.primary].into_iter().chain(&mut finding.others).map(|label| &mut label.text);
        for text in texts.chain(&mut finding.help).chain(finding.fix.as_mut().map(|fix| &mut fix.title)) {
            if let Some(redacted) = redactor.redacted(text) {
                *text = redacted.into();
            }
        }
        let mut edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        finding.hides_fix |= edits.any(|edit| redactor.finds_in(&edit.text));
    }
}

/// The message with the name of its member in front, unless it has the name already: some reports show no excerpt.
fn standing_alone(message: String, rule: &Rule, location: &Location) -> String {
    // These are about the text or the whole document.
    if [&SYNTAX, &DOCUMENT_SIZE, &ENCODING, &ERROR_DOCUMENT, &DRY_RUN].contains(&rule) {
        return message;
    }
    let pointer = location.embedded.as_deref().unwrap_or(&location.pointer);
    // Messages have a member's name in the API's spelling, the text may have it in a client's.
    let folded = |text: &str| text.replace('_', "").to_lowercase();
    let in_backquotes = |name: &str| folded(&message).contains(&format!("`{}`", folded(name)));
    let is_named = |name: &String| names(&message, name) || in_backquotes(name);
    let Some(name) = last_name(pointer).filter(|name| !is_named(name)) else {
        return message;
    };
    format!("`{}`: {message}", printable(quoted(&name).into_owned()))
}

/// Whether a message has a name in it as a word of its own.
fn names(message: &str, name: &str) -> bool {
    let is_part = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_');
    message.match_indices(name).any(|(at, _)| {
        let (before, after) = (&message[..at], &message[at + name.len()..]);
        !before.ends_with(is_part) && !after.starts_with(is_part)
    })
}
