//! Output AMIs, compared with the regions and accounts that the image was distributed to.

use crate::aws::arn::is_account_id;
use crate::aws::ecr::ImageUri;
use crate::model::typed::shapes::{Ami, AmiList, Container, Distribution, Image, OutputResources};
use crate::rule::prelude::*;
use crate::rules::view::destination::{Destinations, known_region, targets_of};
use crate::rules::view::image::{is_only_distributed, status};
use crate::rules::view::lookup::Lookup;
use crate::rules::view::output::{is_hollow_ami, is_hollow_container};
use crate::rules::view::product::{Product, product};
use crate::rules::view::repeat::repeats;
use crate::rules::view::source::IMAGE_DETAILS;

pub(super) static RULES: &[&Check] = &[
    &AMI_REGION_UNDISTRIBUTED,
    &AMI_MISSING_DESTINATION,
    &CONTAINER_MISSING_DESTINATION,
    &AMI_ACCOUNT_UNEXPECTED,
    &AMI_DUPLICATE,
    &OUTPUT_HOLLOW,
];

static AMI_REGION_UNDISTRIBUTED: Check = Check {
    rule: &Rule {
        name: "ami-region-undistributed",
        level: Level::Warning,
        summary: "outputs are in the image's region or in one that its distribution names",
        why: "Image Builder puts an AMI or a container image where the image is built and where its distribution \
              configuration says. Images that a distribution workflow distributes are not judged.",
        help: "the region was edited, or the distribution configuration is of another capture",
        source: &[IMAGE_DETAILS, "service model: Image.distributionConfiguration"],
        ..Rule::BASE
    },
    on: &Each::<OutputResources>(|outputs, cx| {
        let Some(destinations) = Destinations::around(cx) else {
            return;
        };
        let amis = outputs.items_of(member::Amis);
        let amis = amis.map(|ami| (ami.get(member::Region), "an AMI"));
        // A container whose region is not that of its URIs is reported by `container-uri-region`.
        let containers = outputs.items_of(member::Containers).filter(|item| is_in_its_region(*item));
        let containers = containers.map(|container| (container.get(member::Region), "a container image"));
        for (node, what) in amis.chain(containers) {
            let Some((node, region)) = node.and_then(|node| Some((node, known_region(node)?))) else {
                continue;
            };
            // A region of another partition is reported by `region-known`.
            if destinations.distributions.leave_out(region, destinations.region) && destinations.are_complete(cx) {
                let message = format!(
                    "{what} in `{region}`, which no distribution names; the image is in `{}`",
                    destinations.region
                );
                let own = cx.owner().map(|owner| owner.node.slice(owner.arn.region));
                let finding = cx.report(node, message);
                if let Some(list) = destinations.distributions.list {
                    finding.label(list.key_span(), "the distributions");
                }
                if let Some(own) = own {
                    finding.label(own, "the image's region");
                }
            }
        }
    }),
};

/// Whether a container's URIs are in the region that it names.
fn is_in_its_region(container: Node<'_, Container>) -> bool {
    let differs = |uri: Node<'_>| {
        let registry = uri.text().and_then(|text| ImageUri::parse(text).registry());
        registry.is_some_and(|registry| Some(registry.region) != container.get_text(member::Region))
    };
    !container.get(member::ImageUris).is_some_and(|uris| uris.items().any(differs))
}

static AMI_MISSING_DESTINATION: Check = Check {
    rule: &Rule {
        name: "ami-missing-destination",
        level: Level::Warning,
        summary: "an available image has an AMI for every region and account of its distribution",
        why: "The outputs list every AMI, the copies in other regions and accounts included. Where an entry names \
              target accounts those get the copies, else the image's own account does. Images for which nothing was \
              built, as of DistributeImage, are not judged.",
        help: "the capture was shortened, or the distribution configuration was edited",
        source: &[IMAGE_DETAILS, "service model: OutputResources.amis"],
        ..Rule::BASE
    },
    on: &Each::<OutputResources>(|outputs, cx| {
        // An image without any AMI is reported by `available-without-output`.
        let (Some(_), Some(amis)) = (delivered(cx), outputs.get(member::Amis)) else {
            return;
        };
        let Some(destinations) = Destinations::around(cx) else {
            return;
        };
        let mut delivered: Vec<Delivered<'_>> = amis.items().map(|ami| Delivered::read(ami, &destinations)).collect();
        // An AMI in an unexpected region may be the missing one, and is reported by
        // `ami-region-undistributed`.
        let is_misplaced = |ami: &Delivered<'_>| ami.region.is_none_or(|region| !destinations.include(region));
        if delivered.iter().any(is_misplaced) {
            return;
        }
        delivered.sort_unstable();
        for entry in destinations.distributions.entries().filter(|entry| is_for_amis(*entry)) {
            if let Some(region) = entry.get(member::Region) {
                check_entry((amis, &delivered), entry, region, &destinations, cx);
            }
        }
    }),
};

/// The image around a node, if it was built and has been distributed.
fn delivered<'d>(cx: &Context<'d>) -> Option<Node<'d, Image>> {
    let image = cx.ancestor::<Image>()?;
    (matches!(status(image), Some((_, "AVAILABLE"))) && !is_only_distributed(image)).then_some(image)
}

/// Whether an entry distributes an AMI: it has a setting for AMIs.
fn is_for_amis(entry: Node<'_, Distribution>) -> bool {
    const SETTINGS: [Slot<Distribution>; 5] = [
        Slot::of(member::FastLaunchConfigurations),
        Slot::of(member::LaunchTemplateConfigurations),
        Slot::of(member::LicenseConfigurationArns),
        Slot::of(member::S3ExportConfiguration),
        Slot::of(member::SsmParameterConfigurations),
    ];
    entry.find(member::AmiDistributionConfiguration).is_some()
        || SETTINGS.into_iter().any(|setting| entry.get_in(setting).is_some())
}

/// The region and the account of an output AMI, if the document names them.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Delivered<'d> {
    region: Option<&'d str>,
    /// Whether the account gets an AMI in the region; false where it is not known.
    is_expected: bool,
    account: Option<&'d str>,
}

impl<'d> Delivered<'d> {
    fn read(ami: Node<'d, Ami>, destinations: &Destinations<'d>) -> Self {
        let region = ami.get_text(member::Region);
        let account = ami.get_text(member::AccountId).filter(|account| is_account_id(account));
        let pair = account.zip(region);
        let is_expected = pair.is_some_and(|(account, region)| destinations.receives(account, region));
        Delivered { region, is_expected, account }
    }
}

/// Those for a region, of outputs that are in order.
fn to_region<'o, 'd>(delivered: &'o [Delivered<'d>], region: &str) -> &'o [Delivered<'d>] {
    let start = delivered.partition_point(|ami| ami.region < Some(region));
    let length = delivered[start..].partition_point(|ami| ami.region == Some(region));
    &delivered[start..start + length]
}

fn check_entry<'d>(
    (amis, delivered): (Node<'d, AmiList>, &[Delivered<'d>]),
    entry: Node<'d, Distribution>,
    region: Node<'d>,
    destinations: &Destinations<'d>,
    cx: &mut Reporter<'_, 'd>,
) {
    let name = region.text().unwrap_or_default();
    let delivered = to_region(delivered, name);
    if delivered.is_empty() && destinations.are_complete(cx) {
        let message = format!("no AMI for `{name}` among the outputs; the distribution names that region");
        cx.report(amis, message).at(amis.key_span()).label(region.span(), "this region");
        return;
    }
    // An AMI without an account, or in an unexpected account, may be the missing one.
    if delivered.first().is_some_and(|ami| !ami.is_expected) {
        return;
    }
    let has = |wanted: &str| delivered.binary_search_by_key(&Some(wanted), |ami| ami.account).is_ok();
    // In the region of the build the image's account keeps the AMI; elsewhere only the target accounts get
    // copies.
    let keeps_own = name == destinations.region || targets_of(entry).next().is_none();
    if keeps_own && let Some(own) = destinations.account.filter(|own| !has(own) && destinations.are_complete(cx)) {
        let account = cx.owner().map(|owner| owner.account_span());
        let message = format!("no AMI for `{name}` / `{own}` among the outputs; `{own}` is the image's account");
        let finding = cx.report(amis, message).at(amis.key_span()).label(region.span(), "this region");
        if let Some(account) = account {
            finding.label(account, "this account");
        }
    }
    for target in targets_of(entry) {
        let is_missing = |account: &&str| is_account_id(account) && !has(account) && destinations.are_complete(cx);
        if let Some(account) = target.text().filter(is_missing) {
            let message = format!("no AMI for `{name}` / `{account}` among the outputs; the account is a target");
            cx.report(amis, message).at(amis.key_span()).label(target.span(), "this target account");
        }
    }
}

static CONTAINER_MISSING_DESTINATION: Check = Check {
    rule: &Rule {
        name: "container-missing-destination",
        level: Level::Warning,
        summary: "an available container image has a URI in its own region and in every region of its distribution",
        why: "The build pushes the image to a repository in its own region, and distribution to one in each region \
              that the configuration names. The outputs list them all. Images that a workflow of yours distributes are \
              not judged.",
        help: "the capture was shortened, or the distribution configuration was edited",
        source: &[IMAGE_DETAILS, "service model: OutputResources.containers"],
        ..Rule::BASE
    },
    on: &Each::<OutputResources>(|outputs, cx| {
        // An image without any container is reported by `available-without-output`.
        let (Some(image), Some(containers)) = (delivered(cx), outputs.get(member::Containers)) else {
            return;
        };
        let Some(destinations) = Destinations::around(cx) else {
            return;
        };
        let is_container = matches!(product(image), Some((Product::Containers, _)));
        // A container in an unexpected region, or in another than it names, may be the missing one.
        let is_misplaced = |region: Option<&str>| region.is_none_or(|region| !destinations.include(region));
        let regions = || containers.items().map(region_of);
        let contradicts =
            |container: Node<'_, Container>| container.get(member::Region).is_some() && !is_in_its_region(container);
        if !is_container || regions().any(is_misplaced) || containers.items().any(contradicts) {
            return;
        }
        let found = Lookup::new(|| regions().flatten());
        let has = |region| found.has(&region);
        let own = destinations.region;
        if !has(own) && destinations.are_complete(cx) {
            let place = cx.owner().map_or(containers.key_span(), |owner| owner.node.slice(owner.arn.region));
            let message = format!("`containers` has no image in `{own}`, where the image was built");
            cx.report(containers, message).at(containers.key_span()).label(place, "the image's region");
        }
        for entry in destinations.distributions.entries() {
            let configuration = entry.find(member::ContainerDistributionConfiguration);
            let named = entry.get(member::Region).filter(|_| configuration.is_some());
            let missing = named.and_then(|region| Some((region, region.text()?)));
            if let Some((region, name)) = missing.filter(|(_, name)| *name != own && !has(name))
                && destinations.are_complete(cx)
            {
                let message = format!("`containers` has no image in `{name}`, which the distribution names");
                cx.report(containers, message).at(containers.key_span()).label(region.span(), "this region");
            }
        }
    }),
};

/// The region that an output container names, or else that of its first URI in a registry.
fn region_of(container: Node<'_, Container>) -> Option<&str> {
    container.get_text(member::Region).or_else(|| {
        let mut uris = container.get(member::ImageUris)?.items();
        uris.find_map(|uri| Some(ImageUri::parse(uri.text()?).registry()?.region))
    })
}

static AMI_ACCOUNT_UNEXPECTED: Check = Check {
    rule: &Rule {
        name: "ami-account-unexpected",
        level: Level::Warning,
        summary: "an output AMI belongs to the image's account or to a target account of its region",
        why: "AMIs are made in the account that builds the image; copies go to the target accounts that the \
              distribution names for their region. Sharing an AMI does not change its owner.",
        help: "the account was edited, or the distribution configuration is of another capture",
        source: &["https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Ami.html", IMAGE_DETAILS],
        ..Rule::BASE
    },
    on: &Each::<(AmiList, Ami)>(|node, cx| {
        let node = node.any();
        if let Some(amis) = node.cast::<AmiList>() {
            let destinations = Destinations::around(cx);
            for ami in amis.items() {
                check_account(ami, destinations.as_ref(), cx);
            }
        } else if let Some(ami) = node.cast::<Ami>().filter(|_| cx.parent().is_none()) {
            check_account(ami, None, cx);
        }
    }),
};

fn check_account<'d>(ami: Node<'d, Ami>, destinations: Option<&Destinations<'d>>, cx: &mut Reporter<'_, 'd>) {
    let Some(node) = ami.get(member::AccountId) else {
        return;
    };
    let Some(account) = node.text().filter(|account| !account.is_empty()) else {
        return;
    };
    if !is_account_id(account) {
        cx.report(node, format!("`{}` is not an account id; 12 digits were expected", quoted(account)));
        return;
    }
    if cx.account() == Some(account) {
        return;
    }
    // An AMI in a region that is not a destination is reported by `ami-region-undistributed`.
    let region = ami.get(member::Region).and_then(known_region);
    let (Some(destinations), Some(region)) = (destinations, region) else {
        return;
    };
    if !destinations.include(region) || destinations.receives(account, region) || !destinations.are_complete(cx) {
        return;
    }
    let owner = cx.owner().map(|owner| owner.account_span());
    let message = format!("account `{account}` is neither the image's nor a target account in `{region}`");
    let finding = cx.report(node, message);
    if let Some(owner) = owner {
        finding.label(owner, "the image's account");
    }
    if let Some(entry) = destinations.distributions.first_to(region) {
        let place = entry.get(member::Region).map_or(entry.span(), Node::span);
        finding.label(place, "the distribution to this region");
    }
}

static AMI_DUPLICATE: Check = Check {
    rule: &Rule {
        name: "ami-duplicate",
        level: Level::Warning,
        summary: "the outputs list an AMI id once",
        why: "An AMI id belongs to one AMI in one region; every copy gets an id of its own. Published samples repeat \
              one placeholder, real captures do not.",
        help: "one of the two was copied from the other",
        source: &["https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyImage.html", IMAGE_DETAILS],
        ..Rule::BASE
    },
    on: &Each::<OutputResources>(|outputs, cx| {
        let amis = outputs.items_of(member::Amis);
        for (first, again) in repeats(amis, |ami| ami.get_text(member::Image).filter(|id| id.starts_with("ami-"))) {
            let (Some(first_id), Some(id)) = (first.get(member::Image), again.get(member::Image)) else {
                continue;
            };
            let name = quoted(id.text().unwrap_or_default());
            let message = match (first.get_text(member::Region), again.get_text(member::Region)) {
                (Some(one), Some(other)) if one != other => {
                    format!("`{name}` is listed in `{}` and in `{}`; a copy has another id", quoted(one), quoted(other))
                }
                _ => format!("`{name}` is listed twice; one AMI was expected"),
            };
            cx.report(id, message).says("again").label(first_id.span(), "the first");
        }
    }),
};

static OUTPUT_HOLLOW: Check = Check {
    rule: &Rule {
        name: "output-hollow",
        level: Level::Warning,
        summary: "every output names an image",
        why: "An output AMI has an id and an output container URIs; both are what the console shows of an output. An \
              AMI that is still PENDING, FAILED or was CANCELLED has no id.",
        help: "take `image` or `imageUris` over from the response",
        source: &[IMAGE_DETAILS, "service model: Ami.image", "service model: Container.imageUris"],
        ..Rule::BASE
    },
    on: &Each::<OutputResources>(|outputs, cx| {
        for ami in outputs.items_of(member::Amis).filter(is_hollow_ami) {
            let region = in_region(ami.get_text(member::Region));
            cx.report(ami, format!("the AMI{region} has no `image`; its id was expected")).at(ami.heading());
        }
        for container in outputs.items_of(member::Containers).filter(is_hollow_container) {
            let region = in_region(container.get_text(member::Region));
            let message = format!("the container image{region} has no `imageUris`; at least one was expected");
            cx.report(container, message).at(container.heading());
        }
    }),
};

fn in_region(region: Option<&str>) -> String {
    region.map(|region| format!(" in `{}`", quoted(region))).unwrap_or_default()
}
