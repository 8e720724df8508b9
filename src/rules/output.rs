//! What an image or a pipeline makes, for the rules that depend on it. Holds no rule.

use crate::finding::Span;
use crate::node::Node;
use crate::shape::Shape;

/// The family of a build's outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Output {
    Amis,
    Containers,
}

impl Output {
    /// The outputs in words.
    pub(super) fn described(self) -> &'static str {
        match self {
            Output::Amis => "AMIs",
            Output::Containers => "container images",
        }
    }
}

/// What an image or a pipeline makes, and where it says so: an image's type, or else the one
/// recipe. None for other shapes, and where the document does not tell.
pub(super) fn output(node: Node<'_>) -> Option<(Output, Span)> {
    let recipes = match node.shape() {
        Shape::Image => ["imageRecipe", "containerRecipe"],
        Shape::ImagePipeline => ["imageRecipeArn", "containerRecipeArn"],
        _ => return None,
    };
    let kind = node.shape().member("type").and_then(|_| node.get("type"));
    if let Some(kind) = kind {
        return match kind.text()? {
            "AMI" => Some((Output::Amis, kind.span())),
            "DOCKER" => Some((Output::Containers, kind.span())),
            _ => None,
        };
    }
    match recipes.map(|recipe| node.get(recipe)) {
        [Some(recipe), None] => Some((Output::Amis, recipe.key_span())),
        [None, Some(recipe)] => Some((Output::Containers, recipe.key_span())),
        _ => None,
    }
}
