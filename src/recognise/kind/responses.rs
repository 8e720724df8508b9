//! The responses of Image Builder and the objects out of them.

use crate::model::shape::Shape;
use crate::recognise::has_mark;
use crate::recognise::kind::images::{BUILD, BUILT, GET_IMAGE, IMAGE, OF_NOTIFICATION, WHOLE, has_own_parts};
use crate::recognise::kind::parts::is_aggregation;
use crate::recognise::kind::requests::ACTION;
use crate::recognise::kind::{Form, Keys, Kind};
use crate::recognise::sign::Sign::{
    self, All, Any, ArnOf, EveryItem, Has, HasAny, Holds, In, Is, IsString, NoMoreThan, Only, OwnArn, SomeItem, Without,
};

/// The kinds that are recognised by more than one key, in the order in which they are tried.
pub(super) static RESPONSES: &[Kind] = &[
    Kind {
        name: "get-image",
        summary: "the GetImage response, the image object out of it, or an entry of a list of images",
        forms: &[
            Form { shape: Shape::GetImageResponse, sign: IMAGE },
            Form {
                shape: Shape::ImageVersion,
                sign: All(&[ArnOf("image"), Has("owner"), Without(&WHOLE), Without(&BUILT)]),
            },
            Form { shape: Shape::ImageSummary, sign: All(&[ArnOf("image"), Has("owner"), Without(&WHOLE)]) },
            Form {
                shape: Shape::Image,
                sign: All(&[
                    ArnOf("image"),
                    HasAny(&["state", "imageRecipe", "containerRecipe", "outputResources", "osVersion"]),
                    Without(&OF_NOTIFICATION),
                ]),
            },
            Form {
                shape: Shape::ImageVersion,
                sign: All(&[
                    ArnOf("image"),
                    Has("version"),
                    Without(&Has("osVersion")),
                    Without(&BUILD),
                    Without(&WHOLE),
                    Without(&BUILT),
                ]),
            },
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
        forms: &[Form {
            shape: Shape::ListWorkflowStepExecutionsResponse,
            // Steps have a status in EMR, too.
            sign: Any(&[
                All(&[Has("steps"), Has("workflowExecutionId")]),
                SomeItem("steps", &All(&[Has("status"), Has("stepExecutionId")])),
                All(&[Has("requestId"), SomeItem("steps", &Has("status"))]),
            ]),
        }],
        is_sure: |keys| keys.items("steps").any(|step| has_own_id(&step)),
        ..Kind::BASE
    },
    Kind {
        name: "list-waiting-workflow-steps",
        summary: "the ListWaitingWorkflowSteps response",
        forms: &[Form {
            shape: Shape::ListWaitingWorkflowStepsResponse,
            sign: Any(&[
                SomeItem("steps", &Has("imageBuildVersionArn")),
                All(&[NO_STEPS, Only(&["steps", "nextToken"])]),
                All(&[NO_STEPS, Has("requestId"), NoMoreThan(4)]),
            ]),
        }],
        is_sure: |keys| keys.items("steps").any(|step| has_own_id(&step)),
        ..Kind::BASE
    },
    Kind {
        name: "workflow-step-execution",
        summary: "the GetWorkflowStepExecution response, or an entry of a list of steps",
        forms: &[
            Form {
                shape: Shape::WorkflowStepExecution,
                sign: All(&[STEP, Without(&HasAny(&["status", "requestId", "inputs"]))]),
            },
            Form { shape: Shape::GetWorkflowStepExecutionResponse, sign: STEP },
        ],
        is_sure: has_own_id,
        ..Kind::BASE
    },
    Kind {
        name: "workflow-execution",
        summary: "the GetWorkflowExecution response, or an entry of ListWorkflowExecutions",
        forms: &[
            Form { shape: Shape::WorkflowExecutionMetadata, sign: All(&[EXECUTION, Has("retried")]) },
            Form { shape: Shape::GetWorkflowExecutionResponse, sign: EXECUTION },
        ],
        is_sure: has_own_id,
        ..Kind::BASE
    },
    Kind {
        name: "list-image-scan-findings",
        summary: "the ListImageScanFindings response",
        forms: &[Form {
            shape: Shape::ListImageScanFindingsResponse,
            sign: Any(&[
                EveryItem(
                    "findings",
                    &All(&[
                        HasAny(&["imageBuildVersionArn", "packageVulnerabilityDetails"]),
                        Without(&Has("findingArn")),
                    ]),
                ),
                All(&[NO_FINDINGS, Has("requestId"), NoMoreThan(5)]),
            ]),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "list-image-scan-finding-aggregations",
        summary: "the ListImageScanFindingAggregations response",
        forms: &[Form {
            shape: Shape::ListImageScanFindingAggregationsResponse,
            sign: All(&[Has("responses"), AGGREGATION_TYPE]),
        }],
        is_sure: |keys| keys.items("responses").any(|item| is_aggregation(&item)),
        ..Kind::BASE
    },
    Kind {
        name: "get-policy",
        summary: "the response of GetImagePolicy, GetImageRecipePolicy, GetContainerRecipePolicy or GetComponentPolicy",
        forms: &[Form {
            shape: Shape::GetImagePolicyResponse,
            sign: All(&[
                IsString("policy"),
                Any(&[Only(&["policy", "Policy"]), All(&[Has("requestId"), OWN_POLICY, NoMoreThan(4)])]),
            ]),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "get-image-recipe",
        summary: "the GetImageRecipe response, or the recipe object out of it",
        forms: &[
            Form {
                shape: Shape::GetImageRecipeResponse,
                sign: All(&[Holds("imageRecipe", Shape::ImageRecipe), Without(&Has("arn"))]),
            },
            Form { shape: Shape::ImageRecipe, sign: ArnOf("image-recipe") },
        ],
        is_sure: |keys| keys.is_answer_with("imageRecipe", Shape::ImageRecipe),
        ..Kind::BASE
    },
    Kind {
        name: "get-container-recipe",
        summary: "the GetContainerRecipe response, or the recipe object out of it",
        forms: &[
            Form {
                shape: Shape::GetContainerRecipeResponse,
                sign: All(&[Holds("containerRecipe", Shape::ContainerRecipe), Without(&Has("arn"))]),
            },
            Form {
                shape: Shape::ContainerRecipeSummary,
                sign: All(&[ArnOf("container-recipe"), Has("instanceImage")]),
            },
            Form { shape: Shape::ContainerRecipe, sign: ArnOf("container-recipe") },
        ],
        is_sure: |keys| keys.is_answer_with("containerRecipe", Shape::ContainerRecipe),
        ..Kind::BASE
    },
    Kind {
        name: "get-infrastructure-configuration",
        summary: "the GetInfrastructureConfiguration response, or the configuration object out of it",
        forms: &[
            Form {
                shape: Shape::GetInfrastructureConfigurationResponse,
                sign: All(&[
                    Holds("infrastructureConfiguration", Shape::InfrastructureConfiguration),
                    Without(&Has("arn")),
                ]),
            },
            Form { shape: Shape::InfrastructureConfiguration, sign: ArnOf("infrastructure-configuration") },
        ],
        is_sure: |keys| keys.is_answer_with("infrastructureConfiguration", Shape::InfrastructureConfiguration),
        ..Kind::BASE
    },
    Kind {
        name: "get-distribution-configuration",
        summary: "the GetDistributionConfiguration response, or the configuration object out of it",
        forms: &[
            Form {
                shape: Shape::GetDistributionConfigurationResponse,
                sign: All(&[
                    Holds("distributionConfiguration", Shape::DistributionConfiguration),
                    Without(&Has("arn")),
                ]),
            },
            Form {
                shape: Shape::DistributionConfigurationSummary,
                sign: All(&[ArnOf("distribution-configuration"), Has("regions")]),
            },
            Form { shape: Shape::DistributionConfiguration, sign: ArnOf("distribution-configuration") },
        ],
        is_sure: |keys| keys.is_answer_with("distributionConfiguration", Shape::DistributionConfiguration),
        ..Kind::BASE
    },
    Kind {
        name: "get-image-pipeline",
        summary: "the GetImagePipeline response, or the pipeline object out of it",
        forms: &[
            Form { shape: Shape::GetImagePipelineResponse, sign: Holds("imagePipeline", Shape::ImagePipeline) },
            Form { shape: Shape::ImagePipeline, sign: ArnOf("image-pipeline") },
        ],
        is_sure: |keys| keys.is_answer_with("imagePipeline", Shape::ImagePipeline),
        ..Kind::BASE
    },
    Kind {
        name: "get-component",
        summary: "the GetComponent response, or the component object out of it",
        forms: &[
            Form {
                shape: Shape::GetComponentResponse,
                sign: All(&[
                    Holds("component", Shape::Component),
                    Any(&[Only(&["component", "latestVersionReferences"]), In("component", &OwnArn("arn"))]),
                ]),
            },
            Form {
                shape: Shape::ComponentVersion,
                sign: All(&[ArnOf("component"), Has("status"), Without(&Has("state"))]),
            },
            Form {
                shape: Shape::ComponentVersion,
                sign: All(&[ArnOf("component"), Without(&BUILD), Without(&OF_COMPONENT_BUILD)]),
            },
            Form { shape: Shape::Component, sign: ArnOf("component") },
        ],
        ..Kind::BASE
    },
    Kind {
        name: "get-workflow",
        summary: "the GetWorkflow response, or the workflow object out of it",
        forms: &[
            Form {
                shape: Shape::GetWorkflowResponse,
                sign: All(&[
                    Holds("workflow", Shape::Workflow),
                    Any(&[Only(&["workflow", "latestVersionReferences"]), In("workflow", &OwnArn("arn"))]),
                ]),
            },
            Form {
                shape: Shape::WorkflowVersion,
                sign: All(&[ArnOf("workflow"), Without(&BUILD), Without(&HasAny(&["state", "data"]))]),
            },
            Form { shape: Shape::Workflow, sign: ArnOf("workflow") },
        ],
        ..Kind::BASE
    },
    Kind {
        name: "get-lifecycle-policy",
        summary: "the GetLifecyclePolicy response, or the policy object out of it",
        forms: &[
            Form { shape: Shape::GetLifecyclePolicyResponse, sign: Holds("lifecyclePolicy", Shape::LifecyclePolicy) },
            Form { shape: Shape::LifecyclePolicy, sign: ArnOf("lifecycle-policy") },
        ],
        is_sure: |keys| keys.is_answer_with("lifecyclePolicy", Shape::LifecyclePolicy),
        ..Kind::BASE
    },
    Kind {
        name: "list-lifecycle-execution-resources",
        summary: "the ListLifecycleExecutionResources response",
        forms: &[Form {
            shape: Shape::ListLifecycleExecutionResourcesResponse,
            sign: Any(&[All(&[Has("lifecycleExecutionId"), Has("resources")]), Has("lifecycleExecutionState")]),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "get-lifecycle-execution",
        summary: "the GetLifecycleExecution response, or an entry of ListLifecycleExecutions",
        forms: &[
            Form {
                shape: Shape::GetLifecycleExecutionResponse,
                sign: Holds("lifecycleExecution", Shape::LifecycleExecution),
            },
            Form {
                shape: Shape::LifecycleExecution,
                sign: All(&[Has("lifecycleExecutionId"), HasAny(&["lifecyclePolicyArn", "resourcesImpactedSummary"])]),
            },
        ],
        is_sure: |keys| {
            let execution = keys.object("lifecycleExecution").unwrap_or(*keys);
            execution.text("lifecycleExecutionId").is_some_and(|id| id.starts_with("lce-"))
        },
        ..Kind::BASE
    },
];

const OWN_POLICY: Sign =
    Is { words: "actions of Image Builder in it", test: |keys| keys.text("policy").is_some_and(has_mark) };

/// What a component has, and its entry in ListComponents lacks.
const OF_COMPONENT_BUILD: Sign =
    HasAny(&["state", "changeDescription", "data", "kmsKeyId", "encrypted", "parameters", "publisher", "tags"]);

/// Whether a step or an execution has an id in Image Builder's form.
fn has_own_id(keys: &Keys<'_>) -> bool {
    let is_uuid = |id: &str| id.len() > 8 && id.bytes().take(8).all(|byte| byte.is_ascii_hexdigit());
    let has = |name: &str, prefix: &str| keys.text(name).and_then(|id| id.strip_prefix(prefix)).is_some_and(is_uuid);
    has("stepExecutionId", "step-") || has("workflowExecutionId", "wf-")
}

/// The request to act on a waiting step has an action, too, and perhaps a token.
const STEP: Sign =
    All(&[Has("stepExecutionId"), HasAny(&["action", "status"]), Without(&Has("clientToken")), Without(&ACTION)]);

const NO_STEPS: Sign = Is {
    words: "`steps` (an empty array)",
    test: |keys| keys.get("steps").is_some_and(|steps| steps.is_array() && steps.is_empty()),
};

const EXECUTION: Sign = Any(&[
    All(&[Has("workflowExecutionId"), HasAny(&["totalStepCount", "status"]), Without(&Has("steps"))]),
    All(&[
        Has("totalStepCount"),
        HasAny(&["workflowBuildVersionArn", "imageBuildVersionArn"]),
        Without(&HasAny(&["workflowExecutionId", "steps"])),
    ]),
]);

const NO_FINDINGS: Sign = Is {
    words: "`findings` (without an object)",
    test: |keys| keys.has("findings") && keys.items("findings").next().is_none(),
};

const AGGREGATION_TYPE: Sign = Is {
    words: "`aggregationType` that is not in capitals as Amazon Inspector's is",
    test: |keys| keys.text("aggregationType").is_some_and(|text| text.bytes().any(|byte| byte.is_ascii_lowercase())),
};
