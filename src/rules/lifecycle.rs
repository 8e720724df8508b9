//! Lifecycle policies as they are asked for: what they select, and what each rule of them does with it.

use crate::aws::arn::Arn;
use crate::aws::version::{Version, VersionNode};
use crate::model::typed::shapes::{
    CreateLifecyclePolicyRequest, LifecyclePolicyDetail, LifecyclePolicyDetailActionIncludeResources,
    LifecyclePolicyDetails, LifecyclePolicyResourceSelection, UpdateLifecyclePolicyRequest,
};
use crate::rule::prelude::*;
use crate::rules::view::lifecycle::{DELETE, action_type, is_mild};
use crate::rules::view::repeat::repeats;

pub(super) static RULES: &[&Check] = &[
    &SELECTION_EXCLUSIVE,
    &ACTION_DUPLICATE,
    &CONTAINER_ACTION,
    &INCLUDE_ACTION,
    &INCLUDE_SNAPSHOTS,
    &INCLUDE_TYPE,
    &EXCLUSION_TYPE,
    &DELETE_ORPHANS,
    &ROLE_SERVICE_LINKED,
    &RECIPE_DUPLICATE,
];

const GUIDE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/create-lifecycle-policies.html";

/// The requests that define a policy.
type Policy = (CreateLifecyclePolicyRequest, UpdateLifecyclePolicyRequest);

const AMIS: &str = "AMI_IMAGE";
const CONTAINERS: &str = "CONTAINER_IMAGE";

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
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyResourceSelection>(|selection, cx| {
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
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetails>(|details, cx| {
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
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        if let (Some((action, found)), Some((kind, CONTAINERS))) = (action_type(detail), resource_type(cx))
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
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        let (Some((action, found)), Some(included)) = (action_type(detail), included(detail)) else {
            return;
        };
        if !is_mild(found) {
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
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        let Some(included) = included(detail) else {
            return;
        };
        let is_mild = action_type(detail).is_some_and(|(_, found)| is_mild(found));
        let snapshots = is_true(included.get(member::Snapshots));
        if let (Some(snapshots), None) = (snapshots, is_true(included.get(member::Amis)))
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
        sides: Sides::Requests,
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
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyDetail>(|detail, cx| {
        let amis = detail.get(member::ExclusionRules).and_then(|rules| rules.get(member::Amis));
        if let (Some(amis), Some((kind, CONTAINERS))) = (amis, resource_type(cx)) {
            let message = "`exclusionRules` has `amis` in a policy of container images";
            cx.report(amis, message).at(amis.key_span()).label(kind.span(), "container images");
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
        sides: Sides::Requests,
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
        if !includes {
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
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<LifecyclePolicyResourceSelection>(|selection, cx| {
        let items = selection.items_of(member::Recipes);
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
