//! What comes with a response, and errors in its place.

use crate::aws::error::{error_code, http_status};
use crate::aws::resource_id::is_uuid;
use crate::document::secret::quoted;
use crate::finding::Level;
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::node::Node;
use crate::rules::state::opening;

pub(super) static RULES: &[&Rule] = &[&RESPONSE_STATUS, &RESPONSE_REQUEST_ID, &ERROR_DOCUMENT, &ERROR_STATUS];

const ERRORS: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/CommonErrors.html";
const GET_IMAGE_ERRORS: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_GetImage.html#API_GetImage_Errors";
const RESPONSES: &str = "https://docs.aws.amazon.com/boto3/latest/guide/error-handling.html";

/// The HTTP status in the metadata that boto3 adds.
fn status(metadata: Node<'_>) -> Option<(Node<'_>, i128)> {
    let status = metadata.get("HTTPStatusCode")?;
    Some((status, status.integer()?))
}

static RESPONSE_STATUS: Rule = Rule {
    name: "response-status",
    level: Level::Warning,
    on: &[Shape::ResponseMetadata],
    summary: "a response comes with HTTP status 200",
    why: "Image Builder answers with 200 when a call succeeds; every other status brings an error in place of the \
          response.",
    help: "metadata and body come from two calls, or one of them was edited",
    source: &[GET_IMAGE_ERRORS, RESPONSES],
    check: |metadata, cx| {
        if let Some((node, status)) = status(metadata).filter(|(_, status)| *status != 200)
            && cx.kind().name != "error"
        {
            let message = format!("HTTP status {status}, but the response is there; 200 was expected");
            cx.report(node, message);
        }
    },
    ..Rule::BASE
};

static RESPONSE_REQUEST_ID: Rule = Rule {
    name: "response-request-id",
    level: Level::Info,
    pedantic: true,
    on: &[Shape::ResponseMetadata],
    summary: "header and body tell the same request id",
    why: "boto3 takes `RequestId` from the header of the response, and Image Builder writes `requestId` into its body. \
          In every capture seen the two are equal, though no page says that they must be.",
    help: "metadata and body come from two calls, or one of them was edited",
    source: &[RESPONSES, "service model: GetImageResponse.requestId"],
    check: |metadata, cx| {
        let Some(root) = cx.parent().filter(|root| root.exact_shape().member("requestId").is_some()) else {
            return;
        };
        let (Some((header, of_header)), Some((body, of_body))) =
            (metadata.get_with_text("RequestId"), root.get_with_text("requestId"))
        else {
            return;
        };
        if is_uuid(of_header) && is_uuid(of_body) && !of_header.eq_ignore_ascii_case(of_body) {
            let message = format!("request `{of_header}` in the metadata, `{of_body}` in the body");
            cx.report(header, message).label(body.span(), "the body's");
        }
    },
    ..Rule::BASE
};

static ERROR_DOCUMENT: Rule = Rule {
    name: "error-document",
    level: Level::Warning,
    on: &[Shape::ClientError, Shape::ErrorBody],
    summary: "a capture holds a response, not an error",
    why: "When a call fails, what is stored in place of the response is the error: an exception as boto3 or placebo \
          keep it, the body of the HTTP response, or the text that the AWS CLI prints.",
    help: "the call failed; capture it again once it succeeds",
    source: &[GET_IMAGE_ERRORS, ERRORS],
    check: |error, cx| {
        if let Some((node, text)) = code(error) {
            let message = format!("this is an error, `{}`; the capture holds no image", quoted(error_code(text)));
            cx.report(error, message).at(opening(error)).label(node.span(), "the error's code");
        } else if let Some((node, text)) = ["message", "Message"].into_iter().find_map(|name| own_text(error, name)) {
            let message = format!("this is an error without a code, `{}`; the capture holds no image", quoted(text));
            cx.report(error, message).at(opening(error)).label(node.span(), "what it says");
        }
    },
    ..Rule::BASE
};

/// What names the error, in whichever form.
fn code(error: Node<'_>) -> Option<(Node<'_>, &str)> {
    match error.shape() {
        Shape::ClientError => error.get("Error")?.get_with_text("Code"),
        _ => ["__type", "code"].into_iter().find_map(|name| own_text(error, name)),
    }
}

fn own_text<'d>(error: Node<'d>, name: &str) -> Option<(Node<'d>, &'d str)> {
    error.shape().member(name).and_then(|_| error.get_with_text(name))
}

static ERROR_STATUS: Rule = Rule {
    name: "error-status",
    level: Level::Warning,
    on: &[Shape::ClientError],
    summary: "an error comes with the HTTP status that its code has",
    why: "Each exception of Image Builder has one HTTP status. Codes that Image Builder does not have are not judged.",
    help: "code and status come from two errors, or one of them was edited",
    source: &[GET_IMAGE_ERRORS, "service model: ForbiddenException"],
    check: |error, cx| {
        let (Some((named, text)), Some(metadata)) = (code(error), error.get("ResponseMetadata")) else {
            return;
        };
        let (Some((node, found)), Some(expected)) = (status(metadata), http_status(text)) else {
            return;
        };
        if found != expected {
            let message = format!("HTTP status {found} with `{text}`, which comes with {expected}");
            cx.report(node, message).label(named.span(), "the error");
        }
    },
    ..Rule::BASE
};
