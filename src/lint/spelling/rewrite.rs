//! Rewrites the payloads of a document in the API's spelling: the edits that do it, and what they cannot correct.

use crate::aws::timestamp::Timestamp;
use crate::document::{Content, Member, Value};
use crate::finding::fix::Edit;
use crate::lint::spelling::style::{DotNet, Names, Style, unwrapped};
use crate::model::shape::{Kind as ShapeKind, Member as ShapeMember, Shape};
use crate::recognise::envelope::RESPONSE_METADATA;
use crate::recognise::kind::is_of_sdk;
use crate::recognise::state_machine::without_path;
use crate::text::span::Span;

/// What is found on the way through the payloads of a document.
pub(super) struct Rewrite<'d> {
    style: Style,
    /// The edits, in the order of the text once sorted.
    pub(super) edits: Vec<Edit>,
    /// The first member that is renamed, and its name in the API.
    pub(super) renamed: Option<(Member<'d>, String)>,
    /// The first member of the client's own.
    pub(super) added: Option<Member<'d>>,
    /// The first enum value that is an object.
    pub(super) wrapped: Option<Value<'d>>,
    /// Members in the API's spelling among those in another one.
    pub(super) strays: Vec<Member<'d>>,
    /// Names of types in the place of values, with the keys, if any.
    pub(super) cut: Vec<(Option<Member<'d>>, Value<'d>)>,
}

impl<'d> Rewrite<'d> {
    /// A rewrite of a document in that style, without edits.
    pub(super) fn new(style: Style) -> Self {
        Rewrite {
            style,
            edits: Vec::new(),
            renamed: None,
            added: None,
            wrapped: None,
            strays: Vec::new(),
            cut: Vec::new(),
        }
    }

    /// Rewrites the root of a payload.
    pub(super) fn root(&mut self, value: Value<'d>, shape: Shape) {
        let is_added = |name: &str| {
            let is_metadata = self.style.writes_absent() && name == RESPONSE_METADATA.name;
            !shape.is_open() && (is_metadata || is_of_sdk(name))
        };
        let added: Vec<bool> = value.members().map(|member| is_added(member.name())).collect();
        let first = value.members().zip(&added).find(|(_, is_added)| **is_added);
        self.added = self.added.or(first.map(|(member, _)| member));
        if matches!(shape.kind(), ShapeKind::Structure { .. }) && value.is_object() {
            self.members(value, shape, Some(&added));
        } else {
            self.value(None, value, shape);
        }
    }

    fn value(&mut self, key: Option<Member<'d>>, value: Value<'d>, shape: Shape) {
        match (shape.kind(), value.content()) {
            (ShapeKind::Structure { .. }, Content::Object) => self.members(value, shape, None),
            (ShapeKind::Map { value: shape, .. }, Content::Object) => {
                for member in value.members() {
                    let name = self.name(member);
                    if name != member.name() {
                        let text = serde_json::Value::from(name).to_string();
                        self.edits.push(Edit { span: member.key_span(), text });
                    }
                    self.value(Some(member), member.value(), *shape);
                }
            }
            (ShapeKind::List { item, .. }, Content::Array) => {
                value.items().for_each(|inner| self.value(key, inner, *item));
            }
            (ShapeKind::Text { .. }, Content::Object) if self.style.is_wrapped => {
                if let Some(inner) = unwrapped(value, shape) {
                    self.wrapped = self.wrapped.or(Some(value));
                    self.remove(value.span().start, inner.span().start);
                    self.remove(inner.span().end, value.span().end);
                }
            }
            (ShapeKind::Timestamp, Content::String(text)) if !self.style.is_plain() => {
                self.edits.extend(date(text).map(|text| Edit { span: value.span(), text }));
            }
            (_, Content::String(text)) if shape.base() == Shape::DateTime && !self.style.is_plain() => {
                self.edits.extend(date_in_text(text).map(|text| Edit { span: value.span(), text }));
            }
            (ShapeKind::Structure { .. } | ShapeKind::Map { .. } | ShapeKind::List { .. }, Content::String(text))
                if is_cut(text) =>
            {
                self.cut.push((key, value));
            }
            _ => {}
        }
    }

    /// Rewrites the members of a structure. Of the root, `added` says of each member whether the client added it.
    fn members(&mut self, object: Value<'d>, shape: Shape, added: Option<&[bool]>) {
        let mut kept_end = object.span().start + 1;
        let mut removed_from = None;
        let is_hollow = added.is_none() && self.is_hollow(object, shape);
        for (index, written) in object.members().enumerate() {
            let meant = self.meant(written, shape);
            let is_added = added.is_some_and(|added| added[index]);
            if is_added || is_hollow || self.is_absent(written, shape, meant.as_ref()) {
                removed_from = removed_from.or(Some(written.span().start));
                continue;
            }
            if let Some(start) = removed_from.take() {
                self.remove(start, written.span().start);
            }
            kept_end = written.span().end;
            if let Some(meant) = &meant {
                self.rename(written, meant);
            }
            if let Some(shape) = meant.and_then(|meant| meant.shape()) {
                self.value(Some(written), written.value(), shape);
            }
        }
        if removed_from.is_some() {
            let last = object.members().last().map_or(kept_end, |last| last.span().end);
            // With the last member the white space around it goes, too.
            let is_empty = kept_end == object.span().start + 1;
            self.remove(kept_end, if is_empty { object.span().end - 1 } else { last });
        }
    }

    /// Whether a member stands for an absent one.
    fn is_absent(&self, written: Member<'d>, shape: Shape, meant: Option<&Meant>) -> bool {
        let is_false = || self.style.dot_net != DotNet::No && written.value().is_false();
        !shape.is_open()
            && (self.style.is_absent(written.value(), meant.and_then(Meant::shape))
                || (is_false() && meant.is_some_and(|meant| is_never_false(shape, meant))))
    }

    /// Whether nothing in a structure of .NET 3 says anything: its lists are empty, all else is absent.
    fn is_hollow(&self, object: Value<'d>, shape: Shape) -> bool {
        let says_nothing = |written: Member<'d>| {
            let is_empty = || written.value().is_array() && written.value().is_empty();
            let meant = self.meant(written, shape);
            self.is_absent(written, shape, meant.as_ref())
                || (is_empty() && !meant.is_some_and(|meant| meant.is_required(shape)))
        };
        self.style.dot_net == DotNet::Version3 && object.members().all(says_nothing)
    }

    /// The name of a member, without what says that its value is a path.
    fn name(&self, written: Member<'d>) -> &'d str {
        if self.style.names == Names::Task { without_path(written.name()) } else { written.name() }
    }

    /// What a member of a structure means in the API.
    fn meant(&self, written: Member<'d>, shape: Shape) -> Option<Meant> {
        let key = self.name(written);
        if let Some(member) = shape.member(key) {
            return Some(Meant::Exact(member));
        }
        if let Some(member) = shape.members().iter().find(|member| self.style.names.is_of(key, member.name)) {
            return Some(Meant::Styled(member));
        }
        // Misspelt, or newer than the model: the style is changed, and nothing else.
        let name = self.style.names.camel(key).filter(|_| !shape.is_open())?;
        let near = shape.near_member(&name).map(|member| member.shape);
        Some(Meant::Unknown(name, near))
    }

    fn rename(&mut self, written: Member<'d>, meant: &Meant) {
        let name = match meant {
            Meant::Exact(member) => {
                if self.style.names.written(member.name) != member.name && self.style.names != Names::Camel {
                    self.strays.push(written);
                }
                if self.name(written) == written.name() {
                    return;
                }
                member.name
            }
            Meant::Styled(member) => member.name,
            Meant::Unknown(name, _) => name,
        };
        self.renamed.get_or_insert_with(|| (written, name.to_owned()));
        self.edits.push(Edit { span: written.key_span(), text: format!("\"{name}\"") });
    }

    fn remove(&mut self, start: usize, end: usize) {
        self.edits.push(Edit { span: Span::new(start, end), text: String::new() });
    }
}

/// What a key means.
enum Meant {
    /// A member, in the API's spelling.
    Exact(&'static ShapeMember),
    /// A member, in the style of the document.
    Styled(&'static ShapeMember),
    /// No member: its name in the API's style, and the shape of the member that it comes nearest to.
    Unknown(String, Option<Shape>),
}

impl Meant {
    fn is_required(&self, holder: Shape) -> bool {
        matches!(self, Meant::Exact(member) | Meant::Styled(member) if holder.requires(member.name))
    }

    fn shape(&self) -> Option<Shape> {
        match self {
            Meant::Exact(member) | Meant::Styled(member) => Some(member.shape),
            Meant::Unknown(_, shape) => *shape,
        }
    }
}

/// Whether the service never sends `false` for a member: container recipes are always encrypted.
fn is_never_false(holder: Shape, meant: &Meant) -> bool {
    matches!(meant, Meant::Exact(member) | Meant::Styled(member) if member.name == "encrypted")
        && holder.base() == Shape::ContainerRecipe
}

/// A date of Windows PowerShell or Ruby as the AWS CLI writes dates.
fn date(text: &str) -> Option<String> {
    if let Some(milliseconds) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        // A zone may follow the number; it moves nothing.
        let end = milliseconds.find(['+', '-']).filter(|end| *end > 0).unwrap_or(milliseconds.len());
        let seconds = milliseconds[..end].parse::<i64>().ok()?;
        return Some(match seconds.rem_euclid(1000) {
            0 => (seconds / 1000).to_string(),
            rest => format!("{}.{rest:03}", seconds.div_euclid(1000)),
        });
    }
    let (moment, zone) = text.rsplit_once(' ')?;
    let zone = if zone == "UTC" { "Z" } else { zone };
    let date = format!("{}{zone}", moment.replacen(' ', "T", 1));
    Timestamp::from_iso(&date).ok()?;
    Some(format!("\"{date}\""))
}

/// Likewise, where the API has a text and no number.
fn date_in_text(text: &str) -> Option<String> {
    let date = date(text)?;
    if date.starts_with('"') {
        return Some(date);
    }
    Timestamp::from_epoch(date.parse().ok()?).map(|moment| format!("\"{moment}\""))
}

/// Whether a text is what `ConvertTo-Json` writes for what lies too deep: the names of .NET's types, or `@{…}`.
pub(super) fn is_cut(text: &str) -> bool {
    let is_type = |word: &str| word.starts_with("Amazon.") || word.starts_with("System.");
    let mut words = text.split_ascii_whitespace().peekable();
    (words.peek().is_some() && words.all(is_type)) || (text.starts_with("@{") && text.ends_with('}'))
}
