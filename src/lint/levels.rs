//! Which rules run, and the levels of their findings. Knows nothing of where levels are set.

use std::collections::HashMap;

use crate::finding::{Level, Rule};
use crate::rules;
use crate::text::suggest;

/// Which rules run and the levels of their findings.
#[derive(Debug, Default, Clone)]
pub(crate) struct Levels {
    only: Vec<&'static str>,
    pedantic: bool,
    set: HashMap<&'static str, Level>,
}

impl Levels {
    /// All rules at their default levels; with `pedantic` also those that are off by default.
    pub(crate) fn new(pedantic: bool) -> Self {
        Levels { pedantic, ..Levels::default() }
    }

    /// Restricts the run to this rule and the others named this way. It runs even if it was set to off before.
    ///
    /// # Errors
    ///
    /// If there is no rule of that name; the message suggests a similar one.
    pub(crate) fn only(&mut self, name: &str) -> Result<(), String> {
        let name = known(name)?.name;
        self.set.retain(|set, level| *set != name || *level != Level::Off);
        self.only.push(name);
        Ok(())
    }

    /// Sets a rule's level.
    pub(crate) fn set(&mut self, rule: &'static Rule, level: Level) {
        self.set.insert(rule.name, level);
    }

    /// Whether a rule runs.
    pub(crate) fn runs(&self, rule: &Rule) -> bool {
        match self.set.get(rule.name) {
            Some(level) => *level != Level::Off && self.selects(rule),
            None if self.only.is_empty() => self.pedantic || !rule.pedantic,
            None => self.selects(rule),
        }
    }

    /// Whether the rule of that name runs; true if there is no such rule.
    pub(crate) fn runs_named(&self, name: &str) -> bool {
        rules::find(name).is_none_or(|rule| self.runs(rule))
    }

    fn selects(&self, rule: &Rule) -> bool {
        self.only.is_empty() || self.only.contains(&rule.name)
    }

    /// The level of a finding: the one set for the rule, or else `own`, the level that the check gave it.
    pub(crate) fn level(&self, rule: &Rule, own: Level) -> Level {
        self.set.get(rule.name).copied().unwrap_or(own)
    }
}

/// Parses `RULE=LEVEL`.
///
/// # Errors
///
/// If there is no such rule or no such level; the message has one line for each.
pub(crate) fn assigned(assignment: &str) -> Result<(&'static Rule, Level), String> {
    let (name, level) = assignment.split_once('=').ok_or_else(|| format!("`{assignment}` is not RULE=LEVEL"))?;
    let names = Level::ALL.map(Level::name);
    let level = Level::from_name(level)
        .ok_or_else(|| suggest::unknown("level", level, names, "the levels are error, warning, info and off"));
    match (known(name), level) {
        (Ok(rule), Ok(level)) => Ok((rule, level)),
        (rule, level) => Err([rule.err(), level.err()].into_iter().flatten().collect::<Vec<_>>().join("\n")),
    }
}

/// The rule of that name.
///
/// # Errors
///
/// If there is no rule of that name; the message suggests a similar one.
pub(crate) fn known(name: &str) -> Result<&'static Rule, String> {
    let names = || rules::all().map(|rule| rule.name);
    rules::find(name).ok_or_else(|| suggest::unknown("rule", name, names(), "`imagelint rules` lists them"))
}
