//! Edits that mend a finding: text for spans of the document. Applying them is the caller's.

use std::borrow::Cow;

use crate::span::Span;

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
#[derive(Debug, Clone, PartialEq, Eq)]
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
        Fix { safety: Safety::Safe, title: title.into(), edits: vec![Edit { span, text: text.into() }] }
    }

    /// An unsafe fix of one edit.
    pub fn risky(title: impl Into<Cow<'static, str>>, span: Span, text: impl Into<String>) -> Self {
        Fix { safety: Safety::Unsafe, ..Fix::safe(title, span, text) }
    }

    /// The text with the edits made.
    pub fn apply(&self, text: &str) -> String {
        let mut edits: Vec<&Edit> = self.edits.iter().collect();
        edits.sort_by_key(|edit| edit.span);
        let mut fixed = String::with_capacity(text.len());
        let mut rest = 0;
        for edit in edits {
            fixed.push_str(&text[rest..edit.span.start]);
            fixed.push_str(&edit.text);
            rest = edit.span.end;
        }
        fixed + &text[rest..]
    }
}
