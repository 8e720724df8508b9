//! The input of formats: a text with its findings.

use crate::document::Text;
use crate::finding::Finding;
use crate::lint::identity::Identity;
use crate::lint::linter::Linted;
use crate::text::lines::{Lines, Origin};
use crate::text::span::Span;

/// A text that was linted: a file's, or a stretch of it.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    /// The path of its file, as given or found; `-` for standard input.
    pub(crate) path: &'a str,
    /// The text that the findings' spans refer to.
    pub(crate) text: &'a str,
    /// Where it starts in its file.
    pub(crate) origin: Origin,
    /// Its findings, in the order of the text.
    pub(crate) findings: &'a [Finding],
    /// The spans that must not be printed.
    pub(crate) secrets: &'a [Span],
    /// The texts of other files that its findings have labels on.
    pub(crate) others: &'a [Source<'a>],
    /// What each of its documents is, for formats that name all; empty otherwise.
    pub(crate) identities: &'a [Identity],
    /// Whether its findings come from a comparison with other documents: its own were reported before.
    pub(crate) is_compared: bool,
}

impl<'a> Source<'a> {
    /// The source for a text that was linted.
    pub(crate) fn new(path: &'a str, text: &'a Text<'_>, linted: &'a Linted) -> Self {
        let Linted { findings, secrets, identities, .. } = linted;
        let (text, origin) = (&*text.text, text.origin);
        Source { path, text, origin, findings, secrets, others: &[], identities, is_compared: false }
    }

    /// The lines of its text.
    pub(crate) fn lines(&self) -> Lines<'a> {
        Lines::new(self.text, self.origin)
    }
}
