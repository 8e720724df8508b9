//! The rules under which decoding and parsing report.

use crate::finding::{Level, Rule};

pub(crate) static SYNTAX: Rule = Rule {
    name: "syntax",
    summary: "the text is JSON as RFC 8259 defines it",
    why: "A file that is not JSON cannot be read by anything that expects a response: comments, trailing commas, \
          single quotes, NaN and text cut off in the middle are not JSON. Nor is what a terminal, a chat or an SDK \
          makes of a response: the message says what the text is, and the help how to get JSON. Where the JSON in a \
          text is whole, between prompts or in a fence, it is checked as well.",
    help: "write the document as strict JSON",
    source: &["https://www.rfc-editor.org/rfc/rfc8259"],
    fixes: Rule::EITHER_WAY,
    ..Rule::BASE
};

pub(crate) static DOCUMENT_SIZE: Rule = Rule {
    name: "document-size",
    summary: "no document is larger than the limit for its size",
    why: "A document is held in memory while it is checked, and a small compressed file may hold one that fits into no \
          memory. RFC 8259 lets a reader limit the size of what it accepts; here that is 256 MiB for one document, \
          unless `--max-document-size` or the setting `max-document-size` says otherwise. The responses of Image \
          Builder are some kilobytes. The other documents of the file are checked.",
    help: "if it is a document of Image Builder, set a larger `--max-document-size`; 0 is no limit",
    source: &["https://www.rfc-editor.org/rfc/rfc8259#section-9"],
    ..Rule::BASE
};

pub(crate) static DUPLICATE_JSON_KEY: Rule = Rule {
    name: "duplicate-json-key",
    summary: "no object has the same key twice",
    why: "RFC 8259 says that names within an object SHOULD be unique. Readers disagree on which of two values wins, so \
          two tools see two documents; where both are equal that is no more than a warning. Keys are compared after \
          their escapes are resolved.",
    help: "two values for one key: readers disagree on which wins; remove one",
    source: &["https://www.rfc-editor.org/rfc/rfc8259#section-4"],
    ..Rule::BASE
};

pub(crate) static ENCODING: Rule = Rule {
    name: "encoding",
    summary: "the file is UTF-8",
    why: "JSON is exchanged as UTF-8. A byte order mark is accepted. UTF-16, which Windows PowerShell writes, is \
          read and checked, with a warning; bytes that are no text at all are an error.",
    help: "save the file as UTF-8",
    source: &["https://www.rfc-editor.org/rfc/rfc8259#section-8.1"],
    ..Rule::BASE
};

/// For errors that are JSON documents, `rules/failed_call.rs` reports it.
pub(crate) static ERROR_DOCUMENT: Rule = Rule {
    name: "error-document",
    level: Level::Warning,
    summary: "a capture holds a response, not an error",
    why: "When a call fails, what is stored in place of the response is the error: an exception as boto3 or placebo \
          keep it, the body of the HTTP response, CloudTrail's record of the call, the text that the AWS CLI prints, \
          or what ParallelCluster says of a configuration that it refuses.",
    help: "the call failed; capture it again once it succeeds",
    source: &[
        "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_GetImage.html#API_GetImage_Errors",
        "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/CommonErrors.html",
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
        "https://github.com/aws/aws-parallelcluster/blob/develop/api/spec/openapi/ParallelCluster.openapi.yaml",
    ],
    ..Rule::BASE
};

/// As [`ERROR_DOCUMENT`].
pub(crate) static DRY_RUN: Rule = Rule {
    name: "dry-run",
    level: Level::Info,
    summary: "a capture holds a response, not the answer to a dry run",
    why: "A dry run changes nothing. Where the request would have been accepted, the answer is an error that says so, \
          with HTTP status 412, so the capture is no evidence of an image.",
    help: "capture the call without the option for dry runs, or leave the file if the answer itself is what is tested",
    source: &[
        "service model: DryRunOperationException",
        "https://docs.aws.amazon.com/parallelcluster/latest/ug/build-image.html",
    ],
    ..Rule::BASE
};
