//! Whether an image or a pipeline, or a request for one, produces AMIs or container images.

use crate::model::typed::shapes::{
    CreateImagePipelineRequest, CreateImageRequest, Image, ImagePipeline, UpdateImagePipelineRequest,
};
use crate::rule::prelude::*;
use crate::text::span::Span;

/// What a build produces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    Amis,
    Containers,
}

impl Product {
    /// The outputs in words.
    pub(crate) fn described(self) -> &'static str {
        match self {
            Product::Amis => "AMIs",
            Product::Containers => "container images",
        }
    }
}

/// What an image, a pipeline or a request for one produces, and the span of the type or recipe that decides it. None for other
/// shapes, and where neither or both recipes are present.
pub(crate) fn product<S>(node: Node<'_, S>) -> Option<(Product, Span)> {
    let node = node.any();
    if let Some(image) = node.cast::<Image>() {
        return match image.get(member::Type) {
            Some(kind) => from_type(kind),
            None => from_recipes(image.get(member::ImageRecipe), image.get(member::ContainerRecipe)),
        };
    }
    let names_recipe = node.is::<ImagePipeline>()
        || node.is::<CreateImageRequest>()
        || node.is::<CreateImagePipelineRequest>()
        || node.is::<UpdateImagePipelineRequest>();
    if !names_recipe {
        return None;
    }
    from_recipes(node.get_if_any(member::ImageRecipeArn), node.get_if_any(member::ContainerRecipeArn))
}

/// What an image of a type is, and the span of the type.
pub(crate) fn from_type(kind: Node<'_>) -> Option<(Product, Span)> {
    match kind.text()? {
        "AMI" => Some((Product::Amis, kind.span())),
        "DOCKER" => Some((Product::Containers, kind.span())),
        _ => None,
    }
}

fn from_recipes<I, C>(image: Option<Node<'_, I>>, container: Option<Node<'_, C>>) -> Option<(Product, Span)> {
    match (image, container) {
        (Some(recipe), None) => Some((Product::Amis, recipe.key_span())),
        (None, Some(recipe)) => Some((Product::Containers, recipe.key_span())),
        _ => None,
    }
}
