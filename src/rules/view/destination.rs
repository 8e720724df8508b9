//! Where an image goes: its own region and account, and those that its distribution configuration names.

use std::cell::{Cell, OnceCell};
use std::collections::{HashMap, HashSet};

use crate::aws::arn::{is_account_id, is_amazon};
use crate::aws::partition;
use crate::model::typed::shapes::{AccountList, Distribution, DistributionList, Image, WorkflowConfiguration};
use crate::rule::prelude::*;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::image::import_type;
use crate::text::span::Span;

/// The entries of an image's distribution configuration; none where it has no list.
pub(crate) struct Distributions<'d> {
    image: Node<'d, Image>,
    /// The list of entries.
    pub(crate) list: Option<Node<'d, DistributionList>>,
    lookups: Cell<usize>,
    index: OnceCell<Index<'d>>,
}

/// The entries of a distribution configuration by what is looked up, for images with many outputs.
#[derive(Default)]
struct Index<'d> {
    /// The first entry for each region.
    first: HashMap<&'d str, Node<'d, Distribution>>,
    /// The regions and the targets in them; none stands for a target that may be any account.
    targets: HashSet<(&'d str, Option<&'d str>)>,
    /// The regions and the accounts that their entries name, for whatever.
    accounts: HashSet<(&'d str, &'d str)>,
    /// The regions and the names of the settings that their entries have.
    settings: HashSet<(&'d str, &'static str)>,
}

/// What may be done in a region after the copy of an AMI.
pub(crate) const STEP_SETTINGS: [Slot<Distribution>; 5] = [
    Slot::of(member::LicenseConfigurationArns),
    Slot::of(member::LaunchTemplateConfigurations),
    Slot::of(member::SsmParameterConfigurations),
    Slot::of(member::FastLaunchConfigurations),
    Slot::of(member::S3ExportConfiguration),
];

impl<'d> Index<'d> {
    fn of(entries: impl Iterator<Item = Node<'d, Distribution>>) -> Self {
        let mut index = Index::default();
        for entry in entries {
            let Some(region) = entry.get_text(member::Region) else {
                continue;
            };
            index.first.entry(region).or_insert(entry);
            let named = |target: Node<'d>| target.text().filter(|target| is_account_id(target));
            index.targets.extend(targets_of(entry).map(|target| (region, named(target))));
            index.accounts.extend(accounts_of(entry).filter_map(|named| Some((region, named.text()?))));
            let settings = STEP_SETTINGS.into_iter().filter(|setting| entry.get_in(*setting).is_some());
            index.settings.extend(settings.map(|setting| (region, setting.name())));
        }
        index
    }
}

impl<'d> Distributions<'d> {
    fn new(image: Node<'d, Image>, list: Option<Node<'d, DistributionList>>) -> Self {
        Distributions { image, list, lookups: Cell::new(0), index: OnceCell::new() }
    }

    /// The entries of the image around a node, if the document has all of them: a list, and no workflow that
    /// distributes the image elsewhere.
    pub(crate) fn complete_around(cx: &Context<'d>) -> Option<Self> {
        let image = cx.ancestor::<Image>()?;
        let list = image.get(member::DistributionConfiguration)?.get(member::Distributions)?;
        (!has_distribution_workflow(image, cx)).then(|| Distributions::new(image, Some(list)))
    }

    /// All entries.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Node<'d, Distribution>> + use<'d> {
        self.list.map(Node::items).unwrap_or_default()
    }

    /// The index, once there were so many lookups that it is worth making; a few visit all entries.
    fn index(&self) -> Option<&Index<'d>> {
        const FEW: usize = 32;
        self.lookups.set(self.lookups.get() + 1);
        (self.lookups.get() > FEW).then(|| self.index.get_or_init(|| Index::of(self.entries())))
    }

    /// The entries for a region.
    fn to(&self, region: &str) -> impl Iterator<Item = Node<'d, Distribution>> {
        self.entries().filter(move |entry| entry.get_text(member::Region) == Some(region))
    }

    /// The first entry for a region.
    pub(crate) fn first_to(&self, region: &str) -> Option<Node<'d, Distribution>> {
        match self.index() {
            Some(index) => index.first.get(region).copied(),
            None => self.to(region).next(),
        }
    }

    /// Whether nothing is distributed to a region, which is not the image's own but in its partition. Unknown
    /// regions and those of other partitions are reported by `region-known`.
    pub(crate) fn leave_out(&self, region: &str, own: &str) -> bool {
        own != region && partition::of_region(own) == partition::of_region(region) && self.first_to(region).is_none()
    }

    /// Whether an entry for a region has an account among its targets, which get copies of the AMI. A target that is
    /// no account id may stand for any.
    fn copy_to(&self, region: &str, account: &str) -> bool {
        let may_be = |target: &str| target == account || !is_account_id(target);
        match self.index() {
            Some(index) => [Some(account), None].iter().any(|target| index.targets.contains(&(region, *target))),
            None => self.to(region).flat_map(targets_of).any(|target| target.text().is_none_or(may_be)),
        }
    }

    /// Whether an entry for a region names an account, for the AMI or for anything that is made from it.
    pub(crate) fn reach(&self, region: &str, account: &str) -> bool {
        match self.index() {
            Some(index) => index.accounts.contains(&(region, account)),
            None => self.to(region).flat_map(accounts_of).any(|named| named.text() == Some(account)),
        }
    }

    /// Whether an entry for a region has a setting, which must be one of [`STEP_SETTINGS`].
    pub(crate) fn ask_for(&self, region: &str, setting: Slot<Distribution>) -> bool {
        match self.index() {
            Some(index) => index.settings.contains(&(region, setting.name())),
            None => self.to(region).any(|entry| entry.get_in(setting).is_some()),
        }
    }

    /// The span and text of a label on the entry for a region, or else on the list.
    pub(crate) fn label(&self, region: &str) -> Option<(Span, &'static str)> {
        let named = self.first_to(region).and_then(|entry| entry.get(member::Region));
        let named = named.map(|named| (named.span(), "the distribution"));
        named.or_else(|| Some((self.list?.key_span(), "the distributions")))
    }
}

/// The destinations of an image: its own region and account, and the entries of its distribution.
pub(crate) struct Destinations<'d> {
    /// The image's own region.
    pub(crate) region: &'d str,
    /// The image's own account, if it is known.
    pub(crate) account: Option<&'d str>,
    /// The entries of its distribution.
    pub(crate) distributions: Distributions<'d>,
    are_complete: OnceCell<bool>,
}

impl<'d> Destinations<'d> {
    /// The destinations of the image around a node. None where they are unknown: there is no region, or there
    /// are no configurations (a shortened capture).
    pub(crate) fn around(cx: &Context<'d>) -> Option<Self> {
        let image = cx.ancestor::<Image>()?;
        let list = match image.get(member::DistributionConfiguration) {
            Some(configuration) => configuration.get(member::Distributions),
            // Without either configuration the capture is shortened, unless the image was imported.
            None if image.get(member::InfrastructureConfiguration).is_some() || import_type(image).is_some() => None,
            None => return None,
        };
        let distributions = Distributions::new(image, list);
        let are_complete = OnceCell::new();
        Some(Destinations { region: cx.region()?, account: cx.account(), distributions, are_complete })
    }

    /// Whether the destinations are complete: no region is misspelt, and no workflow distributes the image
    /// elsewhere. Expensive, so it is the last condition of a report.
    pub(crate) fn are_complete(&self, cx: &Context<'d>) -> bool {
        let is_known = |entry: Node<'d, Distribution>| entry.get(member::Region).and_then(known_region).is_some();
        *self.are_complete.get_or_init(|| {
            partition::of_region(self.region).is_some()
                && self.distributions.entries().all(is_known)
                && !has_distribution_workflow(self.distributions.image, cx)
        })
    }

    /// Whether the image goes to a region.
    pub(crate) fn include(&self, region: &str) -> bool {
        region == self.region || self.distributions.first_to(region).is_some()
    }

    /// Whether an account gets an AMI in a region; true where the image's account is not known.
    pub(crate) fn receives(&self, account: &str, region: &str) -> bool {
        self.account.is_none_or(|own| own == account) || self.distributions.copy_to(region, account)
    }
}

/// Whether a customer's workflow distributes the image, possibly to regions and accounts that no entry names.
/// Amazon's keep to the distribution configuration.
pub(crate) fn has_distribution_workflow<'d>(image: Node<'d, Image>, cx: &Context<'d>) -> bool {
    let distributes = |workflow: Node<'d, WorkflowConfiguration>| {
        let named = workflow.get(member::WorkflowArn).and_then(|arn| image_builder_arn(arn, cx));
        named.is_some_and(|(arn, resource)| resource.kind == "workflow/distribution" && !is_amazon(arn.account))
    };
    image.get(member::Workflows).is_some_and(|workflows| workflows.items().any(distributes))
}

/// The region that a distribution entry or an output names; None where it is unknown.
pub(crate) fn known_region(node: Node<'_>) -> Option<&str> {
    node.text().filter(|region| partition::of_region(region).is_some())
}

/// The target accounts of a distribution entry, which get copies of the AMI.
pub(crate) fn target_accounts(entry: Node<'_, Distribution>) -> Option<Node<'_, AccountList>> {
    entry.get(member::AmiDistributionConfiguration)?.get(member::TargetAccountIds)
}

/// The target accounts of an entry, which get copies of the AMI.
pub(crate) fn targets_of(entry: Node<'_, Distribution>) -> impl Iterator<Item = Node<'_>> {
    target_accounts(entry).map(Node::items).unwrap_or_default()
}

/// The accounts that a distribution names for AMIs, launch templates, fast launch and SSM parameters.
fn accounts_of(distribution: Node<'_, Distribution>) -> impl Iterator<Item = Node<'_>> {
    let targets = target_accounts(distribution).map(Node::items).unwrap_or_default();
    let templates = distribution.items_of(member::LaunchTemplateConfigurations);
    let launches = distribution.items_of(member::FastLaunchConfigurations);
    let parameters = distribution.items_of(member::SsmParameterConfigurations);
    targets
        .chain(templates.filter_map(|template| template.get(member::AccountId)))
        .chain(launches.filter_map(|launch| launch.get(member::AccountId)))
        .chain(parameters.filter_map(|parameter| parameter.get(member::AmiAccountId)))
}
