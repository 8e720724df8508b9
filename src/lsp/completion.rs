//! Completion: the members that a shape has and the document lacks, enum values, and the ARNs and versions that are in
//! the text already.

use std::collections::BTreeSet;

use serde_json::json;

use crate::aws::arn::Arn;
use crate::aws::version::Version;
use crate::document::{Content, Document, Text, Value};
use crate::lsp::client::{Client, Markup};
use crate::lsp::cursor::{Cursor, Writes};
use crate::lsp::hover::facts;
use crate::lsp::open::Open;
use crate::lsp::protocol::{CompletionItem, TextEdit, completion_kind};
use crate::model::shape::{Kind, Member, Shape};
use crate::recognise::payload::Contents;
use crate::recognise::{Asked, Recognised, has_mark};
use crate::rule::Tree;
use crate::text::lines::Origin;
use crate::text::secret::holds_any;
use crate::text::span::Span;

/// How many items are offered.
const MOST: usize = 200;

/// What can be written at an offset of a text.
pub(super) fn completion(open: &Open, offset: usize, client: Client) -> Option<serde_json::Value> {
    let asked = open.task.as_ref()?.input.asked();
    let cursor = Cursor::at(&open.text, offset)?;
    let wanted = cursor.repaired.iter().find_map(|(text, at)| Wanted::at(text, *at, cursor.writes, asked))?;
    let writer = Writer { open, client, cursor: &cursor };
    let mut items = match wanted {
        Wanted::Members { shape, absent } => writer.members(shape, &absent),
        Wanted::Value(shape) => writer.values(shape),
    };
    let is_incomplete = items.len() > MOST;
    items.truncate(MOST);
    Some(json!({ "isIncomplete": is_incomplete, "items": items }))
}

/// What is wanted at the cursor.
enum Wanted {
    /// A member of a structure, one of those that it does not have.
    Members { shape: Shape, absent: Vec<&'static Member> },
    /// A value of a shape.
    Value(Shape),
}

impl Wanted {
    /// What is wanted at an offset of a document.
    fn at(text: &str, at: usize, writes: Writes, asked: Asked) -> Option<Self> {
        let document = Document::parse(text);
        document.root()?;
        let contents = Contents::of(&document, None);
        let recognised = Recognised::of(&document, &contents, asked, false, || has_mark(document.text));
        if recognised != Recognised::Ours {
            return None;
        }
        let here = Span::new(at, at);
        let payload = contents.payloads.iter().rev().find(|payload| payload.value.span().contains(here))?;
        let tree = Tree::new(&document, payload);
        if writes == Writes::Value {
            let entry = tree.indices().map(|index| tree.entry(index)).find(|entry| entry.value.span().start == at)?;
            return Some(Wanted::Value(entry.shape));
        }
        let around = tree.indices().filter(|index| tree.entry(*index).value.span().contains(here)).last()?;
        let entry = tree.entry(around);
        let is_absent = |(place, member): &(usize, &'static Member)| {
            tree.member(around, *place).is_none() && entry.value.member(member.name).is_none()
        };
        let members = entry.shape.members().iter().enumerate().filter(is_absent);
        Some(Wanted::Members { shape: entry.shape, absent: members.map(|(_, member)| member).collect() })
    }
}

/// Makes the items for a cursor.
struct Writer<'w> {
    open: &'w Open,
    client: Client,
    cursor: &'w Cursor,
}

impl Writer<'_> {
    /// The members, required ones first.
    fn members(&self, shape: Shape, absent: &[&'static Member]) -> Vec<CompletionItem> {
        let mut members: Vec<(bool, &Member)> =
            absent.iter().map(|member| (!shape.requires(member.name), *member)).collect();
        members.sort_by_key(|(is_optional, member)| (*is_optional, member.name));
        members
            .iter()
            .enumerate()
            .map(|(rank, (is_optional, member))| {
                let key = format!("\"{}\"", member.name);
                let text = match self.cursor.writes {
                    Writes::Key { has_colon: true } => key.clone(),
                    _ => format!("{key}: {}{}", self.placeholder(member.shape), self.comma()),
                };
                let said = facts(member.shape);
                let since = shape.added_in(member.name).map(|release| format!("botocore has it since {release}"));
                let required = if *is_optional { "" } else { ", required" };
                CompletionItem {
                    kind: completion_kind::PROPERTY,
                    detail: Some(format!("{}{required}", member.shape.base().name())),
                    documentation: Some(
                        self.documentation(&said.into_iter().chain(since).collect::<Vec<_>>().join("\n\n")),
                    ),
                    ..self.item(member.name, text, key, rank)
                }
            })
            .collect()
    }

    /// The values that a shape has, or that are in the text already.
    fn values(&self, shape: Shape) -> Vec<CompletionItem> {
        match shape.kind() {
            Kind::Text { values, .. } if !values.is_empty() => {
                let item = |(rank, value): (usize, &&'static str)| {
                    let since = shape.added_in(value).map(|release| format!("botocore has it since {release}"));
                    CompletionItem {
                        kind: completion_kind::ENUM_MEMBER,
                        documentation: since.map(|since| self.documentation(&since)),
                        ..self.text(value, rank)
                    }
                };
                values.iter().enumerate().map(item).collect()
            }
            Kind::Text { pattern, .. } => {
                let fits = |text: &&String| pattern.is_none_or(|pattern| pattern.is_match(text));
                let known = known(&self.open.text, &self.open.text[self.cursor.token.clone()], shape);
                let kind = completion_kind::VALUE;
                let fitting = known.iter().filter(fits).enumerate();
                fitting.map(|(rank, text)| CompletionItem { kind, ..self.text(text, rank) }).collect()
            }
            Kind::Boolean => ["true", "false"]
                .iter()
                .enumerate()
                .map(|(rank, word)| CompletionItem {
                    kind: completion_kind::KEYWORD,
                    ..self.item(word, format!("{word}{}", self.comma()), (*word).to_owned(), rank)
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// An item that is a string.
    fn text(&self, text: &str, rank: usize) -> CompletionItem {
        let quoted = serde_json::Value::from(text).to_string();
        let written = if self.client.has_snippets { escaped(&quoted) } else { quoted.clone() };
        self.item(text, format!("{written}{}", self.comma()), quoted, rank)
    }

    fn item(&self, label: &str, new_text: String, filter: String, rank: usize) -> CompletionItem {
        let encoding = self.client.encoding;
        let lines = &self.open.lines;
        let comma = self
            .cursor
            .lacks_comma_at
            .map(|at| TextEdit { range: lines.range(at..at, encoding), new_text: ",".to_owned() });
        let is_quoted = self.open.text[self.cursor.token.clone()].starts_with('"');
        let range = lines.range(self.cursor.token.clone(), encoding);
        CompletionItem {
            label: label.to_owned(),
            filter_text: if is_quoted { filter } else { label.to_owned() },
            sort_text: format!("{rank:04}"),
            // A snippet or plain text.
            insert_text_format: if self.client.has_snippets { 2 } else { 1 },
            text_edit: Some(TextEdit { range, new_text }),
            additional_text_edits: comma.into_iter().collect(),
            ..CompletionItem::default()
        }
    }

    fn documentation(&self, text: &str) -> serde_json::Value {
        let shown = self.client.completes_in;
        let mut content = shown.content(text);
        if shown == Markup::Unsaid { content["value"].take() } else { content }
    }

    fn comma(&self) -> &'static str {
        if self.cursor.needs_comma { "," } else { "" }
    }

    /// What is written for a value that is to be filled in.
    fn placeholder(&self, shape: Shape) -> &'static str {
        if !self.client.has_snippets {
            return match shape.kind() {
                Kind::Structure { .. } | Kind::Map { .. } => "{}",
                Kind::List { .. } => "[]",
                Kind::Text { .. } => "\"\"",
                Kind::Integer { .. } | Kind::Number { .. } => "0",
                Kind::Boolean => "false",
                Kind::Timestamp | Kind::Any => "null",
            };
        }
        match shape.kind() {
            Kind::Structure { .. } | Kind::Map { .. } => "{$0\\}",
            Kind::List { .. } => "[$0]",
            Kind::Text { .. } | Kind::Timestamp => "\"$0\"",
            Kind::Integer { .. } | Kind::Number { .. } | Kind::Boolean | Kind::Any => "$0",
        }
    }
}

/// A text as a snippet, in which some signs have a meaning.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, char| {
        if matches!(char, '$' | '}' | '\\') {
            escaped.push('\\');
        }
        escaped.push(char);
        escaped
    })
}

/// The ARNs or versions in a text, except for what is being written.
fn known(text: &str, written: &str, shape: Shape) -> BTreeSet<String> {
    let name = shape.base().name();
    let (wants_arns, wants_versions) = (name.contains("Arn"), name.contains("Version") && !name.contains("Arn"));
    let mut known = BTreeSet::new();
    if !wants_arns && !wants_versions {
        return known;
    }
    let mut note = |found: &str| {
        if wants_arns && Arn::parse(found).is_some() {
            known.insert(found.to_owned());
        }
        let of_arn = || Arn::parse(found).filter(Arn::is_image_builder)?.image_builder_resource().version;
        let version = of_arn().unwrap_or_else(|| Version::parse(found));
        if wants_versions && version.is_fixed() {
            known.extend([version.text, version.numbers].map(str::to_owned));
        }
    };
    let whole = Text::of(text, Origin::default());
    for document in whole.documents() {
        match document.root() {
            Some(root) => each_text(root, &mut note),
            // What is being written breaks the document: then its strings are looked for.
            None => document.text.split('"').for_each(&mut note),
        }
    }
    known.retain(|found| !holds_any(found) && written.trim_matches('"') != found);
    known
}

fn each_text(value: Value<'_>, each: &mut dyn FnMut(&str)) {
    match value.content() {
        Content::Object | Content::Array => value.texts().for_each(each),
        Content::String(text) => each(text),
        _ => {}
    }
}
