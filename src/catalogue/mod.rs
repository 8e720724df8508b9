//! What there is: rules and kinds as lists, the page about each rule, the schema of each kind.

pub mod listing;
pub mod page;
pub mod schema;
