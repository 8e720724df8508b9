//! What must never be printed, in two parts: the queries of presigned URLs, and the values of
//! parameters whose names say that they are secret.

mod named;

use jsonc_parser::common::Ranged;

use crate::document::split::Part;
use crate::document::{Document, Value};
use crate::finding::Span;
use crate::model::shape::Shape;
use crate::text::literal::Literal;

pub use crate::text::quote::{presigned_queries, quoted};
pub use named::{is_plain_secret, names_secret};

/// Where the secrets of a text and of its documents stand, whatever rules run.
pub fn spans(text: &str, parts: &[Part<'_>]) -> Vec<Span> {
    let mut spans = queries(text, 0);
    for Part { document, offset } in parts {
        let moved = |span: Span| Span::new(span.start + offset, span.end + offset);
        spans.extend(in_values(document).into_iter().map(moved));
    }
    spans
}

/// Where the secrets of one document stand; its text may hold others, too.
pub fn of_document(document: &Document<'_>) -> Vec<Span> {
    let range = document.root.as_ref().map_or(0..document.text.len(), |root| Span::from(root.range()).range());
    let mut spans = queries(&document.text[range.clone()], range.start);
    spans.append(&mut in_values(document));
    spans
}

/// The queries of presigned URLs in a text that starts at an offset.
fn queries(text: &str, offset: usize) -> Vec<Span> {
    let queries = presigned_queries(text).into_iter();
    queries.map(|query| Span::new(query.start + offset, query.end + offset)).collect()
}

/// The secrets that the values of a document are, or hold as documents within strings.
fn in_values(document: &Document<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    if let Some(root) = &document.root {
        named::parameter_values(root, &mut spans);
        within_strings(document.text, root, &mut spans);
    }
    spans
}

/// The secrets of documents that strings hold.
fn within_strings(text: &str, value: &Value<'_>, found: &mut Vec<Span>) {
    match value {
        Value::Object(object) => {
            object.properties.iter().for_each(|property| within_strings(text, &property.value, found));
        }
        Value::Array(array) => array.elements.iter().for_each(|item| within_strings(text, item, found)),
        Value::StringLit(string) if string.value.trim_start().starts_with(['{', '[', '"']) => {
            let literal = Literal::new(text, string.range.into());
            found.extend(of_document(&Document::parse(&string.value)).into_iter().map(|span| literal.place(span)));
        }
        _ => {}
    }
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
