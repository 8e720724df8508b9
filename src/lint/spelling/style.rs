//! How a client writes names, absent members and enum values, as the payloads of a document show it.

use std::collections::BTreeSet;

use crate::document::{Content, Member, Value};
use crate::model::shape::{Kind as ShapeKind, Shape};
use crate::recognise::kind::is_of_sdk;
use crate::recognise::payload::Carrier;
use crate::rule::{Entry, Tree};

/// How names of members are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// As the API spells them: `osVersion`, with few exceptions.
    Camel,
    /// `OsVersion`.
    Pascal,
    /// `OsVersion`, or `OsVersion.$` where the value is a path, in a task of a state machine.
    Task,
    /// `os_version`.
    Snake,
}

impl Names {
    /// What the style is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Names::Camel => "camelCase",
            Names::Pascal | Names::Task => "PascalCase",
            Names::Snake => "snake_case",
        }
    }

    /// Whether a key is the name of a member in this style, and the API spells that name otherwise.
    pub(super) fn is_of(self, key: &str, name: &str) -> bool {
        match self {
            Names::Camel => false,
            Names::Pascal | Names::Task => key != name && pascal(name) == key,
            Names::Snake => is_snake(key) && key.bytes().filter(|byte| *byte != b'_').eq(lower(name)),
        }
    }

    /// A name of the API in this style.
    pub(super) fn written(self, name: &str) -> String {
        match self {
            Names::Camel => name.to_owned(),
            Names::Pascal | Names::Task => pascal(name),
            Names::Snake => snake(name),
        }
    }

    /// The key in the API's style, for a name that the API's model lacks.
    pub(super) fn camel(self, key: &str) -> Option<String> {
        match self {
            Names::Pascal | Names::Task if is_pascal(key) => Some(key[..1].to_ascii_lowercase() + &key[1..]),
            Names::Snake if is_snake(key) => {
                let mut words = key.split('_').filter(|word| !word.is_empty());
                let first = words.next()?.to_owned();
                Some(words.fold(first, |name, word| name + &pascal(word)))
            }
            _ => None,
        }
    }
}

fn lower(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().map(|byte| byte.to_ascii_lowercase())
}

fn pascal(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for char in name.chars() {
        if char.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(char.to_ascii_lowercase());
    }
    snake
}

fn is_snake(key: &str) -> bool {
    key.contains('_') && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a key starts as names in PascalCase do; acronyms are none.
fn is_pascal(key: &str) -> bool {
    matches!(key.as_bytes(), [first, second, ..] if first.is_ascii_uppercase() && !second.is_ascii_uppercase())
}

/// Whether a client is .NET's, which writes zeroes for what is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DotNet {
    /// It is not, or nothing shows it.
    No,
    /// It is, and writes null for an absent list.
    Later,
    /// It may be version 3, which writes `[]` for an absent list.
    Version3,
}

/// How a client writes documents down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) names: Names,
    /// Whether enum values are objects with one member, `Value`.
    pub(super) is_wrapped: bool,
    /// Whether a client's own member stands beside those of the response.
    pub(super) has_additions: bool,
    pub(super) dot_net: DotNet,
    /// Whether the client may be Go's, which writes nulls and, for an absent enum value, the empty string.
    pub(super) may_be_go: bool,
}

impl Style {
    /// The style of the requests in a state machine.
    const STATE_MACHINE: Style =
        Style { names: Names::Task, is_wrapped: false, has_additions: false, dot_net: DotNet::No, may_be_go: false };

    /// The style that the payloads of a document show.
    pub(super) fn of(trees: &[&Tree<'_>]) -> Style {
        if trees.iter().any(|tree| tree.carrier() == Carrier::StateMachine) {
            return Style::STATE_MACHINE;
        }
        let entries = || trees.iter().flat_map(|tree| tree.indices().map(|index| tree.entry(index)));
        let roots = || trees.iter().map(|tree| tree.entry(0)).filter(|root| !root.shape.is_open());
        let added = || roots().flat_map(|root| root.value.members()).filter(|member| is_of_sdk(member.name()));
        let is_list = |shape: Shape| matches!(shape.kind(), ShapeKind::List { .. });
        let is_wrapped = entries().any(|entry| is_wrapped(&entry));
        let is_of_go = |member: Member<'_>| member.name() == "ResultMetadata";
        Style {
            names: names(trees),
            may_be_go: added().any(is_of_go) || entries().any(|entry| entry.value.is_null()),
            is_wrapped,
            has_additions: added().next().is_some(),
            dot_net: match added().any(|member| matches!(member.name(), "HttpStatusCode" | "ContentLength")) {
                false if !is_wrapped => DotNet::No,
                _ if entries().any(|entry| entry.value.is_null() && is_list(entry.shape)) => DotNet::Later,
                _ => DotNet::Version3,
            },
        }
    }

    /// Whether this is the API's own spelling.
    pub(super) fn is_plain(self) -> bool {
        self.names == Names::Camel && !self.is_wrapped && !self.has_additions
    }

    /// Whether the client writes null, or a value that stands for it, where the service leaves a member out.
    pub(super) fn writes_absent(self) -> bool {
        self.names != Names::Camel || self.is_wrapped
    }

    /// Whether a value stands for an absent member of that shape.
    pub(super) fn is_absent(self, value: Value<'_>, shape: Option<Shape>) -> bool {
        let is_zero = |number: &str| number.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        self.writes_absent()
            && match (shape.map(Shape::kind), value.content()) {
                (_, Content::Null) => true,
                (Some(ShapeKind::Text { values, .. }), Content::String("")) => {
                    self.names == Names::Pascal && self.may_be_go && !values.is_empty()
                }
                (Some(ShapeKind::Timestamp), Content::String(text)) => is_first_date(text),
                (_, Content::String(text)) if shape.map(Shape::base) == Some(Shape::DateTime) => {
                    self.dot_net != DotNet::No && is_first_date(text)
                }
                (
                    Some(ShapeKind::Integer { minimum: Some(1..), .. } | ShapeKind::Number { minimum: Some(1..), .. }),
                    Content::Number(number),
                ) => self.dot_net != DotNet::No && is_zero(number),
                _ => false,
            }
    }
}

/// Whether a date is the one that .NET writes for none.
fn is_first_date(text: &str) -> bool {
    text.starts_with("0001-01-01T00:00:00") || text == "/Date(-62135596800000)/"
}

/// Whether an enum value is an object around it.
fn is_wrapped(entry: &Entry<'_>) -> bool {
    !entry.fits && unwrapped(entry.value, entry.shape).is_some()
}

/// The value inside the object that .NET writes for an enum value.
pub(super) fn unwrapped(value: Value<'_>, shape: Shape) -> Option<Value<'_>> {
    let is_text = matches!(shape.kind(), ShapeKind::Text { .. });
    let only = value.members().next().filter(|_| is_text && value.len() == 1)?;
    Some(only.value()).filter(|inner| matches!(only.name(), "Value" | "value") && inner.text().is_some())
}

/// The style of most names. A name counts once, however often it is written.
fn names(trees: &[&Tree<'_>]) -> Names {
    let (mut plain, mut camel) = (BTreeSet::new(), BTreeSet::new());
    let (mut pascal, mut snake) = (BTreeSet::new(), BTreeSet::new());
    let mut is_of_root = false;
    for tree in trees {
        for unknown in tree.unknown_members() {
            let Some(near) = unknown.near else { continue };
            if Names::Pascal.is_of(unknown.written.name(), near.name) {
                pascal.insert(near.name);
            } else if Names::Snake.is_of(unknown.written.name(), near.name) {
                snake.insert(near.name);
                is_of_root |= unknown.holder == 0;
            }
        }
    }
    if pascal.is_empty() && snake.is_empty() {
        return Names::Camel;
    }
    for tree in trees {
        for entry in tree.indices().map(|index| tree.entry(index)) {
            let is_exact = entry.written.map(Member::name) == Some(entry.member);
            // The API itself spells some names in PascalCase: they tell nothing.
            if is_exact && entry.member.starts_with(|first: char| first.is_ascii_lowercase()) {
                let has_capitals = entry.member.bytes().any(|byte| byte.is_ascii_uppercase());
                if has_capitals { &mut camel } else { &mut plain }.insert(entry.member);
            }
        }
    }
    // Names of one word are the same in camelCase and in snake_case. One that differs, deep inside, may be a slip.
    let least = if is_of_root || trees.iter().any(|tree| tree.kind().has_python_client) { 1 } else { 2 };
    if pascal.len() > plain.len() + camel.len() {
        Names::Pascal
    } else if snake.len() >= least && snake.len() > camel.len() {
        Names::Snake
    } else {
        Names::Camel
    }
}
