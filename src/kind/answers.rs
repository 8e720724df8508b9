//! The answers of operations that start, create or change something: tokens and ARNs.

use crate::kind::{Form, Keys, Kind, is_common};
use crate::shape::Shape;

macro_rules! answers {
    ($($name:literal, $operations:literal, $member:literal => $shape:ident;)*) => {
        &[$(Kind {
            name: $name,
            summary: concat!("the response of ", $operations),
            recognised: concat!("`", $member, "` with `clientToken` or `requestId`, and hardly anything else"),
            forms: &[Form { shape: Shape::$shape, test: |keys| is_answer(keys, $member) }],
            ..Kind::BASE
        }),*]
    };
}

/// The kinds that the ARN in them tells, those of one form under the name of the best known operation.
pub(super) static ANSWERS: &[Kind] = answers! {
    "send-workflow-step-action", "SendWorkflowStepAction", "stepExecutionId" => SendWorkflowStepActionResponse;
    "create-image", "CreateImage, StartImagePipelineExecution, CancelImageCreation, RetryImage, DistributeImage, ImportDiskImage or DeleteImage", "imageBuildVersionArn" => CreateImageResponse;
    "import-vm-image", "ImportVmImage", "imageArn" => ImportVmImageResponse;
    "create-component", "CreateComponent or ImportComponent", "componentBuildVersionArn" => CreateComponentResponse;
    "create-image-recipe", "CreateImageRecipe", "imageRecipeArn" => CreateImageRecipeResponse;
    "create-container-recipe", "CreateContainerRecipe", "containerRecipeArn" => CreateContainerRecipeResponse;
    "create-infrastructure-configuration", "CreateInfrastructureConfiguration or UpdateInfrastructureConfiguration", "infrastructureConfigurationArn" => CreateInfrastructureConfigurationResponse;
    "create-distribution-configuration", "CreateDistributionConfiguration or UpdateDistributionConfiguration", "distributionConfigurationArn" => CreateDistributionConfigurationResponse;
    "create-image-pipeline", "CreateImagePipeline or UpdateImagePipeline", "imagePipelineArn" => CreateImagePipelineResponse;
    "create-workflow", "CreateWorkflow", "workflowBuildVersionArn" => CreateWorkflowResponse;
    "create-lifecycle-policy", "CreateLifecyclePolicy", "lifecyclePolicyArn" => CreateLifecyclePolicyResponse;
};

fn is_answer(keys: &Keys<'_>, member: &str) -> bool {
    const BESIDE: &[&str] = &["clientToken", "latestVersionReferences", "imageBuildVersionArn"];
    let is_known = |name: &str| name == member || BESIDE.contains(&name) || is_common(name);
    keys.has(member) && (keys.has("clientToken") || keys.has("requestId")) && keys.names().all(is_known)
}
