//! What must never be printed, in two parts: the queries of presigned URLs, and the values of
//! parameters whose names say that they are secret.

mod named;
mod presigned;

use std::borrow::Cow;

use crate::document::Document;
use crate::finding::Span;
use crate::shape::Shape;

pub use named::{is_plain_secret, names_secret};
pub use presigned::presigned_queries;

/// Where the secrets of a document stand, whatever rules run.
pub fn spans(document: &Document<'_>) -> Vec<Span> {
    let queries = presigned_queries(document.text).into_iter();
    let mut spans: Vec<Span> = queries.map(|query| Span::new(query.start, query.end)).collect();
    if let Some(root) = &document.root {
        named::parameter_values(root, &mut spans);
    }
    spans
}

/// A text with its secrets overwritten byte for byte, so that all places stay what they are.
pub fn overwritten(text: &str, secrets: &[Span]) -> String {
    let mut overwritten = text.to_owned();
    for secret in secrets {
        overwritten.replace_range(secret.range(), &"*".repeat(secret.range().len()));
    }
    overwritten
}

/// Whether messages may quote a value of that shape. What a parameter is set to may be a secret,
/// whatever its name.
pub fn may_be_quoted(shape: Shape) -> bool {
    use Shape::{
        ComponentParameterValue, ComponentParameterValueList, WorkflowParameterValue, WorkflowParameterValueList,
    };
    !matches!(
        shape,
        ComponentParameterValue | ComponentParameterValueList | WorkflowParameterValue | WorkflowParameterValueList
    )
}

/// The text with the queries of presigned URLs taken out.
fn masked(text: &str) -> Cow<'_, str> {
    let queries = presigned_queries(text);
    if queries.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = text.to_owned();
    for query in queries.into_iter().rev() {
        masked.replace_range(query, "***");
    }
    Cow::Owned(masked)
}

/// The text of a value for a message: cut where it is long, and without what must stay secret.
pub fn quoted(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 80;
    let text = masked(text);
    let Some((cut, _)) = text.char_indices().nth(LONGEST) else {
        return text;
    };
    Cow::Owned(format!("{}…", &text[..cut]))
}

/// Whether a value was replaced by something that grants nothing.
fn redacted(value: &str) -> bool {
    let upper = value.to_ascii_uppercase();
    let words = ["REDACT", "XXX", "***", "...", "MASKED", "HIDDEN", "REMOVED", "SCRUBBED", "%2A%2A"];
    value.is_empty() || value.starts_with(['<', '*', '…', '[']) || words.iter().any(|word| upper.contains(word))
}
