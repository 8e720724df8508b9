//! Semantic versions: their nodes and limits, wildcards, and versions against ARNs.

use crate::aws::version::{NODE_LIMIT, NODE_NAMES, Version, VersionNode};
use crate::document::secret::quoted;
use crate::finding::fix::{Edit, Fix, Safety};
use crate::finding::{Level, Span};
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::context::Context;
use crate::rule::node::Node;
use crate::rules::arn::image_builder_arn;
use crate::rules::source::{GET_IMAGE, VERSIONING};

pub(super) static RULES: &[&Rule] = &[
    &VERSION_NODE_LIMIT,
    &VERSION_NODE_COUNT,
    &VERSION_WITHOUT_BUILD,
    &VERSION_WILDCARD_ORDER,
    &VERSION_WILDCARD_BUILD,
    &VERSION_WILDCARD_OWN,
    &VERSION_X_UPPERCASE,
    &IMAGE_VERSION_ARN,
    &RECIPE_VERSION_ARN,
];

/// The shapes of version members, and those of ARNs that may end in a version.
const VERSIONED: &[Shape] = &[
    Shape::VersionNumber,
    Shape::VersionNumberWithBuild,
    Shape::ListedVersionNumber,
    Shape::WildcardVersionNumber,
    Shape::ImageBuilderArn,
    Shape::ImageBuildVersionArn,
    Shape::ComponentBuildVersionArn,
    Shape::ComponentVersionArnOrBuildVersionArn,
    Shape::WorkflowBuildVersionArn,
    Shape::WorkflowVersionArnOrBuildVersionArn,
    Shape::WorkflowWildcardVersionArn,
    Shape::Arn,
    Shape::ParentImage,
];

/// What the rules on an ARN's version replace.
const ARN_RULES: &[&str] = &[
    "arn-version-level",
    "list-images-arn-level",
    "version-wildcard-own",
    "version-node-count",
    "image-version-arn",
    "recipe-version-arn",
    "latest-version-references",
    "arn-resource-type",
    "parent-image-arn-type",
    "arn-segment",
    "string-pattern",
];

fn is_version_member(node: Node<'_>) -> bool {
    use Shape::{ListedVersionNumber, VersionNumber, VersionNumberWithBuild, WildcardVersionNumber};
    matches!(node.shape(), VersionNumber | VersionNumberWithBuild | ListedVersionNumber | WildcardVersionNumber)
}

/// The version that a version member holds or an ARN ends in.
fn version_of<'d>(node: Node<'d>, cx: &Context<'d>) -> Option<Version<'d>> {
    if is_version_member(node) {
        return node.text().map(Version::parse);
    }
    cx.arn_version(node)
}

static VERSION_NODE_LIMIT: Rule = Rule {
    name: "version-node-limit",
    on: VERSIONED,
    summary: "no node of a version exceeds 1073741823 (2^30-1)",
    why: "Image Builder packs each node into 30 bits. Dates such as 2021.01.01 fit, milliseconds since 1970 do not.",
    help: "every node is a number from 0 to 1073741823; use a date or a counter that fits",
    source: &[VERSIONING, "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageRecipe.html"],
    outranks: ARN_RULES,
    check: |node, cx| {
        let Some(version) = version_of(node, cx).filter(|version| version.exceeds_limit()) else {
            return;
        };
        let last = version.nodes().count() - 1;
        for (index, (text, value)) in version.nodes().enumerate() {
            if value.exceeds_limit() {
                let build = index == last && version.build.is_some();
                let name = if build { "build" } else { NODE_NAMES.get(index).copied().unwrap_or("last") };
                let message = format!("{name} node `{}` exceeds {NODE_LIMIT} (2^30-1)", quoted(text));
                cx.report(node, message).at(node.slice(text));
            }
        }
    },
    ..Rule::BASE
};

static VERSION_NODE_COUNT: Rule = Rule {
    name: "version-node-count",
    on: &[Shape::VersionNumber, Shape::VersionNumberWithBuild],
    summary: "a version has three nodes; that of an image may have a build after them",
    why: "Images carry <major>.<minor>.<patch>/<build> in responses; recipes, components and workflows carry three \
          nodes only.",
    help: "write <major>.<minor>.<patch>, for an image <major>.<minor>.<patch>/<build>",
    source: &[VERSIONING, "service model: VersionNumber", "service model: VersionNumberWithBuild"],
    outranks: &["version-without-build", "image-version-arn", "recipe-version-arn", "string-pattern", "string-length"],
    check: |node, cx| {
        let Some(text) = node.text().filter(|text| !text.is_empty()) else {
            return;
        };
        let version = Version::parse(text);
        let takes_build = node.shape() == Shape::VersionNumberWithBuild;
        let expected = if takes_build { "<major>.<minor>.<patch>[/<build>]" } else { "<major>.<minor>.<patch>" };
        let count = version.number_nodes().count();
        if count != 3 {
            let nodes = if count == 1 { "1 node".to_owned() } else { format!("{count} nodes") };
            cx.report(node, format!("version `{}` has {nodes}; {expected} was expected", quoted(text)));
        } else if version.build.is_some() && !takes_build {
            let message = format!("version `{}` has a build node; {expected} was expected", quoted(text));
            cx.report(node, message).at(node.slice(&text[version.numbers.len()..]));
        }
    },
    ..Rule::BASE
};

static VERSION_WITHOUT_BUILD: Rule = Rule {
    name: "version-without-build",
    level: Level::Info,
    on: &[Shape::Image, Shape::ImageSummary],
    summary: "the version of a built image names its build",
    why: "Every published response carries four nodes here, such as 1.0.0/1. Three usually mark a capture that was \
          written by hand or generated from an older model.",
    help: "a response carries <major>.<minor>.<patch>/<build> here",
    source: &[GET_IMAGE, "service model: VersionNumberWithBuild"],
    check: |image, cx| {
        let Some((node, version, in_arn)) = version_and_arn(image, cx).filter(|_| !cx.is_notification()) else {
            return;
        };
        let build = in_arn.build.filter(|_| in_arn.is_fixed());
        if let (None, Some(build)) = (version.build, build)
            && version.is_fixed()
            && version.same_numbers(in_arn)
        {
            let message = format!("version `{}` stops before the build; the ARN has build {build}", version.text);
            let end = Span::new(node.span().end - 1, node.span().end - 1);
            cx.report(node, message).fix(Fix::safe("append the build of the ARN", end, format!("/{build}")));
        }
    },
    ..Rule::BASE
};

static VERSION_WILDCARD_ORDER: Rule = Rule {
    name: "version-wildcard-order",
    on: VERSIONED,
    summary: "all nodes right of a wildcard are wildcards",
    why: "A wildcard selects the latest of everything to its right; a number there is refused. The patterns of the \
          service model let it pass.",
    help: "valid forms are x.x.x, 1.x.x and 1.8.x",
    source: &[VERSIONING, "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageRecipe.html"],
    outranks: ARN_RULES,
    check: |node, cx| {
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
                "`{}`: the {} node is fixed although the {} node is a wildcard",
                version.numbers,
                names(index),
                names(wildcard)
            );
            let widened: Vec<&str> =
                nodes.iter().enumerate().map(|(index, (text, _))| if index > wildcard { "x" } else { text }).collect();
            let widened = widened.join(".");
            let fix = Fix::risky(format!("widen to `{widened}`"), node.slice(version.numbers), widened);
            let wildcard = node.slice(nodes[wildcard].0);
            cx.report(node, message).at(node.slice(text)).says("fixed").label(wildcard, "wildcard").fix(fix);
        }
    },
    ..Rule::BASE
};

static VERSION_WILDCARD_BUILD: Rule = Rule {
    name: "version-wildcard-build",
    on: VERSIONED,
    summary: "a build follows three numbers, not wildcards",
    why: "A build version ARN points to one build of one version; a wildcard before the build names no version.",
    help: "drop the build, or write out the version",
    source: &[VERSIONING, "service model: ComponentVersionArnOrBuildVersionArn"],
    outranks: ARN_RULES,
    check: |node, cx| {
        let Some(version) = version_of(node, cx).filter(|version| !is_version_member(node) && version.has_wildcard())
        else {
            return;
        };
        if version.is_placeholder() {
            return;
        }
        if let Some(build) = version.build {
            let message =
                format!("`{}`: build `{}` follows a wildcard; it needs three numbers", version.text, quoted(build));
            cx.report(node, message).at(node.slice(build));
        }
    },
    ..Rule::BASE
};

static VERSION_WILDCARD_OWN: Rule = Rule {
    name: "version-wildcard-own",
    on: &[
        Shape::Image,
        Shape::ImageSummary,
        Shape::ImageVersion,
        Shape::ImageRecipe,
        Shape::ImageRecipeSummary,
        Shape::ContainerRecipe,
        Shape::ContainerRecipeSummary,
    ],
    summary: "a resource's own version holds numbers, not wildcards",
    why: "Wildcards select versions of other resources; they cannot be assigned. Even a recipe created with x for \
          automatic versioning has numbers afterwards. ListImages by name answers x.x.x, which is accepted there.",
    help: "wildcards belong in componentArn, parentImage, workflowArn and latestVersionReferences",
    source: &[VERSIONING, "service model: VersionNumber"],
    outranks: &["version-without-build", "arn-resource-type", "parent-image-arn-type", "arn-segment", "string-pattern"],
    check: |resource, cx| {
        let version = resource.shape().member("version").and_then(|_| resource.get("version"));
        let listed = resource.shape() == Shape::ImageVersion;
        for node in resource.get("arn").into_iter().chain(version) {
            let version = version_of(node, cx).filter(|version| version.has_wildcard());
            if let Some(version) = version.filter(|version| !(listed && version.text == "x.x.x")) {
                let message = format!(
                    "`{}` holds the wildcard version `{}`; a resource's own version has numbers",
                    node.member(),
                    quoted(version.text)
                );
                cx.report(node, message).at(node.slice(version.text));
            }
        }
    },
    ..Rule::BASE
};

static VERSION_X_UPPERCASE: Rule = Rule {
    name: "version-x-uppercase",
    on: VERSIONED,
    summary: "a wildcard is written as one lower-case x",
    why: "Only `x` is a wildcard. `X`, `*`, `latest` and `xxxx` are refused, although a sample of the AWS CLI prints \
          the last.",
    help: "a single lower-case x per node",
    source: &[VERSIONING, "service model: ImageBuilderArn"],
    outranks: ARN_RULES,
    check: |node, cx| {
        let Some(version) =
            version_of(node, cx).filter(|version| !version.is_well_formed() && !is_version_member(node))
        else {
            return;
        };
        let stands_for_all = version.number_nodes().count() == 1;
        let wrong: Vec<&str> =
            version.nodes().filter_map(|(text, value)| is_would_be_wildcard(value).then_some(text)).collect();
        let Some(first) = wrong.first() else {
            return;
        };
        let replacement = if stands_for_all { "x.x.x" } else { "x" };
        let edits = wrong.iter().map(|text| Edit { span: node.slice(text), text: replacement.to_owned() }).collect();
        let fix = Fix { safety: Safety::Safe, title: format!("replace by `{replacement}`").into(), edits };
        let message = format!("`{}` is not a wildcard; `{replacement}` was expected", quoted(first));
        cx.report(node, message).at(node.slice(first)).fix(fix);
    },
    ..Rule::BASE
};

fn is_would_be_wildcard(node: VersionNode<'_>) -> bool {
    let VersionNode::Other(text) = node else {
        return false;
    };
    let all_x = !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'x' | b'X'));
    all_x || text == "*" || text.eq_ignore_ascii_case("latest")
}

/// The `version` of a resource with its node, and the version in its ARN.
fn version_and_arn<'d>(resource: Node<'d>, cx: &Context<'d>) -> Option<(Node<'d>, Version<'d>, Version<'d>)> {
    let node = resource.get("version")?;
    let (_, named) = image_builder_arn(resource.get("arn")?, cx)?;
    Some((node, Version::parse(node.text()?), named.version?))
}

static IMAGE_VERSION_ARN: Rule = Rule {
    name: "image-version-arn",
    on: &[Shape::Image, Shape::ImageSummary, Shape::ImageVersion],
    summary: "an image's version is that of its ARN",
    why: "The version is part of the ARN. Where the two differ one of them was edited.",
    help: "one of the two was edited; take the version from the ARN",
    source: &[VERSIONING, "service model: Image.version"],
    check: |image, cx| {
        // Of a notification `sns-build-version` says so.
        if !cx.is_notification() {
            check_agreement(image, cx, true);
        }
    },
    ..Rule::BASE
};

static RECIPE_VERSION_ARN: Rule = Rule {
    name: "recipe-version-arn",
    on: &[Shape::ImageRecipe, Shape::ContainerRecipe],
    summary: "a recipe's version is that of its ARN",
    why: "The version is part of the ARN. Where the two differ one of them was edited.",
    help: "one of the two was edited; take the version from the ARN",
    source: &[VERSIONING, "service model: ImageRecipe.version"],
    check: |recipe, cx| check_agreement(recipe, cx, false),
    ..Rule::BASE
};

fn check_agreement<'d>(resource: Node<'d>, cx: &mut Context<'d>, with_build: bool) {
    let Some((node, version, in_arn)) = version_and_arn(resource, cx) else {
        return;
    };
    if !version.is_fixed() || !in_arn.is_fixed() {
        return;
    }
    let builds = with_build.then(|| version.build.zip(in_arn.build)).flatten();
    let same_text = version.numbers == in_arn.numbers && builds.is_none_or(|(one, other)| one == other);
    if same_text {
        return;
    }
    let number = |build: &str| build.trim_start_matches('0').to_owned();
    let same_value = version.same_numbers(in_arn) && builds.is_none_or(|(one, other)| number(one) == number(other));
    let arn = resource.get("arn").unwrap_or(node);
    let wanted = if with_build { in_arn.text } else { in_arn.numbers };
    let fix = Fix::risky("copy the version from the ARN", node.part(0..version.text.len()), wanted);
    let message = format!("`version` is `{}`, the ARN has `{wanted}`", version.text);
    let finding = cx.report(node, message);
    finding.label(arn.slice(in_arn.text), "the version in the ARN").fix(fix);
    if same_value {
        finding.level(Level::Info).help("they differ in leading zeros only");
    }
}
