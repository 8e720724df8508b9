//! EventBridge events: their type, their resources and the changes of state that they report.

use crate::aws::arn::Arn;
use crate::aws::partition;
use crate::finding::fix::Fix;
use crate::model::typed::shapes::{
    CveDetectedEvent, EventConsecutiveFailures, EventForeignResourceList, EventResourceList, ImageBuilderEvent,
    ImageStateChange, ImageStateChangeEvent, PipelineDisabledEvent, WorkflowStepWaitingEvent,
};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::arn::{image_builder_arn, is_valid_arn};
use crate::rules::view::image::STAGES;

pub(super) static RULES: &[&Check] =
    &[&EB_DETAIL_TYPE, &EB_REGION_ACCOUNT, &EB_RESOURCES, &EB_TRANSITION, &EB_CONSECUTIVE_FAILURES];

type Event =
    (ImageStateChangeEvent, CveDetectedEvent, WorkflowStepWaitingEvent, PipelineDisabledEvent, ImageBuilderEvent);

const SOURCE: &[&str] = &[
    "https://docs.aws.amazon.com/imagebuilder/latest/userguide/integ-eventbridge.html",
    "https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-imagebuilder.html",
];

/// The detail types of Image Builder's events.
const DETAIL_TYPES: [&str; 4] = [
    "EC2 Image Builder Image State Change",
    "EC2 Image Builder CVE Detected",
    "EC2 Image Builder Workflow Step Waiting",
    "EC2 Image Builder Image Pipeline Automatically Disabled",
];

static EB_DETAIL_TYPE: Check = Check {
    rule: &Rule {
        name: "eb-detail-type",
        level: Level::Warning,
        summary: "an event has the source and one of the detail types of Image Builder",
        why: "Image Builder sends four types of events, all with the source aws.imagebuilder. A rule that matches \
              another spelling never fires. Events that CloudTrail delivers are not judged.",
        help: "the detail types end in Image State Change, CVE Detected, Workflow Step Waiting and Image Pipeline \
               Automatically Disabled",
        source: SOURCE,
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<Event>(|event, cx| {
        let Some((node, text)) = event.get_with_text(member::DetailType) else {
            return;
        };
        if text.ends_with("via CloudTrail") {
            return;
        }
        if !DETAIL_TYPES.contains(&text) {
            let message = format!("`{}` is not one of the four detail types of Image Builder", quoted(text));
            let near = DETAIL_TYPES.map(|known| (strsim::jaro_winkler(known, text), known));
            let nearest = near.into_iter().max_by(|one, other| one.0.total_cmp(&other.0));
            let finding = cx.report(node, message);
            if let Some((_, near)) = nearest.filter(|(likeness, _)| *likeness > 0.9) {
                let fix = Fix::risky(format!("write `{near}`"), node.span(), format!("\"{near}\""));
                finding.help(format!("did you mean `{near}`?")).fix(fix);
            }
        } else if let Some((node, source)) = event.get_with_text(member::Source).filter(|(_, text)| *text != OWN_SOURCE)
        {
            let message =
                format!("source `{}` of an event of Image Builder; `{OWN_SOURCE}` was expected", quoted(source));
            cx.report(node, message);
        }
    }),
};

const OWN_SOURCE: &str = "aws.imagebuilder";

/// The valid ARNs of Image Builder among the resources of an event.
fn resources<'d>(event: Node<'d>, cx: &Context<'d>) -> Vec<(Node<'d>, &'d Arn<'d>)> {
    let list = event.get_if_any(member::Resources);
    let own = list.and_then(Node::cast::<EventResourceList>).map(Node::items).unwrap_or_default();
    // An event of another type may name resources of any service.
    let foreign = list.and_then(Node::cast::<EventForeignResourceList>).map(Node::items).unwrap_or_default();
    let valid = own.chain(foreign).filter(|item| is_valid_arn(*item, cx));
    valid.filter_map(|item| Some((item, image_builder_arn(item, cx)?.0))).collect()
}

static EB_REGION_ACCOUNT: Check = Check {
    rule: &Rule {
        name: "eb-region-account",
        level: Level::Warning,
        summary: "an event has the region and the account of its resources",
        why: "Image Builder sends an event in the region and the account of the resource that it is about. Workflows \
              that Amazon owns have no account to compare.",
        help: "event and resources come from two captures, or one of them was edited",
        source: SOURCE,
        ..Rule::BASE
    },
    on: &Each::<Event>(|event, cx| {
        let resources = resources(event.any(), cx);
        if let Some((node, text)) =
            event.get_with_text(member::Region).filter(|(_, text)| partition::of_region(text).is_some())
            && let Some((resource, arn)) = resources.iter().find(|(_, arn)| arn.region != text)
        {
            let message = format!("the event is of region `{text}`, its resource of `{}`", quoted(arn.region));
            cx.report(node, message).label(resource.slice(arn.region), "the resource");
        }
        if let Some((node, text)) = event.get_with_text(member::Account)
            && let Some((resource, arn)) = resources.iter().find(|(_, arn)| arn.has_account_id() && arn.account != text)
        {
            let message = format!("the event is of account `{}`, its resource of `{}`", quoted(text), arn.account);
            cx.report(node, message).label(resource.slice(arn.account), "the resource");
        }
    }),
};

static EB_RESOURCES: Check = Check {
    rule: &Rule {
        name: "eb-resources",
        level: Level::Warning,
        summary: "an event names the resources that its type is about",
        why: "A change of state names one build of an image, found CVEs the image and perhaps its pipeline, a waiting \
              step the image and the workflow, a disabled pipeline the pipeline.",
        help: "the event was put together by hand, or its resources were cut",
        source: SOURCE,
        ..Rule::BASE
    },
    on: &Each::<(ImageStateChangeEvent, CveDetectedEvent, WorkflowStepWaitingEvent, PipelineDisabledEvent)>(
        |event, cx| {
            let Some(list) = event.get(member::Resources) else {
                if event.shape() == Shape::ImageStateChangeEvent {
                    let empty = event.find(member::Resources).map_or(event.opening(), Node::key_span);
                    let message =
                        "`resources` names no image; a change of state is about one build version of an image";
                    cx.report(event, message).at(empty);
                }
                return;
            };
            // An invalid ARN is reported by `arn-segment`, and may be the one that is missing.
            if list.items().any(|item| !is_valid_arn(item, cx)) {
                return;
            }
            let is_build = |arn: &Arn<'_>| {
                let resource = arn.image_builder_resource();
                resource.kind == "image" && resource.version.is_some_and(|version| version.build.is_some())
            };
            let resources = resources(event.any(), cx);
            let has = |kind: &str| resources.iter().any(|(_, arn)| arn.image_builder_resource().kind.starts_with(kind));
            let builds: Vec<Node<'_>> =
                resources.iter().filter(|(_, arn)| is_build(arn)).map(|(node, _)| *node).collect();
            let missing = match event.shape() {
                Shape::PipelineDisabledEvent => (!has("image-pipeline")).then_some("image pipeline"),
                _ if builds.is_empty() => Some("build version of an image"),
                Shape::WorkflowStepWaitingEvent => (!has("workflow/")).then_some("workflow"),
                _ => None,
            };
            if let Some(missing) = missing {
                let message = format!("`resources` names no {missing}, which this type of event is about");
                cx.report(list, message).at(list.key_span());
            } else if let (Shape::ImageStateChangeEvent, [first, second, ..]) = (event.shape(), builds.as_slice()) {
                let message = format!("`resources` names {} images; a change of state is about one", builds.len());
                cx.report(*second, message).label(first.span(), "the first");
            }
        },
    ),
};

static EB_TRANSITION: Check = Check {
    rule: &Rule {
        name: "eb-transition",
        level: Level::Warning,
        summary: "an image goes on to another state, and not back",
        why: "A build goes from PENDING through CREATING, BUILDING, TESTING, DISTRIBUTING and INTEGRATING to \
              AVAILABLE. A failed or cancelled one goes on only when it is retried, from its tests or its \
              distribution.",
        help: "the two states were mixed up, or one of them was edited",
        source: &[SOURCE[0], "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_RetryImage.html"],
        outranks: &[&structure::ENUM_VALUE],
        ..Rule::BASE
    },
    on: &Each::<ImageStateChange>(|change, cx| {
        let states = [change.get(member::PreviousState), change.get(member::State)]
            .map(|state| state?.get_with_text(member::Status));
        for (node, text) in states.into_iter().flatten() {
            let upper = text.to_ascii_uppercase();
            if upper != text && Shape::ImageStatus.has_value(&upper) {
                cx.report(node, format!("`{}` is not in capitals; `{upper}` was expected", quoted(text)));
            }
        }
        let [Some((previous, before)), Some((state, after))] = states else {
            return;
        };
        if let Some(message) = Shape::ImageStatus.has_value(before).then(|| impossible_change(before, after)).flatten()
        {
            cx.report(state, message).label(previous.span(), "the state before");
        }
    }),
};

/// The message about a change of status that no image makes; None for a possible one.
fn impossible_change(before: &str, after: &str) -> Option<String> {
    let stage = |status: &str| match status {
        "AVAILABLE" => Some(STAGES.len()),
        _ => STAGES.iter().position(|stage| *stage == status),
    };
    if before == after {
        return Some(format!("the image was `{before}` before; another state was expected"));
    }
    let from = match before {
        "DEPRECATED" | "DISABLED" => stage("AVAILABLE"),
        "DELETED" => Some(usize::MAX),
        _ => stage(before),
    };
    let to = stage(after);
    match before {
        "FAILED" | "CANCELLED" if to.is_some() && !matches!(after, "TESTING" | "DISTRIBUTING") => {
            Some(format!("a retried image goes from `{before}` to TESTING or DISTRIBUTING, not to `{after}`"))
        }
        "FAILED" | "CANCELLED" if matches!(after, "FAILED" | "CANCELLED") => {
            Some(format!("an image that is `{before}` is done; it does not become `{after}`"))
        }
        _ if from? > to? => Some(format!("an image does not go back from `{before}` to `{after}`")),
        _ => None,
    }
}

static EB_CONSECUTIVE_FAILURES: Check = Check {
    rule: &Rule {
        name: "eb-consecutive-failures",
        level: Level::Info,
        pedantic: true,
        summary: "the count of failures in an event is a string",
        why: "The user guide shows the count of a disabled pipeline's failures in quotes. A pattern that matches a \
              number does not match it.",
        help: "put the number in quotes",
        source: SOURCE,
        ..Rule::BASE
    },
    on: &Each::<EventConsecutiveFailures>(|failures, cx| {
        if failures.number().is_some() {
            cx.report(failures, "`consecutive-failures` is a number; a string is documented");
        }
    }),
};
