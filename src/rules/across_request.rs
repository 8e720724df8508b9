//! Comparisons of requests with the resources that came of them.

use crate::aws::arn::{Arn, Resource, is_amazon};
use crate::aws::version::{Version, VersionNode};
use crate::model::typed::shapes::{
    self, ComponentConfigurationList, CreateContainerRecipeRequest, CreateDistributionConfigurationRequest,
    CreateImageRecipeRequest, CreateInfrastructureConfigurationRequest, DistributionConfiguration,
    EbsInstanceBlockDeviceSpecification, InfrastructureConfiguration, InstanceBlockDeviceMappings,
};
use crate::model::typed::{ListOf, MemberName};
use crate::rule::pair::{Between, Contrast, Created, CreatedVersion, Pair, Request, RequestedVersion};
use crate::rule::prelude::*;
use crate::rules::view::contrast::{compare_texts, compare_values};

pub(super) static RULES: &[&Pair] = &[&X_REQUEST_RESPONSE, &X_REQUEST_VERSION];

const RESPONSE: &str = "the response";

const RECIPES: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-recipes.html";

static X_REQUEST_RESPONSE: Pair = Pair {
    rule: &Rule {
        name: "x-request-response",
        level: Level::Warning,
        summary: "a resource is what the request of its name and version asks for",
        why: "A recipe or a component cannot be modified: where a request asks for something else under the same name \
              and version, it was changed after it was sent, and the service refuses it until it asks for another \
              version, or the capture was edited. Of requests whose versions are counted up (`1.0.x`), and of \
              configurations and pipelines that were never updated, differences are only noted. A reference with a \
              wildcard or without a build agrees with what it was resolved to.",
        help: "ask for a new version, or capture the resource again",
        source: &[RECIPES, "service model: CreateImageRecipeRequest.semanticVersion"],
        ..Rule::BASE
    },
    between: &Between::<Request, Created>(|request, created, contrast| {
        if is_elsewhere(request, created) || was_updated(created) {
            return;
        }
        compare_texts(request.get_if_any(member::Name), created.get_if_any(member::Name), RESPONSE, contrast);
        compare_contents(request, created, contrast);
        let version = request.get_if_any(member::SemanticVersion).and_then(Node::text).map(Version::parse);
        if version.is_none_or(Version::has_wildcard) {
            contrast.level(Level::Info);
        }
    }),
};

static X_REQUEST_VERSION: Pair = Pair {
    rule: &Rule {
        name: "x-request-version",
        level: Level::Info,
        summary: "a recipe that is what a request asks for has the version that it asks for",
        why: "Where a recipe has the name, the base image, the components and the block devices of a request, it most \
              likely came of that request. It has another version if the request was changed since, or if one of the \
              two was edited.",
        help: "nothing to do, if the request is for the next version",
        source: &[
            "derived: a recipe has the version that its request asks for",
            "service model: CreateImageRecipeRequest.semanticVersion",
        ],
        ..Rule::BASE
    },
    between: &Between::<RequestedVersion, CreatedVersion>(|request, created, contrast| {
        let asked = request.get_if_any(member::SemanticVersion).and_then(|node| Some((node, node.text()?)));
        let arn = created.get_if_any(member::Arn).and_then(|node| Some((node, resource_of(node.text()?)?.version?)));
        let (Some((asked, text)), Some((arn, version))) = (asked, arn) else {
            return;
        };
        let has_same = |list: fn(Node<'_>) -> bool| list(request) && list(created);
        let is_evident = has_same(|recipe| recipe.get_if_any(member::ParentImage).is_some())
            && has_same(|recipe| recipe.get_if_any(member::Components).is_some())
            && !is_elsewhere(request, created)
            && contrast.agrees(|contrast| compare_contents(request, created, contrast));
        if is_evident && !version_fits(Version::parse(text), version) {
            contrast.report(asked.span(), "asked for", || {
                format!(
                    "`semanticVersion` is `{}`, but the version is `{}` in the response",
                    quoted(text),
                    version.text
                )
            });
            contrast.against(arn.slice(version.text), "came of it");
        }
    }),
};

fn resource_of(arn: &str) -> Option<Resource<'_>> {
    Some(Arn::parse(arn).filter(Arn::is_image_builder)?.image_builder_resource())
}

/// Whether a request names resources of another region or partition than that of a resource: templates are sent to
/// several of them.
fn is_elsewhere(request: Node<'_>, created: Node<'_>) -> bool {
    let Some(own) = created.get_if_any(member::Arn).and_then(Node::text).and_then(Arn::parse) else {
        return false;
    };
    let components = request.cast::<CreateImageRecipeRequest>().and_then(|recipe| recipe.get(member::Components));
    let components = components
        .or_else(|| request.cast::<CreateContainerRecipeRequest>()?.get(member::Components))
        .map(Node::items)
        .unwrap_or_default()
        .filter_map(|component| component.get(member::ComponentArn));
    let named = [
        request.get_if_any(member::ParentImage),
        request.get_if_any(member::ImageRecipeArn),
        request.get_if_any(member::ContainerRecipeArn),
        request.get_if_any(member::InfrastructureConfigurationArn),
    ];
    let named = named.into_iter().flatten().chain(components).filter(|node| !node.has_mask());
    let mut arns = named.filter_map(Node::text).filter_map(Arn::parse);
    arns.any(|arn| arn.is_image_builder() && (arn.region != own.region || arn.partition != own.partition))
}

/// Whether a resource was changed after it had been created.
fn was_updated(created: Node<'_>) -> bool {
    let date = |node: Option<Node<'_>>| node.is_some().then(|| node.and_then(Node::text).map(str::to_owned));
    let updated = date(created.get_if_any(member::DateUpdated));
    updated.is_some_and(|updated| date(created.get_if_any(member::DateCreated)) != Some(updated))
}

/// Compares what a request asks for with what a resource has, but for name and version.
fn compare_contents(request: Node<'_>, created: Node<'_>, contrast: &mut Contrast) {
    compare_references(request, created, member::ParentImage, contrast);
    if let (Some(asked), Some(recipe)) =
        (request.cast::<CreateImageRecipeRequest>(), created.cast::<shapes::ImageRecipe>())
    {
        compare_components(asked.get(member::Components), recipe.get(member::Components), contrast);
        let devices = recipe.get(member::BlockDeviceMappings);
        compare_devices(asked.get(member::BlockDeviceMappings), devices, contrast);
    } else if let (Some(asked), Some(recipe)) =
        (request.cast::<CreateContainerRecipeRequest>(), created.cast::<shapes::ContainerRecipe>())
    {
        compare_components(asked.get(member::Components), recipe.get(member::Components), contrast);
        if let (Some(asked), Some(found)) =
            (asked.get(member::InstanceConfiguration), recipe.get(member::InstanceConfiguration))
        {
            let devices = found.get(member::BlockDeviceMappings);
            compare_devices(asked.get(member::BlockDeviceMappings), devices, contrast);
        }
        if let (Some(asked), Some(found)) = (asked.get(member::TargetRepository), recipe.get(member::TargetRepository))
        {
            let name = found.get(member::RepositoryName);
            compare_texts(asked.get(member::RepositoryName), name, RESPONSE, contrast);
        }
    } else if request.is::<shapes::CreateComponentRequest>() {
        compare_settings(request, created, member::Platform, contrast);
    } else {
        compare_configurations(request, created, contrast);
    }
}

/// Compares what can be updated.
fn compare_configurations(request: Node<'_>, created: Node<'_>, contrast: &mut Contrast) {
    if let (Some(asked), Some(found)) =
        (request.cast::<CreateInfrastructureConfigurationRequest>(), created.cast::<InfrastructureConfiguration>())
    {
        compare_settings(request, created, member::InstanceProfileName, contrast);
        compare_settings(request, created, member::SubnetId, contrast);
        compare_settings(request, created, member::KeyPair, contrast);
        compare_settings(request, created, member::TerminateInstanceOnFailure, contrast);
        compare_sets(asked.get(member::InstanceTypes), found.get(member::InstanceTypes), contrast);
        compare_sets(asked.get(member::SecurityGroupIds), found.get(member::SecurityGroupIds), contrast);
    } else if let (Some(asked), Some(found)) =
        (request.cast::<CreateDistributionConfigurationRequest>(), created.cast::<DistributionConfiguration>())
    {
        let lists = asked.get(member::Distributions).zip(found.get(member::Distributions));
        let Some((asked, found)) = lists else {
            return;
        };
        for region in asked.items().filter_map(|entry| entry.get(member::Region)).filter(|region| !region.has_mask()) {
            let is_same = |entry: Node<'_, shapes::Distribution>| entry.get_text(member::Region) == region.text();
            if !found.items().any(is_same) {
                contrast.report(region.span(), "asked for", || {
                    let region = quoted(region.text().unwrap_or_default());
                    format!("`region` is `{region}`, but no entry of `distributions` in the response is for it")
                });
                contrast.against(found.key_span(), "not among these");
            }
        }
    } else if request.is::<shapes::CreateImagePipelineRequest>() {
        compare_references(request, created, member::ImageRecipeArn, contrast);
        compare_references(request, created, member::ContainerRecipeArn, contrast);
        compare_references(request, created, member::InfrastructureConfigurationArn, contrast);
        compare_references(request, created, member::DistributionConfigurationArn, contrast);
        if let (Some(asked), Some(found)) = (request.get_if_any(member::Schedule), created.get_if_any(member::Schedule))
        {
            compare_settings(asked, found, member::ScheduleExpression, contrast);
        }
    }
}

/// Compares two settings of the same name.
fn compare_settings<M: MemberName + Copy>(asked: Node<'_>, found: Node<'_>, name: M, contrast: &mut Contrast) {
    compare_values(asked.get_if_any(name), found.get_if_any(name), RESPONSE, contrast);
}

/// Compares two references of the same name.
fn compare_references<M: MemberName + Copy>(asked: Node<'_>, found: Node<'_>, name: M, contrast: &mut Contrast) {
    compare_resolved(asked.get_if_any(name), found.get_if_any(name), contrast);
}

/// Compares two references, of which the second may be what the first was resolved to.
fn compare_resolved(asked: Option<Node<'_>>, found: Option<Node<'_>>, contrast: &mut Contrast) {
    let texts = asked.and_then(Node::text).zip(found.and_then(Node::text));
    if texts.is_some_and(|(asked, found)| !reference_fits(asked, found)) {
        compare_texts(asked, found, RESPONSE, contrast);
    }
}

/// Whether a reference may be what another one was resolved to. Accounts may differ, as templates are sent to several.
fn reference_fits(asked: &str, found: &str) -> bool {
    let (Some(one), Some(other)) = (Arn::parse(asked), Arn::parse(found)) else {
        let is_resolved_by_service = asked.starts_with("ssm:") || asked.starts_with("arn:");
        return is_resolved_by_service || of_registry(asked) == of_registry(found);
    };
    let (asked, found) = (one.image_builder_resource(), other.image_builder_resource());
    let fits = asked.version.zip(found.version).is_none_or(|(asked, found)| version_fits(asked, found));
    asked.kind == found.kind && asked.name == found.name && is_amazon(one.account) == is_amazon(other.account) && fits
}

/// The part of a reference to an image in ECR that does not name account and region; other references as they are.
fn of_registry(reference: &str) -> &str {
    match reference.split_once('/') {
        Some((host, path)) if host.contains(".dkr.ecr.") => path,
        _ => reference,
    }
}

/// Whether a version may be what another one was resolved to.
fn version_fits(asked: Version<'_>, found: Version<'_>) -> bool {
    let is_open = |node: VersionNode<'_>| node == VersionNode::Wildcard;
    let is_same = |((one, asked), (other, found)): ((&str, VersionNode<'_>), (&str, VersionNode<'_>))| {
        is_open(asked) || is_open(found) || one.trim_start_matches('0') == other.trim_start_matches('0')
    };
    let builds_fit = asked.build.zip(found.build).is_none_or(|(asked, found)| asked == found || asked == "x");
    asked.number_nodes().zip(found.number_nodes()).all(is_same) && builds_fit
}

/// Reports two lists that are not as long; true if they are.
fn compare_lengths<L: ListOf>(asked: Node<'_, L>, found: Node<'_, L>, contrast: &mut Contrast) -> bool {
    let (one, other) = (asked.items().count(), found.items().count());
    if one != other {
        contrast.report(asked.key_span(), "differs", || {
            format!("`{}` has {}, but {other} in {RESPONSE}", asked.member(), counted(one, "item"))
        });
        contrast.against(found.key_span(), "from this");
    }
    one == other
}

/// Compares two lists of components one by one, since they are applied in their order.
fn compare_components(
    asked: Option<Node<'_, ComponentConfigurationList>>,
    found: Option<Node<'_, ComponentConfigurationList>>,
    contrast: &mut Contrast,
) {
    let lists = asked.zip(found).filter(|(asked, found)| compare_lengths(*asked, *found, contrast));
    for (asked, found) in lists.into_iter().flat_map(|(asked, found)| asked.items().zip(found.items())) {
        compare_resolved(asked.get(member::ComponentArn), found.get(member::ComponentArn), contrast);
    }
}

/// Compares two lists of block devices by the names of the devices. What the request leaves out is the service's choice.
fn compare_devices(
    asked: Option<Node<'_, InstanceBlockDeviceMappings>>,
    found: Option<Node<'_, InstanceBlockDeviceMappings>>,
    contrast: &mut Contrast,
) {
    let Some((asked, found)) = asked.zip(found).filter(|(asked, found)| compare_lengths(*asked, *found, contrast))
    else {
        return;
    };
    for device in asked.items() {
        let Some(name) = device.get(member::DeviceName).filter(|name| !name.has_mask()) else {
            continue;
        };
        let Some(same) = found.items().find(|other| other.get_text(member::DeviceName) == name.text()) else {
            contrast.report(name.span(), "asked for", || {
                let name = quoted(name.text().unwrap_or_default());
                format!("`deviceName` is `{name}`, but no block device in the response has that name")
            });
            contrast.against(found.key_span(), "not among these");
            continue;
        };
        if let Some((asked, found)) = device.get(member::Ebs).zip(same.get(member::Ebs)) {
            for setting in VOLUME {
                compare_values(asked.get_in(setting), found.get_in(setting), RESPONSE, contrast);
            }
        }
    }
}

/// The settings of a volume that a response repeats as they were asked for. A key may be named in several ways.
const VOLUME: [Slot<EbsInstanceBlockDeviceSpecification>; 7] = [
    Slot::of(member::DeleteOnTermination),
    Slot::of(member::Encrypted),
    Slot::of(member::Iops),
    Slot::of(member::SnapshotId),
    Slot::of(member::Throughput),
    Slot::of(member::VolumeSize),
    Slot::of(member::VolumeType),
];

/// Compares two lists of texts whose order does not matter.
fn compare_sets<L: ListOf<Item = Any>>(
    asked: Option<Node<'_, L>>,
    found: Option<Node<'_, L>>,
    contrast: &mut Contrast,
) {
    let Some((asked, found)) = asked.zip(found).filter(|(asked, found)| compare_lengths(*asked, *found, contrast))
    else {
        return;
    };
    for item in asked.items().filter(|item| !item.has_mask()) {
        if !found.items().any(|other| other.text() == item.text()) {
            contrast.report(item.span(), "asked for", || {
                let (list, item) = (asked.member(), quoted(item.text().unwrap_or_default()));
                format!("`{list}` has `{item}`, which the response has not")
            });
            contrast.against(found.key_span(), "not among these");
        }
    }
}
