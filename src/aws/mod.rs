//! AWS's vocabulary, each word parsed once. Knows nothing of rules.

pub mod arn;
pub mod dockerfile;
pub mod ebs;
pub mod ecr;
pub mod error;
pub mod image_reference;
pub mod instance_type;
pub mod kms;
pub mod mask;
pub mod partition;
pub mod platform;
pub mod resource_id;
pub mod s3;
pub mod schedule;
pub mod ssm;
pub mod step_action;
pub mod time_zone;
pub mod timestamp;
pub mod user_data;
pub mod version;
