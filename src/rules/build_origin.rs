//! Where an image comes from: its build type and pipeline, its base image, its platform.

use crate::aws::arn::is_amazon;
use crate::aws::platform::{Platform, starts_with_ignoring_case};
use crate::document::secret::quoted;
use crate::finding::Level;
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::node::Node;
use crate::rules::arn::image_builder_arn;
use crate::rules::name::{is_slug_of, slug};
use crate::rules::source::{IMAGE, IMAGE_DETAILS};

pub(super) static RULES: &[&Rule] = &[
    &PLATFORM_AGREEMENT,
    &CONTAINER_PLATFORM,
    &IMPORT_ISO_PLATFORM,
    &OS_VERSION_PLATFORM,
    &SCHEDULED_WITHOUT_PIPELINE,
    &IMPORT_WITH_PIPELINE,
    &PIPELINE_NAME_ARN,
    &IMAGE_SOURCE_PARENT,
];

/// The shapes of images, whole and listed.
const IMAGES: &[Shape] = &[Shape::Image, Shape::ImageSummary, Shape::ImageVersion];

/// The build type of an image, when that is an import.
pub(super) fn import_type(image: Node<'_>) -> Option<Node<'_>> {
    image.get("buildType").filter(|node| matches!(node.text(), Some("IMPORT" | "IMPORT_ISO")))
}

/// The platform that a structure names, when it is one that exists.
pub(super) fn platform_of(node: Node<'_>) -> Option<(Node<'_>, Platform)> {
    let platform = node.get("platform")?;
    Some((platform, Platform::named(platform.text()?)?))
}

static PLATFORM_AGREEMENT: Rule = Rule {
    name: "platform-agreement",
    level: Level::Warning,
    on: &[Shape::Image],
    summary: "an image has the platform of its recipe",
    why: "The recipe decides what an image is built for. Where the two differ one of them was edited, or the parts \
          of the document come from two captures.",
    help: "one of the two was edited",
    source: &[IMAGE, "service model: ImagePipeline.platform"],
    outranks: &["os-version-platform"],
    check: |image, cx| {
        let Some((node, platform)) = platform_of(image) else {
            return;
        };
        let recipe = image.get("imageRecipe").or_else(|| image.get("containerRecipe"));
        let Some((of_recipe, other)) = recipe.and_then(platform_of) else {
            return;
        };
        // A container recipe for macOS is `container-platform`'s.
        let impossible = other == Platform::MacOs && recipe.is_some_and(|it| it.shape() == Shape::ContainerRecipe);
        if other != platform && !impossible {
            let message = format!("the image's platform is `{}`, its recipe's `{}`", platform.name(), other.name());
            cx.report(node, message).label(of_recipe.span(), "the recipe's platform");
        }
    },
    ..Rule::BASE
};

static CONTAINER_PLATFORM: Rule = Rule {
    name: "container-platform",
    on: &[
        Shape::ContainerRecipe,
        Shape::ContainerRecipeSummary,
        Shape::Image,
        Shape::ImageSummary,
        Shape::ImageVersion,
    ],
    summary: "containers are built for Linux and Windows",
    why: "All platforms share one enumeration, so the schema accepts macOS here, but there are no macOS containers.",
    help: "container recipes are for `Linux` or `Windows`; macOS images are AMIs",
    source: &[
        "service model: ContainerRecipe.platform",
        "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ContainerRecipe.html",
    ],
    outranks: &["platform-agreement", "os-version-platform"],
    check: |resource, cx| {
        let Some((node, Platform::MacOs)) = platform_of(resource) else {
            return;
        };
        let is_image = IMAGES.contains(&resource.shape());
        let kind = is_image.then(|| resource.get("type")).flatten();
        if is_image && kind.and_then(Node::text) != Some("DOCKER") {
            return;
        }
        // A recipe for macOS speaks for the image that was built from it.
        let recipe = resource.shape().member("containerRecipe").and_then(|_| resource.get("containerRecipe"));
        if recipe.and_then(platform_of).is_some_and(|(_, platform)| platform == Platform::MacOs) {
            return;
        }
        let finding = cx.report(node, "a container for `macOS`; `Linux` or `Windows` was expected");
        if let Some(kind) = kind {
            finding.label(kind.span(), "a container image");
        }
    },
    ..Rule::BASE
};

static IMPORT_ISO_PLATFORM: Rule = Rule {
    name: "import-iso-platform",
    on: IMAGES,
    summary: "an image imported from an ISO file is an AMI of Microsoft Windows 11",
    why: "ISO imports make Windows AMIs only, and Windows 11 is the one version that is documented for them.",
    help: "correct `buildType`, or what the image says of its system",
    source: &[
        "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImportDiskImage.html",
        "service model: ImportDiskImageRequest.osVersion",
    ],
    outranks: &["os-version-platform", "container-platform"],
    check: |image, cx| {
        let Some(build_type) = image.get("buildType").filter(|node| node.text() == Some("IMPORT_ISO")) else {
            return;
        };
        let import = (build_type.span(), "imported from an ISO file");
        let platform = platform_of(image);
        if let Some((node, found)) = platform.filter(|(_, platform)| *platform != Platform::Windows) {
            let message = format!("build type `IMPORT_ISO` on platform `{}`; `Windows` was expected", found.name());
            cx.report(node, message).label(import.0, import.1);
        } else if let Some(kind) = image.get("type").filter(|kind| kind.text() == Some("DOCKER")) {
            let message = "build type `IMPORT_ISO` on an image of type `DOCKER`; `AMI` was expected";
            cx.report(kind, message).label(import.0, import.1);
        } else if let Some((node, found)) = image.get_with_text("osVersion")
            && !starts_with_ignoring_case(found, "Microsoft Windows 11")
        {
            let message = format!(
                "build type `IMPORT_ISO` with OS version `{}`; `Microsoft Windows 11` was expected",
                quoted(found)
            );
            let subject = platform.map_or(node, |(platform, _)| platform);
            cx.report(subject, message).level(Level::Warning).at(node.span()).label(import.0, import.1);
        }
    },
    ..Rule::BASE
};

static OS_VERSION_PLATFORM: Rule = Rule {
    name: "os-version-platform",
    level: Level::Warning,
    on: IMAGES,
    summary: "an image's `osVersion` is one of its platform's systems",
    why: "`osVersion` names the operating system, which belongs to one platform. Names that imagelint does not know \
          are not judged.",
    help: "one of the two was edited",
    source: &[IMAGE, "service model: OsVersion"],
    check: |image, cx| {
        let (Some(os_version), Some((node, platform))) = (image.get("osVersion"), platform_of(image)) else {
            return;
        };
        let text = os_version.text().unwrap_or_default();
        if let Some(expected) = Platform::of_os_version(text).filter(|expected| *expected != platform) {
            let message = format!(
                "OS version `{}` on platform `{}`; `{}` was expected",
                quoted(text),
                platform.name(),
                expected.name()
            );
            cx.report(node, message).label(os_version.span(), format!("a system of platform {}", expected.name()));
        }
    },
    ..Rule::BASE
};

static SCHEDULED_WITHOUT_PIPELINE: Rule = Rule {
    name: "scheduled-without-pipeline",
    level: Level::Warning,
    on: &[Shape::Image],
    summary: "a scheduled build names the pipeline that ran it",
    why: "Only pipelines run on a schedule, and an image that a pipeline built carries the pipeline's ARN.",
    help: "add `sourcePipelineArn`, or correct `buildType`",
    source: &[IMAGE, "service model: Image.sourcePipelineArn"],
    outranks: &["pipeline-name-arn"],
    check: |image, cx| {
        let scheduled = image.get("buildType").filter(|node| node.text() == Some("SCHEDULED"));
        if let (Some(build_type), None) = (scheduled, image.get("sourcePipelineArn")) {
            // A pipeline's name without its ARN is the same fault.
            let subject = image.get("sourcePipelineName").unwrap_or(build_type);
            let message = "build type `SCHEDULED`, but there is no `sourcePipelineArn`";
            cx.report(subject, message).at(build_type.span());
        }
    },
    ..Rule::BASE
};

static IMPORT_WITH_PIPELINE: Rule = Rule {
    name: "import-with-pipeline",
    level: Level::Warning,
    on: &[Shape::Image],
    summary: "an imported image names no pipeline",
    why: "The pipeline's ARN marks images that an execution of that pipeline created; imports run without one.",
    help: "drop `sourcePipelineArn`, or correct `buildType`",
    source: &["service model: Image.sourcePipelineArn", IMAGE],
    check: |image, cx| {
        if let (Some(build_type), Some(pipeline)) = (import_type(image), image.get("sourcePipelineArn")) {
            let found = build_type.text().unwrap_or_default();
            let message = format!("an image of build type `{found}` has `sourcePipelineArn`; imports have no pipeline");
            cx.report(pipeline, message).at(pipeline.key_span()).label(build_type.span(), "an import");
        }
    },
    ..Rule::BASE
};

static PIPELINE_NAME_ARN: Rule = Rule {
    name: "pipeline-name-arn",
    level: Level::Warning,
    on: &[Shape::Image],
    summary: "`sourcePipelineName` is the name of the pipeline in `sourcePipelineArn`",
    why: "Both name the pipeline that built the image, and the name segment of an ARN is made of the name. Names with \
          other characters than letters, digits, spaces, hyphens and underscores are not judged.",
    help: "one of the two was edited",
    source: &["service model: Image.sourcePipelineName", IMAGE],
    check: |image, cx| {
        let Some((name, text)) = image.get_with_text("sourcePipelineName") else {
            return;
        };
        let Some(arn) = image.get("sourcePipelineArn") else {
            let message = format!("pipeline `{}` is named, but there is no `sourcePipelineArn`", quoted(text));
            cx.report(name, message).help("responses name the pipeline by its ARN; add it, or drop the name");
            return;
        };
        let pipeline = image_builder_arn(arn, cx).filter(|(_, named)| named.kind == "image-pipeline");
        let Some((_, named)) = pipeline.filter(|(_, named)| !named.name.is_empty() && !is_slug_of(named.name, text))
        else {
            return;
        };
        if let Some(slug) = slug(text) {
            let found = quoted(named.name);
            let message = format!("pipeline name `{text}` gives the ARN segment `{slug}`; the ARN has `{found}`");
            cx.report(name, message).label(arn.slice(named.name), "the name in the ARN");
        }
    },
    ..Rule::BASE
};

/// What the path of a public parameter starts with.
const PUBLIC_PARAMETERS: &str = "/aws/service/";

static IMAGE_SOURCE_PARENT: Rule = Rule {
    name: "image-source-parent",
    level: Level::Info,
    pedantic: true,
    on: &[Shape::Image],
    summary: "`imageSource` tells where the recipe's base image comes from",
    why: "Amazon's images have ARNs of account `aws`, those of AWS Marketplace a product id or an ARN of \
          `aws-marketplace`. It is off by default because an AMI id does not tell who owns the AMI.",
    help: "one of the two was edited, unless the base image is an AMI that Amazon or a seller owns",
    source: &[IMAGE_DETAILS, "service model: Image.imageSource"],
    check: |image, cx| {
        let parent = image.get("imageRecipe").and_then(|recipe| recipe.get("parentImage"));
        let (Some(source), Some(parent)) = (image.get("imageSource"), parent) else {
            return;
        };
        let (Some(origin), Some(text)) = (source.text(), parent.text()) else {
            return;
        };
        let account = image_builder_arn(parent, cx).map(|(arn, _)| arn.account);
        let expected = match origin {
            "AMAZON_MANAGED" if !account.is_some_and(is_amazon) && !text.contains(PUBLIC_PARAMETERS) => {
                "an image of account `aws`"
            }
            "CUSTOM" if account.is_some_and(is_amazon) => "an image of your own",
            "AWS_MARKETPLACE" if !is_from_marketplace(text, account) => "a product id or an image of `aws-marketplace`",
            _ => return,
        };
        let message =
            format!("image source `{origin}`, but the base image is `{}`; {expected} was expected", quoted(text));
        cx.report(source, message).label(parent.span(), "the base image");
    },
    ..Rule::BASE
};

/// Whether a base image may come from AWS Marketplace: all but AMI ids, other parameters and ARNs
/// are taken for product ids.
fn is_from_marketplace(text: &str, account: Option<&str>) -> bool {
    match account {
        Some(account) => matches!(account, "aws-marketplace" | "third-party"),
        None => {
            text.contains(PUBLIC_PARAMETERS) || !["ami-", "arn:", "ssm:"].iter().any(|start| text.starts_with(start))
        }
    }
}
