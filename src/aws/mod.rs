//! AWS's vocabulary, each word parsed once. Knows nothing of rules.

pub mod arn;
pub mod partition;
pub mod platform;
pub mod ssm;
pub mod timestamp;
pub mod version;
