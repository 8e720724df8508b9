//! Checks the members of structures: that required ones are there, and that there are no unknown ones.

use crate::document::Member;
use crate::document::secret::quoted;
use crate::finding::fix::Fix;
use crate::lint::structure::{Structure, request};
use crate::recognise::payload::Carrier;
use crate::rule::{Entry, UnknownMember};
use crate::rules::structure::{MEMBER_NAME_CASE, REQUIRED_MEMBER, UNKNOWN_MEMBER};

/// Reports required members that are missing: of an empty object, all at once. A misspelt key counts as the member
/// that it means.
pub(super) fn required(
    structure: &mut Structure<'_, '_, '_>,
    index: u32,
    entry: &Entry<'_>,
    required: &[&'static str],
) {
    let Entry { value, shape, .. } = *entry;
    let tree = structure.tree;
    let is_there = |name: &&str| shape.member_index(name).is_some_and(|member| tree.member(index, member).is_some());
    // A record may lack what its call had: clients make no call without it.
    let is_of_record = index == 0 && tree.carrier() == Carrier::Record;
    if is_of_record || required.iter().all(is_there) {
        return;
    }
    if value.is_empty() && required.len() > 1 {
        let names: Vec<String> = required.iter().map(|name| format!("`{name}`")).collect();
        let message = format!("the empty {} lacks its required members {}", shape.base().name(), names.join(", "));
        structure.report(&REQUIRED_MEMBER, value.span(), message).at(value.opening());
        return;
    }
    for name in required {
        let means = |member: Member<'_>| {
            shape.member(member.name()).is_none()
                && shape.near_member(member.name()).is_some_and(|near| near.name == *name)
        };
        // What the response calls `version` is reported by `request-response-member`.
        if tree.is_request() && *name == "semanticVersion" && value.member("version").is_some() {
            continue;
        }
        if value.member(name).is_none() && !value.members().any(means) {
            let message = format!("required member `{name}` of {} is missing", shape.base().name());
            let fault = structure.report(&REQUIRED_MEMBER, value.span(), message);
            fault.at(value.opening()).says(format!("no `{name}` in this object"));
        }
    }
}

/// Reports unknown members: as misspelt if it is known which member they mean.
pub(super) fn unknown_members(structure: &mut Structure<'_, '_, '_>) {
    let tree = structure.tree;
    for unknown in tree.unknown_members() {
        let UnknownMember { holder, written, near, .. } = *unknown;
        let shape = tree.entry(holder).shape;
        if tree.is_strict() && request::report(structure, unknown) {
            continue;
        }
        match near {
            None => {
                let (name, model) = (shape.base().name(), shape.model());
                let message = format!("`{}` is not a member of {name} in {model}", quoted(written.name()));
                structure.report(&UNKNOWN_MEMBER, written.key_span(), message);
            }
            Some(near) => {
                let is_unambiguous = is_unambiguous(&tree.entry(holder), unknown, near.name);
                report_misspelt(structure, written, near.name, is_unambiguous);
            }
        }
    }
}

/// Whether no other member of a structure is or means the same member: only then is renaming it safe.
fn is_unambiguous(holder: &Entry<'_>, unknown: &UnknownMember<'_>, name: &str) -> bool {
    // No structure has so many members, and comparing every key with every other would take long.
    const MANY: usize = 200;
    let means = |member: &Member<'_>| holder.shape.near_member(member.name()).is_some_and(|near| near.name == name);
    !unknown.is_taken && holder.value.len() < MANY && holder.value.members().filter(means).count() == 1
}

/// Reports a misspelt key, with a fix if it is unambiguous.
fn report_misspelt(
    structure: &mut Structure<'_, '_, '_>,
    written: Member<'_>,
    name: &'static str,
    is_unambiguous: bool,
) {
    let rename = || Fix::safe(format!("rename it to `{name}`"), written.key_span(), format!("\"{name}\""));
    let message = format!("unknown member `{}`; did you mean `{name}`?", quoted(written.name()));
    structure.report(&MEMBER_NAME_CASE, written.key_span(), message).fix(is_unambiguous.then(rename));
}
