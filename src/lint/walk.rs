//! Runs the checks of rules on the nodes of a payload.

use crate::finding::fault::Fault;
use crate::model::shape::Shape;
use crate::rule::{Check, Tree};

/// The checks that run, by shape.
#[derive(Debug)]
pub(crate) struct Registry {
    by_shape: Vec<Vec<&'static Check>>,
}

impl Registry {
    /// Registers checks.
    pub(crate) fn new(checks: impl Iterator<Item = &'static Check>) -> Self {
        let mut by_shape = vec![Vec::new(); Shape::Payload as usize + 1];
        for check in checks {
            for shape in check.on.shapes() {
                by_shape[shape as usize].push(check);
            }
        }
        Registry { by_shape }
    }

    /// The checks on a shape: those on the one that it was derived from, and its own.
    fn on(&self, shape: Shape) -> impl Iterator<Item = &'static Check> {
        let base = shape.base();
        let own = if base == shape { &[][..] } else { &self.by_shape[shape as usize] };
        self.by_shape[base as usize].iter().chain(own).copied()
    }

    /// Runs the checks on every node whose value has the JSON type of its shape, then those on the whole payload.
    pub(crate) fn visit(&self, tree: &Tree<'_>, faults: &mut Vec<Fault>) {
        let is_request = tree.is_request();
        let applies = |check: &&Check| check.rule.sides.has(is_request);
        for index in tree.indices() {
            for check in tree.fitting_shape(index).into_iter().flat_map(|shape| self.on(shape)).filter(applies) {
                check.visit(tree, index, faults);
            }
        }
        for check in self.on(Shape::Payload).filter(applies) {
            check.visit(tree, 0, faults);
        }
    }
}
