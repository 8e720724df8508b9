//! What an image or a pipeline makes, for the rules that depend on it. Holds no rule.

use crate::finding::Span;
use crate::model::shape::Shape;
use crate::rule::node::Node;

/// The family of a build's outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Product {
    Amis,
    Containers,
}

impl Product {
    /// The outputs in words.
    pub(super) fn described(self) -> &'static str {
        match self {
            Product::Amis => "AMIs",
            Product::Containers => "container images",
        }
    }
}

/// What an image or a pipeline makes, and where it says so: an image's type, or else the one
/// recipe. None for other shapes, and where the document does not tell.
pub(super) fn product(node: Node<'_>) -> Option<(Product, Span)> {
    let recipes = match node.shape() {
        Shape::Image => ["imageRecipe", "containerRecipe"],
        Shape::ImagePipeline => ["imageRecipeArn", "containerRecipeArn"],
        _ => return None,
    };
    let kind = node.shape().member("type").and_then(|_| node.get("type"));
    if let Some(kind) = kind {
        return match kind.text()? {
            "AMI" => Some((Product::Amis, kind.span())),
            "DOCKER" => Some((Product::Containers, kind.span())),
            _ => None,
        };
    }
    match recipes.map(|recipe| node.get(recipe)) {
        [Some(recipe), None] => Some((Product::Amis, recipe.key_span())),
        [None, Some(recipe)] => Some((Product::Containers, recipe.key_span())),
        _ => None,
    }
}
