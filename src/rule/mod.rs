//! What a rule is. A rule is a value; [`crate::rules`] lists them all.

pub mod context;
pub mod node;
pub mod pair;

use crate::finding::Level;
use crate::model::shape::Shape;
use crate::rule::context::Context;
use crate::rule::node::Node;

/// A rule: its name, its words, and the check that it runs on every node of its shapes.
#[derive(Debug)]
pub struct Rule {
    /// The fault in kebab-case; never renamed, never reused.
    pub name: &'static str,
    /// The level of its findings where no setting says otherwise.
    pub level: Level,
    /// Whether it runs only with `--pedantic` or when it is asked for by name.
    pub pedantic: bool,
    /// The shapes it runs on. None for the structural rules, which the walk itself checks.
    pub on: &'static [Shape],
    /// What must hold, in one line.
    pub summary: &'static str,
    /// Why that matters, for `imagelint explain`.
    pub why: &'static str,
    /// What to do about a finding.
    pub help: &'static str,
    /// The AWS pages, service-model members or standards that say so.
    pub source: &'static [&'static str],
    /// The rules whose findings on the same value this one replaces: one fault, one finding.
    pub outranks: &'static [&'static str],
    /// Looks at a node and reports to the context.
    pub check: for<'d> fn(Node<'d>, &mut Context<'d>),
}

impl Rule {
    /// The values of a structural rule; a base for `..Rule::BASE`.
    pub const BASE: Rule = Rule {
        name: "",
        level: Level::Error,
        pedantic: false,
        on: &[],
        summary: "",
        why: "",
        help: "",
        source: &[],
        outranks: &[],
        check: |_, _| {},
    };

    /// The level that the rule has before settings: `Off` where it must be asked for.
    pub fn default_level(&self) -> Level {
        if self.pedantic { Level::Off } else { self.level }
    }
}
