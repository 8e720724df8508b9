//! Hovers: what the service model says of a member, the parts of an ARN or version, and the pages of findings' rules.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::aws::arn::Arn;
use crate::aws::version::{NODE_NAMES, Version, VersionNode};
use crate::catalogue::page;
use crate::document::Text;
use crate::document::secret::{quoted, spans};
use crate::lsp::check::Found;
use crate::lsp::client::Client;
use crate::lsp::open::Open;
use crate::lsp::place::{Place, at};
use crate::model::shape::{Bounds, Kind, Shape};
use crate::rules;
use crate::text::lines::Origin;
use crate::text::quote::{counted, printable};
use crate::text::span::Span;

/// How many enum values are listed.
const MOST_VALUES: usize = 60;

/// What is said of an offset of a text.
pub(super) fn hover(open: &Open, found: &[Found], offset: usize, client: Client) -> Option<Value> {
    let asked = open.task.as_ref()?.input.asked();
    let said = at(&open.text, offset, asked, |place| (about(&open.text, place), place.span));
    let here: Vec<&Found> = found.iter().filter(|found| is_on(found, offset)).collect();
    let mut parts: Vec<String> = said.iter().map(|(text, _)| text.clone()).collect();
    let mut pages: Vec<&str> = Vec::new();
    for found in &here {
        let rule = found.finding.rule();
        if !pages.contains(&rule.name) && rules::find(rule.name).is_some() {
            pages.push(rule.name);
            parts.push(format!("{}\n[{}]({})\n", page::of(rule), rule.name, page::address(rule)));
        }
    }
    if parts.is_empty() {
        return None;
    }
    let bytes = said.map(|(_, span)| span.range()).or_else(|| here.first().map(|found| found.bytes()))?;
    let value = parts.join("\n---\n\n");
    let range = open.lines.range(bytes, client.encoding);
    Some(json!({ "contents": client.hovers_in.content(&value), "range": range }))
}

/// Whether a finding is on an offset.
pub(super) fn is_on(found: &Found, offset: usize) -> bool {
    let bytes = found.bytes();
    (bytes.start..=bytes.end).contains(&offset)
}

fn about(text: &str, place: &Place<'_, '_>) -> String {
    let entry = place.tree.entry(place.index);
    let holder = place.tree.entry(entry.parent);
    let mut said = String::new();
    if entry.member.is_empty() {
        let kind = place.tree.kind();
        if entry.parent == place.index {
            let summary = format!("`{}`: {}", kind.name, kind.summary);
            line(&mut said, &summary);
        }
    } else {
        let required = if holder.shape.requires(entry.member) { ", required" } else { "" };
        line(&mut said, &format!("**`{}`**, a member of `{}`{required}", entry.member, holder.shape.base().name()));
    }
    let facts = facts(entry.shape);
    for fact in &facts {
        line(&mut said, fact);
    }
    if let Some(release) = holder.shape.added_in(entry.member).or_else(|| holder.shape.since()) {
        let what =
            if entry.member.is_empty() { "`".to_owned() + holder.shape.base().name() + "`" } else { "it".to_owned() };
        line(&mut said, &format!("botocore has {what} since {release}"));
    }
    if let Some(value) = entry.value.text().filter(|_| !place.is_key && !is_secret(text, place.span)) {
        about_value(value, entry.shape, &mut said);
    }
    said
}

fn line(said: &mut String, text: &str) {
    said.push_str(text);
    said.push_str("\n\n");
}

/// Whether a span of a text holds a secret.
fn is_secret(text: &str, span: Span) -> bool {
    let whole = Text::of(text, Origin::default());
    spans(text, &whole.documents()).iter().any(|secret| secret.overlaps(span))
}

/// What the model says of a shape.
pub(super) fn facts(shape: Shape) -> Vec<String> {
    let name = shape.base().name();
    let mut facts = Vec::new();
    match shape.kind() {
        Kind::Structure { members, is_open, .. } => {
            let more = if *is_open { ", and any others" } else { "" };
            facts.push(format!("type: object `{name}` with {}{more}", counted(members.len(), "member")));
        }
        Kind::List { item, count } => {
            facts.push(format!("type: list of `{}`{}", item.base().name(), bounds(*count, "item")));
        }
        Kind::Map { key, value, count } => {
            let (key, value) = (key.base().name(), value.base().name());
            facts.push(format!("type: map from `{key}` to `{value}`{}", bounds(*count, "entry")));
        }
        Kind::Text { values, pattern, length } => {
            facts.push(format!("type: text `{name}`{}", bounds(*length, "character")));
            if !values.is_empty() {
                facts.push(format!("one of {}", listed(values)));
            }
            if let Some(pattern) = pattern {
                facts.push(format!("pattern: `` {} ``", pattern.source()));
            }
        }
        Kind::Integer { minimum, maximum } => facts.push(format!("type: integer{}", limits(*minimum, *maximum))),
        Kind::Number { minimum, maximum } => facts.push(format!("type: number{}", limits(*minimum, *maximum))),
        Kind::Boolean => facts.push("type: `true` or `false`".to_owned()),
        Kind::Timestamp => facts.push("type: time, as ISO 8601 text or seconds since 1970".to_owned()),
        Kind::Any => facts.push("type: any value".to_owned()),
    }
    facts
}

fn listed(values: &[&str]) -> String {
    let shown: Vec<String> = values.iter().take(MOST_VALUES).map(|value| format!("`{value}`")).collect();
    let more = values.len().saturating_sub(MOST_VALUES);
    let shown = shown.join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

fn bounds(Bounds { min, max }: Bounds, noun: &str) -> String {
    match (min, max) {
        (0, usize::MAX) => String::new(),
        (min, usize::MAX) => format!(", at least {}", counted(min, noun)),
        (0, max) => format!(", at most {}", counted(max, noun)),
        (min, max) if min == max => format!(", exactly {}", counted(min, noun)),
        (min, max) => format!(", {min} to {}", counted(max, noun)),
    }
}

fn limits(minimum: Option<i64>, maximum: Option<i64>) -> String {
    match (minimum, maximum) {
        (None, None) => String::new(),
        (Some(minimum), None) => format!(", at least {minimum}"),
        (None, Some(maximum)) => format!(", at most {maximum}"),
        (Some(minimum), Some(maximum)) => format!(", {minimum} to {maximum}"),
    }
}

/// The parts of a value.
fn about_value(value: &str, shape: Shape, said: &mut String) {
    if shape.has_value(value)
        && let Some(release) = shape.added_in(value)
    {
        line(said, &format!("botocore has `{value}` since {release}"));
    }
    if let Some(arn) = Arn::parse(value) {
        line(said, "the parts of this ARN:");
        let mut parts = vec![
            ("partition", arn.partition),
            ("service", arn.service),
            ("Region", arn.region),
            ("account", arn.account),
        ];
        let resource = arn.is_image_builder().then(|| arn.image_builder_resource());
        match resource {
            Some(resource) => {
                parts.extend([("type", resource.kind), ("name", resource.name)]);
                parts.retain(|(_, text)| !text.is_empty());
                let mut list = list(&parts);
                if let Some(version) = resource.version {
                    list.push_str(&nodes(version));
                }
                line(said, &list);
            }
            None => {
                parts.push(("resource", arn.resource));
                parts.retain(|(_, text)| !text.is_empty());
                line(said, &list(&parts));
            }
        }
    } else if shape.base().name().contains("Version") {
        let version = Version::parse(value);
        if version.is_well_formed() {
            line(said, "the parts of this version:");
            line(said, &nodes(version));
        }
    }
}

fn list(parts: &[(&str, &str)]) -> String {
    let item = |(name, text): &(&str, &str)| format!("- {name}: `{}`\n", printable(quoted(text).into_owned()));
    parts.iter().map(item).collect()
}

/// The nodes of a version, in a list.
fn nodes(version: Version<'_>) -> String {
    let mut list = String::new();
    for (name, (text, node)) in NODE_NAMES.iter().zip(version.nodes()) {
        let what = match node {
            VersionNode::Wildcard => ", which stands for the newest",
            VersionNode::Number(_) | VersionNode::Other(_) => "",
        };
        let text = printable(quoted(text).into_owned());
        // Writing to a String never fails.
        let _ = writeln!(list, "- {name}: `{text}`{what}");
    }
    list
}
