//! Members of structures by their names.

use std::marker::PhantomData;

use crate::model::shape::Kind as ShapeKind;
use crate::model::typed::{Has, ListOf, MapOf, MemberName, MemberOf};
use crate::rule::node::Node;
use crate::rule::node::children::Children;

/// What does the work, without type parameters: the methods below are compiled for hundreds of them.
impl<'d> Node<'d> {
    /// The place of a member in the shape.
    #[inline]
    fn place_of(self, member: &MemberOf) -> Option<usize> {
        let shape = self.exact_shape();
        // Another serialisation may give a member another shape than the type: then the name is looked up in that one.
        member.index_in(shape).or_else(|| shape.member_index(member.name))
    }

    /// The index of a member.
    pub(super) fn index_of(self, member: &MemberOf) -> Option<u32> {
        self.tree.member(self.index, self.place_of(member)?)
    }

    /// The index of a member; none if it is empty.
    pub(super) fn filled_index_of(self, member: &MemberOf) -> Option<u32> {
        self.tree.filled_member(self.index, self.place_of(member)?)
    }

    /// The text of a member, when it is a string.
    fn text_of(self, member: &MemberOf) -> Option<&'d str> {
        self.with_text_of(member).map(|(_, text)| text)
    }

    /// A member with its text, when it is a string.
    fn with_text_of(self, member: &MemberOf) -> Option<(Self, &'d str)> {
        let node = Node::new(self.tree, self.filled_index_of(member)?);
        Some((node, node.text()?))
    }

    /// The member of the first of some names that the shape has; empty ones count as absent.
    #[inline]
    fn get_named(self, names: &[&str]) -> Option<Self> {
        let shape = self.exact_shape();
        let place = names.iter().find_map(|name| shape.member_index(name))?;
        Some(Node::new(self.tree, self.tree.filled_member(self.index, place)?))
    }
}

impl<'d, S> Node<'d, S> {
    /// The member of that name. Empty objects, empty arrays and null count as absent. A misspelt key counts as the
    /// member that it most likely means.
    #[inline]
    pub(crate) fn get<M>(self, _: M) -> Option<Node<'d, <S as Has<M>>::Value>>
    where
        S: Has<M>,
    {
        let index = self.any().filled_index_of(S::MEMBER)?;
        Some(Node { tree: self.tree, index, shape: PhantomData })
    }

    /// The member of that name, even when it is empty; null counts as absent.
    pub(crate) fn find<M>(self, _: M) -> Option<Node<'d, <S as Has<M>>::Value>>
    where
        S: Has<M>,
    {
        let index = self.any().index_of(S::MEMBER)?;
        Some(Node { tree: self.tree, index, shape: PhantomData })
    }

    /// The member of that name as written, even when it is null.
    pub(crate) fn written<M>(self, _: M) -> Option<Node<'d>>
    where
        S: Has<M>,
    {
        let mut members = self.any().children(|kind| matches!(kind, ShapeKind::Structure { .. }));
        members.find(|node: &Node<'d>| node.key() == Some(S::MEMBER.name))
    }

    /// The text of the member of that name, when it is a string.
    pub(crate) fn get_text<M>(self, _: M) -> Option<&'d str>
    where
        S: Has<M>,
    {
        self.any().text_of(S::MEMBER)
    }

    /// The member of that name with its text, when it is a string.
    pub(crate) fn get_with_text<M>(self, _: M) -> Option<(Node<'d>, &'d str)>
    where
        S: Has<M>,
    {
        self.any().with_text_of(S::MEMBER)
    }

    /// The member of that name, for nodes whose shape is not known; none if the shape has no such member.
    pub(crate) fn get_if_any<M: MemberName>(self, _: M) -> Option<Node<'d>> {
        self.any().get_named(M::NAMES)
    }

    /// The items of the list that is the member of that name; none if it is absent.
    pub(crate) fn items_of<M>(self, member: M) -> Children<'d, <S::Value as ListOf>::Item>
    where
        S: Has<M, Value: ListOf>,
    {
        self.get(member).map(Node::items).unwrap_or_default()
    }

    /// The entries of the map that is the member of that name; none if it is absent.
    pub(crate) fn entries_of<M>(self, member: M) -> Children<'d, <S::Value as MapOf>::Entry>
    where
        S: Has<M, Value: MapOf>,
    {
        self.get(member).map(Node::entries).unwrap_or_default()
    }
}
