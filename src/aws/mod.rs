//! Parsers and tables for what AWS defines: ARNs, ids, versions, dates, limits. Knows no rule. What AWS's models list is
//! derived from them; tables written here add what only its pages say.

pub(crate) mod arn;
pub(crate) mod cron;
mod derived;
pub(crate) mod dockerfile;
pub(crate) mod ebs;
pub(crate) mod ecr;
pub(crate) mod error;
pub(crate) mod image_reference;
pub(crate) mod instance_type;
pub(crate) mod kms;
pub(crate) mod mask;
pub(crate) mod partition;
pub(crate) mod placeholder;
pub(crate) mod platform;
pub(crate) mod resource_id;
pub(crate) mod s3;
pub(crate) mod schedule;
pub(crate) mod slug;
pub(crate) mod ssm;
pub(crate) mod step_action;
pub(crate) mod time_zone;
pub(crate) mod timestamp;
pub(crate) mod user_data;
pub(crate) mod version;
