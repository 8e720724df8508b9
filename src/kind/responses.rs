//! The responses of Image Builder and the objects out of them.

use crate::document::Value;
use crate::kind::relatives::is_sns_image;
use crate::kind::{Form, Keys, Kind, pcluster};
use crate::shape::Shape;

macro_rules! by_member {
    ($($name:literal, $summary:literal, $member:literal => $shape:ident;)*) => {
        &[$(Kind {
            name: $name,
            summary: $summary,
            recognised: concat!("`", $member, "`"),
            forms: &[Form { shape: Shape::$shape, test: |keys| keys.has($member) }],
            ..Kind::BASE
        }),*]
    };
}

/// The kinds that need more than one key's presence to be told, in the order in which they are tried.
pub(super) static TOLD_APART: &[Kind] = &[
    Kind {
        name: "get-image",
        summary: "the GetImage response, or the image object out of it",
        recognised: "`image` (an Image Builder ARN in it, if any), or `arn` of an image with state, recipe, outputs or osVersion",
        forms: &[
            Form { shape: Shape::GetImageResponse, test: is_get_image },
            Form { shape: Shape::Image, test: is_bare_image },
        ],
        ..Kind::BASE
    },
    Kind {
        name: "list-workflow-step-executions",
        summary: "the ListWorkflowStepExecutions response",
        recognised: "`steps` with `workflowExecutionId`, or whose items have a status",
        forms: &[Form {
            shape: Shape::ListWorkflowStepExecutionsResponse,
            test: |keys| {
                keys.has("steps")
                    && (keys.has("workflowExecutionId") || keys.items("steps").any(|step| step.has("status")))
            },
        }],
        ..Kind::BASE
    },
    Kind {
        name: "list-waiting-workflow-steps",
        summary: "the ListWaitingWorkflowSteps response",
        recognised: "`steps` whose items have `imageBuildVersionArn` and no status",
        forms: &[Form {
            shape: Shape::ListWaitingWorkflowStepsResponse,
            test: |keys| keys.items("steps").any(|step| step.has("imageBuildVersionArn")),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "workflow-step-execution",
        summary: "the GetWorkflowStepExecution response, or an entry of a list of steps",
        recognised: "`stepExecutionId` with `action` or `status`",
        forms: &[
            Form {
                shape: Shape::WorkflowStepExecution,
                test: |keys| is_step(keys) && !keys.has("status") && !keys.has("requestId") && !keys.has("inputs"),
            },
            Form { shape: Shape::GetWorkflowStepExecutionResponse, test: is_step },
        ],
        ..Kind::BASE
    },
    Kind {
        name: "workflow-execution",
        summary: "the GetWorkflowExecution response, or an entry of ListWorkflowExecutions",
        recognised: "`workflowExecutionId` with `totalStepCount` or `status`",
        forms: &[
            Form { shape: Shape::WorkflowExecutionMetadata, test: |keys| is_execution(keys) && keys.has("retried") },
            Form { shape: Shape::GetWorkflowExecutionResponse, test: is_execution },
        ],
        ..Kind::BASE
    },
    Kind {
        name: "list-image-scan-findings",
        summary: "the ListImageScanFindings response",
        recognised: "`findings` whose items have `imageBuildVersionArn` or `packageVulnerabilityDetails`, and no `findingArn`",
        forms: &[Form { shape: Shape::ListImageScanFindingsResponse, test: is_scan_findings }],
        ..Kind::BASE
    },
    Kind {
        name: "list-image-scan-finding-aggregations",
        summary: "the ListImageScanFindingAggregations response",
        recognised: "`aggregationType` with `responses`",
        forms: &[Form {
            shape: Shape::ListImageScanFindingAggregationsResponse,
            test: |keys| keys.has("aggregationType") && keys.has("responses"),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "get-policy",
        summary: "the response of GetImagePolicy, GetImageRecipePolicy, GetContainerRecipePolicy or GetComponentPolicy",
        recognised: "`policy`, a string, alone or with `requestId`",
        forms: &[Form {
            shape: Shape::GetImagePolicyResponse,
            test: |keys| keys.text("policy").is_some() && keys.only(&["policy", "Policy"]),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "get-image-recipe",
        summary: "the GetImageRecipe response, or the recipe object out of it",
        recognised: "`imageRecipe` without `arn`, or `arn` of an image recipe",
        forms: &[
            Form { shape: Shape::GetImageRecipeResponse, test: |keys| keys.has("imageRecipe") && !keys.has("arn") },
            Form { shape: Shape::ImageRecipe, test: |keys| keys.arn_of("image-recipe") },
        ],
        ..Kind::BASE
    },
    Kind {
        name: "get-container-recipe",
        summary: "the GetContainerRecipe response, or the recipe object out of it",
        recognised: "`containerRecipe` without `arn`, or `arn` of a container recipe",
        forms: &[
            Form {
                shape: Shape::GetContainerRecipeResponse,
                test: |keys| keys.has("containerRecipe") && !keys.has("arn"),
            },
            Form {
                shape: Shape::ContainerRecipeSummary,
                test: |keys| keys.arn_of("container-recipe") && keys.has("instanceImage"),
            },
            Form { shape: Shape::ContainerRecipe, test: |keys| keys.arn_of("container-recipe") },
        ],
        ..Kind::BASE
    },
    Kind {
        name: "get-infrastructure-configuration",
        summary: "the GetInfrastructureConfiguration response, or the configuration object out of it",
        recognised: "`infrastructureConfiguration` without `arn`, or `arn` of an infrastructure configuration",
        forms: &[
            Form {
                shape: Shape::GetInfrastructureConfigurationResponse,
                test: |keys| keys.has("infrastructureConfiguration") && !keys.has("arn"),
            },
            Form {
                shape: Shape::InfrastructureConfiguration,
                test: |keys| keys.arn_of("infrastructure-configuration"),
            },
        ],
        ..Kind::BASE
    },
    Kind {
        name: "get-distribution-configuration",
        summary: "the GetDistributionConfiguration response, or the configuration object out of it",
        recognised: "`distributionConfiguration` without `arn`, or `arn` of a distribution configuration",
        forms: &[
            Form {
                shape: Shape::GetDistributionConfigurationResponse,
                test: |keys| keys.has("distributionConfiguration") && !keys.has("arn"),
            },
            Form {
                shape: Shape::DistributionConfigurationSummary,
                test: |keys| keys.arn_of("distribution-configuration") && keys.has("regions"),
            },
            Form { shape: Shape::DistributionConfiguration, test: |keys| keys.arn_of("distribution-configuration") },
        ],
        ..Kind::BASE
    },
    Kind {
        name: "get-image-pipeline",
        summary: "the GetImagePipeline response, or the pipeline object out of it",
        recognised: "`imagePipeline`, or `arn` of an image pipeline",
        forms: &[
            Form { shape: Shape::GetImagePipelineResponse, test: |keys| keys.has("imagePipeline") },
            Form { shape: Shape::ImagePipeline, test: |keys| keys.arn_of("image-pipeline") },
        ],
        ..Kind::BASE
    },
    Kind {
        name: "get-component",
        summary: "the GetComponent response, or the component object out of it",
        recognised: "`component`, or `arn` of a component",
        forms: &[
            Form {
                shape: Shape::GetComponentResponse,
                test: |keys| keys.has("component") && keys.only(&["component", "latestVersionReferences"]),
            },
            Form { shape: Shape::Component, test: |keys| keys.arn_of("component") },
        ],
        ..Kind::BASE
    },
    Kind {
        name: "get-workflow",
        summary: "the GetWorkflow response, or the workflow object out of it",
        recognised: "`workflow`, or `arn` of a workflow",
        forms: &[
            Form {
                shape: Shape::GetWorkflowResponse,
                test: |keys| keys.has("workflow") && keys.only(&["workflow", "latestVersionReferences"]),
            },
            Form { shape: Shape::Workflow, test: |keys| keys.arn_of("workflow") },
        ],
        ..Kind::BASE
    },
];

/// The kinds that one key tells.
pub(super) static TOLD_BY_MEMBER: &[Kind] = by_member! {
    "list-images", "the ListImages response", "imageVersionList" => ListImagesResponse;
    "list-image-build-versions", "the response of ListImageBuildVersions or ListImagePipelineImages", "imageSummaryList" => ListImageBuildVersionsResponse;
    "list-image-pipelines", "the ListImagePipelines response", "imagePipelineList" => ListImagePipelinesResponse;
    "list-workflow-executions", "the ListWorkflowExecutions response", "workflowExecutions" => ListWorkflowExecutionsResponse;
    "list-image-packages", "the ListImagePackages response", "imagePackageList" => ListImagePackagesResponse;
    "list-image-recipes", "the ListImageRecipes response", "imageRecipeSummaryList" => ListImageRecipesResponse;
    "list-container-recipes", "the ListContainerRecipes response", "containerRecipeSummaryList" => ListContainerRecipesResponse;
    "list-infrastructure-configurations", "the ListInfrastructureConfigurations response", "infrastructureConfigurationSummaryList" => ListInfrastructureConfigurationsResponse;
    "list-distribution-configurations", "the ListDistributionConfigurations response", "distributionConfigurationSummaryList" => ListDistributionConfigurationsResponse;
    "list-components", "the ListComponents response", "componentVersionList" => ListComponentsResponse;
    "list-component-build-versions", "the ListComponentBuildVersions response", "componentSummaryList" => ListComponentBuildVersionsResponse;
    "list-workflows", "the ListWorkflows response", "workflowVersionList" => ListWorkflowsResponse;
    "list-workflow-build-versions", "the ListWorkflowBuildVersions response", "workflowSummaryList" => ListWorkflowBuildVersionsResponse;
    "list-lifecycle-policies", "the ListLifecyclePolicies response", "lifecyclePolicySummaryList" => ListLifecyclePoliciesResponse;
    "get-lifecycle-policy", "the GetLifecyclePolicy response", "lifecyclePolicy" => GetLifecyclePolicyResponse;
    "list-lifecycle-executions", "the ListLifecycleExecutions response", "lifecycleExecutions" => ListLifecycleExecutionsResponse;
    "get-lifecycle-execution", "the GetLifecycleExecution response", "lifecycleExecution" => GetLifecycleExecutionResponse;
    "list-lifecycle-execution-resources", "the ListLifecycleExecutionResources response", "lifecycleExecutionState" => ListLifecycleExecutionResourcesResponse;
};

fn is_get_image(keys: &Keys<'_>) -> bool {
    match keys.get("image") {
        Some(Value::Object(_)) => {
            let image = keys.object("image");
            if image.is_some_and(|image| pcluster::is_image(&image.loosely())) {
                return false;
            }
            let arn = image.as_ref().and_then(|image| image.text("arn"));
            // Other services return an `image`, too; without an ARN nothing else may be said beside it.
            match arn {
                Some(arn) => {
                    !arn.starts_with("arn:")
                        || arn.split(':').nth(2) == Some("imagebuilder")
                        || keys.only(&["image", "Image"])
                }
                None => {
                    let told = ["state", "version", "outputResources", "imageRecipe", "containerRecipe"];
                    let is_told = |image: &Keys<'_>| told.iter().any(|name| image.has(name));
                    image
                        .is_some_and(|image| is_told(&image) || (keys.only(GET_IMAGE) && image.is_mostly(Shape::Image)))
                }
            }
        }
        Some(_) => keys.has("requestId") && keys.only(GET_IMAGE),
        None => false,
    }
}

const GET_IMAGE: &[&str] = &["image", "Image", "latestVersionReferences"];

fn is_bare_image(keys: &Keys<'_>) -> bool {
    let told = ["state", "imageRecipe", "containerRecipe", "outputResources", "osVersion"];
    // A notification is an image of another serialisation.
    let is_notification = keys.has("semver") || is_sns_image(keys);
    keys.arn_of("image") && !is_notification && told.iter().any(|name| keys.has(name))
}

fn is_step(keys: &Keys<'_>) -> bool {
    keys.has("stepExecutionId") && (keys.has("action") || keys.has("status"))
}

fn is_execution(keys: &Keys<'_>) -> bool {
    keys.has("workflowExecutionId") && (keys.has("totalStepCount") || keys.has("status")) && !keys.has("steps")
}

fn is_scan_findings(keys: &Keys<'_>) -> bool {
    let told = |item: &Keys<'_>| item.has("imageBuildVersionArn") || item.has("packageVulnerabilityDetails");
    keys.items("findings").next().is_some() && keys.items("findings").all(|item| told(&item) && !item.has("findingArn"))
}
