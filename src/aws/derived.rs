//! Constant tables that `build/` generates from `schemas/aws.json`: the names that AWS's models list.

use crate::aws::partition::Partition;

include!(concat!(env!("OUT_DIR"), "/aws.rs"));
