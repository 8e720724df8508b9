//! The components of a recipe: how many, which ones, and with what parameters.

use crate::aws::arn::is_amazon;
use crate::aws::platform::Platform;
use crate::document::secret::{is_plain_secret, names_secret};
use crate::model::typed::shapes::{
    ComponentConfigurationList, ComponentParameter, ComponentParameterList, ComponentVersionArnOrBuildVersionArn,
    ContainerRecipe, Image, ImageRecipe, ParentImage, WorkflowVersionArnOrBuildVersionArn,
};
use crate::rule::prelude::*;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::image::{existing_platform, status};
use crate::rules::view::repeat::{repeats, report_repeated_parameters};
use crate::rules::view::source::CREATE_IMAGE_RECIPE;

pub(super) static RULES: &[&Check] = &[
    &COMPONENT_COUNT,
    &COMPONENT_NONE,
    &COMPONENT_DUPLICATE,
    &COMPONENT_PLATFORM,
    &COMPONENT_PARAMETER_DUPLICATE,
    &COMPONENT_PARAMETER_SECRET,
    &COMPONENT_UNRESOLVED,
];

/// The default quota of components in a recipe.
const COMPONENT_QUOTA: usize = 20;

static COMPONENT_COUNT: Check = Check {
    rule: &Rule {
        name: "component-count",
        level: Level::Info,
        summary: "a recipe has at most 20 components, the default quota",
        why: "Build and test components count together. The quota can be raised for an account, and a recipe that was \
              captured with more shows that it was.",
        help: "merge components, or have the quota raised",
        source: &["https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-recipes.html", CREATE_IMAGE_RECIPE],
        ..Rule::BASE
    },
    on: &Each::<ComponentConfigurationList>(|components, cx| {
        let count = components.items().count();
        if count > COMPONENT_QUOTA {
            let message = format!("{count} components; the default quota is {COMPONENT_QUOTA}");
            let level = if cx.is_request() { Level::Warning } else { Level::Info };
            cx.report(components, message).level(level).at(components.key_span());
        }
    }),
};

static COMPONENT_NONE: Check = Check {
    rule: &Rule {
        name: "component-none",
        level: Level::Info,
        pedantic: true,
        summary: "a recipe has a component",
        why: "Until November 2025 the service required a build component. Components have been optional since, so a \
              recipe without any copies its base image, or belongs to a shortened capture.",
        help: "add a component, unless the recipe is meant to copy its base image",
        source: &[CREATE_IMAGE_RECIPE, "service model: ImageRecipe.components"],
        ..Rule::BASE
    },
    on: &Each::<(ImageRecipe, ContainerRecipe)>(|recipe, cx| {
        if recipe.get(member::Components).is_some() {
            return;
        }
        // A recipe without a version is a summary or a shortened capture, which has no components anyway.
        let absent = || recipe.get(member::Version).map(|_| recipe.heading());
        if let Some(place) = recipe.find(member::Components).map(Node::key_span).or_else(absent) {
            cx.report(recipe, "the recipe has no `components`; one or more were expected").at(place);
        }
    }),
};

static COMPONENT_DUPLICATE: Check = Check {
    rule: &Rule {
        name: "component-duplicate",
        summary: "a component is in a recipe once, whatever the version",
        why: "A recipe takes each component once; another version of it is still the same component.",
        help: "keep one of them; components run in the order of the list, so which one matters",
        source: &[
            "service model: ComponentConfiguration",
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ComponentConfiguration.html",
        ],
        ..Rule::BASE
    },
    on: &Each::<ComponentConfigurationList>(|components, cx| {
        let arns = components.items().filter_map(|component| component.get(member::ComponentArn));
        let context = **cx;
        let component = |arn| Component::of(arn, &context);
        for (first, again) in repeats(arns, |arn| Some(component(arn)?.arn)) {
            if let (Some(one), Some(other)) = (component(first), component(again)) {
                let finding = cx.report(again, format!("component `{}` is listed twice", other.name));
                finding.at(again.slice(other.name)).says("again").label(first.slice(one.name), "the first");
            }
        }
    }),
};

/// A component as an ARN names it, without its version.
struct Component<'d> {
    /// The ARN up to the end of the name.
    arn: &'d str,
    name: &'d str,
}

impl<'d> Component<'d> {
    /// The component whose ARN a node holds.
    fn of(node: Node<'d>, cx: &Context<'d>) -> Option<Self> {
        let (arn, named) = image_builder_arn(node, cx)?;
        let end = arn.text.len() - arn.resource.len() + "component/".len() + named.name.len();
        let is_component = named.kind == "component" && !named.name.is_empty();
        is_component.then(|| Component { arn: &arn.text[..end], name: named.name })
    }
}

static COMPONENT_PLATFORM: Check = Check {
    rule: &Rule {
        name: "component-platform",
        level: Level::Warning,
        summary: "a component of Amazon's is for the recipe's platform",
        why: "Amazon's components say in their names which platform they are for, such as update-linux and \
              update-windows. Where a component's operating systems are known, Image Builder compares them with the \
              base image when the recipe is created; the names are a sign of them, no more.",
        help: "take the component's counterpart for the recipe's platform",
        source: &[
            "observed: the words linux, windows and macos in the names of Amazon's components are their platforms",
            "service model: ComponentVersion.supportedOsVersions",
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ComponentVersion.html",
        ],
        ..Rule::BASE
    },
    on: &Each::<ComponentVersionArnOrBuildVersionArn>(|node, cx| {
        let component = image_builder_arn(node, cx)
            .filter(|(arn, named)| is_amazon(arn.account) && named.kind == "component")
            .and_then(|(_, named)| Some((named.name, Platform::of_words(named.name)?)));
        let Some((name, expected)) = component else {
            return;
        };
        if let Some((around, platform)) = other_platform(expected, cx) {
            let message = format!("Amazon component `{name}` in a recipe for platform `{}`", platform.name());
            cx.report(node, message).at(node.slice(name)).label(around.span(), "the platform");
        }
    }),
};

/// The platform of the recipe around a component, if it differs and no other rule reports it.
fn other_platform<'d>(expected: Platform, cx: &Context<'d>) -> Option<(Node<'d>, Platform)> {
    let named = cx.ancestors().filter_map(|node| node.get_if_any(member::Platform));
    let mut platforms = named.filter_map(existing_platform);
    let (node, platform) = platforms.next()?;
    // If the image has the component's platform, the recipe is reported by `platform-agreement`. A container
    // recipe for macOS is reported by `container-platform`.
    let contested = platforms.any(|(_, image_platform)| image_platform == expected);
    let impossible = platform == Platform::MacOs && cx.ancestor::<ContainerRecipe>().is_some();
    (platform != expected && !contested && !impossible).then_some((node, platform))
}

static COMPONENT_PARAMETER_DUPLICATE: Check = Check {
    rule: &Rule {
        name: "component-parameter-duplicate",
        level: Level::Warning,
        summary: "a parameter of a component is set once",
        why: "Parameters are pairs of a name and a value; of two values for one name only one can take effect. Which \
              one, no page says.",
        help: "keep one of them; a parameter with several values takes them in one list",
        source: &[
            "derived: a parameter takes one list of values, so that a second one contradicts the first",
            "service model: ComponentParameter",
        ],
        ..Rule::BASE
    },
    on: &Each::<ComponentParameterList>(report_repeated_parameters),
};

static COMPONENT_PARAMETER_SECRET: Check = Check {
    rule: &Rule {
        name: "component-parameter-secret",
        level: Level::Warning,
        summary: "the parameters of a component hold no secret",
        why: "Parameters of components are stored and logged as plain text, in the recipe and in CloudTrail. The last \
              word of a name says that it is secret: `DbPassword`, not `PasswordLength`. References, paths, numbers \
              and switches are not taken for secrets. imagelint never prints the value.",
        help: "keep the secret in Secrets Manager or Parameter Store and pass its name; treat this one as known",
        source: &["https://docs.aws.amazon.com/imagebuilder/latest/userguide/create-image-recipes.html"],
        tags: &["security"],
        ..Rule::BASE
    },
    on: &Each::<ComponentParameter>(|parameter, cx| {
        let name = parameter.get_with_text(member::Name);
        let Some((name, text)) = name.filter(|(_, text)| names_secret(text)) else {
            return;
        };
        let mut values = parameter.items_of(member::Value);
        if let Some(secret) = values.find(|value| value.text().is_some_and(is_plain_secret)) {
            let message = format!(
                "component parameter `{}` looks like a plain-text secret; a reference to one was expected",
                quoted(text)
            );
            cx.report(name, message).label(secret.span(), "in plain text");
        }
    }),
};

/// The statuses of an image whose versions are resolved. One that failed or was cancelled may have ended
/// before that.
const RESOLVED: [&str; 9] = [
    "CREATING",
    "BUILDING",
    "TESTING",
    "DISTRIBUTING",
    "INTEGRATING",
    "AVAILABLE",
    "DEPRECATED",
    "DELETED",
    "DISABLED",
];

static COMPONENT_UNRESOLVED: Check = Check {
    rule: &Rule {
        name: "component-unresolved",
        level: Level::Info,
        pedantic: true,
        summary: "an image names the builds of what it was built from",
        why: "When a build starts, Image Builder resolves the versions of components, base image and workflows, and \
              captures of images hold the builds. Recipes alone keep their wildcards. It is observed, not documented.",
        help: "the version was written by hand, or comes from the recipe's own capture",
        source: &[
            "observed: in every published image that was built, these ARNs have a build",
            "service model: Image.imageRecipe",
        ],
        ..Rule::BASE
    },
    on: &Each::<(ComponentVersionArnOrBuildVersionArn, ParentImage, WorkflowVersionArnOrBuildVersionArn)>(
        |node, cx| {
            let Some((state, found)) = cx.ancestor::<Image>().and_then(status) else {
                return;
            };
            let version = image_builder_arn(node, cx).and_then(|(_, named)| named.version);
            let unresolved = version.filter(|version| version.is_well_formed() && version.build.is_none());
            if let Some(version) = unresolved.filter(|_| RESOLVED.contains(&found)) {
                let kind = if version.has_wildcard() { "wildcard version" } else { "version" };
                let message = format!("{kind} `{}` in an image that is `{found}`; a build was expected", version.text);
                cx.report(node, message).at(node.slice(version.text)).label(state.span(), "the image's state");
            }
        },
    ),
};
