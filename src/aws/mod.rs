//! AWS's vocabulary, each word parsed once. Knows nothing of rules.

pub mod arn;
pub mod ebs;
pub mod ecr;
pub mod image_reference;
pub mod kms;
pub mod partition;
pub mod platform;
pub mod resource_id;
pub mod ssm;
pub mod timestamp;
pub mod version;
