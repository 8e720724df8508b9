//! Lifecycle policies as they are asked for: what they select, and what each rule of them does when.

use crate::aws::arn::Arn;
use crate::aws::version::{Version, VersionNode};
use crate::model::typed::shapes::{
    CreateLifecyclePolicyRequest, LifecyclePolicyDetail, LifecyclePolicyDetailActionIncludeResources,
    LifecyclePolicyDetailFilter, LifecyclePolicyDetails, LifecyclePolicyResourceSelection,
    UpdateLifecyclePolicyRequest,
};
use crate::rule::prelude::*;
use crate::rules::view::repeat::repeats;

pub(super) static RULES: &[&Check] = &[
    &SELECTION_EXCLUSIVE,
    &ACTION_DUPLICATE,
    &CONTAINER_ACTION,
    &INCLUDE_ACTION,
    &INCLUDE_SNAPSHOTS,
    &INCLUDE_TYPE,
    &EXCLUSION_TYPE,
    &AGE_UNIT,
    &COUNT_INERT,
    &COUNT_ACTION,
    &RETAIN_ACTION,
    &AGE_ORDER,
    &DELETE_ORPHANS,
    &ROLE_SERVICE_LINKED,
    &RECIPE_DUPLICATE,
];

const GUIDE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/create-lifecycle-policies.html";

/// The requests that define a policy.
type Policy = (CreateLifecyclePolicyRequest, UpdateLifecyclePolicyRequest);

const AMIS: &str = "AMI_IMAGE";
const CONTAINERS: &str = "CONTAINER_IMAGE";
const DELETE: &str = "DELETE";

/// The type of a rule's action.
fn action_type(detail: Node<'_, LifecyclePolicyDetail>) -> Option<(Node<'_>, &str)> {
    detail.get(member::Action)?.get_with_text(member::Type)
}

/// Whether an action is one that is documented and no deletion.
fn is_mild(action: &str) -> bool {
    matches!(action, "DEPRECATE" | "DISABLE")
}

/// The type of the resources of the policy around a rule.
fn resource_type<'d>(cx: &Context<'d>) -> Option<(Node<'d>, &'d str)> {
    let node = cx.root().get_if_any(member::ResourceType)?;
    Some((node, node.text()?))
}

/// What a rule includes.
fn included(detail: Node<'_, LifecyclePolicyDetail>) -> Option<Node<'_, LifecyclePolicyDetailActionIncludeResources>> {
    detail.get(member::Action)?.get(member::IncludeResources)
}

/// A member that is true.
fn is_true(node: Option<Node<'_>>) -> Option<Node<'_>> {
    node.filter(|node| node.boolean() == Some(true))
}

static SELECTION_EXCLUSIVE: Check = Check {
    rule: &Rule {
        name: "lifecycle-selection-exclusive",
        summary: "a lifecycle policy selects by recipes or by tags",
        why: "The service takes a list of recipes or a map of tags, not both, and not neither. An empty one counts as \
              absent.",
        help: "keep the one that is meant",
        source: &["service model: LifecyclePolicyResourceSelection"],
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyResourceSelection>(|selection, cx| {
        if !cx.is_request() {
            return;
        }
        match (selection.get(member::Recipes), selection.get(member::TagMap)) {
            (Some(recipes), Some(tags)) => {
                let message = "`recipes` and `tagMap` exclude each other; one of them was expected";
                let finding = cx.report(selection, message).at(recipes.key_span());
                finding.label(tags.key_span(), "and this");
            }
            (None, None) if selection.find(member::Recipes).is_none() && selection.find(member::TagMap).is_none() => {
                let message = "`resourceSelection` has neither `recipes` nor `tagMap`; one of them was expected";
                cx.report(selection, message).at(selection.heading());
            }
            _ => {}
        }
    }),
};

static ACTION_DUPLICATE: Check = Check {
    rule: &Rule {
        name: "lifecycle-action-duplicate",
        summary: "a lifecycle policy has one rule for an action",
        why: "A policy holds at most one rule for each of its three actions.",
        help: "merge the two, or make a second policy",
        source: &["service model: CreateLifecyclePolicyRequest.policyDetails"],
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetails>(|details, cx| {
        if !cx.is_request() {
            return;
        }
        let actions = details.items().filter_map(action_type).map(|(node, _)| node);
        for (first, again) in repeats(actions, Node::text) {
            let message =
                format!("`policyDetails` has two rules with action `{}`", quoted(again.text().unwrap_or_default()));
            cx.report(again, message).says("again").label(first.span(), "the first");
        }
    }),
};

static CONTAINER_ACTION: Check = Check {
    rule: &Rule {
        name: "lifecycle-container-action",
        summary: "a policy of container images deletes",
        why: "Container images cannot be deprecated or disabled.",
        help: "write `DELETE`, or make it a policy of AMIs",
        source: &["service model: CreateLifecyclePolicyRequest.resourceType"],
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        if let (Some((action, found)), Some((kind, CONTAINERS))) = (action_type(detail), resource_type(cx))
            && cx.is_request()
            && is_mild(found)
        {
            let message = format!("action `{found}` in a policy of container images; `DELETE` was expected");
            cx.report(action, message).label(kind.span(), "container images");
        }
    }),
};

static INCLUDE_ACTION: Check = Check {
    rule: &Rule {
        name: "lifecycle-include-action",
        summary: "an action other than DELETE includes AMIs only",
        why: "AMIs can be deprecated and disabled; snapshots and container images can be deleted, no more.",
        help: "leave the others out",
        source: &["service model: LifecyclePolicyDetailAction.includeResources"],
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        let (Some((action, found)), Some(included)) = (action_type(detail), included(detail)) else {
            return;
        };
        if !cx.is_request() || !is_mild(found) {
            return;
        }
        let others = [is_true(included.get(member::Snapshots)), is_true(included.get(member::Containers))];
        for node in others.into_iter().flatten() {
            let message = format!("action `{found}` includes `{}`; it takes `amis` only", node.member());
            cx.report(node, message).at(node.key_span()).label(action.span(), "the action");
        }
    }),
};

static INCLUDE_SNAPSHOTS: Check = Check {
    rule: &Rule {
        name: "lifecycle-include-snapshots",
        summary: "snapshots are deleted with their AMIs",
        why: "The snapshot of an AMI cannot go while the AMI is there.",
        help: "include `amis` as well",
        source: &["service model: LifecyclePolicyDetailAction.includeResources"],
        outranks: &[DELETE_ORPHANS.rule],
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        let Some(included) = included(detail) else {
            return;
        };
        let is_mild = action_type(detail).is_some_and(|(_, found)| is_mild(found));
        let snapshots = is_true(included.get(member::Snapshots));
        if let (Some(snapshots), None) = (snapshots, is_true(included.get(member::Amis)))
            && cx.is_request()
            && !is_mild
        {
            cx.report(included, "`snapshots` are included without `amis`").at(snapshots.key_span());
        }
    }),
};

static INCLUDE_TYPE: Check = Check {
    rule: &Rule {
        name: "lifecycle-include-type",
        summary: "a policy includes resources of its own type",
        why: "Images of type AMI have AMIs and snapshots, container images have containers.",
        help: "leave out what the policy's resources do not have",
        source: &[
            "service model: LifecyclePolicyDetailAction.includeResources",
            "https://github.com/aws/aws-cdk/blob/main/packages/%40aws-cdk/aws-imagebuilder-alpha/lib/lifecycle-policy.ts",
        ],
        outranks: &[INCLUDE_ACTION.rule],
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        let (Some(included), Some((kind, found))) = (included(detail), resource_type(cx)) else {
            return;
        };
        let wrong = match found {
            AMIS => [is_true(included.get(member::Containers)), None],
            CONTAINERS => [is_true(included.get(member::Amis)), is_true(included.get(member::Snapshots))],
            _ => return,
        };
        let wrong = if cx.is_request() { wrong } else { [None, None] };
        for node in wrong.into_iter().flatten() {
            let message = format!("`{}` are included in a policy of `{found}`", node.member());
            cx.report(node, message).at(node.key_span()).label(kind.span(), "the type");
        }
    }),
};

static EXCLUSION_TYPE: Check = Check {
    rule: &Rule {
        name: "lifecycle-exclusion-type",
        summary: "a policy of container images has no exclusion rules for AMIs",
        why: "`exclusionRules.amis` looks at the properties of AMIs, which container images lack.",
        help: "leave `amis` out of `exclusionRules`",
        source: &[
            GUIDE,
            "https://github.com/aws/aws-cdk/blob/main/packages/%40aws-cdk/aws-imagebuilder-alpha/lib/lifecycle-policy.ts",
        ],
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        let amis = detail.get(member::ExclusionRules).and_then(|rules| rules.get(member::Amis));
        if let (Some(amis), Some((kind, CONTAINERS))) = (amis, resource_type(cx))
            && cx.is_request()
        {
            let message = "`exclusionRules` has `amis` in a policy of container images";
            cx.report(amis, message).at(amis.key_span()).label(kind.span(), "container images");
        }
    }),
};

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
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        if let Some((filter, "AGE")) = filter(detail)
            && cx.is_request()
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
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        let Some((filter, "COUNT")) = filter(detail) else {
            return;
        };
        // What outranks it is about the same filter.
        let is_other_action = action_type(detail).is_some_and(|(_, action)| action != DELETE);
        for node in [filter.get(member::Unit), filter.get(member::RetainAtLeast)].into_iter().flatten() {
            if cx.is_request() && !is_other_action {
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
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        if let (Some((filter, "COUNT")), Some((action, found))) = (filter(detail), action_type(detail))
            && cx.is_request()
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
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        let Some((filter, "AGE")) = filter(detail) else {
            return;
        };
        if let (Some(retain), Some((action, found))) = (filter.get(member::RetainAtLeast), action_type(detail))
            && cx.is_request()
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
        if !cx.is_request() {
            return;
        }
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

static DELETE_ORPHANS: Check = Check {
    rule: &Rule {
        name: "lifecycle-delete-orphans",
        level: Level::Info,
        summary: "a deletion includes what the image put out",
        why: "Without included resources only the image resource goes. The AMIs or container images stay, and are paid \
              for.",
        help: "include `amis` and `snapshots`, or `containers`",
        source: &["service model: LifecyclePolicyDetailAction.type"],
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        let (Some((action, DELETE)), Some(holder)) = (action_type(detail), detail.get(member::Action)) else {
            return;
        };
        let included = included(detail);
        let includes = included.is_some_and(|included| {
            is_true(included.get(member::Amis)).is_some() || is_true(included.get(member::Containers)).is_some()
        });
        if cx.is_request() && !includes {
            let subject = included.map_or(holder.any(), Node::any);
            let message = "`DELETE` includes neither AMIs nor containers; only the image resource goes";
            cx.report(subject, message).at(action.span());
        }
    }),
};

static ROLE_SERVICE_LINKED: Check = Check {
    rule: &Rule {
        name: "lifecycle-role-service-linked",
        summary: "a lifecycle policy acts with a role of yours",
        why: "The service-linked role of Image Builder is for builds; lifecycle policies take a role that trusts Image \
              Builder and may change images.",
        help: "name a role with the policy EC2ImageBuilderLifecycleExecutionPolicy",
        source: &[GUIDE],
        ..Rule::BASE
    },
    on: &Each::<Policy>(|policy, cx| {
        let Some((node, text)) = policy.get_with_text(member::ExecutionRole) else {
            return;
        };
        let name = Arn::parse(text).map_or(text, |arn| arn.resource);
        if name.contains("AWSServiceRoleForImageBuilder") || name.contains("aws-service-role/") {
            cx.report(node, format!("`executionRole` is the service-linked role `{}`", quoted(name)));
        }
    }),
};

/// Whether a version selects all that another one does.
fn covers(one: Version<'_>, other: Version<'_>) -> bool {
    let mut others = other.number_nodes();
    one.number_nodes().all(|(text, node)| {
        let found = others.next();
        node == VersionNode::Wildcard || found.is_some_and(|(other, _)| other == text)
    })
}

static RECIPE_DUPLICATE: Check = Check {
    rule: &Rule {
        name: "lifecycle-recipe-duplicate",
        level: Level::Warning,
        summary: "a policy selects a version of a recipe once",
        why: "A version that is listed twice, or that a wildcard beside it covers, adds nothing.",
        help: "drop the one that the other covers",
        source: &["derived: a wildcard selects every version that it stands for"],
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyResourceSelection>(|selection, cx| {
        if !cx.is_request() {
            return;
        }
        let items = selection.get(member::Recipes).into_iter().flat_map(Node::items);
        let recipes: Vec<_> = items
            .filter_map(|recipe| {
                let (version, text) = recipe.get_with_text(member::SemanticVersion)?;
                Some((recipe.get_text(member::Name)?, Version::parse(text), version))
            })
            .collect();
        for (at, (name, version, node)) in recipes.iter().enumerate() {
            let covering = recipes.iter().enumerate().find(|(other_at, (other, wider, _))| {
                let is_same = wider.text == version.text;
                *other_at != at && other == name && covers(*wider, *version) && (!is_same || *other_at < at)
            });
            if let Some((_, (_, wider, other))) = covering {
                let message = format!(
                    "version `{}` of `{}` is covered by `{}`",
                    quoted(version.text),
                    quoted(name),
                    quoted(wider.text)
                );
                cx.report(*node, message).label(other.span(), "covers it");
            }
        }
    }),
};
