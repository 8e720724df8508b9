//! Document hygiene: placeholders and secrets in stored captures.

use crate::aws::resource_id::is_uuid;
use crate::document::Document;
use crate::document::secret::{presigned_queries, quoted};
use crate::finding::fix::Fix;
use crate::finding::{Finding, Level, Span};
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rules::source::GET_IMAGE;

pub(super) static RULES: &[&Rule] = &[&SKELETON_PLACEHOLDER, &PRESIGNED_URL, &REQUEST_ID_SHAPE];

static SKELETON_PLACEHOLDER: Rule = Rule {
    name: "skeleton-placeholder",
    level: Level::Warning,
    on: &[Shape::Payload],
    summary: "a document holds a captured response, not the printed response syntax",
    why: "Reference pages print the syntax of a response with `string` and 123 in the place of every value. Such a \
          skeleton tests nothing, so all other rules are silent on it.",
    help: "capture a real response",
    source: &[GET_IMAGE],
    outranks: &["*"],
    check: |root, cx| {
        let placeholders = cx.placeholders();
        if placeholders.strings >= 5 || placeholders.numbers >= 3 {
            let message = format!(
                "this is the documentation's skeleton, not a captured response: {} values are `string`, {} are 123",
                placeholders.strings, placeholders.numbers
            );
            let start = root.span().start;
            cx.report(root, message).at(Span::new(start, start + 1));
        }
    },
    ..Rule::BASE
};

static PRESIGNED_URL: Rule = Rule {
    name: "presigned-url",
    level: Level::Warning,
    summary: "no presigned URL is stored",
    why: "The query of a presigned URL names an access key and grants access until it expires. It has no place in \
          a fixture. imagelint never prints the query.",
    help: "replace the query before you commit the file; if it was committed, treat the credential as known",
    source: &["https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html"],
    ..Rule::BASE
};

/// The findings on the presigned URLs of a document, within its payloads or around them. Strings that
/// are documents of their own, given in their order, have their own.
pub fn presigned_urls(document: &Document<'_>, root: Span, within: &[Span]) -> Vec<Finding> {
    let queries = presigned_queries(&document.text[root.range()]).into_iter();
    let spans = queries.map(|query| Span::new(query.start, query.end).shifted(root.start));
    let is_own = |span: &Span| {
        let before = within.partition_point(|string| string.start <= span.start);
        before == 0 || within[before - 1].end < span.end
    };
    let finding = |query: Span| {
        let message = "a presigned URL is stored in a capture";
        let mut finding = Finding::new(PRESIGNED_URL.name, PRESIGNED_URL.level, query, message);
        // The whole query with its question mark goes; what remains is a plain address.
        let fix = Fix::risky("strip the query", Span::new(query.start - 1, query.end), "");
        finding.says("this query grants access").fix(fix);
        finding
    };
    spans.filter(is_own).map(finding).collect()
}

static REQUEST_ID_SHAPE: Rule = Rule {
    name: "request-id-shape",
    level: Level::Info,
    pedantic: true,
    on: &[Shape::Payload],
    summary: "`requestId` is a UUID",
    why: "Only the length is documented, but every published response carries a UUID. The documentation's own \
          placeholder, whose last group starts with EXAMPLE, passes.",
    help: "an id of another form was probably written by hand",
    source: &[GET_IMAGE],
    check: |root, cx| {
        let id = root.shape().member("requestId").and_then(|_| root.get("requestId"));
        let Some((id, text)) = id.and_then(|id| Some((id, id.text()?))) else {
            return;
        };
        if !is_uuid(text) {
            cx.report(id, format!("`requestId` is `{}`, not a UUID", quoted(text)));
        }
    },
    ..Rule::BASE
};
