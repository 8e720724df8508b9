//! The stages that workflows run in, and their executions.

use crate::rule::prelude::*;

/// The types of workflows in ARNs, in the order in which their stages run.
pub(crate) const STAGES: [&str; 3] = ["workflow/build", "workflow/test", "workflow/distribution"];

/// The stage in the type of a workflow: `build` for `workflow/build`.
pub(crate) fn stage(kind: &str) -> &str {
    kind.strip_prefix("workflow/").unwrap_or(kind)
}

/// Whether an execution was retried, so that another run replaces it.
pub(crate) fn was_retried<S: Has<member::Retried, Value = Any>>(execution: Node<'_, S>) -> bool {
    execution.get(member::Retried).and_then(Node::boolean) == Some(true)
}
