//! Finds what must never be printed: the queries of presigned URLs, and the values of parameters whose names say
//! that they are secret.

mod named;

use crate::document::{Content, Document, Value};
use crate::model::shape::Shape;
use crate::text::encoded::{json_in_base64, looks_like_json};
use crate::text::literal::Literal;
use crate::text::span::Span;

pub(crate) use crate::text::quote::{presigned_queries, quoted};
pub(crate) use named::{is_plain_secret, names_secret};

/// The spans of the secrets in a text and its documents, in spans of the text. They do not depend on the rules that
/// run.
pub(crate) fn spans(text: &str, documents: &[Document<'_>]) -> Vec<Span> {
    let mut spans = queries(text, 0);
    for document in documents {
        spans.extend(in_values(document).into_iter().map(|span| span.shifted(document.offset)));
    }
    spans
}

/// The spans of the secrets in one document; its text may contain other documents.
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

/// The spans of secret values in a document, and of secrets in the documents that its strings hold.
fn in_values(document: &Document<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    if let Some(root) = document.root() {
        named::parameter_values(root, &mut spans);
        within_strings(document.text, root, &mut spans);
    }
    spans
}

/// Finds the secrets of the documents that strings hold.
fn within_strings(text: &str, value: Value<'_>, found: &mut Vec<Span>) {
    match value.content() {
        Content::Object => value.members().for_each(|member| within_strings(text, member.value(), found)),
        Content::Array => value.items().for_each(|item| within_strings(text, item, found)),
        Content::String(string) if looks_like_json(string) => {
            let literal = Literal::new(text, value.span());
            found.extend(of_document(&Document::parse(string)).into_iter().map(|span| literal.raw_span(span)));
        }
        Content::String(string) => {
            // What is decoded cannot be masked in part.
            let holds_secret = |json: String| !of_document(&Document::parse(&json)).is_empty();
            found.extend(json_in_base64(string).is_some_and(holds_secret).then(|| value.span()));
        }
        _ => {}
    }
}

/// The text with every byte of its secrets replaced by `*`, so that spans stay valid.
pub(crate) fn overwritten(text: &str, secrets: &[Span]) -> String {
    let mut overwritten = text.to_owned();
    for secret in secrets {
        overwritten.replace_range(secret.range(), &"*".repeat(secret.range().len()));
    }
    overwritten
}

/// Whether messages may quote a value of a shape. The value of a parameter may be a secret, whatever its name.
pub(crate) fn may_be_quoted(shape: Shape) -> bool {
    use Shape::{
        ComponentParameterValue, ComponentParameterValueList, WorkflowParameterValue, WorkflowParameterValueList,
    };
    !matches!(
        shape,
        ComponentParameterValue | ComponentParameterValueList | WorkflowParameterValue | WorkflowParameterValueList
    )
}
