//! AWS's vocabulary, parsed once: ARNs, versions, partitions, parameter names. Knows nothing of rules.

pub mod arn;
pub mod partition;
pub mod ssm;
pub mod version;
