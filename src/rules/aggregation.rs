//! Counts of scan findings, by account, image, pipeline or vulnerability.

use crate::document::name_of;
use crate::document::secret::quoted;
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::node::Node;
use crate::rules::state::opening;

pub(super) static RULES: &[&Rule] = &[&AGGREGATION_ONE, &AGGREGATION_TYPE, &SEVERITY_COUNTS];

const AGGREGATION: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageScanFindingAggregation.html";

/// What findings are counted by, and the member of an entry that holds the counts.
const AGGREGATIONS: [(&str, &str); 4] = [
    ("accountId", "accountAggregation"),
    ("imageBuildVersionArn", "imageAggregation"),
    ("imagePipelineArn", "imagePipelineAggregation"),
    ("vulnerabilityId", "vulnerabilityIdAggregation"),
];

/// The aggregations of an entry, be they empty.
fn aggregations(entry: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    AGGREGATIONS.into_iter().filter_map(move |(_, member)| entry.find(member))
}

static AGGREGATION_ONE: Rule = Rule {
    name: "aggregation-one",
    on: &[Shape::ImageScanFindingAggregation],
    summary: "an entry holds exactly one aggregation",
    why: "Findings are counted by one thing per request, so each entry has one of the four members.",
    help: "split the entry, or take it over from the response again",
    source: &[AGGREGATION, "service model: ImageScanFindingAggregation"],
    check: |entry, cx| {
        let mut found = aggregations(entry);
        match (found.next(), found.next()) {
            (None, _) => {
                // A member that the model lacks may be a fifth aggregation.
                let known = |name: &str| AGGREGATIONS.iter().any(|(_, member)| *member == name);
                let object = entry.value().as_object();
                let all_null =
                    object.is_some_and(|object| object.properties.iter().all(|property| known(name_of(property))));
                if all_null {
                    cx.report(entry, "the entry holds no aggregation; 1 was expected").at(opening(entry));
                }
            }
            (Some(first), Some(second)) => {
                let count = 2 + found.count();
                let finding = cx.report(entry, format!("{count} aggregations in one entry; 1 was expected"));
                finding.at(second.key_span()).says("another").label(first.key_span(), "the first");
            }
            (Some(_), None) => {}
        }
    },
    ..Rule::BASE
};

static AGGREGATION_TYPE: Rule = Rule {
    name: "aggregation-type",
    on: &[Shape::ListImageScanFindingAggregationsResponse],
    summary: "`aggregationType` names what the entries count by",
    why: "The type is the key that findings are grouped by, and the entries are the groups.",
    help: "accountId goes with accountAggregation, imageBuildVersionArn with imageAggregation, imagePipelineArn with \
           imagePipelineAggregation, vulnerabilityId with vulnerabilityIdAggregation",
    source: &[
        "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ListImageScanFindingAggregations.html",
        "service model: ListImageScanFindingAggregationsResponse.aggregationType",
    ],
    check: |list, cx| {
        let kind = list.get("aggregationType").and_then(|kind| Some((kind, kind.text()?)));
        let Some((kind, text)) = kind.filter(|(_, text)| !text.is_empty()) else {
            return;
        };
        let Some((_, expected)) = AGGREGATIONS.into_iter().find(|(name, _)| *name == text) else {
            let names = AGGREGATIONS.map(|(name, _)| format!("`{name}`")).join(", ");
            cx.report(kind, format!("aggregation type `{}` is none of {names}", quoted(text)));
            return;
        };
        // An entry with two aggregations is `aggregation-one`'s.
        let mut responses = list.get("responses").into_iter().flat_map(Node::items);
        let other = responses.find_map(|entry| {
            let mut found = aggregations(entry);
            let only = found.next()?;
            (found.next().is_none() && only.member() != expected).then_some(only)
        });
        if let Some(other) = other {
            let message = format!("`{text}` goes with `{expected}`, but an entry holds `{}`", other.member());
            cx.report(kind, message).label(other.key_span(), "the entry");
        }
    },
    ..Rule::BASE
};

static SEVERITY_COUNTS: Rule = Rule {
    name: "severity-counts",
    on: &[Shape::SeverityCounts],
    summary: "no count is negative, and `all` is at least the sum of the others",
    why: "`all` counts the findings of every severity; those of medium, high and critical severity are among them.",
    help: "one of the counts was edited",
    source: &[
        "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_SeverityCounts.html",
        "service model: SeverityCounts",
    ],
    check: |counts, cx| {
        let count = |member| counts.get(member).and_then(|node| Some((node, node.integer()?)));
        let parts = || ["critical", "high", "medium"].into_iter().filter_map(count);
        let mut negative = false;
        for (node, count) in count("all").into_iter().chain(parts()).filter(|(_, count)| *count < 0) {
            cx.report(node, format!("`{}` is {count}; a count of findings is not negative", node.member()));
            negative = true;
        }
        let sum = parts().fold(0, |sum: i128, (_, count)| sum.saturating_add(count));
        if let Some((node, all)) = count("all").filter(|(_, all)| !negative && *all < sum) {
            let terms: Vec<String> = parts().map(|(node, count)| format!("{count} {}", node.member())).collect();
            let message = format!("{} findings, but `all` is {all}", terms.join(" + "));
            let finding = cx.report(node, message);
            for (node, _) in parts() {
                finding.label(node.span(), node.member());
            }
        }
    },
    ..Rule::BASE
};
