//! An image's type against its recipe and its outputs.

use crate::rule::Rule;
use crate::shape::Shape;

pub(super) static RULES: &[&Rule] = &[&RECIPE_EXCLUSIVE, &IMAGE_TYPE_RECIPE, &OUTPUT_KIND];

static RECIPE_EXCLUSIVE: Rule = Rule {
    name: "recipe-exclusive",
    on: &[Shape::Image],
    summary: "an image has an image recipe or a container recipe, not both",
    why: "An image is built from exactly one recipe: an image recipe makes an AMI, a container recipe a container \
          image. An empty recipe counts as absent.",
    help: "keep the recipe that fits the image's type",
    source: &["service model: Image", "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Image.html"],
    check: |image, cx| {
        if let (Some(ami), Some(container)) = (image.get("imageRecipe"), image.get("containerRecipe")) {
            let message = "the image has both an image recipe and a container recipe; one was expected";
            let finding = cx.report(image, message);
            finding.at(ami.key_span()).says("makes an AMI").label(container.key_span(), "makes a container image");
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
    source: &[
        "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Image.html",
        "service model: Image.imageRecipe",
    ],
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
    source: &[
        "https://docs.aws.amazon.com/imagebuilder/latest/userguide/image-details-list.html",
        "service model: OutputResources",
    ],
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
