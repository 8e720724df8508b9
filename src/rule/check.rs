//! A rule with its check: its facts, the shapes that it runs on, and the function that looks at their nodes.

use std::fmt;
use std::ops::Deref;

use crate::document::Document;
use crate::finding::Rule;
use crate::finding::fault::Fault;
use crate::model::shape::Shape;
use crate::model::typed::Shapes;
use crate::rule::context::Context;
use crate::rule::node::Node;
use crate::rule::tree::Tree;
use crate::text::literal::Literal;
use crate::text::span::Span;

/// A rule that looks at the nodes of some shapes.
#[derive(Debug)]
pub(crate) struct Check {
    /// Its name, its level and its texts.
    pub(crate) rule: &'static Rule,
    /// The shapes that it runs on, and the function.
    pub(crate) on: &'static dyn On,
}

/// Runs a function on each node of a shape, or of several in a tuple: `Each::<Placement>(|placement, cx| …)`.
pub(crate) struct Each<S: Shapes>(pub(crate) for<'d> fn(Node<'d, S::View>, &mut Reporter<'_, 'd>));

/// [`Each`] without its type parameter.
pub(crate) trait On: Sync {
    /// The shapes.
    fn shapes(&self) -> &'static [Shape];

    /// Checks a node of one of the shapes.
    fn visit<'d>(&self, node: Node<'d>, cx: &mut Reporter<'_, 'd>);
}

impl<S: Shapes> On for Each<S> {
    fn shapes(&self) -> &'static [Shape] {
        S::SHAPES
    }

    fn visit<'d>(&self, node: Node<'d>, cx: &mut Reporter<'_, 'd>) {
        (self.0)(node.assume(), cx);
    }
}

impl fmt::Debug for dyn On {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Each").field(&self.shapes()).finish()
    }
}

impl Check {
    /// Checks the node at an index of a tree and adds its faults.
    #[inline]
    pub(crate) fn visit<'d>(&self, tree: &'d Tree<'d>, index: u32, faults: &mut Vec<Fault>) {
        let mut reporter = Reporter { rule: self.rule, context: Context::new(tree, index), faults };
        self.on.visit(Node::new(tree, index), &mut reporter);
    }
}

/// The second argument of a check: its context, and the methods to report faults.
#[derive(Debug)]
pub(crate) struct Reporter<'f, 'd> {
    rule: &'static Rule,
    context: Context<'d>,
    faults: &'f mut Vec<Fault>,
}

impl<'d> Deref for Reporter<'_, 'd> {
    type Target = Context<'d>;

    fn deref(&self) -> &Context<'d> {
        &self.context
    }
}

impl<'d> Reporter<'_, 'd> {
    /// Reports a fault of the value of a node.
    pub(crate) fn report<S>(&mut self, node: Node<'d, S>, message: impl Into<String>) -> &mut Fault {
        self.report_at(node.span(), message)
    }

    /// Reports a fault of a span that is not a value: a key, or the whole document.
    pub(crate) fn report_at(&mut self, span: Span, message: impl Into<String>) -> &mut Fault {
        self.faults.push(Fault::new(self.rule, span, message));
        self.faults.last_mut().expect("a fault was pushed")
    }

    /// Reports a fault of the document that a string holds, converted to one of the document around it.
    pub(crate) fn adopt(&mut self, literal: &Literal, inner: &Document<'_>, fault: Fault) {
        self.faults.push(fault.within(literal, |span| inner.pointer(span)));
    }
}
