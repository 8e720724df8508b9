//! Values of single options of the AWS CLI, as files for `--components file://…` hold them.

use crate::document::{ListOption, Value};
use crate::model::shape::Shape;
use crate::recognise::kind::{Form, Kind, Side};
use crate::recognise::sign::Sign::{self, All, Any, Has, HasAny, In, Is, IsObject, IsString, Only, SomeItem};

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
    "components-option", "--components" => RequestedComponentConfigurationList, LIST_OF_COMPONENTS;
    "block-device-mappings-option", "--block-device-mappings" => RequestedInstanceBlockDeviceMappings, LIST_OF_DEVICES;
    "distributions-option", "--distributions" => RequestedDistributionList, LIST_OF_DISTRIBUTIONS;
    "workflows-option", "--workflows" => RequestedWorkflowConfigurationList, LIST_OF_WORKFLOWS;
    "policy-details-option", "--policy-details" => RequestedLifecyclePolicyDetails, LIST_OF_DETAILS;
    "resource-selection-option", "--resource-selection" => RequestedLifecyclePolicyResourceSelection, SELECTION;
    "schedule-option", "--schedule" => Schedule, All(&[
        IsString("scheduleExpression"),
        HasAny(&["timezone", "pipelineExecutionStartCondition", "autoDisablePolicy"]),
        Only(&["scheduleExpression", "timezone", "pipelineExecutionStartCondition", "autoDisablePolicy"]),
    ]);
    "logging-option", "--logging" => Logging, All(&[In("s3Logs", &HasAny(&["s3BucketName", "s3KeyPrefix"])), Only(&["s3Logs"])]);
};

/// The kind of an array that is the value of an option.
pub(crate) fn of_list(array: Value<'_>) -> Option<&'static Kind> {
    let name = match ListOption::of(array)? {
        ListOption::Components => "components-option",
        ListOption::BlockDeviceMappings => "block-device-mappings-option",
        ListOption::Distributions => "distributions-option",
        ListOption::Workflows => "workflows-option",
        ListOption::PolicyDetails => "policy-details-option",
    };
    OPTIONS.iter().find(|kind| kind.name == name)
}

/// Whether no other program has such a list.
pub(crate) fn is_sure(array: Value<'_>) -> bool {
    const OWN: [&str; 2] = ["amiDistributionConfiguration", "containerDistributionConfiguration"];
    array.items().any(|item| OWN.iter().any(|name| item.member(name).is_some_and(|member| member.value().is_object())))
}

/// An object is no list.
const fn list(words: &'static str) -> Sign {
    Is { words, test: |_| false }
}

const LIST_OF_COMPONENTS: Sign = list("items that all have `componentArn`");
const LIST_OF_DEVICES: Sign = list("items that all have `deviceName`, with `ebs`, `virtualName` or `noDevice`");
const LIST_OF_DISTRIBUTIONS: Sign = list("items that all have `region` and what is distributed there");
const LIST_OF_WORKFLOWS: Sign = list("items that all have `workflowArn`");
const LIST_OF_DETAILS: Sign = list("items that all have `action` and `filter` (objects)");

const SELECTION: Sign = Any(&[
    All(&[SomeItem("recipes", &All(&[Has("name"), Has("semanticVersion")])), Only(&["recipes", "tagMap"])]),
    All(&[IsObject("tagMap"), Only(&["recipes", "tagMap"])]),
]);
