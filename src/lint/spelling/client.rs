//! Which client wrote a document, as its spelling shows, and what is said of that.

use crate::document::secret::quoted;
use crate::document::{Member, Value};
use crate::finding::fault::Fault;
use crate::finding::fix::{Edit, Fix};
use crate::lint::spelling::rewrite::Rewrite;
use crate::lint::spelling::style::{Names, Style};
use crate::recognise::payload::Carrier;
use crate::recognise::state_machine::without_path;
use crate::rule::Tree;
use crate::rules::structure::{MEMBER_NAME_CASE, SDK_DUMP, SDK_DUMP_CUT};
use crate::text::quote::counted;
use crate::text::span::Span;

/// The client that wrote a document in that style, for a message.
fn client(trees: &[&Tree<'_>], style: Style, added: Option<&str>) -> &'static str {
    let has_python_client = trees.iter().any(|tree| tree.kind().has_python_client);
    match (style.names, added) {
        (_, Some("$metadata")) => "the SDK for JavaScript",
        (_, Some("@metadata")) => "the SDK for PHP",
        (_, Some("ResultMetadata")) => "the SDK for Go",
        (_, Some(_)) => "PowerShell or the SDK for .NET",
        _ if style.is_wrapped => "PowerShell or the SDK for .NET",
        (Names::Snake, None) if has_python_client => "ParallelCluster's Python client",
        (Names::Snake, None) => "the SDK for Ruby, or a table,",
        _ => "Step Functions, PowerShell or an SDK, such as Go's,",
    }
}

/// The faults of a spelling.
pub(super) fn faults(trees: &[&Tree<'_>], style: Style, rewrite: &Rewrite<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    if trees.iter().any(|tree| tree.carrier() == Carrier::StateMachine) {
        faults.extend(rewrite.strays.iter().map(|stray| of_task(style, *stray)));
        return faults;
    }
    if let Some(request) = trees.iter().find(|tree| tree.is_strict()) {
        faults.extend(
            place(rewrite).filter(|_| !style.is_plain()).map(|place| of_request(request, style, rewrite, place)),
        );
        return faults;
    }
    if let Some(place) = place(rewrite).filter(|_| !style.is_plain()) {
        let added = rewrite.added.map(Member::name);
        let mut signs = Vec::new();
        if let Some((written, name)) = &rewrite.renamed {
            signs.push(format!(
                "names are in {}, `{}` is `{name}` in the API",
                style.names.name(),
                quoted(written.name())
            ));
        }
        if style.is_wrapped {
            signs.push("enum values are objects with a `Value`".to_owned());
        }
        if let Some(added) = added {
            signs.push(format!("`{}` is no part of the response", quoted(added)));
        }
        let message = format!("{} wrote this capture: {}", client(trees, style, added), signs.join("; "));
        let mut fault = Fault::new(&SDK_DUMP, place, message);
        let edits: Vec<Edit> = rewrite.edits.clone();
        let fix = Fix { edits, ..Fix::risky("rewrite it in the API's spelling", place, "") };
        fault.fix(Some(fix).filter(|fix| !fix.edits.is_empty()));
        faults.push(fault);
    }
    faults.extend(rewrite.strays.iter().map(|stray| {
        let expected = style.names.written(stray.name());
        let message = format!(
            "`{}` is in camelCase, while the other members of its document are in {}; `{expected}` was expected",
            quoted(stray.name()),
            style.names.name()
        );
        let mut fault = Fault::new(&MEMBER_NAME_CASE, stray.key_span(), message);
        fault.fix(Fix::safe(format!("rename it to `{expected}`"), stray.key_span(), format!("\"{expected}\"")));
        fault
    }));
    faults.extend(cut(rewrite));
    faults
}

/// The fault of a name that a task of a state machine has in the API's spelling.
fn of_task(style: Style, stray: Member<'_>) -> Fault {
    let name = without_path(stray.name());
    let expected = format!("{}{}", style.names.written(name), &stray.name()[name.len()..]);
    let message =
        format!("`{}` is in camelCase, which Step Functions refuses; `{expected}` was expected", quoted(stray.name()));
    let mut fault = Fault::new(&MEMBER_NAME_CASE, stray.key_span(), message);
    fault.fix(Fix::safe(format!("rename it to `{expected}`"), stray.key_span(), format!("\"{expected}\"")));
    fault
}

/// The fault of a request in another spelling, which clients refuse.
fn of_request(request: &Tree<'_>, style: Style, rewrite: &Rewrite<'_>, place: Span) -> Fault {
    let (kind, style) = (request.kind().name, style.names.name());
    let message = match &rewrite.renamed {
        Some((written, name)) => format!(
            "the names of this {kind} are in {style}, which clients refuse; `{}` is `{name}` there",
            quoted(written.name())
        ),
        None => format!("this {kind} is not in the spelling that clients take"),
    };
    let mut fault = Fault::new(&MEMBER_NAME_CASE, place, message);
    let fix = Fix { edits: rewrite.edits.clone(), ..Fix::risky("rewrite it in the API's spelling", place, "") };
    fault.fix(Some(fix).filter(|fix| !fix.edits.is_empty()));
    fault
}

/// Where a spelling first shows.
fn place(rewrite: &Rewrite<'_>) -> Option<Span> {
    let renamed = rewrite.renamed.as_ref().map(|(written, _)| written.key_span());
    let wrapped = rewrite.wrapped.map(Value::span);
    renamed.or(wrapped).or(rewrite.added.map(Member::key_span))
}

/// The fault of all values that names of types stand for.
fn cut(rewrite: &Rewrite<'_>) -> Option<Fault> {
    let (key, value) = rewrite.cut.first()?;
    let name = match key {
        Some(key) => format!("`{}`", quoted(key.name())),
        None => "the value".to_owned(),
    };
    // What `@{…}` holds may be a secret.
    let text = value.text().filter(|text| !text.starts_with('@')).unwrap_or("@{…}");
    let others = match rewrite.cut.len() - 1 {
        0 => String::new(),
        others => format!(", as in {}", counted(others, "other place")),
    };
    let message = format!("{name} is `{}`, which stands for a value too deep for what wrote it{others}", quoted(text));
    Some(Fault::new(&SDK_DUMP_CUT, value.span(), message))
}
