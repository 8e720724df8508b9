//! Filters of lifecycle policies as they are asked for: by the age of images, or by how many there are.

use crate::model::typed::shapes::{LifecyclePolicyDetail, LifecyclePolicyDetailFilter, LifecyclePolicyDetails};
use crate::rule::prelude::*;
use crate::rules::view::lifecycle::{DELETE, action_type, is_mild};

pub(super) static RULES: &[&Check] = &[&AGE_UNIT, &COUNT_INERT, &COUNT_ACTION, &RETAIN_ACTION, &AGE_ORDER];

const GUIDE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/create-lifecycle-policies.html";

/// The filter of a rule with its type.
fn filter(detail: Node<'_, LifecyclePolicyDetail>) -> Option<(Node<'_, LifecyclePolicyDetailFilter>, &str)> {
    let filter = detail.get(member::Filter)?;
    Some((filter, filter.get_text(member::Type)?))
}

static AGE_UNIT: Check = Check {
    rule: &Rule {
        name: "lifecycle-age-unit",
        summary: "an age has a unit",
        why: "Without a unit nobody knows how old an image may get, and the service refuses the rule.",
        help: "add `unit`: DAYS, WEEKS, MONTHS or YEARS",
        source: &["service model: LifecyclePolicyDetailFilter.unit"],
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        if let Some((filter, "AGE")) = filter(detail)
            && filter.find(member::Unit).is_none()
        {
            cx.report(filter, "a filter of type `AGE` has no `unit`").at(filter.heading());
        }
    }),
};

static COUNT_INERT: Check = Check {
    rule: &Rule {
        name: "lifecycle-count-inert",
        level: Level::Warning,
        summary: "a count has neither a unit nor a number to retain",
        why: "`unit` and `retainAtLeast` belong to filters by age. Of a count `value` itself says how many images are \
              kept.",
        help: "leave them out",
        source: &["service model: LifecyclePolicyDetailFilter"],
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        let Some((filter, "COUNT")) = filter(detail) else {
            return;
        };
        // What outranks it is about the same filter.
        let is_other_action = action_type(detail).is_some_and(|(_, action)| action != DELETE);
        for node in [filter.get(member::Unit), filter.get(member::RetainAtLeast)].into_iter().flatten() {
            if !is_other_action {
                let message = format!("`{}` has no effect on a filter of type `COUNT`", node.member());
                cx.report(node, message).at(node.key_span());
            }
        }
    }),
};

static COUNT_ACTION: Check = Check {
    rule: &Rule {
        name: "lifecycle-count-action",
        summary: "a rule by count deletes",
        why: "Images are deprecated and disabled by their age. Only a deletion can go by how many there are.",
        help: "filter by `AGE`, or write `DELETE`",
        source: &["service model: LifecyclePolicyDetailFilter.type"],
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        if let (Some((filter, "COUNT")), Some((action, found))) = (filter(detail), action_type(detail))
            && is_mild(found)
            && let Some(kind) = filter.get(member::Type)
        {
            let message = format!("a filter of type `COUNT` with action `{found}`; `DELETE` was expected");
            cx.report(kind, message).label(action.span(), "the action");
        }
    }),
};

static RETAIN_ACTION: Check = Check {
    rule: &Rule {
        name: "lifecycle-retain-action",
        level: Level::Warning,
        summary: "only a deletion retains a number of images",
        why: "`retainAtLeast` keeps images from being deleted. Other actions do not look at it.",
        help: "leave `retainAtLeast` out",
        source: &["service model: LifecyclePolicyDetailFilter.retainAtLeast"],
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        let Some((filter, "AGE")) = filter(detail) else {
            return;
        };
        if let (Some(retain), Some((action, found))) = (filter.get(member::RetainAtLeast), action_type(detail))
            && is_mild(found)
        {
            let message = format!("`retainAtLeast` has no effect on action `{found}`");
            cx.report(retain, message).at(retain.key_span()).label(action.span(), "the action");
        }
    }),
};

/// The age of a filter in days, with the node of its number.
fn age(detail: Node<'_, LifecyclePolicyDetail>) -> Option<(Node<'_>, i128)> {
    let (filter, kind) = filter(detail)?;
    let (node, number) = filter.get(member::Value)?.with_integer()?;
    let days = match filter.get_text(member::Unit)? {
        "DAYS" => 1,
        "WEEKS" => 7,
        "MONTHS" => 30,
        "YEARS" => 365,
        _ => return None,
    };
    (kind == "AGE").then(|| (node, number.saturating_mul(days)))
}

static AGE_ORDER: Check = Check {
    rule: &Rule {
        name: "lifecycle-age-order",
        level: Level::Warning,
        summary: "images are deprecated before they are disabled, and disabled before they are deleted",
        why: "An image that was deleted is neither deprecated nor disabled any more: the later action never sees one. \
              Months count as 30 days, years as 365.",
        help: "give the milder action the lower age",
        source: &[GUIDE],
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetails>(|details, cx| {
        const ORDER: [&str; 3] = ["DEPRECATE", "DISABLE", DELETE];
        let rank = |detail| {
            let (_, action) = action_type(detail)?;
            let (node, days) = age(detail)?;
            Some((ORDER.iter().position(|known| *known == action)?, node, days))
        };
        let mut ranked: Vec<_> = details.items().filter_map(rank).collect();
        ranked.sort_by_key(|(rank, ..)| *rank);
        for pair in ranked.windows(2) {
            let [(earlier, node, days), (later, other, most)] = pair else { continue };
            if earlier != later && days >= most {
                let message = format!(
                    "`{}` after {days} days, `{}` after {most}; the former was expected to come first",
                    ORDER[*earlier], ORDER[*later]
                );
                cx.report(*node, message).says(ORDER[*earlier]).label(other.span(), ORDER[*later]);
            }
        }
    }),
};
