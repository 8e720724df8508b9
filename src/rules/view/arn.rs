//! The ARNs of Image Builder that nodes hold, and what is wrong with one.

use crate::aws::arn::{Arn, RESOURCE_TYPES, Resource, is_owner};
use crate::aws::mask::{Role, is_masked, masks};
use crate::aws::partition;
use crate::aws::version::{Version, VersionNode};
use crate::model::typed::shapes::{
    self, ComponentBuildVersionArn, ComponentVersionArnOrBuildVersionArn, ContainerRecipeArn,
    DistributionConfigurationArn, ImageBuildVersionArn, ImageBuilderArn, ImagePipelineArn, ImageRecipeArn,
    InfrastructureConfigurationArn, LifecyclePolicyArn, ParentImage, WorkflowBuildVersionArn,
    WorkflowVersionArnOrBuildVersionArn, WorkflowWildcardVersionArn,
};
use crate::rule::prelude::*;

/// The shapes that hold ARNs of Image Builder. A parent image is an ARN only where it starts with `arn:`.
pub(crate) type AnyArn = (
    ImageBuilderArn,
    ImageBuildVersionArn,
    ImagePipelineArn,
    ComponentBuildVersionArn,
    ComponentVersionArnOrBuildVersionArn,
    WorkflowBuildVersionArn,
    WorkflowVersionArnOrBuildVersionArn,
    WorkflowWildcardVersionArn,
    LifecyclePolicyArn,
    ImageRecipeArn,
    ContainerRecipeArn,
    InfrastructureConfigurationArn,
    DistributionConfigurationArn,
    shapes::Arn,
    ParentImage,
);

/// The Image Builder ARN that a node holds, and the resource that it names.
pub(crate) fn image_builder_arn<'d, S>(node: Node<'d, S>, cx: &Context<'d>) -> Option<(&'d Arn<'d>, &'d Resource<'d>)> {
    let arn_node = cx.arn(node)?;
    Some((arn_node.arn, arn_node.resource?))
}

/// Whether all segments of an Image Builder ARN are valid, so that other values can be compared with it.
pub(crate) fn is_valid_arn<'d>(node: Node<'d>, cx: &Context<'d>) -> bool {
    let arn_node = cx.arn(node);
    let known = arn_node.is_some_and(|arn_node| partition::named(arn_node.arn.partition).is_some());
    known && node.text().is_some_and(|text| faulty_segments(text, arn_node).is_empty())
}

/// The invalid segments, each with the message about it.
pub(crate) fn faulty_segments<'d>(text: &'d str, arn_node: Option<ArnNode<'d>>) -> Vec<(&'d str, String)> {
    let Some(ArnNode { arn, resource, .. }) = arn_node else {
        let segments = text.split(':').count();
        let message = if text.is_empty() {
            "the text is empty; an ARN was expected".to_owned()
        } else if text.starts_with("arn:") {
            format!("the ARN has {}; 6 were expected", counted(segments, "segment"))
        } else {
            format!("`{}` is not an ARN; `arn:` was expected at its start", quoted(text))
        };
        return vec![(text, message)];
    };
    let mut faults = Vec::new();
    if !arn.partition.starts_with("aws") {
        faults.push((arn.partition, format!("partition segment `{}` does not start with `aws`", arn.partition)));
    }
    let Some(resource) = resource else {
        faults.push((arn.service, format!("service segment `{}`; `imagebuilder` was expected", arn.service)));
        return faults;
    };
    if arn.region.is_empty() {
        faults.push((arn.region, "the region segment is empty".to_owned()));
    }
    if !is_owner(arn.account) && !is_masked(arn.account) {
        faults.push((arn.account, account_message(arn.account)));
    }
    faults.extend(faulty_resource(arn, resource));
    faults
}

/// The invalid segments of a resource. Behind an unknown type it is not known which segment is which.
fn faulty_resource<'d>(arn: &Arn<'d>, resource: &Resource<'d>) -> Vec<(&'d str, String)> {
    if !resource.is_known() {
        let types = RESOURCE_TYPES.join(", ");
        return vec![(resource.kind, format!("resource type `{}` is not one of {types}", resource.kind))];
    }
    let mut faults = Vec::new();
    if resource.name.is_empty() {
        faults.push((arn.resource, NAMES_NOTHING.to_owned()));
    } else if !resource.has_valid_name() && masks(resource.name, Role::Name).is_empty() {
        let message = format!("name segment `{}` may hold a-z, 0-9, `-` and `_` only", resource.name);
        faults.push((resource.name, message));
    }
    let version = resource.version.filter(|version| !version.is_well_formed() && !version.is_placeholder());
    faults.extend(version.map(|version| (version.text, version_message(version))));
    faults
}

/// What is said of an ARN that ends in its type.
pub(crate) const NAMES_NOTHING: &str = "the ARN names no resource";

fn account_message(account: &str) -> String {
    let expected = "12 digits, `aws`, `aws-marketplace` or `third-party` were expected";
    if account.is_empty() {
        format!("the account segment is empty; {expected}")
    } else if account.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("account segment `{account}` has {}; {expected}", counted(account.len(), "digit"))
    } else {
        format!("account segment `{account}`; {expected}")
    }
}

/// What is wrong with a version that is not well formed.
pub(crate) fn version_message(version: Version<'_>) -> String {
    let count = version.number_nodes().count();
    let faulty = version.nodes().find(|(_, node)| matches!(node, VersionNode::Other(_)));
    match faulty {
        _ if count != 3 => format!(
            "version segment `{}` has {} before the build; <major>.<minor>.<patch> was expected",
            version.text,
            counted(count, "node")
        ),
        Some((text, _)) => format!("`{text}` in version segment `{}` is neither a number nor `x`", version.text),
        None if version.has_wildcard_build() => {
            format!("the build in version segment `{}` cannot be a wildcard; a number was expected", version.text)
        }
        None => format!("version segment `{}`; <major>.<minor>.<patch>[/<build>] was expected", version.text),
    }
}

/// The types of workflows in ARNs.
pub(crate) const WORKFLOWS: &[&str] = &["workflow/build", "workflow/test", "workflow/distribution"];

/// The types of the resource in a response that has `latestVersionReferences`.
pub(crate) fn referenced_types(cx: &Context<'_>) -> Option<&'static [&'static str]> {
    match cx.root().shape() {
        Shape::GetImageResponse | Shape::CreateImageResponse => Some(&["image"]),
        Shape::GetImageRecipeResponse | Shape::CreateImageRecipeResponse => Some(&["image-recipe"]),
        Shape::GetContainerRecipeResponse | Shape::CreateContainerRecipeResponse => Some(&["container-recipe"]),
        Shape::GetComponentResponse | Shape::CreateComponentResponse => Some(&["component"]),
        Shape::GetWorkflowResponse | Shape::CreateWorkflowResponse => Some(WORKFLOWS),
        _ => None,
    }
}
