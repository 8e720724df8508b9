//! Texts: positions and spans, string literals, quoting, suggestions. Knows no document and no rule.

pub(crate) mod lines;
pub(crate) mod literal;
pub(crate) mod quote;
pub(crate) mod span;
pub(crate) mod suggest;
