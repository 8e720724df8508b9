//! Runs: finds inputs, reads, checks, fixes and compares them, and writes outputs.

pub(crate) mod atomic_file;
pub(crate) mod baseline;
pub(crate) mod blocks;
pub(crate) mod check;
pub(crate) mod checker;
mod compare;
mod file_identity;
pub(crate) mod fix;
pub(crate) mod input;
pub(crate) mod keys;
pub(crate) mod kinds;
pub(crate) mod progress;
pub(crate) mod scopes;
pub(crate) mod session;
pub(crate) mod silence;
pub(crate) mod stdio;
pub(crate) mod temporary;
pub(crate) mod threads;
