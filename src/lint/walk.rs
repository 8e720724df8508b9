//! Runs the checks of rules on the nodes of a payload.

use std::sync::OnceLock;

use crate::finding::fault::Fault;
use crate::model::shape::Shape;
use crate::rule::{Check, Tree};

/// The checks that run.
#[derive(Debug)]
pub(crate) struct Registry {
    checks: Vec<&'static Check>,
    /// Those on responses, and those on requests; by shape once the first of them is checked.
    sides: [OnceLock<ByShape>; 2],
}

/// Checks by the number of the shape that they run on.
#[derive(Debug)]
struct ByShape(Vec<Vec<&'static Check>>);

impl Registry {
    /// Registers checks.
    pub(crate) fn new(checks: impl Iterator<Item = &'static Check>) -> Self {
        Registry { checks: checks.collect(), sides: Default::default() }
    }

    /// Runs the checks on every node whose value has the JSON type of its shape, then those on the whole payload.
    pub(crate) fn visit(&self, tree: &Tree<'_>, faults: &mut Vec<Fault>) {
        let is_request = tree.is_request();
        let of_side = self.checks.iter().copied().filter(|check| check.rule.sides.has(is_request));
        let by_shape = self.sides[usize::from(is_request)].get_or_init(|| ByShape::of(of_side));
        for index in tree.indices() {
            let Some(shape) = tree.fitting_shape(index) else { continue };
            // Those on the shape that it was derived from come first.
            let base = shape.base();
            for check in by_shape.on(base) {
                check.visit(tree, index, faults);
            }
            if base != shape {
                for check in by_shape.on(shape) {
                    check.visit(tree, index, faults);
                }
            }
        }
        for check in by_shape.on(Shape::Payload) {
            check.visit(tree, 0, faults);
        }
    }
}

impl ByShape {
    fn of(checks: impl Iterator<Item = &'static Check>) -> Self {
        let mut by_shape = vec![Vec::new(); Shape::Payload as usize + 1];
        for check in checks {
            check.on.shapes().iter().for_each(|shape| by_shape[*shape as usize].push(check));
        }
        ByShape(by_shape)
    }

    #[inline]
    fn on(&self, shape: Shape) -> &[&'static Check] {
        &self.0[shape as usize]
    }
}
