//! What an image says about itself: its status, its build type, its platform.

use crate::aws::platform::Platform;
use crate::model::typed::shapes::{Image, ImageState};
use crate::rule::prelude::*;

/// The statuses of an image that is being built, in their order.
pub(crate) const STAGES: [&str; 6] = ["PENDING", "CREATING", "BUILDING", "TESTING", "DISTRIBUTING", "INTEGRATING"];

/// The status of an image or an AMI, with its node.
pub(crate) fn status<S: Has<member::State, Value = ImageState>>(resource: Node<'_, S>) -> Option<(Node<'_>, &str)> {
    resource.get(member::State)?.get_with_text(member::Status)
}

/// The build type of an image, if it is an import.
pub(crate) fn import_type(image: Node<'_, Image>) -> Option<Node<'_>> {
    image.get(member::BuildType).filter(|node| node.text().is_some_and(|text| text.starts_with("IMPORT")))
}

/// The platform that a node holds; None where it is unknown.
pub(crate) fn existing_platform(node: Node<'_>) -> Option<(Node<'_>, Platform)> {
    Some((node, Platform::named(node.text()?)?))
}

/// Whether nothing was built for an image: it has neither a recipe nor an infrastructure configuration nor a pipeline,
/// like those that DistributeImage makes of another image.
pub(crate) fn is_only_distributed(image: Node<'_, Image>) -> bool {
    image.get(member::ImageRecipe).is_none()
        && image.get(member::ContainerRecipe).is_none()
        && image.get(member::InfrastructureConfiguration).is_none()
        && image.get(member::SourcePipelineArn).is_none()
        && import_type(image).is_none()
}

/// The ARN of an image's recipe.
pub(crate) fn recipe_arn(image: Node<'_, Image>) -> Option<Node<'_>> {
    let image_recipe = image.get(member::ImageRecipe).and_then(|recipe| recipe.get(member::Arn));
    image_recipe.or_else(|| image.get(member::ContainerRecipe)?.get(member::Arn))
}

/// Whether image tests are enabled, which run on an instance of their own.
pub(crate) fn runs_tests(image: Node<'_, Image>) -> bool {
    let tests = image.get(member::ImageTestsConfiguration).and_then(|tests| tests.get(member::ImageTestsEnabled));
    tests.and_then(Node::boolean) == Some(true)
}
