//! AWS's vocabulary, parsed once: ARNs, versions, partitions, container images. Knows nothing of rules.

pub mod arn;
pub mod ecr;
pub mod partition;
pub mod version;
