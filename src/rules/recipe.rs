//! The recipe of an image, and its type compared with the recipe and the outputs.

use crate::model::typed::shapes::{Image, ImageRecipe, ImageSummary, OutputResources};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::image::import_type;
use crate::rules::view::product::{Product, from_type, product};
use crate::rules::view::source::{IMAGE, IMAGE_DETAILS};

pub(super) static RULES: &[&Check] =
    &[&RECIPE_EXCLUSIVE, &RECIPE_MISSING, &RECIPE_ON_IMPORT, &IMAGE_TYPE_RECIPE, &OUTPUT_KIND, &IMAGE_RECIPE_TYPE];

static RECIPE_EXCLUSIVE: Check = Check {
    rule: &Rule {
        name: "recipe-exclusive",
        summary: "an image has an image recipe or a container recipe, not both",
        why: "An image is built from exactly one recipe: an image recipe makes an AMI, a container recipe a container \
              image. An empty recipe counts as absent.",
        help: "keep the recipe that fits the image's type",
        source: &["service model: Image", IMAGE],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        if let (Some(ami), Some(container)) = (image.get(member::ImageRecipe), image.get(member::ContainerRecipe)) {
            let message = "`imageRecipe` and `containerRecipe` exclude each other; an image has one recipe";
            let finding = cx.report(image, message);
            finding.at(ami.key_span()).says("makes an AMI").label(container.key_span(), "makes a container image");
        }
    }),
};

static RECIPE_MISSING: Check = Check {
    rule: &Rule {
        name: "recipe-missing",
        level: Level::Info,
        summary: "an image that was built has a recipe",
        why: "Whatever Image Builder built on an infrastructure configuration was built from a recipe. Imported and \
              distributed images and those of vendors have none, and captures without an infrastructure configuration \
              count as shortened.",
        help: "the capture was shortened; add the recipe, or drop the infrastructure configuration too",
        source: &["service model: Image", IMAGE],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        let built = image.get(member::BuildType).is_none_or(|build_type| {
            build_type.text().is_some_and(|build_type| matches!(build_type, "USER_INITIATED" | "SCHEDULED"))
        });
        let bare = image.get(member::ImageRecipe).is_none() && image.get(member::ContainerRecipe).is_none();
        let Some(infrastructure) = image.get(member::InfrastructureConfiguration).filter(|_| built && bare) else {
            return;
        };
        let arn = image.get(member::Arn).and_then(|arn| image_builder_arn(arn, cx));
        if arn.is_none_or(|(arn, _)| arn.is_customers()) {
            let message = "a built image has neither `imageRecipe` nor `containerRecipe`; one was expected";
            cx.report(image, message).at(image.heading()).label(infrastructure.key_span(), "built on this");
        }
    }),
};

static RECIPE_ON_IMPORT: Check = Check {
    rule: &Rule {
        name: "recipe-on-import",
        level: Level::Warning,
        summary: "an imported image has no recipe",
        why: "An import turns a disk into an image as it is; no recipe takes part.",
        help: "drop the recipe, or correct `buildType`",
        source: &["service model: Image", IMAGE],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        let recipe = image.get(member::ImageRecipe).map(Node::any);
        let recipe = recipe.or_else(|| image.get(member::ContainerRecipe).map(Node::any));
        if let (Some(build_type), Some(recipe)) = (import_type(image), recipe) {
            let found = build_type.text().unwrap_or_default();
            let message = format!("an image of build type `{found}` has `{}`; imports have no recipe", recipe.member());
            cx.report(recipe, message).at(recipe.key_span()).label(build_type.span(), "an import");
        }
    }),
};

static IMAGE_TYPE_RECIPE: Check = Check {
    rule: &Rule {
        name: "image-type-recipe",
        summary: "an AMI has an image recipe, a container image a container recipe",
        why: "The recipe decides the type: imageRecipe makes type AMI, containerRecipe makes type DOCKER.",
        help: "one of the two was edited",
        source: &[IMAGE, "service model: Image.imageRecipe"],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        let image_recipe = image.get(member::ImageRecipe).map(Node::any);
        let container_recipe = image.get(member::ContainerRecipe).map(Node::any);
        let (wrong, other, makes) = match image.get_text(member::Type) {
            Some("AMI") => (container_recipe, image_recipe, "a container image"),
            Some("DOCKER") => (image_recipe, container_recipe, "an AMI"),
            _ => return,
        };
        // Two recipes are reported by `recipe-exclusive`.
        if let (Some(recipe), None, Some(kind)) = (wrong, other, image.get(member::Type)) {
            let message = format!("type `{}`, but the recipe makes {makes}", kind.text().unwrap_or_default());
            cx.report(kind, message).label(recipe.key_span(), format!("makes {makes}"));
        }
    }),
};

static OUTPUT_KIND: Check = Check {
    rule: &Rule {
        name: "output-kind",
        summary: "an AMI image puts out AMIs, a container image containers",
        why: "The outputs are of the image's type. Captures from before 2020-12 carry no type; there the recipe \
              decides.",
        help: "one of the two was edited",
        source: &[IMAGE_DETAILS, "service model: OutputResources"],
        ..Rule::BASE
    },
    on: &Each::<(Image, ImageSummary)>(|image, cx| {
        let product = match image.get(member::Type) {
            Some(kind) => from_type(kind),
            None => product(image),
        };
        let Some((product, reason)) = product else {
            return;
        };
        let (wrong, found): (Slot<OutputResources>, _) = match product {
            Product::Amis => (Slot::of(member::Containers), "container images"),
            Product::Containers => (Slot::of(member::Amis), "AMIs"),
        };
        let Some(outputs) = image.get(member::OutputResources).and_then(|outputs| outputs.get_in(wrong)) else {
            return;
        };
        let (message, says) = match image.get_text(member::Type) {
            Some(kind) => (format!("an image of type `{kind}` has {found} among its outputs"), "the image's type"),
            None => {
                let built = product.described();
                (format!("`{}` among the outputs, although the recipe makes {built}", outputs.member()), "the recipe")
            }
        };
        cx.report(outputs, message).at(outputs.key_span()).says(found).label(reason, says);
    }),
};

static IMAGE_RECIPE_TYPE: Check = Check {
    rule: &Rule {
        name: "image-recipe-type",
        level: Level::Warning,
        summary: "an image recipe has type AMI",
        why: "Image recipes make AMIs and nothing else; container images come from container recipes. Responses do not \
              carry this member today, so it was written by hand.",
        help: "drop `type` or set it to `AMI`; for a container image use a container recipe",
        source: &[
            "service model: ImageRecipe.type",
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageRecipe.html",
        ],
        outranks: &[&structure::ENUM_VALUE],
        ..Rule::BASE
    },
    on: &Each::<ImageRecipe>(|recipe, cx| {
        let Some((kind, found)) = recipe.get_with_text(member::Type) else {
            return;
        };
        // Another spelling of `AMI` is reported by `enum-value`.
        if !found.eq_ignore_ascii_case("AMI") {
            cx.report(kind, format!("image recipe of type `{}`; `AMI` was expected", quoted(found)));
        }
    }),
};
