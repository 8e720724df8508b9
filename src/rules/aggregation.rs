//! Counts of scan findings, by account, image, pipeline or vulnerability.

use crate::model::typed::shapes::{
    ImageScanFindingAggregation, ListImageScanFindingAggregationsResponse, SeverityCounts,
};
use crate::rule::prelude::*;

pub(super) static RULES: &[&Check] = &[&AGGREGATION_ONE, &AGGREGATION_TYPE, &SEVERITY_COUNTS];

const AGGREGATION: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageScanFindingAggregation.html";

/// The values of `aggregationType`, each with the member of an entry that holds its counts.
const AGGREGATIONS: [(&str, Slot<ImageScanFindingAggregation>); 4] = [
    ("accountId", Slot::of(member::AccountAggregation)),
    ("imageBuildVersionArn", Slot::of(member::ImageAggregation)),
    ("imagePipelineArn", Slot::of(member::ImagePipelineAggregation)),
    ("vulnerabilityId", Slot::of(member::VulnerabilityIdAggregation)),
];

/// The aggregations of an entry, including empty ones.
fn aggregations(entry: Node<'_, ImageScanFindingAggregation>) -> impl Iterator<Item = Node<'_>> {
    AGGREGATIONS.into_iter().filter_map(move |(_, aggregation)| entry.find_in(aggregation))
}

static AGGREGATION_ONE: Check = Check {
    rule: &Rule {
        name: "aggregation-one",
        summary: "an entry holds exactly one aggregation",
        why: "Findings are counted by one thing per request, so each entry has one of the four members.",
        help: "split the entry, or copy it from the response again",
        source: &[AGGREGATION, "service model: ImageScanFindingAggregation"],
        ..Rule::BASE
    },
    on: &Each::<ImageScanFindingAggregation>(|entry, cx| {
        let mut found = aggregations(entry);
        match (found.next(), found.next()) {
            (None, _) => {
                // An unknown member may be an aggregation that is newer than the model.
                let known = |name: &str| AGGREGATIONS.iter().any(|(_, aggregation)| aggregation.name() == name);
                if entry.keys().all(known) {
                    cx.report(entry, "an entry of `responses` holds no aggregation; 1 was expected")
                        .at(entry.opening());
                }
            }
            (Some(first), Some(second)) => {
                let count = 2 + found.count();
                let finding = cx.report(entry, format!("{count} aggregations in one entry; 1 was expected"));
                finding.at(second.key_span()).says("another").label(first.key_span(), "the first");
            }
            (Some(_), None) => {}
        }
    }),
};

static AGGREGATION_TYPE: Check = Check {
    rule: &Rule {
        name: "aggregation-type",
        summary: "`aggregationType` names what the entries count by",
        why: "The type is the key that findings are grouped by, and the entries are the groups.",
        help: "accountId goes with accountAggregation, imageBuildVersionArn with imageAggregation, imagePipelineArn \
               with imagePipelineAggregation, vulnerabilityId with vulnerabilityIdAggregation",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ListImageScanFindingAggregations.html",
            "service model: ListImageScanFindingAggregationsResponse.aggregationType",
        ],
        ..Rule::BASE
    },
    on: &Each::<ListImageScanFindingAggregationsResponse>(|list, cx| {
        let kind = list.get_with_text(member::AggregationType);
        let Some((kind, text)) = kind.filter(|(_, text)| !text.is_empty()) else {
            return;
        };
        let Some((_, expected)) = AGGREGATIONS.into_iter().find(|(name, _)| *name == text) else {
            let names = AGGREGATIONS.map(|(name, _)| format!("`{name}`")).join(", ");
            cx.report(kind, format!("aggregation type `{}` is none of {names}", quoted(text)));
            return;
        };
        // An entry with two aggregations is reported by `aggregation-one`.
        let mut responses = list.items_of(member::Responses);
        let other = responses.find_map(|entry| {
            let mut found = aggregations(entry);
            let only = found.next()?;
            (found.next().is_none() && only.member() != expected.name()).then_some(only)
        });
        if let Some(other) = other {
            let message = format!("`{text}` goes with `{}`, but an entry holds `{}`", expected.name(), other.member());
            cx.report(kind, message).label(other.key_span(), "the entry");
        }
    }),
};

static SEVERITY_COUNTS: Check = Check {
    rule: &Rule {
        name: "severity-counts",
        summary: "no count is negative, and `all` is at least the sum of the others",
        why: "`all` counts the findings of every severity; those of medium, high and critical severity are among them.",
        help: "one of the counts was edited",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_SeverityCounts.html",
            "service model: SeverityCounts",
        ],
        ..Rule::BASE
    },
    on: &Each::<SeverityCounts>(|counts, cx| {
        let all = counts.get(member::All).and_then(Node::with_integer);
        let parts = [counts.get(member::Critical), counts.get(member::High), counts.get(member::Medium)];
        let parts = || parts.into_iter().flatten().filter_map(Node::with_integer);
        let mut negative = false;
        for (node, count) in all.into_iter().chain(parts()).filter(|(_, count)| *count < 0) {
            cx.report(node, format!("`{}` is {count}; a count of findings is not negative", node.member()));
            negative = true;
        }
        let sum = parts().fold(0, |sum: i128, (_, count)| sum.saturating_add(count));
        if let Some((node, all)) = all.filter(|(_, all)| !negative && *all < sum) {
            let terms: Vec<String> = parts().map(|(node, count)| format!("{count} {}", node.member())).collect();
            let message = format!("{} findings, but `all` is {all}", terms.join(" + "));
            let finding = cx.report(node, message);
            for (node, _) in parts() {
                finding.label(node.span(), node.member());
            }
        }
    }),
};
