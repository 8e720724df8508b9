//! Resource policies: JSON inside a string, and what it allows on what.

use std::ops::Range;

use jsonc_parser::ast::{Object, StringLit};
use jsonc_parser::common::Ranged;

use crate::document::secret::quoted;
use crate::document::{Document, Value, name_of, type_name};
use crate::finding::{Finding, Level};
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::context::Context;
use crate::rule::node::Node;

pub(super) static RULES: &[&Rule] = &[&POLICY_JSON, &POLICY_RESOURCE];

static POLICY_JSON: Rule = Rule {
    name: "policy-json",
    on: &[Shape::ResourcePolicyDocument],
    summary: "a policy is a JSON object",
    why: "The response carries the policy as a string. Whoever reads the response must be able to read that string \
          as JSON; a resource without a policy answers with an empty object.",
    help: "the string holds one JSON object whose quotes are escaped once",
    source: &[
        "service model: GetImagePolicyResponse.policy",
        "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_GetImagePolicy.html",
    ],
    outranks: &["string-length"],
    check: |policy, cx| {
        let Some(text) = policy.text() else {
            return;
        };
        let inner = Document::parse(text);
        if let Some(fault) = syntax_fault(&inner) {
            let place = policy.part(fault.primary.span.range());
            cx.report(policy, format!("the policy is not JSON: {}", fault.message)).at(place);
        } else if let Some(other) = inner.root.as_ref().filter(|root| root.as_object().is_none()) {
            let finding = cx.report(policy, format!("the policy is {}; an object was expected", type_name(other)));
            if other.as_string_lit().is_some() {
                finding.help("the policy was made a string twice; undo it once");
            }
        } else {
            // What is left are keys that stand twice, under the name of their own rule.
            inner.faults.iter().for_each(|fault| cx.adopt(policy, &inner, fault.clone()));
        }
    },
    ..Rule::BASE
};

fn syntax_fault<'i>(inner: &'i Document<'_>) -> Option<&'i Finding> {
    inner.faults.iter().find(|fault| fault.rule == "syntax")
}

static POLICY_RESOURCE: Rule = Rule {
    name: "policy-resource",
    level: Level::Warning,
    on: &[Shape::ResourcePolicyDocument],
    summary: "a policy grants actions of Image Builder on a resource that can be shared",
    why: "The policy of an image, a recipe or a component shares that resource: it says with whom, and allows \
          actions of Image Builder on it. One that grants something else belongs to another service, or grants \
          nothing.",
    help: "name the principal, actions such as `imagebuilder:GetImage`, and the ARN of the resource that is shared",
    source: &[
        "https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-shared-resources-share.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html",
    ],
    check: |node, cx| {
        let Some(text) = node.text() else {
            return;
        };
        let inner = Document::parse(text);
        let root = inner.root.as_ref().filter(|_| syntax_fault(&inner).is_none());
        let Some(policy) = root.and_then(Value::as_object) else {
            return;
        };
        let held = Held { holder: node, policy: &inner };
        let version = element(policy, "Version").and_then(Value::as_string_lit);
        if let Some(version) = version.filter(|version| version.value != "2012-10-17") {
            let message = format!("policy version `{}`; `2012-10-17` was expected", quoted(&version.value));
            held.report(cx, version.start()..version.end(), message);
        }
        let statements = || one_or_more(element(policy, "Statement")).iter().filter_map(Value::as_object);
        for statement in statements() {
            check_principal(held, cx, statement);
            check_actions(held, cx, statement);
        }
        check_resources(held, cx, statements().filter(|statement| grants(statement)));
    },
    ..Rule::BASE
};

/// A policy and the string that holds it.
#[derive(Clone, Copy)]
struct Held<'d, 'i> {
    holder: Node<'d>,
    policy: &'i Document<'i>,
}

impl Held<'_, '_> {
    /// Reports a fault of the policy at a part of its text.
    fn report<'c>(self, cx: &'c mut Context<'_>, part: Range<usize>, message: impl Into<String>) -> &'c mut Finding {
        let pointer = self.policy.pointer(part.clone().into());
        let finding = cx.report_at(self.holder.span(), message);
        finding.at(self.holder.part(part)).inside(pointer)
    }
}

/// An element of a policy; IAM takes their names in any case.
fn element<'v, 't>(object: &'v Object<'t>, name: &str) -> Option<&'v Value<'t>> {
    let property = object.properties.iter().find(|property| name_of(property).eq_ignore_ascii_case(name))?;
    Some(&property.value)
}

/// The values of an element that holds one value or a list of them.
fn one_or_more<'v, 't>(element: Option<&'v Value<'t>>) -> &'v [Value<'t>] {
    match element {
        Some(Value::Array(array)) => &array.elements,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
}

fn texts<'v, 't>(statement: &'v Object<'t>, name: &str) -> impl Iterator<Item = &'v StringLit<'t>> {
    one_or_more(element(statement, name)).iter().filter_map(Value::as_string_lit)
}

/// Whether a statement allows something; what is denied may be anything.
fn grants(statement: &Object<'_>) -> bool {
    texts(statement, "Effect").any(|effect| effect.value == "Allow")
}

fn check_principal(policy: Held<'_, '_>, cx: &mut Context<'_>, statement: &Object<'_>) {
    let names_one = ["Principal", "NotPrincipal"].into_iter().any(|name| element(statement, name).is_some());
    if !names_one {
        let start = statement.start();
        let message = "a statement has no `Principal`; a resource policy says whom it is for";
        policy.report(cx, start..start + 1, message).says("this statement");
    }
}

fn check_actions(policy: Held<'_, '_>, cx: &mut Context<'_>, statement: &Object<'_>) {
    const PREFIX: &str = "imagebuilder:";
    let is_own = |action: &str| action.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
    for action in texts(statement, "Action").filter(|action| grants(statement) && !is_own(&action.value)) {
        let message = format!("action `{}`; one that starts with `{PREFIX}` was expected", quoted(&action.value));
        policy.report(cx, action.start()..action.end(), message);
    }
}

/// Reports statements none of which names a resource that can be shared.
fn check_resources<'v, 't: 'v>(
    policy: Held<'_, '_>,
    cx: &mut Context<'_>,
    mut statements: impl Iterator<Item = &'v Object<'t>>,
) {
    let mut first = None;
    let shared = statements.any(|statement| {
        first = first.or_else(|| texts(statement, "Resource").next());
        element(statement, "NotResource").is_some()
            || texts(statement, "Resource").any(|resource| can_be_shared(&resource.value))
    });
    if let Some(resource) = first.filter(|_| !shared) {
        let message = format!(
            "the policy names `{}` and no image, recipe, component or workflow of Image Builder",
            quoted(&resource.value)
        );
        policy.report(cx, resource.start()..resource.end(), message);
    }
}

/// Whether a text is the ARN, or the pattern of ARNs, of a resource that can have a policy.
fn can_be_shared(text: &str) -> bool {
    const KINDS: [&str; 5] = ["image", "image-recipe", "container-recipe", "component", "workflow"];
    let mut segments = text.splitn(6, ':');
    let is_own = segments.next() == Some("arn") && segments.nth(1) == Some("imagebuilder");
    let kind = segments.nth(2).and_then(|resource| resource.split('/').next());
    // A pattern may end in `*` before its last segment.
    is_own && kind.map_or(text.ends_with('*'), |kind| KINDS.contains(&kind) || kind.contains(['*', '?']))
}
