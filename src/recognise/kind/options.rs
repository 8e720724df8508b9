//! Values of single options of the AWS CLI, as files for `--components file://…` hold them.

use crate::document::Value;
use crate::model::shape::Shape;
use crate::recognise::kind::parts::DISTRIBUTED;
use crate::recognise::kind::{Form, Keys, Kind, Side};
use crate::recognise::sign::Sign::{
    self, All, Any, Has, HasAny, In, Is, IsObject, IsString, Items, Only, SomeItem, Without,
};

macro_rules! options {
    ($($name:literal, $option:literal => $shape:ident, $sign:expr;)*) => {
        &[$(Kind {
            name: $name,
            summary: concat!("the value of the option `", $option, "`, or what a response has there"),
            forms: &[Form { shape: Shape::$shape, sign: $sign }],
            side: Side::Option,
            ..Kind::BASE
        }),*]
    };
}

/// The kinds of values of options, in the order in which they are tried.
pub(super) static OPTIONS: &[Kind] = options! {
    "components-option", "--components" => RequestedComponentConfigurationList, Items(&COMPONENT);
    "block-device-mappings-option", "--block-device-mappings" => RequestedInstanceBlockDeviceMappings, Items(&BLOCK_DEVICE);
    "distributions-option", "--distributions" => RequestedDistributionList, Items(&DISTRIBUTION);
    "workflows-option", "--workflows" => RequestedWorkflowConfigurationList, Items(&WORKFLOW);
    "policy-details-option", "--policy-details" => RequestedLifecyclePolicyDetails, Items(&DETAIL);
    "resource-selection-option", "--resource-selection" => RequestedLifecyclePolicyResourceSelection, SELECTION;
    "schedule-option", "--schedule" => Schedule, All(&[
        IsString("scheduleExpression"),
        HasAny(&["timezone", "pipelineExecutionStartCondition", "autoDisablePolicy"]),
        Only(&["scheduleExpression", "timezone", "pipelineExecutionStartCondition", "autoDisablePolicy"]),
    ]);
    "logging-option", "--logging" => Logging, All(&[In("s3Logs", &HasAny(&["s3BucketName", "s3KeyPrefix"])), Only(&["s3Logs"])]);
};

/// The kind and the shape of an array that is the value of an option.
pub(in crate::recognise) fn of_list(array: Value<'_>) -> Option<(&'static Kind, Shape)> {
    let forms = OPTIONS.iter().flat_map(|kind| kind.forms.iter().map(move |form| (kind, form)));
    forms.into_iter().find(|(_, form)| form.sign.is_on_list(array)).map(|(kind, form)| (kind, form.shape))
}

/// Whether no other program has such a list.
pub(in crate::recognise) fn is_sure(array: Value<'_>) -> bool {
    const OWN: [&str; 2] = ["amiDistributionConfiguration", "containerDistributionConfiguration"];
    array.items().any(|item| OWN.iter().any(|name| item.member(name).is_some_and(|member| member.value().is_object())))
}

// Answers and entries of lists name what they are about, too.
const COMPONENT: Sign = All(&[
    Is { words: "`componentArn`", test: |keys| may_be_own(keys, "componentArn") },
    Without(&HasAny(&["requestId", "clientToken", "policy"])),
]);
const WORKFLOW: Sign = All(&[
    Is { words: "`workflowArn`", test: |keys| may_be_own(keys, "workflowArn") },
    Without(&HasAny(&["requestId", "workflowExecutionId"])),
]);
const BLOCK_DEVICE: Sign = All(&[Has("deviceName"), HasAny(&["ebs", "virtualName", "noDevice"])]);
const DISTRIBUTION: Sign = All(&[Has("region"), DISTRIBUTED]);
const DETAIL: Sign = All(&[IsObject("action"), IsObject("filter")]);

/// Whether there is a member of that name that may name a resource of Image Builder's. Other services have ARNs under
/// such names, too.
fn may_be_own(keys: &Keys<'_>, name: &str) -> bool {
    keys.get(name)
        .is_some_and(|value| value.text().is_none_or(|arn| !arn.starts_with("arn:") || arn.contains(":imagebuilder:")))
}

const SELECTION: Sign = Any(&[
    All(&[SomeItem("recipes", &All(&[Has("name"), Has("semanticVersion")])), Only(&["recipes", "tagMap"])]),
    All(&[IsObject("tagMap"), Only(&["recipes", "tagMap"])]),
]);
