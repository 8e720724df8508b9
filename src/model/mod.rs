//! The service model as constant tables: the shapes of documents, and the releases that added to them.
//! Knows nothing of documents and rules.

pub mod release;
pub mod shape;
pub mod typed;
