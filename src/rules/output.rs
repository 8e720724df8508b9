//! Output AMIs against the regions and accounts that the image was distributed to.

use crate::aws::arn::is_account_id;
use crate::aws::ecr::ImageUri;
use crate::aws::mask::{is_blank, is_masked};
use crate::aws::partition;
use crate::document::secret::quoted;
use crate::finding::Level;
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::context::Context;
use crate::rule::node::Node;
use crate::rules::arn::image_builder_arn;
use crate::rules::distribution::target_accounts;
use crate::rules::repeat::repeats;
use crate::rules::source::IMAGE_DETAILS;
use crate::rules::state::status;

pub(super) static RULES: &[&Rule] =
    &[&AMI_REGION_UNDISTRIBUTED, &AMI_MISSING_DESTINATION, &AMI_ACCOUNT_UNEXPECTED, &AMI_DUPLICATE];

/// Where an image goes: its own region and account, and the entries of its distribution.
struct Destinations<'d> {
    image: Node<'d>,
    region: &'d str,
    account: Option<&'d str>,
    distributions: Option<Node<'d>>,
}

impl<'d> Destinations<'d> {
    /// The destinations of the image around a node. None where the document does not tell: no
    /// region, or no configurations (a shortened capture).
    fn around(cx: &mut Context<'d>) -> Option<Self> {
        let image = cx.ancestor(Shape::Image)?;
        let distributions = match image.get("distributionConfiguration") {
            Some(configuration) => configuration.get("distributions"),
            // Without either configuration the capture is shortened, unless the image was imported.
            None if image.get("infrastructureConfiguration").is_some() || is_imported(image) => None,
            None => return None,
        };
        Some(Destinations { image, region: cx.region()?, account: cx.account(), distributions })
    }

    /// Whether a region is in the partition of the image, so that it can be missed there.
    fn can_reach(&self, region: &str) -> bool {
        partition::of_region(region) == partition::of_region(self.region)
    }

    /// Whether the destinations are all there are: no region is misspelt, and no workflow
    /// distributes in its own way. Asked only before a report, since few documents come so far.
    fn are_certain(&self, cx: &Context<'d>) -> bool {
        partition::of_region(self.region).is_some()
            && self.entries().all(|entry| known_region(entry).is_some())
            && !has_distribution_workflow(self.image, cx)
    }

    fn entries(&self) -> impl Iterator<Item = Node<'d>> + use<'d> {
        self.distributions.into_iter().flat_map(Node::items)
    }

    fn entries_for(&self, region: &str) -> impl Iterator<Item = Node<'d>> {
        self.entries().filter(move |entry| entry.get_text("region") == Some(region))
    }

    fn reach(&self, region: &str) -> bool {
        region == self.region || self.entries_for(region).next().is_some()
    }

    /// Whether an account gets an AMI in a region; true where the image's account is not known.
    fn receives(&self, account: &str, region: &str) -> bool {
        let is_target = |entry| targets_of(entry).any(|target| target.text() == Some(account));
        self.account.is_none_or(|own| own == account) || self.entries_for(region).any(is_target)
    }
}

/// Whether an image was imported, which needs no infrastructure.
fn is_imported(image: Node<'_>) -> bool {
    image.get_text("buildType").is_some_and(|build| build.starts_with("IMPORT"))
}

/// Whether a workflow of the image distributes it, which then may go where no entry says.
pub(super) fn has_distribution_workflow<'d>(image: Node<'d>, cx: &Context<'d>) -> bool {
    let distributes = |workflow: Node<'d>| {
        let named = workflow.get("workflowArn").and_then(|arn| image_builder_arn(arn, cx));
        named.is_some_and(|(_, resource)| resource.kind == "workflow/distribution")
    };
    image.get("workflows").is_some_and(|workflows| workflows.items().any(distributes))
}

/// The region of a distribution entry or an output, when it is one.
fn known_region(node: Node<'_>) -> Option<&str> {
    node.get_text("region").filter(|region| partition::of_region(region).is_some())
}

/// The accounts that an entry names to get copies.
fn targets_of(entry: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    target_accounts(entry).into_iter().flat_map(Node::items)
}

static AMI_REGION_UNDISTRIBUTED: Rule = Rule {
    name: "ami-region-undistributed",
    level: Level::Warning,
    on: &[Shape::OutputResources],
    summary: "outputs are in the image's region or in one that its distribution names",
    why: "Image Builder puts an AMI or a container image where the image is built and where its distribution \
          configuration says. Images that a distribution workflow distributes are not judged.",
    help: "the region was edited, or the distribution configuration is of another capture",
    source: &[IMAGE_DETAILS, "service model: Image.distributionConfiguration"],
    check: |outputs, cx| {
        let Some(destinations) = Destinations::around(cx) else {
            return;
        };
        let amis = outputs.get("amis").into_iter().flat_map(Node::items);
        // A container whose region is not that of its URIs is `container-uri-region`'s.
        let containers = outputs.get("containers").into_iter().flat_map(Node::items).filter(|item| agrees(*item));
        for (output, what) in amis.map(|ami| (ami, "an AMI")).chain(containers.map(|item| (item, "a container image")))
        {
            let (Some(node), Some(region)) = (output.get("region"), known_region(output)) else {
                continue;
            };
            // Another partition is `region-known`'s.
            if !destinations.reach(region) && destinations.can_reach(region) && destinations.are_certain(cx) {
                let message = format!(
                    "{what} in `{region}`, which no distribution names; the image is in `{}`",
                    destinations.region
                );
                let finding = cx.report(node, message);
                if let Some(list) = destinations.distributions {
                    finding.label(list.key_span(), "the distributions");
                }
            }
        }
    },
    ..Rule::BASE
};

/// Whether a container's URIs are in the region that it names.
fn agrees(container: Node<'_>) -> bool {
    let differs = |uri: Node<'_>| {
        let registry = uri.text().and_then(|text| ImageUri::parse(text).registry());
        registry.is_some_and(|registry| Some(registry.region) != container.get_text("region"))
    };
    !container.get("imageUris").is_some_and(|uris| uris.items().any(differs))
}

static AMI_MISSING_DESTINATION: Rule = Rule {
    name: "ami-missing-destination",
    level: Level::Warning,
    on: &[Shape::OutputResources],
    summary: "an available image has an AMI for every region and account of its distribution",
    why: "The outputs list every AMI, the copies in other regions and accounts included. Where an entry names target \
          accounts those get the copies, else the image's own account does.",
    help: "the capture was shortened, or the distribution configuration was edited",
    source: &[IMAGE_DETAILS, "service model: OutputResources.amis"],
    check: |outputs, cx| {
        let available = |image: &Node<'_>| matches!(status(*image), Some((_, "AVAILABLE")));
        // No AMIs at all are `available-without-output`'s.
        let (Some(_), Some(amis)) = (cx.ancestor(Shape::Image).filter(available), outputs.get("amis")) else {
            return;
        };
        let Some(destinations) = Destinations::around(cx) else {
            return;
        };
        let delivered: Vec<Delivered<'_>> = amis.items().map(Delivered::read).collect();
        // An AMI in a strange place may be the one that is missed, and has a finding of its own.
        let stands_apart = |ami: &Delivered<'_>| ami.region.is_none_or(|region| !destinations.reach(region));
        if delivered.iter().any(stands_apart) {
            return;
        }
        for entry in destinations.entries().filter(|entry| is_for_amis(*entry)) {
            if let Some(region) = entry.get("region") {
                check_entry((amis, &delivered), entry, region, &destinations, cx);
            }
        }
    },
    ..Rule::BASE
};

/// Whether an entry has an AMI to deliver: not one for containers only, nor one that is empty.
fn is_for_amis(entry: Node<'_>) -> bool {
    const MEMBERS: [&str; 5] = [
        "fastLaunchConfigurations",
        "launchTemplateConfigurations",
        "licenseConfigurationArns",
        "s3ExportConfiguration",
        "ssmParameterConfigurations",
    ];
    entry.find("amiDistributionConfiguration").is_some() || MEMBERS.iter().any(|member| entry.get(member).is_some())
}

/// Where an output AMI is and whose it is, as far as the document tells.
struct Delivered<'d> {
    region: Option<&'d str>,
    account: Option<&'d str>,
}

impl<'d> Delivered<'d> {
    fn read(ami: Node<'d>) -> Self {
        Delivered {
            region: ami.get_text("region"),
            account: ami.get_text("accountId").filter(|account| is_account_id(account)),
        }
    }
}

fn check_entry<'d>(
    (amis, delivered): (Node<'d>, &[Delivered<'d>]),
    entry: Node<'d>,
    region: Node<'d>,
    destinations: &Destinations<'d>,
    cx: &mut Context<'d>,
) {
    let name = region.text().unwrap_or_default();
    let accounts = || delivered.iter().filter(|ami| ami.region == Some(name)).map(|ami| ami.account);
    if accounts().next().is_none() && destinations.are_certain(cx) {
        let message = format!("no AMI for `{name}` among the outputs; the distribution names that region");
        cx.report(amis, message).at(amis.key_span()).label(region.span(), "this region");
        return;
    }
    // An AMI of no account, or of one that should have none, may be anybody's.
    if accounts().any(|account| account.is_none_or(|account| !destinations.receives(account, name))) {
        return;
    }
    let has = |wanted: &str| accounts().any(|account| account == Some(wanted));
    // The image's account keeps the AMI that was built; elsewhere target accounts get the copies.
    let keeps_own = name == destinations.region || targets_of(entry).next().is_none();
    if keeps_own && let Some(own) = destinations.account.filter(|own| !has(own) && destinations.are_certain(cx)) {
        let message = format!("no AMI for `{name}` / `{own}` among the outputs; `{own}` is the image's account");
        cx.report(amis, message).at(amis.key_span()).label(region.span(), "this region");
    }
    for target in targets_of(entry) {
        let is_missing = |account: &&str| is_account_id(account) && !has(account) && destinations.are_certain(cx);
        if let Some(account) = target.text().filter(is_missing) {
            let message = format!("no AMI for `{name}` / `{account}` among the outputs; the account is a target");
            cx.report(amis, message).at(amis.key_span()).label(target.span(), "this target account");
        }
    }
}

static AMI_ACCOUNT_UNEXPECTED: Rule = Rule {
    name: "ami-account-unexpected",
    level: Level::Warning,
    on: &[Shape::Ami],
    summary: "an output AMI belongs to the image's account or to a target account of its region",
    why: "AMIs are made in the account that builds the image; copies go to the target accounts that the distribution \
          names for their region. Sharing an AMI does not change its owner.",
    help: "the account was edited, or the distribution configuration is of another capture",
    source: &["https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Ami.html", IMAGE_DETAILS],
    check: |ami, cx| {
        let Some(node) = ami.get("accountId") else {
            return;
        };
        let Some(account) = node.text().filter(|account| !account.is_empty()) else {
            return;
        };
        if is_masked(account) {
            return;
        }
        if !is_account_id(account) {
            cx.report(node, format!("`{}` is not an account id; 12 digits were expected", quoted(account)));
            return;
        }
        if cx.account() == Some(account) {
            return;
        }
        // What no region reaches is `ami-region-undistributed`'s.
        let (Some(destinations), Some(region)) = (Destinations::around(cx), known_region(ami)) else {
            return;
        };
        if !destinations.reach(region) || destinations.receives(account, region) || !destinations.are_certain(cx) {
            return;
        }
        let owner = cx.owner().map(|owner| owner.account_span());
        let message = format!("account `{account}` is neither the image's nor a target account in `{region}`");
        let finding = cx.report(node, message);
        if let Some(owner) = owner {
            finding.label(owner, "the image's account");
        }
        if let Some(entry) = destinations.entries_for(region).next() {
            finding.label(entry.get("region").unwrap_or(entry).span(), "the distribution to this region");
        }
    },
    ..Rule::BASE
};

static AMI_DUPLICATE: Rule = Rule {
    name: "ami-duplicate",
    level: Level::Warning,
    on: &[Shape::OutputResources],
    summary: "the outputs list an AMI id once",
    why: "An AMI id belongs to one AMI in one region; every copy gets an id of its own. Published samples repeat one \
          placeholder, real captures do not.",
    help: "one of the two was copied from the other",
    source: &["https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyImage.html", IMAGE_DETAILS],
    check: |outputs, cx| {
        let amis = outputs.get("amis").into_iter().flat_map(Node::items);
        for (first, again) in
            repeats(amis, |ami| ami.get_text("image").filter(|id| id.starts_with("ami-") && !is_blank(id)))
        {
            let (Some(first_id), Some(id)) = (first.get("image"), again.get("image")) else {
                continue;
            };
            let name = quoted(id.text().unwrap_or_default());
            let message = match (first.get_text("region"), again.get_text("region")) {
                (Some(one), Some(other)) if one != other => {
                    format!("`{name}` is listed in `{}` and in `{}`; a copy has another id", quoted(one), quoted(other))
                }
                _ => format!("`{name}` is listed twice; one AMI was expected"),
            };
            cx.report(id, message).says("again").label(first_id.span(), "the first");
        }
    },
    ..Rule::BASE
};
