//! AWS's vocabulary, parsed once: ARNs, versions, partitions, instance types, bucket names, user
//! data. Knows nothing of rules.

pub mod arn;
pub mod instance_type;
pub mod partition;
pub mod s3;
pub mod user_data;
pub mod version;
