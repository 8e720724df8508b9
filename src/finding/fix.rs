//! Edits that mend a finding: text for spans of the document. Applying them is the caller's.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::text::span::Span;

/// Whether a fix may be applied unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// The fix keeps what the document says.
    Safe,
    /// The fix chooses between two things that the document may mean.
    Unsafe,
}

impl Safety {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        }
    }
}

/// A text for a span.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What stands there then, as raw JSON text.
    pub text: String,
}

/// Edits that together mend one fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Whether it may be applied unasked.
    pub safety: Safety,
    /// What it does, in the imperative.
    pub title: Cow<'static, str>,
    /// The edits, none of which overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A safe fix of one edit.
    pub fn safe(title: impl Into<Cow<'static, str>>, span: Span, text: impl Into<String>) -> Self {
        Fix::of(title, Edit { span, text: text.into() })
    }

    /// A safe fix of an edit that is made already.
    pub fn of(title: impl Into<Cow<'static, str>>, edit: Edit) -> Self {
        Fix { safety: Safety::Safe, title: title.into(), edits: vec![edit] }
    }

    /// An unsafe fix of one edit.
    pub fn risky(title: impl Into<Cow<'static, str>>, span: Span, text: impl Into<String>) -> Self {
        Fix::safe(title, span, text).made_unsafe()
    }

    /// The same fix, which may not be made unasked.
    #[must_use]
    pub fn made_unsafe(self) -> Self {
        Fix { safety: Safety::Unsafe, ..self }
    }

    /// The text with the edits made.
    pub fn apply(&self, text: &str) -> String {
        apply(text, &[self])
    }
}

/// Fixes that can be made at once: no edit of one overlaps an edit of another, or touches it where
/// something is inserted.
#[derive(Debug, Default)]
pub(crate) struct Together<'f> {
    fixes: Vec<&'f Fix>,
    /// Those of all their edits.
    spans: BTreeSet<Span>,
}

impl<'f> Together<'f> {
    /// Adds a fix, if it can be made at once with the others, and says whether it can.
    pub(crate) fn add(&mut self, fix: &'f Fix) -> bool {
        let is_apart = fix.edits.iter().all(|edit| self.is_apart(edit.span));
        if is_apart {
            self.fixes.push(fix);
            self.spans.extend(fix.edits.iter().map(|edit| edit.span));
        }
        is_apart
    }

    /// The fixes in the order in which they were added.
    pub(crate) fn fixes(&self) -> &[&'f Fix] {
        &self.fixes
    }

    fn is_apart(&self, span: Span) -> bool {
        let conflicts = |other: &Span| {
            let inserts = span.start == span.end || other.start == other.end;
            span.overlaps(*other) || (inserts && span.start <= other.end && other.start <= span.end)
        };
        // As they do not overlap, they end in the order in which they start.
        let near = self.spans.range(..=Span::new(span.end, usize::MAX)).rev();
        !near.take_while(|other| other.end >= span.start).any(conflicts)
    }
}

/// The edits of some fixes, in the order of the text.
pub(crate) fn edits<'f>(fixes: &[&'f Fix]) -> Vec<&'f Edit> {
    let mut edits: Vec<&Edit> = fixes.iter().flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| edit.span);
    edits
}

/// The text with the edits of fixes made, none of which conflict.
pub(crate) fn apply(text: &str, fixes: &[&Fix]) -> String {
    let mut done = String::with_capacity(text.len());
    let mut rest = 0;
    for edit in edits(fixes) {
        done.push_str(&text[rest..edit.span.start]);
        done.push_str(&edit.text);
        rest = edit.span.end;
    }
    done + &text[rest..]
}
