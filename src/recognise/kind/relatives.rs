//! The relatives of Image Builder's responses: notifications, events, errors.

use crate::document::Value;
use crate::model::shape::Shape;
use crate::recognise::kind::{Form, Keys, Kind, is_common};

/// Told by its envelope, never by its keys alone.
const fn told_by_envelope(shape: Shape) -> Form {
    Form { shape, test: |_| false }
}

/// An SNS notification with all that is around its message.
pub(crate) static SNS_NOTIFICATION: Kind = Kind {
    name: "sns-notification",
    summary: "an SNS notification as delivered over HTTP or to a queue",
    recognised: "`Type`, which is `Notification`, and `TopicArn`",
    forms: &[told_by_envelope(Shape::SnsNotification)],
    is_envelope: true,
    ..Kind::BASE
};

/// The event that a Lambda function gets from SNS.
pub(crate) static SNS_EVENT: Kind = Kind {
    name: "sns-event",
    summary: "the event of a Lambda function that is subscribed to an SNS topic",
    recognised: "`Records` whose items have `Sns`",
    forms: &[told_by_envelope(Shape::SnsEvent)],
    is_envelope: true,
    ..Kind::BASE
};

/// A call of Image Builder as CloudTrail records it.
pub(crate) static CLOUDTRAIL_RECORD: Kind = Kind {
    name: "cloudtrail-record",
    summary: "a CloudTrail record of a call of Image Builder",
    recognised: "`eventSource` `imagebuilder.amazonaws.com` and `eventName`",
    forms: &[told_by_envelope(Shape::CloudTrailRecord)],
    ..Kind::BASE
};

/// The kinds that envelopes tell.
pub(super) static ENVELOPED: [&Kind; 3] = [&SNS_NOTIFICATION, &SNS_EVENT, &CLOUDTRAIL_RECORD];

/// The kinds that keys tell, in the order in which they are tried.
pub(super) static RELATIVES: &[Kind] = &[
    Kind {
        name: "sns-image",
        summary: "the message that Image Builder sends to an SNS topic",
        recognised: "`semver`, `versionlessArn` and `buildVersion`, or two of them with `arn`",
        forms: &[Form { shape: Shape::SnsImage, test: is_sns_image }],
        ..Kind::BASE
    },
    Kind {
        name: "event-image-state-change",
        summary: "the EventBridge event of an image's new state",
        recognised: "`detail-type` `EC2 Image Builder Image State Change`",
        forms: &[Form {
            shape: Shape::ImageStateChangeEvent,
            test: |keys| keys.text("detail-type") == Some("EC2 Image Builder Image State Change"),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "event-cve-detected",
        summary: "the EventBridge event of findings in an image",
        recognised: "`detail-type` `EC2 Image Builder CVE Detected`",
        forms: &[Form {
            shape: Shape::CveDetectedEvent,
            test: |keys| keys.text("detail-type") == Some("EC2 Image Builder CVE Detected"),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "event-workflow-step-waiting",
        summary: "the EventBridge event of a workflow step that waits for an action",
        recognised: "`detail-type` `EC2 Image Builder Workflow Step Waiting`",
        forms: &[Form {
            shape: Shape::WorkflowStepWaitingEvent,
            test: |keys| keys.text("detail-type") == Some("EC2 Image Builder Workflow Step Waiting"),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "event-pipeline-disabled",
        summary: "the EventBridge event of a pipeline that was disabled after failures",
        recognised: "`detail-type` `EC2 Image Builder Image Pipeline Automatically Disabled`",
        forms: &[Form {
            shape: Shape::PipelineDisabledEvent,
            test: |keys| keys.text("detail-type") == Some("EC2 Image Builder Image Pipeline Automatically Disabled"),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "event",
        summary: "an EventBridge event of Image Builder of another detail type",
        recognised: "`detail-type` and `detail`, with Image Builder's source, name or ARN",
        forms: &[Form { shape: Shape::ImageBuilderEvent, test: is_event }],
        ..Kind::BASE
    },
    Kind {
        name: "error",
        summary: "an error in the place of a response",
        recognised: "`Error` with `Code`, or `message`, `Message` or `__type` with what else errors have and no more",
        forms: &[
            Form {
                shape: Shape::ClientError,
                test: |keys| keys.object("Error").is_some_and(|error| error.has("Code")),
            },
            Form {
                shape: Shape::PclusterBadRequest,
                test: |keys| {
                    keys.has("configurationValidationErrors") && keys.names().count() <= 2 && is_error_body(keys)
                },
            },
            Form { shape: Shape::ErrorBody, test: is_error_body },
        ],
        is_sure: |keys| keys.items("configurationValidationErrors").next().is_some(),
        ..Kind::BASE
    },
];

pub(super) fn is_sns_image(keys: &Keys<'_>) -> bool {
    let told = ["semver", "versionlessArn", "buildVersion"].iter().filter(|name| keys.has(name)).count();
    told == 3 || (told == 2 && keys.arn_of("image"))
}

fn is_event(keys: &Keys<'_>) -> bool {
    let source = keys.text("source").unwrap_or_default();
    let is_own = || {
        let mut texts = keys.get("resources").into_iter().flat_map(Value::items).filter_map(Value::text);
        // Events of other services name images among their resources, too.
        source == "aws.imagebuilder"
            || (!source.starts_with("aws.") && texts.any(|text| text.split(':').nth(2) == Some("imagebuilder")))
    };
    let is_named_own = keys.text("detail-type").is_some_and(|text| text.starts_with("EC2 Image Builder"));
    keys.has("detail-type") && keys.has("detail") && (is_named_own || is_own())
}

fn is_error_body(keys: &Keys<'_>) -> bool {
    // What has a message beside other members may be anything.
    const BESIDE: [&str; 5] = ["configurationValidationErrors", "Code", "RequestId", "statusCode", "error"];
    let is_known = |name: &str| Shape::ErrorBody.member(name).is_some() || is_common(name) || BESIDE.contains(&name);
    let told = ["message", "Message", "__type"];
    told.iter().any(|name| keys.text(name).is_some()) && keys.names().all(is_known)
}
