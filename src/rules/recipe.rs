//! An image's recipe, and its type against the recipe and the outputs.

use crate::document::secret::quoted;
use crate::finding::Level;
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rules::arn::image_builder_arn;
use crate::rules::build_origin::import_type;
use crate::rules::source::{IMAGE, IMAGE_DETAILS};

pub(super) static RULES: &[&Rule] =
    &[&RECIPE_EXCLUSIVE, &RECIPE_MISSING, &RECIPE_ON_IMPORT, &IMAGE_TYPE_RECIPE, &OUTPUT_KIND, &IMAGE_RECIPE_TYPE];

static RECIPE_EXCLUSIVE: Rule = Rule {
    name: "recipe-exclusive",
    on: &[Shape::Image],
    summary: "an image has an image recipe or a container recipe, not both",
    why: "An image is built from exactly one recipe: an image recipe makes an AMI, a container recipe a container \
          image. An empty recipe counts as absent.",
    help: "keep the recipe that fits the image's type",
    source: &["service model: Image", IMAGE],
    check: |image, cx| {
        if let (Some(ami), Some(container)) = (image.get("imageRecipe"), image.get("containerRecipe")) {
            let message = "the image has both an image recipe and a container recipe; one was expected";
            let finding = cx.report(image, message);
            finding.at(ami.key_span()).says("makes an AMI").label(container.key_span(), "makes a container image");
        }
    },
    ..Rule::BASE
};

static RECIPE_MISSING: Rule = Rule {
    name: "recipe-missing",
    level: Level::Info,
    on: &[Shape::Image],
    summary: "an image that was built has a recipe",
    why: "Whatever Image Builder built on an infrastructure configuration was built from a recipe. Imported and \
          distributed images and those of vendors have none, and captures without an infrastructure configuration \
          are taken for shortened.",
    help: "the capture was shortened; add the recipe, or drop the infrastructure configuration too",
    source: &["service model: Image", IMAGE],
    check: |image, cx| {
        let built = image.get("buildType").is_none_or(|build_type| {
            build_type.text().is_some_and(|build_type| matches!(build_type, "USER_INITIATED" | "SCHEDULED"))
        });
        let bare = image.get("imageRecipe").is_none() && image.get("containerRecipe").is_none();
        let Some(infrastructure) = image.get("infrastructureConfiguration").filter(|_| built && bare) else {
            return;
        };
        let arn = image.get("arn").and_then(|arn| image_builder_arn(arn, cx));
        if arn.is_none_or(|(arn, _)| arn.is_customers()) {
            let message = "a built image has neither `imageRecipe` nor `containerRecipe`; one was expected";
            cx.report(image, message).at(infrastructure.key_span()).says("built on this");
        }
    },
    ..Rule::BASE
};

static RECIPE_ON_IMPORT: Rule = Rule {
    name: "recipe-on-import",
    level: Level::Warning,
    on: &[Shape::Image],
    summary: "an imported image has no recipe",
    why: "An import turns a disk into an image as it is; no recipe takes part.",
    help: "drop the recipe, or correct `buildType`",
    source: &["service model: Image", IMAGE],
    check: |image, cx| {
        let recipe = image.get("imageRecipe").or_else(|| image.get("containerRecipe"));
        if let (Some(build_type), Some(recipe)) = (import_type(image), recipe) {
            let found = build_type.text().unwrap_or_default();
            let message = format!("an image of build type `{found}` has `{}`; imports have no recipe", recipe.member());
            cx.report(recipe, message).at(recipe.key_span()).label(build_type.span(), "an import");
        }
    },
    ..Rule::BASE
};

static IMAGE_TYPE_RECIPE: Rule = Rule {
    name: "image-type-recipe",
    on: &[Shape::Image],
    summary: "an AMI has an image recipe, a container image a container recipe",
    why: "The recipe decides the type: imageRecipe makes type AMI, containerRecipe makes type DOCKER.",
    help: "one of the two was edited",
    source: &[IMAGE, "service model: Image.imageRecipe"],
    check: |image, cx| {
        let (wrong, other, makes) = match image.get_text("type") {
            Some("AMI") => ("containerRecipe", "imageRecipe", "a container image"),
            Some("DOCKER") => ("imageRecipe", "containerRecipe", "an AMI"),
            _ => return,
        };
        // Two recipes are `recipe-exclusive`'s.
        if let (Some(recipe), None, Some(kind)) = (image.get(wrong), image.get(other), image.get("type")) {
            let message = format!("type `{}`, but the recipe makes {makes}", kind.text().unwrap_or_default());
            cx.report(kind, message).label(recipe.key_span(), format!("makes {makes}"));
        }
    },
    ..Rule::BASE
};

static OUTPUT_KIND: Rule = Rule {
    name: "output-kind",
    on: &[Shape::Image, Shape::ImageSummary],
    summary: "an AMI image puts out AMIs, a container image containers",
    why: "The outputs are of the image's type. Captures from before 2020-12 carry no type and are not judged.",
    help: "one of the two was edited",
    source: &[IMAGE_DETAILS, "service model: OutputResources"],
    check: |image, cx| {
        let (wrong, found) = match image.get_text("type") {
            Some("AMI") => ("containers", "container images"),
            Some("DOCKER") => ("amis", "AMIs"),
            _ => return,
        };
        let outputs = image.get("outputResources").and_then(|outputs| outputs.get(wrong));
        if let (Some(outputs), Some(kind)) = (outputs, image.get("type")) {
            let message =
                format!("an image of type `{}` has {found} among its outputs", kind.text().unwrap_or_default());
            cx.report(outputs, message).at(outputs.key_span()).says(found).label(kind.span(), "the image's type");
        }
    },
    ..Rule::BASE
};

static IMAGE_RECIPE_TYPE: Rule = Rule {
    name: "image-recipe-type",
    level: Level::Warning,
    on: &[Shape::ImageRecipe],
    summary: "an image recipe has type AMI",
    why: "Image recipes make AMIs and nothing else; container images come from container recipes. Responses do not \
          carry this member today, so it was written by hand.",
    help: "drop `type` or set it to `AMI`; for a container image use a container recipe",
    source: &[
        "service model: ImageRecipe.type",
        "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageRecipe.html",
    ],
    outranks: &["enum-value"],
    check: |recipe, cx| {
        let Some((kind, found)) = recipe.get_with_text("type") else {
            return;
        };
        // Another spelling of `AMI` is `enum-value`'s.
        if !found.eq_ignore_ascii_case("AMI") {
            cx.report(kind, format!("image recipe of type `{}`; `AMI` was expected", quoted(found)));
        }
    },
    ..Rule::BASE
};
