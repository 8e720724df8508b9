//! Names: their form, and the names that ARNs derive from them.

use crate::aws::slug::{is_slug_of, slug};
use crate::aws::version::Version;
use crate::model::typed::shapes::{
    ContainerRecipe, ContainerRecipeSummary, DistributionConfiguration, DistributionConfigurationSummary, Image,
    ImagePipeline, ImageRecipe, ImageRecipeSummary, ImageSummary, ImageVersion, InfrastructureConfiguration,
    InfrastructureConfigurationSummary, ResourceName,
};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::image::recipe_arn;
use crate::rules::view::source::{CREATE_IMAGE_RECIPE, IMAGE_DETAILS};
use crate::text::span::Span;

pub(super) static RULES: &[&Check] = &[&NAME_ARN_SLUG, &IMAGE_RECIPE_IDENTITY, &RESOURCE_NAME_SHAPE];

pub(super) static NAME_ARN_SLUG: Check = Check {
    rule: &Rule {
        name: "name-arn-slug",
        level: Level::Warning,
        summary: "the name in an ARN is the resource's name in lower case with hyphens",
        why: "Image Builder makes the name segment of an ARN from the name: lower case, hyphens in place of spaces and \
              underscores. Names with other characters are not judged. Where the recipe agrees with an image's name, \
              the image's ARN is reported.",
        help: "one of the two was edited",
        source: &["service model: Filter.name", CREATE_IMAGE_RECIPE],
        outranks: &[RESOURCE_NAME_SHAPE.rule],
        ..Rule::BASE
    },
    on: &Each::<(
        Image,
        ImageSummary,
        ImageVersion,
        ImageRecipe,
        ImageRecipeSummary,
        ContainerRecipe,
        ContainerRecipeSummary,
        InfrastructureConfiguration,
        InfrastructureConfigurationSummary,
        DistributionConfiguration,
        DistributionConfigurationSummary,
        ImagePipeline,
    )>(|resource, cx| {
        let (Some(name), Some(arn)) = (resource.get(member::Name), resource.get(member::Arn)) else {
            return;
        };
        let (Some(text), Some((_, named))) = (name.text(), image_builder_arn(arn, cx)) else {
            return;
        };
        let wildcard = named.version.is_some_and(Version::has_wildcard);
        if wildcard || !named.has_valid_name() || is_slug_of(named.name, text) {
            return;
        }
        let Some(slug) = slug(text) else {
            return;
        };
        let found = quoted(named.name);
        let recipe = recipe_segment(resource.any(), cx);
        if recipe.is_some_and(|recipe| is_slug_of(recipe, text)) {
            let message = format!("`arn` has the name `{found}`; name and recipe of the image give `{slug}`");
            let finding = cx.report(arn, message).at_part(arn.slice(named.name)).explains();
            finding.label(name.span(), "the name");
            return;
        }
        let message = format!("name `{text}` gives the ARN segment `{slug}`; the ARN has `{found}`");
        let finding = cx.report(name, message).label(arn.slice(named.name), "the name in the ARN");
        if recipe == Some(named.name) {
            finding.explains();
        }
    }),
};

/// The name segment in the ARN of an image's recipe.
fn recipe_segment<'d>(resource: Node<'d>, cx: &Context<'d>) -> Option<&'d str> {
    let arn = recipe_arn(resource.cast::<Image>()?)?;
    Some(image_builder_arn(arn, cx)?.1.name)
}

static IMAGE_RECIPE_IDENTITY: Check = Check {
    rule: &Rule {
        name: "image-recipe-identity",
        level: Level::Warning,
        summary: "an image has the name and version of its recipe",
        why: "An image takes its name and its version from the recipe that it was built from; the build number is all \
              that Image Builder adds. Imported images have no recipe to agree with.",
        help: "image and recipe come from two captures, or one of them was edited",
        source: &[IMAGE_DETAILS],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        if image.get_text(member::BuildType).is_some_and(|build| build.starts_with("IMPORT")) {
            return;
        }
        let recipe = match (image.get(member::ImageRecipe), image.get(member::ContainerRecipe)) {
            (Some(recipe), None) => Identity::of(recipe),
            (None, Some(recipe)) => Identity::of(recipe),
            // Two recipes are reported by `recipe-exclusive`.
            _ => return,
        };
        let image = Identity::of(image);
        let difference = differing_names(&image, &recipe, cx).or_else(|| differing_versions(&image, &recipe, cx));
        if let Some((image_span, recipe_node, message)) = difference {
            cx.report(recipe_node, message).label(image_span, "the image");
        }
    }),
};

/// The members that identify an image or a recipe.
struct Identity<'d> {
    arn: Option<Node<'d>>,
    name: Option<Node<'d>>,
    version: Option<Node<'d>>,
}

impl<'d> Identity<'d> {
    fn of<S>(resource: Node<'d, S>) -> Self
    where
        S: Has<member::Arn, Value = Any> + Has<member::Name, Value = Any> + Has<member::Version, Value = Any>,
    {
        Identity {
            arn: resource.get(member::Arn),
            name: resource.get(member::Name),
            version: resource.get(member::Version),
        }
    }
}

/// Where the image says it, where the recipe does, and the message.
type Difference<'d> = (Span, Node<'d>, String);

fn differing_names<'d>(image: &Identity<'d>, recipe: &Identity<'d>, cx: &Context<'d>) -> Option<Difference<'d>> {
    let difference = |(image, recipe): (Node<'d>, Node<'d>), one: &str, other: &str| {
        let message = || format!("the image is `{}`, its recipe `{}`", quoted(one), quoted(other));
        (one != other).then(|| (image.slice(one), recipe, message()))
    };
    let by_name = image.name.zip(recipe.name).and_then(|pair| difference(pair, pair.0.text()?, pair.1.text()?));
    let by_arn = || {
        let pair = image.arn.zip(recipe.arn)?;
        let name = |node| image_builder_arn(node, cx).map(|(_, named)| named).filter(|named| named.has_valid_name());
        difference(pair, name(pair.0)?.name, name(pair.1)?.name)
    };
    by_name.or_else(by_arn)
}

fn differing_versions<'d>(image: &Identity<'d>, recipe: &Identity<'d>, cx: &Context<'d>) -> Option<Difference<'d>> {
    let image_version = version_node(image, cx)?;
    let recipe_version = version_node(recipe, cx)?;
    // If the image's ARN agrees with the recipe, its `version` is wrong, which is reported by
    // `image-version-arn`.
    let in_arn = image.arn.and_then(|arn| cx.arn_version(arn));
    if in_arn.is_some_and(|version| version.same_numbers(recipe_version.1)) {
        return None;
    }
    let message =
        || format!("the image has version `{}`, its recipe `{}`", image_version.1.numbers, recipe_version.1.numbers);
    let place = || image_version.0.slice(image_version.1.numbers);
    (!image_version.1.same_numbers(recipe_version.1)).then(|| (place(), recipe_version.0, message()))
}

/// A valid version from `version`, or else from the ARN.
fn version_node<'d>(resource: &Identity<'d>, cx: &Context<'d>) -> Option<(Node<'d>, Version<'d>)> {
    let is_valid = |version: &Version<'_>| version.is_fixed() && !version.exceeds_limit();
    let member = resource.version.and_then(|node| Some((node, Version::parse(node.text()?))));
    let in_arn = || {
        let node = resource.arn?;
        Some((node, image_builder_arn(node, cx)?.1.version?))
    };
    member.filter(|(_, version)| is_valid(version)).or_else(in_arn).filter(|(_, version)| is_valid(version))
}

pub(super) static RESOURCE_NAME_SHAPE: Check = Check {
    rule: &Rule {
        name: "resource-name-shape",
        level: Level::Info,
        summary: "a resource's name has 3 to 128 letters, digits, spaces, hyphens and underscores",
        why: "The service takes such names only when it creates resources: in a request another one is an error. \
              Imported images may carry others, which is why it is none in responses.",
        help: "allowed are A-Z, a-z, 0-9, `-`, `_`, and spaces inside",
        source: &["service model: ResourceName", "service model: ImportVmImageRequest.name"],
        excuses: &[&structure::STRING_PATTERN],
        ..Rule::BASE
    },
    on: &Each::<ResourceName>(|name, cx| {
        let Some(text) = name.text() else {
            return;
        };
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b' ');
        let outer = |byte: Option<&u8>| byte.is_some_and(|byte| *byte != b' ');
        let bytes = text.as_bytes();
        let fits = (3..=128).contains(&bytes.len())
            && bytes.iter().copied().all(inner)
            && outer(bytes.first())
            && outer(bytes.last());
        if !fits {
            let message =
                format!("name `{}`; 3 to 128 of A-Z a-z 0-9 - _, with spaces inside only, were expected", quoted(text));
            let level = if cx.is_request() { Level::Error } else { Level::Info };
            cx.report(name, message).level(level);
        }
    }),
};
