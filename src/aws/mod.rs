//! AWS's vocabulary, parsed once: ARNs, versions, partitions, timestamps. Knows nothing of rules.

pub mod arn;
pub mod partition;
pub mod timestamp;
pub mod version;
