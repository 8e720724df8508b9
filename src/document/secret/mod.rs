//! What must never be printed, in two parts: the queries of presigned URLs, and the values of
//! parameters whose names say that they are secret.

mod named;

use crate::document::{Content, Document, Value};
use crate::model::shape::Shape;
use crate::text::literal::Literal;
use crate::text::span::Span;

pub(crate) use crate::text::quote::{presigned_queries, quoted};
pub(crate) use named::{is_plain_secret, names_secret};

/// Where the secrets of a text and of its documents stand, whatever rules run.
pub(crate) fn spans(text: &str, documents: &[Document<'_>]) -> Vec<Span> {
    let mut spans = queries(text, 0);
    for document in documents {
        spans.extend(in_values(document).into_iter().map(|span| span.shifted(document.offset)));
    }
    spans
}

/// Where the secrets of one document stand; its text may hold others, too.
pub(crate) fn of_document(document: &Document<'_>) -> Vec<Span> {
    let range = document.root().map_or(0..document.text.len(), |root| root.span().range());
    let mut spans = queries(&document.text[range.clone()], range.start);
    spans.append(&mut in_values(document));
    spans
}

/// The queries of presigned URLs in a text that starts at an offset.
fn queries(text: &str, offset: usize) -> Vec<Span> {
    presigned_queries(text).into_iter().map(|query| Span::from(query).shifted(offset)).collect()
}

/// The secrets that the values of a document are, or hold as documents within strings.
fn in_values(document: &Document<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    if let Some(root) = document.root() {
        named::parameter_values(root, &mut spans);
        within_strings(document.text, root, &mut spans);
    }
    spans
}

/// The secrets of documents that strings hold.
fn within_strings(text: &str, value: Value<'_>, found: &mut Vec<Span>) {
    match value.content() {
        Content::Object => value.members().for_each(|member| within_strings(text, member.value(), found)),
        Content::Array => value.items().for_each(|item| within_strings(text, item, found)),
        Content::String(string) if string.trim_start().starts_with(['{', '[', '"']) => {
            let literal = Literal::new(text, value.span());
            found.extend(of_document(&Document::parse(string)).into_iter().map(|span| literal.place(span)));
        }
        _ => {}
    }
}

/// A text with its secrets overwritten byte for byte, so that all places stay what they are.
pub(crate) fn overwritten(text: &str, secrets: &[Span]) -> String {
    let mut overwritten = text.to_owned();
    for secret in secrets {
        overwritten.replace_range(secret.range(), &"*".repeat(secret.range().len()));
    }
    overwritten
}

/// Whether messages may quote a value of that shape. What a parameter is set to may be a secret,
/// whatever its name.
pub(crate) fn may_be_quoted(shape: Shape) -> bool {
    use Shape::{
        ComponentParameterValue, ComponentParameterValueList, WorkflowParameterValue, WorkflowParameterValueList,
    };
    !matches!(
        shape,
        ComponentParameterValue | ComponentParameterValueList | WorkflowParameterValue | WorkflowParameterValueList
    )
}
