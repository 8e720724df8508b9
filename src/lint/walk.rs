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
        let derived: Vec<Shape> = Shape::all().map(|(shape, _)| shape).filter(|shape| shape.base() != *shape).collect();
        for check in checks {
            for shape in check.on.shapes() {
                by_shape[shape as usize].push(check);
                for other in derived.iter().filter(|other| other.base() == shape) {
                    by_shape[*other as usize].push(check);
                }
            }
        }
        Registry { by_shape }
    }

    fn on(&self, shape: Shape) -> &[&'static Check] {
        &self.by_shape[shape as usize]
    }

    /// Runs the checks on every node whose value has the JSON type of its shape, then those on the whole payload.
    pub(crate) fn visit(&self, tree: &Tree<'_>, faults: &mut Vec<Fault>) {
        let is_request = tree.is_request();
        let applies = |check: &&&Check| !(is_request && check.rule.responses_only);
        for index in tree.indices() {
            for check in tree.fitting_shape(index).into_iter().flat_map(|shape| self.on(shape)).filter(applies) {
                check.visit(tree, index, faults);
            }
        }
        for check in self.on(Shape::Payload).iter().filter(applies) {
            check.visit(tree, 0, faults);
        }
    }
}
