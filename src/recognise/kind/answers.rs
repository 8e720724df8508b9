//! The answers of operations that start, create or change something: tokens and ARNs.

use crate::model::shape::Shape;
use crate::recognise::kind::{Form, Kind};
use crate::recognise::sign::Sign::{self, All, Any, Has, HasAny, Is, Mostly, NoMoreThan, Only, OwnArn, Without};

/// What names a resource or, by its id, a step.
macro_rules! names {
    ("stepExecutionId") => {
        Is {
            words: "`stepExecutionId` of a step, without `action` or `status`",
            test: |keys| {
                keys.text("stepExecutionId").is_some_and(|id| id.starts_with("step-"))
                    && !keys.has_any(&["action", "status"])
            },
        }
    };
    ($member:tt) => {
        OwnArn($member)
    };
}

macro_rules! answers {
    ($($name:literal, $operations:literal, $member:tt, $token:ident => $shape:ident;)*) => {
        &[$(Kind {
            name: $name,
            summary: concat!("the response of ", $operations),
            forms: &[Form {
                shape: Shape::$shape,
                sign: Any(&[
                    All(&[
                        Has($member),
                        $token,
                        Only(&[$member, "clientToken", "latestVersionReferences", "imageBuildVersionArn", "resourceArn"]),
                    ]),
                    // The service may return more than the model knows.
                    All(&[names!($member), $token, ANSWERED_OR_SHORT, Mostly(Shape::$shape)]),
                ]),
            }],
            ..Kind::BASE
        }),*]
    };
}

/// What an answer has whose shape has a token. boto3 may move the request's id into its metadata.
const TOKEN: Sign = HasAny(&["clientToken", "requestId", "ResponseMetadata"]);

/// [`TOKEN`], or the ARN of the build alone, which scripts query.
const TOKEN_OR_ALONE: Sign = Any(&[TOKEN, All(&[OwnArn("imageBuildVersionArn"), NoMoreThan(1)])]);

/// What distinguishes an answer whose shape has no token from those of other operations that name the same resource.
const NO_TOKEN: Sign = Without(&HasAny(&["clientToken", "requestId"]));

/// What no request has, or not with so few members.
const ANSWERED_OR_SHORT: Sign = Any(&[HasAny(&["requestId", "ResponseMetadata"]), NoMoreThan(2)]);

/// The kinds that are recognised by the ARN in them, those of one form under the name of the best known operation.
pub(super) static ANSWERS: &[Kind] = answers! {
    "send-workflow-step-action", "SendWorkflowStepAction", "stepExecutionId", TOKEN => SendWorkflowStepActionResponse;
    "create-image", "CreateImage, StartImagePipelineExecution, CancelImageCreation, RetryImage, DistributeImage, ImportDiskImage or DeleteImage", "imageBuildVersionArn", TOKEN_OR_ALONE => CreateImageResponse;
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
};

const LIFECYCLE_ID: Sign = Is {
    words: "`lifecycleExecutionId` that starts with `lce-`",
    test: |keys| keys.text("lifecycleExecutionId").is_some_and(|text| text.starts_with("lce-")),
};

/// The other answers: one of them names one of two things, one names nothing.
pub(super) static OTHERS: &[Kind] = &[
    Kind {
        name: "start-resource-state-update",
        summary: "the response of StartResourceStateUpdate or CancelLifecycleExecution",
        forms: &[Form {
            shape: Shape::StartResourceStateUpdateResponse,
            sign: Any(&[
                All(&[
                    Any(&[Has("lifecycleExecutionId"), OwnArn("resourceArn")]),
                    NO_TOKEN,
                    Only(&["lifecycleExecutionId", "resourceArn"]),
                ]),
                // The service may return more than the model knows.
                All(&[LIFECYCLE_ID, NoMoreThan(4)]),
                All(&[
                    OwnArn("resourceArn"),
                    HasAny(&["requestId", "ResponseMetadata"]),
                    Without(&HasAny(&["clientToken", "data", "tagKeys", "tags", "url"])),
                    NoMoreThan(3),
                ]),
            ]),
        }],
        is_sure: |keys| LIFECYCLE_ID.is_on(keys),
        ..Kind::BASE
    },
    Kind {
        name: "tag-resource",
        summary: "the response of TagResource or UntagResource, which has nothing but what a client adds",
        forms: &[Form {
            shape: Shape::TagResourceResponse,
            sign: All(&[
                HasAny(&["ResponseMetadata", "$metadata", "ResultMetadata"]),
                Without(&Has("requestId")),
                Only(&[]),
            ]),
        }],
        ..Kind::BASE
    },
];
