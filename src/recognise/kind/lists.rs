//! The responses of Image Builder that hold a list under a name of its own.

use crate::model::shape::{self, Shape};
use crate::recognise::kind::{Form, Keys, Kind};
use crate::recognise::sign::Sign;

macro_rules! lists {
    ($($name:literal, $summary:literal, $member:literal => $shape:ident;)*) => {
        &[$(Kind {
            name: $name,
            summary: $summary,
            forms: &[Form { shape: Shape::$shape, sign: Sign::Has($member) }],
            // Executions are other programs', too.
            is_sure: |keys| {
                let is_answer = keys.has_any(&["requestId", "ResponseMetadata"]);
                $member.ends_with("List") && (is_answer || has_entry(keys, $member, Shape::$shape))
            },
            ..Kind::BASE
        }),*]
    };
}

/// Whether the first item of a list has mostly members of its shape.
fn has_entry(keys: &Keys<'_>, member: &str, response: Shape) -> bool {
    let Some(shape::Kind::List { item, .. }) = response.member(member).map(|member| member.shape.kind()) else {
        return false;
    };
    keys.items(member).next().is_some_and(|first| first.names().next().is_some() && first.is_mostly(*item))
}

/// The kinds that are recognised by the name of their list.
pub(super) static LISTS: &[Kind] = lists! {
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
    "list-lifecycle-executions", "the ListLifecycleExecutions response", "lifecycleExecutions" => ListLifecycleExecutionsResponse;
};
