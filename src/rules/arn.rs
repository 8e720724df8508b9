//! Image Builder ARNs: their segments, the types of their resources, and whether they end in a version or a
//! build.

use crate::aws::arn::Arn;
use crate::aws::version::Version;
use crate::model::typed::shapes::{ComponentVersion, ImageVersion, ParentImage, WorkflowVersion};
use crate::rule::prelude::*;
use crate::rules::view::arn::{
    AnyArn, NAMES_NOTHING, WORKFLOWS, faulty_segments, image_builder_arn, referenced_types, version_message,
};
use crate::rules::view::source::{GET_IMAGE, VERSIONING};
use crate::rules::{base_image, execution, reference, structure};
use crate::text::span::Span;

pub(super) static RULES: &[&Check] =
    &[&ARN_SEGMENT, &ARN_RESOURCE_TYPE, &ARN_VERSION_LEVEL, &LIST_IMAGES_ARN_LEVEL, &LIST_ARN_LEVEL];

pub(super) static ARN_SEGMENT: Check = Check {
    rule: &Rule {
        name: "arn-segment",
        summary: "every segment of an Image Builder ARN has its documented form",
        why: "The service model checks ARNs with one long pattern; this rule gives the same verdict and names the \
              segment that breaks it.",
        help: "an ARN reads arn:<partition>:imagebuilder:<region>:<account>:<type>/<name>[/<version>[/<build>]]",
        source: &["service model: ImageBuilderArn", GET_IMAGE],
        outranks: &[reference::LATEST_VERSION_REFERENCES.rule, &structure::STRING_PATTERN],
        ..Rule::BASE
    },
    on: &Each::<AnyArn>(|node, cx| {
        let Some(text) = node.text().filter(|text| !node.is::<ParentImage>() || is_image_builder_parent(text)) else {
            return;
        };
        let arn_node = cx.arn(node);
        let is_foreign = |arn_node: ArnNode<'_>| arn_node.resource.is_none() && all_are_of(arn_node.arn.service, cx);
        let is_everywhere = arn_node.is_some_and(is_foreign);
        for (segment, message) in faulty_segments(text, arn_node) {
            let finding = cx.report(node, message);
            if segment.len() < text.len() {
                finding.at_part(segment_span(node.any(), segment));
            }
            if is_everywhere {
                finding.collectively();
            }
        }
    }),
};

/// Whether all ARNs of the payload are of one service: a service that was misspelt everywhere was replaced once.
fn all_are_of(service: &str, cx: &Context<'_>) -> bool {
    const ENOUGH: usize = 32;
    cx.arns().take(ENOUGH).all(|arn_node| arn_node.arn.service == service)
}

/// The span of a segment of the ARN that a node holds; of an empty one, the colons around it.
fn segment_span(node: Node<'_>, segment: &str) -> Span {
    if !segment.is_empty() {
        return node.slice(segment);
    }
    let text = node.text().unwrap_or_default();
    let at = segment.as_ptr() as usize - text.as_ptr() as usize;
    node.part(at.saturating_sub(1)..(at + 1).min(text.len()))
}

/// Whether a parent image is an ARN of Image Builder, or too short to be any ARN. ARNs of other services are
/// reported by the rules in `base_image.rs`.
fn is_image_builder_parent(text: &str) -> bool {
    text.starts_with("arn:") && Arn::parse(text).is_none_or(|arn| arn.is_image_builder())
}

/// Whether an ARN ends in a name, a version or a build.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// No version.
    Versionless,
    /// Three nodes.
    Version,
    /// Three nodes and a build.
    Build,
    /// Three nodes, with or without a build.
    VersionOrBuild,
    /// Any of them; not checked.
    Any,
}

/// The resource types and the depth that are expected of an ARN.
struct Expected {
    types: &'static [&'static str],
    depth: Depth,
}

fn expected(node: Node<'_, AnyArn>, cx: &Context<'_>) -> Option<Expected> {
    use Depth::{Any, Build, Version, VersionOrBuild, Versionless};
    let holder = cx.parent()?.shape();
    let (types, depth): (&[&str], Depth) = match (node.member(), holder) {
        ("arn", Shape::Image | Shape::ImageSummary) | ("imageBuildVersionArn", _) => (&["image"], Build),
        ("imageArn", Shape::ImportVmImageResponse) => (&["image"], VersionOrBuild),
        ("arn", Shape::ImageVersion) => (&["image"], Any),
        ("arn", Shape::ImageRecipe | Shape::ImageRecipeSummary) | ("imageRecipeArn", _) => (&["image-recipe"], Version),
        ("arn", Shape::ContainerRecipe | Shape::ContainerRecipeSummary) | ("containerRecipeArn", _) => {
            (&["container-recipe"], Version)
        }
        ("arn", Shape::InfrastructureConfiguration | Shape::InfrastructureConfigurationSummary)
        | ("infrastructureConfigurationArn", _) => (&["infrastructure-configuration"], Versionless),
        ("arn", Shape::DistributionConfiguration | Shape::DistributionConfigurationSummary)
        | ("distributionConfigurationArn", _) => (&["distribution-configuration"], Versionless),
        ("arn", Shape::ImagePipeline) | ("sourcePipelineArn" | "imagePipelineArn", _) => {
            (&["image-pipeline"], Versionless)
        }
        ("arn", Shape::ComponentVersion) => (&["component"], Any),
        ("componentArn", Shape::ComponentConfiguration) => (&["component"], VersionOrBuild),
        ("arn", Shape::Component | Shape::ComponentSummary) | ("componentArn" | "componentBuildVersionArn", _) => {
            (&["component"], Build)
        }
        ("arn", Shape::WorkflowVersion) => (WORKFLOWS, Any),
        ("workflowArn", Shape::WorkflowConfiguration) => (WORKFLOWS, VersionOrBuild),
        ("arn", Shape::Workflow | Shape::WorkflowSummary) | ("workflowArn" | "workflowBuildVersionArn", _) => {
            (WORKFLOWS, Build)
        }
        ("arn", Shape::LifecyclePolicy | Shape::LifecyclePolicySummary) | ("lifecyclePolicyArn", _) => {
            (&["lifecycle-policy"], Any)
        }
        (_, Shape::LatestVersionReferences) => (referenced_types(cx)?, Any),
        _ => return None,
    };
    Some(Expected { types, depth })
}

pub(super) static ARN_RESOURCE_TYPE: Check = Check {
    rule: &Rule {
        name: "arn-resource-type",
        summary: "an ARN names a resource of the type that its member holds",
        why: "One pattern of the service model covers every Image Builder resource, so a recipe's ARN passes where an \
              image's belongs.",
        help: "copy the ARN of the resource that the member is named after",
        source: &["service model: ImageBuilderArn", "service model: Image.arn"],
        outranks: &[
            execution::WORKFLOW_IMAGE_ARN.rule,
            reference::LATEST_VERSION_REFERENCES.rule,
            ARN_SEGMENT.rule,
            &structure::STRING_PATTERN,
        ],
        ..Rule::BASE
    },
    on: &Each::<AnyArn>(|node, cx| {
        let (Some((_, resource)), Some(expected)) = (image_builder_arn(node, cx), expected(node, cx)) else {
            return;
        };
        // In a waiting step this is reported by `workflow-image-arn`.
        let waits = cx.parent().is_some_and(|holder| holder.shape() == Shape::WorkflowStepExecution);
        let is_checked = !(waits && node.member() == "imageBuildVersionArn");
        if is_checked && resource.is_known() && !expected.types.contains(&resource.kind) {
            let wanted = match expected.types {
                [one] => one.replace('-', " "),
                _ => "workflow".to_owned(),
            };
            let message = format!(
                "`{}` holds the ARN of a {}; that of a {wanted} was expected",
                node.member(),
                resource.described()
            );
            cx.report(node, with_correct_articles(&message)).at_part(node.slice(resource.kind));
        }
    }),
};

fn with_correct_articles(message: &str) -> String {
    message.replace(" a image", " an image").replace(" a infrastructure", " an infrastructure")
}

/// The rules that are outranked by those on how far a version goes.
static LESS_SPECIFIC: &[&Rule] =
    &[ARN_RESOURCE_TYPE.rule, base_image::PARENT_IMAGE_ARN_TYPE.rule, ARN_SEGMENT.rule, &structure::STRING_PATTERN];

pub(super) static ARN_VERSION_LEVEL: Check = Check {
    rule: &Rule {
        name: "arn-version-level",
        summary: "the version in an ARN goes as far as the resource's own",
        why: "An image that was built has a build version ARN of four nodes, a recipe has three, configurations and \
              pipelines have none. Components and workflows have builds, too. A request may name a version or a \
              wildcard; the response resolves it.",
        help: "images, components and workflows end in <major>.<minor>.<patch>/<build>, recipes in \
               <major>.<minor>.<patch>, configurations and pipelines in their name",
        source: &[
            GET_IMAGE,
            VERSIONING,
            "service model: ImageBuildVersionArn",
            "service model: ComponentBuildVersionArn",
            "service model: WorkflowBuildVersionArn",
            "service model: ImagePipelineArn",
        ],
        outranks: LESS_SPECIFIC,
        ..Rule::BASE
    },
    on: &Each::<AnyArn>(|node, cx| {
        let (Some((arn, resource)), Some(expected)) = (image_builder_arn(node, cx), expected(node, cx)) else {
            return;
        };
        if !expected.types.contains(&resource.kind) {
            return;
        }
        let version = resource.version;
        if resource.name.is_empty() {
            if expected.depth != Depth::Versionless {
                cx.report(node, NAMES_NOTHING).at_part(node.slice(arn.resource));
            }
            return;
        }
        if let Some(version) = version.filter(|version| version.has_wildcard_build()) {
            cx.report(node, version_message(version)).at_part(node.slice(version.text));
            return;
        }
        // An invalid version is reported by `arn-segment`, a wildcard in a resource's own ARN by
        // `version-wildcard-own`.
        let has_own_version = node.member() == "arn" && expected.depth != Depth::Versionless;
        let own_wildcard = |version: &Version<'_>| has_own_version && version.has_wildcard();
        if version.is_some_and(|version| !version.is_well_formed() || own_wildcard(&version)) {
            return;
        }
        let depth = match version {
            None => Depth::Versionless,
            Some(version) if version.build.is_some() => Depth::Build,
            Some(_) => Depth::Version,
        };
        let (fits, wanted) = match expected.depth {
            Depth::Any => return,
            Depth::VersionOrBuild => (depth != Depth::Versionless, "<major>.<minor>.<patch>, with or without a build"),
            Depth::Versionless => (depth == Depth::Versionless, "no version"),
            Depth::Version => (depth == Depth::Version, "<major>.<minor>.<patch>"),
            Depth::Build => (depth == Depth::Build, "a build version, <major>.<minor>.<patch>/<build>"),
        };
        if !fits {
            let found = match version {
                None => "has no version".to_owned(),
                Some(version) if version.build.is_none() => format!("stops at the patch node, `{}`", version.text),
                Some(version) => format!("goes as far as a build, `{}`", version.text),
            };
            let message =
                format!("the {} ARN in `{}` {found}; {wanted} was expected", resource.described(), node.member());
            cx.report(node, message).at_part(node.slice(version.map_or(resource.name, |version| version.text)));
        }
    }),
};

pub(super) static LIST_IMAGES_ARN_LEVEL: Check = Check {
    rule: &Rule {
        name: "list-images-arn-level",
        level: Level::Warning,
        summary: "ListImages returns image versions: three numbers, or x.x.x",
        why: "ListImages lists versions, not builds. A request by name returns x.x.x in the ARN and the version.",
        help: "builds are listed by ListImageBuildVersions",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ListImages.html",
            "service model: ImageVersion.arn",
            "service model: ListImagesRequest.byName",
        ],
        outranks: LESS_SPECIFIC,
        ..Rule::BASE
    },
    on: &Each::<ImageVersion>(|entry, cx| {
        let arn = entry.get(member::Arn);
        let in_arn = arn.and_then(|node| Some((node, image_builder_arn(node, cx)?.1.version?)));
        let version = entry.get(member::Version);
        let in_version = version.and_then(|node| Some((node, Version::parse(node.text()?))));
        for (node, version) in in_arn.into_iter().chain(in_version) {
            let listed = version.numbers == "x.x.x" || version.is_fixed();
            let is_version = node.member() == "version";
            if version.build.is_some() && version.is_well_formed() {
                let message = format!("ListImages lists image versions; `{}` is a build", version.text);
                cx.report(node, message).at_part(node.slice(version.text));
            } else if !listed && (version.is_well_formed() || (is_version && version.number_nodes().count() != 3)) {
                let message =
                    format!("ListImages lists <major>.<minor>.<patch> or x.x.x; found `{}`", quoted(version.text));
                cx.report(node, message).at_part(node.slice(version.text));
            }
        }
    }),
};

pub(super) static LIST_ARN_LEVEL: Check = Check {
    rule: &Rule {
        name: "list-arn-level",
        level: Level::Warning,
        summary: "ListComponents and ListWorkflows return versions, not builds",
        why: "Both lists have one entry for each version; its builds are listed by operations of their own. The \
              pattern of the service model refuses the ARN of a build among workflows, which is why that is an error.",
        help: "builds are listed by ListComponentBuildVersions and ListWorkflowBuildVersions",
        source: &["service model: ComponentVersion.arn", "service model: WorkflowVersion.arn"],
        outranks: LESS_SPECIFIC,
        ..Rule::BASE
    },
    on: &Each::<(ComponentVersion, WorkflowVersion)>(|entry, cx| {
        let Some(node) = entry.get(member::Arn) else {
            return;
        };
        let (list, kinds, level) = match entry.shape() {
            Shape::ComponentVersion => ("ListComponents lists component", &["component"][..], Level::Warning),
            _ => ("ListWorkflows lists workflow", WORKFLOWS, Level::Error),
        };
        let resource = image_builder_arn(node, cx).map(|(_, resource)| resource);
        let version = resource.filter(|resource| kinds.contains(&resource.kind)).and_then(|resource| resource.version);
        if let Some(version) = version.filter(|version| version.is_well_formed() && version.build.is_some()) {
            let message = format!("{list} versions; `arn` ends in a build, `{}`", version.text);
            cx.report(node, message).level(level).at_part(node.slice(version.text));
        }
    }),
};
