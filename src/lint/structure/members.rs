//! Checks the members of structures: those that must be there, and those whose keys are not the shape's.

use crate::document::Member;
use crate::document::secret::quoted;
use crate::finding::fix::Fix;
use crate::lint::structure::{Structure, dump};
use crate::rule::{Entry, Stranger};
use crate::rules::structure::{MEMBER_NAME_CASE, REQUIRED_MEMBER, UNKNOWN_MEMBER};

/// Checks that a structure has what it must have; a misspelt member stands for the one it means.
pub(super) fn required(structure: &mut Structure<'_, '_, '_>, entry: &Entry<'_>, required: &[&'static str]) {
    let Entry { value, shape, .. } = *entry;
    for name in required {
        let means = |member: Member<'_>| {
            shape.member(member.name()).is_none()
                && shape.near_member(member.name()).is_some_and(|near| near.name == *name)
        };
        if value.member(name).is_none() && !value.members().any(means) {
            let message = format!("{} lacks its required member `{name}`", shape.base().name());
            let fault = structure.report(&REQUIRED_MEMBER, value.span(), message);
            fault.at(value.opening()).says(format!("no `{name}` in this object"));
        }
    }
}

/// A key in another style of names, and the member that it means.
pub(super) type Recased<'d> = (Member<'d>, &'static str);

/// Reports the keys that are no member: as misspelt where it is known which member they mean. What a client
/// wrote in a style of its own is reported once.
pub(super) fn strangers<'d>(structure: &mut Structure<'_, 'd, '_>) {
    let tree = structure.tree;
    let mut recased: Vec<Recased<'d>> = Vec::new();
    for stranger in tree.strangers() {
        let Stranger { holder, written, near, .. } = *stranger;
        let shape = tree.entry(holder).shape;
        match near {
            None => {
                let (name, model) = (shape.base().name(), shape.model());
                let message = format!("`{}` is not a member of {name} in {model}", quoted(written.name()));
                structure.report(&UNKNOWN_MEMBER, written.key_span(), message);
            }
            Some(near) => {
                let is_alone = is_alone(tree.entry(holder), stranger, near.name);
                if is_alone && dump::is_recased(written.name(), near.name) {
                    recased.push((written, near.name));
                } else {
                    misspelt(structure, written, near.name, is_alone);
                }
            }
        }
    }
    dump::report(structure, recased);
}

/// Whether no other member of a structure is or means the same: of two misspelt ones neither can be told to
/// be the member.
fn is_alone(holder: &Entry<'_>, stranger: &Stranger<'_>, name: &str) -> bool {
    // No structure has so many members; to compare all keys with all would take long.
    const MANY: usize = 200;
    let means = |member: &Member<'_>| holder.shape.near_member(member.name()).is_some_and(|near| near.name == name);
    !stranger.is_taken && holder.value.len() < MANY && holder.value.members().filter(means).count() == 1
}

/// Reports a misspelt key.
pub(super) fn misspelt(structure: &mut Structure<'_, '_, '_>, written: Member<'_>, name: &'static str, is_alone: bool) {
    let rename = || Fix::safe(format!("rename it to `{name}`"), written.key_span(), format!("\"{name}\""));
    let message = format!("unknown member `{}`; did you mean `{name}`?", quoted(written.name()));
    structure.report(&MEMBER_NAME_CASE, written.key_span(), message).fix(is_alone.then(rename));
}
