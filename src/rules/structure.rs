//! The rules that the linter itself checks: text, encoding, kind and structure.

use crate::document::{DOCUMENT_SIZE, DUPLICATE_JSON_KEY, ENCODING, SYNTAX};
use crate::finding::{Level, Rule};

const MODEL_SOURCE: &[&str] = &["service model: imagebuilder 2019-12-02, the shape of the value"];

/// Every structural rule, in the order of lists and pages.
pub(super) static RULES: &[&Rule] = &[
    &SYNTAX,
    &DUPLICATE_JSON_KEY,
    &ENCODING,
    &DOCUMENT_SIZE,
    &UNKNOWN_KIND,
    &VALUE_TYPE,
    &ENUM_VALUE,
    &STRING_PATTERN,
    &STRING_LENGTH,
    &NUMBER_RANGE,
    &ITEM_COUNT,
    &REQUIRED_MEMBER,
    &UNKNOWN_MEMBER,
    &MEMBER_NAME_CASE,
    &NULL_MEMBER,
    &SDK_DUMP,
    &SDK_DUMP_CUT,
];

pub(crate) static UNKNOWN_KIND: Rule = Rule {
    name: "unknown-kind",
    summary: "a file named on the command line is a document of a known kind",
    why: "A file that is asked for by name and cannot be recognised was not checked; to skip it silently would \
          look like a clean result. Files found in a directory are skipped and counted.",
    help: "see `imagelint kinds` for what is recognised, or force a kind with `--kind`",
    source: &["service model: imagebuilder 2019-12-02, the responses of its operations"],
    ..Rule::BASE
};

pub(crate) static VALUE_TYPE: Rule = Rule {
    name: "value-type",
    summary: "a value has the JSON type that its shape asks for",
    why: "Numbers in quotes, objects where a list belongs and the like come from conversions between formats; readers \
          of the capture fail on them. Integers are written without fraction and exponent.",
    help: "write the value in the type that the service returns",
    source: MODEL_SOURCE,
    ..Rule::BASE
};

pub(crate) static ENUM_VALUE: Rule = Rule {
    name: "enum-value",
    summary: "an enum member holds one of its documented values",
    why: "A value that is not documented was not returned by the service. Only where the capture shows that it may be \
          newer than the model that imagelint knows is it noted instead: a date in it is later than the model, or it \
          has members that the model lacks. So is a value newer than the `model` named in the settings. In a request \
          it is an error always.",
    help: "enum values are case-sensitive",
    source: MODEL_SOURCE,
    fixes: Rule::UNSAFELY,
    ..Rule::BASE
};

pub(crate) static STRING_PATTERN: Rule = Rule {
    name: "string-pattern",
    summary: "a string matches the pattern of its shape",
    why: "The service model gives a pattern for names, ids and ARNs. Patterns that real responses break are relaxed \
          in `schemas/overlay.json`, each with its reason; for requests they are as strict as in the model.",
    help: "the pattern is the service model's own",
    source: MODEL_SOURCE,
    ..Rule::BASE
};

pub(crate) static STRING_LENGTH: Rule = Rule {
    name: "string-length",
    summary: "a string is as long as its shape allows",
    why: "The service model bounds most strings. Lengths count Unicode scalar values, not bytes.",
    help: "the bounds are the service model's own",
    source: MODEL_SOURCE,
    ..Rule::BASE
};

pub(crate) static NUMBER_RANGE: Rule = Rule {
    name: "number-range",
    summary: "a number lies within the bounds of its shape",
    why: "The service model bounds most numbers, for requests and responses alike. A number outside was most likely \
          edited, unless the service has moved a bound since the model was released.",
    help: "the bounds are the service model's own",
    source: MODEL_SOURCE,
    ..Rule::BASE
};

pub(crate) static ITEM_COUNT: Rule = Rule {
    name: "item-count",
    summary: "a list or map has no more entries than its shape allows",
    why: "The service model bounds many lists and maps. Lower bounds concern requests only, which are refused where a \
          list or map is empty: responses may hold empty ones.",
    help: "the bounds are the service model's own",
    source: MODEL_SOURCE,
    ..Rule::BASE
};

pub(crate) static REQUIRED_MEMBER: Rule = Rule {
    name: "required-member",
    summary: "a structure has every member that the model requires",
    why: "Few members are required in responses, and the service always returns those. A request without a required \
          member is refused by clients; tokens they fill in themselves.",
    help: "add the member, or capture the response again",
    source: MODEL_SOURCE,
    ..Rule::BASE
};

pub(crate) static UNKNOWN_MEMBER: Rule = Rule {
    name: "unknown-member",
    level: Level::Info,
    summary: "every member is in the service model",
    why: "A member that the model lacks may be newer than the model that imagelint knows, or not be part of the \
          response at all. It never fails a capture. With a `model` in the settings, members and whole responses \
          that came later are noted with the release that brought them. In a request it is an error: clients refuse \
          the call.",
    help: "newer than this model? `imagelint --version` shows the model's date",
    source: MODEL_SOURCE,
    ..Rule::BASE
};

pub(crate) static MEMBER_NAME_CASE: Rule = Rule {
    name: "member-name-case",
    summary: "members are spelt as in the service model",
    why: "Member names are case-sensitive camelCase. Readers overlook a misspelt one without a word, as if it were \
          absent. Pages of the user guide misprint several. Step Functions takes them in PascalCase only.",
    help: "member names are case-sensitive camelCase",
    source: MODEL_SOURCE,
    fixes: Rule::SAFELY,
    ..Rule::BASE
};

pub(crate) static NULL_MEMBER: Rule = Rule {
    name: "null-member",
    level: Level::Info,
    summary: "absent members are left out, not null",
    why: "The service leaves absent members out. A null was probably written by another tool, such as Terraform, jq \
          or a model dump. In a request each null is an error: clients refuse it.",
    help: "leave the member out",
    source: &["observed: no published response of the service holds a null"],
    fixes: Rule::SAFELY,
    ..Rule::BASE
};

pub(crate) static SDK_DUMP: Rule = Rule {
    name: "sdk-dump",
    level: Level::Info,
    summary: "a capture is in the API's spelling, not in that of an SDK",
    why: "SDKs rename members when their results are written down as JSON: those for Go and .NET, PowerShell and Step \
          Functions capitalise names, the one for Ruby and ParallelCluster's Python client write snake_case. Some \
          write null for what is absent, wrap enum values in objects, or add members of their own, such as \
          `$metadata`. That is no fault, and every rule runs as if the capture were in the API's spelling; but what \
          reads the API's responses finds little in it. `--fix --unsafe-fixes` rewrites it.",
    help: "capture what the AWS CLI prints, or let `--fix --unsafe-fixes` rewrite it, if it is read as the API's \
           response",
    source: &[
        "observed: json.Marshal of an output of the SDK for Go",
        "observed: ConvertTo-Json in PowerShell, and System.Text.Json, on a response of the SDK for .NET",
        "observed: to_h.to_json on a response of the SDK for Ruby, toArray() of the one for PHP",
        "observed: JSON.stringify on a response of the SDK for JavaScript",
    ],
    fixes: Rule::UNSAFELY,
    ..Rule::BASE
};

pub(crate) static SDK_DUMP_CUT: Rule = Rule {
    name: "sdk-dump-cut",
    level: Level::Warning,
    summary: "no names of types stand in the place of values",
    why: "`ConvertTo-Json` of PowerShell follows objects two levels deep unless `-Depth` is given, and prints the names \
          of types, such as `Amazon.Imagebuilder.Model.Ami`, for what lies deeper. The values are lost, so that no \
          other rule can judge them.",
    help: "capture it again with `ConvertTo-Json -Depth 20`",
    source: &["https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/convertto-json"],
    ..Rule::BASE
};
