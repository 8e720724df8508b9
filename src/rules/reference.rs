//! `latestVersionReferences`: four ARNs that are derived from the resource's own.

use crate::aws::arn::{Arn, Resource};
use crate::model::typed::shapes::{
    GetContainerRecipeResponse, GetImageRecipeResponse, GetImageResponse, LatestVersionReferences,
};
use crate::rule::prelude::*;
use crate::rules::view::arn::{image_builder_arn, is_valid_arn};
use crate::rules::view::source::VERSIONING;
use crate::text::span::Span;

pub(super) static RULES: &[&Check] = &[&LATEST_VERSION_REFERENCES, &LATEST_VERSION_REFERENCES_PARTIAL];

type Response = (GetImageResponse, GetImageRecipeResponse, GetContainerRecipeResponse);

const SOURCE: &[&str] = &[VERSIONING, "service model: LatestVersionReferences"];

/// The members, each of which keeps one more node of the version than the one before.
const MEMBERS: [Slot<LatestVersionReferences>; 4] = [
    Slot::of(member::LatestVersionArn),
    Slot::of(member::LatestMajorVersionArn),
    Slot::of(member::LatestMinorVersionArn),
    Slot::of(member::LatestPatchVersionArn),
];

/// The ARN of the resource in a response, if it is valid.
fn own_arn<'d>(response: Node<'d, Response>, cx: &Context<'d>) -> Option<(Arn<'d>, Resource<'d>)> {
    let response = response.any();
    let (arn, kind) = if let Some(response) = response.cast::<GetImageResponse>() {
        (response.get(member::Image)?.get(member::Arn), "image")
    } else if let Some(response) = response.cast::<GetImageRecipeResponse>() {
        (response.get(member::ImageRecipe)?.get(member::Arn), "image-recipe")
    } else {
        let response = response.cast::<GetContainerRecipeResponse>()?;
        (response.get(member::ContainerRecipe)?.get(member::Arn), "container-recipe")
    };
    // An invalid ARN is reported by other rules, and nothing can be derived from it.
    let arn = arn.filter(|arn| is_valid_arn(*arn, cx))?;
    image_builder_arn(arn, cx).filter(|(_, own)| own.kind == kind)
}

/// Whether the member at an index has the expected text; unlike [`expected`], it does not allocate.
fn fits(text: &str, own: (Arn<'_>, Resource<'_>), index: usize) -> bool {
    let (arn, resource) = own;
    let Some(version) = resource.version.filter(|version| version.is_fixed() && !version.exceeds_limit()) else {
        return true;
    };
    let nodes = version.number_nodes().enumerate().map(|(node, (text, _))| if node < index { text } else { "x" });
    let base = &arn.text[..arn.text.len() - version.text.len()];
    text.strip_prefix(base).is_some_and(|rest| rest.split('.').eq(nodes))
}

/// The expected text of the member at an index, derived from the resource's own ARN.
fn expected(own: (Arn<'_>, Resource<'_>), index: usize) -> Option<String> {
    let (arn, resource) = own;
    let version = resource.version.filter(|version| version.is_fixed())?;
    let base = &arn.text[..arn.text.len() - version.text.len()];
    let nodes = version.number_nodes().enumerate().map(|(node, (text, _))| if node < index { text } else { "x" });
    Some(base.to_owned() + &nodes.collect::<Vec<_>>().join("."))
}

pub(super) static LATEST_VERSION_REFERENCES: Check = Check {
    rule: &Rule {
        name: "latest-version-references",
        summary: "the version references follow from the resource's own ARN",
        why: "For a resource 1.2.3 they read x.x.x, 1.x.x, 1.2.x and 1.2.3, each with the own ARN's base and none with a \
              build number.",
        help: "each member keeps one more node than the one before; the last has no wildcard and no build",
        source: SOURCE,
        ..Rule::BASE
    },
    on: &Each::<Response>(|response, cx| {
        let Some(references) = response.get(member::LatestVersionReferences) else {
            return;
        };
        let Some(own) = own_arn(response, cx) else {
            return;
        };
        for (index, member) in MEMBERS.into_iter().enumerate() {
            let node = references.get_in(member).and_then(|node| Some((node, node.text()?)));
            let Some((node, text)) = node.filter(|(_, text)| !fits(text, own, index)) else {
                continue;
            };
            if let Some(expected) = expected(own, index) {
                let fix = Fix::safe("recompute it from the ARN", node.part(0..text.len()), expected.clone());
                let span = differing_tail(node, text, &expected);
                let message = format!("`{}` does not follow from the ARN; `{expected}` was expected", member.name);
                cx.report(node, message).at(span).fix(fix);
            }
        }
    }),
};

/// The span of a text from the first segment in which it differs from another.
fn differing_tail(node: Node<'_>, text: &str, other: &str) -> Span {
    let common = text.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let common = (0..=common).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = text[..common].rfind(['/', ':']).map_or(0, |at| at + 1);
    if start < text.len() { node.part(start..text.len()) } else { node.span() }
}

static LATEST_VERSION_REFERENCES_PARTIAL: Check = Check {
    rule: &Rule {
        name: "latest-version-references-partial",
        level: Level::Info,
        summary: "all four version references are there",
        why: "The service returns four references or none.",
        help: "the four are latestVersionArn, latestMajorVersionArn, latestMinorVersionArn and latestPatchVersionArn",
        source: SOURCE,
        ..Rule::BASE
    },
    on: &Each::<Response>(|response, cx| {
        let Some(references) = response.get(member::LatestVersionReferences) else {
            return;
        };
        let missing: Vec<usize> =
            (0..MEMBERS.len()).filter(|index| references.get_in(MEMBERS[*index]).is_none()).collect();
        if missing.is_empty() || missing.len() == MEMBERS.len() {
            return;
        }
        let own = own_arn(response, cx);
        let addition = |index: &usize| Some((MEMBERS[*index].name, format!("\"{}\"", expected(own?, *index)?)));
        let additions = missing.iter().map(addition).collect::<Option<Vec<_>>>();
        let edit = additions.and_then(|additions| references.addition(&additions));
        let fix = edit.map(|edit| Fix::of("add the missing ones", edit));
        let names: Vec<String> = missing.iter().map(|index| format!("`{}`", MEMBERS[*index].name)).collect();
        let verb = if missing.len() == 1 { "is" } else { "are" };
        let message = format!("{} of 4 version references {verb} missing: {}", missing.len(), names.join(", "));
        cx.report(references, message).at(references.key_span()).fix(fix);
    }),
};
