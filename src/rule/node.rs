//! A value of the tree together with the shape that it should have: what rules look at.

use std::ops::Range;

use jsonc_parser::ast::{ObjectProp, StringLit};
use jsonc_parser::common::Ranged;

use crate::document::{Document, Value, key_of, name_of};
use crate::finding::fix::{Edit, Fix};
use crate::model::shape::{Kind, Shape, same_name};
use crate::text::literal::Literal;
use crate::text::span::Span;

/// A value of the document together with the shape that it should have.
#[derive(Clone, Copy, Debug)]
pub struct Node<'d> {
    document: &'d Document<'d>,
    value: &'d Value<'d>,
    key: Option<&'d StringLit<'d>>,
    member: &'static str,
    shape: Shape,
}

impl<'d> Node<'d> {
    /// The node of a payload's root.
    pub fn root(document: &'d Document<'d>, value: &'d Value<'d>, shape: Shape) -> Self {
        Node { document, value, key: None, member: "", shape }
    }

    pub(crate) fn child(self, property: &'d ObjectProp<'d>, member: &'static str, shape: Shape) -> Self {
        Node { value: &property.value, key: Some(key_of(property)), member, shape, ..self }
    }

    pub(crate) fn item(self, value: &'d Value<'d>, shape: Shape) -> Self {
        Node { value, key: None, member: "", shape, ..self }
    }

    /// The shape that the value should have, as rules know it: of another serialisation of a shape,
    /// such as an image in a notification, that shape.
    pub fn shape(self) -> Shape {
        self.shape.base()
    }

    /// The very shape that the value should have.
    pub fn exact_shape(self) -> Shape {
        self.shape
    }

    /// The name of the member that this is, in the model's spelling; empty for items and entries.
    pub fn member(self) -> &'static str {
        self.member
    }

    /// The value in the tree.
    pub fn value(self) -> &'d Value<'d> {
        self.value
    }

    /// The document that the node belongs to.
    pub fn document(self) -> &'d Document<'d> {
        self.document
    }

    /// Where the value stands.
    pub fn span(self) -> Span {
        self.value.range().into()
    }

    /// Where the key stands, with its quotes; the value where there is no key.
    pub fn key_span(self) -> Span {
        self.key.map_or(self.span(), |key| key.range.into())
    }

    /// The key as written, unescaped.
    pub fn key(self) -> Option<&'d str> {
        self.key.map(|key| key.value.as_ref())
    }

    /// The span of a part of this string's unescaped text.
    pub fn part(self, part: Range<usize>) -> Span {
        Literal::new(self.document.text, self.span()).place(part.into())
    }

    /// The span of a slice of [`Node::text`].
    pub fn slice(self, slice: &str) -> Span {
        let text = self.text().unwrap_or_default();
        let start = slice.as_ptr() as usize - text.as_ptr() as usize;
        self.part(start..start + slice.len())
    }

    /// The member of that name. Empty objects, empty arrays and null count as absent; a misspelt
    /// key stands for the member it means.
    ///
    /// # Panics
    ///
    /// In debug builds, when the node's shape has no such member.
    pub fn get(self, name: &str) -> Option<Node<'d>> {
        self.find(name).filter(|node| !node.is_empty())
    }

    /// The member of that name, be it empty; null counts as absent.
    ///
    /// # Panics
    ///
    /// In debug builds, when the node's shape has no such member.
    pub fn find(self, name: &str) -> Option<Node<'d>> {
        debug_assert!(self.shape.member(name).is_some(), "shape {} has no member `{name}`", self.shape.name());
        let properties = &self.value.as_object()?.properties;
        let exact = properties.iter().find(|property| same_name(name_of(property), name));
        // Most look-ups are for what is absent: those end here, before the table is asked.
        let property = match exact {
            Some(property) => property,
            None if self.document.misspelt.get() => self.meant(name)?,
            None => return None,
        };
        let member = self.shape.member(name)?;
        let node = self.child(property, member.name, member.shape);
        (!matches!(node.value, Value::NullKeyword(_))).then_some(node)
    }

    /// The misspelt member that stands for the one of that name.
    fn meant(self, name: &str) -> Option<&'d ObjectProp<'d>> {
        let means = |key: &str| {
            self.shape.member(key).is_none() && self.shape.near_member(key).is_some_and(|near| near.name == name)
        };
        self.value.as_object()?.properties.iter().find(|property| means(name_of(property)))
    }

    /// The text of the member of that name, when it is a string.
    ///
    /// # Panics
    ///
    /// In debug builds, when the node's shape has no such member.
    pub fn get_text(self, name: &str) -> Option<&'d str> {
        self.get(name)?.text()
    }

    /// The member of that name with its text, when it is a string.
    ///
    /// # Panics
    ///
    /// In debug builds, when the node's shape has no such member.
    pub fn get_with_text(self, name: &str) -> Option<(Node<'d>, &'d str)> {
        let node = self.get(name)?;
        Some((node, node.text()?))
    }

    /// Whether this is null, an empty object or an empty array.
    pub fn is_empty(self) -> bool {
        match self.value {
            Value::Object(object) => object.properties.is_empty(),
            Value::Array(array) => array.elements.is_empty(),
            Value::NullKeyword(_) => true,
            _ => false,
        }
    }

    /// The items of a list.
    pub fn items(self) -> impl Iterator<Item = Node<'d>> {
        let elements = match (self.value, self.shape.kind()) {
            (Value::Array(array), Kind::List { item, .. }) => Some((array.elements.iter(), *item)),
            _ => None,
        };
        elements.into_iter().flat_map(move |(items, shape)| items.map(move |item| self.item(item, shape)))
    }

    /// The entries of a map.
    pub fn entries(self) -> impl Iterator<Item = Node<'d>> {
        let properties = match (self.value, self.shape.kind()) {
            (Value::Object(object), Kind::Map { value, .. }) => Some((object.properties.iter(), *value)),
            _ => None,
        };
        let nodes = move |property| (property, self);
        properties.into_iter().flat_map(move |(properties, shape)| {
            properties.map(nodes).map(move |(property, node)| node.child(property, "", shape))
        })
    }

    /// The edit that takes a member out of this object, with the comma that goes with it.
    pub fn removal(self, member: Node<'d>) -> Option<Fix> {
        let properties = &self.value.as_object()?.properties;
        let index = properties.iter().position(|property| Span::from(property.value.range()) == member.span())?;
        let own = properties[index].range;
        let span = match (index.checked_sub(1).map(|before| &properties[before]), properties.get(index + 1)) {
            (_, Some(next)) => Span::new(own.start, next.range.start),
            (Some(previous), None) => Span::new(previous.range.end, own.end),
            // The white space around it goes, too: an empty object is `{}`.
            (None, None) => Span::new(self.span().start + 1, self.span().end - 1),
        };
        Some(Fix::safe(format!("remove `{}`", member.key()?), span, ""))
    }

    /// The edit that adds members with the texts of their values at the end of this object, laid out
    /// as its last member is; none where it has no member, or one of that name, be it null.
    pub fn addition(self, members: &[(&str, String)]) -> Option<Edit> {
        let text = self.document.text;
        let properties = &self.value.as_object()?.properties;
        let last = properties.last()?;
        let is_there = |property: &ObjectProp<'_>| members.iter().any(|(name, _)| *name == name_of(property));
        if properties.iter().any(is_there) {
            return None;
        }
        let colon = &text[key_of(last).range.end..last.value.start()];
        let before = match properties.len().checked_sub(2).map(|index| &properties[index]) {
            Some(previous) => text[previous.range.end..last.range.start].to_owned(),
            None => match &text[self.span().start + 1..last.range.start] {
                "" if colon.ends_with(' ') => ", ".to_owned(),
                space => format!(",{space}"),
            },
        };
        let end = Span::new(last.range.end, last.range.end);
        let member = |(name, value): &(&str, String)| format!("{before}\"{name}\"{colon}{value}");
        Some(Edit { span: end, text: members.iter().map(member).collect() })
    }

    /// The text of a string.
    pub fn text(self) -> Option<&'d str> {
        self.value.as_string_lit().map(|string| string.value.as_ref())
    }

    /// The value of a number without fraction or exponent.
    pub fn integer(self) -> Option<i128> {
        self.value.as_number_lit()?.value.parse().ok()
    }

    /// The value of a boolean.
    pub fn boolean(self) -> Option<bool> {
        Some(self.value.as_boolean_lit()?.value)
    }
}
