//! The rules of a lifecycle policy.

use crate::model::typed::shapes::LifecyclePolicyDetail;
use crate::rule::prelude::*;

pub(crate) const DELETE: &str = "DELETE";

/// The type of a rule's action.
pub(crate) fn action_type(detail: Node<'_, LifecyclePolicyDetail>) -> Option<(Node<'_>, &str)> {
    detail.get(member::Action)?.get_with_text(member::Type)
}

/// Whether an action is one that is documented and no deletion.
pub(crate) fn is_mild(action: &str) -> bool {
    matches!(action, "DEPRECATE" | "DISABLE")
}
