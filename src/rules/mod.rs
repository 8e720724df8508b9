//! All rules, one file per theme. A rule is a value; this list is the only place that names it again.

mod across;
mod aggregation;
mod ami_name;
mod arn;
mod base_image;
mod block_device;
mod build_origin;
mod component;
mod container;
mod date;
mod distribution;
mod distribution_detail;
mod dockerfile;
mod ebs;
mod envelope;
mod event;
mod execution;
mod execution_role;
mod failure;
mod fast_launch;
pub(crate) mod house_schema;
mod hygiene;
mod infrastructure;
mod instance;
mod kms;
mod launch_permission;
mod launch_template;
mod listing;
mod name;
mod notification;
mod output;
mod partition;
mod pcluster;
mod pcluster_stack;
mod pipeline;
mod placement;
mod policy;
mod product;
mod recipe;
mod reference;
mod repeat;
mod resource_id;
mod scan;
mod scan_finding;
mod source;
mod ssm_parameter;
mod state;
mod step;
mod step_action;
mod step_count;
pub(crate) mod structure;
mod tag;
mod user_data;
mod version;
mod watermark;
mod workflow;

use crate::rule::Rule;

pub use across::PAIRINGS;
pub use hygiene::presigned_urls;

/// A theme of the catalogue and its rules.
#[derive(Debug)]
pub struct Theme {
    /// The name in lists and on pages.
    pub name: &'static str,
    /// Its rules.
    pub rules: &'static [&'static Rule],
}

/// Every rule by theme.
pub static THEMES: &[Theme] = &[
    Theme { name: "Structure", rules: structure::RULES },
    Theme { name: "Document hygiene", rules: hygiene::RULES },
    Theme { name: "ARNs", rules: arn::RULES },
    Theme { name: "Versions", rules: version::RULES },
    Theme { name: "Names", rules: name::RULES },
    Theme { name: "Partitions, regions, accounts", rules: partition::RULES },
    Theme { name: "Version references", rules: reference::RULES },
    Theme { name: "State and lifecycle", rules: state::RULES },
    Theme { name: "Failures", rules: failure::RULES },
    Theme { name: "Recipe and output", rules: recipe::RULES },
    Theme { name: "Build origin and platform", rules: build_origin::RULES },
    Theme { name: "Components", rules: component::RULES },
    Theme { name: "Base images", rules: base_image::RULES },
    Theme { name: "Resource ids", rules: resource_id::RULES },
    Theme { name: "Block devices", rules: block_device::RULES },
    Theme { name: "EBS volumes", rules: ebs::RULES },
    Theme { name: "KMS keys", rules: kms::RULES },
    Theme { name: "Placement", rules: placement::RULES },
    Theme { name: "Distribution", rules: distribution::RULES },
    Theme { name: "AMI names", rules: ami_name::RULES },
    Theme { name: "Launch permissions", rules: launch_permission::RULES },
    Theme { name: "Watermarks", rules: watermark::RULES },
    Theme { name: "SSM parameters", rules: ssm_parameter::RULES },
    Theme { name: "Tests and scanning", rules: scan::RULES },
    Theme { name: "Workflows", rules: workflow::RULES },
    Theme { name: "Execution role and logs", rules: execution_role::RULES },
    Theme { name: "Dates", rules: date::RULES },
    Theme { name: "Fast launch", rules: fast_launch::RULES },
    Theme { name: "Launch templates", rules: launch_template::RULES },
    Theme { name: "Distribution details", rules: distribution_detail::RULES },
    Theme { name: "Container images", rules: container::RULES },
    Theme { name: "Outputs", rules: output::RULES },
    Theme { name: "Tags", rules: tag::RULES },
    Theme { name: "Build instances", rules: instance::RULES },
    Theme { name: "User data", rules: user_data::RULES },
    Theme { name: "Infrastructure", rules: infrastructure::RULES },
    Theme { name: "Step counts", rules: step_count::RULES },
    Theme { name: "Resource policies", rules: policy::RULES },
    Theme { name: "Dockerfile templates", rules: dockerfile::RULES },
    Theme { name: "Pipelines", rules: pipeline::RULES },
    Theme { name: "Lists", rules: listing::RULES },
    Theme { name: "Workflow executions", rules: execution::RULES },
    Theme { name: "Workflow steps", rules: step::RULES },
    Theme { name: "Step actions", rules: step_action::RULES },
    Theme { name: "Scan findings", rules: scan_finding::RULES },
    Theme { name: "Scan finding aggregations", rules: aggregation::RULES },
    Theme { name: "Envelopes and errors", rules: envelope::RULES },
    Theme { name: "Events", rules: event::RULES },
    Theme { name: "Notifications", rules: notification::RULES },
    Theme { name: "ParallelCluster images", rules: pcluster::RULES },
    Theme { name: "ParallelCluster stacks", rules: pcluster_stack::RULES },
    Theme { name: "Across documents", rules: across::RULES },
    Theme { name: "House schemas", rules: house_schema::RULES },
];

/// Every rule.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    THEMES.iter().flat_map(|theme| theme.rules.iter().copied())
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.name == name)
}
