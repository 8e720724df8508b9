//! Notes what is newer than the model that the settings ask for.

use jsonc_parser::ast::ObjectProp;

use crate::document::key_of;
use crate::finding::{Level, Span};
use crate::lint::structure::{opening, speak};
use crate::model::release::{ModelVersion, Release};
use crate::model::shape::Shape;
use crate::rule::context::Context;
use crate::rule::node::Node;
use crate::rules::structure::{ENUM_VALUE, UNKNOWN_MEMBER};

/// Notes a payload of a shape that the model asked for lacks, and nothing more of what is in it.
pub(crate) fn newer_payload<'d>(node: Node<'d>, context: &mut Context<'d>) {
    let Some(model) = context.model() else { return };
    if let Some(release) = node.exact_shape().newer_than(model) {
        speak(&UNKNOWN_MEMBER, context);
        let finding = context.report(node, newer(node.exact_shape().name(), model, release));
        finding.at(opening(node)).says("this document").help(NEWER);
        context.set_model(None);
    }
}

/// Notes a member that the model asked for lacks, and nothing more of what is in it.
#[inline]
pub(crate) fn newer_member<'d>(node: Node<'d>, property: &'d ObjectProp<'d>, name: &str, context: &mut Context<'d>) {
    let Some(model) = context.model() else { return };
    if let Some(release) = node.exact_shape().added_after(model, name) {
        speak(&UNKNOWN_MEMBER, context);
        context.report_at(key_of(property).range.into(), newer(name, model, release)).help(NEWER);
        context.set_model(None);
    }
}

/// Notes an enum value that the model asked for lacks.
pub(super) fn newer_value(shape: Shape, text: &str, span: Span, context: &mut Context<'_>) {
    let Some(model) = context.model() else { return };
    if let Some(release) = shape.added_after(model, text) {
        speak(&ENUM_VALUE, context);
        context.report_at(span, newer(text, model, release)).level(Level::Info).help(NEWER);
    }
}

/// What to do about it.
const NEWER: &str = "readers as old as the `model` of the settings do not know it; raise `model` once they are newer";

fn newer(name: &str, model: ModelVersion, release: &Release) -> String {
    format!("`{name}` is not in the model of botocore {model}; it was added in {release}")
}
