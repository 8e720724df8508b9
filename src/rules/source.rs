//! The pages of AWS that rules of several themes cite. Holds no rule.

/// The details of an image in the console and the API.
pub(super) const IMAGE_DETAILS: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/userguide/image-details-list.html";
/// The members of an image.
pub(super) const IMAGE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Image.html";
/// The response that most captures hold.
pub(super) const GET_IMAGE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_GetImage.html";
/// The members of a request for a recipe.
pub(super) const CREATE_IMAGE_RECIPE: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateImageRecipe.html";
/// Versions and their wildcards.
pub(super) const VERSIONING: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/userguide/ibhow-semantic-versioning.html";
