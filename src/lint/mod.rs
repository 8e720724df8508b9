//! Linting: from a text to its findings, by structure, checks and house schemas, under levels; and fixes of texts.

pub(crate) mod age;
pub(crate) mod claims;
mod finish;
pub(crate) mod fixer;
#[cfg(feature = "house-schemas")]
pub(crate) mod house;
pub(crate) mod identity;
#[cfg(feature = "cli")]
pub(crate) mod keys;
pub(crate) mod levels;
pub(crate) mod linter;
mod settle;
pub(crate) mod spelling;
mod structure;
mod walk;

pub(crate) use finish::{Finisher, OtherLabels};
