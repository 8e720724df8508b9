//! AWS's vocabulary, parsed once: ARNs, versions, partitions, platforms. Knows nothing of rules.

pub mod arn;
pub mod partition;
pub mod platform;
pub mod version;
