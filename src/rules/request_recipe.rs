//! Requests for recipes: versions that count up, and what goes with a base image.

use crate::aws::arn::Arn;
use crate::aws::version::{Version, VersionNode};
use crate::model::typed::shapes::{
    AmiDistributionConfiguration, CreateContainerRecipeRequest, CreateImageRecipeRequest,
};
use crate::rule::prelude::*;

pub(super) static RULES: &[&Check] = &[
    &RECIPE_VERSION_INCREMENT,
    &CONTAINER_MARKETPLACE_COMPONENT,
    &PLATFORM_OVERRIDE_PARENT,
    &PLATFORM_OVERRIDE_OS_VERSION,
    &OS_VERSION_OVERRIDE_PARENT,
    &AMI_TAG_RESERVED,
];

const IMAGE_RECIPES: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/create-image-recipes.html";
const CONTAINER_RECIPES: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/userguide/create-container-recipes.html";

static RECIPE_VERSION_INCREMENT: Check = Check {
    rule: &Rule {
        name: "recipe-version-increment",
        level: Level::Warning,
        summary: "only the last node of a recipe's own version counts up",
        why: "With `x` for the last node the service counts the version of a recipe up. More than one wildcard is \
              refused there.",
        help: "write numbers before the last node, such as 1.0.x",
        source: &[IMAGE_RECIPES],
        ..Rule::BASE
    },
    on: &Each::<(CreateImageRecipeRequest, CreateContainerRecipeRequest)>(|recipe, cx| {
        let Some((node, text)) = recipe.get_with_text(member::SemanticVersion) else {
            return;
        };
        let nodes: Vec<_> =
            Version::parse(text).number_nodes().map(|(_, node)| node == VersionNode::Wildcard).collect();
        // A number after a wildcard is reported by `version-wildcard-order`.
        if nodes.iter().filter(|is_wildcard| **is_wildcard).count() > 1 && nodes.is_sorted() {
            let message = format!("`semanticVersion` is `{}`; only its last node can count up", quoted(text));
            cx.report(node, message);
        }
    }),
};

static CONTAINER_MARKETPLACE_COMPONENT: Check = Check {
    rule: &Rule {
        name: "container-marketplace-component",
        summary: "a container recipe has no component of AWS Marketplace",
        why: "Components of AWS Marketplace are for image recipes only.",
        help: "leave the component out of the container recipe",
        source: &[CONTAINER_RECIPES],
        ..Rule::BASE
    },
    on: &Each::<CreateContainerRecipeRequest>(|recipe, cx| {
        for component in recipe.items_of(member::Components) {
            let Some((node, arn)) =
                component.get_with_text(member::ComponentArn).and_then(|(node, text)| Some((node, Arn::parse(text)?)))
            else {
                continue;
            };
            if arn.account == "aws-marketplace" {
                let message = "`componentArn` names a component of AWS Marketplace; container recipes take none";
                cx.report(node, message).at(node.slice(arn.account));
            }
        }
    }),
};

/// Whether the base image of a container recipe is an image of Image Builder, by its ARN.
fn is_image_arn(recipe: Node<'_, CreateContainerRecipeRequest>) -> Option<bool> {
    let text = recipe.get_text(member::ParentImage)?;
    Some(Arn::parse(text).is_some_and(|arn| arn.is_image_builder()))
}

static PLATFORM_OVERRIDE_PARENT: Check = Check {
    rule: &Rule {
        name: "platform-override-parent",
        summary: "a base image of Image Builder tells its platform itself",
        why: "`platformOverride` says the platform of a base image from a registry. An image of Image Builder has one, \
              and a request that gives another is refused.",
        help: "leave `platformOverride` out",
        source: &[CONTAINER_RECIPES],
        ..Rule::BASE
    },
    on: &Each::<CreateContainerRecipeRequest>(|recipe, cx| {
        if let (Some(platform), Some(true)) = (recipe.get(member::PlatformOverride), is_image_arn(recipe)) {
            let message = "`platformOverride` goes with base images of registries; `parentImage` is an ARN";
            let finding = cx.report(platform, message).at(platform.key_span());
            if let Some(parent) = recipe.get(member::ParentImage) {
                finding.label(parent.span(), "has a platform");
            }
        }
    }),
};

static PLATFORM_OVERRIDE_OS_VERSION: Check = Check {
    rule: &Rule {
        name: "platform-override-os-version",
        summary: "a Windows base image from a registry goes with its version of Windows",
        why: "Windows containers run on the version of Windows that they were built for, which a reference of a \
              registry does not tell.",
        help: "add `imageOsVersionOverride`",
        source: &[CONTAINER_RECIPES],
        ..Rule::BASE
    },
    on: &Each::<CreateContainerRecipeRequest>(|recipe, cx| {
        let windows = recipe.get(member::PlatformOverride).filter(|platform| platform.text() == Some("Windows"));
        let version = recipe.find(member::ImageOsVersionOverride);
        if let (Some(windows), None, Some(false)) = (windows, version, is_image_arn(recipe)) {
            cx.report(windows, "`platformOverride` is `Windows`, and `imageOsVersionOverride` is missing");
        }
    }),
};

static OS_VERSION_OVERRIDE_PARENT: Check = Check {
    rule: &Rule {
        name: "os-version-override-parent",
        level: Level::Warning,
        summary: "a base image of Image Builder tells its operating system itself",
        why: "`imageOsVersionOverride` is for base images whose operating system is not known.",
        help: "leave `imageOsVersionOverride` out",
        source: &["service model: CreateContainerRecipeRequest.imageOsVersionOverride"],
        ..Rule::BASE
    },
    on: &Each::<CreateContainerRecipeRequest>(|recipe, cx| {
        if let (Some(version), Some(true)) = (recipe.get(member::ImageOsVersionOverride), is_image_arn(recipe)) {
            let message = "`imageOsVersionOverride` goes with base images of registries; `parentImage` is an ARN";
            cx.report(version, message).at(version.key_span());
        }
    }),
};

static AMI_TAG_RESERVED: Check = Check {
    rule: &Rule {
        name: "ami-tag-reserved",
        summary: "the tags of AMIs use no key that Image Builder sets itself",
        why: "Image Builder tags every AMI with CreatedBy and Ec2ImageBuilderArn, and refuses requests that do.",
        help: "rename the tag",
        source: &[IMAGE_RECIPES],
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<(CreateImageRecipeRequest, AmiDistributionConfiguration)>(|holder, cx| {
        for tag in holder.entries_of(member::AmiTags) {
            if let Some(key) = tag.key().filter(|key| ["CreatedBy", "Ec2ImageBuilderArn"].contains(key)) {
                cx.report_at(tag.key_span(), format!("tag key `{key}` in `amiTags` is set by Image Builder itself"));
            }
        }
    }),
};
