//! Texts: places in them, string literals, quoting, suggestions. Knows no document and no rule.

pub mod lines;
pub mod literal;
pub mod quote;
pub mod span;
pub mod suggest;
