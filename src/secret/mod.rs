//! What must never be printed, in two parts: the queries of presigned URLs, and the values of
//! parameters whose names say that they are secret.

mod named;

use crate::document::{Document, Value};
use crate::finding::Span;
use crate::literal::Literal;
use crate::shape::Shape;

pub use crate::quote::{presigned_queries, quoted};
pub use named::{is_plain_secret, names_secret};

/// Where the secrets of a document stand, whatever rules run.
pub fn spans(document: &Document<'_>) -> Vec<Span> {
    let queries = presigned_queries(document.text).into_iter();
    let mut spans: Vec<Span> = queries.map(|query| Span::new(query.start, query.end)).collect();
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
            found.extend(spans(&Document::parse(&string.value)).into_iter().map(|span| literal.place(span)));
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
