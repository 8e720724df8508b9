//! What rules are written with: checks and comparisons, nodes, contexts. Knows no rule.

mod check;
mod context;
mod node;
pub(crate) mod pair;
mod tree;

pub(crate) use check::{Check, Each, Reporter};
pub(crate) use context::{ArnNode, Context};
pub(crate) use node::{Node, Parts, Slot};
pub(crate) use tree::{Entry, Placeholders, Tree, UnknownMember};

/// The imports of nearly every file of rules.
pub(crate) mod prelude {
    pub(crate) use crate::document::secret::quoted;
    pub(crate) use crate::finding::fix::Fix;
    pub(crate) use crate::finding::{Level, Rule, Sides};
    pub(crate) use crate::model::shape::Shape;
    pub(crate) use crate::model::typed::{Any, Has, member};
    pub(crate) use crate::rule::{ArnNode, Check, Context, Each, Node, Reporter, Slot};
    pub(crate) use crate::text::quote::counted;
}
