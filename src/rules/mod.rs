//! All rules, one file per theme. A rule is a value; this list is the only place that names it again.

mod arn;
mod hygiene;
mod infrastructure;
mod instance;
mod name;
mod partition;
mod placement;
mod recipe;
mod reference;
mod step_count;
mod user_data;
mod version;

use crate::rule::Rule;
use crate::structure;

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
    Theme { name: "Structure", rules: &structure::RULES },
    Theme { name: "Document hygiene", rules: hygiene::RULES },
    Theme { name: "ARNs", rules: arn::RULES },
    Theme { name: "Versions", rules: version::RULES },
    Theme { name: "Names", rules: name::RULES },
    Theme { name: "Partitions, regions, accounts", rules: partition::RULES },
    Theme { name: "Version references", rules: reference::RULES },
    Theme { name: "Recipe and output", rules: recipe::RULES },
    Theme { name: "Placement", rules: placement::RULES },
    Theme { name: "Build instances", rules: instance::RULES },
    Theme { name: "User data", rules: user_data::RULES },
    Theme { name: "Infrastructure", rules: infrastructure::RULES },
    Theme { name: "Step counts", rules: step_count::RULES },
];

/// Every rule.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    THEMES.iter().flat_map(|theme| theme.rules.iter().copied())
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.name == name)
}
