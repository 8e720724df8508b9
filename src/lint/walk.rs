//! Runs the checks of rules on the nodes of a payload.

use std::sync::OnceLock;

use crate::finding::fault::Fault;
use crate::model::shape::Shape;
use crate::rule::{Check, Tree};

/// The checks that run.
#[derive(Debug)]
pub(crate) struct Registry {
    checks: Vec<&'static Check>,
    /// Those on responses, and those on requests; sorted when the first of them is checked.
    sides: [OnceLock<ByShape>; 2],
}

/// Checks by the shapes that they run on.
#[derive(Debug)]
struct ByShape {
    /// Those on the first shape, then those on the second one, and so on.
    checks: Vec<&'static Check>,
    /// For each shape, where its checks start; at the end, where the last ones end.
    starts: Vec<usize>,
}

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
        let on_shapes = |check: &'static Check| check.on.shapes().iter().map(move |shape| (*shape as usize, check));
        let mut sorted: Vec<(usize, &Check)> = checks.flat_map(on_shapes).collect();
        sorted.sort_by_key(|(shape, _)| *shape);
        let start = |shape: usize| sorted.partition_point(|(other, _)| *other < shape);
        let starts = (0..=Shape::Payload as usize + 1).map(start).collect();
        ByShape { checks: sorted.into_iter().map(|(_, check)| check).collect(), starts }
    }

    #[inline]
    fn on(&self, shape: Shape) -> &[&'static Check] {
        let shape = shape as usize;
        &self.checks[self.starts[shape]..self.starts[shape + 1]]
    }
}
