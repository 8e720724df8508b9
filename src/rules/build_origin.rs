//! Where an image comes from: its build type and pipeline, its base image, its platform.

use crate::aws::arn::is_amazon;
use crate::aws::platform::Platform;
use crate::aws::slug::{is_slug_of, slug};
use crate::model::typed::shapes::{
    ContainerRecipe, ContainerRecipeSummary, CreateContainerRecipeRequest, Image, ImageSummary, ImageVersion,
    ImportDiskImageRequest,
};
use crate::rule::prelude::*;
use crate::rules::name;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::image::{existing_platform, import_type};
use crate::rules::view::source::{IMAGE, IMAGE_DETAILS};
use crate::text::case::starts_with_ignoring_case;

pub(super) static RULES: &[&Check] = &[
    &PLATFORM_AGREEMENT,
    &CONTAINER_PLATFORM,
    &IMPORT_ISO_PLATFORM,
    &OS_VERSION_PLATFORM,
    &SCHEDULED_WITHOUT_PIPELINE,
    &IMPORT_WITH_PIPELINE,
    &PIPELINE_NAME_ARN,
    &IMAGE_SOURCE_PARENT,
];

/// The shapes of images, of complete ones and of entries in lists.
type AnyImage = (Image, ImageSummary, ImageVersion);

/// The platform that a structure names; None where it is unknown.
fn platform_of<S>(node: Node<'_, S>) -> Option<(Node<'_>, Platform)>
where
    S: Has<member::Platform, Value = Any>,
{
    existing_platform(node.get(member::Platform)?)
}

static PLATFORM_AGREEMENT: Check = Check {
    rule: &Rule {
        name: "platform-agreement",
        level: Level::Warning,
        summary: "an image has the platform of its recipe",
        why: "An image is built from its recipe. No page says that the two platforms are equal, but in every published \
              capture they are. Where they differ one of them was edited, or the parts of the document come from two \
              captures.",
        help: "one of the two was edited",
        source: &[
            "observed: in every published capture both platforms are equal",
            "service model: Image.platform",
            "service model: ImageRecipe.platform",
        ],
        outranks: &[OS_VERSION_PLATFORM.rule],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        let Some((node, platform)) = platform_of(image) else {
            return;
        };
        let recipe_platform = match image.get(member::ImageRecipe) {
            Some(recipe) => platform_of(recipe),
            // A container recipe for macOS is reported by `container-platform`.
            None => image
                .get(member::ContainerRecipe)
                .and_then(platform_of)
                .filter(|(_, platform)| *platform != Platform::MacOs),
        };
        if let Some((recipe_node, other)) = recipe_platform.filter(|(_, other)| *other != platform) {
            let message = format!("the image's platform is `{}`, its recipe's `{}`", platform.name(), other.name());
            cx.report(node, message).label(recipe_node.span(), "the recipe's platform");
        }
    }),
};

static CONTAINER_PLATFORM: Check = Check {
    rule: &Rule {
        name: "container-platform",
        summary: "containers are built for Linux and Windows",
        why: "All platforms share one enumeration, so the schema accepts macOS here, but there are no macOS \
              containers.",
        help: "container recipes are for `Linux` or `Windows`; macOS images are AMIs",
        source: &[
            "service model: ContainerRecipe.platform",
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ContainerRecipe.html",
        ],
        outranks: &[PLATFORM_AGREEMENT.rule, OS_VERSION_PLATFORM.rule],
        ..Rule::BASE
    },
    on: &Each::<(
        ContainerRecipe,
        ContainerRecipeSummary,
        Image,
        ImageSummary,
        ImageVersion,
        CreateContainerRecipeRequest,
    )>(|resource, cx| {
        let platform = resource.get_if_any(member::PlatformOverride).or_else(|| resource.get_if_any(member::Platform));
        let Some((node, Platform::MacOs)) = platform.and_then(existing_platform) else {
            return;
        };
        let is_image = resource.is::<Image>() || resource.is::<ImageSummary>() || resource.is::<ImageVersion>();
        let kind = resource.get_if_any(member::Type);
        if is_image && kind.and_then(Node::text) != Some("DOCKER") {
            return;
        }
        // Where the recipe is for macOS, too, only the recipe is reported.
        let recipe = resource.any().cast::<Image>().and_then(|image| image.get(member::ContainerRecipe));
        if recipe.and_then(platform_of).is_some_and(|(_, platform)| platform == Platform::MacOs) {
            return;
        }
        let finding = cx.report(node, "a container for `macOS`; `Linux` or `Windows` was expected");
        if let Some(kind) = kind {
            finding.label(kind.span(), "a container image");
        }
    }),
};

static IMPORT_ISO_PLATFORM: Check = Check {
    rule: &Rule {
        name: "import-iso-platform",
        summary: "an image imported from an ISO file is an AMI of Microsoft Windows 11",
        why: "ISO imports make Windows AMIs only, and Windows 11 is the one version that is documented for them. \
              ImportDiskImage takes no other platform and no other version.",
        help: "correct `buildType`, or what the image says of its system",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImportDiskImage.html",
            "service model: ImportDiskImageRequest.osVersion",
            "service model: ImportDiskImageRequest.platform",
        ],
        outranks: &[OS_VERSION_PLATFORM.rule, CONTAINER_PLATFORM.rule],
        ..Rule::BASE
    },
    on: &Each::<(Image, ImageSummary, ImageVersion, ImportDiskImageRequest)>(|image, cx| {
        if let Some(request) = image.any().cast::<ImportDiskImageRequest>() {
            check_import(request, cx);
            return;
        }
        let Some(build_type) = image.get_if_any(member::BuildType).filter(|node| node.text() == Some("IMPORT_ISO"))
        else {
            return;
        };
        let import = (build_type.span(), "imported from an ISO file");
        let platform = image.get_if_any(member::Platform).and_then(existing_platform);
        if let Some((node, found)) = platform.filter(|(_, platform)| *platform != Platform::Windows) {
            let message = format!("build type `IMPORT_ISO` on platform `{}`; `Windows` was expected", found.name());
            cx.report(node, message).label(import.0, import.1);
        } else if let Some(kind) = image.get_if_any(member::Type).filter(|kind| kind.text() == Some("DOCKER")) {
            let message = "build type `IMPORT_ISO` on an image of type `DOCKER`; `AMI` was expected";
            cx.report(kind, message).label(import.0, import.1);
        } else if let Some((node, found)) = image.get_with_text(member::OsVersion)
            && !starts_with_ignoring_case(found, "Microsoft Windows 11")
        {
            let message = format!(
                "build type `IMPORT_ISO` with OS version `{}`; `Microsoft Windows 11` was expected",
                quoted(found)
            );
            let subject = platform.map_or(node, |(platform, _)| platform);
            cx.report(subject, message).level(Level::Warning).at(node.span()).label(import.0, import.1);
        }
    }),
};

/// Reports the platform and the version that an import of a disk asks for, where they are not those that it takes.
fn check_import<'d>(request: Node<'d, ImportDiskImageRequest>, cx: &mut Reporter<'_, 'd>) {
    let settings =
        [(request.get(member::Platform), "Windows"), (request.get(member::OsVersion), "Microsoft Windows 11")];
    for (setting, expected) in settings {
        let Some((setting, found)) = setting.and_then(|setting| Some((setting, setting.text()?))) else {
            continue;
        };
        // Other rules report empty texts.
        if found != expected && !found.is_empty() {
            let message =
                format!("`{}` is `{}`; ImportDiskImage takes `{expected}` only", setting.member(), quoted(found));
            cx.report(setting, message);
        }
    }
}

static OS_VERSION_PLATFORM: Check = Check {
    rule: &Rule {
        name: "os-version-platform",
        level: Level::Warning,
        summary: "an image's `osVersion` is one of its platform's systems",
        why: "`osVersion` names the operating system, which belongs to one platform. Names that imagelint does not \
              know are not judged.",
        help: "one of the two was edited",
        source: &[IMAGE, "service model: OsVersion"],
        ..Rule::BASE
    },
    on: &Each::<AnyImage>(|image, cx| {
        let (Some(os_version), Some((node, platform))) = (image.get(member::OsVersion), platform_of(image)) else {
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
    }),
};

static SCHEDULED_WITHOUT_PIPELINE: Check = Check {
    rule: &Rule {
        name: "scheduled-without-pipeline",
        level: Level::Warning,
        summary: "a scheduled build names the pipeline that ran it",
        why: "Only pipelines run on a schedule, and an image that a pipeline built carries the pipeline's ARN. Images \
              of Amazon and of vendors do not show their pipelines.",
        help: "add `sourcePipelineArn`, or correct `buildType`",
        source: &[IMAGE, "service model: Image.sourcePipelineArn"],
        outranks: &[PIPELINE_NAME_ARN.rule],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        let scheduled = image.get(member::BuildType).filter(|node| node.text() == Some("SCHEDULED"));
        let arn = image.get(member::Arn).and_then(|arn| image_builder_arn(arn, cx));
        let is_others = arn.is_some_and(|(arn, _)| {
            is_amazon(arn.account) || arn.account.starts_with("aws-") || arn.account == "third-party"
        });
        if let (Some(build_type), None) = (scheduled, image.get(member::SourcePipelineArn))
            && !is_others
        {
            // Reported on the pipeline's name if there is one, so that it outranks `pipeline-name-arn` there.
            let subject = image.get(member::SourcePipelineName).unwrap_or(build_type);
            let message = "build type `SCHEDULED`, but there is no `sourcePipelineArn`";
            cx.report(subject, message).at(build_type.span());
        }
    }),
};

static IMPORT_WITH_PIPELINE: Check = Check {
    rule: &Rule {
        name: "import-with-pipeline",
        level: Level::Warning,
        summary: "an imported image names no pipeline",
        why: "The pipeline's ARN marks images that an execution of that pipeline created; imports run without one.",
        help: "drop `sourcePipelineArn`, or correct `buildType`",
        source: &["service model: Image.sourcePipelineArn", IMAGE],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        if let (Some(build_type), Some(pipeline)) = (import_type(image), image.get(member::SourcePipelineArn)) {
            let found = build_type.text().unwrap_or_default();
            let message = format!("an image of build type `{found}` has `sourcePipelineArn`; imports have no pipeline");
            cx.report(pipeline, message).at(pipeline.key_span()).label(build_type.span(), "an import");
        }
    }),
};

static PIPELINE_NAME_ARN: Check = Check {
    rule: &Rule {
        name: "pipeline-name-arn",
        level: Level::Warning,
        summary: "`sourcePipelineName` is the name of the pipeline in `sourcePipelineArn`",
        why: "Both name the pipeline that built the image, and the name segment of an ARN is made of the name. New \
              images have the ARN only. Names with other characters than letters, digits, spaces, hyphens and \
              underscores are not judged.",
        help: "one of the two was edited",
        source: &[
            "service model: Image.sourcePipelineName",
            "derived: the name segment of an ARN is the name in lower case with hyphens for spaces and underscores",
        ],
        outranks: &[name::RESOURCE_NAME_SHAPE.rule],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        let Some((name, text)) = image.get_with_text(member::SourcePipelineName) else {
            return;
        };
        let Some(arn) = image.get(member::SourcePipelineArn) else {
            let message = format!("pipeline `{}` is named, but there is no `sourcePipelineArn`", quoted(text));
            cx.report(name, message)
                .level(Level::Info)
                .help("Image Builder names the pipeline of new images by its ARN");
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
    }),
};

/// The prefix of the paths of public parameters.
const PUBLIC_PARAMETERS: &str = "/aws/service/";

static IMAGE_SOURCE_PARENT: Check = Check {
    rule: &Rule {
        name: "image-source-parent",
        level: Level::Info,
        pedantic: true,
        summary: "`imageSource` says where the recipe's base image comes from",
        why: "Amazon's images have ARNs of account `aws`, those of AWS Marketplace a product id or an ARN of \
              `aws-marketplace`. It is off by default because an AMI id does not show who owns the AMI.",
        help: "one of the two was edited, unless the base image is an AMI that Amazon or a seller owns",
        source: &[IMAGE_DETAILS, "service model: Image.imageSource"],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        let parent = image.get(member::ImageRecipe).and_then(|recipe| recipe.get(member::ParentImage));
        let (Some(source), Some(parent)) = (image.get(member::ImageSource), parent) else {
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
    }),
};

/// Whether a base image may come from AWS Marketplace. A text that is not an AMI id, an ARN or a private
/// parameter counts as a product id.
fn is_from_marketplace(text: &str, account: Option<&str>) -> bool {
    match account {
        Some(account) => matches!(account, "aws-marketplace" | "third-party"),
        None => {
            text.contains(PUBLIC_PARAMETERS) || !["ami-", "arn:", "ssm:"].iter().any(|start| text.starts_with(start))
        }
    }
}
