//! Fixes: edits that remove a finding, and how they are applied to a text.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::text::span::Span;

/// Whether a fix may be applied without review.
///
/// ```
/// assert_eq!(imagelint::Safety::Unsafe.name(), "unsafe");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// The fix keeps the meaning of the document.
    Safe,
    /// The fix picks one of two possible meanings of the document.
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

/// The replacement of a span of the text.
///
/// ```
/// let text = r#"{"image": {"Platform": "Linux", "state": {"status": "BUILDING"}}}"#;
/// let findings = imagelint::lint(text);
/// let edit = &findings[0].fix().expect("a fix").edits[0];
/// assert_eq!(&text[edit.range()], r#""Platform""#);
/// assert_eq!(edit.text(), r#""platform""#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edit {
    /// The bytes that are replaced; empty for an insertion.
    pub(crate) span: Span,
    /// The new text, as raw JSON.
    pub(crate) text: String,
}

impl Edit {
    /// The bytes of the text that are replaced (see `Checked::text`); none for an insertion.
    pub fn range(&self) -> Range<usize> {
        self.span.range()
    }

    /// The new text, as raw JSON.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Edits that together remove one finding.
///
/// ```
/// let text = r#"{"image": {"Platform": "Linux", "state": {"status": "BUILDING"}}}"#;
/// let findings = imagelint::lint(text);
/// let fix = findings[0].fix().expect("a fix");
/// assert_eq!(fix.safety, imagelint::Safety::Safe);
/// assert_eq!(fix.apply(text), r#"{"image": {"platform": "Linux", "state": {"status": "BUILDING"}}}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Whether it may be applied without review.
    pub safety: Safety,
    /// What the fix does, in the imperative.
    pub title: Cow<'static, str>,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A safe fix that replaces one span.
    pub(crate) fn safe(title: impl Into<Cow<'static, str>>, span: Span, text: impl Into<String>) -> Self {
        Fix::of(title, Edit { span, text: text.into() })
    }

    /// A safe fix of one edit.
    pub(crate) fn of(title: impl Into<Cow<'static, str>>, edit: Edit) -> Self {
        Fix { safety: Safety::Safe, title: title.into(), edits: vec![edit] }
    }

    /// An unsafe fix that replaces one span.
    pub(crate) fn risky(title: impl Into<Cow<'static, str>>, span: Span, text: impl Into<String>) -> Self {
        Fix::safe(title, span, text).made_unsafe()
    }

    /// The same fix, marked as unsafe.
    #[must_use]
    pub(crate) fn made_unsafe(self) -> Self {
        Fix { safety: Safety::Unsafe, ..self }
    }

    /// The text after the edits. It must be the text that the fix was made for (see `Checked::text`).
    pub fn apply(&self, text: &str) -> String {
        apply(text, &[self])
    }
}

/// Fixes that can be applied at once: no edit of one overlaps an edit of another, and an insertion touches no
/// other edit.
#[derive(Debug, Default)]
pub(crate) struct Compatible<'f> {
    fixes: Vec<&'f Fix>,
    /// The spans of all their edits.
    spans: BTreeSet<Span>,
}

impl<'f> Compatible<'f> {
    /// Adds a fix if it can be applied together with the others; returns whether it was added.
    pub(crate) fn add(&mut self, fix: &'f Fix) -> bool {
        let is_compatible = fix.edits.iter().all(|edit| self.is_compatible(edit.span));
        if is_compatible {
            self.fixes.push(fix);
            self.spans.extend(fix.edits.iter().map(|edit| edit.span));
        }
        is_compatible
    }

    /// The fixes in the order in which they were added.
    pub(crate) fn fixes(&self) -> &[&'f Fix] {
        &self.fixes
    }

    fn is_compatible(&self, span: Span) -> bool {
        let conflicts = |other: &Span| {
            let inserts = span.start == span.end || other.start == other.end;
            span.overlaps(*other) || (inserts && span.start <= other.end && other.start <= span.end)
        };
        // The spans do not overlap, so sorted by start they are sorted by end, too.
        let near = self.spans.range(..=Span::new(span.end, usize::MAX)).rev();
        !near.take_while(|other| other.end >= span.start).any(conflicts)
    }
}

/// The edits of the fixes, in the order of the text.
pub(crate) fn edits<'f>(fixes: &[&'f Fix]) -> Vec<&'f Edit> {
    let mut edits: Vec<&Edit> = fixes.iter().flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| edit.span);
    edits
}

/// The text after the edits of fixes that are compatible with each other.
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
