//! Definitions of state machines of AWS Step Functions: the requests that their tasks send to Image Builder.

use crate::document::{Member, Value};

/// The most states that lie in one another; a definition has few.
const DEEPEST: usize = 32;

/// A task that calls an operation of Image Builder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'d> {
    /// The operation, as `CreateImage` but for the case of the first letter.
    pub(super) operation: &'d str,
    /// What is sent, unless an expression makes all of it.
    pub(super) request: Option<Value<'d>>,
}

/// Whether an object is a definition with tasks of Image Builder.
pub(super) fn has_tasks(definition: Value<'_>) -> bool {
    definition.member("StartAt").is_some() && !tasks(definition).is_empty()
}

/// The tasks of a definition that call Image Builder, in the order of the text.
pub(super) fn tasks(definition: Value<'_>) -> Vec<Task<'_>> {
    let mut tasks = Vec::new();
    collect(definition, DEEPEST, &mut tasks);
    tasks
}

/// Collects the tasks of a state machine, and of those inside its states: the branches of `Parallel`, the processor
/// of `Map`.
fn collect<'d>(machine: Value<'d>, depth: usize, tasks: &mut Vec<Task<'d>>) {
    let member = |value: Value<'d>, name: &str| value.member(name).map(Member::value);
    let Some(states) = member(machine, "States").filter(|_| depth > 0) else { return };
    for state in states.members().map(Member::value) {
        tasks.extend(member(state, "Resource").and_then(Value::text).and_then(operation).map(|operation| {
            let request = ["Parameters", "Arguments"].iter().find_map(|name| member(state, name));
            Task { operation, request: request.filter(|request| request.is_object()) }
        }));
        for inner in ["Iterator", "ItemProcessor"].iter().filter_map(|name| member(state, name)) {
            collect(inner, depth - 1, tasks);
        }
        for branch in member(state, "Branches").into_iter().flat_map(Value::items) {
            collect(branch, depth - 1, tasks);
        }
    }
}

/// The operation of Image Builder that the resource of a task names, as in
/// `arn:aws:states:::aws-sdk:imagebuilder:createImage`.
fn operation(resource: &str) -> Option<&str> {
    let (partition, integration) = resource.strip_prefix("arn:")?.split_once(":states:::")?;
    let operation = integration.strip_prefix("aws-sdk:imagebuilder:")?;
    let operation = operation.strip_suffix(".waitForTaskToken").unwrap_or(operation);
    (!partition.contains(':') && !operation.is_empty()).then_some(operation)
}

/// The name of a member without the ending that says that its value is a path or an expression.
pub(crate) fn without_path(name: &str) -> &str {
    name.strip_suffix(".$").unwrap_or(name)
}

/// Whether a text is a path into the input, a variable, a call of an intrinsic function or an expression of JSONata.
pub(crate) fn is_expression(text: &str) -> bool {
    let is_call = || text.starts_with("States.") && text.ends_with(')');
    text.starts_with('$') || (text.starts_with("{%") && text.ends_with("%}")) || is_call()
}
