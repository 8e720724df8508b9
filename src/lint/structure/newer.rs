//! Reports what is newer than the service model that the setting `model` names.

use crate::finding::Level;
use crate::lint::structure::Structure;
use crate::model::release::{ModelVersion, Release};
use crate::model::shape::{Kind, Shape};
use crate::rules::structure::{ENUM_VALUE, UNKNOWN_MEMBER};
use crate::text::span::Span;

/// Reports what the model lacks: the shape of the payload, members, enum values. Inside a newer shape or member
/// nothing is reported again.
pub(super) fn note(structure: &mut Structure<'_, '_, '_>, model: ModelVersion) {
    let tree = structure.tree;
    let root = tree.entry(0);
    if let Some(release) = root.shape.newer_than(model) {
        let message = newer(root.shape.name(), model, release);
        let fault = structure.report(&UNKNOWN_MEMBER, root.value.span(), message);
        fault.at(root.value.opening()).says("this document").help(NEWER);
        return;
    }
    let mut skip_until = 0;
    for index in tree.indices() {
        if index < skip_until {
            continue;
        }
        let entry = tree.entry(index);
        let release = tree.entry(entry.parent).shape.added_after(model, entry.member);
        if let (Some(written), Some(release)) = (entry.written, release) {
            let message = newer(entry.member, model, release);
            structure.report(&UNKNOWN_MEMBER, written.key_span(), message).help(NEWER);
            skip_until = entry.end;
            continue;
        }
        if let Some(text) = entry.value.text() {
            value(structure, model, entry.shape, text, entry.value.span());
        }
        if let Kind::Map { key, .. } = entry.shape.kind() {
            entry.value.members().for_each(|member| value(structure, model, *key, member.name(), member.key_span()));
        }
    }
}

/// Reports an enum value that the model lacks.
fn value(structure: &mut Structure<'_, '_, '_>, model: ModelVersion, shape: Shape, text: &str, span: Span) {
    if let Some(release) = shape.added_after(model, text).filter(|_| shape.has_value(text)) {
        let fault = structure.report(&ENUM_VALUE, span, newer(text, model, release));
        fault.level(Level::Info).help(NEWER);
    }
}

/// The help of these findings.
const NEWER: &str = "readers as old as the `model` of the settings do not know it; raise `model` once they are newer";

fn newer(name: &str, model: ModelVersion, release: &Release) -> String {
    format!("`{name}` is not in the model of botocore {model}; it was added in {release}")
}
