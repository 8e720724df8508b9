//! Semantic versions: their nodes and limits, and wildcards.

use crate::aws::version::{NODE_LIMIT, NODE_NAMES, Version, VersionNode};
use crate::finding::fix::{Edit, Safety};
use crate::model::typed::shapes::{
    Arn, Component, ComponentBuildVersionArn, ComponentSummary, ComponentVersion, ComponentVersionArnOrBuildVersionArn,
    ContainerRecipe, ContainerRecipeSummary, CreateComponentRequest, CreateWorkflowRequest, Image,
    ImageBuildVersionArn, ImageBuilderArn, ImageRecipe, ImageRecipeSummary, ImageSummary, ImageVersion,
    ImportComponentRequest, ImportDiskImageRequest, ImportVmImageRequest, ListedVersionNumber, ParentImage,
    VersionNumber, VersionNumberWithBuild, WildcardVersionNumber, Workflow, WorkflowBuildVersionArn, WorkflowSummary,
    WorkflowVersion, WorkflowVersionArnOrBuildVersionArn, WorkflowWildcardVersionArn,
};
use crate::rule::prelude::*;
use crate::rules::view::source::VERSIONING;
use crate::rules::{arn, base_image, reference, structure, version_arn};

pub(super) static RULES: &[&Check] = &[
    &VERSION_NODE_LIMIT,
    &VERSION_NODE_COUNT,
    &VERSION_WILDCARD_ORDER,
    &VERSION_WILDCARD_BUILD,
    &VERSION_WILDCARD_OWN,
    &VERSION_X_UPPERCASE,
];

/// The shapes of version members, and those of ARNs that may end in a version.
type Versioned = (
    VersionNumber,
    VersionNumberWithBuild,
    ListedVersionNumber,
    WildcardVersionNumber,
    ImageBuilderArn,
    ImageBuildVersionArn,
    ComponentBuildVersionArn,
    ComponentVersionArnOrBuildVersionArn,
    WorkflowBuildVersionArn,
    WorkflowVersionArnOrBuildVersionArn,
    WorkflowWildcardVersionArn,
    Arn,
    ParentImage,
);

/// The rules that are outranked by those on the version in an ARN.
static ARN_RULES: &[&Rule] = &[
    arn::ARN_VERSION_LEVEL.rule,
    arn::LIST_IMAGES_ARN_LEVEL.rule,
    VERSION_WILDCARD_OWN.rule,
    VERSION_NODE_COUNT.rule,
    version_arn::IMAGE_VERSION_ARN.rule,
    version_arn::RECIPE_VERSION_ARN.rule,
    reference::LATEST_VERSION_REFERENCES.rule,
    arn::ARN_RESOURCE_TYPE.rule,
    base_image::PARENT_IMAGE_ARN_TYPE.rule,
    arn::ARN_SEGMENT.rule,
    &structure::STRING_PATTERN,
];

fn is_version_member<S>(node: Node<'_, S>) -> bool {
    use Shape::{ListedVersionNumber, VersionNumber, VersionNumberWithBuild, WildcardVersionNumber};
    matches!(node.shape(), VersionNumber | VersionNumberWithBuild | ListedVersionNumber | WildcardVersionNumber)
}

/// The version that a version member holds or an ARN ends in.
fn version_of<'d, S>(node: Node<'d, S>, cx: &Context<'d>) -> Option<Version<'d>> {
    if is_version_member(node) {
        return node.text().map(Version::parse);
    }
    cx.arn_version(node)
}

pub(super) static VERSION_NODE_LIMIT: Check = Check {
    rule: &Rule {
        name: "version-node-limit",
        summary: "no node of a version exceeds 1073741823 (2^30-1)",
        why: "That is the upper limit of each node. Dates such as 2021.01.01 fit, milliseconds since 1970 do not.",
        help: "every node is a number from 0 to 1073741823; use a date or a counter that fits",
        source: &[VERSIONING, "service model: ContainerRecipe.version"],
        outranks: ARN_RULES,
        ..Rule::BASE
    },
    on: &Each::<Versioned>(|node, cx| {
        let Some(version) = version_of(node, cx).filter(|version| version.exceeds_limit()) else {
            return;
        };
        let last = version.nodes().count() - 1;
        for (index, (text, value)) in version.nodes().enumerate() {
            if value.exceeds_limit() {
                let build = index == last && version.build.is_some();
                let name = if build { "build" } else { NODE_NAMES.get(index).copied().unwrap_or("last") };
                let message = format!("{name} node `{}` exceeds {NODE_LIMIT} (2^30-1)", quoted(text));
                cx.report(node, message).at_part(node.slice(text));
            }
        }
    }),
};

static VERSION_NODE_COUNT: Check = Check {
    rule: &Rule {
        name: "version-node-count",
        summary: "a version has three nodes; that of an image may have a build after them",
        why: "Images carry <major>.<minor>.<patch>/<build> in responses; recipes, components and workflows carry three \
              nodes only. The nodes that a request asks for are three, too.",
        help: "write <major>.<minor>.<patch>, for an image <major>.<minor>.<patch>/<build>",
        source: &[
            VERSIONING,
            "service model: VersionNumber",
            "service model: VersionNumberWithBuild",
            "service model: WildcardVersionNumber",
        ],
        outranks: &[
            version_arn::VERSION_WITHOUT_BUILD.rule,
            version_arn::IMAGE_VERSION_ARN.rule,
            version_arn::RECIPE_VERSION_ARN.rule,
            &structure::STRING_PATTERN,
            &structure::STRING_LENGTH,
        ],
        ..Rule::BASE
    },
    on: &Each::<(VersionNumber, VersionNumberWithBuild, WildcardVersionNumber)>(|node, cx| {
        let Some(text) = node.text().filter(|text| !text.is_empty()) else {
            return;
        };
        let version = Version::parse(text);
        let takes_build = node.is::<VersionNumberWithBuild>();
        let expected = if takes_build { "<major>.<minor>.<patch>[/<build>]" } else { "<major>.<minor>.<patch>" };
        let count = version.number_nodes().count();
        if count != 3 {
            let nodes = counted(count, "node");
            cx.report(node, format!("version `{}` has {nodes}; {expected} was expected", quoted(text)));
        } else if version.build.is_some() && !takes_build {
            let message = format!("version `{}` has a build node; {expected} was expected", quoted(text));
            cx.report(node, message).at(node.slice(&text[version.numbers.len()..]));
        } else if let Some(build) = version.build.filter(|_| version.is_build_malformed()) {
            let message = format!("version `{}`; {expected} was expected", quoted(text));
            cx.report(node, message).at(node.slice(&text[version.numbers.len()..])).says(match build {
                "" => "no build",
                _ => "not a build",
            });
        }
    }),
};

pub(super) static VERSION_WILDCARD_ORDER: Check = Check {
    rule: &Rule {
        name: "version-wildcard-order",
        summary: "all nodes right of a wildcard are wildcards",
        why: "A wildcard selects the latest of everything to its right; a number there is refused. The patterns of the \
              service model let it pass.",
        help: "valid forms are x.x.x, 1.x.x and 1.8.x",
        source: &[VERSIONING, "service model: ContainerRecipe.version"],
        outranks: ARN_RULES,
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<Versioned>(|node, cx| {
        let Some(version) = version_of(node, cx).filter(|version| version.has_wildcard()) else {
            return;
        };
        let nodes: Vec<_> = version.number_nodes().collect();
        let Some(wildcard) = nodes.iter().position(|(_, value)| *value == VersionNode::Wildcard) else {
            return;
        };
        let fixed =
            nodes.iter().enumerate().skip(wildcard).find(|(_, (_, value))| matches!(value, VersionNode::Number(_)));
        if let Some((index, (text, _))) = fixed {
            let names = |index: usize| NODE_NAMES.get(index).copied().unwrap_or("last");
            let message = format!(
                "in `{}` the {} node is fixed although the {} node is a wildcard",
                version.numbers,
                names(index),
                names(wildcard)
            );
            let widened: Vec<&str> =
                nodes.iter().enumerate().map(|(index, (text, _))| if index > wildcard { "x" } else { text }).collect();
            let widened = widened.join(".");
            let fix = Fix::risky(format!("widen to `{widened}`"), node.slice(version.numbers), widened);
            let wildcard = node.slice(nodes[wildcard].0);
            cx.report(node, message).at_part(node.slice(text)).says("fixed").label(wildcard, "wildcard").fix(fix);
        }
    }),
};

pub(super) static VERSION_WILDCARD_BUILD: Check = Check {
    rule: &Rule {
        name: "version-wildcard-build",
        summary: "a build follows three numbers, not wildcards",
        why: "A build version ARN points to one build of one version; a wildcard before the build names no version.",
        help: "drop the build, or write out the version",
        source: &[VERSIONING, "service model: ComponentVersionArnOrBuildVersionArn"],
        outranks: ARN_RULES,
        ..Rule::BASE
    },
    on: &Each::<Versioned>(|node, cx| {
        let Some(version) = version_of(node, cx).filter(|version| !is_version_member(node) && version.has_wildcard())
        else {
            return;
        };
        if version.is_placeholder() {
            return;
        }
        if let Some(build) = version.build {
            let message =
                format!("build `{}` of `{}` follows a wildcard; it needs three numbers", quoted(build), version.text);
            cx.report(node, message).at_part(node.slice(build));
        }
    }),
};

static VERSION_WILDCARD_OWN: Check = Check {
    rule: &Rule {
        name: "version-wildcard-own",
        summary: "a resource's own version holds numbers, not wildcards",
        why: "Wildcards select versions of other resources; they cannot be assigned. Even a recipe created with x for \
              automatic versioning has numbers afterwards. Lists of images, components and workflows by name answer \
              x.x.x, which is accepted there.",
        help: "wildcards belong in componentArn, parentImage, workflowArn and latestVersionReferences",
        source: &[VERSIONING, "service model: VersionNumber"],
        outranks: &[
            version_arn::VERSION_WITHOUT_BUILD.rule,
            arn::ARN_RESOURCE_TYPE.rule,
            base_image::PARENT_IMAGE_ARN_TYPE.rule,
            arn::ARN_SEGMENT.rule,
            &structure::STRING_PATTERN,
        ],
        ..Rule::BASE
    },
    on: &Each::<(
        Image,
        ImageSummary,
        ImageVersion,
        ImageRecipe,
        ImageRecipeSummary,
        ContainerRecipe,
        ContainerRecipeSummary,
        Component,
        ComponentSummary,
        ComponentVersion,
        Workflow,
        WorkflowSummary,
        WorkflowVersion,
        CreateComponentRequest,
        ImportComponentRequest,
        CreateWorkflowRequest,
        ImportVmImageRequest,
        ImportDiskImageRequest,
    )>(|resource, cx| {
        let asked = || resource.get_if_any(member::SemanticVersion);
        let version = resource.get_if_any(member::Version).or_else(asked);
        let listed =
            resource.is::<ImageVersion>() || resource.is::<ComponentVersion>() || resource.is::<WorkflowVersion>();
        for node in resource.get_if_any(member::Arn).into_iter().chain(version) {
            let version = version_of(node, cx).filter(|version| version.has_wildcard());
            if let Some(version) = version.filter(|version| !(listed && version.text == "x.x.x")) {
                let message = format!(
                    "`{}` holds the wildcard version `{}`; a resource's own version has numbers",
                    node.member(),
                    quoted(version.text)
                );
                cx.report(node, message).at_part(node.slice(version.text));
            }
        }
    }),
};

pub(super) static VERSION_X_UPPERCASE: Check = Check {
    rule: &Rule {
        name: "version-x-uppercase",
        summary: "a wildcard is written as one lower-case x",
        why: "Only `x` is a wildcard. `X`, `*`, `latest` and `xxxx` are refused, although a sample of the AWS CLI \
              prints the last.",
        help: "a single lower-case x per node",
        source: &[VERSIONING, "service model: ImageBuilderArn"],
        outranks: ARN_RULES,
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<Versioned>(|node, cx| {
        let Some(version) = version_of(node, cx).filter(|version| !version.is_well_formed()) else {
            return;
        };
        let is_single_node = version.number_nodes().count() == 1;
        let wrong: Vec<&str> =
            version.nodes().filter_map(|(text, value)| resembles_wildcard(value).then_some(text)).collect();
        let Some(first) = wrong.first() else {
            return;
        };
        // The version that a resource has itself is no selection of others.
        if node.is::<VersionNumber>() || node.is::<VersionNumberWithBuild>() {
            let message =
                format!("`{}` is not a wildcard; in a resource's own version a number was expected", quoted(first));
            cx.report(node, message).at(node.slice(first)).help("a resource's own version has numbers only");
            return;
        }
        let replacement = if is_single_node { "x.x.x" } else { "x" };
        let edits = wrong.iter().map(|text| Edit { span: node.slice(text), text: replacement.to_owned() }).collect();
        let fix = Fix { safety: Safety::Safe, title: format!("replace by `{replacement}`").into(), edits };
        let message = format!("`{}` is not a wildcard; `{replacement}` was expected", quoted(first));
        cx.report(node, message).at_part(node.slice(first)).fix(fix);
    }),
};

fn resembles_wildcard(node: VersionNode<'_>) -> bool {
    let VersionNode::Other(text) = node else {
        return false;
    };
    let all_x = !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'x' | b'X'));
    all_x || text == "*" || text.eq_ignore_ascii_case("latest")
}
