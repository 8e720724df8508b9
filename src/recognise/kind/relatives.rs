//! The relatives of Image Builder's responses: notifications, events, errors.

use crate::document::Value;
use crate::model::shape::Shape;
use crate::recognise::has_mark;
use crate::recognise::kind::{Form, Keys, Kind, is_common};
use crate::recognise::sign::Sign::{self, All, Has, HasAny, In, Is, IsNumber, OfEnvelope, SomeItem, Text};
use crate::recognise::state_machine::has_tasks;

/// What an SNS notification is recognised by.
pub(crate) const NOTIFICATION: Sign = All(&[Has("TopicArn"), Text("Type", "Notification")]);

/// What the event that a Lambda function gets from SNS is recognised by.
pub(crate) const NOTIFICATIONS: Sign = SomeItem("Records", &Has("Sns"));

/// What a call of Image Builder in CloudTrail is recognised by.
pub(crate) const RECORD: Sign = All(&[Text("eventSource", "imagebuilder.amazonaws.com"), Has("eventName")]);

/// An SNS notification with all that is around its message.
pub(crate) static SNS_NOTIFICATION: Kind = Kind {
    name: "sns-notification",
    summary: "an SNS notification as delivered over HTTP or to a queue",
    forms: &[Form { shape: Shape::SnsNotification, sign: OfEnvelope(&NOTIFICATION) }],
    is_envelope: true,
    ..Kind::BASE
};

/// The event that a Lambda function gets from SNS.
pub(crate) static SNS_EVENT: Kind = Kind {
    name: "sns-event",
    summary: "the event of a Lambda function that is subscribed to an SNS topic",
    forms: &[Form { shape: Shape::SnsEvent, sign: OfEnvelope(&NOTIFICATIONS) }],
    is_envelope: true,
    ..Kind::BASE
};

/// A call of Image Builder as CloudTrail records it.
pub(crate) static CLOUDTRAIL_RECORD: Kind = Kind {
    name: "cloudtrail-record",
    summary: "a CloudTrail record of a call of Image Builder",
    forms: &[Form { shape: Shape::CloudTrailRecord, sign: OfEnvelope(&RECORD) }],
    ..Kind::BASE
};

/// Events of a log that tell of Image Builder.
pub(crate) static LOG_EVENTS: Kind = Kind {
    name: "log-events",
    summary: "events of a log whose messages are Image Builder's, as `aws logs filter-log-events` prints them",
    forms: &[Form { shape: Shape::LogEvents, sign: OfEnvelope(&LOGGED) }],
    is_envelope: true,
    ..Kind::BASE
};

/// What the definition of a state machine is recognised by.
pub(crate) const TASKS: Sign = Is {
    words: "`States` with a task of `aws-sdk:imagebuilder`",
    test: |keys| keys.has("StartAt") && keys.has("States") && has_tasks(keys.value()),
};

/// The definition of a state machine that calls Image Builder.
pub(crate) static STATE_MACHINE: Kind = Kind {
    name: "state-machine",
    summary: "the definition of a state machine of Step Functions whose tasks call Image Builder",
    forms: &[Form { shape: Shape::StateMachine, sign: OfEnvelope(&TASKS) }],
    ..Kind::BASE
};

/// The kinds of envelopes.
pub(super) static ENVELOPED: [&Kind; 5] =
    [&SNS_NOTIFICATION, &SNS_EVENT, &CLOUDTRAIL_RECORD, &LOG_EVENTS, &STATE_MACHINE];

/// What events of a log are recognised by. Those of `ParallelCluster` have their times as text.
pub(crate) const LOGGED: Sign = SomeItem("events", &All(&[IsNumber("timestamp"), OWN_MESSAGE]));

const OWN_MESSAGE: Sign = Is {
    words: "`message` with an ARN or another mark of Image Builder",
    test: |keys| keys.text("message").is_some_and(has_mark),
};

/// The kinds of payloads, in the order in which they are tried.
pub(super) static RELATIVES: &[Kind] = &[
    Kind {
        name: "sns-image",
        summary: "the message that Image Builder sends to an SNS topic",
        forms: &[Form { shape: Shape::SnsImage, sign: SNS_IMAGE }],
        ..Kind::BASE
    },
    Kind {
        name: "event-image-state-change",
        summary: "the EventBridge event of an image's new state",
        forms: &[Form {
            shape: Shape::ImageStateChangeEvent,
            sign: Text("detail-type", "EC2 Image Builder Image State Change"),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "event-cve-detected",
        summary: "the EventBridge event of findings in an image",
        forms: &[Form { shape: Shape::CveDetectedEvent, sign: Text("detail-type", "EC2 Image Builder CVE Detected") }],
        ..Kind::BASE
    },
    Kind {
        name: "event-workflow-step-waiting",
        summary: "the EventBridge event of a workflow step that waits for an action",
        forms: &[Form {
            shape: Shape::WorkflowStepWaitingEvent,
            sign: Text("detail-type", "EC2 Image Builder Workflow Step Waiting"),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "event-pipeline-disabled",
        summary: "the EventBridge event of a pipeline that was disabled after failures",
        forms: &[Form {
            shape: Shape::PipelineDisabledEvent,
            sign: Text("detail-type", "EC2 Image Builder Image Pipeline Automatically Disabled"),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "event",
        summary: "an EventBridge event of Image Builder of another detail type",
        forms: &[Form { shape: Shape::ImageBuilderEvent, sign: All(&[Has("detail-type"), Has("detail"), OWN_EVENT]) }],
        ..Kind::BASE
    },
    Kind {
        name: "error",
        summary: "an error in the place of a response",
        forms: &[
            Form { shape: Shape::ClientError, sign: In("Error", &Has("Code")) },
            Form {
                shape: Shape::PclusterBadRequest,
                sign: All(&[HasAny(&["configurationValidationErrors", "updateValidationErrors"]), ERROR_BODY]),
            },
            Form { shape: Shape::ErrorBody, sign: ERROR_BODY },
        ],
        is_sure: |keys| {
            ["configurationValidationErrors", "updateValidationErrors"]
                .iter()
                .any(|name| keys.items(name).next().is_some())
        },
        ..Kind::BASE
    },
];

const SNS_IMAGE: Sign = Is {
    words: "`semver`, `versionlessArn` and `buildVersion`, or two of them with `arn` of an image",
    test: is_sns_image,
};

const OWN_EVENT: Sign = Is { words: "Image Builder's source, name or ARN", test: is_own_event };

const ERROR_BODY: Sign =
    Is { words: "`message`, `Message` or `__type` with what else errors have and no more", test: is_error_body };

pub(super) fn is_sns_image(keys: &Keys<'_>) -> bool {
    let known = ["semver", "versionlessArn", "buildVersion"].iter().filter(|name| keys.has(name)).count();
    known == 3 || (known == 2 && keys.arn_of("image"))
}

fn is_own_event(keys: &Keys<'_>) -> bool {
    let source = keys.text("source").unwrap_or_default();
    let is_own = || {
        let mut texts = keys.get("resources").into_iter().flat_map(Value::items).filter_map(Value::text);
        // Events of other services name images among their resources, too.
        source == "aws.imagebuilder"
            || (!source.starts_with("aws.") && texts.any(|text| text.split(':').nth(2) == Some("imagebuilder")))
    };
    let is_named_own = keys.text("detail-type").is_some_and(|text| text.starts_with("EC2 Image Builder"));
    is_named_own || is_own()
}

fn is_error_body(keys: &Keys<'_>) -> bool {
    const OWN: [&str; 3] = ["message", "Message", "__type"];
    // What has a message beside other members may be anything.
    const BESIDE: [&str; 6] =
        ["configurationValidationErrors", "updateValidationErrors", "changeSet", "RequestId", "statusCode", "error"];
    let is_known = |name: &str| Shape::ErrorBody.member(name).is_some() || is_common(name) || BESIDE.contains(&name);
    OWN.iter().any(|name| keys.text(name).is_some()) && keys.names().all(is_known)
}
