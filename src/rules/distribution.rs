//! The entries of a distribution configuration: their regions, what they configure, and for whom.

use crate::aws::arn::is_account_id;
use crate::aws::partition;
use crate::document::name_of;
use crate::document::secret::quoted;
use crate::finding::Level;
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::context::Context;
use crate::rule::node::Node;
use crate::rules::product::{Product, product};
use crate::rules::repeat::{drop_repeat, repeats};
use crate::rules::source::IMAGE_DETAILS;

pub(super) static RULES: &[&Rule] = &[
    &DISTRIBUTION_REGION_DUPLICATE,
    &REGION_KNOWN,
    &DISTRIBUTION_SOURCE_REGION,
    &DISTRIBUTION_EMPTY,
    &DISTRIBUTION_KIND,
    &TARGET_ACCOUNT_DUPLICATE,
];

/// The accounts that a distribution entry names to get copies of the AMI.
pub(super) fn target_accounts(entry: Node<'_>) -> Option<Node<'_>> {
    entry.get("amiDistributionConfiguration")?.get("targetAccountIds")
}

static DISTRIBUTION_REGION_DUPLICATE: Rule = Rule {
    name: "distribution-region-duplicate",
    on: &[Shape::DistributionList],
    summary: "a region has one entry in a distribution configuration",
    why: "An entry holds everything that is done in its region, so Image Builder takes each region only once.",
    help: "merge the entries of the region into one",
    source: &["service model: CreateDistributionConfigurationRequest.distributions"],
    check: |distributions, cx| {
        let regions = distributions.items().filter_map(|entry| entry.get("region"));
        for (first, again) in repeats(regions, Node::text) {
            let region = quoted(again.text().unwrap_or_default());
            let message = format!("`{region}` has two entries in `distributions`; one was expected");
            cx.report(again, message).says("again").label(first.span(), "the first");
        }
    },
    ..Rule::BASE
};

static REGION_KNOWN: Rule = Rule {
    name: "region-known",
    level: Level::Warning,
    on: &[
        Shape::Distribution,
        Shape::Ami,
        Shape::Container,
        Shape::RegionFailure,
        Shape::ImageStateChangeEvent,
        Shape::CveDetectedEvent,
        Shape::WorkflowStepWaitingEvent,
        Shape::PipelineDisabledEvent,
        Shape::ImageBuilderEvent,
        Shape::PclusterImageSummary,
    ],
    summary: "a region reads like one, and is in the partition of the resource around it",
    why: "Image Builder takes any text as a region, and a misspelt one fails only when the image is distributed. Only \
          the form is checked, since new regions open every year. Images cannot leave their partition.",
    help: "region names read <area>-<direction>-<number>, such as us-west-2",
    source: &[
        "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html",
        "service model: Distribution.region",
    ],
    check: |holder, cx| {
        let Some((region, text)) = holder.get_with_text("region") else {
            return;
        };
        let Some(own) = partition::of_region(text) else {
            if !text.is_empty() {
                cx.report(region, format!("`{}` is not a region name", quoted(text)));
            }
            return;
        };
        let owner = cx.owner().and_then(|owner| Some((owner, owner.resource?, partition::named(owner.arn.partition)?)));
        let Some((owner, resource, around)) = owner else {
            return;
        };
        // An owner whose region and partition disagree is `arn-partition-region`'s.
        if own != around && partition::of_region(owner.arn.region) == Some(around) {
            let kind = resource.described();
            let message = format!("`{text}` is in partition `{}`, but the {kind} is in `{}`", own.name, around.name);
            cx.report(region, message).label(owner.node.slice(owner.arn.partition), format!("the {kind}'s partition"));
        }
    },
    ..Rule::BASE
};

static DISTRIBUTION_SOURCE_REGION: Rule = Rule {
    name: "distribution-source-region",
    level: Level::Warning,
    on: &[Shape::DistributionList],
    summary: "AMIs are distributed to the region that they are built in, too",
    why: "The build leaves its AMI in the source region, and distribution starts from the settings for that region. \
          Container images are pushed to their repositories and are not judged.",
    help: "add an entry for the region in which the image is built",
    source: &["https://docs.aws.amazon.com/imagebuilder/latest/userguide/cross-account-dist.html"],
    check: |distributions, cx| {
        let parent = cx.parent();
        let Some(owner) = cx.owner().or_else(|| cx.arn(parent?.get("arn")?)) else {
            return;
        };
        let source = owner.arn.region;
        let (Some(home), true) = (partition::of_region(source), distributions.items().next().is_some()) else {
            return;
        };
        // A missing, misspelt or foreign region may be meant for the source's; other rules speak of it.
        let stands_apart = |entry: Node<'_>| {
            let region = entry.get_text("region");
            region.is_some_and(|region| region != source && partition::of_region(region) == Some(home))
        };
        if distributions.items().all(stands_apart) && !is_for_containers(distributions, cx) {
            let found = distributions.items().filter_map(|entry| entry.get_text("region"));
            let found: Vec<String> = found.map(|region| format!("`{region}`")).collect();
            let message =
                format!("`distributions` has no entry for the source region `{source}`, only for {}", found.join(", "));
            let finding = cx.report(distributions, message).at(distributions.key_span());
            finding.label(owner.node.slice(source), "the source region");
        }
    },
    ..Rule::BASE
};

/// Whether entries distribute container images: those of such an image, or else of a configuration
/// that has settings for them and none for AMIs.
fn is_for_containers(distributions: Node<'_>, cx: &Context<'_>) -> bool {
    let is_container = |image| matches!(product(image), Some((Product::Containers, _)));
    let some_has = |member| distributions.items().any(|entry| entry.get(member).is_some());
    cx.ancestor(Shape::Image).is_some_and(is_container)
        || (some_has("containerDistributionConfiguration") && !some_has("amiDistributionConfiguration"))
}

static DISTRIBUTION_EMPTY: Rule = Rule {
    name: "distribution-empty",
    level: Level::Warning,
    on: &[Shape::Distribution],
    summary: "a distribution entry configures something besides naming its region",
    why: "An entry with a region alone says nothing about an AMI or a container image. An empty \
          `amiDistributionConfiguration` is a setting: the AMI is copied under the default name.",
    help: "add settings for the AMI or the container image, or drop the entry",
    source: &[
        "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Distribution.html",
        "service model: Distribution",
    ],
    check: |entry, cx| {
        let (Some(region), Some(object)) = (entry.get("region"), entry.value().as_object()) else {
            return;
        };
        // A member that the model lacks may be a newer setting.
        let is_setting = |name: &str| match entry.shape().member(name).or_else(|| entry.shape().near_member(name)) {
            Some(member) => member.name != "region" && entry.get(member.name).is_some(),
            None => true,
        };
        let configured = entry.find("amiDistributionConfiguration").is_some()
            || object.properties.iter().any(|property| is_setting(name_of(property)));
        if let (false, Some(text)) = (configured, region.text()) {
            cx.report(entry, format!("the entry for `{}` configures nothing", quoted(text))).at(region.span());
        }
    },
    ..Rule::BASE
};

/// The settings of an entry that apply to AMIs alone, and what they are in words.
const AMI_SETTINGS: [(&str, &str); 6] = [
    ("amiDistributionConfiguration", "an AMI configuration"),
    ("launchTemplateConfigurations", "launch templates"),
    ("fastLaunchConfigurations", "fast launch"),
    ("s3ExportConfiguration", "a VM export"),
    ("ssmParameterConfigurations", "SSM parameters"),
    ("licenseConfigurationArns", "license configurations"),
];

static DISTRIBUTION_KIND: Rule = Rule {
    name: "distribution-kind",
    level: Level::Warning,
    on: &[Shape::Distribution],
    summary: "a distribution entry's settings are for the image's type",
    why: "An AMI is distributed by `amiDistributionConfiguration` and the settings that go with it, a container image \
          by `containerDistributionConfiguration` alone. Settings of the other type do not apply to it.",
    help: "one of the two was edited, or the image was built with the wrong distribution configuration",
    source: &[IMAGE_DETAILS, "service model: Distribution"],
    check: |entry, cx| {
        let Some((kind, text)) = cx.ancestor(Shape::Image).and_then(|image| image.get_with_text("type")) else {
            return;
        };
        let foreign = match text {
            "DOCKER" => AMI_SETTINGS.into_iter().find_map(|(member, words)| Some((entry.get(member)?, words))),
            "AMI" if entry.get("amiDistributionConfiguration").is_none() => {
                entry.get("containerDistributionConfiguration").map(|setting| (setting, "a container configuration"))
            }
            _ => None,
        };
        if let Some((setting, words)) = foreign {
            let message = format!("an image of type `{text}` is distributed with {words}");
            let finding = cx.report(setting, message).at(setting.key_span());
            finding.says(words).label(kind.span(), "the image's type");
        }
    },
    ..Rule::BASE
};

static TARGET_ACCOUNT_DUPLICATE: Rule = Rule {
    name: "target-account-duplicate",
    level: Level::Warning,
    on: &[Shape::AmiDistributionConfiguration, Shape::LaunchPermissionConfiguration],
    summary: "an account is listed once",
    why: "To list an account twice does nothing; one of the two was probably meant to be another account.",
    help: "drop the repeat, or write the account that was meant",
    source: &["service model: AccountList"],
    check: |holder, cx| {
        let member = match holder.shape() {
            Shape::AmiDistributionConfiguration => "targetAccountIds",
            _ => "userIds",
        };
        let Some(accounts) = holder.get(member) else {
            return;
        };
        for (first, again) in repeats(accounts.items(), |account| account.text().filter(|id| is_account_id(id))) {
            let message = format!("account `{}` is listed twice in `{member}`", again.text().unwrap_or_default());
            let finding = cx.report(again, message);
            finding.says("again").label(first.span(), "the first").fix(drop_repeat(accounts, again));
        }
    },
    ..Rule::BASE
};
