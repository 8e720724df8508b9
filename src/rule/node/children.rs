//! The items of lists and the entries of maps.

use std::marker::PhantomData;

use crate::rule::node::Node;
use crate::rule::tree::Tree;

/// The items of a list or the entries of a map, as nodes of the shape `S`; by default, none. Nearly every rule goes through
/// some: a type of its own is much less code than adapters around each other.
pub(crate) struct Children<'d, S> {
    tree: Option<&'d Tree<'d>>,
    next: u32,
    end: u32,
    shape: PhantomData<fn() -> S>,
}

impl<'d, S> Children<'d, S> {
    /// What is within the node at an index; nothing unless it has any.
    pub(super) fn of(tree: &'d Tree<'d>, index: u32, has_any: bool) -> Self {
        let end = if has_any { tree.end(index) } else { 0 };
        Children { tree: Some(tree), next: index + 1, end, shape: PhantomData }
    }
}

impl<S> Default for Children<'_, S> {
    fn default() -> Self {
        Children { tree: None, next: 0, end: 0, shape: PhantomData }
    }
}

impl<'d, S> Iterator for Children<'d, S> {
    type Item = Node<'d, S>;

    fn next(&mut self) -> Option<Node<'d, S>> {
        let tree = self.tree.filter(|_| self.next < self.end)?;
        let index = self.next;
        self.next = tree.end(index);
        Some(Node { tree, index, shape: PhantomData })
    }
}
