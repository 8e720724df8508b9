//! The kinds of documents and the tests that tell them by their keys. Knows no envelope.

use jsonc_parser::ast::Object;

use crate::document::{Value, member, name_of};
use crate::shape::{Shape, folds_alike};

/// A kind of document.
#[derive(Debug)]
pub struct Kind {
    /// Its name on the command line and in reports.
    pub name: &'static str,
    /// What it is.
    pub summary: &'static str,
    /// How it is recognised.
    pub recognised: &'static str,
    /// The forms it comes in; the first is what `--kind` forces where none fits.
    pub forms: &'static [Form],
}

/// A form of a kind: a shape and the test for it.
#[derive(Debug)]
pub struct Form {
    /// The shape of the payload's root.
    pub shape: Shape,
    /// Whether an object has this form.
    pub test: fn(&Keys<'_>) -> bool,
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The keys of an object for the tests of kinds.
#[derive(Debug, Clone, Copy)]
pub struct Keys<'d> {
    object: &'d Object<'d>,
    /// Whether keys count that are equal but for case, `_` and `-`.
    folded: bool,
}

impl<'d> Keys<'d> {
    /// The keys of an object; folded, those count that are equal but for case, `_` and `-`.
    pub fn new(object: &'d Object<'d>, folded: bool) -> Self {
        Keys { object, folded }
    }

    /// The keys themselves.
    pub fn names(&self) -> impl Iterator<Item = &'d str> {
        self.object.properties.iter().map(name_of)
    }

    /// The value of a member.
    pub fn get(&self, name: &str) -> Option<&'d Value<'d>> {
        let alike = |key: &str| folds_alike(key, name) && key.len().abs_diff(name.len()) != 1;
        let folded = || self.object.properties.iter().find(|property| self.folded && alike(name_of(property)));
        member(self.object, name).or_else(folded).map(|property| &property.value)
    }

    /// Whether there is a member of that name.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn text(&self, name: &str) -> Option<&'d str> {
        self.get(name)?.as_string_lit().map(|string| string.value.as_ref())
    }

    fn object(&self, name: &str) -> Option<Keys<'d>> {
        self.get(name)?.as_object().map(|object| Keys { object, ..*self })
    }

    /// The objects in an array member; none where the member is no array.
    fn items(&self, name: &str) -> impl Iterator<Item = Keys<'d>> {
        let array = self.get(name).and_then(Value::as_array);
        let items = array.into_iter().flat_map(|array| &array.elements);
        items.filter_map(Value::as_object).map(|object| Keys { object, ..*self })
    }

    /// Whether `arn` names an Image Builder resource of that type.
    fn arn_of(&self, resource: &str) -> bool {
        let mut segments = self.text("arn").unwrap_or_default().splitn(6, ':');
        segments.nth(2) == Some("imagebuilder")
            && segments.nth(2).is_some_and(|rest| rest.strip_prefix(resource).is_some_and(|rest| rest.starts_with('/')))
    }

    /// Whether at least half of the keys, if any, are members of a shape.
    fn is_mostly(&self, shape: Shape) -> bool {
        let properties = &self.object.properties;
        let known = properties.iter().filter(|property| shape.member(name_of(property)).is_some()).count();
        2 * known >= properties.len()
    }

    /// Whether there is no key but these and the envelope's.
    fn only(&self, names: &[&str]) -> bool {
        let known = |name: &str| names.contains(&name) || name == "requestId" || name == "ResponseMetadata";
        self.object.properties.iter().all(|property| known(name_of(property)))
    }
}

macro_rules! by_member {
    ($($name:literal, $summary:literal, $member:literal => $shape:ident;)*) => {
        &[$(Kind {
            name: $name,
            summary: $summary,
            recognised: concat!("`", $member, "`"),
            forms: &[Form { shape: Shape::$shape, test: |keys| keys.has($member) }],
        }),*]
    };
}

/// The kinds that need more than one key's presence to be told, in the order in which they are tried.
static TOLD_APART: &[Kind] = &[
    Kind {
        name: "get-image",
        summary: "the GetImage response, or the image object out of it",
        recognised: "`image` (an Image Builder ARN in it, if any), or `arn` of an image with state, recipe, outputs or osVersion",
        forms: &[
            Form { shape: Shape::GetImageResponse, test: is_get_image },
            Form { shape: Shape::Image, test: is_bare_image },
        ],
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
    },
    Kind {
        name: "list-waiting-workflow-steps",
        summary: "the ListWaitingWorkflowSteps response",
        recognised: "`steps` whose items have `imageBuildVersionArn` and no status",
        forms: &[Form {
            shape: Shape::ListWaitingWorkflowStepsResponse,
            test: |keys| keys.items("steps").any(|step| step.has("imageBuildVersionArn")),
        }],
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
    },
    Kind {
        name: "workflow-execution",
        summary: "the GetWorkflowExecution response, or an entry of ListWorkflowExecutions",
        recognised: "`workflowExecutionId` with `totalStepCount` or `status`",
        forms: &[
            Form { shape: Shape::WorkflowExecutionMetadata, test: |keys| is_execution(keys) && keys.has("retried") },
            Form { shape: Shape::GetWorkflowExecutionResponse, test: is_execution },
        ],
    },
    Kind {
        name: "list-image-scan-findings",
        summary: "the ListImageScanFindings response",
        recognised: "`findings` whose items have `imageBuildVersionArn` or `packageVulnerabilityDetails`, and no `findingArn`",
        forms: &[Form { shape: Shape::ListImageScanFindingsResponse, test: is_scan_findings }],
    },
    Kind {
        name: "list-image-scan-finding-aggregations",
        summary: "the ListImageScanFindingAggregations response",
        recognised: "`aggregationType` with `responses`",
        forms: &[Form {
            shape: Shape::ListImageScanFindingAggregationsResponse,
            test: |keys| keys.has("aggregationType") && keys.has("responses"),
        }],
    },
    Kind {
        name: "get-policy",
        summary: "the response of GetImagePolicy, GetImageRecipePolicy, GetContainerRecipePolicy or GetComponentPolicy",
        recognised: "`policy`, a string, alone or with `requestId`",
        forms: &[Form {
            shape: Shape::GetImagePolicyResponse,
            test: |keys| keys.text("policy").is_some() && keys.only(&["policy", "Policy"]),
        }],
    },
    Kind {
        name: "get-image-recipe",
        summary: "the GetImageRecipe response, or the recipe object out of it",
        recognised: "`imageRecipe` without `arn`, or `arn` of an image recipe",
        forms: &[
            Form { shape: Shape::GetImageRecipeResponse, test: |keys| keys.has("imageRecipe") && !keys.has("arn") },
            Form { shape: Shape::ImageRecipe, test: |keys| keys.arn_of("image-recipe") },
        ],
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
    },
    Kind {
        name: "get-image-pipeline",
        summary: "the GetImagePipeline response, or the pipeline object out of it",
        recognised: "`imagePipeline`, or `arn` of an image pipeline",
        forms: &[
            Form { shape: Shape::GetImagePipelineResponse, test: |keys| keys.has("imagePipeline") },
            Form { shape: Shape::ImagePipeline, test: |keys| keys.arn_of("image-pipeline") },
        ],
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
    },
];

/// The kinds that one key tells.
static TOLD_BY_MEMBER: &[Kind] = by_member! {
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

/// Every kind, in the order in which they are tried.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    TOLD_APART.iter().chain(TOLD_BY_MEMBER)
}

/// The kind of that name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    kinds().find(|kind| kind.name == name)
}

fn is_get_image(keys: &Keys<'_>) -> bool {
    match keys.get("image") {
        Some(Value::Object(_)) => {
            let image = keys.object("image");
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
    keys.arn_of("image") && !keys.has("semver") && told.iter().any(|name| keys.has(name))
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
