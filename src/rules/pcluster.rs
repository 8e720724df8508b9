//! Images of `ParallelCluster`: their required members, ids, versions and AMIs.

use crate::model::typed::shapes::{PclusterAmiState, PclusterImage, PclusterImageSummary, PclusterOfficialImage};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::source::{IMAGE_CONTROLLER, OPEN_API};
use crate::text::quote::redacted;

pub(super) static RULES: &[&Check] = &[
    &PCLUSTER_REQUIRED,
    &PCLUSTER_IMAGE_ID,
    &PCLUSTER_VERSION,
    &PCLUSTER_SHAPE_MIX,
    &PCLUSTER_AMI_COMPLETE,
    &PCLUSTER_AMI_STATE,
];

const CONSTANTS: &str = "https://github.com/aws/aws-parallelcluster/blob/develop/cli/src/pcluster/constants.py";

/// The members that describeImage always returns.
const REQUIRED: [Slot<PclusterImage>; 5] = [
    Slot::of(member::ImageId),
    Slot::of(member::Region),
    Slot::of(member::Version),
    Slot::of(member::ImageBuildStatus),
    Slot::of(member::ImageConfiguration),
];

static PCLUSTER_REQUIRED: Check = Check {
    rule: &Rule {
        name: "pcluster-required",
        summary: "an image described by ParallelCluster has its id, region, version, status and configuration",
        why: "ParallelCluster answers with these five members whether the image is being built, has failed or is done, \
              and with the address of the configuration, or NOT_AVAILABLE in its place. Entries of lists have no \
              configuration.",
        help: "add the member, or capture the answer again",
        source: &[OPEN_API, IMAGE_CONTROLLER],
        ..Rule::BASE
    },
    on: &Each::<PclusterImage>(|image, cx| {
        if !image.is_object() {
            return;
        }
        for required in REQUIRED {
            let name = required.name();
            // A null is reported by `null-member`.
            if image.find_in(required).is_none() && image.keys().all(|key| key != name) {
                let message = format!("`{name}` is missing; ParallelCluster always returns it");
                cx.report_at(image.opening(), message).says(format!("no `{name}` in this object"));
            }
        }
        let Some(configuration) = image.find(member::ImageConfiguration).filter(|node| node.is_object()) else {
            return;
        };
        match configuration.find(member::Url) {
            None if configuration.keys().all(|key| key != "url") => {
                let message = "`imageConfiguration` lacks its `url`; ParallelCluster always returns it";
                cx.report_at(configuration.opening(), message).says("no `url` in this object");
            }
            Some(url) => {
                if let Some(text) = url.text().filter(|text| !is_configuration_url(text)) {
                    let message = format!("`url` is `{}`; an address such as https://… was expected", quoted(text));
                    cx.report(url, message);
                }
            }
            None => {}
        }
    }),
};

/// Whether a text is the address of a configuration, what ParallelCluster writes where it cannot sign one, or what
/// people write in the place of a signed one.
fn is_configuration_url(text: &str) -> bool {
    let is_address = |text: &str| {
        text.split_once("://").is_some_and(|(scheme, rest)| {
            matches!(scheme, "http" | "https" | "s3") && !rest.is_empty() && !rest.contains(char::is_whitespace)
        })
    };
    text == "NOT_AVAILABLE" || is_address(text) || (!text.is_empty() && redacted(text))
}

static PCLUSTER_IMAGE_ID: Check = Check {
    rule: &Rule {
        name: "pcluster-image-id",
        summary: "an image id is a letter, alone or with up to 127 letters, digits and hyphens",
        why: "ParallelCluster names the stack, the log group and the AMI's tags after the id, and refuses ids of \
              another form when the image is built.",
        help: "ids start with a letter, have 1 to 128 characters, and no others than a-z, A-Z, 0-9 and `-`",
        source: &[CONSTANTS],
        ..Rule::BASE
    },
    on: &Each::<PclusterImageSummary>(|image, cx| {
        const LONGEST: usize = 128;
        let Some((id, text)) = image.get_with_text(member::ImageId) else {
            return;
        };
        if is_placeholder(text) {
            let message = format!("the image id `{}` is a placeholder out of documentation", quoted(text));
            cx.report(id, message).level(Level::Info);
            return;
        }
        let invalid = text.chars().find(|char| !char.is_ascii_alphanumeric() && *char != '-');
        let message = if text.is_empty() {
            "the image id is empty; a letter was expected at its start".to_owned()
        } else if !text.starts_with(|first: char| first.is_ascii_alphabetic()) {
            format!("the image id `{}` does not start with a letter", quoted(text))
        } else if let Some(invalid) = invalid {
            format!("the image id `{}` has `{invalid}`; letters, digits and `-` were expected", quoted(text))
        } else if text.len() > LONGEST {
            format!("the image id has {} characters; at most {LONGEST} are allowed", text.len())
        } else {
            return;
        };
        cx.report(id, message);
    }),
};

/// Whether an id is a placeholder of the documentation, upper-case words joined by `_`, such as `IMAGE_ID`.
fn is_placeholder(id: &str) -> bool {
    id.starts_with(|first: char| first.is_ascii_uppercase())
        && id.contains('_')
        && id.chars().all(|char| char.is_ascii_uppercase() || char == '_')
}

/// Whether a version is `3.<minor>.<patch>`, with or without a pre-release suffix.
fn is_version_3(text: &str) -> bool {
    let mut nodes = text.splitn(3, '.');
    let (Some("3"), Some(minor), Some(patch)) = (nodes.next(), nodes.next(), nodes.next()) else {
        return false;
    };
    let is_digit = |char: char| char.is_ascii_digit();
    let suffix = patch.trim_start_matches(is_digit);
    let is_pre_release = || {
        let named = suffix.trim_start_matches(['.', '-', '+']).starts_with(|first: char| first.is_ascii_alphabetic());
        named && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'))
    };
    !minor.is_empty()
        && minor.chars().all(is_digit)
        && patch.starts_with(is_digit)
        && (suffix.is_empty() || is_pre_release())
}

static PCLUSTER_VERSION: Check = Check {
    rule: &Rule {
        name: "pcluster-version",
        level: Level::Warning,
        summary: "the version is one of ParallelCluster 3",
        why: "ParallelCluster describes images since 3.0.0; its version 2 had no such command. What stands here is the \
              version of ParallelCluster that built the image, not one of the image.",
        help: "versions read 3.<minor>.<patch>, such as 3.13.0, with or without a pre-release behind",
        source: &["https://docs.aws.amazon.com/parallelcluster/latest/ug/document_history.html", IMAGE_CONTROLLER],
        ..Rule::BASE
    },
    on: &Each::<(PclusterImageSummary, PclusterOfficialImage)>(|image, cx| {
        if let Some((version, text)) = image.get_with_text(member::Version)
            && !is_version_3(text)
        {
            cx.report(
                version,
                format!("`{}` is no version of ParallelCluster 3; one such as `3.13.0` was expected", quoted(text)),
            );
        }
    }),
};

/// The first member about the stack that builds an image. Most of these members occur in descriptions only.
fn stack_member(image: Node<'_, PclusterImageSummary>) -> Option<Node<'_>> {
    const LISTED: [Slot<PclusterImageSummary>; 2] =
        [Slot::of(member::CloudformationStackStatus), Slot::of(member::CloudformationStackArn)];
    const DESCRIBED: [Slot<PclusterImage>; 6] = [
        Slot::of(member::CloudformationStackStatusReason),
        Slot::of(member::CloudformationStackCreationTime),
        Slot::of(member::CloudformationStackTags),
        Slot::of(member::ImagebuilderImageStatus),
        Slot::of(member::ImagebuilderImageStatusReason),
        Slot::of(member::ImageBuildLogsArn),
    ];
    LISTED.into_iter().find_map(|slot| image.get_in(slot)).or_else(|| {
        let image = image.any().cast::<PclusterImage>()?;
        DESCRIBED.into_iter().find_map(|slot| image.get_in(slot))
    })
}

static PCLUSTER_SHAPE_MIX: Check = Check {
    rule: &Rule {
        name: "pcluster-shape-mix",
        level: Level::Warning,
        summary: "an answer describes the AMI or the stack, not both",
        why: "ParallelCluster answers from the AMI where there is one, and from the stack that builds it where there \
              is none yet. No answer has both halves.",
        help: "the document was put together from two answers; keep one half",
        source: &[IMAGE_CONTROLLER],
        ..Rule::BASE
    },
    on: &Each::<PclusterImageSummary>(|image, cx| {
        if let (Some(ami), Some(stack_member)) = (image.get(member::Ec2AmiInfo), stack_member(image)) {
            let message = format!(
                "`ec2AmiInfo` beside `{}`; ParallelCluster tells of the AMI or of the stack, never of both",
                stack_member.member()
            );
            cx.report(ami, message).at(ami.key_span()).label(stack_member.key_span(), "this tells of the stack");
        }
    }),
};

static PCLUSTER_AMI_COMPLETE: Check = Check {
    rule: &Rule {
        name: "pcluster-ami-complete",
        summary: "an image with an AMI is BUILD_COMPLETE",
        why: "ParallelCluster describes the AMI once it exists, always with BUILD_COMPLETE and, in a description, with \
              the AMI's creation time.",
        help: "the status and the AMI come from two answers, or one of them was edited",
        source: &[IMAGE_CONTROLLER],
        outranks: &[PCLUSTER_SHAPE_MIX.rule],
        ..Rule::BASE
    },
    on: &Each::<PclusterImageSummary>(|image, cx| {
        let ami = image.get(member::Ec2AmiInfo);
        if let (Some(ami), Some((status, text))) = (ami, image.get_with_text(member::ImageBuildStatus))
            && Shape::PclusterBuildStatus.has_value(text)
            && text != "BUILD_COMPLETE"
        {
            let message =
                format!("`ec2AmiInfo` on an image that is `{text}`; there is an AMI after `BUILD_COMPLETE` only");
            cx.report(ami, message).at(ami.key_span()).label(status.span(), "the status");
        }
        if let Some(created) = image.get_if_any(member::CreationTime).filter(|_| ami.is_none()) {
            let message = "`creationTime` without `ec2AmiInfo`; it is the time at which the AMI was created";
            cx.report(created, message).level(Level::Warning).at(created.key_span());
        }
    }),
};

static PCLUSTER_AMI_STATE: Check = Check {
    rule: &Rule {
        name: "pcluster-ami-state",
        level: Level::Info,
        summary: "the state of an AMI is in upper case and one that ParallelCluster knows",
        why: "ParallelCluster puts EC2's state into upper case. EC2 has the state `disabled`, which ParallelCluster's \
              own list lacks: readers that take the list at its word fail on it.",
        help: "the states are PENDING, AVAILABLE, INVALID, DEREGISTERED, TRANSIENT, FAILED and ERROR",
        source: &[IMAGE_CONTROLLER, OPEN_API, "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html"],
        excuses: &[&structure::ENUM_VALUE],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<PclusterAmiState>(|state, cx| {
        let text = state.text().unwrap_or_default();
        if text.eq_ignore_ascii_case("DISABLED") {
            cx.report(state, format!("`{text}` is a state that EC2 has and ParallelCluster's list lacks"));
            return;
        }
        let upper = || text.to_ascii_uppercase();
        if !Shape::PclusterAmiState.has_value(text) && Shape::PclusterAmiState.has_value(&upper()) {
            let fix = Fix::safe(format!("write `{}`", upper()), state.span(), format!("\"{}\"", upper()));
            let message = format!("`{text}` is how EC2 writes the state; ParallelCluster writes `{}`", upper());
            cx.report(state, message).fix(fix);
        }
    }),
};
