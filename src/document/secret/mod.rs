//! Finds what must never be printed in documents: what [`crate::text::secret`] finds in their text, and what only their
//! trees tell.

mod named;
mod redactor;

use crate::document::{Content, Document, Value};
use crate::model::shape::Shape;
use crate::text::encoded::{json_in_base64, looks_like_json};
use crate::text::literal::Literal;
use crate::text::secret::{all, encoded, may_hold_any, merged};
use crate::text::span::Span;

pub(crate) use crate::text::quote::quoted;
pub(crate) use crate::text::secret::{Secret, Sort, evident, is_plain_secret, names_secret, overwritten};
pub(crate) use redactor::Redactor;

/// The spans of the secrets in a text and its documents, in spans of the text and in its order. They do not depend on
/// the rules that run.
pub(crate) fn spans(text: &str, documents: &[Document<'_>]) -> Vec<Span> {
    if are_without_secrets(text, documents) {
        return encoded_spans(text, documents);
    }
    all_spans(text, documents)
}

/// Those of what is encoded in base64, which does not show.
fn encoded_spans(text: &str, documents: &[Document<'_>]) -> Vec<Span> {
    let mut spans: Vec<Span> = encoded(text).into_iter().map(|secret| secret.span).collect();
    for (document, root) in documents.iter().filter_map(|document| Some((document, document.root()?))) {
        let mut found = Vec::new();
        within_strings(document.text, root, &mut found);
        spans.extend(found.into_iter().map(|span| span.shifted(document.offset)));
    }
    merged(spans)
}

fn all_spans(text: &str, documents: &[Document<'_>]) -> Vec<Span> {
    let mut spans: Vec<Span> = all(text).into_iter().map(|secret| secret.span).collect();
    for document in documents {
        spans.extend(in_values(document).into_iter().map(|span| span.shifted(document.offset)));
    }
    merged(spans)
}

/// Whether a text is documents that hold no secret, with nothing but white space, commas and brackets around them.
fn are_without_secrets(text: &str, documents: &[Document<'_>]) -> bool {
    let mut end = 0;
    let mut holds_none = |document: &Document<'_>| {
        let Some(root) = document.root() else { return false };
        let span = root.span().shifted(document.offset);
        let between = text.get(end..span.start);
        end = span.end;
        between.is_some_and(is_empty) && !document.may_hold_secret_or_mask()
    };
    documents.iter().all(&mut holds_none) && is_empty(&text[end..])
}

fn is_empty(between: &str) -> bool {
    between.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']'))
}

/// The spans of the secrets in one document; its text may contain other documents.
pub(crate) fn of_document(document: &Document<'_>) -> Vec<Span> {
    let range = document.root().map_or(0..document.text.len(), |root| root.span().range());
    let in_text = all(&document.text[range.clone()]).into_iter();
    let mut spans: Vec<Span> = in_text.map(|secret| secret.span.shifted(range.start)).collect();
    spans.append(&mut in_values(document));
    merged(spans)
}

/// The secrets in a document that rules report, in its order; one for each credential.
pub(crate) fn stored(document: &Document<'_>, root: Value<'_>) -> Vec<Secret> {
    // Most documents hold none.
    let may_hold_any = || root.texts().any(|text| !is_plain_arn(text) && may_hold_any(text));
    if !document.may_hold_secret_or_mask() {
        debug_assert!(!may_hold_any(), "{}", document.text);
        return Vec::new();
    }
    if !may_hold_any() {
        return Vec::new();
    }
    let mut in_text = evident(&document.text[root.span().range()]);
    if in_text.is_empty() {
        return Vec::new();
    }
    for secret in &mut in_text {
        secret.shift(root.span().start);
    }
    let mut secrets = named::values(root);
    // The tree tells more than the text.
    let taken = merged(secrets.iter().map(|secret| secret.span).collect());
    let is_taken = |span: Span| {
        let before = taken.partition_point(|taken| taken.end <= span.start);
        taken.get(before).is_some_and(|taken| taken.overlaps(span))
    };
    secrets.extend(in_text.into_iter().filter(|secret| !is_taken(secret.span)));
    secrets.retain(|secret| secret.is_evident);
    secrets.sort_by_key(|secret| (secret.span.start, usize::MAX - secret.span.end));
    let mut end = 0;
    secrets.retain(|secret| {
        let is_within = secret.span.end <= end;
        end = end.max(secret.span.end);
        !is_within
    });
    without_ids_of_keys(&mut secrets);
    secrets
}

/// Whether a text is an ARN, and not one with a query or other texts behind.
fn is_plain_arn(text: &str) -> bool {
    let is_other = |byte: u8| matches!(byte, b'?' | b'=' | b'%' | b'@' | b'\\' | b'"' | b' ');
    text.starts_with("arn:") && !text.bytes().any(is_other)
}

/// Drops the ids of access keys near to other secrets: they are one credential.
fn without_ids_of_keys(secrets: &mut Vec<Secret>) {
    const NEAR: usize = 256;
    let named = secrets.iter().filter(|secret| matches!(secret.sort, Sort::Named(_)));
    let values: Vec<Span> = named.map(|secret| secret.span).collect();
    secrets.retain(|Secret { span, sort, .. }| {
        let after = values.partition_point(|value| value.end + NEAR <= span.start);
        *sort != Sort::AccessKeyId || values.get(after).is_none_or(|value| value.start >= span.end + NEAR)
    });
}

/// The spans of secret values in a document, and of secrets in the documents that its strings hold.
fn in_values(document: &Document<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    if let Some(root) = document.root() {
        spans.extend(named::values(root).into_iter().map(|secret| secret.span));
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
            found.extend(in_values(&Document::parse(string)).into_iter().map(|span| literal.raw_span(span)));
        }
        Content::String(string) => {
            // What is decoded cannot be masked in part.
            let holds_secret = |json: String| !of_document(&Document::parse(&json)).is_empty();
            found.extend(json_in_base64(string).is_some_and(holds_secret).then(|| value.span()));
        }
        _ => {}
    }
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{all_spans, are_without_secrets, encoded_spans};
    use crate::document::{Document, Text};
    use crate::repository::fixtures;
    use crate::text::lines::Origin;

    fn are_quick(text: &str, check: impl FnOnce(&Text<'_>, &[Document<'_>])) -> bool {
        let text = Text::of(text, Origin::default());
        let documents = text.documents();
        let are = are_without_secrets(&text.text, &documents);
        if are {
            check(&text, &documents);
        }
        are
    }

    #[test]
    fn where_the_quick_search_finds_nothing_secrets_are_in_base64_only() {
        let mut quick = 0;
        for path in fixtures("corpus") {
            let Ok(text) = fs::read_to_string(&path) else { continue };
            quick += usize::from(are_quick(&text, |text, documents| {
                let (few, all) = (encoded_spans(&text.text, documents), all_spans(&text.text, documents));
                assert_eq!(few, all, "{}", path.display());
            }));
        }
        assert!(quick > 100, "{quick}");
    }

    #[test]
    fn the_quick_search_finds_what_stands_across_the_parts_that_it_searches_side_by_side() {
        for member in [r#""dbPassword": "hunter22""#, r#""uri": "https://me:hunter22@example.com""#, r#""id": "<id>""#]
        {
            for before in 0..600 {
                let (before, after) = ("a".repeat(before), "b".repeat(600 - before));
                let text = format!(r#"{{"before": "{before}", {member}, "after": "{after}"}}"#);
                assert!(!are_quick(&text, |_, _| {}), "{member} behind {}", before.len());
            }
        }
        assert!(are_quick(&format!(r#"{{"before": "{}"}}"#, "a".repeat(600)), |_, _| {}));
    }
}
