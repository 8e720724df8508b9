//! Resource policies: JSON in a string, with the actions and the resources that it allows.

use crate::document::{Document, Member, SYNTAX, Value};
use crate::finding::fault::Fault;
use crate::model::typed::shapes::ResourcePolicyDocument;
use crate::rule::Parts;
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::text::span::Span;

pub(super) static RULES: &[&Check] = &[&POLICY_JSON, &POLICY_RESOURCE];

pub(super) static POLICY_JSON: Check = Check {
    rule: &Rule {
        name: "policy-json",
        summary: "a policy is a JSON object",
        why: "The response carries the policy as a string. Whoever reads the response must be able to read that string \
              as JSON; a resource without a policy answers with an empty object, in old captures with an empty text.",
        help: "the string holds one JSON object whose quotes are escaped once",
        source: &[
            "service model: GetImagePolicyResponse.policy",
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_GetImagePolicy.html",
        ],
        excuses: &[&structure::STRING_LENGTH],
        ..Rule::BASE
    },
    on: &Each::<ResourcePolicyDocument>(|policy, cx| {
        let Some(text) = policy.text() else {
            return;
        };
        // Of a request, `string-length` reports a text without a character.
        if text.trim().is_empty() && cx.is_request() {
            if !text.is_empty() {
                cx.report(policy, "the policy is blank; a JSON object was expected");
            }
            return;
        }
        if text.trim().is_empty() {
            cx.report(policy, "the policy is empty; a resource without one answers `{}`").level(Level::Info);
            return;
        }
        let inner = Document::parse(text);
        if let Some(fault) = syntax_fault(&inner) {
            let place = policy.part(fault.primary.span.range());
            cx.report(policy, format!("the policy is not JSON: {}", fault.message)).at(place);
        } else if let Some(other) = inner.root().filter(|root| !root.is_object()) {
            let message = format!("the policy is {}; an object was expected", other.type_name());
            let finding = cx.report(policy, message);
            if other.text().is_some() {
                finding.help("the policy was made a string twice; undo it once");
            }
        } else {
            // The remaining faults are duplicate keys, which are reported under their own rule.
            let literal = policy.literal();
            inner.faults.iter().for_each(|fault| cx.adopt(&literal, &inner, fault.clone()));
        }
    }),
};

fn syntax_fault<'i>(inner: &'i Document<'_>) -> Option<&'i Fault> {
    inner.faults.iter().find(|fault| *fault.rule == SYNTAX)
}

static POLICY_RESOURCE: Check = Check {
    rule: &Rule {
        name: "policy-resource",
        level: Level::Warning,
        summary: "a policy grants actions of Image Builder on a resource that can be shared",
        why: "The policy of an image, a recipe or a component shares that resource: it says with whom, and allows \
              actions of Image Builder on it. One that grants something else belongs to another service, or grants \
              nothing. The resource `*` is only noted: the policy applies to the resource that it is attached to.",
        help: "name the principal, actions such as `imagebuilder:GetImage`, and the ARN of the resource that is shared",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-shared-resources-share.html",
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html",
        ],
        ..Rule::BASE
    },
    on: &Each::<ResourcePolicyDocument>(|node, cx| {
        let Some(text) = node.text() else {
            return;
        };
        let inner = Document::parse(text);
        let root = inner.root().filter(|_| syntax_fault(&inner).is_none());
        let Some(policy) = root.filter(|root| root.is_object()) else {
            return;
        };
        let embedded = EmbeddedPolicy { holder: node, parts: &node.parts(), policy: &inner };
        let version = texts(policy, "Version").next();
        if let Some((version, text)) = version.filter(|(_, text)| *text != "2012-10-17") {
            let message = format!("policy version `{}`; `2012-10-17` was expected", quoted(text));
            embedded.report(cx, version.span(), message);
        }
        if element(policy, "Version").is_none() && policy.members().next().is_some() {
            let message = "the policy has no `Version`; `2012-10-17` was expected";
            embedded.report(cx, policy.opening(), message).says("without a version, IAM takes that of 2008");
        }
        let statements = || one_or_more(element(policy, "Statement")).filter(|statement| statement.is_object());
        for statement in statements() {
            check_principal(embedded, cx, statement);
            check_actions(embedded, cx, statement);
        }
        check_resources(embedded, cx, statements().filter(|statement| grants(*statement)));
    }),
};

/// A policy and the string that holds it.
#[derive(Clone, Copy)]
struct EmbeddedPolicy<'d, 'i> {
    holder: Node<'d>,
    parts: &'i Parts<'d>,
    policy: &'i Document<'i>,
}

impl EmbeddedPolicy<'_, '_> {
    /// Reports a fault of the policy at a part of its text.
    fn report<'c>(self, cx: &'c mut Reporter<'_, '_>, part: Span, message: impl Into<String>) -> &'c mut Fault {
        let pointer = self.policy.pointer(part);
        let finding = cx.report_at(self.holder.span(), message);
        finding.at(self.parts.part(part.range())).inside(pointer)
    }
}

/// An element of a policy by its name, ignoring case as IAM does.
fn element<'d>(object: Value<'d>, name: &str) -> Option<Value<'d>> {
    object.members().find(|member| member.name().eq_ignore_ascii_case(name)).map(Member::value)
}

/// The values of an element that holds one value or a list of them.
fn one_or_more(element: Option<Value<'_>>) -> impl Iterator<Item = Value<'_>> {
    let one = element.filter(|element| !element.is_array());
    element.into_iter().flat_map(Value::items).chain(one)
}

/// The strings of an element, with their values.
fn texts<'d>(statement: Value<'d>, name: &str) -> impl Iterator<Item = (Value<'d>, &'d str)> {
    one_or_more(element(statement, name)).filter_map(|value| Some((value, value.text()?)))
}

/// Whether a statement allows something; statements that deny are not checked.
fn grants(statement: Value<'_>) -> bool {
    texts(statement, "Effect").any(|(_, effect)| effect == "Allow")
}

fn check_principal(policy: EmbeddedPolicy<'_, '_>, cx: &mut Reporter<'_, '_>, statement: Value<'_>) {
    let has_principal = ["Principal", "NotPrincipal"].into_iter().any(|name| element(statement, name).is_some());
    if !has_principal {
        let message = "a statement has no `Principal`; a resource policy says whom it is for";
        policy.report(cx, statement.opening(), message).says("this statement");
    }
}

fn check_actions(policy: EmbeddedPolicy<'_, '_>, cx: &mut Reporter<'_, '_>, statement: Value<'_>) {
    const PREFIX: &str = "imagebuilder:";
    let is_own = |action: &str| action.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
    for (action, text) in texts(statement, "Action").filter(|(_, text)| grants(statement) && !is_own(text)) {
        let message = format!("action `{}`; one that starts with `{PREFIX}` was expected", quoted(text));
        policy.report(cx, action.span(), message);
    }
}

/// Reports a policy in which no statement names a resource that can be shared.
fn check_resources<'i>(
    policy: EmbeddedPolicy<'_, '_>,
    cx: &mut Reporter<'_, '_>,
    mut statements: impl Iterator<Item = Value<'i>>,
) {
    let mut first = None;
    let shared = statements.any(|statement| {
        first = first.or_else(|| texts(statement, "Resource").next());
        element(statement, "NotResource").is_some() || texts(statement, "Resource").any(|(_, text)| can_be_shared(text))
    });
    if let Some((resource, text)) = first.filter(|_| !shared) {
        let message = format!("the policy names `{}` and no image, recipe or component of Image Builder", quoted(text));
        let level = if text == "*" { Level::Info } else { Level::Warning };
        policy.report(cx, resource.span(), message).level(level);
    }
}

/// Whether a text is the ARN, or the pattern of ARNs, of a resource that can have a policy.
fn can_be_shared(text: &str) -> bool {
    const KINDS: [&str; 4] = ["image", "image-recipe", "container-recipe", "component"];
    let mut segments = text.splitn(6, ':');
    let is_own = segments.next() == Some("arn") && segments.nth(1) == Some("imagebuilder");
    let kind = segments.nth(2).and_then(|resource| resource.split('/').next());
    // A pattern may end in `*` before its last segment.
    is_own && kind.map_or(text.ends_with('*'), |kind| KINDS.contains(&kind) || kind.contains(['*', '?']))
}
