//! The responses of Image Builder and the objects out of them.

use crate::model::shape::Shape;
use crate::recognise::kind::parts::is_aggregation;
use crate::recognise::kind::relatives::is_sns_image;
use crate::recognise::kind::{Form, Keys, Kind, pcluster};

/// The kinds that need more than one key's presence to be told, in the order in which they are tried.
pub(super) static RESPONSES: &[Kind] = &[
    Kind {
        name: "get-image",
        summary: "the GetImage response, the image object out of it, or an entry of a list of images",
        recognised: "`image` (an Image Builder ARN in it, if any), or `arn` of an image with state, recipe, outputs, osVersion or owner",
        forms: &[
            Form { shape: Shape::GetImageResponse, test: is_get_image },
            Form { shape: Shape::ImageVersion, test: is_listed_version },
            Form { shape: Shape::ImageSummary, test: is_listed_build },
            Form { shape: Shape::Image, test: is_bare_image },
        ],
        is_sure: |keys| {
            let is_own =
                |image: Keys<'_>| has_own_parts(&image) || (keys.has("requestId") && image.is_mostly(Shape::Image));
            let is_alone = || keys.has("requestId") && keys.only(GET_IMAGE);
            keys.is_answer_with("image", Shape::Image) || keys.object("image").map_or_else(is_alone, is_own)
        },
        ..Kind::BASE
    },
    Kind {
        name: "list-workflow-step-executions",
        summary: "the ListWorkflowStepExecutions response",
        recognised: "`steps` with `workflowExecutionId`, or whose items have a status and `stepExecutionId`, or one and `requestId` beside them",
        forms: &[Form {
            shape: Shape::ListWorkflowStepExecutionsResponse,
            test: |keys| {
                keys.has("steps")
                    && (keys.has("workflowExecutionId")
                        || keys.items("steps").any(|step| step.has("status") && is_own_step(&step, keys)))
            },
        }],
        is_sure: |keys| keys.items("steps").any(|step| has_own_id(&step)),
        ..Kind::BASE
    },
    Kind {
        name: "list-waiting-workflow-steps",
        summary: "the ListWaitingWorkflowSteps response",
        recognised: "`steps` whose items have `imageBuildVersionArn`, or which are empty and alone",
        forms: &[Form {
            shape: Shape::ListWaitingWorkflowStepsResponse,
            test: |keys| {
                let is_empty = keys.get("steps").is_some_and(|steps| steps.is_array() && steps.len() == 0);
                (is_empty && keys.only(&["steps", "nextToken"]))
                    || keys.items("steps").any(|step| step.has("imageBuildVersionArn"))
            },
        }],
        is_sure: |keys| keys.items("steps").any(|step| has_own_id(&step)),
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
        is_sure: has_own_id,
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
        is_sure: has_own_id,
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
        recognised: "`aggregationType`, not in capitals as Amazon Inspector's, with `responses`",
        forms: &[Form {
            shape: Shape::ListImageScanFindingAggregationsResponse,
            test: |keys| keys.has("responses") && keys.text("aggregationType").is_some_and(is_own_aggregation),
        }],
        is_sure: |keys| keys.items("responses").any(|item| is_aggregation(&item)),
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
            Form {
                shape: Shape::GetImageRecipeResponse,
                test: |keys| keys.holds("imageRecipe", Shape::ImageRecipe) && !keys.has("arn"),
            },
            Form { shape: Shape::ImageRecipe, test: |keys| keys.arn_of("image-recipe") },
        ],
        is_sure: |keys| keys.is_answer_with("imageRecipe", Shape::ImageRecipe),
        ..Kind::BASE
    },
    Kind {
        name: "get-container-recipe",
        summary: "the GetContainerRecipe response, or the recipe object out of it",
        recognised: "`containerRecipe` without `arn`, or `arn` of a container recipe",
        forms: &[
            Form {
                shape: Shape::GetContainerRecipeResponse,
                test: |keys| keys.holds("containerRecipe", Shape::ContainerRecipe) && !keys.has("arn"),
            },
            Form {
                shape: Shape::ContainerRecipeSummary,
                test: |keys| keys.arn_of("container-recipe") && keys.has("instanceImage"),
            },
            Form { shape: Shape::ContainerRecipe, test: |keys| keys.arn_of("container-recipe") },
        ],
        is_sure: |keys| keys.is_answer_with("containerRecipe", Shape::ContainerRecipe),
        ..Kind::BASE
    },
    Kind {
        name: "get-infrastructure-configuration",
        summary: "the GetInfrastructureConfiguration response, or the configuration object out of it",
        recognised: "`infrastructureConfiguration` without `arn`, or `arn` of an infrastructure configuration",
        forms: &[
            Form {
                shape: Shape::GetInfrastructureConfigurationResponse,
                test: |keys| {
                    keys.holds("infrastructureConfiguration", Shape::InfrastructureConfiguration) && !keys.has("arn")
                },
            },
            Form {
                shape: Shape::InfrastructureConfiguration,
                test: |keys| keys.arn_of("infrastructure-configuration"),
            },
        ],
        is_sure: |keys| keys.is_answer_with("infrastructureConfiguration", Shape::InfrastructureConfiguration),
        ..Kind::BASE
    },
    Kind {
        name: "get-distribution-configuration",
        summary: "the GetDistributionConfiguration response, or the configuration object out of it",
        recognised: "`distributionConfiguration` without `arn`, or `arn` of a distribution configuration",
        forms: &[
            Form {
                shape: Shape::GetDistributionConfigurationResponse,
                test: |keys| {
                    keys.holds("distributionConfiguration", Shape::DistributionConfiguration) && !keys.has("arn")
                },
            },
            Form {
                shape: Shape::DistributionConfigurationSummary,
                test: |keys| keys.arn_of("distribution-configuration") && keys.has("regions"),
            },
            Form { shape: Shape::DistributionConfiguration, test: |keys| keys.arn_of("distribution-configuration") },
        ],
        is_sure: |keys| keys.is_answer_with("distributionConfiguration", Shape::DistributionConfiguration),
        ..Kind::BASE
    },
    Kind {
        name: "get-image-pipeline",
        summary: "the GetImagePipeline response, or the pipeline object out of it",
        recognised: "`imagePipeline`, or `arn` of an image pipeline",
        forms: &[
            Form {
                shape: Shape::GetImagePipelineResponse,
                test: |keys| keys.holds("imagePipeline", Shape::ImagePipeline),
            },
            Form { shape: Shape::ImagePipeline, test: |keys| keys.arn_of("image-pipeline") },
        ],
        is_sure: |keys| keys.is_answer_with("imagePipeline", Shape::ImagePipeline),
        ..Kind::BASE
    },
    Kind {
        name: "get-component",
        summary: "the GetComponent response, or the component object out of it",
        recognised: "`component`, or `arn` of a component",
        forms: &[
            Form {
                shape: Shape::GetComponentResponse,
                test: |keys| {
                    keys.holds("component", Shape::Component) && keys.only(&["component", "latestVersionReferences"])
                },
            },
            Form {
                shape: Shape::ComponentVersion,
                test: |keys| keys.arn_of("component") && keys.has("status") && !keys.has("state"),
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
                test: |keys| {
                    keys.holds("workflow", Shape::Workflow) && keys.only(&["workflow", "latestVersionReferences"])
                },
            },
            Form {
                shape: Shape::WorkflowVersion,
                test: |keys| keys.arn_of("workflow") && !has_build(keys) && !keys.has("state") && !keys.has("data"),
            },
            Form { shape: Shape::Workflow, test: |keys| keys.arn_of("workflow") },
        ],
        ..Kind::BASE
    },
    Kind {
        name: "get-lifecycle-policy",
        summary: "the GetLifecyclePolicy response, or the policy object out of it",
        recognised: "`lifecyclePolicy`, or `arn` of a lifecycle policy",
        forms: &[
            Form {
                shape: Shape::GetLifecyclePolicyResponse,
                test: |keys| keys.holds("lifecyclePolicy", Shape::LifecyclePolicy),
            },
            Form { shape: Shape::LifecyclePolicy, test: |keys| keys.arn_of("lifecycle-policy") },
        ],
        ..Kind::BASE
    },
    Kind {
        name: "list-lifecycle-execution-resources",
        summary: "the ListLifecycleExecutionResources response",
        recognised: "`lifecycleExecutionId` with `resources` or `lifecycleExecutionState`",
        forms: &[Form {
            shape: Shape::ListLifecycleExecutionResourcesResponse,
            test: |keys| {
                keys.has("lifecycleExecutionState") || (keys.has("lifecycleExecutionId") && keys.has("resources"))
            },
        }],
        ..Kind::BASE
    },
    Kind {
        name: "get-lifecycle-execution",
        summary: "the GetLifecycleExecution response, or an entry of ListLifecycleExecutions",
        recognised: "`lifecycleExecution`, or `lifecycleExecutionId` with `lifecyclePolicyArn` or `resourcesImpactedSummary`",
        forms: &[
            Form {
                shape: Shape::GetLifecycleExecutionResponse,
                test: |keys| keys.holds("lifecycleExecution", Shape::LifecycleExecution),
            },
            Form {
                shape: Shape::LifecycleExecution,
                test: |keys| {
                    let told = ["lifecyclePolicyArn", "resourcesImpactedSummary"];
                    keys.has("lifecycleExecutionId") && keys.has_any(&told)
                },
            },
        ],
        is_sure: |keys| {
            let execution = keys.object("lifecycleExecution").unwrap_or(*keys);
            execution.text("lifecycleExecutionId").is_some_and(|id| id.starts_with("lce-"))
        },
        ..Kind::BASE
    },
];

fn is_get_image(keys: &Keys<'_>) -> bool {
    match keys.get("image") {
        Some(image) if image.is_object() => {
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
                    let is_told = |image: &Keys<'_>| {
                        image.has_any(&["outputResources", "imageRecipe", "containerRecipe"])
                            || ((keys.only(GET_IMAGE) || image.has_any(&["state", "version"]))
                                && image.is_mostly(Shape::Image))
                    };
                    image.is_some_and(|image| is_told(&image))
                }
            }
        }
        Some(_) => keys.has("requestId") && keys.only(GET_IMAGE),
        None => false,
    }
}

const GET_IMAGE: &[&str] = &["image", "Image", "latestVersionReferences"];

/// What an image, or a notification of one, has and an entry of a list lacks.
const WHOLE: &[&str] = &["imageRecipe", "containerRecipe", "infrastructureConfiguration", "semver"];

/// What an entry of `ListImageBuildVersions` has and one of `ListImages` lacks.
const BUILT: &[&str] = &["state", "outputResources", "tags"];

fn is_listed_version(keys: &Keys<'_>) -> bool {
    let is_listed = keys.has("owner") || (keys.has("version") && !keys.has("osVersion") && !has_build(keys));
    keys.arn_of("image") && is_listed && !keys.has_any(WHOLE) && !keys.has_any(BUILT)
}

fn is_listed_build(keys: &Keys<'_>) -> bool {
    keys.arn_of("image") && keys.has("owner") && !keys.has_any(WHOLE)
}

/// Whether the ARN ends in a build.
fn has_build(keys: &Keys<'_>) -> bool {
    let last = keys.text("arn").and_then(|arn| arn.rsplit('/').next());
    last.is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_bare_image(keys: &Keys<'_>) -> bool {
    let told = ["state", "imageRecipe", "containerRecipe", "outputResources", "osVersion"];
    // A notification is an image of another serialisation.
    let is_notification = keys.has("semver") || is_sns_image(keys);
    keys.arn_of("image") && !is_notification && keys.has_any(&told)
}

/// Whether an image has parts that images of other programs hardly have.
fn has_own_parts(image: &Keys<'_>) -> bool {
    const OF_MANY: [&str; 10] =
        ["arn", "name", "version", "type", "platform", "tags", "state", "dateCreated", "workflows", "osVersion"];
    let is_own = |name: &str| Shape::Image.member(name).is_some() && !OF_MANY.contains(&name);
    image.object("state").is_some_and(|state| state.text("status").is_some()) || image.names().any(is_own)
}

/// Whether a step or an execution has an id in Image Builder's form.
fn has_own_id(keys: &Keys<'_>) -> bool {
    let is_uuid = |id: &str| id.len() > 8 && id.bytes().take(8).all(|byte| byte.is_ascii_hexdigit());
    let has = |name: &str, prefix: &str| keys.text(name).and_then(|id| id.strip_prefix(prefix)).is_some_and(is_uuid);
    has("stepExecutionId", "step-") || has("workflowExecutionId", "wf-")
}

/// The request to act on a waiting step has an action, too, and a token.
fn is_step(keys: &Keys<'_>) -> bool {
    keys.has("stepExecutionId") && (keys.has("action") || keys.has("status")) && !keys.has("clientToken")
}

/// Steps have a status in EMR, too.
fn is_own_step(step: &Keys<'_>, list: &Keys<'_>) -> bool {
    step.has("stepExecutionId") || list.has("requestId")
}

fn is_execution(keys: &Keys<'_>) -> bool {
    keys.has("workflowExecutionId") && (keys.has("totalStepCount") || keys.has("status")) && !keys.has("steps")
}

fn is_own_aggregation(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_lowercase())
}

fn is_scan_findings(keys: &Keys<'_>) -> bool {
    let told = |item: &Keys<'_>| item.has("imageBuildVersionArn") || item.has("packageVulnerabilityDetails");
    let has_findings = keys.items("findings").next().is_some();
    let is_empty = || keys.has("findings") && keys.has("requestId") && keys.only(&["findings", "nextToken"]);
    (has_findings || is_empty()) && keys.items("findings").all(|item| told(&item) && !item.has("findingArn"))
}
