//! The version that a resource has beside its ARN: that it is the one of the ARN, and names the build.

use crate::aws::version::Version;
use crate::model::typed::shapes::{ContainerRecipe, Image, ImageRecipe, ImageSummary, ImageVersion};
use crate::rule::prelude::*;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::image::recipe_arn;
use crate::rules::view::source::{GET_IMAGE, VERSIONING};
use crate::text::span::Span;

pub(super) static RULES: &[&Check] = &[&VERSION_WITHOUT_BUILD, &IMAGE_VERSION_ARN, &RECIPE_VERSION_ARN];

pub(super) static VERSION_WITHOUT_BUILD: Check = Check {
    rule: &Rule {
        name: "version-without-build",
        level: Level::Info,
        summary: "the version of a built image names its build",
        why: "Every published response carries four nodes here, such as 1.0.0/1. Three usually mark a capture that was \
              written by hand or generated from an older model.",
        help: "a response carries <major>.<minor>.<patch>/<build> here",
        source: &[GET_IMAGE, "service model: VersionNumberWithBuild"],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<(Image, ImageSummary)>(|image, cx| {
        let Some((node, version, in_arn)) = version_and_arn(image, cx).filter(|_| !cx.is_notification()) else {
            return;
        };
        let build = in_arn.build.filter(|_| in_arn.is_fixed());
        if let (None, Some(build)) = (version.build, build)
            && version.is_fixed()
            && version.same_numbers(in_arn)
        {
            let message = format!("version `{}` stops before the build; the ARN has build {build}", version.text);
            let end = Span::new(node.span().end - 1, node.span().end - 1);
            cx.report(node, message).fix(Fix::safe("append the build of the ARN", end, format!("/{build}")));
        }
    }),
};

/// The `version` of a resource with its node, and the version in its ARN.
fn version_and_arn<'d, S>(resource: Node<'d, S>, cx: &Context<'d>) -> Option<(Node<'d>, Version<'d>, Version<'d>)>
where
    S: Has<member::Version> + Has<member::Arn>,
{
    let (node, text) = resource.get_with_text(member::Version)?;
    let (_, named) = image_builder_arn(resource.get(member::Arn)?, cx)?;
    Some((node, Version::parse(text), named.version?))
}

pub(super) static IMAGE_VERSION_ARN: Check = Check {
    rule: &Rule {
        name: "image-version-arn",
        summary: "an image's version is that of its ARN",
        why: "The version is part of the ARN. Where the two differ one of them was edited: the ARN, if the recipe \
              agrees with the version.",
        help: "one of the two was edited; take the version from the ARN",
        source: &[VERSIONING, "service model: Image.version"],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<(Image, ImageSummary, ImageVersion)>(|image, cx| {
        // In a notification this is reported by `sns-build-version`.
        if !cx.is_notification() {
            check_agreement(image, cx, true);
        }
    }),
};

/// The version of the recipe of an image, from its ARN.
fn recipe_version<'d>(image: Node<'d, Image>, cx: &Context<'d>) -> Option<Version<'d>> {
    cx.arn_version(recipe_arn(image)?).filter(|version| version.is_fixed())
}

pub(super) static RECIPE_VERSION_ARN: Check = Check {
    rule: &Rule {
        name: "recipe-version-arn",
        summary: "a recipe's version is that of its ARN",
        why: "The version is part of the ARN. Where the two differ one of them was edited.",
        help: "one of the two was edited; take the version from the ARN",
        source: &[VERSIONING, "service model: ImageRecipe.version"],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<(ImageRecipe, ContainerRecipe)>(|recipe, cx| check_agreement(recipe, cx, false)),
};

fn check_agreement<'d, S>(resource: Node<'d, S>, cx: &mut Reporter<'_, 'd>, with_build: bool)
where
    S: Has<member::Version> + Has<member::Arn, Value = Any>,
{
    let Some((node, version, in_arn)) = version_and_arn(resource, cx) else {
        return;
    };
    if !version.is_fixed() || !in_arn.is_fixed() {
        return;
    }
    let builds = with_build.then(|| version.build.zip(in_arn.build)).flatten();
    let same_text = version.numbers == in_arn.numbers && builds.is_none_or(|(one, other)| one == other);
    if same_text {
        return;
    }
    let number = |build: &str| build.trim_start_matches('0').to_owned();
    let same_value = version.same_numbers(in_arn) && builds.is_none_or(|(one, other)| number(one) == number(other));
    let arn = resource.get(member::Arn).unwrap_or(node);
    let recipe = resource.any().cast::<Image>().and_then(|image| recipe_version(image, cx));
    if recipe.is_some_and(|recipe| recipe.same_numbers(version) && !recipe.same_numbers(in_arn)) {
        let message =
            format!("`arn` has version `{}`; version and recipe of the image have `{}`", in_arn.text, version.numbers);
        let place = arn.slice(in_arn.numbers);
        let finding = cx.report(arn, message).at_part(place).explains().label(node.span(), "the version");
        finding.help("correct the ARN, or bring back the version and the recipe that belong to it");
        finding.fix(Fix::risky(format!("write `{}`", version.numbers), place, version.numbers));
        return;
    }
    let wanted = if with_build { in_arn.text } else { in_arn.numbers };
    let fix = Fix::risky("copy the version from the ARN", node.part(0..version.text.len()), wanted);
    let message = format!("`version` is `{}`, the ARN has `{wanted}`", version.text);
    let finding = cx.report(node, message);
    finding.label(arn.slice(in_arn.text), "the version in the ARN").fix(fix);
    if same_value {
        finding.level(Level::Info).help("they differ in leading zeros only");
    }
}
