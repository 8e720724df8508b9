//! `latestVersionReferences`: four ARNs that are derived from the resource's own.

use crate::aws::arn::{Arn, Resource};
use crate::aws::version::Version;
use crate::model::typed::shapes::{
    CreateComponentResponse, CreateContainerRecipeResponse, CreateImageRecipeResponse, CreateImageResponse,
    CreateWorkflowResponse, GetComponentResponse, GetContainerRecipeResponse, GetImageRecipeResponse, GetImageResponse,
    GetWorkflowResponse, LatestVersionReferences,
};
use crate::rule::prelude::*;
use crate::rules::view::arn::{image_builder_arn, is_valid_arn, referenced_types};
use crate::rules::view::source::VERSIONING;
use crate::rules::{name, partition, version_arn};
use crate::text::span::Span;

pub(super) static RULES: &[&Check] = &[&LATEST_VERSION_REFERENCES, &LATEST_VERSION_REFERENCES_PARTIAL];

type Response = (
    GetImageResponse,
    CreateImageResponse,
    GetImageRecipeResponse,
    CreateImageRecipeResponse,
    GetContainerRecipeResponse,
    CreateContainerRecipeResponse,
    GetComponentResponse,
    CreateComponentResponse,
    GetWorkflowResponse,
    CreateWorkflowResponse,
);

const SOURCE: &[&str] = &[VERSIONING, "service model: LatestVersionReferences"];

/// The members, each of which keeps one more node of the version than the one before.
const MEMBERS: [Slot<LatestVersionReferences>; 4] = [
    Slot::of(member::LatestVersionArn),
    Slot::of(member::LatestMajorVersionArn),
    Slot::of(member::LatestMinorVersionArn),
    Slot::of(member::LatestPatchVersionArn),
];

/// The resource that an ARN names, with the ARN.
type Named<'d> = (&'d Arn<'d>, &'d Resource<'d>);

/// The ARN of the resource in a response, if it is valid.
fn own_arn<'d>(response: Node<'d, Response>, cx: &Context<'d>) -> Option<(Node<'d>, Named<'d>)> {
    let response = response.any();
    let described = response
        .get_if_any(member::Image)
        .or_else(|| response.get_if_any(member::ImageRecipe))
        .or_else(|| response.get_if_any(member::ContainerRecipe))
        .or_else(|| response.get_if_any(member::Component))
        .or_else(|| response.get_if_any(member::Workflow));
    let own = described
        .and_then(|resource| resource.get_if_any(member::Arn))
        .or_else(|| response.get_if_any(member::ImageBuildVersionArn))
        .or_else(|| response.get_if_any(member::ImageRecipeArn))
        .or_else(|| response.get_if_any(member::ContainerRecipeArn))
        .or_else(|| response.get_if_any(member::ComponentBuildVersionArn))
        .or_else(|| response.get_if_any(member::WorkflowBuildVersionArn));
    // An invalid ARN is reported by other rules, and nothing can be derived from it.
    let own = own.filter(|own| is_valid_arn(*own, cx))?;
    let types = referenced_types(cx)?;
    Some((own, image_builder_arn(own, cx).filter(|(_, named)| types.contains(&named.kind))?))
}

/// What follows the nodes that each member keeps.
const WILDCARDS: [&str; MEMBERS.len()] = ["x.x.x", "x.x", "x", ""];

/// The text of an ARN up to the nodes that the member at an index keeps, if its version is fixed.
fn kept((arn, resource): Named<'_>, index: usize) -> Option<&str> {
    let version = resource.version.filter(|version| version.is_fixed())?;
    let base = arn.text.len() - version.text.len();
    let mut dots = version.numbers.bytes().enumerate().filter(|(_, byte)| *byte == b'.').map(|(at, _)| at + 1);
    let kept = match index.checked_sub(1) {
        Some(before) => dots.nth(before).unwrap_or(version.numbers.len()),
        None => 0,
    };
    Some(&arn.text[..base + kept])
}

/// Whether the member at an index has the expected text.
fn fits(text: &str, own: Named<'_>, index: usize) -> bool {
    if own.1.version.is_none_or(Version::exceeds_limit) {
        return true;
    }
    kept(own, index).is_none_or(|kept| text.strip_prefix(kept) == Some(WILDCARDS[index]))
}

/// The expected text of the member at an index, derived from the resource's own ARN.
fn expected(own: Named<'_>, index: usize) -> Option<String> {
    Some(kept(own, index)?.to_owned() + WILDCARDS[index])
}

pub(super) static LATEST_VERSION_REFERENCES: Check = Check {
    rule: &Rule {
        name: "latest-version-references",
        summary: "the version references follow from the resource's own ARN",
        why: "For a resource 1.2.3 they read x.x.x, 1.x.x, 1.2.x and 1.2.3, each with the own ARN's base and none with \
              a build number. Where they agree with one another the own ARN is the one that is wrong, and what else \
              disagrees with it follows from that.",
        help: "each member keeps one more node than the one before; the last has no wildcard and no build",
        source: SOURCE,
        outranks: &[
            name::NAME_ARN_SLUG.rule,
            partition::ARN_ACCOUNT_AGREEMENT.rule,
            partition::ARN_PARTITION_AGREEMENT.rule,
            partition::ARN_PARTITION_REGION.rule,
            partition::ARN_REGION_AGREEMENT.rule,
            version_arn::IMAGE_VERSION_ARN.rule,
        ],
        fixes: Rule::EITHER_WAY,
        ..Rule::BASE
    },
    on: &Each::<Response>(|response, cx| {
        let Some(references) = response.get(member::LatestVersionReferences) else {
            return;
        };
        let Some((own_node, own)) = own_arn(response, cx) else {
            return;
        };
        if let Some(agreed) = agreed_base(references, cx).filter(|agreed| !fits(agreed.0.text, own, MEMBERS.len() - 1))
        {
            report_own_arn((own_node, own), agreed, references, cx);
            return;
        }
        for (index, member) in MEMBERS.into_iter().enumerate() {
            let node = references.get_in(member).and_then(|node| Some((node, node.text()?)));
            let Some((node, text)) = node.filter(|(_, text)| !fits(text, own, index)) else {
                continue;
            };
            if let Some(expected) = expected(own, index) {
                let fix = Fix::safe("recompute it from the ARN", node.part(0..text.len()), expected.clone());
                let span = differing_tail(node, text, &expected);
                let message = format!("`{}` does not follow from the ARN; `{expected}` was expected", member.name());
                cx.report(node, message).at(span).fix(fix);
            }
        }
    }),
};

/// The version that all references are derived from, where there are several and they agree.
fn agreed_base<'d>(references: Node<'d, LatestVersionReferences>, cx: &Context<'d>) -> Option<Named<'d>> {
    let last = MEMBERS.len() - 1;
    let patch = references.get_in(MEMBERS[last]).filter(|patch| is_valid_arn(*patch, cx))?;
    let types = referenced_types(cx)?;
    let base = image_builder_arn(patch, cx).filter(|(_, named)| types.contains(&named.kind))?;
    let is_fixed = base.1.version.is_some_and(|version| version.is_fixed() && version.build.is_none());
    let others = || (0..last).filter_map(|index| Some((index, references.get_in(MEMBERS[index])?)));
    let agree = |(index, node): (usize, Node<'_>)| node.text().is_some_and(|text| fits(text, base, index));
    (is_fixed && others().next().is_some() && others().all(agree)).then_some(base)
}

/// A segment of an ARN: its name, its text in the own ARN and in the references.
type Segment<'d> = (&'static str, &'d str, &'d str);

/// Reports an own ARN that the references, which agree with one another, contradict.
fn report_own_arn<'d>(
    (node, (own, own_resource)): (Node<'d>, Named<'d>),
    (agreed, agreed_resource): Named<'d>,
    references: Node<'d, LatestVersionReferences>,
    cx: &mut Reporter<'_, 'd>,
) {
    let numbers = |resource: &Resource<'d>| resource.version.map_or("", |version| version.numbers);
    let segments = [
        ("partition", own.partition, agreed.partition),
        ("region", own.region, agreed.region),
        ("account", own.account, agreed.account),
        ("type", own_resource.kind, agreed_resource.kind),
        ("name", own_resource.name, agreed_resource.name),
        ("version", numbers(own_resource), numbers(agreed_resource)),
    ];
    let differing: Vec<Segment<'d>> = segments.into_iter().filter(|(_, own, agreed)| own != agreed).collect();
    let (Some(first), Some(last)) = (differing.first(), differing.last()) else {
        return;
    };
    let described = |value: fn(&Segment<'d>) -> &'d str| {
        let words: Vec<String> =
            differing.iter().map(|segment| format!("{} `{}`", segment.0, value(segment))).collect();
        words.join(", ")
    };
    let message = format!(
        "`{}` has {}, but the version references agree on {}",
        node.member(),
        described(|segment| segment.1),
        described(|segment| segment.2)
    );
    let span = Span::new(node.slice(first.1).start, node.slice(last.1).end);
    let fix = (differing.len() == 1).then(|| Fix::risky(format!("write `{}`", first.2), span, first.2));
    let finding = cx.report(node, message).at_part(span).says("contradicted by the references").explains();
    finding.help("the ARN was edited, or comes from another capture than its references").fix(fix);
    for reference in MEMBERS.into_iter().filter_map(|member| references.get_in(member)) {
        finding.label(reference.span(), "a reference");
    }
}

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
        why: "The set has one reference for each level of the version. No page says that all are always there, but \
              every published response with one of them has all four.",
        help: "the four are latestVersionArn, latestMajorVersionArn, latestMinorVersionArn and latestPatchVersionArn",
        source: &[
            "observed: every published response has four references or none",
            "service model: LatestVersionReferences",
        ],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<Response>(|response, cx| {
        // A value that is not an object is reported by `value-type`.
        let references = response.find(member::LatestVersionReferences);
        let Some(references) = references.filter(|references| references.is_object()) else {
            return;
        };
        let missing: Vec<usize> =
            (0..MEMBERS.len()).filter(|index| references.get_in(MEMBERS[*index]).is_none()).collect();
        if missing.is_empty() {
            return;
        }
        let own = own_arn(response, cx).map(|(_, named)| named);
        let addition = |index: &usize| Some((MEMBERS[*index].name(), format!("\"{}\"", expected(own?, *index)?)));
        let additions = missing.iter().map(addition).collect::<Option<Vec<_>>>();
        let edit = additions.and_then(|additions| references.addition(&additions));
        let fix = edit.map(|edit| Fix::of("add the missing ones", edit));
        let names: Vec<String> = missing.iter().map(|index| format!("`{}`", MEMBERS[*index].name())).collect();
        let verb = if missing.len() == 1 { "is" } else { "are" };
        let message = format!("{} of 4 version references {verb} missing: {}", missing.len(), names.join(", "));
        cx.report(references, message).at(references.key_span()).fix(fix);
    }),
};
