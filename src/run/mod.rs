//! Inputs to outputs: which inputs there are, how they are read, checked, fixed and compared.

pub mod atomic_file;
pub mod baseline;
pub mod blocks;
pub mod check;
pub mod compare;
pub mod fix;
pub mod input;
pub mod progress;
pub mod session;
pub mod stdio;
