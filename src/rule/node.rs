//! Nodes: values of a payload together with the shapes that they should have.

mod children;
mod edit;
mod members;
mod slot;

use std::cell::OnceCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use crate::document::{Content, Document, Member, Value};
use crate::model::shape::{Kind as ShapeKind, Shape};
use crate::model::typed::{Any, ListOf, MapOf, Typed};
use crate::rule::node::children::Children;
use crate::rule::tree::{Entry, Tree};
use crate::text::literal::Literal;
use crate::text::span::Span;

pub(crate) use slot::Slot;

/// A value together with the shape that it should have. `S` is that shape as a type, or [`Any`] where it
/// is a plain value or not known in advance.
pub(crate) struct Node<'d, S = Any> {
    tree: &'d Tree<'d>,
    index: u32,
    shape: PhantomData<fn() -> S>,
}

impl<S> Clone for Node<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Node<'_, S> {}

impl<S> fmt::Debug for Node<'_, S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.entry())
    }
}

/// Nodes are equal if they are the same value of the same tree.
impl<S, T> PartialEq<Node<'_, T>> for Node<'_, S> {
    fn eq(&self, other: &Node<'_, T>) -> bool {
        self.value() == other.value()
    }
}

impl<'d> Node<'d> {
    /// The node at an index of a tree.
    #[inline]
    pub(crate) fn new(tree: &'d Tree<'d>, index: u32) -> Self {
        Node { tree, index, shape: PhantomData }
    }

    /// The root of a payload.
    pub(crate) fn root(tree: &'d Tree<'d>) -> Self {
        Node::new(tree, 0)
    }

    /// The same node, if it is of that shape or of another serialisation of it.
    pub(crate) fn cast<S: Typed>(self) -> Option<Node<'d, S>> {
        self.is::<S>().then(|| self.assume())
    }

    /// The same node, typed with a shape that the caller knows it to have.
    pub(super) fn assume<S>(self) -> Node<'d, S> {
        Node { tree: self.tree, index: self.index, shape: PhantomData }
    }

    /// What is within a list, a map or a structure.
    fn children<T>(self, is_kind: fn(&ShapeKind) -> bool) -> Children<'d, T> {
        let has_any = self.entry().fits && is_kind(self.exact_shape().kind());
        Children::of(self.tree, self.index, has_any)
    }
}

impl<'d, S> Node<'d, S> {
    /// The same node without its type.
    #[inline]
    pub(crate) fn any(self) -> Node<'d> {
        Node::new(self.tree, self.index)
    }

    pub(super) fn index(self) -> u32 {
        self.index
    }

    #[inline]
    fn entry(self) -> Entry<'d> {
        self.tree.entry(self.index)
    }

    #[inline]
    fn value(self) -> Value<'d> {
        self.entry().value
    }

    /// The shape that the value should have. For another serialisation of a shape, such as the image in a
    /// notification, it is the shape that it serialises.
    pub(crate) fn shape(self) -> Shape {
        self.exact_shape().base()
    }

    /// The shape that the value should have, even if it is another serialisation of one.
    #[inline]
    pub(crate) fn exact_shape(self) -> Shape {
        self.tree.shape(self.index)
    }

    /// Whether the value should have that shape, or another serialisation of it.
    pub(crate) fn is<T: Typed>(self) -> bool {
        self.exact_shape() == T::SHAPE || self.shape() == T::SHAPE
    }

    /// The name of the member that the node is, in the spelling of the model; empty for items and entries.
    pub(crate) fn member(self) -> &'static str {
        self.entry().member
    }

    /// The name of the member that the node is, or of the one whose list or map it is in; as written.
    pub(crate) fn member_or_list(self) -> &'d str {
        let mut index = self.index;
        loop {
            let entry = self.tree.entry(index);
            match entry.written.filter(|_| !entry.member.is_empty()) {
                Some(written) => return written.name(),
                None if entry.parent == index => return "",
                None => index = entry.parent,
            }
        }
    }

    /// The document that the node belongs to.
    pub(crate) fn document(self) -> &'d Document<'d> {
        self.tree.document
    }

    /// The span of the value.
    pub(crate) fn span(self) -> Span {
        self.value().span()
    }

    /// The first byte of the value: the opening bracket of an object or array.
    pub(crate) fn opening(self) -> Span {
        self.value().opening()
    }

    /// The span of the key, quotes included; of the value if there is no key.
    pub(crate) fn key_span(self) -> Span {
        self.entry().written.map_or(self.span(), Member::key_span)
    }

    /// The span that stands for the whole value: its key, or the opening bracket where it has none.
    pub(crate) fn heading(self) -> Span {
        self.entry().written.map_or_else(|| self.opening(), Member::key_span)
    }

    /// The key as written, unescaped.
    pub(crate) fn key(self) -> Option<&'d str> {
        self.entry().written.map(Member::name)
    }

    /// The keys of an object as written, unescaped, including those that are no members of its shape.
    pub(crate) fn keys(self) -> impl Iterator<Item = &'d str> {
        self.value().members().map(Member::name)
    }

    /// The span of a range of this string's unescaped text.
    pub(crate) fn part(self, part: Range<usize>) -> Span {
        Literal::new(self.document().text, self.span()).raw_span(part.into())
    }

    /// The span of a slice of [`Node::text`].
    pub(crate) fn slice(self, slice: &str) -> Span {
        self.parts().slice(slice)
    }

    /// The spans of several parts of this string.
    pub(crate) fn parts(self) -> Parts<'d> {
        Parts { node: self.any(), literal: OnceCell::new() }
    }

    /// Whether this is null, an empty object or an empty array.
    pub(crate) fn is_empty(self) -> bool {
        self.value().is_null() || self.value().is_empty()
    }

    /// Whether this is an object, whatever its shape.
    pub(crate) fn is_object(self) -> bool {
        self.value().is_object()
    }

    /// Whether this is an array, whatever its shape.
    pub(crate) fn is_array(self) -> bool {
        self.value().is_array()
    }

    /// The items of a list.
    pub(crate) fn items(self) -> Children<'d, S::Item>
    where
        S: ListOf,
    {
        self.any().children(|kind| matches!(kind, ShapeKind::List { .. }))
    }

    /// The entries of a map.
    pub(crate) fn entries(self) -> Children<'d, S::Entry>
    where
        S: MapOf,
    {
        self.any().children(|kind| matches!(kind, ShapeKind::Map { .. }))
    }

    /// The span of the previous item of its list or entry of its map.
    pub(crate) fn span_before(self) -> Option<Span> {
        let parent = self.entry().parent;
        let mut before = self.index.checked_sub(1)?;
        // The entry before it in the tree is the last descendant of the previous item.
        while before != parent && self.tree.entry(before).parent != parent {
            before = self.tree.entry(before).parent;
        }
        (before != parent).then(|| self.tree.entry(before).value.span())
    }

    /// The JSON type of the value, with an article.
    pub(crate) fn type_name(self) -> &'static str {
        self.value().type_name()
    }

    /// The unescaped text of a string; none if all of it is masked, so that rules are silent on it.
    #[inline]
    pub(crate) fn text(self) -> Option<&'d str> {
        self.value().text().filter(|_| !self.is_masked())
    }

    /// The unescaped text of a string, even if it is masked.
    pub(crate) fn written_text(self) -> Option<&'d str> {
        self.value().text()
    }

    /// Whether this is a string that is masked as a whole.
    #[inline]
    pub(crate) fn is_masked(self) -> bool {
        self.tree.masks_of(self.index).iter().any(|mask| mask.is_whole)
    }

    /// Whether this is a string of which at least a part is masked.
    pub(crate) fn has_mask(self) -> bool {
        !self.tree.masks_of(self.index).is_empty()
    }

    /// The text of a number, as written.
    pub(crate) fn number(self) -> Option<&'d str> {
        self.value().number()
    }

    /// The value of a number without fraction or exponent.
    pub(crate) fn integer(self) -> Option<i128> {
        self.number()?.parse().ok()
    }

    /// The node with its value, when it is a number without fraction or exponent.
    pub(crate) fn with_integer(self) -> Option<(Node<'d>, i128)> {
        Some((self.any(), self.integer()?))
    }

    /// The value of a boolean.
    pub(crate) fn boolean(self) -> Option<bool> {
        match self.value().content() {
            Content::Boolean(boolean) => Some(boolean),
            _ => None,
        }
    }

    /// Maps spans of this string's unescaped text to spans of the document.
    pub(crate) fn literal(self) -> Literal {
        Literal::new(self.document().text, self.span())
    }
}

/// The spans of parts of a string, whose escapes are read once for all of them.
#[derive(Debug)]
pub(crate) struct Parts<'d> {
    node: Node<'d>,
    literal: OnceCell<Literal>,
}

impl Parts<'_> {
    /// The span of a range of the unescaped text.
    pub(crate) fn part(&self, part: Range<usize>) -> Span {
        self.literal().raw_span(part.into())
    }

    /// The span of a slice of [`Node::text`].
    pub(crate) fn slice(&self, slice: &str) -> Span {
        let text = self.node.written_text().unwrap_or_default();
        let start = slice.as_ptr() as usize - text.as_ptr() as usize;
        self.part(start..start + slice.len())
    }

    /// Maps spans of the unescaped text to spans of the document.
    pub(crate) fn literal(&self) -> &Literal {
        self.literal.get_or_init(|| self.node.literal())
    }
}
