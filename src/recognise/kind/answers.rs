//! The answers of operations that start, create or change something: tokens and ARNs.

use crate::model::shape::Shape;
use crate::recognise::kind::{Form, Kind};
use crate::recognise::sign::Sign;

macro_rules! answers {
    ($($name:literal, $operations:literal, $member:literal, $token:ident => $shape:ident;)*) => {
        &[$(Kind {
            name: $name,
            summary: concat!("the response of ", $operations),
            forms: &[Form {
                shape: Shape::$shape,
                sign: Sign::All(&[
                    Sign::Has($member),
                    $token,
                    Sign::Only(&[$member, "clientToken", "latestVersionReferences", "imageBuildVersionArn", "resourceArn"]),
                ]),
            }],
            is_sure: |keys| keys.text($member).is_some_and(|text| text.starts_with("lce-")),
            ..Kind::BASE
        }),*]
    };
}

/// What an answer has whose shape has a token. boto3 may move the request's id into its metadata.
const TOKEN: Sign = Sign::HasAny(&["clientToken", "requestId", "ResponseMetadata"]);

/// What distinguishes an answer whose shape has no token from those of other operations that name the same resource.
const NO_TOKEN: Sign = Sign::Without(&Sign::HasAny(&["clientToken", "requestId"]));

/// The kinds that are recognised by the ARN in them, those of one form under the name of the best known operation.
pub(super) static ANSWERS: &[Kind] = answers! {
    "send-workflow-step-action", "SendWorkflowStepAction", "stepExecutionId", TOKEN => SendWorkflowStepActionResponse;
    "create-image", "CreateImage, StartImagePipelineExecution, CancelImageCreation, RetryImage, DistributeImage, ImportDiskImage or DeleteImage", "imageBuildVersionArn", TOKEN => CreateImageResponse;
    "import-vm-image", "ImportVmImage or PutImagePolicy", "imageArn", TOKEN => ImportVmImageResponse;
    "create-component", "CreateComponent, ImportComponent or DeleteComponent", "componentBuildVersionArn", TOKEN => CreateComponentResponse;
    "put-component-policy", "PutComponentPolicy", "componentArn", TOKEN => PutComponentPolicyResponse;
    "create-image-recipe", "CreateImageRecipe, PutImageRecipePolicy or DeleteImageRecipe", "imageRecipeArn", TOKEN => CreateImageRecipeResponse;
    "create-container-recipe", "CreateContainerRecipe, PutContainerRecipePolicy or DeleteContainerRecipe", "containerRecipeArn", TOKEN => CreateContainerRecipeResponse;
    "create-infrastructure-configuration", "CreateInfrastructureConfiguration, UpdateInfrastructureConfiguration or DeleteInfrastructureConfiguration", "infrastructureConfigurationArn", TOKEN => CreateInfrastructureConfigurationResponse;
    "create-distribution-configuration", "CreateDistributionConfiguration, UpdateDistributionConfiguration or DeleteDistributionConfiguration", "distributionConfigurationArn", TOKEN => CreateDistributionConfigurationResponse;
    "create-image-pipeline", "CreateImagePipeline, UpdateImagePipeline or DeleteImagePipeline", "imagePipelineArn", TOKEN => CreateImagePipelineResponse;
    "delete-workflow", "DeleteWorkflow", "workflowBuildVersionArn", NO_TOKEN => DeleteWorkflowResponse;
    "create-workflow", "CreateWorkflow", "workflowBuildVersionArn", TOKEN => CreateWorkflowResponse;
    "update-lifecycle-policy", "UpdateLifecyclePolicy or DeleteLifecyclePolicy", "lifecyclePolicyArn", NO_TOKEN => UpdateLifecyclePolicyResponse;
    "create-lifecycle-policy", "CreateLifecyclePolicy", "lifecyclePolicyArn", TOKEN => CreateLifecyclePolicyResponse;
    "start-resource-state-update", "StartResourceStateUpdate or CancelLifecycleExecution", "lifecycleExecutionId", NO_TOKEN => StartResourceStateUpdateResponse;
};
