//! Turns faults, which have spans of a document, into findings, which have locations in the file.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::document::secret::{self, Redactor};
use crate::document::{DOCUMENT_SIZE, DRY_RUN, Document, ENCODING, ERROR_DOCUMENT, SYNTAX, Text, last_name};
use crate::finding::fault::{Fault, Mark};
use crate::finding::fix::{Edit, Fix};
use crate::finding::{Finding, Label, Level, Location, OtherFile, Rule};
use crate::lint::levels::Levels;
use crate::text::lines::{Lines, Origin};
use crate::text::quote::{printable, quoted, shortened};
use crate::text::secret::masked;
use crate::text::span::Span;

/// Turns the faults in a text into findings, in which its secrets are masked.
pub(crate) struct Finisher<'t> {
    text: &'t str,
    origin: Origin,
    documents: &'t [Document<'t>],
    levels: &'t Levels,
    lines: OnceCell<Lines<'t>>,
    /// Found with the first finding.
    secrets: OnceCell<Secrets>,
}

/// The secrets of a text.
struct Secrets {
    spans: Vec<Span>,
    redactor: Redactor,
}

impl<'t> Finisher<'t> {
    /// A finisher for the faults of a text, given its documents.
    pub(crate) fn new(text: &'t Text<'_>, documents: &'t [Document<'t>], levels: &'t Levels) -> Self {
        let (lines, secrets) = (OnceCell::new(), OnceCell::new());
        Finisher { text: &text.text, origin: text.origin, documents, levels, lines, secrets }
    }

    /// The finding for a fault of the text as a whole, whose spans are those of the text; none if its rule is off.
    pub(crate) fn of_text(&self, fault: Fault) -> Option<Finding> {
        self.finish(fault, 0, &|_| String::new(), self.origin.documents, None)
    }

    /// The finding for a fault of a document, given its index in the file; none if its rule is off.
    pub(crate) fn of_document(&self, fault: Fault, document: &Document<'_>, index: usize) -> Option<Finding> {
        self.finish(fault, document.offset, &|span| document.pointer(span), index, None)
    }

    /// As [`Finisher::of_document`], with labels on another text.
    pub(crate) fn with_labels(
        &self,
        fault: Fault,
        document: &Document<'_>,
        index: usize,
        labels: OtherLabels<'_, '_>,
    ) -> Option<Finding> {
        self.finish(fault, document.offset, &|span| document.pointer(span), index, Some(labels))
    }

    /// The spans of the secrets in the text; empty if there is no finding.
    pub(crate) fn into_secrets(self) -> Vec<Span> {
        self.secrets.into_inner().map(|secrets| secrets.spans).unwrap_or_default()
    }

    fn finish(
        &self,
        fault: Fault,
        offset: usize,
        pointer: &dyn Fn(Span) -> String,
        document: usize,
        labels: Option<OtherLabels<'_, '_>>,
    ) -> Option<Finding> {
        let Fault { rule, level, message, subject, primary, others, help, fix, .. } = fault;
        let level = self.levels.level(rule, level);
        if level == Level::Off || !self.levels.runs(rule) {
            return None;
        }
        // What is said of two texts may quote both.
        let there = labels.as_ref().map(|labels| labels.finisher);
        let key = labels.as_ref().map(|labels| masked(labels.key).into_owned());
        let said = |text| {
            let text = self.redacted(text);
            shortened(match there {
                Some(there) => there.redacted(text),
                None => text,
            })
        };
        let edit = |Edit { span, text }: Edit| Edit { span: span.shifted(offset), text };
        let label = |mark| self.label(mark, offset, pointer, &said);
        let primary = label(primary);
        let elsewhere = labels.into_iter().flat_map(|labels| labels.labels(&said));
        let hides =
            |edit: &Edit| self.has_secret(&edit.text) || there.is_some_and(|there| there.has_secret(&edit.text));
        Some(Finding {
            rule,
            level,
            message: standing_alone(said(message.into()).into_owned(), rule, &primary.location, &said),
            subject: subject.shifted(offset),
            primary,
            others: others.into_iter().map(label).chain(elsewhere).collect(),
            help: help.map(said),
            hides_fix: fix.iter().flat_map(|fix| &fix.edits).any(hides),
            fix: fix.map(|fix| Fix { edits: fix.edits.into_iter().map(edit).collect(), title: said(fix.title), ..fix }),
            document,
            key,
        })
    }

    fn label(&self, mark: Mark, offset: usize, pointer: &dyn Fn(Span) -> String, said: &Said<'_>) -> Label {
        let Mark { span, text, embedded } = mark;
        let lines = self.lines.get_or_init(|| Lines::new(self.text, self.origin));
        let pointer = pointer(span);
        let span = span.shifted(offset);
        let (start, end) = (lines.position(span.start), lines.position(span.end));
        Label { location: Location { span, start, end, pointer, embedded }, text: said(text), file: None }
    }

    fn secrets(&self) -> &Secrets {
        self.secrets.get_or_init(|| {
            let spans = secret::spans(self.text, self.documents);
            Secrets { redactor: Redactor::new(self.text, &spans), spans }
        })
    }

    fn has_secret(&self, text: &str) -> bool {
        self.secrets().redactor.finds_in(text)
    }

    /// A text with the secrets taken out.
    fn redacted(&self, text: Cow<'static, str>) -> Cow<'static, str> {
        self.secrets().redactor.redacted(&text).map_or(text, Cow::Owned)
    }
}

/// Makes what a finding says of what a fault says: without secrets, and not too long.
type Said<'s> = dyn Fn(Cow<'static, str>) -> Cow<'static, str> + 's;

/// Labels of a finding on a document of another text.
pub(crate) struct OtherLabels<'l, 't> {
    /// The finisher for that text.
    pub(crate) finisher: &'l Finisher<'t>,
    /// The document.
    pub(crate) document: &'l Document<'t>,
    /// The path of its file.
    pub(crate) path: &'l str,
    /// The marks on it.
    pub(crate) marks: Vec<Mark>,
    /// What both documents describe.
    pub(crate) key: &'l str,
}

impl OtherLabels<'_, '_> {
    fn labels(self, said: &Said<'_>) -> Vec<Label> {
        let OtherLabels { finisher, document, path, marks, .. } = self;
        let label = |mark| {
            let label = finisher.label(mark, document.offset, &|span| document.pointer(span), said);
            Label { file: Some(OtherFile { path: path.to_owned() }), ..label }
        };
        marks.into_iter().map(label).collect()
    }
}

/// The message with the name of its member in front, unless it has the name already: some reports show no excerpt.
fn standing_alone(message: String, rule: &Rule, location: &Location, said: &Said<'_>) -> String {
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
    format!("`{}`: {message}", printable(quoted(&said(name.into())).into_owned()))
}

/// Whether a message has a name in it as a word of its own.
fn names(message: &str, name: &str) -> bool {
    let is_part = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_');
    message.match_indices(name).any(|(at, _)| {
        let (before, after) = (&message[..at], &message[at + name.len()..]);
        !before.ends_with(is_part) && !after.starts_with(is_part)
    })
}
