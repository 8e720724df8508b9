//! Notifications that Image Builder sends to an SNS topic: the members that repeat parts of ARNs, and the
//! delivery.

use crate::aws::arn::{Arn, Resource};
use crate::aws::version::Version;
use crate::document::Document;
use crate::finding::fault::Fault;
use crate::model::shape::Kind;
use crate::model::typed::shapes::{
    SnsContainerRecipe, SnsDistributionConfiguration, SnsImage, SnsImageRecipe, SnsInfrastructureConfiguration,
    SnsNotification,
};
use crate::rule::prelude::*;
use crate::rules::view::arn::{image_builder_arn, is_valid_arn};
use crate::rules::view::image::status;
use crate::rules::view::source::{IMAGE, VERSIONING};
use crate::rules::{arn, failure, partition, state, structure, version};
use crate::text::span::Span;

pub(super) static RULES: &[&Check] = &[
    &SNS_SEMVER,
    &SNS_BUILD_VERSION,
    &SNS_VERSIONLESS_ARN,
    &SNS_STATUS,
    &SNS_ACCOUNT,
    &SNS_RESOURCE_ARN_TAG,
    &SNS_MESSAGE_JSON,
    &SNS_TOPIC_MATCH,
];

/// The page about the contents of a notification.
const INTEGRATION: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/integ-sns.html";

/// The page about the delivery of a notification.
const DELIVERY: &str = "https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html";

/// The resources in a notification, each with its account and tags.
type AnyResource =
    (SnsImage, SnsImageRecipe, SnsContainerRecipe, SnsInfrastructureConfiguration, SnsDistributionConfiguration);

/// The ARN of a resource, if it is valid.
fn own_arn<'d, S>(resource: Node<'d, S>, cx: &Context<'d>) -> Option<(Node<'d>, &'d Arn<'d>, &'d Resource<'d>)>
where
    S: Has<member::Arn, Value = Any>,
{
    let node = resource.get(member::Arn).filter(|node| is_valid_arn(*node, cx))?;
    let (arn, named) = image_builder_arn(node, cx)?;
    Some((node, arn, named))
}

/// The version in an image's ARN, if it names one build.
fn built_version<'d>(image: Node<'d, SnsImage>, cx: &Context<'d>) -> Option<(Node<'d>, Version<'d>)> {
    let node = image.get(member::Arn)?;
    let version = image_builder_arn(node, cx)?.1.version?;
    (version.is_fixed() && version.build.is_some() && !version.exceeds_limit()).then_some((node, version))
}

static SNS_SEMVER: Check = Check {
    rule: &Rule {
        name: "sns-semver",
        level: Level::Warning,
        summary: "`semver` holds the four nodes of the ARN's version, 30 bits each",
        why: "A notification packs major, minor, patch and build into one integer of up to 120 bits. A double keeps 53 \
              of them, so that whatever reads and writes the message with doubles spoils it: jq, JavaScript, most \
              parsers without arbitrary precision.",
        help: "keep the digits as they came, or take them from the ARN",
        source: &[INTEGRATION, VERSIONING],
        outranks: &[&structure::NUMBER_RANGE],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<SnsImage>(|image, cx| {
        let Some((node, text)) = image.get(member::Semver).and_then(|node| Some((node, node.number()?))) else {
            return;
        };
        let arn = built_version(image, cx).and_then(|(arn, version)| Some((arn, version, version.packed()?)));
        let is_float = text.contains(['.', 'e', 'E']);
        let Some((arn, version, packed)) = arn else {
            if is_float {
                cx.report(node, format!("`semver` `{text}` is a floating-point number; an integer was expected"));
            }
            return;
        };
        if text.parse() == Ok(packed) {
            return;
        }
        let message = if is_float || is_rounded(text, packed) {
            format!("`semver` `{text}` lost precision; `{packed}` was expected")
        } else {
            match text.parse().ok().and_then(Version::unpack) {
                Some(nodes) => format!("`semver` `{text}` stands for {nodes}, the ARN has {}", version.text),
                None => format!("`semver` `{text}` stands for no version; `{packed}` was expected"),
            }
        };
        let fix = Fix::safe("compute it from the ARN", node.span(), packed.to_string());
        cx.report(node, message).label(arn.slice(version.text), "the version in the ARN").fix(fix);
    }),
};

/// Whether an integer is another one after rounding to an `f64`, printed with all its digits or with zeros at
/// the end.
fn is_rounded(text: &str, exact: u128) -> bool {
    let exact: Option<f64> = exact.to_string().parse().ok();
    let is_printed = |double: f64| format!("{double:.0}") == text || text.ends_with("000000");
    exact.zip(text.parse().ok()).is_some_and(|(exact, found): (f64, f64)| {
        let gap = (exact - found).abs();
        gap <= exact * 4.0 * f64::EPSILON && is_printed(found)
    })
}

static SNS_BUILD_VERSION: Check = Check {
    rule: &Rule {
        name: "sns-build-version",
        summary: "`version` and `buildVersion` are the version and the build of the ARN",
        why: "Where a response writes 1.0.0/3, a notification has three nodes in `version` and the fourth in \
              `buildVersion`; the ARN has all four.",
        help: "one of them was edited; the ARN is the one to trust",
        source: &[INTEGRATION],
        outranks: &[&structure::NUMBER_RANGE],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<SnsImage>(|image, cx| {
        let Some((arn, in_arn)) = built_version(image, cx) else {
            return;
        };
        let build = in_arn.build.unwrap_or_default();
        let found = image.get(member::BuildVersion).and_then(|node| Some((node, node.integer()?)));
        if let Some((node, number)) = found.filter(|(_, number)| build.parse() != Ok(*number)) {
            let message = format!("`buildVersion` is {number}, the ARN has build {build}");
            let digits = build.trim_start_matches('0');
            let fix =
                Fix::risky("copy the build from the ARN", node.span(), if digits.is_empty() { "0" } else { digits });
            cx.report(node, message).label(arn.slice(build), "the build in the ARN").fix(fix);
        }
        // A version with another number of nodes is reported by `version-node-count`.
        let found = image.get_with_text(member::Version).map(|(node, text)| (node, Version::parse(text)));
        let has_three_nodes = |version: &Version<'_>| version.is_fixed() && version.build.is_none();
        if let Some((node, version)) =
            found.filter(|(_, version)| has_three_nodes(version) && version.text != in_arn.numbers)
        {
            let message = format!("`version` is `{}`, the ARN has `{}`", version.text, in_arn.numbers);
            let fix = Fix::risky("copy the version from the ARN", node.part(0..version.text.len()), in_arn.numbers);
            let finding = cx.report(node, message);
            finding.label(arn.slice(in_arn.numbers), "the version in the ARN").fix(fix);
            if version.same_numbers(in_arn) {
                finding.level(Level::Info).help("they differ in leading zeros only");
            }
        }
    }),
};

static SNS_VERSIONLESS_ARN: Check = Check {
    rule: &Rule {
        name: "sns-versionless-arn",
        summary: "`versionlessArn` is the image's ARN without its version",
        why: "A notification names the image twice, with and without the version. Where the rest differs they name two \
              images.",
        help: "take the ARN up to the name",
        source: &[INTEGRATION, VERSIONING],
        outranks: &[
            arn::ARN_SEGMENT.rule,
            arn::ARN_RESOURCE_TYPE.rule,
            partition::ARN_PARTITION_KNOWN.rule,
            partition::ARN_PARTITION_REGION.rule,
            partition::ARN_PARTITION_AGREEMENT.rule,
            partition::ARN_REGION_AGREEMENT.rule,
            partition::ARN_ACCOUNT_AGREEMENT.rule,
            version::VERSION_NODE_LIMIT.rule,
            version::VERSION_WILDCARD_ORDER.rule,
            version::VERSION_WILDCARD_BUILD.rule,
            version::VERSION_X_UPPERCASE.rule,
            &structure::STRING_PATTERN,
        ],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<SnsImage>(|image, cx| {
        let Some((node, text)) = image.get_with_text(member::VersionlessArn) else {
            return;
        };
        let Some((arn, _, named)) = own_arn(image, cx).filter(|(.., named)| named.kind == "image") else {
            return;
        };
        let whole = arn.text().unwrap_or_default();
        let wanted = named.version.map_or(whole, |version| &whole[..whole.len() - version.text.len() - 1]);
        if text != wanted {
            let message = format!("`versionlessArn` is `{}`; `{wanted}` was expected", quoted(text));
            let fix = Fix::safe("take it from the ARN", node.span(), format!("\"{wanted}\""));
            cx.report(node, message).label(arn.slice(wanted), "the ARN up to its version").fix(fix);
        }
    }),
};

static SNS_STATUS: Check = Check {
    rule: &Rule {
        name: "sns-status",
        level: Level::Warning,
        summary: "a notification is about an image that is available or has failed",
        why: "Image Builder notifies when a build ends, well or badly, and not on the way there.",
        help: "the status was edited; events of every state come from EventBridge",
        source: &[INTEGRATION],
        outranks: &[
            failure::FAILURE_CONTEXT_STATUS.rule,
            state::CONTAINER_LIFECYCLE_STATUS.rule,
            state::IMAGE_STATUS_TYPE.rule,
        ],
        ..Rule::BASE
    },
    on: &Each::<SnsImage>(|image, cx| {
        let Some((node, text)) = status(image) else {
            return;
        };
        // An unknown status is reported by `enum-value`.
        let is_status = matches!(node.exact_shape().kind(), Kind::Text { values, .. } if values.contains(&text));
        if is_status && !matches!(text, "AVAILABLE" | "FAILED") {
            cx.report(node, format!("status `{text}` in a notification; `AVAILABLE` or `FAILED` was expected"));
        }
    }),
};

static SNS_ACCOUNT: Check = Check {
    rule: &Rule {
        name: "sns-account",
        level: Level::Warning,
        summary: "a resource's `accountId` is the account in its ARN",
        why: "In the published sample and in captured notifications each resource names its account twice, in its ARN \
              and beside it, and the two are equal. They differ where one of the two was edited.",
        help: "replace account ids in both places",
        source: &["observed: in published notifications that are not masked the two are equal", INTEGRATION],
        ..Rule::BASE
    },
    on: &Each::<AnyResource>(|resource, cx| {
        let Some((node, text)) = resource.get_with_text(member::AccountId) else {
            return;
        };
        if resource.get_text(member::Arn).is_some_and(|arn| arn.split(':').nth(4) == Some(text)) {
            return;
        }
        if let Some((arn_node, arn, _)) = own_arn(resource, cx).filter(|(_, arn, _)| arn.is_customers()) {
            let message = format!("`accountId` is `{}`, the ARN has account `{}`", quoted(text), arn.account);
            cx.report(node, message).label(arn_node.slice(arn.account), "the account in the ARN");
        }
    }),
};

static SNS_RESOURCE_ARN_TAG: Check = Check {
    rule: &Rule {
        name: "sns-resource-arn-tag",
        level: Level::Warning,
        summary: "the tag `resourceArn` of a notification is the resource's ARN",
        why: "Image Builder adds the tags `internalId` and `resourceArn` to each resource in a notification, the \
              latter with its ARN.",
        help: "one of the two was edited; copy the ARN",
        source: &[INTEGRATION],
        ..Rule::BASE
    },
    on: &Each::<AnyResource>(|resource, cx| {
        let tag =
            resource.get(member::Tags).and_then(|tags| tags.entries().find(|tag| tag.key() == Some("resourceArn")));
        let Some((tag, text)) = tag.and_then(|tag| Some((tag, tag.text()?))) else {
            return;
        };
        if resource.get_text(member::Arn) == Some(text) {
            return;
        }
        if let Some((arn, ..)) = own_arn(resource, cx) {
            let found = if text.is_empty() { "empty".to_owned() } else { format!("`{}`", quoted(text)) };
            let message = format!("the tag `resourceArn` is {found}; the resource's ARN was expected");
            cx.report(tag, message).label(arn.span(), "the ARN");
        }
    }),
};

static SNS_MESSAGE_JSON: Check = Check {
    rule: &Rule {
        name: "sns-message-json",
        level: Level::Info,
        summary: "the `Message` of a notification is a string that holds JSON",
        why: "SNS delivers each message as a string, and those of Image Builder hold a JSON object. Other senders put \
              what they like into it, so this is reported only for a file that was named.",
        help: "record the notification as SNS delivered it; a message of another sender is no Image Builder document",
        source: &[DELIVERY, INTEGRATION],
        ..Rule::BASE
    },
    on: &Each::<SnsNotification>(|notification, cx| {
        let Some(message) = notification.written(member::Message) else {
            let message = "the notification has no `Message`; a JSON text was expected";
            cx.report(notification, message).at(notification.opening());
            return;
        };
        // A string is parsed as a document of its own, which includes reporting that it is not JSON.
        if message.text().is_none() {
            let text = format!("`Message` is {}; a string that holds JSON was expected", message.type_name());
            cx.report(message, text).at(message.key_span());
        }
    }),
};

static SNS_TOPIC_MATCH: Check = Check {
    rule: &Rule {
        name: "sns-topic-match",
        level: Level::Info,
        summary: "a notification comes from the topic that its image was built with",
        why: "Image Builder publishes to the topic of the infrastructure configuration. A message from another topic \
              was passed on, or put into an envelope that is not its own.",
        help: "nothing is wrong where another service forwards the messages",
        source: &[IMAGE, INTEGRATION],
        ..Rule::BASE
    },
    on: &Each::<SnsNotification>(|notification, cx| {
        let topic = notification.get_with_text(member::TopicArn);
        let (Some((topic, delivered)), Some((holder, message))) = (topic, notification.get_with_text(member::Message))
        else {
            return;
        };
        // Only a message that may name another topic is parsed again.
        if message.contains(&format!("\"{delivered}\"")) || !message.contains("snsTopicArn") {
            return;
        }
        let inner = Document::parse(message);
        let Some((span, configured)) = configured_topic(&inner) else {
            return;
        };
        let (pointer, place) = (inner.pointer(span), holder.part(span.range()));
        let message = format!("delivered by topic `{}`; `{}` is configured", quoted(delivered), quoted(configured));
        let finding = cx.report(topic, message);
        finding.label(place, "the topic of the infrastructure configuration");
        if let Some(label) = finding.others.last_mut() {
            label.embedded = Some(pointer);
        }
    }),
};

/// The topic that the infrastructure configuration in a message names, with its span in the message.
fn configured_topic<'i>(inner: &'i Document<'_>) -> Option<(Span, &'i str)> {
    let infrastructure = inner.root()?.member("infrastructureConfiguration")?.value();
    let topic = infrastructure.member("snsTopicArn")?.value();
    let text = topic.text()?;
    Arn::parse(text).filter(|arn| arn.service == "sns")?;
    Some((topic.span(), text))
}

/// Converts the syntax fault of a message that is not JSON into a fault of `sns-message-json`.
pub(crate) fn message_is_not_json(syntax: &Fault) -> Fault {
    let rule = SNS_MESSAGE_JSON.rule;
    let message = format!("the message is not JSON: {}", syntax.message);
    Fault { rule, level: rule.level, message, help: None, ..syntax.clone() }
}
