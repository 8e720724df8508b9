//! Inputs to outputs: which inputs there are, how they are read, checked, fixed and compared.

pub(crate) mod atomic_file;
pub(crate) mod baseline;
pub(crate) mod blocks;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod fix;
pub(crate) mod input;
pub(crate) mod progress;
pub(crate) mod session;
pub(crate) mod stdio;
