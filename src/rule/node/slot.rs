//! Members of structures as values.

use std::marker::PhantomData;

use crate::model::typed::{Has, MemberOf};
use crate::rule::node::Node;

/// A member of a structure as a value, for tables of members.
pub(crate) struct Slot<S> {
    member: &'static MemberOf,
    shape: PhantomData<fn() -> S>,
}

impl<S> Clone for Slot<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Slot<S> {}

impl<S> Slot<S> {
    /// The slot of a member.
    pub(crate) const fn of<M: Copy>(_: M) -> Self
    where
        S: Has<M>,
    {
        Slot { member: S::MEMBER, shape: PhantomData }
    }

    /// The name of the member in the service's own spelling.
    pub(crate) fn name(self) -> &'static str {
        self.member.name
    }
}

impl<'d, S> Node<'d, S> {
    /// The member in a slot; empty objects, empty arrays and null count as absent.
    pub(crate) fn get_in(self, slot: Slot<S>) -> Option<Node<'d>> {
        self.any().filled_index_of(slot.member).map(|index| Node::new(self.tree, index))
    }

    /// The member in a slot, even when it is empty; null counts as absent.
    pub(crate) fn find_in(self, slot: Slot<S>) -> Option<Node<'d>> {
        self.any().index_of(slot.member).map(|index| Node::new(self.tree, index))
    }
}
