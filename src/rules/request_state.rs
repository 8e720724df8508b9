//! Requests that change the state of a resource, and what goes with the new state.

use crate::model::typed::shapes::StartResourceStateUpdateRequest;
use crate::rule::prelude::*;

pub(super) static RULES: &[&Check] =
    &[&STATE_UPDATE_ROLE, &STATE_UPDATE_DELETED, &STATE_UPDATE_INCLUDE, &STATE_UPDATE_TIME, &STATE_UPDATE_EXCLUSIONS];

/// The status that is asked for.
fn asked_for(update: Node<'_, StartResourceStateUpdateRequest>) -> Option<(Node<'_>, &str)> {
    update.get(member::State)?.get_with_text(member::Status)
}

static STATE_UPDATE_ROLE: Check = Check {
    rule: &Rule {
        name: "state-update-role",
        summary: "an execution role and included resources go together",
        why: "The role is for changes of what the image put out, and those are changed with a role only.",
        help: "add the one that is missing, or drop the other",
        source: &["service model: StartResourceStateUpdateRequest.executionRole"],
        ..Rule::BASE
    },
    on: &Each::<StartResourceStateUpdateRequest>(|update, cx| {
        let role = update.find(member::ExecutionRole).map(Node::any);
        let included = update.find(member::IncludeResources).map(Node::any);
        let (there, missing) = match (role, included) {
            (Some(role), None) => (role, "includeResources"),
            (None, Some(included)) => (included, "executionRole"),
            _ => return,
        };
        let message = format!("`{}` stands without `{missing}`; the two go together", there.member());
        cx.report(there, message).at(there.key_span());
    }),
};

static STATE_UPDATE_DELETED: Check = Check {
    rule: &Rule {
        name: "state-update-deleted",
        summary: "a deletion says which resources it includes",
        why: "An image is deleted in this way together with what it put out; to delete the image resource alone is \
              another operation.",
        help: "add `includeResources` and `executionRole`, or call DeleteImage",
        source: &["service model: StartResourceStateUpdateRequest.includeResources"],
        ..Rule::BASE
    },
    on: &Each::<StartResourceStateUpdateRequest>(|update, cx| {
        let included = update.get(member::IncludeResources);
        let includes = |name| name == Some(true);
        let any = included.is_some_and(|included| {
            [
                included.get(member::Amis).and_then(Node::boolean),
                included.get(member::Snapshots).and_then(Node::boolean),
                included.get(member::Containers).and_then(Node::boolean),
            ]
            .into_iter()
            .any(includes)
        });
        if let Some((status, "DELETED")) = asked_for(update).filter(|_| !any) {
            cx.report(status, "`status` is `DELETED`, and `includeResources` includes nothing");
        }
    }),
};

static STATE_UPDATE_INCLUDE: Check = Check {
    rule: &Rule {
        name: "state-update-include",
        summary: "snapshots and containers are included in deletions only",
        why: "AMIs can be deprecated and disabled. Snapshots and container images can be deleted, no more.",
        help: "leave it out, or ask for `DELETED`",
        source: &["service model: StartResourceStateUpdateRequest.includeResources"],
        ..Rule::BASE
    },
    on: &Each::<StartResourceStateUpdateRequest>(|update, cx| {
        let (Some(included), Some((status, found))) = (update.get(member::IncludeResources), asked_for(update)) else {
            return;
        };
        for node in [included.get(member::Snapshots), included.get(member::Containers)].into_iter().flatten() {
            if node.boolean() == Some(true) && ["AVAILABLE", "DEPRECATED", "DISABLED"].contains(&found) {
                let message = format!("`{}` are included although the state is `{found}`", node.member());
                cx.report(node, message).at(node.key_span()).label(status.span(), "no deletion");
            }
        }
    }),
};

static STATE_UPDATE_TIME: Check = Check {
    rule: &Rule {
        name: "state-update-time",
        summary: "only a deprecation takes place at a set time",
        why: "`updateAt` is the time of a deprecation. Other changes are made at once.",
        help: "leave `updateAt` out",
        source: &["service model: StartResourceStateUpdateRequest.updateAt"],
        ..Rule::BASE
    },
    on: &Each::<StartResourceStateUpdateRequest>(|update, cx| {
        let (Some(time), Some((status, found))) = (update.get(member::UpdateAt), asked_for(update)) else {
            return;
        };
        if ["AVAILABLE", "DELETED", "DISABLED"].contains(&found) {
            let message = format!("`updateAt` goes with `DEPRECATED`, not with `{found}`");
            cx.report(time, message).at(time.key_span()).label(status.span(), "the state");
        }
    }),
};

static STATE_UPDATE_EXCLUSIONS: Check = Check {
    rule: &Rule {
        name: "state-update-exclusions",
        level: Level::Warning,
        summary: "exclusion rules go with included AMIs",
        why: "The rules say which AMIs are left as they are. Where no AMIs are included they have no effect.",
        help: "set `amis` to true, or drop `exclusionRules`",
        source: &["service model: StartResourceStateUpdateRequest.exclusionRules"],
        ..Rule::BASE
    },
    on: &Each::<StartResourceStateUpdateRequest>(|update, cx| {
        let amis = update.get(member::IncludeResources).and_then(|included| included.get(member::Amis));
        if let Some(rules) = update.get(member::ExclusionRules)
            && amis.is_none_or(|amis| amis.boolean() == Some(false))
        {
            cx.report(rules, "`exclusionRules` have no effect: no AMIs are included").at(rules.key_span());
        }
    }),
};
