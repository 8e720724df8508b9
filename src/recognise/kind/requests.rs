//! Requests: what is sent to Image Builder, as `--cli-input-json` and SDKs take it.

use crate::document::Value;
use crate::model::shape::Shape;
use crate::recognise::kind::{Form, Keys, Kind, Side, is_own_arn};
use crate::recognise::sign::Sign::{
    self, All, Any, Has, HasAny, Is, IsObject, IsString, Only, OwnArn, SomeItem, Text, Without,
};

macro_rules! requests {
    ($($name:literal, $operation:literal => $shape:ident, $sign:expr;)*) => {
        &[$(Kind {
            name: $name,
            summary: concat!("the request of ", $operation),
            forms: &[Form { shape: Shape::$shape, sign: $sign }],
            side: Side::Request,
            is_sure,
            ..Kind::BASE
        }),*]
    };
}

/// The kinds of requests, in the order in which they are tried.
pub(super) static REQUESTS: &[Kind] = requests! {
    "create-lifecycle-policy-request", "CreateLifecyclePolicy" => CreateLifecyclePolicyRequest, All(&[REQUEST, POLICY, Without(&Has("lifecyclePolicyArn"))]);
    "update-lifecycle-policy-request", "UpdateLifecyclePolicy" => UpdateLifecyclePolicyRequest, All(&[REQUEST, POLICY, Has("lifecyclePolicyArn")]);
    "import-vm-image-request", "ImportVmImage" => ImportVmImageRequest, All(&[REQUEST, Has("vmImportTaskId")]);
    "import-disk-image-request", "ImportDiskImage" => ImportDiskImageRequest, All(&[REQUEST, Has("semanticVersion"), HasAny(&["infrastructureConfigurationArn", "registerImageOptions", "windowsConfiguration"])]);
    "distribute-image-request", "DistributeImage" => DistributeImageRequest, All(&[REQUEST, Has("sourceImage"), HasAny(&["distributionConfigurationArn", "executionRole"])]);
    "create-container-recipe-request", "CreateContainerRecipe" => CreateContainerRecipeRequest, All(&[REQUEST, HasAny(&["containerType", "targetRepository", "dockerfileTemplateData", "dockerfileTemplateUri"]), HasAny(&["name", "semanticVersion", "parentImage"])]);
    "create-image-recipe-request", "CreateImageRecipe" => CreateImageRecipeRequest, All(&[REQUEST, Any(&[
        All(&[Has("parentImage"), HasAny(&["semanticVersion", "version", "components"])]),
        All(&[Has("semanticVersion"), SomeItem("components", &Has("componentArn"))]),
    ])]);
    "create-infrastructure-configuration-request", "CreateInfrastructureConfiguration" => CreateInfrastructureConfigurationRequest, All(&[REQUEST, INFRASTRUCTURE, Without(&Has("infrastructureConfigurationArn"))]);
    "update-infrastructure-configuration-request", "UpdateInfrastructureConfiguration" => UpdateInfrastructureConfigurationRequest, All(&[REQUEST, INFRASTRUCTURE, Has("infrastructureConfigurationArn")]);
    "create-distribution-configuration-request", "CreateDistributionConfiguration" => CreateDistributionConfigurationRequest, All(&[REQUEST, DISTRIBUTIONS, Without(&Has("distributionConfigurationArn"))]);
    "update-distribution-configuration-request", "UpdateDistributionConfiguration" => UpdateDistributionConfigurationRequest, All(&[REQUEST, DISTRIBUTIONS, Has("distributionConfigurationArn")]);
    "update-image-pipeline-request", "UpdateImagePipeline" => UpdateImagePipelineRequest, All(&[REQUEST, Has("infrastructureConfigurationArn"), Has("imagePipelineArn")]);
    "create-image-pipeline-request", "CreateImagePipeline" => CreateImagePipelineRequest, All(&[REQUEST, HasAny(&["infrastructureConfigurationArn", "imageRecipeArn", "containerRecipeArn"]), HasAny(&["name", "schedule", "status", "description", "imageTags"])]);
    "create-image-request", "CreateImage" => CreateImageRequest, All(&[REQUEST, Has("infrastructureConfigurationArn"), HasAny(&["imageRecipeArn", "containerRecipeArn"])]);
    "import-component-request", "ImportComponent" => ImportComponentRequest, All(&[REQUEST, Has("semanticVersion"), Has("format")]);
    "create-component-request", "CreateComponent" => CreateComponentRequest, All(&[REQUEST, Has("semanticVersion"), Has("platform"), HasAny(&["data", "uri", "supportedOsVersions", "changeDescription"]), Without(&Has("osVersion"))]);
    "create-workflow-request", "CreateWorkflow" => CreateWorkflowRequest, All(&[REQUEST, Has("semanticVersion"), Has("type"), HasAny(&["data", "uri"]), Without(&Has("platform"))]);
    "start-resource-state-update-request", "StartResourceStateUpdate" => StartResourceStateUpdateRequest, All(&[OwnArn("resourceArn"), IsObject("state")]);
    "send-workflow-step-action-request", "SendWorkflowStepAction" => SendWorkflowStepActionRequest, ACTION;
    "put-image-policy-request", "PutImagePolicy" => PutImagePolicyRequest, All(&[IsString("policy"), Has("imageArn")]);
    "put-component-policy-request", "PutComponentPolicy" => PutComponentPolicyRequest, All(&[IsString("policy"), Has("componentArn")]);
    "put-image-recipe-policy-request", "PutImageRecipePolicy" => PutImageRecipePolicyRequest, All(&[IsString("policy"), Has("imageRecipeArn")]);
    "put-container-recipe-policy-request", "PutContainerRecipePolicy" => PutContainerRecipePolicyRequest, All(&[IsString("policy"), Has("containerRecipeArn")]);
    "start-image-pipeline-execution-request", "StartImagePipelineExecution" => StartImagePipelineExecutionRequest, All(&[Has("imagePipelineArn"), Has("tags"), Only(&["imagePipelineArn", "tags", "clientToken"])]);
    "tag-resource-request", "TagResource" => TagResourceRequest, All(&[OwnArn("resourceArn"), Has("tags"), Only(&["resourceArn", "tags"])]);
    "untag-resource-request", "UntagResource" => UntagResourceRequest, All(&[OwnArn("resourceArn"), Has("tagKeys"), Only(&["resourceArn", "tagKeys"])]);
    "get-marketplace-resource-request", "GetMarketplaceResource" => GetMarketplaceResourceRequest, Any(&[Text("resourceType", "COMPONENT_DATA"), Text("resourceType", "COMPONENT_ARTIFACT")]);
    "list-component-build-versions-request", "ListComponentBuildVersions" => ListComponentBuildVersionsRequest, All(&[Has("componentVersionArn"), Only(&["componentVersionArn", "maxResults", "nextToken"])]);
    "list-image-build-versions-request", "ListImageBuildVersions" => ListImageBuildVersionsRequest, All(&[Has("imageVersionArn"), Only(&["imageVersionArn", "filters", "maxResults", "nextToken"])]);
    "list-workflow-build-versions-request", "ListWorkflowBuildVersions" => ListWorkflowBuildVersionsRequest, All(&[Has("workflowVersionArn"), Only(&["workflowVersionArn", "maxResults", "nextToken"])]);
    "list-images-request", "ListImages" => ListImagesRequest, All(&[Has("includeDeprecated"), Only(&["owner", "filters", "byName", "maxResults", "nextToken", "includeDeprecated"])]);
    "list-image-scan-finding-aggregations-request", "ListImageScanFindingAggregations" => ListImageScanFindingAggregationsRequest, All(&[IsObject("filter"), Only(&["filter", "nextToken"])]);
    "list-image-pipeline-images-request", "ListImagePipelineImages" => ListImagePipelineImagesRequest, All(&[Has("imagePipelineArn"), PAGED, Only(&["imagePipelineArn", "filters", "maxResults", "nextToken"])]);
    "list-workflow-step-executions-request", "ListWorkflowStepExecutions" => ListWorkflowStepExecutionsRequest, All(&[Has("workflowExecutionId"), PAGED, Only(&["workflowExecutionId", "maxResults", "nextToken"])]);
    "list-lifecycle-execution-resources-request", "ListLifecycleExecutionResources" => ListLifecycleExecutionResourcesRequest, All(&[Has("lifecycleExecutionId"), PAGED, Only(&["lifecycleExecutionId", "parentResourceId", "maxResults", "nextToken"])]);
    "list-lifecycle-executions-request", "ListLifecycleExecutions" => ListLifecycleExecutionsRequest, All(&[OwnArn("resourceArn"), PAGED, Only(&["resourceArn", "maxResults", "nextToken"])]);
    "list-components-request", "ListComponents" => ListComponentsRequest, NAMED;
    "list-container-recipes-request", "ListContainerRecipes" => ListContainerRecipesRequest, NAMED;
    "list-distribution-configurations-request", "ListDistributionConfigurations" => ListDistributionConfigurationsRequest, NAMED;
    "list-image-packages-request", "ListImagePackages" => ListImagePackagesRequest, NAMED;
    "list-image-pipelines-request", "ListImagePipelines" => ListImagePipelinesRequest, NAMED;
    "list-image-recipes-request", "ListImageRecipes" => ListImageRecipesRequest, NAMED;
    "list-image-scan-findings-request", "ListImageScanFindings" => ListImageScanFindingsRequest, NAMED;
    "list-infrastructure-configurations-request", "ListInfrastructureConfigurations" => ListInfrastructureConfigurationsRequest, NAMED;
    "list-lifecycle-policies-request", "ListLifecyclePolicies" => ListLifecyclePoliciesRequest, NAMED;
    "list-tags-for-resource-request", "ListTagsForResource" => ListTagsForResourceRequest, NAMED;
    "list-waiting-workflow-steps-request", "ListWaitingWorkflowSteps" => ListWaitingWorkflowStepsRequest, NAMED;
    "list-workflow-executions-request", "ListWorkflowExecutions" => ListWorkflowExecutionsRequest, NAMED;
    "list-workflows-request", "ListWorkflows" => ListWorkflowsRequest, NAMED;
    "cancel-image-creation-request", "CancelImageCreation" => CancelImageCreationRequest, NAMED;
    "cancel-lifecycle-execution-request", "CancelLifecycleExecution" => CancelLifecycleExecutionRequest, NAMED;
    "retry-image-request", "RetryImage" => RetryImageRequest, NAMED;
    "delete-component-request", "DeleteComponent" => DeleteComponentRequest, NAMED;
    "delete-container-recipe-request", "DeleteContainerRecipe" => DeleteContainerRecipeRequest, NAMED;
    "delete-distribution-configuration-request", "DeleteDistributionConfiguration" => DeleteDistributionConfigurationRequest, NAMED;
    "delete-image-request", "DeleteImage" => DeleteImageRequest, NAMED;
    "delete-image-pipeline-request", "DeleteImagePipeline" => DeleteImagePipelineRequest, NAMED;
    "delete-image-recipe-request", "DeleteImageRecipe" => DeleteImageRecipeRequest, NAMED;
    "delete-infrastructure-configuration-request", "DeleteInfrastructureConfiguration" => DeleteInfrastructureConfigurationRequest, NAMED;
    "delete-lifecycle-policy-request", "DeleteLifecyclePolicy" => DeleteLifecyclePolicyRequest, NAMED;
    "delete-workflow-request", "DeleteWorkflow" => DeleteWorkflowRequest, NAMED;
    "get-component-request", "GetComponent" => GetComponentRequest, NAMED;
    "get-component-policy-request", "GetComponentPolicy" => GetComponentPolicyRequest, NAMED;
    "get-container-recipe-request", "GetContainerRecipe" => GetContainerRecipeRequest, NAMED;
    "get-container-recipe-policy-request", "GetContainerRecipePolicy" => GetContainerRecipePolicyRequest, NAMED;
    "get-distribution-configuration-request", "GetDistributionConfiguration" => GetDistributionConfigurationRequest, NAMED;
    "get-image-request", "GetImage" => GetImageRequest, NAMED;
    "get-image-pipeline-request", "GetImagePipeline" => GetImagePipelineRequest, NAMED;
    "get-image-policy-request", "GetImagePolicy" => GetImagePolicyRequest, NAMED;
    "get-image-recipe-request", "GetImageRecipe" => GetImageRecipeRequest, NAMED;
    "get-image-recipe-policy-request", "GetImageRecipePolicy" => GetImageRecipePolicyRequest, NAMED;
    "get-infrastructure-configuration-request", "GetInfrastructureConfiguration" => GetInfrastructureConfigurationRequest, NAMED;
    "get-lifecycle-execution-request", "GetLifecycleExecution" => GetLifecycleExecutionRequest, NAMED;
    "get-lifecycle-policy-request", "GetLifecyclePolicy" => GetLifecyclePolicyRequest, NAMED;
    "get-workflow-request", "GetWorkflow" => GetWorkflowRequest, NAMED;
    "get-workflow-execution-request", "GetWorkflowExecution" => GetWorkflowExecutionRequest, NAMED;
    "get-workflow-step-execution-request", "GetWorkflowStepExecution" => GetWorkflowStepExecutionRequest, NAMED;
};

/// A resource that is described has an ARN of its own, and no `semanticVersion`.
const REQUEST: Sign = Without(&DESCRIBED);

const DESCRIBED: Sign = Is { words: "`arn`", test: |keys| keys.has("arn") && !keys.has("semanticVersion") };

/// What looks like an answer, or like the requests of other operations.
const NAMED: Sign = Is { words: "nothing but its name: force it with `--kind`", test: |_| false };

/// What only the requests of lists have beside what is listed.
const PAGED: Sign = HasAny(&["maxResults", "nextToken"]);

/// What someone decides about a step that waits; the step itself has a status and belongs to an execution.
pub(super) const ACTION: Sign = All(&[
    Has("stepExecutionId"),
    Has("action"),
    Only(&["stepExecutionId", "imageBuildVersionArn", "action", "reason", "clientToken"]),
]);

const POLICY: Sign = Is {
    words: "`policyDetails` (an array) with `resourceSelection`, `resourceType` or `executionRole`",
    test: |keys| {
        keys.get("policyDetails").is_some_and(Value::is_array)
            && keys.has_any(&["resourceSelection", "resourceType", "executionRole"])
    },
};

const INFRASTRUCTURE: Sign = Is {
    words: "`instanceProfileName`, or three of the other members of an infrastructure configuration",
    test: |keys| keys.has("instanceProfileName") || OF_INFRASTRUCTURE.iter().filter(|name| keys.has(name)).count() >= 3,
};

const OF_INFRASTRUCTURE: [&str; 12] = [
    "instanceTypes",
    "securityGroupIds",
    "subnetId",
    "logging",
    "keyPair",
    "terminateInstanceOnFailure",
    "terminateInstanceOnCompletion",
    "snsTopicArn",
    "resourceTags",
    "instanceMetadataOptions",
    "placement",
    "parentInstance",
];

/// What scripts query out of an image, `distributions` among it.
const PARTS: [&str; 6] =
    ["distributions", "outputResources", "amis", "containers", "components", "blockDeviceMappings"];

const DISTRIBUTIONS: Sign = Is {
    words: "`distributions` whose items have `region`, and another member",
    test: |keys| {
        let is_empty = keys.get("distributions").is_some_and(|list| list.is_array() && list.is_empty());
        let has_regions = keys.items("distributions").any(|item| item.has("region"));
        (has_regions && !keys.only(&PARTS)) || (is_empty && keys.has("name"))
    },
};

/// Whether an object has names together that no other program has, with values of the right types.
fn is_sure(keys: &Keys<'_>) -> bool {
    let is_text = |name: &str| keys.text(name).is_some();
    let is_object = |name: &str| keys.object(name).is_some();
    let is_boolean = |name: &str| keys.get(name).is_some_and(|value| value.type_name() == "a boolean");
    let has_text = |name: &str, part: &str| keys.text(name).is_some_and(|text| text.contains(part));
    let is_of = |name: &str, shape: Shape| keys.text(name).is_some_and(|text| shape.has_value(text));
    let is_infrastructure = || {
        is_boolean("terminateInstanceOnFailure")
            || is_boolean("terminateInstanceOnCompletion")
            || is_object("instanceMetadataOptions")
            || is_object("resourceTags")
    };
    let distributes = |item: Keys<'_>| {
        ["amiDistributionConfiguration", "containerDistributionConfiguration"]
            .iter()
            .any(|name| item.object(name).is_some())
    };
    let is_document = || {
        (is_of("platform", Shape::Platform) && has_text("data", "phases:"))
            || (is_of("type", Shape::WorkflowType) && has_text("data", "steps:"))
            || (keys.text("uri").is_some_and(|uri| uri.starts_with("s3://"))
                && (is_of("platform", Shape::Platform) || is_of("type", Shape::WorkflowType)))
    };
    (is_text("parentImage") && is_text("semanticVersion"))
        || (is_text("instanceProfileName") && is_infrastructure())
        || keys.items("distributions").any(distributes)
        || keys.object("schedule").is_some_and(|schedule| schedule.text("pipelineExecutionStartCondition").is_some())
        || is_text("infrastructureConfigurationArn")
        || is_text("dockerfileTemplateData")
        || is_text("dockerfileTemplateUri")
        || (keys.get("policyDetails").is_some_and(Value::is_array) && is_object("resourceSelection"))
        || is_text("vmImportTaskId")
        || (is_text("semanticVersion") && is_document())
        || keys.text("resourceArn").is_some_and(is_own_arn)
}

/// The kind of the request of an operation, by the operation's name, whatever the case of its first letter.
pub(crate) fn of_operation(operation: &str) -> Option<&'static Kind> {
    let is_of = |name: &str| {
        name.len() == operation.len() && name.get(1..) == operation.get(1..) && name.eq_ignore_ascii_case(operation)
    };
    REQUESTS.iter().find(|kind| kind.summary.strip_prefix("the request of ").is_some_and(is_of))
}
