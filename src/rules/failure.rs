//! Failure contexts, compared with the state, the recipe and the distribution of the image.

use crate::aws::arn::is_account_id;
use crate::model::typed::shapes::{
    Ami, ComponentFailureContext, DistributionFailureContext, Image, ImageFailureContext, ImageState, RegionFailure,
    RegionFailureList,
};
use crate::rule::prelude::*;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::destination::{Distributions, STEP_SETTINGS};
use crate::rules::view::image::STAGES;
use crate::rules::view::repeat::Seen;

pub(super) static RULES: &[&Check] = &[
    &FAILURE_CONTEXT_STATUS,
    &FAILURE_CONTEXT_STAGE,
    &FAILURE_CONTEXT_WORKFLOW_STAGE,
    &FAILURE_CONTEXT_COMPONENT,
    &FAILURE_CONTEXT_DISTRIBUTION,
    &REGION_FAILURE_STEP,
];

const CONTEXT: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageFailureContext.html";
const WORKFLOWS: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-image-workflows.html";

pub(super) static FAILURE_CONTEXT_STATUS: Check = Check {
    rule: &Rule {
        name: "failure-context-status",
        summary: "only a failed image has a failure context",
        why: "Image Builder sets `failureContext` when an image fails and at no other time.",
        help: "drop the failure context, or set the status to FAILED",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageState.html",
            "service model: ImageState.failureContext",
        ],
        ..Rule::BASE
    },
    on: &Each::<ImageState>(|state, cx| {
        // The states of AMIs have the same shape, but the documentation is about the state of the image.
        let (Some(context), Some(status)) = (state.get(member::FailureContext), state.get(member::Status)) else {
            return;
        };
        let is_ami = cx.parent().is_some_and(Node::is::<Ami>);
        let text = status.text().unwrap_or_default();
        if !is_ami && text != "FAILED" && Shape::ImageStatus.has_value(text) {
            let message = format!("`failureContext` on an image that is `{text}`; only `FAILED` images have one");
            cx.report(context, message).at(context.key_span()).label(status.span(), "the status");
        }
    }),
};

static FAILURE_CONTEXT_STAGE: Check = Check {
    rule: &Rule {
        name: "failure-context-stage",
        level: Level::Warning,
        summary: "a failure context names the stage that was running",
        why: "`imageStatus` keeps the status that the image had when it failed, which is one of the stages of a build. \
              What became of the image afterwards stands in the state.",
        help: "the stages are PENDING, CREATING, BUILDING, TESTING, DISTRIBUTING and INTEGRATING",
        source: &[CONTEXT, "service model: ImageFailureContext.imageStatus"],
        ..Rule::BASE
    },
    on: &Each::<ImageFailureContext>(|context, cx| {
        let Some(stage) = context.get(member::ImageStatus) else {
            return;
        };
        let text = stage.text().unwrap_or_default();
        if Shape::ImageStatus.has_value(text) && !STAGES.contains(&text) {
            cx.report(stage, format!("an image cannot fail while it is `{text}`; a stage of the build was expected"));
        }
    }),
};

static FAILURE_CONTEXT_WORKFLOW_STAGE: Check = Check {
    rule: &Rule {
        name: "failure-context-workflow-stage",
        level: Level::Warning,
        summary: "the workflow that failed belongs to the stage that failed",
        why: "Build workflows run while the image is BUILDING, test workflows while it is TESTING, distribution \
              workflows while it is DISTRIBUTING or INTEGRATING.",
        help: "one of the two was edited",
        source: &[WORKFLOWS, CONTEXT, "service model: ImageFailureContext.workflowArn"],
        ..Rule::BASE
    },
    on: &Each::<ImageFailureContext>(|context, cx| {
        let (Some(stage), Some(workflow)) = (context.get(member::ImageStatus), context.get(member::WorkflowArn)) else {
            return;
        };
        let expected = match stage.text() {
            Some("BUILDING") => "workflow/build",
            Some("TESTING") => "workflow/test",
            Some("DISTRIBUTING" | "INTEGRATING") => "workflow/distribution",
            _ => return,
        };
        // A resource that is not a workflow is reported by `arn-segment` or `arn-resource-type`.
        let named = image_builder_arn(workflow, cx).map(|(_, resource)| resource);
        let other = named.filter(|resource| resource.is_known() && resource.kind != expected);
        if let Some(resource) = other.filter(|resource| resource.kind.starts_with("workflow/")) {
            let text = stage.text().unwrap_or_default();
            let message = format!("a {} cannot fail while the image is `{text}`", resource.described());
            cx.report(workflow, message).at(workflow.slice(resource.kind)).label(stage.span(), "the stage");
        }
    }),
};

static FAILURE_CONTEXT_COMPONENT: Check = Check {
    rule: &Rule {
        name: "failure-context-component",
        level: Level::Warning,
        summary: "the component that failed is one of the recipe's",
        why: "A build runs the components of its recipe and no others. Names are compared, since the recipe may ask \
              for a wildcard version of what then failed.",
        help: "failure and recipe come from two captures, or one of them was edited",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ComponentFailureContext.html",
            "service model: ComponentFailureContext.componentArn",
        ],
        ..Rule::BASE
    },
    on: &Each::<ComponentFailureContext>(|failure, cx| {
        let (Some(failed), Some(image)) = (failure.get(member::ComponentArn), cx.ancestor::<Image>()) else {
            return;
        };
        let Some(failed_name) = name_in(failed, cx).filter(|name| !name.is_empty()) else {
            return;
        };
        let lists = [
            image.get(member::ImageRecipe).and_then(|recipe| recipe.get(member::Components)),
            image.get(member::ContainerRecipe).and_then(|recipe| recipe.get(member::Components)),
        ];
        let mut list = None;
        for components in lists.into_iter().flatten() {
            list = Some(components);
            let mut arns = components.items().map(|component| component.get(member::ComponentArn));
            // A component whose name cannot be parsed may be the one that failed.
            if arns.any(|arn| arn.and_then(|arn| name_in(arn, cx)).is_none_or(|name| name == failed_name)) {
                return;
            }
        }
        if let Some(components) = list {
            let message = format!("component `{}` failed, but the recipe does not have it", quoted(failed_name));
            let finding = cx.report(failed, message);
            finding.at(failed.slice(failed_name)).label(components.key_span(), "the recipe's components");
        }
    }),
};

/// The name in an Image Builder ARN.
fn name_in<'d>(arn: Node<'d>, cx: &Context<'d>) -> Option<&'d str> {
    image_builder_arn(arn, cx).map(|(_, resource)| resource.name)
}

static FAILURE_CONTEXT_DISTRIBUTION: Check = Check {
    rule: &Rule {
        name: "failure-context-distribution",
        level: Level::Warning,
        summary: "a distribution fails while it runs, once for each region, account and step",
        why: "Images are distributed at the stages DISTRIBUTING and INTEGRATING, to the regions and accounts of the \
              distribution configuration besides the image's own. Images with a distribution workflow, which may \
              distribute further, are not compared with the configuration.",
        help: "failure and distribution configuration come from two captures, or one of them was edited",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_DistributionFailureContext.html",
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_RegionFailure.html",
            "service model: DistributionFailureContext",
        ],
        ..Rule::BASE
    },
    on: &Each::<DistributionFailureContext>(|failure, cx| {
        if failure.is_empty() {
            return;
        }
        let context = cx.parent().and_then(Node::cast::<ImageFailureContext>);
        if let Some(stage) = context.and_then(|context| context.get(member::ImageStatus))
            && let Some(text @ ("PENDING" | "CREATING" | "BUILDING" | "TESTING")) = stage.text()
        {
            let message = format!("`distributionFailure` of an image that failed while it was `{text}`");
            cx.report(failure, message)
                .at(failure.key_span())
                .label(stage.span(), "DISTRIBUTING or INTEGRATING was expected");
        }
        let Some(regions) = failure.get(member::RegionFailures) else {
            return;
        };
        let distributions = Distributions::complete_around(cx);
        let mut seen = Seen::new();
        for region_failure in regions.items() {
            let Some(region) = region_failure.get(member::Region) else {
                continue;
            };
            if let Some(first) = seen.earlier(target(region_failure), region) {
                report_repetition(region_failure, region, first, cx);
            } else if let Some(distributions) = &distributions {
                check_target(region_failure, region, distributions, cx);
            }
        }
    }),
};

/// The region, the account and the step that a failure is about.
fn target(failure: Node<'_, RegionFailure>) -> [Option<&str>; 3] {
    [
        failure.get_text(member::Region),
        failure.get_text(member::TargetAccountId),
        failure.get_text(member::ImageConfigurationStep),
    ]
}

/// Reports a second failure for one region, account and step.
fn report_repetition<'d>(
    failure: Node<'d, RegionFailure>,
    region: Node<'d>,
    first: Node<'d>,
    cx: &mut Reporter<'_, 'd>,
) {
    let text = quoted(region.text().unwrap_or_default());
    let step = failure.get_text(member::ImageConfigurationStep);
    let of_step = step.map(|step| format!(" of step `{}`", quoted(step))).unwrap_or_default();
    let message = match failure.get_text(member::TargetAccountId) {
        Some(account) => {
            format!("a second failure{of_step} for account `{}` in `{text}`; one was expected", quoted(account))
        }
        None => format!("a second failure{of_step} for `{text}`; one was expected"),
    };
    cx.report(region, message).says("again").label(first.span(), "the first");
}

/// Checks that a failure names a region and an account that the image was distributed to.
fn check_target<'d>(
    failure: Node<'d, RegionFailure>,
    region: Node<'d>,
    distributions: &Distributions<'d>,
    cx: &mut Reporter<'_, 'd>,
) {
    let Some(text) = region.text() else {
        return;
    };
    if is_elsewhere(text, distributions, cx) {
        let message = format!("a failure in `{}`, to which nothing is distributed", quoted(text));
        report_at(region, message, text, distributions, cx);
        return;
    }
    let Some(target) = failure.get(member::TargetAccountId) else {
        return;
    };
    let account = target.text().filter(|account| is_account_id(account));
    if let (Some(account), Some(own)) = (account, cx.account())
        && account != own
        && !distributions.reach(text, account)
    {
        let message =
            format!("a failure for account `{account}`, to which nothing is distributed in `{}`", quoted(text));
        report_at(target, message, text, distributions, cx);
    }
}

/// Reports a fault in a failure, with a label on the distribution to its region.
fn report_at<'d>(
    node: Node<'d>,
    message: String,
    region: &str,
    distributions: &Distributions<'d>,
    cx: &mut Reporter<'_, 'd>,
) {
    let finding = cx.report(node, message);
    if let Some((span, says)) = distributions.label(region) {
        finding.label(span, says);
    }
}

/// Whether nothing is distributed to a region.
fn is_elsewhere<'d>(region: &str, distributions: &Distributions<'d>, cx: &Context<'d>) -> bool {
    cx.region().is_some_and(|own| distributions.leave_out(region, own))
}

/// The steps after the copy of an AMI, in the order of the settings that they apply.
const STEPS: [&str; STEP_SETTINGS.len()] = [
    "ASSOCIATE_LICENSES",
    "UPDATE_LAUNCH_TEMPLATES",
    "PUT_SSM_PARAMETERS",
    "UPDATE_FAST_LAUNCH_CONFIGURATIONS",
    "EXPORT_AMI",
];

static REGION_FAILURE_STEP: Check = Check {
    rule: &Rule {
        name: "region-failure-step",
        level: Level::Warning,
        summary: "a step that failed in a region is one that the region's distribution asks for",
        why: "Each step after the copy carries out one setting of the distribution: without the setting the step does \
              not run and cannot fail. Images with a distribution workflow, which has settings of its own, are not \
              judged.",
        help: "failure and distribution configuration come from two captures, or one of them was edited",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/userguide/wfdoc-step-actions.html",
            "service model: RegionFailure.imageConfigurationStep",
        ],
        ..Rule::BASE
    },
    on: &Each::<RegionFailureList>(|failures, cx| {
        let Some(distributions) = Distributions::complete_around(cx) else {
            return;
        };
        for failure in failures.items() {
            let (Some((_, text)), Some((step, step_text))) =
                (failure.get_with_text(member::Region), failure.get_with_text(member::ImageConfigurationStep))
            else {
                continue;
            };
            let named = STEPS.iter().zip(STEP_SETTINGS).find(|(name, _)| **name == step_text);
            let Some((_, setting)) = named else {
                continue;
            };
            // A region that nothing is distributed to is reported by `failure-context-distribution`.
            if distributions.ask_for(text, setting) || is_elsewhere(text, &distributions, cx) {
                continue;
            }
            let (name, region) = (setting.name(), quoted(text));
            let message = format!("`{step_text}` failed in `{region}`, for which no distribution has `{name}`");
            report_at(step, message, text, &distributions, cx);
        }
    }),
};
