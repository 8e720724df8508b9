//! Infrastructure configurations: network, tags, notifications, logs, profile and role.

use crate::aws::arn::Arn;
use crate::aws::partition;
use crate::aws::s3::{BucketFault, bucket_fault};
use crate::model::typed::shapes::{
    CreateInfrastructureConfigurationRequest, Image, InfrastructureConfiguration, InstanceProfileNameType,
    ResourceTagMap, S3ExportConfiguration, S3Logs, UpdateInfrastructureConfigurationRequest,
};
use crate::rule::prelude::*;
use crate::rules::structure;

pub(super) static RULES: &[&Check] = &[
    &SUBNET_WITHOUT_SECURITY_GROUP,
    &RESOURCE_TAG_RESERVED,
    &SNS_TOPIC_FIFO,
    &SNS_TOPIC_ARN,
    &RETAINED_INSTANCE,
    &S3_BUCKET_NAME,
    &PARENT_INSTANCE_ROLE,
    &INSTANCE_PROFILE_NAME,
];

const CONFIGURATION: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_InfrastructureConfiguration.html";
const CREATE: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateInfrastructureConfiguration.html";

/// A configuration, or what creates or changes one.
type Configuration =
    (InfrastructureConfiguration, CreateInfrastructureConfigurationRequest, UpdateInfrastructureConfigurationRequest);

static SUBNET_WITHOUT_SECURITY_GROUP: Check = Check {
    rule: &Rule {
        name: "subnet-without-security-group",
        summary: "a subnet goes with at least one security group",
        why: "Image Builder refuses a configuration that names a subnet and no security group. Without both it uses \
              the default VPC.",
        help: "add a security group of the subnet's VPC, or drop the subnet",
        source: &[CREATE, "service model: CreateInfrastructureConfigurationRequest.subnetId"],
        ..Rule::BASE
    },
    on: &Each::<Configuration>(|infrastructure, cx| {
        let Some(subnet) = infrastructure.get(member::SubnetId) else {
            return;
        };
        if let (Some(id), None) = (subnet.text(), infrastructure.get(member::SecurityGroupIds)) {
            let message = format!("subnet `{}` stands without a security group; at least one is needed", quoted(id));
            let finding = cx.report(subnet, message);
            if let Some(empty) = infrastructure.find(member::SecurityGroupIds) {
                finding.label(empty.key_span(), "no group in here");
            }
        }
    }),
};

/// The tag keys that Image Builder sets on build instances itself, or does not accept.
const RESERVED_KEYS: [&str; 4] = ["CreatedBy", "Ec2ImageBuilderArn", "Name", "Tags"];

static RESOURCE_TAG_RESERVED: Check = Check {
    rule: &Rule {
        name: "resource-tag-reserved",
        summary: "resource tags use no key that Image Builder or AWS reserves",
        why: "Image Builder sets CreatedBy and Ec2ImageBuilderArn itself, also keeps Name and Tags for itself, and \
              only AWS creates tags whose keys start with aws: in lower case. Whether that holds for other cases is \
              not documented, so they are an info.",
        help: "rename the tag; CreatedBy, Ec2ImageBuilderArn, Name, Tags and aws:… are taken",
        source: &[CREATE, "service model: CreateInfrastructureConfigurationRequest.resourceTags"],
        outranks: &[&structure::STRING_PATTERN],
        ..Rule::BASE
    },
    on: &Each::<ResourceTagMap>(|tags, cx| {
        for tag in tags.entries() {
            let Some(key) = tag.key() else {
                continue;
            };
            let is_system = key.as_bytes().get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"aws:"));
            if key.starts_with("aws:") {
                let message = format!("`{}`: tag keys that start with `aws:` are reserved for AWS", quoted(key));
                cx.report_at(tag.key_span(), message);
            } else if is_system {
                let message = format!("`{}`: the prefix differs from the reserved `aws:` in case only", quoted(key));
                cx.report_at(tag.key_span(), message).level(Level::Info);
            } else if RESERVED_KEYS.contains(&key) {
                cx.report_at(tag.key_span(), format!("tag key `{key}` is reserved for Image Builder"));
            }
        }
    }),
};

static SNS_TOPIC_FIFO: Check = Check {
    rule: &Rule {
        name: "sns-topic-fifo",
        summary: "notifications go to a standard topic",
        why: "Image Builder publishes to standard topics only; FIFO topics are not supported.",
        help: "use a standard topic",
        source: &[CONFIGURATION, "service model: InfrastructureConfiguration.snsTopicArn"],
        outranks: &[SNS_TOPIC_ARN.rule, &structure::STRING_PATTERN],
        ..Rule::BASE
    },
    on: &Each::<Configuration>(|infrastructure, cx| {
        let Some((node, text)) = infrastructure.get_with_text(member::SnsTopicArn) else {
            return;
        };
        // A text that is not the ARN of a topic is reported by `sns-topic-arn`.
        let is_topic = Arn::parse(text).is_some_and(|arn| arn.service == "sns");
        if is_topic && is_fifo(text) {
            let name = &text[text.rfind(':').map_or(0, |colon| colon + 1)..];
            let message = format!("topic `{}` is a FIFO topic; a standard topic was expected", quoted(name));
            cx.report(node, message).at(node.slice(name));
        }
    }),
};

fn is_fifo(topic: &str) -> bool {
    topic.strip_suffix(".fifo").is_some()
}

static SNS_TOPIC_ARN: Check = Check {
    rule: &Rule {
        name: "sns-topic-arn",
        level: Level::Warning,
        summary: "`snsTopicArn` is the ARN of a topic in the configuration's region and account",
        why: "Notifications go to SNS topics only. A topic of another region or account can be right, but is often a \
              slip, and one that is encrypted with a key of another account receives nothing.",
        help: "an ARN of a topic reads arn:<partition>:sns:<region>:<account>:<name>",
        source: &[CONFIGURATION, "service model: SnsTopicArn"],
        outranks: &[&structure::STRING_PATTERN],
        ..Rule::BASE
    },
    on: &Each::<Configuration>(|infrastructure, cx| {
        let Some((node, text)) = infrastructure.get_with_text(member::SnsTopicArn) else {
            return;
        };
        if is_fifo(text) {
            return;
        }
        let Some(topic) = Arn::parse(text).filter(is_topic) else {
            cx.report(node, format!("`{}` is not the ARN of an SNS topic", quoted(text)));
            return;
        };
        let Some(owner) = cx.nearest(infrastructure, member::Arn).and_then(|arn| cx.arn(arn)) else {
            return;
        };
        // A region of another partition is reported by the rules in `partition.rs`.
        let has_own_region =
            |arn: &Arn<'_>| partition::of_region(arn.region).is_some_and(|known| known.name == arn.partition);
        let comparable = has_own_region(&topic) && has_own_region(owner.arn) && topic.partition == owner.arn.partition;
        if comparable && topic.region != owner.arn.region {
            let message = format!("the topic is in `{}`, the configuration in `{}`", topic.region, owner.arn.region);
            let place = owner.node.slice(owner.arn.region);
            let finding = cx.report(node, message).level(Level::Info);
            finding.at(node.slice(topic.region)).label(place, "the region of the owner");
        }
        if owner.arn.is_customers() && topic.account != owner.arn.account {
            let message = format!(
                "the topic belongs to account `{}`, the configuration to `{}`",
                topic.account, owner.arn.account
            );
            let place = owner.account_span();
            let finding = cx.report(node, message).level(Level::Info);
            finding.at(node.slice(topic.account)).label(place, "the owner");
            finding.help("an encrypted topic needs a key of the account that builds the image");
        }
    }),
};

/// Whether an ARN names a topic (service model: SnsTopicArn).
fn is_topic(arn: &Arn<'_>) -> bool {
    let name = arn.resource;
    arn.service == "sns"
        && arn.partition.starts_with("aws")
        && !arn.region.is_empty()
        && arn.names_account()
        && (1..=256).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

static RETAINED_INSTANCE: Check = Check {
    rule: &Rule {
        name: "retained-instance",
        level: Level::Info,
        pedantic: true,
        summary: "build instances are terminated when the build ends",
        why: "An instance that is kept for a look at a failed build goes on costing until someone terminates it.",
        help: "set it to true once the build has been looked into",
        source: &[CONFIGURATION, "service model: InfrastructureConfiguration.terminateInstanceOnFailure"],
        ..Rule::BASE
    },
    on: &Each::<InfrastructureConfiguration>(|infrastructure, cx| {
        for (slot, when) in [
            (Slot::of(member::TerminateInstanceOnFailure), "after a failed build"),
            (Slot::of(member::TerminateInstanceOnCompletion), "after the build"),
        ] {
            if let Some(node) = infrastructure.get_in(slot).filter(|node| node.boolean() == Some(false)) {
                cx.report(node, format!("`{}` is false: the instance keeps running {when}", slot.name()));
            }
        }
    }),
};

static S3_BUCKET_NAME: Check = Check {
    rule: &Rule {
        name: "s3-bucket-name",
        level: Level::Warning,
        summary: "a bucket is named by its name alone, which keeps to the rules of S3",
        why: "A URL, an ARN or a path in the place of the name finds no bucket. Names are 3 to 63 lower-case letters, \
              digits, periods and hyphens; old buckets of us-east-1 may have upper case, underscores and up to 255 \
              characters.",
        help: "write the bucket's name; what follows it in a path belongs into the key prefix",
        source: &["https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<(S3Logs, S3ExportConfiguration)>(|destination, cx| {
        // Logs have `s3BucketName`, exports have `s3Bucket`.
        let bucket = destination.get_if_any(member::S3BucketName).or_else(|| destination.get_if_any(member::S3Bucket));
        let Some((node, name)) = bucket.and_then(|node| Some((node, node.text()?))) else {
            return;
        };
        let Some(fault) = bucket_fault(name).filter(|_| !name.is_empty()) else {
            return;
        };
        let (place, reason) = match fault {
            BucketFault::Prefix(prefix) if prefix.starts_with("arn:") => {
                (prefix, "is an ARN; its name was expected".into())
            }
            BucketFault::Prefix(prefix) => (prefix, "is a URL; its name was expected".into()),
            BucketFault::Character(slash @ "/") => (slash, "is a path; its name was expected".into()),
            BucketFault::Character(character) => {
                (character, format!("holds `{}`; letters, digits, `.` and `-` were expected", character.escape_debug()))
            }
            BucketFault::Length(length) => {
                (name, format!("has {}; 3 to 63 were expected", counted(length, "character")))
            }
            BucketFault::Edge(edge) => (edge, "starts or ends with neither letter nor digit".into()),
            BucketFault::Periods(periods) => (periods, "holds two periods in a row".into()),
            BucketFault::Address => (name, "has the form of an IP address".into()),
            BucketFault::LegacyLength(length) => {
                (name, format!("has {length} characters, as only old buckets of us-east-1 do; 3 to 63 were expected"))
            }
            BucketFault::Legacy(character) => {
                (character, format!("holds `{character}`, as only old buckets of us-east-1 do"))
            }
        };
        let is_legacy = matches!(fault, BucketFault::Legacy(_) | BucketFault::LegacyLength(_));
        let level = if is_legacy { Level::Info } else { Level::Warning };
        let message = format!("bucket `{}` {reason}", quoted(name));
        cx.report(node, message).level(level).at(node.slice(place)).fix(strip_scheme(node, name));
    }),
};

/// Removes `s3://`, if only a valid name follows.
fn strip_scheme(node: Node<'_>, text: &str) -> Option<Fix> {
    let name = text.strip_prefix("s3://")?;
    let name = name.strip_suffix('/').unwrap_or(name);
    bucket_fault(name).is_none().then(|| Fix::safe("strip `s3://`", node.span(), format!("\"{name}\"")))
}

static PARENT_INSTANCE_ROLE: Check = Check {
    rule: &Rule {
        name: "parent-instance-role",
        level: Level::Warning,
        summary: "an image built on an instance of an Auto Scaling group has an execution role",
        why: "Image Builder looks the instance up, tags it and detaches it from its group with the rights of the \
              execution role.",
        help: "give the image or its pipeline an `executionRole` that may describe, tag and detach instances",
        source: &[CREATE, "service model: CreateInfrastructureConfigurationRequest.parentInstance"],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        let parent = image.get(member::InfrastructureConfiguration).and_then(|node| node.get(member::ParentInstance));
        if let (Some(parent), None) = (parent, image.get(member::ExecutionRole)) {
            let message = "`parentInstance` is set and the image has no `executionRole`; it needs one";
            cx.report(parent, message).at(parent.key_span());
        }
    }),
};

/// The maximum length of an instance profile's name in IAM; the service model of Image Builder allows 256.
const LONGEST_PROFILE: usize = 128;

static INSTANCE_PROFILE_NAME: Check = Check {
    rule: &Rule {
        name: "instance-profile-name",
        level: Level::Warning,
        summary: "an instance profile is given by its name, of at most 128 characters",
        why: "Image Builder looks the profile up by name. An ARN or a path is none, and IAM has no names longer than \
              128 characters, although Image Builder's model allows 256.",
        help: "write the name that follows the last slash of the ARN",
        source: &[
            "service model: InstanceProfileNameType",
            "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html",
        ],
        outranks: &[&structure::STRING_PATTERN, &structure::STRING_LENGTH],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<InstanceProfileNameType>(|node, cx| {
        let Some(text) = node.text() else {
            return;
        };
        if text.starts_with("arn:") || text.contains('/') {
            let found = if text.starts_with("arn:") { "an ARN" } else { "a path" };
            let message = format!("`{}` is {found}; the name of an instance profile was expected", quoted(text));
            let level = if cx.is_request() { Level::Error } else { Level::Warning };
            let finding = cx.report(node, message).level(level).fix(keep_name(node, text));
            if text.contains(":role/") {
                finding.help("write the name of the instance profile that holds the role");
            }
        } else if text.len() > LONGEST_PROFILE && text.is_ascii() {
            let message = format!(
                "the name has {} characters; names of instance profiles have at most {LONGEST_PROFILE}",
                text.len()
            );
            cx.report(node, message);
        }
    }),
};

/// Replaces a path or the ARN of an instance profile by the name at its end. The ARN of a role does not name
/// its profile.
fn keep_name(node: Node<'_>, text: &str) -> Option<Fix> {
    let is_profile = |arn: Arn<'_>| arn.service == "iam" && arn.resource.starts_with("instance-profile/");
    let holds_name = if text.starts_with("arn:") { Arn::parse(text).is_some_and(is_profile) } else { true };
    let (_, name) = text.rsplit_once('/')?;
    let is_name = (1..=LONGEST_PROFILE).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte));
    (holds_name && is_name).then(|| Fix::safe("keep the name alone", node.span(), format!("\"{name}\"")))
}
