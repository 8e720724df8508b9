//! Base images: what `parentImage` and the image of a container's build instance may name.

use crate::aws::arn::Arn;
use crate::aws::image_reference::faulty_part;
use crate::aws::resource_id::is_uuid;
use crate::model::typed::shapes::{
    ContainerRecipe, ContainerRecipeSummary, CreateContainerRecipeRequest, CreateImageRecipeRequest, Image,
    ImageRecipe, ImageRecipeSummary, InstanceConfiguration, ParentImage,
};
use crate::rule::prelude::*;
use crate::rules::arn;
use crate::rules::view::arn::image_builder_arn;
use crate::text::span::Span;

pub(super) static RULES: &[&Check] = &[
    &PARENT_IMAGE_FORM,
    &PARENT_IMAGE_ARN_TYPE,
    &PARENT_IMAGE_SSM,
    &PARENT_IMAGE_SELF,
    &CONTAINER_PARENT_IMAGE_FORM,
    &CONTAINER_INSTANCE_IMAGE_FORM,
];

const IMAGE_RECIPE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageRecipe.html";
const CONTAINER_RECIPE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ContainerRecipe.html";
const INSTANCE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_InstanceConfiguration.html";

/// A node with its text; None where the text is empty.
fn non_empty(node: Node<'_>) -> Option<(Node<'_>, &str)> {
    Some((node, node.text().filter(|text| !text.is_empty())?))
}

/// The member that names the image of a container's build instance.
fn instance_image(holder: Node<'_>) -> Option<Node<'_>> {
    match holder.cast::<InstanceConfiguration>() {
        Some(instance) => instance.get(member::Image),
        None => holder.cast::<ContainerRecipeSummary>()?.get(member::InstanceImage),
    }
}

/// Whether a text is checked by `arn-segment` and the rules on resource types and versions: it is an ARN of
/// Image Builder, or too short to be any ARN.
fn is_checked_by_arn_rules(text: &str) -> bool {
    text.starts_with("arn:") && Arn::parse(text).is_none_or(|arn| arn.is_image_builder())
}

/// Whether a text is the name or the ARN of an SSM parameter, with or without a version or label.
fn is_parameter(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let is_name = |text: &str| {
        let (name, selector) = text.split_once(':').map_or((text, None), |(name, selector)| (name, Some(selector)));
        !name.is_empty()
            && name.bytes().all(|byte| allowed(byte) || byte == b'/')
            && selector.is_none_or(|selector| !selector.is_empty() && selector.bytes().all(allowed))
    };
    let Some(arn) = Arn::parse(text) else {
        return is_name(text);
    };
    // The ARNs of public parameters, which AWS publishes, have no account.
    arn.partition.starts_with("aws")
        && arn.service == "ssm"
        && !arn.region.is_empty()
        && (arn.account.is_empty() || arn.names_account())
        && arn.resource.strip_prefix("parameter/").is_some_and(is_name)
}

/// Whether a text names an SSM parameter, but without the prefix `ssm:`.
fn is_bare_parameter(text: &str) -> bool {
    text.starts_with("/aws/service/") || Arn::parse(text).is_some_and(|arn| arn.service == "ssm")
}

/// Whether a text is a product id of AWS Marketplace.
fn is_product_id(text: &str) -> bool {
    let prefixed = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.strip_prefix("prod-").map_or_else(|| is_uuid(text), prefixed)
}

static PARENT_IMAGE_FORM: Check = Check {
    rule: &Rule {
        name: "parent-image-form",
        level: Level::Warning,
        summary: "the base image of an image recipe is named in one of four forms",
        why: "An image recipe starts from an AMI: named by its id, by the ARN of an Image Builder image, by an SSM \
              parameter after `ssm:`, or by a product of AWS Marketplace. Nothing else leads to an AMI.",
        help: "a container reference belongs in a container recipe; an SSM parameter needs the prefix `ssm:`",
        source: &[IMAGE_RECIPE, "service model: ImageRecipe.parentImage"],
        ..Rule::BASE
    },
    on: &Each::<(ImageRecipe, ImageRecipeSummary, CreateImageRecipeRequest)>(|recipe, cx| {
        let Some((node, text)) = recipe.get(member::ParentImage).and_then(non_empty) else {
            return;
        };
        let parameter = || text.strip_prefix("ssm:").is_some_and(is_parameter);
        let marketplace = || Arn::parse(text).is_some_and(|arn| arn.service == "aws-marketplace");
        if text.starts_with("ami-")
            || is_checked_by_arn_rules(text)
            || parameter()
            || is_product_id(text)
            || marketplace()
        {
            return;
        }
        let message = format!(
            "`{}` is neither an AMI id, the ARN of an image, an `ssm:` parameter nor a Marketplace product id",
            quoted(text)
        );
        cx.report(node, message);
    }),
};

pub(super) static PARENT_IMAGE_ARN_TYPE: Check = Check {
    rule: &Rule {
        name: "parent-image-arn-type",
        summary: "a base image that is an ARN of Image Builder names an image",
        why: "A recipe builds on an image. The ARN of a recipe, component or pipeline names nothing to start from.",
        help: "write the ARN of the image that the resource produces",
        source: &[IMAGE_RECIPE, CONTAINER_RECIPE],
        outranks: &[arn::ARN_SEGMENT.rule],
        ..Rule::BASE
    },
    on: &Each::<ParentImage>(|node, cx| {
        let Some((_, resource)) = image_builder_arn(node, cx) else {
            return;
        };
        if resource.is_known() && resource.kind != "image" {
            let message = format!("`parentImage` names a resource of type `{}`; `image` was expected", resource.kind);
            cx.report(node, message).at(node.slice(resource.kind));
        }
    }),
};

static PARENT_IMAGE_SSM: Check = Check {
    rule: &Rule {
        name: "parent-image-ssm",
        summary: "an SSM parameter is written as `ssm:` and its name or ARN",
        why: "The prefix tells Image Builder to look the AMI up in Parameter Store. Without it, or with something \
              after it that cannot be a parameter, no AMI is found.",
        help: "write ssm:/path/name or ssm:arn:<partition>:ssm:<region>:<account>:parameter/<name>",
        source: &[
            IMAGE_RECIPE,
            "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
        ],
        outranks: &[PARENT_IMAGE_FORM.rule],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<(
        ImageRecipe,
        ImageRecipeSummary,
        CreateImageRecipeRequest,
        InstanceConfiguration,
        ContainerRecipeSummary,
    )>(|holder, cx| {
        let in_recipe =
            holder.is::<ImageRecipe>() || holder.is::<CreateImageRecipeRequest>() || holder.is::<ImageRecipeSummary>();
        let image = if in_recipe { holder.get_if_any(member::ParentImage) } else { instance_image(holder.any()) };
        let Some((node, text)) = image.and_then(non_empty) else {
            return;
        };
        match text.strip_prefix("ssm:") {
            Some("") => {
                cx.report(node, "nothing follows `ssm:`; the name or ARN of a parameter was expected");
            }
            Some(rest) if !is_parameter(rest) => {
                let message = format!("`{}` after `ssm:` is neither the name nor the ARN of a parameter", quoted(rest));
                cx.report(node, message).at(node.slice(rest));
            }
            // For a build instance this is reported by `container-instance-image-form`.
            None if in_recipe && is_bare_parameter(text) => {
                let start = Span::new(node.span().start + 1, node.span().start + 1);
                let fix = is_parameter(text).then(|| Fix::safe("add the prefix `ssm:`", start, "ssm:"));
                let message = format!("`{}` names an SSM parameter without the prefix `ssm:`", quoted(text));
                cx.report(node, message).fix(fix);
            }
            _ => {}
        }
    }),
};

static PARENT_IMAGE_SELF: Check = Check {
    rule: &Rule {
        name: "parent-image-self",
        summary: "an image is not its own base image",
        why: "A build version comes out of the build that starts from the base image, so the two cannot be the same.",
        help: "one of the two was edited; a base image is an earlier build or another image",
        source: &[IMAGE_RECIPE, "service model: Image.arn"],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        let Some((arn, text)) = image.get(member::Arn).and_then(non_empty) else {
            return;
        };
        for parent in [
            image.get(member::ImageRecipe).and_then(|recipe| recipe.get(member::ParentImage)),
            image.get(member::ContainerRecipe).and_then(|recipe| recipe.get(member::ParentImage)),
        ] {
            let same = parent.filter(|parent| parent.text() == Some(text));
            let version = image_builder_arn(arn, cx).and_then(|(_, resource)| resource.version);
            if let (Some(parent), Some(version)) = (same, version)
                && version.is_fixed()
                && version.build.is_some()
            {
                let message = format!("image `{}` is its own base image", quoted(text));
                cx.report(parent, message).says("the base image").label(arn.span(), "the image");
            }
        }
    }),
};

static CONTAINER_PARENT_IMAGE_FORM: Check = Check {
    rule: &Rule {
        name: "container-parent-image-form",
        level: Level::Warning,
        summary: "the base image of a container recipe is a container image",
        why: "A container recipe starts from a container image: one that Image Builder built, named by its ARN, or one \
              in a registry, named as Docker does. An AMI is the build instance's, not the container's.",
        help: "write the ARN of an image, or [<registry>/]<repository>[:<tag>][@<digest>] with a lower-case repository",
        source: &[CONTAINER_RECIPE, "service model: ContainerRecipe.parentImage"],
        ..Rule::BASE
    },
    on: &Each::<(ContainerRecipe, ContainerRecipeSummary, CreateContainerRecipeRequest)>(|recipe, cx| {
        let Some((node, text)) =
            recipe.get(member::ParentImage).and_then(non_empty).filter(|(_, text)| !is_checked_by_arn_rules(text))
        else {
            return;
        };
        let is_ami = text
            .strip_prefix("ami-")
            .is_some_and(|digits| digits.len() >= 8 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        if is_ami {
            let message = format!("`{}` is an AMI id; a container image was expected", quoted(text));
            cx.report(node, message).help("an AMI for the build instance belongs in `instanceConfiguration.image`");
        } else if let Some((part, faulty)) = faulty_part(text) {
            if is_bare_parameter(text) || text.starts_with("ssm:") {
                let message = format!("`{}` is an SSM parameter; a container image was expected", quoted(text));
                cx.report(node, message);
            } else if text.starts_with("arn:") {
                let message = format!("`{}` is no ARN of Image Builder; a container image was expected", quoted(text));
                cx.report(node, message);
            } else {
                let (text, part) = (quoted(text), part.name());
                if faulty.is_empty() {
                    cx.report(node, format!("`{text}` is no container reference: its {part} is empty"));
                } else {
                    let message =
                        format!("`{text}` is no container reference: `{}` cannot be a {part}", quoted(faulty));
                    cx.report(node, message).at(node.slice(faulty));
                }
            }
        }
    }),
};

static CONTAINER_INSTANCE_IMAGE_FORM: Check = Check {
    rule: &Rule {
        name: "container-instance-image-form",
        level: Level::Warning,
        summary: "the build instance of a container starts from an AMI id or an `ssm:` parameter",
        why: "Containers are built on an EC2 instance, and its image is an AMI. Captures from before SSM parameters \
              were taken here hold AMI ids only.",
        help: "a container reference belongs in `parentImage`; an SSM parameter needs the prefix `ssm:`",
        source: &[INSTANCE, "service model: InstanceConfiguration.image"],
        ..Rule::BASE
    },
    on: &Each::<(InstanceConfiguration, ContainerRecipeSummary)>(|holder, cx| {
        let Some((node, text)) = instance_image(holder.any()).and_then(non_empty) else {
            return;
        };
        if !text.starts_with("ami-") && !text.starts_with("ssm:") {
            let message = format!("`{}` is neither an AMI id nor an `ssm:` parameter", quoted(text));
            cx.report(node, message);
        }
    }),
};
