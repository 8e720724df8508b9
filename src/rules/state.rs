//! The state of an image, compared with its outputs, its type and its dates.

use crate::aws::arn::is_account_id;
use crate::model::typed::shapes::{
    ContainerRecipe, DistributionConfiguration, Image, ImageRecipe, ImageSummary, InfrastructureConfiguration,
    OutputResources,
};
use crate::rule::prelude::*;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::date::{formatted, is_before};
use crate::rules::view::image::{STAGES, status};
use crate::rules::view::output::has_output;
use crate::rules::view::source::{IMAGE, IMAGE_DETAILS};

pub(super) static RULES: &[&Check] = &[
    &STATE_MISSING,
    &FAILED_WITHOUT_REASON,
    &AVAILABLE_WITHOUT_OUTPUT,
    &OUTPUT_BEFORE_BUILD,
    &AMI_STATE_CONFLICT,
    &CONTAINER_LIFECYCLE_STATUS,
    &IMAGE_STATUS_TYPE,
    &DEPRECATION_BEFORE_CREATION,
    &DEPRECATED_WITHOUT_TIME,
    &IMAGE_MEMBER_MISSING,
];

const IMAGE_STATE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageState.html";
const STATE_UPDATE: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_StartResourceStateUpdate.html";

/// The shapes that describe one build of an image.
type Build = (Image, ImageSummary);

static STATE_MISSING: Check = Check {
    rule: &Rule {
        name: "state-missing",
        level: Level::Info,
        summary: "an image has a state with a status",
        why: "Every published response has the status of the image, though no page says that it is always there. \
              Without it, it is unknown whether there should be outputs.",
        help: "copy `state` from the response",
        source: &["observed: every published response has it", IMAGE_STATE, "service model: ImageState"],
        ..Rule::BASE
    },
    on: &Each::<Build>(|image, cx| {
        let state = image.find(member::State);
        // A state that is not an object is reported by `value-type`.
        let unknown = state.is_none_or(|state| state.is_object() && state.get(member::Status).is_none());
        if image.is_empty() || !unknown {
            return;
        }
        let place = if image.key().is_some() { image.key_span() } else { image.opening() };
        match state {
            Some(state) => {
                let finding = cx.report(image, "the image's `state` has no `status`");
                finding.at(place).label(state.key_span(), "this state");
            }
            None => {
                cx.report(image, "the image has no `state`").at(place);
            }
        }
    }),
};

static FAILED_WITHOUT_REASON: Check = Check {
    rule: &Rule {
        name: "failed-without-reason",
        level: Level::Warning,
        summary: "a failed image says why it failed",
        why: "Published captures of failed images have a reason, and those of September 2026 and later a failure \
              context where its details are known. No page says that one of them is always there, but a failed image \
              with neither is usually one whose status was changed by hand.",
        help: "add the `reason` that the response had",
        source: &[
            "observed: every published capture of a failed image has a reason or a failure context",
            IMAGE_DETAILS,
            "service model: ImageState.reason",
        ],
        ..Rule::BASE
    },
    on: &Each::<Build>(|image, cx| {
        if let (Some(state), Some((status, "FAILED"))) = (image.get(member::State), status(image))
            && state.get(member::Reason).is_none()
            && state.get(member::FailureContext).is_none()
        {
            cx.report(status, "status `FAILED` without `reason` or `failureContext`; one of them was expected");
        }
    }),
};

static AVAILABLE_WITHOUT_OUTPUT: Check = Check {
    rule: &Rule {
        name: "available-without-output",
        level: Level::Warning,
        summary: "an available image has an output of its type",
        why: "A finished build leaves at least one AMI or container image in the account that built it. Images of \
              Amazon and of vendors, whose outputs are not ours, captures without a type and images whose workflows \
              only test or distribute are not judged. An entry that names no image is no output.",
        help: "the capture was shortened, or the status was edited",
        source: &[IMAGE_DETAILS, "service model: OutputResources"],
        ..Rule::BASE
    },
    on: &Each::<Build>(|image, cx| {
        let Some((status, "AVAILABLE")) = status(image) else {
            return;
        };
        let (list, output): (Slot<OutputResources>, _) = match image.get_text(member::Type) {
            Some("AMI") => (Slot::of(member::Amis), "AMI"),
            Some("DOCKER") => (Slot::of(member::Containers), "container image"),
            _ => return,
        };
        let outputs = image.find(member::OutputResources);
        // Outputs of the other type are reported by `output-kind`, values of another JSON type by
        // `value-type`.
        let empty = outputs.is_none_or(|outputs| outputs.is_object() && holds_lists(outputs) && !has_output(outputs));
        if empty && is_customer_owned(image, cx) && is_built(image, cx) {
            let message = format!("status `AVAILABLE`, but no {output} among the outputs; at least one was expected");
            let place = outputs.map(|outputs| outputs.find_in(list).unwrap_or(outputs.any()));
            match place {
                Some(place) => cx.report(place, message).at(place.key_span()).label(status.span(), "the status"),
                None => cx.report(status, message),
            };
        }
    }),
};

/// Whether the lists of outputs, if any, are lists; others are reported by `value-type`.
fn holds_lists(outputs: Node<'_, OutputResources>) -> bool {
    let lists = [outputs.get(member::Amis).map(Node::any), outputs.get(member::Containers).map(Node::any)];
    lists.into_iter().flatten().all(Node::is_array)
}

/// Whether a customer owns an image, rather than Amazon or a vendor; true where the owner is unknown.
fn is_customer_owned<'d>(image: Node<'d, Build>, cx: &Context<'d>) -> bool {
    let owner = image.get_if_any(member::Owner).and_then(Node::text);
    let arn = image.get(member::Arn).and_then(|arn| image_builder_arn(arn, cx));
    owner.is_none_or(is_account_id) && arn.is_none_or(|(arn, _)| arn.is_customers())
}

/// Whether one of the workflows that an image names builds it; true where it names none.
fn is_built<'d>(image: Node<'d, Build>, cx: &Context<'d>) -> bool {
    let workflows = image.any().cast::<Image>().and_then(|image| image.get(member::Workflows));
    let kind = |arn: Node<'d>| image_builder_arn(arn, cx).map(|(_, workflow)| workflow.kind);
    let builds = |arn: Option<Node<'d>>| arn.and_then(kind).is_none_or(|kind| kind == "workflow/build");
    workflows.is_none_or(|workflows| workflows.items().any(|workflow| builds(workflow.get(member::WorkflowArn))))
}

static OUTPUT_BEFORE_BUILD: Check = Check {
    rule: &Rule {
        name: "output-before-build",
        level: Level::Warning,
        summary: "an image has no outputs before its build starts",
        why: "Outputs come into being while an image is built, tested and distributed. A retried image goes back to \
              testing or distributing, never to PENDING or CREATING.",
        help: "one of the two was edited",
        source: &[IMAGE_DETAILS, "service model: ImageStatus"],
        ..Rule::BASE
    },
    on: &Each::<Build>(|image, cx| {
        // In a notification the status itself is reported by `sns-status`.
        let Some((status, text @ ("PENDING" | "CREATING"))) = status(image).filter(|_| !cx.is_notification()) else {
            return;
        };
        let Some(outputs) = image.get(member::OutputResources) else {
            return;
        };
        let lists = [outputs.get(member::Amis).map(Node::any), outputs.get(member::Containers).map(Node::any)];
        for output in lists.into_iter().flatten() {
            let message = format!("`{}` has outputs, although the image is still `{text}`", output.member());
            cx.report(output, message).at(output.key_span()).label(status.span(), "the status");
        }
    }),
};

static AMI_STATE_CONFLICT: Check = Check {
    rule: &Rule {
        name: "ami-state-conflict",
        level: Level::Warning,
        summary: "the AMIs of an available image are finished",
        why: "An image becomes available when its last AMI has been made and distributed, and is DELETED when its AMIs \
              are. The pages say so of the image only, but in every published capture the AMIs of an available image \
              are available, too.",
        help: "one of the two states was edited",
        source: &[
            "observed: in every published capture the AMIs of an available image are available",
            "service model: Ami.state",
        ],
        ..Rule::BASE
    },
    on: &Each::<Build>(|image, cx| {
        let (Some((image_status, "AVAILABLE")), Some(outputs)) = (status(image), image.get(member::OutputResources))
        else {
            return;
        };
        for ami in outputs.items_of(member::Amis) {
            let Some((ami_status, text)) = status(ami) else {
                continue;
            };
            if matches!(text, "FAILED" | "CANCELLED" | "DELETED") || STAGES.contains(&text) {
                let region =
                    ami.get_text(member::Region).map(|region| format!(" in `{}`", quoted(region))).unwrap_or_default();
                let message = format!("the AMI{region} is `{text}`, although the image is `AVAILABLE`");
                cx.report(ami_status, message).label(image_status.span(), "the image");
            }
        }
    }),
};

pub(super) static CONTAINER_LIFECYCLE_STATUS: Check = Check {
    rule: &Rule {
        name: "container-lifecycle-status",
        level: Level::Warning,
        summary: "a container image is never deprecated or disabled",
        why: "Lifecycle actions deprecate and disable AMIs. Of container images the only action is to delete them. \
              Amazon deprecates its own container images, which are not judged.",
        help: "the status or the type was edited",
        source: &[STATE_UPDATE, "service model: StartResourceStateUpdateRequest.state"],
        ..Rule::BASE
    },
    on: &Each::<Build>(|image, cx| {
        if let (Some("DOCKER"), Some(kind)) = (image.get_text(member::Type), image.get(member::Type))
            && let Some((status, text @ ("DEPRECATED" | "DISABLED"))) = status(image)
            && is_customer_owned(image, cx)
        {
            let message =
                format!("status `{text}` of a container image; `AVAILABLE` or `DELETED` was expected after the build");
            cx.report(status, message).label(kind.span(), "the type");
        }
    }),
};

pub(super) static IMAGE_STATUS_TYPE: Check = Check {
    rule: &Rule {
        name: "image-status-type",
        level: Level::Warning,
        pedantic: true,
        summary: "an imported image is not built, tested, distributed or integrated",
        why: "Image Builder watches the task that imports a virtual machine: the image is PENDING while the task runs \
              and AVAILABLE when it completes. It may fail or be cancelled, and be deprecated, disabled or deleted \
              later; the stages of a build are not among the statuses of an import.",
        help: "the status or the build type was edited",
        source: &["https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImportVmImage.html"],
        ..Rule::BASE
    },
    on: &Each::<Build>(|image, cx| {
        if let (Some("IMPORT"), Some(build)) = (image.get_text(member::BuildType), image.get(member::BuildType))
            && let Some((status, text)) = status(image)
            && text != "PENDING"
            && STAGES.contains(&text)
        {
            let message =
                format!("status `{text}` of a build of type `IMPORT`; `PENDING` was expected until the import ends");
            cx.report(status, message).label(build.span(), "the build type");
        }
    }),
};

static DEPRECATION_BEFORE_CREATION: Check = Check {
    rule: &Rule {
        name: "deprecation-before-creation",
        level: Level::Warning,
        summary: "an image is deprecated after it was created",
        why: "The time of deprecation may lie in the past or in the future, but not before the image existed. \
              Placeholders such as -1 are no time at all.",
        help: "one of the two dates was edited",
        source: &[IMAGE, "service model: Image.deprecationTime"],
        ..Rule::BASE
    },
    on: &Each::<Build>(|image, cx| {
        if let (Some(created), Some(deprecated)) = (image.get(member::DateCreated), image.get(member::DeprecationTime))
            && is_before(deprecated, created)
        {
            let message =
                format!("`deprecationTime` {} precedes `dateCreated` {}", formatted(deprecated), formatted(created));
            cx.report(deprecated, message).says("deprecated").label(created.span(), "created");
        }
    }),
};

static DEPRECATED_WITHOUT_TIME: Check = Check {
    rule: &Rule {
        name: "deprecated-without-time",
        level: Level::Info,
        pedantic: true,
        summary: "a deprecated image says since when",
        why: "`deprecationTime` is set when an image is deprecated. Captures from before November 2023 lack it.",
        help: "add the `deprecationTime` that the response had",
        source: &[STATE_UPDATE, "service model: Image.deprecationTime"],
        ..Rule::BASE
    },
    on: &Each::<Build>(|image, cx| {
        if let Some((status, "DEPRECATED")) = status(image)
            && image.get(member::DeprecationTime).is_none()
        {
            cx.report(status, "status `DEPRECATED` without `deprecationTime`");
        }
    }),
};

static IMAGE_MEMBER_MISSING: Check = Check {
    rule: &Rule {
        name: "image-member-missing",
        level: Level::Info,
        pedantic: true,
        summary: "an image, its recipe and its configurations have what the console always shows of them",
        why: "The console shows name, version and date of creation of every image, name, ARN and version of its \
              recipe, and name and ARN of its configurations. A capture that lacks one of them was shortened. It is \
              off by default because fixtures are shortened on purpose.",
        help: "take the members over from the response",
        source: &[IMAGE_DETAILS, IMAGE],
        ..Rule::BASE
    },
    on: &Each::<(Image, ImageRecipe, ContainerRecipe, InfrastructureConfiguration, DistributionConfiguration)>(
        |resource, cx| {
            // An empty recipe or configuration counts as absent.
            if cx.is_notification() || (resource.is_empty() && !resource.is::<Image>()) {
                return;
            }
            let resource = resource.any();
            let (name, arn) = (resource.get_if_any(member::Name), resource.get_if_any(member::Arn));
            let version = resource.get_if_any(member::Version);
            let (described, shown): (_, &[_]) = match resource.shape() {
                Shape::Image => {
                    let created = resource.get_if_any(member::DateCreated);
                    ("image", &[("name", name), ("version", version), ("dateCreated", created)])
                }
                Shape::ImageRecipe | Shape::ContainerRecipe => {
                    ("recipe", &[("name", name), ("arn", arn), ("version", version)])
                }
                _ => ("configuration", &[("name", name), ("arn", arn)]),
            };
            let missing = || shown.iter().filter(|(_, node)| node.is_none()).map(|(name, _)| *name);
            if missing().next().is_some() {
                let names: Vec<String> = missing().map(|name| format!("`{name}`")).collect();
                let message =
                    format!("the {described} has no {}, which the console always shows", names.join(" and no "));
                cx.report(resource, message).at(resource.heading());
            }
        },
    ),
};
