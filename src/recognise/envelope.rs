//! The envelopes that tools wrap around responses: how each is recognised, and where its contents lie.
//! Knows no rule.

use crate::document::Value;
use crate::model::shape::{Member, Shape};
use crate::recognise::kind::relatives::{
    CLOUDTRAIL_RECORD, NOTIFICATION, NOTIFICATIONS, RECORD, SNS_EVENT, SNS_NOTIFICATION,
};
use crate::recognise::kind::{Keys, Kind};
use crate::recognise::sign::Sign::{self, All, Has, In, Is, IsNumber, NoMoreThan, SomeItem, Text};

/// What boto3 adds to every response.
pub(crate) static RESPONSE_METADATA: Member = Member { name: "ResponseMetadata", shape: Shape::ResponseMetadata };

/// Something wrapped around payloads.
#[derive(Debug)]
pub(crate) struct Envelope {
    /// What it is.
    pub summary: &'static str,
    /// What it is recognised by.
    pub sign: Sign,
    /// The kind and shape of the envelope, where it is checked itself.
    pub kind: Option<(&'static Kind, Shape)>,
    /// Whether its contents are a message that Image Builder sends, which is JSON.
    pub is_message: bool,
    /// Where the contents lie; `*` stands for every item of an array.
    path: &'static [&'static str],
}

macro_rules! wrapper {
    ($name:literal) => {
        Envelope {
            summary: "an object or JSON text wrapped in one member",
            kind: None,
            is_message: false,
            sign: Is {
                words: concat!("`", $name, "`, alone or with what comes with an HTTP response"),
                test: |keys| is_wrapper(keys, $name),
            },
            path: &[$name],
        }
    };
}

/// Every envelope, in the order in which they are tried.
pub(crate) static ENVELOPES: &[Envelope] = &[
    Envelope {
        summary: "an SNS notification as delivered over HTTP or to a queue",
        kind: Some((&SNS_NOTIFICATION, Shape::SnsNotification)),
        is_message: true,
        sign: NOTIFICATION,
        path: &["Message"],
    },
    Envelope {
        summary: "the event of a Lambda function that is subscribed to an SNS topic",
        kind: Some((&SNS_EVENT, Shape::SnsEvent)),
        is_message: true,
        sign: NOTIFICATIONS,
        path: &["Records", "*", "Sns", "Message"],
    },
    Envelope {
        summary: "the event of a Lambda function that reads an SQS queue",
        kind: None,
        is_message: false,
        sign: SomeItem("Records", &Text("eventSource", "aws:sqs")),
        path: &["Records", "*", "body"],
    },
    Envelope {
        summary: "messages received from an SQS queue",
        kind: None,
        is_message: false,
        sign: SomeItem("Messages", &All(&[Has("Body"), Has("ReceiptHandle")])),
        path: &["Messages", "*", "Body"],
    },
    Envelope {
        summary: "a CloudTrail log file",
        kind: None,
        is_message: false,
        sign: SomeItem("Records", &RECORD),
        path: &["Records", "*"],
    },
    Envelope {
        summary: "events looked up in CloudTrail",
        kind: None,
        is_message: false,
        sign: SomeItem("Events", &Has("CloudTrailEvent")),
        path: &["Events", "*", "CloudTrailEvent"],
    },
    Envelope {
        summary: "an EventBridge event that CloudTrail delivered",
        kind: None,
        is_message: false,
        sign: All(&[Has("detail-type"), In("detail", &RECORD)]),
        path: &["detail"],
    },
    Envelope {
        summary: "an SNS notification that an EventBridge event carries",
        kind: None,
        is_message: false,
        sign: All(&[Has("detail-type"), In("detail", &NOTIFICATION)]),
        path: &["detail"],
    },
    Envelope {
        summary: "a CloudTrail record of a call of Image Builder",
        kind: Some((&CLOUDTRAIL_RECORD, Shape::CloudTrailRecord)),
        is_message: false,
        sign: RECORD,
        path: &["responseElements"],
    },
    Envelope {
        summary: "a response recorded by placebo",
        kind: None,
        is_message: false,
        sign: All(&[IsNumber("status_code"), Has("data"), NoMoreThan(2)]),
        path: &["data"],
    },
    Envelope {
        summary: "a cassette of VCR in JSON",
        kind: None,
        is_message: false,
        sign: SomeItem("interactions", &Has("response")),
        path: &["interactions", "*", "response", "body", "string"],
    },
    Envelope {
        summary: "a cassette of VCR for Ruby in JSON",
        kind: None,
        is_message: false,
        sign: SomeItem("http_interactions", &Has("response")),
        path: &["http_interactions", "*", "response", "body", "string"],
    },
    Envelope {
        summary: "an HTTP archive (HAR)",
        kind: None,
        is_message: false,
        sign: In("log", &Has("entries")),
        path: &["log", "entries", "*", "response", "content", "text"],
    },
    wrapper!("response"),
    wrapper!("body"),
    wrapper!("Payload"),
    wrapper!("output"),
];

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
        follow(value, self.path, each);
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
