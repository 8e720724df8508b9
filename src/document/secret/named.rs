//! Values of what is named like a secret: members such as `dbPassword`, and what stands beside such a name in a
//! parameter, a tag or a header.

use crate::document::{Content, Member, Value};
use crate::model::shape::Shape;
use crate::text::secret::{Secret, Sort, is_placeholder, is_plain_secret, names_secret};
use crate::text::span::Span;

/// The secret values in a tree.
pub(super) fn values(root: Value<'_>) -> Vec<Secret> {
    let mut found = Vec::new();
    find(root, false, &mut found);
    found
}

/// Finds the secret values in a tree. `is_parameter` says that it is a parameter of a component, or a list of them.
fn find(value: Value<'_>, is_parameter: bool, found: &mut Vec<Secret>) {
    match value.content() {
        Content::Object => {
            let is_component = value.members().any(|member| is(Shape::ComponentConfiguration, member, "componentArn"));
            let mut name = None;
            let mut values = Vec::new();
            let mut is_list = false;
            for member in value.members() {
                if names_secret(member.name()) {
                    let mut values = Vec::new();
                    texts(member.value(), &mut values);
                    add(member.name(), values, false, found);
                }
                if is_name(member) {
                    name = name.or_else(|| member.value().text().filter(|text| names_secret(text)));
                } else if is_value(member) {
                    is_list = member.value().is_array();
                    texts(member.value(), &mut values);
                }
                let is_parameter = is_component && is(Shape::ComponentConfiguration, member, "parameters");
                find(member.value(), is_parameter, found);
            }
            if let Some(name) = name {
                // `component-parameter-secret` reports those.
                add(name, values, is_parameter && is_list, found);
            }
        }
        Content::Array => value.items().for_each(|item| find(item, is_parameter, found)),
        _ => {}
    }
}

/// Adds the values of one name, if any of them is a secret: the others may be parts of it. The first one is evident.
fn add(name: &str, values: Vec<(&str, Span)>, is_reported: bool, found: &mut Vec<Secret>) {
    if values.iter().all(|(text, _)| is_placeholder(text)) {
        return;
    }
    let is_credential = |text: &str| is_plain_secret(text) && !text.contains("EXAMPLE");
    let evident = values.iter().position(|(text, _)| is_credential(text)).filter(|_| !is_reported);
    found.extend(values.into_iter().enumerate().map(|(index, (_, span))| {
        let is_evident = evident == Some(index);
        Secret { span, sort: Sort::Named(name.to_owned()), is_evident }
    }));
}

/// Whether a key means a member of a shape, even if it is misspelt.
fn is(shape: Shape, written: Member<'_>, name: &str) -> bool {
    // To find what a name is near to takes long.
    let first = |name: &str| name.bytes().next().map(|byte| byte.to_ascii_lowercase());
    let may_be = |written: &str| written.len().abs_diff(name.len()) <= 2 && first(written) == first(name);
    let near = || may_be(written.name()).then(|| shape.near_member(written.name())).flatten();
    let member = shape.member(written.name()).or_else(near);
    member.is_some_and(|member| member.name == name)
}

/// Whether a member has the name of a parameter, a tag or a header.
fn is_name(member: Member<'_>) -> bool {
    const NAMES: [&str; 3] = ["key", "parametername", "parameterkey"];
    NAMES.iter().any(|name| name.eq_ignore_ascii_case(member.name())) || is(Shape::ComponentParameter, member, "name")
}

/// Whether a member has the value of a parameter, a tag or a header.
fn is_value(member: Member<'_>) -> bool {
    const NAMES: [&str; 3] = ["values", "parametervalue", "parametervalues"];
    NAMES.iter().any(|name| name.eq_ignore_ascii_case(member.name())) || is(Shape::ComponentParameter, member, "value")
}

/// Finds the strings and numbers in a value, of whatever type, with their spans.
fn texts<'d>(value: Value<'d>, found: &mut Vec<(&'d str, Span)>) {
    let span = value.span();
    match value.content() {
        Content::String(text) => found.push((text, Span::new(span.start + 1, span.end - 1))),
        Content::Number(number) => found.push((number, span)),
        Content::Array => value.items().for_each(|item| texts(item, found)),
        Content::Object => value.members().for_each(|member| texts(member.value(), found)),
        _ => {}
    }
}
