//! The metadata that comes with a response or an error.

use crate::aws::error::http_status;
use crate::aws::resource_id::is_uuid;
use crate::model::typed::shapes::{ClientError, ResponseMetadata};
use crate::rule::prelude::*;

pub(super) static RULES: &[&Check] = &[&RESPONSE_STATUS, &RESPONSE_REQUEST_ID, &ERROR_STATUS];

const GET_IMAGE_ERRORS: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_GetImage.html#API_GetImage_Errors";
const RESPONSES: &str = "https://docs.aws.amazon.com/boto3/latest/guide/error-handling.html";

/// The HTTP status in the metadata that boto3 adds.
fn status(metadata: Node<'_, ResponseMetadata>) -> Option<(Node<'_>, i128)> {
    let status = metadata.get(member::HTTPStatusCode)?;
    Some((status, status.integer()?))
}

static RESPONSE_STATUS: Check = Check {
    rule: &Rule {
        name: "response-status",
        level: Level::Warning,
        summary: "a response comes with HTTP status 200",
        why: "Image Builder answers with 200 when a call succeeds; every other status brings an error in place of the \
              response.",
        help: "metadata and body come from two calls, or one of them was edited",
        source: &[GET_IMAGE_ERRORS, RESPONSES],
        ..Rule::BASE
    },
    on: &Each::<ResponseMetadata>(|metadata, cx| {
        if let Some((node, status)) = status(metadata).filter(|(_, status)| *status != 200)
            && cx.kind().name != "error"
        {
            let message = format!("`HTTPStatusCode` is {status}, but the response is there; 200 was expected");
            cx.report(node, message);
        }
    }),
};

static RESPONSE_REQUEST_ID: Check = Check {
    rule: &Rule {
        name: "response-request-id",
        level: Level::Info,
        pedantic: true,
        summary: "header and body have the same request id",
        why: "boto3 takes `RequestId` from the header of the response, and Image Builder writes `requestId` into its \
              body. In every capture seen the two are equal, though no page says that they must be.",
        help: "metadata and body come from two calls, or one of them was edited",
        source: &[RESPONSES, "service model: GetImageResponse.requestId"],
        ..Rule::BASE
    },
    on: &Each::<ResponseMetadata>(|metadata, cx| {
        let Some((header, header_id)) = metadata.get_with_text(member::RequestId) else {
            return;
        };
        let in_body = cx.parent().and_then(|root| root.get_if_any(member::RequestId));
        let Some((body, body_id)) = in_body.and_then(|body| Some((body, body.text()?))) else {
            return;
        };
        if is_uuid(header_id) && is_uuid(body_id) && !header_id.eq_ignore_ascii_case(body_id) {
            let message = format!("request `{header_id}` in the metadata, `{body_id}` in the body");
            cx.report(header, message).label(body.span(), "the body's");
        }
    }),
};

/// The code of an error, with its node.
fn code(error: Node<'_, ClientError>) -> Option<(Node<'_>, &str)> {
    error.get(member::Error)?.get_with_text(member::Code)
}

static ERROR_STATUS: Check = Check {
    rule: &Rule {
        name: "error-status",
        level: Level::Warning,
        summary: "an error comes with the HTTP status that its code has",
        why: "Each exception of Image Builder has one HTTP status. Codes that Image Builder does not have are not \
              judged.",
        help: "code and status come from two errors, or one of them was edited",
        source: &[GET_IMAGE_ERRORS, "service model: ForbiddenException"],
        ..Rule::BASE
    },
    on: &Each::<ClientError>(|error, cx| {
        let (Some((named, text)), Some(metadata)) = (code(error), error.get(member::ResponseMetadata)) else {
            return;
        };
        let (Some((node, found)), Some(expected)) = (status(metadata), http_status(text)) else {
            return;
        };
        if found != expected {
            let message = format!("`HTTPStatusCode` is {found}, but `{text}` comes with {expected}");
            cx.report(node, message).label(named.span(), "the error");
        }
    }),
};
