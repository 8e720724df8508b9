//! Texts: positions and spans, string literals, case, patterns, quoting, secrets, suggestions. Knows no document and no rule.

pub(crate) mod automaton;
pub(crate) mod case;
pub(crate) mod encoded;
pub(crate) mod lines;
pub(crate) mod literal;
pub(crate) mod pattern;
pub(crate) mod pool;
pub(crate) mod quote;
pub(crate) mod secret;
pub(crate) mod span;
pub(crate) mod suggest;
pub(crate) mod wrap;
