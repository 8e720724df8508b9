//! Ids of EC2 resources: a prefix and hexadecimal digits, which the service model does not check.

use crate::aws::resource_id::{IdFault, fault};
use crate::model::typed::shapes::{
    Ami, ContainerRecipeSummary, CreateImageRecipeRequest, CreateInfrastructureConfigurationRequest,
    EbsInstanceBlockDeviceSpecification, FastLaunchLaunchTemplateSpecification, ImageRecipe, ImageRecipeSummary,
    InfrastructureConfiguration, InstanceConfiguration, LaunchTemplateConfiguration, PclusterAmiSummary,
    PclusterOfficialImage, Placement, UpdateInfrastructureConfigurationRequest,
};
use crate::rule::prelude::*;
use crate::rules::structure;

pub(super) static RULES: &[&Check] = &[&AMI_ID_FORM, &RESOURCE_ID_FORM];

const LONG_IDS: &str = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html";

/// Reports a text that is not the prefix and digits; an empty text is reported by `string-length`.
fn check_id<'d>(node: Node<'d>, prefix: &str, cx: &mut Reporter<'_, 'd>) {
    let text = node.text().filter(|text| !text.is_empty());
    let Some((text, fault)) = text.and_then(|text| Some((text, fault(text, prefix)?))) else {
        return;
    };
    let id = quoted(text);
    // The service model accepts launch template ids of the long form only.
    let lengths = if prefix == "lt-" { "17" } else { "8 or 17" };
    let message = match fault {
        IdFault::Prefix => {
            // Only what is there of a prefix is wrong: the digits may be masked.
            let wrong = text.find('-').map_or(text.len(), |dash| dash + 1);
            cx.report(node, format!("`{id}` does not start with `{prefix}`")).at(node.part(0..wrong));
            return;
        }
        IdFault::Masked => return,
        IdFault::Character(other) => {
            format!("`{id}` has `{other}` after `{prefix}`; {lengths} hexadecimal digits were expected")
        }
        IdFault::Length(count) => {
            format!("`{id}` has {} after `{prefix}`; {lengths} were expected", counted(count, "digit"))
        }
        IdFault::Case => format!("`{id}` has upper-case digits; lower-case ones were expected"),
    };
    cx.report(node, message);
}

static AMI_ID_FORM: Check = Check {
    rule: &Rule {
        name: "ami-id-form",
        level: Level::Warning,
        summary: "an AMI id is `ami-` and 8 or 17 hexadecimal digits",
        why: "Any text passes the service model here. An id of another length was shortened or made up, and no AMI \
              has it.",
        help: "copy the id of the AMI; its digits are 0-9 and a-f in lower case",
        source: &[LONG_IDS, "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Ami.html"],
        ..Rule::BASE
    },
    on: &Each::<(
        Ami,
        ImageRecipe,
        CreateImageRecipeRequest,
        ImageRecipeSummary,
        InstanceConfiguration,
        ContainerRecipeSummary,
        PclusterAmiSummary,
        PclusterOfficialImage,
    )>(|holder, cx| {
        let holder = holder.any();
        // Where an image can be named in other ways, too, only a text with the prefix is an id.
        let has_prefix = |node: &Node<'_>| node.text().is_some_and(|text| text.starts_with("ami-"));
        if let Some(node) = ami_id(holder).or_else(|| image_name(holder).filter(has_prefix)) {
            check_id(node, "ami-", cx);
        }
    }),
};

/// The member that holds the id of an AMI and nothing else.
fn ami_id(holder: Node<'_>) -> Option<Node<'_>> {
    if let Some(ami) = holder.cast::<Ami>() {
        ami.get(member::Image)
    } else if let Some(ami) = holder.cast::<PclusterAmiSummary>() {
        ami.get(member::AmiId)
    } else {
        holder.cast::<PclusterOfficialImage>()?.get(member::AmiId)
    }
}

/// The member that names an image by its id or in another way.
fn image_name(holder: Node<'_>) -> Option<Node<'_>> {
    if let Some(instance) = holder.cast::<InstanceConfiguration>() {
        instance.get(member::Image)
    } else if let Some(recipe) = holder.cast::<ContainerRecipeSummary>() {
        recipe.get(member::InstanceImage)
    } else if let Some(recipe) = holder.cast::<CreateImageRecipeRequest>() {
        recipe.get(member::ParentImage)
    } else if let Some(recipe) = holder.cast::<ImageRecipe>() {
        recipe.get(member::ParentImage)
    } else {
        holder.cast::<ImageRecipeSummary>()?.get(member::ParentImage)
    }
}

static RESOURCE_ID_FORM: Check = Check {
    rule: &Rule {
        name: "resource-id-form",
        level: Level::Warning,
        summary: "ids of EC2 resources are their prefix and 8 or 17 hexadecimal digits",
        why: "Security groups, subnets, hosts, snapshots and launch templates each have their own prefix. Any text \
              passes the service model, save for launch templates.",
        help: "copy the id of the resource; its digits are 0-9 and a-f in lower case",
        source: &[
            LONG_IDS,
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_InfrastructureConfiguration.html",
            "service model: LaunchTemplateId",
        ],
        outranks: &[&structure::STRING_PATTERN],
        ..Rule::BASE
    },
    on: &Each::<(
        InfrastructureConfiguration,
        CreateInfrastructureConfigurationRequest,
        UpdateInfrastructureConfigurationRequest,
        Placement,
        EbsInstanceBlockDeviceSpecification,
        LaunchTemplateConfiguration,
        FastLaunchLaunchTemplateSpecification,
    )>(|holder, cx| {
        let holder = holder.any();
        let (id, prefix) = if let Some(infrastructure) = holder.cast::<InfrastructureConfiguration>() {
            for group in infrastructure.items_of(member::SecurityGroupIds) {
                check_id(group, "sg-", cx);
            }
            (infrastructure.get(member::SubnetId), "subnet-")
        } else if let Some(placement) = holder.cast::<Placement>() {
            (placement.get(member::HostId), "h-")
        } else if let Some(device) = holder.cast::<EbsInstanceBlockDeviceSpecification>() {
            (device.get(member::SnapshotId), "snap-")
        } else if let Some(template) = holder.cast::<LaunchTemplateConfiguration>() {
            (template.get(member::LaunchTemplateId), "lt-")
        } else {
            let template = holder.cast::<FastLaunchLaunchTemplateSpecification>();
            (template.and_then(|template| template.get(member::LaunchTemplateId)), "lt-")
        };
        if let Some(id) = id {
            check_id(id, prefix, cx);
        }
    }),
};
