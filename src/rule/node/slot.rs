//! Members of structures as values.

use crate::model::typed::Has;
use crate::rule::node::Node;

/// A member of a structure as a value, for tables of members.
pub(crate) struct Slot<S> {
    /// The name of the member in the service's own spelling.
    pub(crate) name: &'static str,
    find: for<'d> fn(Node<'d, S>) -> Option<Node<'d>>,
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
        Slot { name: S::MEMBER.name, find: |node| node.find_typed::<M>().map(Node::any) }
    }
}

impl<'d, S> Node<'d, S> {
    /// The member in a slot; empty objects, empty arrays and null count as absent.
    pub(crate) fn get_in(self, slot: Slot<S>) -> Option<Node<'d>> {
        self.find_in(slot).filter(|node| !node.is_empty())
    }

    /// The member in a slot, even when it is empty; null counts as absent.
    pub(crate) fn find_in(self, slot: Slot<S>) -> Option<Node<'d>> {
        (slot.find)(self)
    }
}
