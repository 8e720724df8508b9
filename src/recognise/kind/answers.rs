//! The answers of operations that start, create or change something: tokens and ARNs.

use crate::model::shape::Shape;
use crate::recognise::kind::{Form, Keys, Kind};

macro_rules! answers {
    ($($name:literal, $operations:literal, $member:literal => $shape:ident;)*) => {
        &[$(Kind {
            name: $name,
            summary: concat!("the response of ", $operations),
            recognised: concat!("`", $member, "` with `clientToken` or `requestId`, if it has one, and hardly anything else"),
            forms: &[Form { shape: Shape::$shape, test: |keys| is_answer(keys, $member, Shape::$shape) }],
            is_sure: |keys| keys.text($member).is_some_and(|text| text.starts_with("lce-")),
            ..Kind::BASE
        }),*]
    };
}

/// The kinds that the ARN in them tells, those of one form under the name of the best known operation.
pub(super) static ANSWERS: &[Kind] = answers! {
    "send-workflow-step-action", "SendWorkflowStepAction", "stepExecutionId" => SendWorkflowStepActionResponse;
    "create-image", "CreateImage, StartImagePipelineExecution, CancelImageCreation, RetryImage, DistributeImage, ImportDiskImage or DeleteImage", "imageBuildVersionArn" => CreateImageResponse;
    "import-vm-image", "ImportVmImage or PutImagePolicy", "imageArn" => ImportVmImageResponse;
    "create-component", "CreateComponent, ImportComponent or DeleteComponent", "componentBuildVersionArn" => CreateComponentResponse;
    "put-component-policy", "PutComponentPolicy", "componentArn" => PutComponentPolicyResponse;
    "create-image-recipe", "CreateImageRecipe, PutImageRecipePolicy or DeleteImageRecipe", "imageRecipeArn" => CreateImageRecipeResponse;
    "create-container-recipe", "CreateContainerRecipe, PutContainerRecipePolicy or DeleteContainerRecipe", "containerRecipeArn" => CreateContainerRecipeResponse;
    "create-infrastructure-configuration", "CreateInfrastructureConfiguration, UpdateInfrastructureConfiguration or DeleteInfrastructureConfiguration", "infrastructureConfigurationArn" => CreateInfrastructureConfigurationResponse;
    "create-distribution-configuration", "CreateDistributionConfiguration, UpdateDistributionConfiguration or DeleteDistributionConfiguration", "distributionConfigurationArn" => CreateDistributionConfigurationResponse;
    "create-image-pipeline", "CreateImagePipeline, UpdateImagePipeline or DeleteImagePipeline", "imagePipelineArn" => CreateImagePipelineResponse;
    "delete-workflow", "DeleteWorkflow", "workflowBuildVersionArn" => DeleteWorkflowResponse;
    "create-workflow", "CreateWorkflow", "workflowBuildVersionArn" => CreateWorkflowResponse;
    "update-lifecycle-policy", "UpdateLifecyclePolicy or DeleteLifecyclePolicy", "lifecyclePolicyArn" => UpdateLifecyclePolicyResponse;
    "create-lifecycle-policy", "CreateLifecyclePolicy", "lifecyclePolicyArn" => CreateLifecyclePolicyResponse;
    "start-resource-state-update", "StartResourceStateUpdate or CancelLifecycleExecution", "lifecycleExecutionId" => StartResourceStateUpdateResponse;
};

fn is_answer(keys: &Keys<'_>, member: &str, shape: Shape) -> bool {
    const BESIDE: [&str; 4] = ["clientToken", "latestVersionReferences", "imageBuildVersionArn", "resourceArn"];
    const TOKENS: [&str; 2] = ["clientToken", "requestId"];
    let is_known = |name: &str| keys.is_among(name, &BESIDE) || keys.is_among(name, &[member]);
    // boto3 may move the request's id into its metadata; some answers have none.
    let may_have = TOKENS.iter().any(|token| shape.member(token).is_some());
    let has_token = keys.has_any(&TOKENS) || (may_have && keys.has("ResponseMetadata"));
    keys.has(member) && has_token == may_have && keys.names().all(is_known)
}
