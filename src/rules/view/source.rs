//! The pages of AWS that rules of several themes cite.

/// The details of an image in the console and the API.
pub(crate) const IMAGE_DETAILS: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/userguide/image-details-list.html";
/// The members of an image.
pub(crate) const IMAGE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Image.html";
/// The response that most captures hold.
pub(crate) const GET_IMAGE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_GetImage.html";
/// The members of a request for a recipe.
pub(crate) const CREATE_IMAGE_RECIPE: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateImageRecipe.html";
/// Versions and their wildcards.
pub(crate) const VERSIONING: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/userguide/ibhow-semantic-versioning.html";
/// The description of an image by ParallelCluster.
pub(crate) const DESCRIBE_IMAGE: &str = "https://docs.aws.amazon.com/parallelcluster/latest/ug/describe-image.html";
