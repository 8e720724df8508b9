//! AWS's vocabulary, parsed once: ARNs, versions, partitions. Knows nothing of rules.

pub mod arn;
pub mod partition;
pub mod version;
