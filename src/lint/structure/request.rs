//! What is said of the unknown members of requests: whose they are, or where they belong.

use crate::document::secret::quoted;
use crate::finding::Level;
use crate::lint::structure::Structure;
use crate::model::shape::{Kind, Shape, folds_alike};
use crate::rule::{Tree, UnknownMember};
use crate::rules::structure::UNKNOWN_MEMBER;
use crate::rules::{REQUEST_RESPONSE_MEMBER, UPDATE_FIXED_MEMBER};

/// Reports an unknown member of a request; false if it is a misspelt one.
pub(super) fn report(structure: &mut Structure<'_, '_, '_>, unknown: &UnknownMember<'_>) -> bool {
    let UnknownMember { holder, written, near, .. } = *unknown;
    let tree = structure.tree;
    let (shape, name) = (tree.entry(holder).shape, written.name());
    let (span, operation) = (written.key_span(), operation(tree.entry(0).shape));
    let is_root = holder == 0;
    if is_root && operation.starts_with("Update") && ["name", "tags", "semanticVersion"].contains(&name) {
        let message = format!("{operation} cannot change `{name}`; leave it out");
        structure.report(UPDATE_FIXED_MEMBER, span, message);
    } else if is_root && is_of_response(shape, name) {
        let message = match name {
            "version" if shape.member("semanticVersion").is_some() => {
                "only the response has `version`; the request calls it `semanticVersion`".to_owned()
            }
            _ => format!("only the response has `{}`; {operation} takes no such member", quoted(name)),
        };
        structure.report(REQUEST_RESPONSE_MEMBER, span, message);
    } else if near.is_some() {
        return false;
    } else {
        let elsewhere = elsewhere(tree, holder, name).unwrap_or_default();
        let message =
            format!("`{}` is not a member of {} in {}{elsewhere}", quoted(name), shape.base().name(), shape.model());
        structure.report(&UNKNOWN_MEMBER, span, message).level(Level::Error);
    }
    true
}

/// The operation that a request is of.
fn operation(request: Shape) -> &'static str {
    request.name().trim_end_matches("Request")
}

/// Whether what a request creates or changes has a member that the request lacks.
fn is_of_response(request: Shape, name: &str) -> bool {
    use Shape::{
        Component, ContainerRecipe, DistributionConfiguration, Image, ImagePipeline, ImageRecipe,
        InfrastructureConfiguration, LifecyclePolicy, Workflow,
    };
    const RESOURCES: [(&str, Shape); 9] = [
        ("ImageRecipe", ImageRecipe),
        ("ContainerRecipe", ContainerRecipe),
        ("InfrastructureConfiguration", InfrastructureConfiguration),
        ("DistributionConfiguration", DistributionConfiguration),
        ("ImagePipeline", ImagePipeline),
        ("Component", Component),
        ("Workflow", Workflow),
        ("LifecyclePolicy", LifecyclePolicy),
        ("Image", Image),
    ];
    let operation = operation(request);
    let resource = RESOURCES.iter().find(|(resource, _)| {
        operation
            .strip_suffix(resource)
            .is_some_and(|verb| ["Create", "Update", "Import", "ImportVm", "ImportDisk"].contains(&verb))
    });
    matches!(name, "requestId" | "ResponseMetadata" | "latestVersionReferences")
        || resource.is_some_and(|(_, shape)| shape.member(name).is_some())
}

/// Where a member belongs that a structure lacks: beside or inside the structure, or under a longer name.
fn elsewhere(tree: &Tree<'_>, holder: u32, name: &str) -> Option<String> {
    let shape = tree.entry(holder).shape;
    let has = |shape: Shape| shape.members().iter().find(|member| folds_alike(member.name, name));
    let longer = shape.members().iter().find(|member| {
        let end = member.name.len().checked_sub(name.len());
        end.is_some_and(|end| {
            end > 0 && member.name.is_char_boundary(end) && member.name[end..].eq_ignore_ascii_case(name)
        })
    });
    if let Some(longer) = longer {
        return Some(format!("; did you mean `{}`?", longer.name));
    }
    let mut index = holder;
    while index != tree.entry(index).parent {
        let member = tree.entry(index).member;
        index = tree.entry(index).parent;
        let around = tree.entry(index).shape;
        if matches!(around.kind(), Kind::Structure { .. })
            && let Some(found) = has(around)
        {
            let beside = if member.is_empty() { String::new() } else { format!(", beside `{member}`") };
            return Some(format!("; `{}` belongs one level up{beside}", found.name));
        }
    }
    let inside = shape.members().iter().find_map(|member| Some((member, has(member.shape)?)));
    inside.map(|(member, found)| format!("; `{}` belongs into `{}`", found.name, member.name))
}
