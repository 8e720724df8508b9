//! The service model as constant tables: the shapes of documents, and the releases that added to them.
//! Knows nothing of documents and rules.

pub(crate) mod release;
pub(crate) mod shape;
pub(crate) mod typed;
