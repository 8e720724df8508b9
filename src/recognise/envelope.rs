//! The envelopes that tools wrap around responses: how each is recognised, and where its contents lie.
//! Knows no rule.

use crate::document::Value;
use crate::model::shape::{Member, Shape};
use crate::recognise::kind::relatives::{
    CLOUDTRAIL_RECORD, LOG_EVENTS, LOGGED, NOTIFICATION, NOTIFICATIONS, RECORD, SNS_EVENT, SNS_NOTIFICATION,
    STATE_MACHINE, TASKS,
};
use crate::recognise::kind::{Keys, Kind};
use crate::recognise::sign::Sign::{
    self, All, Has, HasAny, In, Is, IsNumber, IsObject, IsString, NoMoreThan, SomeItem, Text,
};

/// What boto3 adds to every response.
pub(crate) static RESPONSE_METADATA: Member = Member::new("ResponseMetadata", Shape::ResponseMetadata);

/// Something wrapped around payloads.
#[derive(Debug)]
pub(crate) struct Envelope {
    /// What it is.
    pub summary: &'static str,
    /// What it is recognised by.
    pub sign: Sign,
    /// The kind and shape of the envelope, where it is checked itself.
    pub kind: Option<(&'static Kind, Shape)>,
    /// What its strings hold.
    pub holds: Holds,
    /// Where the contents lie; `*` stands for every item of an array.
    paths: &'static [&'static [&'static str]],
}

/// What the strings in an envelope hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// A response or another document, as JSON or as base64 of it.
    Documents,
    /// A message that Image Builder sends, which is JSON.
    Message,
    /// Texts of any program, such as the lines of a log; what bears no mark of Image Builder is passed over.
    Anything,
}

impl Envelope {
    /// A base for `..Envelope::BASE`.
    const BASE: Envelope =
        Envelope { summary: "", kind: None, holds: Holds::Documents, sign: Sign::Any(&[]), paths: &[] };
}

macro_rules! wrapper {
    ($name:literal) => {
        Envelope {
            summary: "an object or JSON text wrapped in one member",
            sign: Is {
                words: concat!("`", $name, "`, alone or with what comes with an HTTP response"),
                test: |keys| is_wrapper(keys, $name),
            },
            paths: &[&[$name]],
            ..Envelope::BASE
        }
    };
}

/// Every envelope, in the order in which they are tried.
pub(crate) static ENVELOPES: &[Envelope] = &[
    Envelope {
        summary: "an SNS notification as delivered over HTTP or to a queue",
        kind: Some((&SNS_NOTIFICATION, Shape::SnsNotification)),
        holds: Holds::Message,
        sign: NOTIFICATION,
        paths: &[&["Message"]],
    },
    Envelope {
        summary: "the event of a Lambda function that is subscribed to an SNS topic",
        kind: Some((&SNS_EVENT, Shape::SnsEvent)),
        holds: Holds::Message,
        sign: NOTIFICATIONS,
        paths: &[&["Records", "*", "Sns", "Message"]],
    },
    Envelope {
        summary: "the event of a Lambda function that reads an SQS queue",
        sign: SomeItem("Records", &Text("eventSource", "aws:sqs")),
        paths: &[&["Records", "*", "body"]],
        ..Envelope::BASE
    },
    Envelope {
        summary: "messages received from an SQS queue",
        sign: SomeItem("Messages", &All(&[Has("Body"), Has("ReceiptHandle")])),
        paths: &[&["Messages", "*", "Body"]],
        ..Envelope::BASE
    },
    Envelope {
        summary: "a CloudTrail log file",
        sign: SomeItem("Records", &RECORD),
        paths: &[&["Records", "*"]],
        ..Envelope::BASE
    },
    Envelope {
        summary: "events looked up in CloudTrail",
        sign: SomeItem("Events", &Has("CloudTrailEvent")),
        paths: &[&["Events", "*", "CloudTrailEvent"]],
        ..Envelope::BASE
    },
    Envelope {
        summary: "an EventBridge event that CloudTrail delivered",
        sign: All(&[Has("detail-type"), In("detail", &RECORD)]),
        paths: &[&["detail"]],
        ..Envelope::BASE
    },
    Envelope {
        summary: "an SNS notification that an EventBridge event carries",
        sign: All(&[Has("detail-type"), In("detail", &NOTIFICATION)]),
        paths: &[&["detail"]],
        ..Envelope::BASE
    },
    Envelope {
        summary: "a CloudTrail record of a call of Image Builder that failed",
        kind: Some((&CLOUDTRAIL_RECORD, Shape::CloudTrailRecord)),
        sign: All(&[RECORD, Has("errorCode")]),
        ..Envelope::BASE
    },
    Envelope {
        summary: "a CloudTrail record of a call of Image Builder",
        kind: Some((&CLOUDTRAIL_RECORD, Shape::CloudTrailRecord)),
        sign: RECORD,
        paths: &[&["responseElements"]],
        ..Envelope::BASE
    },
    Envelope {
        summary: "a response recorded by placebo",
        sign: All(&[IsNumber("status_code"), Has("data"), NoMoreThan(2)]),
        paths: &[&["data"]],
        ..Envelope::BASE
    },
    Envelope {
        summary: "a cassette of VCR in JSON",
        sign: SomeItem("interactions", &Has("response")),
        paths: &[&["interactions", "*", "response", "body", "string"]],
        ..Envelope::BASE
    },
    Envelope {
        summary: "a cassette of VCR for Ruby in JSON",
        sign: SomeItem("http_interactions", &Has("response")),
        paths: &[
            &["http_interactions", "*", "response", "body", "string"],
            &["http_interactions", "*", "response", "body", "base64_string"],
        ],
        ..Envelope::BASE
    },
    Envelope {
        summary: "an HTTP archive (HAR)",
        sign: In("log", &Has("entries")),
        paths: &[&["log", "entries", "*", "response", "content", "text"]],
        ..Envelope::BASE
    },
    Envelope {
        summary: "events of a log, as `aws logs filter-log-events` prints them",
        kind: Some((&LOG_EVENTS, Shape::LogEvents)),
        holds: Holds::Anything,
        sign: LOGGED,
        paths: &[&["events", "*", "message"]],
    },
    Envelope {
        summary: "an execution of a state machine, as `aws stepfunctions describe-execution` prints it",
        holds: Holds::Anything,
        sign: All(&[Has("executionArn"), Has("stateMachineArn"), HasAny(&["input", "output"])]),
        paths: &[&["input"], &["output"]],
        ..Envelope::BASE
    },
    Envelope {
        summary: "the definition of a state machine whose tasks call Image Builder",
        kind: Some((&STATE_MACHINE, Shape::StateMachine)),
        sign: TASKS,
        ..Envelope::BASE
    },
    Envelope {
        summary: "a state machine, as `aws stepfunctions describe-state-machine` prints it",
        holds: Holds::Anything,
        sign: All(&[Has("stateMachineArn"), IsString("definition")]),
        paths: &[&["definition"]],
        ..Envelope::BASE
    },
    Envelope {
        summary: "a stub of WireMock",
        sign: STUB,
        paths: &[&["response", "jsonBody"], &["response", "body"], &["response", "base64Body"]],
        ..Envelope::BASE
    },
    Envelope {
        summary: "stubs of WireMock",
        sign: SomeItem("mappings", &STUB),
        paths: &[
            &["mappings", "*", "response", "jsonBody"],
            &["mappings", "*", "response", "body"],
            &["mappings", "*", "response", "base64Body"],
        ],
        ..Envelope::BASE
    },
    Envelope {
        summary: "a call that nock recorded",
        sign: All(&[IsString("scope"), Has("path"), Has("response")]),
        paths: &[&["response"]],
        ..Envelope::BASE
    },
    wrapper!("response"),
    wrapper!("body"),
    wrapper!("Payload"),
    wrapper!("output"),
];

const STUB: Sign = All(&[IsObject("request"), In("response", &HasAny(&["jsonBody", "body", "base64Body"]))]);

/// Whether the member holds all that matters: beside it there may only be what comes with an HTTP response.
fn is_wrapper(keys: &Keys<'_>, name: &str) -> bool {
    const BESIDE: &[&str] = &[
        "statusCode",
        "StatusCode",
        "status",
        "headers",
        "multiValueHeaders",
        "isBase64Encoded",
        "ResponseMetadata",
        "ExecutedVersion",
        "SdkHttpMetadata",
        "SdkResponseMetadata",
    ];
    keys.get(name).is_some_and(|value| value.is_object() || value.text().is_some())
        && keys.names().all(|key| key == name || BESIDE.contains(&key))
}

/// The envelope that an object with these keys is.
pub(crate) fn of(keys: &Keys<'_>) -> Option<&'static Envelope> {
    ENVELOPES.iter().find(|envelope| envelope.sign.is_on(keys))
}

impl Envelope {
    /// Calls a function for each thing inside, null aside.
    pub(crate) fn inside<'d>(&self, value: Value<'d>, each: &mut impl FnMut(Value<'d>)) {
        self.paths.iter().for_each(|path| follow(value, path, each));
    }
}

fn follow<'d>(value: Value<'d>, path: &[&str], each: &mut impl FnMut(Value<'d>)) {
    match path {
        _ if value.is_null() => {}
        [] => each(value),
        ["*", rest @ ..] => value.items().for_each(|item| follow(item, rest, each)),
        [name, rest @ ..] => {
            if let Some(member) = value.member(name) {
                follow(member.value(), rest, each);
            }
        }
    }
}
