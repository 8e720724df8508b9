//! Which payloads a document holds, and of which kind each is. Knows no rule.

pub mod envelope;
pub mod kind;
pub mod payload;
