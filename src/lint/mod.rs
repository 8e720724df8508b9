//! From a text to its findings: the linter, the walk over payloads, structure, house schemas, levels, fixes.

pub mod claims;
pub mod fixer;
pub mod house;
pub mod levels;
pub mod linter;
pub mod structure;
pub mod walk;
