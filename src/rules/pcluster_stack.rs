//! The stack that builds an image of `ParallelCluster`: its status, its ARN, its tags and its log.

use crate::aws::arn::Arn;
use crate::aws::partition;
use crate::model::typed::shapes::{PclusterImage, PclusterImageSummary, PclusterStackStatus};
use crate::rule::prelude::*;
use crate::rules::partition::ARN_PARTITION_REGION;
use crate::rules::structure;
use crate::rules::view::source::{DESCRIBE_IMAGE, IMAGE_CONTROLLER, OPEN_API};

pub(super) static RULES: &[&Check] = &[
    &PCLUSTER_STATUS_MAPPING,
    &PCLUSTER_CFN_STATUS,
    &PCLUSTER_IMAGEBUILDER_STATUS,
    &PCLUSTER_STACK_ARN,
    &PCLUSTER_TAGS,
    &PCLUSTER_LOG_ARN,
];

const STACK_STATUS: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html#cfn-console-view-stack-data-resources-status-codes";
const CONVERTERS: &str = "https://github.com/aws/aws-parallelcluster/blob/develop/cli/src/pcluster/api/converters.py";
/// How ParallelCluster names the stack, and what it reads from the stack's tags.
const STACK: &str =
    "https://github.com/aws/aws-parallelcluster/blob/develop/cli/src/pcluster/models/imagebuilder_resources.py";
/// How ParallelCluster tags the stack and the AMI, and names the log group.
const TEMPLATE: &str =
    "https://github.com/aws/aws-parallelcluster/blob/develop/cli/src/pcluster/templates/imagebuilder_stack.py";
const CUSTOM_AMI: &str = "https://docs.aws.amazon.com/parallelcluster/latest/ug/building-custom-ami-v3.html";

/// The status of the build that each status of the stack stands for; `UPDATE_FAILED` stands for none.
const BUILD_STATUS: [(&str, &str); 22] = [
    ("CREATE_IN_PROGRESS", "BUILD_IN_PROGRESS"),
    ("UPDATE_IN_PROGRESS", "BUILD_IN_PROGRESS"),
    ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "BUILD_IN_PROGRESS"),
    ("UPDATE_ROLLBACK_IN_PROGRESS", "BUILD_IN_PROGRESS"),
    ("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "BUILD_IN_PROGRESS"),
    ("REVIEW_IN_PROGRESS", "BUILD_IN_PROGRESS"),
    ("IMPORT_IN_PROGRESS", "BUILD_IN_PROGRESS"),
    ("IMPORT_ROLLBACK_IN_PROGRESS", "BUILD_IN_PROGRESS"),
    ("CREATE_FAILED", "BUILD_FAILED"),
    ("ROLLBACK_IN_PROGRESS", "BUILD_FAILED"),
    ("ROLLBACK_FAILED", "BUILD_FAILED"),
    ("ROLLBACK_COMPLETE", "BUILD_FAILED"),
    ("UPDATE_ROLLBACK_FAILED", "BUILD_FAILED"),
    ("UPDATE_ROLLBACK_COMPLETE", "BUILD_FAILED"),
    ("IMPORT_ROLLBACK_FAILED", "BUILD_FAILED"),
    ("IMPORT_ROLLBACK_COMPLETE", "BUILD_FAILED"),
    ("CREATE_COMPLETE", "BUILD_COMPLETE"),
    ("UPDATE_COMPLETE", "BUILD_COMPLETE"),
    ("IMPORT_COMPLETE", "BUILD_COMPLETE"),
    ("DELETE_IN_PROGRESS", "DELETE_IN_PROGRESS"),
    ("DELETE_FAILED", "DELETE_FAILED"),
    ("DELETE_COMPLETE", "DELETE_COMPLETE"),
];

static PCLUSTER_STATUS_MAPPING: Check = Check {
    rule: &Rule {
        name: "pcluster-status-mapping",
        summary: "the status of the build is the one that the status of the stack stands for",
        why: "ParallelCluster does not keep the status of a build: it derives it from the stack's, by a fixed table.",
        help: "one of the two was edited, or they come from two answers",
        source: &[CONVERTERS, STACK_STATUS],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<PclusterImageSummary>(|image, cx| {
        let (Some((build, found)), Some((stack, status))) =
            (image.get_with_text(member::ImageBuildStatus), image.get_with_text(member::CloudformationStackStatus))
        else {
            return;
        };
        let expected = BUILD_STATUS.iter().find(|(name, _)| *name == status).map(|(_, expected)| *expected);
        let known = || Shape::PclusterBuildStatus.has_value(found);
        if let Some(expected) = expected.filter(|expected| *expected != found && known()) {
            let message = format!("the build is `{found}`, but a stack that is `{status}` means `{expected}`");
            // With an AMI, only BUILD_COMPLETE can be right, whatever the stack's status.
            let fix = image
                .get(member::Ec2AmiInfo)
                .is_none()
                .then(|| Fix::risky(format!("write `{expected}`"), build.span(), format!("\"{expected}\"")));
            cx.report(build, message).label(stack.span(), "the stack").fix(fix);
        }
    }),
};

static PCLUSTER_CFN_STATUS: Check = Check {
    rule: &Rule {
        name: "pcluster-cfn-status",
        level: Level::Info,
        summary: "the status of the stack is one that the reference page lists",
        why: "The page about describeImage lists 16 statuses. ParallelCluster's OpenAPI document has seven more, which \
              a stack that builds an image hardly ever meets; code written after the page does not expect them.",
        help: "expect the 23 statuses of the OpenAPI document, not the 16 of the page",
        source: &[DESCRIBE_IMAGE, OPEN_API],
        outranks: &[&structure::ENUM_VALUE],
        ..Rule::BASE
    },
    on: &Each::<PclusterStackStatus>(|status, cx| {
        let text = status.text().unwrap_or_default();
        let is_unlisted = text.starts_with("IMPORT_") || matches!(text, "REVIEW_IN_PROGRESS" | "UPDATE_FAILED");
        if is_unlisted && Shape::PclusterStackStatus.has_value(text) {
            cx.report(status, format!("`{text}` is not on the reference page; the OpenAPI document has it"));
        }
    }),
};

static PCLUSTER_IMAGEBUILDER_STATUS: Check = Check {
    rule: &Rule {
        name: "pcluster-imagebuilder-status",
        level: Level::Warning,
        summary: "a build is complete when Image Builder's image is available",
        why: "The stack of a build is complete once the image in it is. Until then the image may be AVAILABLE already \
              while the stack is still being created.",
        help: "one of the two was edited, or they come from two answers",
        source: &[
            CUSTOM_AMI,
            "derived: the stack waits for the image that it builds, so it is complete only once the image is available",
        ],
        ..Rule::BASE
    },
    on: &Each::<PclusterImage>(|image, cx| {
        let (Some((status, text)), Some(build)) =
            (image.get_with_text(member::ImagebuilderImageStatus), image.get(member::ImageBuildStatus))
        else {
            return;
        };
        let is_before =
            matches!(text, "PENDING" | "CREATING" | "BUILDING" | "TESTING" | "DISTRIBUTING" | "INTEGRATING");
        if build.text() == Some("BUILD_COMPLETE") && (is_before || matches!(text, "FAILED" | "CANCELLED")) {
            let message = format!("Image Builder's image is `{text}`, but the build is `BUILD_COMPLETE`");
            cx.report(status, message).label(build.span(), "the build");
        }
    }),
};

static PCLUSTER_STACK_ARN: Check = Check {
    rule: &Rule {
        name: "pcluster-stack-arn",
        level: Level::Warning,
        summary: "the stack is in the image's region and has the image's id as its name",
        why: "ParallelCluster builds an image in a stack of the same name, in the region that the answer is for.",
        help: "the ARN reads arn:<partition>:cloudformation:<region>:<account>:stack/<image id>/<uuid>",
        source: &[STACK, CUSTOM_AMI],
        outranks: &[ARN_PARTITION_REGION.rule],
        ..Rule::BASE
    },
    on: &Each::<PclusterImageSummary>(|image, cx| {
        let Some((node, text)) = image.get_with_text(member::CloudformationStackArn) else {
            return;
        };
        let arn = Arn::parse(text).filter(|arn| arn.service == "cloudformation" && !arn.region.is_empty());
        let name = arn.and_then(|arn| arn.resource.strip_prefix("stack/")?.split_once('/').map(|(name, _)| name));
        let (Some(arn), Some(name)) = (arn, name) else {
            cx.report(node, format!("`{}` is not the ARN of a CloudFormation stack", quoted(text)));
            return;
        };
        // An unknown region is reported by `region-known`.
        if let Some((region, own)) = image.get_with_text(member::Region)
            && partition::of_region(own).is_some()
            && own != arn.region
        {
            let message = format!("the stack is in `{}`, the image in `{}`", quoted(arn.region), quoted(own));
            cx.report(node, message).at(node.slice(arn.region)).label(region.span(), "the image's region");
        }
        if let Some((id, own)) = image.get_with_text(member::ImageId)
            && own != name
        {
            let message = format!("the stack is `{}`, not `{}` as the image is", quoted(name), quoted(own));
            cx.report(node, message).at(node.slice(name)).label(id.span(), "the image's id");
        }
    }),
};

/// The tags that repeat a member, with that member.
const TAGGED: [(&str, Slot<PclusterImage>); 3] = [
    ("parallelcluster:version", Slot::of(member::Version)),
    ("parallelcluster:image_id", Slot::of(member::ImageId)),
    ("parallelcluster:build_log", Slot::of(member::ImageBuildLogsArn)),
];

static PCLUSTER_TAGS: Check = Check {
    rule: &Rule {
        name: "pcluster-tags",
        level: Level::Warning,
        summary: "ParallelCluster's own tags say what the members say",
        why: "ParallelCluster tags the stack and the AMI with its version, the image's id and its log group, and reads \
              the members of its answers from there.",
        help: "one of the two was edited, or they come from two answers",
        source: &[TEMPLATE, IMAGE_CONTROLLER],
        ..Rule::BASE
    },
    on: &Each::<PclusterImage>(|image, cx| {
        let ami_tags = image.get(member::Ec2AmiInfo).and_then(|ami| ami.get(member::Tags));
        for tag in [image.get(member::CloudformationStackTags), ami_tags].into_iter().flatten().flat_map(Node::items) {
            let (Some(key), Some((value, tagged))) = (tag.get_text(member::Key), tag.get_with_text(member::Value))
            else {
                continue;
            };
            let member = TAGGED.iter().find(|(tag, _)| *tag == key).and_then(|(_, slot)| image.get_in(*slot));
            let Some((member, text)) = member.and_then(|member| Some((member, member.text()?))) else {
                continue;
            };
            // Another image's log group is reported by `pcluster-log-arn`.
            let id = image.get_text(member::ImageId);
            if member.member() == "imageBuildLogsArn" && id.is_some_and(|id| log_of(text) != Some(id)) {
                continue;
            }
            let (tagged, text) = (without_stream(tagged), without_stream(text));
            if tagged != text {
                // For two ARNs, the message shows the first segments that differ.
                let are_arns = Arn::parse(tagged).is_some() && Arn::parse(text).is_some();
                let mut segments = tagged.split(':').zip(text.split(':')).filter(|_| are_arns);
                let (tagged, text) = segments.find(|(one, other)| one != other).unwrap_or((tagged, text));
                let message = format!(
                    "`value` of tag `{key}` is `{}`, but `{}` is `{}`",
                    quoted(tagged),
                    member.member(),
                    quoted(text)
                );
                cx.report(value, message).label(member.span(), format!("the image's `{}`", member.member()));
            }
        }
    }),
};

/// The log group that an ARN names.
fn log_group(text: &str) -> Option<&str> {
    let arn = Arn::parse(text).filter(|arn| arn.service == "logs")?;
    without_stream(arn.resource).strip_prefix("log-group:")
}

/// The id of the image in whose log group an ARN's log is.
fn log_of(text: &str) -> Option<&str> {
    log_group(text)?.strip_prefix("/aws/imagebuilder/ParallelClusterImage-")
}

/// The ARN of a log group without the `:*` that stands for its streams.
fn without_stream(text: &str) -> &str {
    text.strip_suffix(":*").unwrap_or(text)
}

static PCLUSTER_LOG_ARN: Check = Check {
    rule: &Rule {
        name: "pcluster-log-arn",
        level: Level::Info,
        summary: "the log group is the one of the image",
        why: "The log of a build goes to the group that is named after the image's id.",
        help: "it is an ARN that ends in :log-group:/aws/imagebuilder/ParallelClusterImage-<image id>, with or without \
               `:*` behind",
        source: &[TEMPLATE, CUSTOM_AMI],
        ..Rule::BASE
    },
    on: &Each::<PclusterImage>(|image, cx| {
        let (Some((node, text)), Some((id, own))) =
            (image.get_with_text(member::ImageBuildLogsArn), image.get_with_text(member::ImageId))
        else {
            return;
        };
        match log_of(text) {
            Some(other) if other == own => {}
            Some(other) => {
                let message = format!("the log group is that of image `{}`, not `{}`", quoted(other), quoted(own));
                cx.report(node, message).at(node.slice(other)).label(id.span(), "the image's id");
            }
            None if Arn::parse(text).is_none() => {
                let message = format!("`imageBuildLogsArn` is `{}`, which is no ARN", quoted(text));
                cx.report(node, message);
            }
            None => {
                let message =
                    format!("`imageBuildLogsArn` is `{}`, no log group of ParallelCluster's images", quoted(text));
                cx.report(node, message).at(log_group(text).map_or(node.span(), |group| node.slice(group)));
            }
        }
    }),
};
