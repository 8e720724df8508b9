//! All rules, one file per theme. Each file lists its rules in `RULES`, and [`THEMES`] lists the files.

mod across;
mod across_request;
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
mod execution_stage;
mod failed_call;
mod failure;
mod fast_launch;
pub(crate) mod house_schema;
mod hygiene;
mod infrastructure;
mod instance;
mod kms;
mod launch_permission;
mod launch_template;
mod lifecycle;
mod lifecycle_filter;
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
mod recipe;
mod reference;
mod request;
mod request_import;
mod request_recipe;
mod request_state;
mod resource_id;
mod scan;
mod scan_finding;
mod ssm_parameter;
mod state;
mod step;
mod step_action;
mod step_count;
pub(crate) mod structure;
mod tag;
mod user_data;
mod version;
mod version_arn;
mod view;
mod watermark;
mod workflow;

use crate::finding::Rule;
use crate::rule::Check;
use crate::rule::pair::Pair;

pub(crate) use hygiene::{MASKED_VALUE, stored_secrets};
pub(crate) use notification::message_is_not_json;
pub(crate) use request::{REQUEST_PLACEHOLDER, REQUEST_RESPONSE_MEMBER, UPDATE_FIXED_MEMBER};

/// A theme of the catalogue and its rules.
#[derive(Debug)]
pub(crate) struct Theme {
    /// The name in lists and on pages.
    pub(crate) name: &'static str,
    entries: Entries,
}

/// The rules of a theme, by what they do.
#[derive(Debug)]
enum Entries {
    /// Checks of nodes.
    Checks(&'static [&'static Check]),
    /// Comparisons of documents.
    Pairs(&'static [&'static Pair]),
    /// Rules without a check, which the linter itself reports.
    Rules(&'static [&'static Rule]),
    /// Checks of nodes, and rules without a check.
    Mixed(&'static [Entry]),
}

/// One of the rules of a theme.
#[derive(Debug)]
enum Entry {
    Check(&'static Check),
    Rule(&'static Rule),
}

impl Theme {
    const fn checks(name: &'static str, checks: &'static [&'static Check]) -> Self {
        Theme { name, entries: Entries::Checks(checks) }
    }

    const fn pairs(name: &'static str, pairs: &'static [&'static Pair]) -> Self {
        Theme { name, entries: Entries::Pairs(pairs) }
    }

    const fn rules(name: &'static str, rules: &'static [&'static Rule]) -> Self {
        Theme { name, entries: Entries::Rules(rules) }
    }

    /// Its rules, in the order in which they are listed.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static Rule> + use<> {
        let rules: Vec<&Rule> = match self.entries {
            Entries::Checks(checks) => checks.iter().map(|check| check.rule).collect(),
            Entries::Pairs(pairs) => pairs.iter().map(|pair| pair.rule).collect(),
            Entries::Rules(rules) => rules.to_vec(),
            Entries::Mixed(entries) => entries
                .iter()
                .map(|entry| match entry {
                    Entry::Check(check) => check.rule,
                    Entry::Rule(rule) => rule,
                })
                .collect(),
        };
        rules.into_iter()
    }
}

/// Every rule by theme.
pub(crate) static THEMES: &[Theme] = &[
    Theme::rules("Structure", structure::RULES),
    Theme { name: "Document hygiene", entries: Entries::Mixed(hygiene::RULES) },
    Theme::checks("ARNs", arn::RULES),
    Theme::checks("Versions", version::RULES),
    Theme::checks("Versions and ARNs", version_arn::RULES),
    Theme::checks("Names", name::RULES),
    Theme::checks("Partitions, regions, accounts", partition::RULES),
    Theme::checks("Version references", reference::RULES),
    Theme::checks("State and lifecycle", state::RULES),
    Theme::checks("Failures", failure::RULES),
    Theme::checks("Recipe and output", recipe::RULES),
    Theme::checks("Build origin and platform", build_origin::RULES),
    Theme::checks("Components", component::RULES),
    Theme::checks("Base images", base_image::RULES),
    Theme::checks("Resource ids", resource_id::RULES),
    Theme::checks("Block devices", block_device::RULES),
    Theme::checks("EBS volumes", ebs::RULES),
    Theme::checks("KMS keys", kms::RULES),
    Theme::checks("Placement", placement::RULES),
    Theme::checks("Distribution", distribution::RULES),
    Theme::checks("AMI names", ami_name::RULES),
    Theme::checks("Launch permissions", launch_permission::RULES),
    Theme::checks("Watermarks", watermark::RULES),
    Theme::checks("SSM parameters", ssm_parameter::RULES),
    Theme::checks("Tests and scanning", scan::RULES),
    Theme::checks("Workflows", workflow::RULES),
    Theme::checks("Execution role and logs", execution_role::RULES),
    Theme::checks("Dates", date::RULES),
    Theme::checks("Fast launch", fast_launch::RULES),
    Theme::checks("Launch templates", launch_template::RULES),
    Theme::checks("Distribution details", distribution_detail::RULES),
    Theme::checks("Container images", container::RULES),
    Theme::checks("Outputs", output::RULES),
    Theme::checks("Tags", tag::RULES),
    Theme::checks("Build instances", instance::RULES),
    Theme::checks("User data", user_data::RULES),
    Theme::checks("Infrastructure", infrastructure::RULES),
    Theme::checks("Step counts", step_count::RULES),
    Theme::checks("Resource policies", policy::RULES),
    Theme::checks("Dockerfile templates", dockerfile::RULES),
    Theme::checks("Pipelines", pipeline::RULES),
    Theme { name: "Requests", entries: Entries::Mixed(request::RULES) },
    Theme::checks("Requests for recipes", request_recipe::RULES),
    Theme::checks("Requests for imports and documents", request_import::RULES),
    Theme::checks("Requests for other states", request_state::RULES),
    Theme::checks("Lifecycle policies", lifecycle::RULES),
    Theme::checks("Filters of lifecycle policies", lifecycle_filter::RULES),
    Theme::checks("Lists", listing::RULES),
    Theme::checks("Workflow executions", execution::RULES),
    Theme::checks("Workflow stages", execution_stage::RULES),
    Theme::checks("Workflow steps", step::RULES),
    Theme::checks("Step actions", step_action::RULES),
    Theme::checks("Scan findings", scan_finding::RULES),
    Theme::checks("Scan finding aggregations", aggregation::RULES),
    Theme::checks("Envelopes", envelope::RULES),
    Theme::checks("Errors", failed_call::RULES),
    Theme::checks("Events", event::RULES),
    Theme::checks("Notifications", notification::RULES),
    Theme::checks("ParallelCluster images", pcluster::RULES),
    Theme::checks("ParallelCluster stacks", pcluster_stack::RULES),
    Theme::pairs("Across documents", across::RULES),
    Theme::pairs("Requests and what came of them", across_request::RULES),
    Theme::rules("House schemas", house_schema::RULES),
];

/// Every rule.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    THEMES.iter().flat_map(Theme::iter)
}

/// Every check of nodes.
pub(crate) fn checks() -> impl Iterator<Item = &'static Check> {
    THEMES.iter().flat_map(|theme| -> Vec<&Check> {
        match theme.entries {
            Entries::Checks(checks) => checks.to_vec(),
            Entries::Mixed(entries) => entries
                .iter()
                .filter_map(|entry| match entry {
                    Entry::Check(check) => Some(*check),
                    Entry::Rule(_) => None,
                })
                .collect(),
            Entries::Pairs(_) | Entries::Rules(_) => Vec::new(),
        }
    })
}

/// Every comparison of documents.
pub(crate) fn pairs() -> impl Iterator<Item = &'static Pair> {
    THEMES.iter().flat_map(|theme| match theme.entries {
        Entries::Pairs(pairs) => pairs.iter().copied(),
        _ => [].iter().copied(),
    })
}

/// The rule of that name.
pub(crate) fn find(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.name == name)
}

#[cfg(test)]
mod tests {
    use super::all;
    use crate::finding::Level;

    /// How a source may start: a page of AWS, a repository of AWS, a standard, the service model, or the reason why no
    /// page says it.
    const SOURCES: [&str; 12] = [
        "https://docs.aws.amazon.com/",
        "https://github.com/aws/",
        "https://github.com/boto/",
        "https://github.com/opencontainers/distribution-spec/",
        "https://json-schema.org/",
        "https://learn.microsoft.com/",
        "https://www.first.org/cvss/",
        "https://www.iana.org/",
        "https://www.rfc-editor.org/",
        "service model: ",
        "observed: ",
        "derived: ",
    ];

    #[test]
    fn rules_have_names_words_and_sources() {
        for rule in all() {
            let name = rule.name;
            let kebab = name.split('-').all(|word| {
                !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            });
            assert!(kebab && !name.starts_with("no-") && !name.starts_with("must-"), "{name}");
            assert_eq!(all().filter(|other| other.name == name).count(), 1, "{name}: two rules have that name");
            for words in [rule.summary, rule.why, rule.help] {
                assert!(words.len() > 8, "{name}: `{words}`");
            }
            assert!(
                rule.why.ends_with('.') && !rule.summary.ends_with('.') && !rule.help.ends_with('.'),
                "{name}: full stops"
            );
            assert_ne!(rule.level, Level::Off, "{name}");
            assert!(!rule.source.is_empty(), "{name} has no source");
            for source in rule.source {
                assert!(SOURCES.iter().any(|start| source.starts_with(start)), "{name}: {source}");
                let reason = source.strip_prefix("observed: ").or_else(|| source.strip_prefix("derived: "));
                assert!(reason.is_none_or(|reason| reason.contains(' ') && !reason.ends_with('.')), "{name}: {source}");
            }
        }
    }
}
