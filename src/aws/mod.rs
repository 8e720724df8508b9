//! AWS's vocabulary, parsed once: ARNs, versions, partitions, ids, volume types. Knows nothing of rules.

pub mod arn;
pub mod ebs;
pub mod image_reference;
pub mod kms;
pub mod partition;
pub mod resource_id;
pub mod version;
