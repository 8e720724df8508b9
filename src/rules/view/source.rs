//! The pages of AWS that rules of several themes cite.

/// The details of an image in the console.
pub(crate) const IMAGE_DETAILS: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/userguide/view-image-details.html";
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
/// The members of an execution of a workflow.
pub(crate) const WORKFLOW_EXECUTION: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_GetWorkflowExecution.html";
/// The description of an image by ParallelCluster.
pub(crate) const DESCRIBE_IMAGE: &str = "https://docs.aws.amazon.com/parallelcluster/latest/ug/describe-image.html";
/// How ParallelCluster puts its answers about images together.
pub(crate) const IMAGE_CONTROLLER: &str = "https://github.com/aws/aws-parallelcluster/blob/develop/cli/src/pcluster/api/controllers/image_operations_controller.py";
/// The members and values of ParallelCluster's answers.
pub(crate) const OPEN_API: &str =
    "https://github.com/aws/aws-parallelcluster/blob/develop/api/spec/openapi/ParallelCluster.openapi.yaml";
