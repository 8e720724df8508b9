//! What `ParallelCluster` says about an image, and about the AMI it has become.

use crate::document::member;
use crate::document::secret::quoted;
use crate::finding::fix::Fix;
use crate::finding::{Level, Span};
use crate::model::shape::{Kind, Shape};
use crate::rule::Rule;

pub(super) static RULES: &[&Rule] = &[
    &PCLUSTER_REQUIRED,
    &PCLUSTER_IMAGE_ID,
    &PCLUSTER_VERSION,
    &PCLUSTER_SHAPE_MIX,
    &PCLUSTER_AMI_COMPLETE,
    &PCLUSTER_AMI_STATE,
];

/// The reference page of describeImage.
pub(super) const DESCRIBE_IMAGE: &str = "https://docs.aws.amazon.com/parallelcluster/latest/ug/describe-image.html";

/// The members that describeImage always returns.
const REQUIRED: [&str; 5] = ["imageId", "region", "version", "imageBuildStatus", "imageConfiguration"];

static PCLUSTER_REQUIRED: Rule = Rule {
    name: "pcluster-required",
    on: &[Shape::PclusterImage],
    summary: "an image described by ParallelCluster has its id, region, version, status and configuration",
    why: "ParallelCluster answers with these five members whether the image is being built, has failed or is done. \
          Entries of lists have no configuration.",
    help: "add the member, or capture the answer again",
    source: &[DESCRIBE_IMAGE],
    check: |image, cx| {
        let Some(object) = image.value().as_object() else {
            return;
        };
        // A null is `null-member`'s.
        let lost = |name: &&&str| {
            image.get(name).is_none()
                && member(object, name).is_none_or(|property| property.value.as_null_keyword().is_none())
        };
        let open = Span::new(image.span().start, image.span().start + 1);
        for name in REQUIRED.iter().filter(lost) {
            let finding = cx.report_at(open, format!("`{name}` is required; ParallelCluster always returns it"));
            match image.find(name) {
                Some(empty) => finding.label(empty.key_span(), "this is empty"),
                None => finding.says(format!("no `{name}` in this object")),
            };
        }
    },
    ..Rule::BASE
};

static PCLUSTER_IMAGE_ID: Rule = Rule {
    name: "pcluster-image-id",
    on: &[Shape::PclusterImageSummary],
    summary: "an image id is a letter and up to 127 letters, digits and hyphens",
    why: "ParallelCluster names the stack, the log group and the AMI's tags after the id, and refuses ids of another \
          form when the image is built.",
    help: "ids start with a letter, have 2 to 128 characters, and no others than a-z, A-Z, 0-9 and `-`",
    source: &[
        "https://docs.aws.amazon.com/parallelcluster/latest/ug/build-image.html",
        "https://docs.aws.amazon.com/parallelcluster/latest/ug/list-images.html",
    ],
    check: |image, cx| {
        const LONGEST: usize = 128;
        let Some((id, text)) = image.get_with_text("imageId") else {
            return;
        };
        if is_placeholder(text) {
            let message = format!("the image id `{}` is a placeholder out of documentation", quoted(text));
            cx.report(id, message).level(Level::Info);
            return;
        }
        let strange = text.chars().find(|char| !char.is_ascii_alphanumeric() && *char != '-');
        let message = if text.len() < 2 {
            format!("the image id `{text}` has fewer than 2 characters", text = quoted(text))
        } else if !text.starts_with(|first: char| first.is_ascii_alphabetic()) {
            format!("the image id `{}` does not start with a letter", quoted(text))
        } else if let Some(strange) = strange {
            format!("the image id `{}` has `{strange}`; letters, digits and `-` were expected", quoted(text))
        } else if text.len() > LONGEST {
            format!("the image id has {} characters; at most {LONGEST} are allowed", text.len())
        } else {
            return;
        };
        cx.report(id, message);
    },
    ..Rule::BASE
};

/// Whether an id is a word in capitals with `_` between, as manuals print where the reader's own goes.
fn is_placeholder(id: &str) -> bool {
    id.starts_with(|first: char| first.is_ascii_uppercase())
        && id.contains('_')
        && id.chars().all(|char| char.is_ascii_uppercase() || char == '_')
}

/// Whether a version is `3.<minor>.<patch>`, with or without a pre-release behind.
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

static PCLUSTER_VERSION: Rule = Rule {
    name: "pcluster-version",
    level: Level::Warning,
    on: &[Shape::PclusterImageSummary, Shape::PclusterOfficialImage],
    summary: "the version is one of ParallelCluster 3",
    why: "ParallelCluster describes images since 3.0.0; its version 2 had no such command. What stands here is the \
          version of ParallelCluster that built the image, not one of the image.",
    help: "versions read 3.<minor>.<patch>, such as 3.13.0, with or without a pre-release behind",
    source: &["https://docs.aws.amazon.com/parallelcluster/latest/ug/document_history.html", DESCRIBE_IMAGE],
    check: |image, cx| {
        if let Some((version, text)) = image.get_with_text("version")
            && !is_version_3(text)
        {
            cx.report(version, format!("`{}` is no version of ParallelCluster 3", quoted(text)));
        }
    },
    ..Rule::BASE
};

/// The members that tell of the stack which builds an image.
const OF_STACK: [&str; 8] = [
    "cloudformationStackStatus",
    "cloudformationStackArn",
    "cloudformationStackStatusReason",
    "cloudformationStackCreationTime",
    "cloudformationStackTags",
    "imagebuilderImageStatus",
    "imagebuilderImageStatusReason",
    "imageBuildLogsArn",
];

static PCLUSTER_SHAPE_MIX: Rule = Rule {
    name: "pcluster-shape-mix",
    level: Level::Warning,
    on: &[Shape::PclusterImageSummary],
    summary: "an answer tells of the AMI or of the stack, not of both",
    why: "ParallelCluster answers from the AMI where there is one, and from the stack that builds it where there is \
          none yet. No answer has both halves.",
    help: "the document was put together from two answers; keep one half",
    source: &[DESCRIBE_IMAGE, "https://docs.aws.amazon.com/parallelcluster/latest/ug/list-images.html"],
    check: |image, cx| {
        let known = |name: &&&str| image.exact_shape().member(name).is_some();
        let Some(ami) = image.get("ec2AmiInfo") else {
            return;
        };
        if let Some(of_stack) = OF_STACK.iter().filter(known).find_map(|name| image.get(name)) {
            let message = format!(
                "`ec2AmiInfo` beside `{}`; ParallelCluster tells of the AMI or of the stack, never of both",
                of_stack.member()
            );
            cx.report(ami, message).at(ami.key_span()).label(of_stack.key_span(), "this tells of the stack");
        }
    },
    ..Rule::BASE
};

static PCLUSTER_AMI_COMPLETE: Rule = Rule {
    name: "pcluster-ami-complete",
    on: &[Shape::PclusterImageSummary],
    summary: "an image with an AMI is BUILD_COMPLETE",
    why: "ParallelCluster tells of the AMI once it exists, always with BUILD_COMPLETE and, in a description, with the \
          AMI's creation time.",
    help: "the status and the AMI come from two answers, or one of them was edited",
    source: &[DESCRIBE_IMAGE, "https://docs.aws.amazon.com/parallelcluster/latest/ug/list-images.html"],
    outranks: &["pcluster-shape-mix"],
    check: |image, cx| {
        let ami = image.get("ec2AmiInfo");
        if let (Some(ami), Some((status, text))) = (ami, image.get_with_text("imageBuildStatus"))
            && is_value_of(Shape::PclusterBuildStatus, text)
            && text != "BUILD_COMPLETE"
        {
            let message =
                format!("`ec2AmiInfo` on an image that is `{text}`; there is an AMI after `BUILD_COMPLETE` only");
            cx.report(ami, message).at(ami.key_span()).label(status.span(), "the status");
        }
        let created = image.exact_shape().member("creationTime").and_then(|_| image.get("creationTime"));
        if let Some(created) = created.filter(|_| ami.is_none()) {
            let message = "`creationTime` without `ec2AmiInfo`; it is the time at which the AMI was created";
            cx.report(created, message).level(Level::Warning).at(created.key_span());
        }
    },
    ..Rule::BASE
};

/// Whether a shape's enum has a value; others are `enum-value`'s.
pub(super) fn is_value_of(shape: Shape, text: &str) -> bool {
    matches!(shape.kind(), Kind::Text { values, .. } if values.contains(&text))
}

static PCLUSTER_AMI_STATE: Rule = Rule {
    name: "pcluster-ami-state",
    level: Level::Info,
    on: &[Shape::PclusterAmiState],
    summary: "the state of an AMI is in upper case and one that ParallelCluster knows",
    why: "ParallelCluster puts EC2's state into upper case. EC2 has the state `disabled`, which ParallelCluster's \
          own list lacks: readers that take the list at its word fail on it.",
    help: "the states are PENDING, AVAILABLE, INVALID, DEREGISTERED, TRANSIENT, FAILED and ERROR",
    source: &[DESCRIBE_IMAGE, "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html"],
    outranks: &["enum-value"],
    check: |state, cx| {
        let text = state.text().unwrap_or_default();
        if text.eq_ignore_ascii_case("DISABLED") {
            cx.report(state, format!("`{text}` is a state that EC2 has and ParallelCluster's list lacks"));
            return;
        }
        let upper = || text.to_ascii_uppercase();
        if !is_value_of(Shape::PclusterAmiState, text) && is_value_of(Shape::PclusterAmiState, &upper()) {
            let fix = Fix::safe(format!("write `{}`", upper()), state.span(), format!("\"{}\"", upper()));
            let message = format!("`{text}` is how EC2 writes the state; ParallelCluster writes `{}`", upper());
            cx.report(state, message).fix(fix);
        }
    },
    ..Rule::BASE
};
