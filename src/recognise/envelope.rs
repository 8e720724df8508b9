//! The envelopes that tools wrap around responses: how each is told, and where its contents lie.
//! Knows no rule.

use crate::document::Value;
use crate::model::shape::{Member, Shape};
use crate::recognise::kind::relatives::{CLOUDTRAIL_RECORD, SNS_EVENT, SNS_NOTIFICATION};
use crate::recognise::kind::{Keys, Kind};

/// What boto3 adds to every response.
pub(crate) static RESPONSE_METADATA: Member = Member { name: "ResponseMetadata", shape: Shape::ResponseMetadata };

/// Something wrapped around payloads.
#[derive(Debug)]
pub(crate) struct Envelope {
    /// What it is.
    pub summary: &'static str,
    /// How it is recognised.
    pub recognised: &'static str,
    /// The kind and shape of the envelope, where it is checked itself.
    pub kind: Option<(&'static Kind, Shape)>,
    /// Whether its contents are a message that Image Builder sends, which is JSON.
    pub is_message: bool,
    test: fn(&Keys<'_>) -> bool,
    /// Where the contents lie; `*` stands for every item of an array.
    path: &'static [&'static str],
}

/// Every envelope, in the order in which they are tried.
pub(crate) static ENVELOPES: &[Envelope] = &[
    Envelope {
        summary: "an SNS notification as delivered over HTTP or to a queue",
        recognised: "`Type`, which is `Notification`, and `TopicArn`",
        kind: Some((&SNS_NOTIFICATION, Shape::SnsNotification)),
        is_message: true,
        test: is_notification,
        path: &["Message"],
    },
    Envelope {
        summary: "the event of a Lambda function that is subscribed to an SNS topic",
        recognised: "`Records` whose items have `Sns`",
        kind: Some((&SNS_EVENT, Shape::SnsEvent)),
        is_message: true,
        test: |keys| keys.items("Records").any(|record| record.has("Sns")),
        path: &["Records", "*", "Sns", "Message"],
    },
    Envelope {
        summary: "the event of a Lambda function that reads an SQS queue",
        recognised: "`Records` whose items have `eventSource` `aws:sqs` and `body`",
        kind: None,
        is_message: false,
        test: |keys| keys.items("Records").any(|record| record.text("eventSource") == Some("aws:sqs")),
        path: &["Records", "*", "body"],
    },
    Envelope {
        summary: "messages received from an SQS queue",
        recognised: "`Messages` whose items have `Body`",
        kind: None,
        is_message: false,
        test: |keys| keys.items("Messages").any(|message| message.has("Body") && message.has("ReceiptHandle")),
        path: &["Messages", "*", "Body"],
    },
    Envelope {
        summary: "a CloudTrail log file",
        recognised: "`Records` with events of Image Builder",
        kind: None,
        is_message: false,
        test: |keys| keys.items("Records").any(|record| is_cloudtrail_record(&record)),
        path: &["Records", "*"],
    },
    Envelope {
        summary: "events looked up in CloudTrail",
        recognised: "`Events` whose items have `CloudTrailEvent`",
        kind: None,
        is_message: false,
        test: |keys| keys.items("Events").any(|event| event.has("CloudTrailEvent")),
        path: &["Events", "*", "CloudTrailEvent"],
    },
    Envelope {
        summary: "an EventBridge event that CloudTrail delivered",
        recognised: "`detail-type` and `detail` with `eventSource` `imagebuilder.amazonaws.com`",
        kind: None,
        is_message: false,
        test: |keys| {
            keys.has("detail-type") && keys.object("detail").is_some_and(|detail| is_cloudtrail_record(&detail))
        },
        path: &["detail"],
    },
    Envelope {
        summary: "an SNS notification that an EventBridge event carries",
        recognised: "`detail-type` and `detail` with `Type`, which is `Notification`, and `TopicArn`",
        kind: None,
        is_message: false,
        test: |keys| keys.has("detail-type") && keys.object("detail").is_some_and(|detail| is_notification(&detail)),
        path: &["detail"],
    },
    Envelope {
        summary: "a CloudTrail record of a call of Image Builder",
        recognised: "`eventSource` `imagebuilder.amazonaws.com` and `eventName`",
        kind: Some((&CLOUDTRAIL_RECORD, Shape::CloudTrailRecord)),
        is_message: false,
        test: is_cloudtrail_record,
        path: &["responseElements"],
    },
    Envelope {
        summary: "a response recorded by placebo",
        recognised: "`status_code`, a number, and `data`, and nothing else",
        kind: None,
        is_message: false,
        test: |keys| {
            let is_number = |value: Value<'_>| value.number().is_some();
            keys.has("data") && keys.get("status_code").is_some_and(is_number) && keys.names().count() == 2
        },
        path: &["data"],
    },
    Envelope {
        summary: "a cassette of VCR in JSON",
        recognised: "`interactions` whose items have `response`",
        kind: None,
        is_message: false,
        test: |keys| keys.items("interactions").any(|interaction| interaction.has("response")),
        path: &["interactions", "*", "response", "body", "string"],
    },
    Envelope {
        summary: "a cassette of VCR for Ruby in JSON",
        recognised: "`http_interactions` whose items have `response`",
        kind: None,
        is_message: false,
        test: |keys| keys.items("http_interactions").any(|interaction| interaction.has("response")),
        path: &["http_interactions", "*", "response", "body", "string"],
    },
    Envelope {
        summary: "an HTTP archive (HAR)",
        recognised: "`log` with `entries`",
        kind: None,
        is_message: false,
        test: |keys| keys.object("log").is_some_and(|log| log.has("entries")),
        path: &["log", "entries", "*", "response", "content", "text"],
    },
    wrapper("`response`, alone or with what comes with an HTTP response", &["response"], |keys| {
        is_wrapper(keys, "response")
    }),
    wrapper("`body`, alone or with what comes with an HTTP response", &["body"], |keys| is_wrapper(keys, "body")),
    wrapper("`Payload`, alone or with what comes with an HTTP response", &["Payload"], |keys| {
        is_wrapper(keys, "Payload")
    }),
    wrapper("`output`, alone or with what comes with an HTTP response", &["output"], |keys| is_wrapper(keys, "output")),
];

const fn wrapper(recognised: &'static str, path: &'static [&'static str], test: fn(&Keys<'_>) -> bool) -> Envelope {
    Envelope {
        summary: "an object or JSON text wrapped in one member",
        recognised,
        kind: None,
        is_message: false,
        test,
        path,
    }
}

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

fn is_notification(keys: &Keys<'_>) -> bool {
    keys.has("TopicArn") && keys.text("Type") == Some("Notification")
}

fn is_cloudtrail_record(keys: &Keys<'_>) -> bool {
    keys.text("eventSource") == Some("imagebuilder.amazonaws.com") && keys.has("eventName")
}

/// The envelope that an object with these keys is.
pub(crate) fn of(keys: &Keys<'_>) -> Option<&'static Envelope> {
    ENVELOPES.iter().find(|envelope| (envelope.test)(keys))
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
