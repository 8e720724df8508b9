//! The entries of a distribution configuration: their regions, their settings and the accounts that they
//! name.

use crate::aws::arn::is_account_id;
use crate::aws::partition;
use crate::finding::fix::Fix;
use crate::model::typed::shapes::{
    Ami, AmiDistributionConfiguration, Container, CveDetectedEvent, Distribution, DistributionList, Image,
    ImageBuilderEvent, ImageStateChangeEvent, LaunchPermissionConfiguration, PclusterImageSummary,
    PipelineDisabledEvent, RegionFailure, WorkflowStepWaitingEvent,
};
use crate::rule::prelude::*;
use crate::rules::view::image::is_only_distributed;
use crate::rules::view::product::{Product, product};
use crate::rules::view::repeat::{drop_repeat, repeats};
use crate::rules::view::source::IMAGE_DETAILS;

pub(super) static RULES: &[&Check] = &[
    &DISTRIBUTION_REGION_DUPLICATE,
    &REGION_KNOWN,
    &DISTRIBUTION_SOURCE_REGION,
    &DISTRIBUTION_EMPTY,
    &DISTRIBUTION_KIND,
    &TARGET_ACCOUNT_DUPLICATE,
];

static DISTRIBUTION_REGION_DUPLICATE: Check = Check {
    rule: &Rule {
        name: "distribution-region-duplicate",
        summary: "a region has one entry in a distribution configuration",
        why: "An entry holds everything that is done in its region, so Image Builder takes each region only once.",
        help: "merge the entries of the region into one",
        source: &["service model: CreateDistributionConfigurationRequest.distributions"],
        ..Rule::BASE
    },
    on: &Each::<DistributionList>(|distributions, cx| {
        let regions = distributions.items().filter_map(|entry| entry.get(member::Region));
        for (first, again) in repeats(regions, Node::text) {
            let region = quoted(again.text().unwrap_or_default());
            let message = format!("`{region}` has two entries in `distributions`; one was expected");
            cx.report(again, message).says("again").label(first.span(), "the first");
        }
    }),
};

static REGION_KNOWN: Check = Check {
    rule: &Rule {
        name: "region-known",
        level: Level::Warning,
        summary: "a region reads like one, and is in the partition of the resource around it",
        why: "Image Builder takes any text as a region, and a misspelt one fails only when the image is distributed. \
              Only the form is checked, since new regions open every year. Images cannot leave their partition.",
        help: "region names read <area>-<direction>-<number>, such as us-west-2",
        source: &[
            "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html",
            "service model: Distribution.region",
        ],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<(
        Distribution,
        Ami,
        Container,
        RegionFailure,
        ImageStateChangeEvent,
        CveDetectedEvent,
        WorkflowStepWaitingEvent,
        PipelineDisabledEvent,
        ImageBuilderEvent,
        PclusterImageSummary,
    )>(|holder, cx| {
        let Some((region, text)) = holder.get_with_text(member::Region) else {
            return;
        };
        let Some(region_partition) = partition::of_region(text) else {
            if !text.is_empty() {
                let near = partition::nearest_region(text);
                let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                let fix = near.map(|near| Fix::risky(format!("write `{near}`"), region.span(), format!("\"{near}\"")));
                cx.report(region, format!("`{}` is not a region name{meant}", quoted(text))).fix(fix);
            }
            return;
        };
        let owner = cx.owner().and_then(|owner| Some((owner, owner.resource?, partition::named(owner.arn.partition)?)));
        let Some((owner, resource, owner_partition)) = owner else {
            return;
        };
        // An owner whose region and partition disagree is reported by `arn-partition-region`.
        if region_partition != owner_partition && partition::of_region(owner.arn.region) == Some(owner_partition) {
            let kind = resource.described();
            let message = format!(
                "`{text}` is in partition `{}`, but the {kind} is in `{}`",
                region_partition.name, owner_partition.name
            );
            cx.report(region, message).label(owner.node.slice(owner.arn.partition), format!("the {kind}'s partition"));
        }
    }),
};

static DISTRIBUTION_SOURCE_REGION: Check = Check {
    rule: &Rule {
        name: "distribution-source-region",
        level: Level::Warning,
        summary: "AMIs are distributed to the region that they are built in, too",
        why: "The build leaves its AMI in the source region, and distribution starts from the settings for that \
              region. Container images are pushed to their repositories and are not judged, nor are images of \
              DistributeImage, for which nothing is built. A configuration alone may be for those, which is why it is \
              only noted.",
        help: "add an entry for the region in which the image is built",
        source: &["https://docs.aws.amazon.com/imagebuilder/latest/userguide/cross-account-dist.html"],
        ..Rule::BASE
    },
    on: &Each::<DistributionList>(|distributions, cx| {
        let parent = cx.parent();
        let Some(owner) = cx.owner().or_else(|| cx.arn(parent?.get_if_any(member::Arn)?)) else {
            return;
        };
        let source = owner.arn.region;
        let (Some(home), true) = (partition::of_region(source), distributions.items().next().is_some()) else {
            return;
        };
        // A region that is missing, misspelt or in another partition may be meant as the source region; other
        // rules report it.
        let is_other_region = |entry: Node<'_, Distribution>| {
            let region = entry.get_text(member::Region);
            region.is_some_and(|region| region != source && partition::of_region(region) == Some(home))
        };
        let image = cx.ancestor::<Image>();
        if image.is_some_and(is_only_distributed) {
            return;
        }
        if distributions.items().all(is_other_region) && !is_for_containers(distributions, cx) {
            let found = distributions.items().filter_map(|entry| entry.get_text(member::Region));
            let found: Vec<String> = found.map(|region| format!("`{region}`")).collect();
            let message =
                format!("`distributions` has no entry for the source region `{source}`, only for {}", found.join(", "));
            let finding = cx.report(distributions, message).at(distributions.key_span());
            finding.label(owner.node.slice(source), "the source region");
            if image.is_none() {
                finding.level(Level::Info);
            }
        }
    }),
};

/// Whether entries distribute container images: the image around them is one, or they have settings for
/// container images and none for AMIs.
fn is_for_containers(distributions: Node<'_, DistributionList>, cx: &Context<'_>) -> bool {
    let is_container = |image| matches!(product(image), Some((Product::Containers, _)));
    let for_containers =
        |entry: Node<'_, Distribution>| entry.get(member::ContainerDistributionConfiguration).is_some();
    let for_amis = |entry: Node<'_, Distribution>| entry.get(member::AmiDistributionConfiguration).is_some();
    cx.ancestor::<Image>().is_some_and(is_container)
        || (distributions.items().any(for_containers) && !distributions.items().any(for_amis))
}

static DISTRIBUTION_EMPTY: Check = Check {
    rule: &Rule {
        name: "distribution-empty",
        level: Level::Warning,
        summary: "a distribution entry configures something besides naming its region",
        why: "An entry with a region alone says nothing about an AMI or a container image. An empty \
              `amiDistributionConfiguration` is a setting: the AMI is copied under the default name. So is an empty \
              `containerDistributionConfiguration`; what it lacks is reported there.",
        help: "add settings for the AMI or the container image, or drop the entry",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Distribution.html",
            "service model: Distribution",
        ],
        ..Rule::BASE
    },
    on: &Each::<Distribution>(|entry, cx| {
        let Some((region, text)) = entry.get_with_text(member::Region) else {
            return;
        };
        let shape = entry.shape();
        // An unknown member may be a setting that is newer than the model.
        let is_setting = |key: &str| {
            let name = shape.member(key).or_else(|| shape.near_member(key)).map_or(key, |member| member.name);
            match settings().find(|setting| setting.name() == name) {
                Some(setting) => entry.get_in(setting).is_some(),
                None => name != region.member(),
            }
        };
        let has_settings = entry.find(member::AmiDistributionConfiguration).is_some()
            || entry.find(member::ContainerDistributionConfiguration).is_some();
        if !has_settings && !entry.keys().any(is_setting) {
            cx.report(entry, format!("the entry for `{}` configures nothing", quoted(text))).at(region.span());
        }
    }),
};

/// The settings of an entry that apply to AMIs only, with their names in messages.
const AMI_SETTINGS: [(Slot<Distribution>, &str); 6] = [
    (Slot::of(member::AmiDistributionConfiguration), "an AMI configuration"),
    (Slot::of(member::LaunchTemplateConfigurations), "launch templates"),
    (Slot::of(member::FastLaunchConfigurations), "fast launch"),
    (Slot::of(member::S3ExportConfiguration), "a VM export"),
    (Slot::of(member::SsmParameterConfigurations), "SSM parameters"),
    (Slot::of(member::LicenseConfigurationArns), "license configurations"),
];

/// All settings of an entry.
fn settings() -> impl Iterator<Item = Slot<Distribution>> {
    let for_amis = AMI_SETTINGS.into_iter().map(|(setting, _)| setting);
    for_amis.chain([Slot::of(member::ContainerDistributionConfiguration)])
}

pub(super) static DISTRIBUTION_KIND: Check = Check {
    rule: &Rule {
        name: "distribution-kind",
        level: Level::Warning,
        summary: "a distribution entry's settings are for the image's type",
        why: "An AMI is distributed by `amiDistributionConfiguration` and the settings that go with it, a container \
              image by `containerDistributionConfiguration` alone. An entry may have both, since images of both types \
              may be distributed with it; inside an image, only an entry without settings for the image's own type is \
              reported.",
        help: "keep the settings for one type in an entry; for an image, use its own distribution configuration",
        source: &[IMAGE_DETAILS, "service model: Distribution"],
        ..Rule::BASE
    },
    on: &Each::<Distribution>(|entry, cx| {
        let for_amis = || AMI_SETTINGS.into_iter().find_map(|(setting, words)| Some((entry.get_in(setting)?, words)));
        let for_containers = || entry.get(member::ContainerDistributionConfiguration);
        let Some(image) = cx.ancestor::<Image>() else {
            if let (Some((ami, words)), Some(container)) = (for_amis(), for_containers()) {
                let message = format!(
                    "an entry of `distributions` has {words} beside a container configuration; \
                                       an image has one output, so one of the two never applies"
                );
                let finding = cx.report(container, message).at(container.key_span());
                finding.says("a container configuration").label(ami.key_span(), words);
            }
            return;
        };
        let Some((kind, text)) = image.get_with_text(member::Type) else {
            return;
        };
        // Of several outputs in an entry only the one that the image has is looked at.
        let mismatch = match text {
            "DOCKER" if for_containers().is_none() => for_amis(),
            "AMI" if for_amis().is_none() && entry.find(member::AmiDistributionConfiguration).is_none() => {
                for_containers().map(|setting| (setting.any(), "a container configuration"))
            }
            _ => None,
        };
        if let Some((setting, words)) = mismatch {
            let message = format!("an image of type `{text}` is distributed with {words} only");
            let finding = cx.report(setting, message).at(setting.key_span());
            finding.says(words).label(kind.span(), "the image's type");
        }
    }),
};

static TARGET_ACCOUNT_DUPLICATE: Check = Check {
    rule: &Rule {
        name: "target-account-duplicate",
        level: Level::Warning,
        summary: "an account is listed once",
        why: "To list an account twice does no more than to list it once; perhaps another account was meant. No page \
              says what becomes of the repeat.",
        help: "drop the repeat, or write the account that was meant",
        source: &["derived: an account that is listed once already gets the AMI", "service model: AccountList"],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<(AmiDistributionConfiguration, LaunchPermissionConfiguration)>(|holder, cx| {
        let holder = holder.any();
        let accounts = match holder.cast::<AmiDistributionConfiguration>() {
            Some(configuration) => configuration.get(member::TargetAccountIds),
            None => {
                holder.cast::<LaunchPermissionConfiguration>().and_then(|permission| permission.get(member::UserIds))
            }
        };
        let Some(accounts) = accounts else {
            return;
        };
        for (first, again) in repeats(accounts.items(), |account| account.text().filter(|id| is_account_id(id))) {
            let account = again.text().unwrap_or_default();
            let message = format!("account `{account}` is listed twice in `{}`", accounts.member());
            let finding = cx.report(again, message);
            finding.says("again").label(first.span(), "the first").fix(drop_repeat(again));
        }
    }),
};
