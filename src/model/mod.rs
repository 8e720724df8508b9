//! The service model as constant tables: the shapes, and the releases that added to them. Knows no document and no
//! rule.

mod name_hash;
pub(crate) mod release;
pub(crate) mod shape;
pub(crate) mod typed;
