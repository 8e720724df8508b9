//! Notifications that Image Builder sends to an SNS topic: what they repeat of their ARNs, and how
//! they were delivered.

use jsonc_parser::common::Ranged;

use crate::aws::arn::{Arn, Resource};
use crate::aws::version::Version;
use crate::document::secret::quoted;
use crate::document::{Document, Value, key_of, member, type_name};
use crate::finding::Level;
use crate::finding::fix::Fix;
use crate::model::shape::{Kind, Shape};
use crate::rule::Rule;
use crate::rule::context::Context;
use crate::rule::node::Node;
use crate::rules::arn::{image_builder_arn, is_sound};
use crate::rules::source::{IMAGE, VERSIONING};
use crate::rules::state::{opening, status};
use crate::text::span::Span;

pub(super) static RULES: &[&Rule] = &[
    &SNS_SEMVER,
    &SNS_BUILD_VERSION,
    &SNS_VERSIONLESS_ARN,
    &SNS_STATUS,
    &SNS_ACCOUNT,
    &SNS_RESOURCE_ARN_TAG,
    &SNS_MESSAGE_JSON,
    &SNS_TOPIC_MATCH,
];

/// What a notification holds.
const INTEGRATION: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/integ-sns.html";

/// How a notification is delivered.
const DELIVERY: &str = "https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html";

/// The resources in a notification, each with its account and tags.
const RESOURCES: &[Shape] = &[
    Shape::SnsImage,
    Shape::SnsImageRecipe,
    Shape::SnsContainerRecipe,
    Shape::SnsInfrastructureConfiguration,
    Shape::SnsDistributionConfiguration,
];

/// The resource's own ARN, where nothing is wrong with it.
fn own_arn<'d>(resource: Node<'d>, cx: &Context<'d>) -> Option<(Node<'d>, Arn<'d>, Resource<'d>)> {
    let node = resource.get("arn").filter(|node| is_sound(*node, cx))?;
    let (arn, named) = image_builder_arn(node, cx)?;
    Some((node, arn, named))
}

/// The version that an image's ARN ends in, where it names one build.
fn built_version<'d>(image: Node<'d>, cx: &Context<'d>) -> Option<(Node<'d>, Version<'d>)> {
    let node = image.get("arn")?;
    let version = image_builder_arn(node, cx)?.1.version?;
    (version.is_fixed() && version.build.is_some() && !version.exceeds_limit()).then_some((node, version))
}

static SNS_SEMVER: Rule = Rule {
    name: "sns-semver",
    level: Level::Warning,
    on: &[Shape::SnsImage],
    summary: "`semver` holds the four nodes of the ARN's version, 30 bits each",
    why: "A notification packs major, minor, patch and build into one integer of up to 120 bits. A double keeps 53 of \
          them, so that whatever reads and writes the message with doubles spoils it: jq, JavaScript, most parsers \
          without arbitrary precision.",
    help: "keep the digits as they came, or take them from the ARN",
    source: &[INTEGRATION, VERSIONING],
    outranks: &["number-range"],
    check: |image, cx| {
        let Some((node, text)) = image.get("semver").and_then(|node| Some((node, node.value().as_number_lit()?.value)))
        else {
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
    },
    ..Rule::BASE
};

/// Whether an integer is what a double makes of another: all its digits, or the first of them and zeros.
fn is_rounded(text: &str, exact: u128) -> bool {
    let exact: Option<f64> = exact.to_string().parse().ok();
    let is_all = |double: f64| format!("{double:.0}") == text || text.ends_with("000000");
    exact.zip(text.parse().ok()).is_some_and(|(exact, found): (f64, f64)| {
        let gap = (exact - found).abs();
        gap <= exact * 4.0 * f64::EPSILON && is_all(found)
    })
}

static SNS_BUILD_VERSION: Rule = Rule {
    name: "sns-build-version",
    on: &[Shape::SnsImage],
    summary: "`version` and `buildVersion` are the version and the build of the ARN",
    why: "Where a response writes 1.0.0/3, a notification has three nodes in `version` and the fourth in \
          `buildVersion`; the ARN has all four.",
    help: "one of them was edited; the ARN is the one to trust",
    source: &[INTEGRATION],
    outranks: &["number-range"],
    check: |image, cx| {
        let Some((arn, in_arn)) = built_version(image, cx) else {
            return;
        };
        let build = in_arn.build.unwrap_or_default();
        let found = image.get("buildVersion").and_then(|node| Some((node, node.integer()?)));
        if let Some((node, number)) = found.filter(|(_, number)| build.parse() != Ok(*number)) {
            let message = format!("`buildVersion` is {number}, the ARN has build {build}");
            let digits = build.trim_start_matches('0');
            let fix =
                Fix::risky("copy the build from the ARN", node.span(), if digits.is_empty() { "0" } else { digits });
            cx.report(node, message).label(arn.slice(build), "the build in the ARN").fix(fix);
        }
        // Another count of nodes is `version-node-count`'s.
        let found = image.get_with_text("version").map(|(node, text)| (node, Version::parse(text)));
        let three = |version: &Version<'_>| version.is_fixed() && version.build.is_none();
        if let Some((node, version)) = found.filter(|(_, version)| three(version) && version.text != in_arn.numbers) {
            let message = format!("`version` is `{}`, the ARN has `{}`", version.text, in_arn.numbers);
            let fix = Fix::risky("copy the version from the ARN", node.part(0..version.text.len()), in_arn.numbers);
            let finding = cx.report(node, message);
            finding.label(arn.slice(in_arn.numbers), "the version in the ARN").fix(fix);
            if version.same_numbers(in_arn) {
                finding.level(Level::Info).help("they differ in leading zeros only");
            }
        }
    },
    ..Rule::BASE
};

static SNS_VERSIONLESS_ARN: Rule = Rule {
    name: "sns-versionless-arn",
    on: &[Shape::SnsImage],
    summary: "`versionlessArn` is the image's ARN without its version",
    why: "A notification names the image twice, with and without the version. Where the rest differs they name two \
          images.",
    help: "take the ARN up to the name",
    source: &[INTEGRATION, VERSIONING],
    outranks: &[
        "arn-segment",
        "arn-resource-type",
        "arn-partition-known",
        "arn-partition-region",
        "arn-partition-agreement",
        "arn-region-agreement",
        "arn-account-agreement",
        "version-node-limit",
        "version-wildcard-order",
        "version-wildcard-build",
        "version-x-uppercase",
        "string-pattern",
    ],
    check: |image, cx| {
        let Some((node, text)) = image.get_with_text("versionlessArn") else {
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
    },
    ..Rule::BASE
};

static SNS_STATUS: Rule = Rule {
    name: "sns-status",
    level: Level::Warning,
    on: &[Shape::SnsImage],
    summary: "a notification tells of an image that is available or has failed",
    why: "Image Builder notifies when a build ends, well or badly, and not on the way there.",
    help: "the status was edited; events of every state come from EventBridge",
    source: &[INTEGRATION],
    outranks: &["failure-context-status", "container-lifecycle-status", "image-status-type"],
    check: |image, cx| {
        let Some((node, text)) = status(image) else {
            return;
        };
        // What is no status at all is `enum-value`'s.
        let is_status = matches!(node.exact_shape().kind(), Kind::Text { values, .. } if values.contains(&text));
        if is_status && !matches!(text, "AVAILABLE" | "FAILED") {
            cx.report(node, format!("status `{text}` in a notification; `AVAILABLE` or `FAILED` was expected"));
        }
    },
    ..Rule::BASE
};

static SNS_ACCOUNT: Rule = Rule {
    name: "sns-account",
    level: Level::Warning,
    on: RESOURCES,
    summary: "a resource's `accountId` is the account in its ARN",
    why: "In a notification the image, its recipe and its configurations each name their account twice. They differ \
          where only one of the two was masked or edited.",
    help: "replace account ids in both places",
    source: &[INTEGRATION],
    check: |resource, cx| {
        let Some((node, text)) = resource.get_with_text("accountId") else {
            return;
        };
        if resource.get_text("arn").is_some_and(|arn| arn.split(':').nth(4) == Some(text)) {
            return;
        }
        if let Some((arn_node, arn, _)) = own_arn(resource, cx).filter(|(_, arn, _)| arn.is_customers()) {
            let message = format!("`accountId` is `{}`, the ARN has account `{}`", quoted(text), arn.account);
            cx.report(node, message).label(arn_node.slice(arn.account), "the account in the ARN");
        }
    },
    ..Rule::BASE
};

static SNS_RESOURCE_ARN_TAG: Rule = Rule {
    name: "sns-resource-arn-tag",
    level: Level::Warning,
    on: RESOURCES,
    summary: "the tag `resourceArn` of a notification is the resource's ARN",
    why: "Image Builder adds the tags `internalId` and `resourceArn` to each resource in a notification, the latter \
          with its ARN.",
    help: "one of the two was edited; copy the ARN",
    source: &[INTEGRATION],
    check: |resource, cx| {
        let tag = resource.get("tags").and_then(|tags| tags.entries().find(|tag| tag.key() == Some("resourceArn")));
        let Some((tag, text)) = tag.and_then(|tag| Some((tag, tag.text()?))) else {
            return;
        };
        if resource.get_text("arn") == Some(text) {
            return;
        }
        if let Some((arn, ..)) = own_arn(resource, cx) {
            let message = format!("the tag `resourceArn` is `{}`; the resource's ARN was expected", quoted(text));
            cx.report(tag, message).label(arn.span(), "the ARN");
        }
    },
    ..Rule::BASE
};

static SNS_MESSAGE_JSON: Rule = Rule {
    name: "sns-message-json",
    level: Level::Info,
    on: &[Shape::SnsNotification],
    summary: "the `Message` of a notification is a string that holds JSON",
    why: "SNS delivers each message as a string, and those of Image Builder hold a JSON object. Other senders put \
          what they like into it, so only a file that was named is told of this.",
    help: "record the notification as SNS delivered it; a message of another sender is no Image Builder document",
    source: &[DELIVERY, INTEGRATION],
    check: |notification, cx| {
        let Some(message) = notification.value().as_object().and_then(|object| member(object, "Message")) else {
            let message = "the notification has no `Message`; a JSON text was expected";
            cx.report(notification, message).at(opening(notification));
            return;
        };
        // The text of a string is read as a document of its own.
        if message.value.as_string_lit().is_none() {
            let found = type_name(&message.value);
            let text = format!("`Message` is {found}; a string that holds JSON was expected");
            cx.report_at(message.value.range().into(), text).at(key_of(message).range.into());
        }
    },
    ..Rule::BASE
};

static SNS_TOPIC_MATCH: Rule = Rule {
    name: "sns-topic-match",
    level: Level::Info,
    on: &[Shape::SnsNotification],
    summary: "a notification comes from the topic that its image was built with",
    why: "Image Builder publishes to the topic of the infrastructure configuration. A message from another topic was \
          passed on, or put into an envelope that is not its own.",
    help: "nothing is wrong where another service forwards the messages",
    source: &[IMAGE, INTEGRATION],
    check: |notification, cx| {
        let topic = notification.get_with_text("TopicArn");
        let (Some((topic, delivered)), Some((holder, message))) = (topic, notification.get_with_text("Message")) else {
            return;
        };
        // Reading the message again is for those alone that name another topic.
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
    },
    ..Rule::BASE
};

/// The topic that the infrastructure configuration in a message names, with its place there.
fn configured_topic<'i>(inner: &'i Document<'_>) -> Option<(Span, &'i str)> {
    let infrastructure = member(inner.root.as_ref()?.as_object()?, "infrastructureConfiguration")?;
    let topic: &Value<'_> = &member(infrastructure.value.as_object()?, "snsTopicArn")?.value;
    let text = topic.as_string_lit()?.value.as_ref();
    Arn::parse(text).filter(|arn| arn.service == "sns")?;
    Some((topic.range().into(), text))
}
