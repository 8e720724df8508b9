//! The ARNs of Image Builder that nodes hold, and what is wrong with one.

use crate::aws::arn::{Arn, RESOURCE_TYPES, Resource, is_owner};
use crate::aws::mask::is_masked;
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
pub(crate) fn image_builder_arn<'d, S>(node: Node<'d, S>, cx: &Context<'d>) -> Option<(Arn<'d>, Resource<'d>)> {
    let arn_node = cx.arn(node)?;
    Some((arn_node.arn, arn_node.resource?))
}

/// Whether all segments of an Image Builder ARN are valid, so that other values can be compared with it.
pub(crate) fn is_valid_arn<'d>(node: Node<'d>, cx: &Context<'d>) -> bool {
    let arn_node = cx.arn(node);
    let known = arn_node.is_some_and(|arn_node| partition::named(arn_node.arn.partition).is_some());
    known && node.text().is_some_and(|text| faulty_segment(text, arn_node).is_none())
}

/// The first invalid segment, and the message about it.
pub(crate) fn faulty_segment<'d>(text: &'d str, arn_node: Option<ArnNode<'d>>) -> Option<(&'d str, String)> {
    let Some(ArnNode { arn, resource, .. }) = arn_node else {
        let segments = text.split(':').count();
        let message = if text.starts_with("arn:") {
            format!("the ARN has {segments} segments; 6 were expected")
        } else {
            format!("`{}` is not an ARN; `arn:` was expected at its start", quoted(text))
        };
        return Some((text, message));
    };
    if !arn.partition.starts_with("aws") {
        return Some((arn.partition, format!("partition segment `{}` does not start with `aws`", arn.partition)));
    }
    let Some(resource) = resource else {
        return Some((arn.service, format!("service segment `{}`; `imagebuilder` was expected", arn.service)));
    };
    if arn.region.is_empty() {
        return Some(("", "the region segment is empty".to_owned()));
    }
    if !is_owner(arn.account) && !is_masked(arn.account) {
        return Some((arn.account, account_message(arn.account)));
    }
    if !resource.is_known() {
        let types = RESOURCE_TYPES.join(", ");
        return Some((resource.kind, format!("resource type `{}` is not one of {types}", resource.kind)));
    }
    if resource.name.is_empty() {
        return Some((arn.resource, "the ARN names no resource".to_owned()));
    }
    if !resource.has_valid_name() {
        let message = format!("name segment `{}` may hold a-z, 0-9, `-` and `_` only", resource.name);
        return Some((resource.name, message));
    }
    let version = resource.version?;
    (!version.is_well_formed() && !version.is_placeholder()).then(|| (version.text, version_message(version)))
}

fn account_message(account: &str) -> String {
    let expected = "12 digits, `aws`, `aws-marketplace` or `third-party` were expected";
    if account.is_empty() {
        format!("the account segment is empty; {expected}")
    } else if account.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("account segment `{account}` has {} digits; {expected}", account.len())
    } else {
        format!("account segment `{account}`; {expected}")
    }
}

fn version_message(version: Version<'_>) -> String {
    let count = version.number_nodes().count();
    let faulty = version.nodes().find(|(_, node)| matches!(node, VersionNode::Other(_)));
    match faulty {
        _ if count != 3 => format!(
            "version segment `{}` has {count} nodes before the build; <major>.<minor>.<patch> was expected",
            version.text
        ),
        Some((text, _)) => format!("`{text}` in version segment `{}` is neither a number nor `x`", version.text),
        None => format!("version segment `{}`; <major>.<minor>.<patch>[/<build>] was expected", version.text),
    }
}
