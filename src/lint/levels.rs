//! Which rules run, and at which level they report. Knows not who says so.

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
    /// All rules at their own levels; with `pedantic` also those that are off by default.
    pub(crate) fn new(pedantic: bool) -> Self {
        Levels { pedantic, ..Levels::default() }
    }

    /// Runs this rule and the others so named, and no more; a rule that was off before runs as well.
    ///
    /// # Errors
    ///
    /// Where there is no rule of that name; the text suggests one.
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

    /// Whether findings of a rule of that name can be reported; so they can if there is no such rule.
    pub(crate) fn runs_named(&self, name: &str) -> bool {
        rules::find(name).is_none_or(|rule| self.runs(rule))
    }

    fn selects(&self, rule: &Rule) -> bool {
        self.only.is_empty() || self.only.contains(&rule.name)
    }

    /// The level of a rule's finding: the one set for the rule, or else its own.
    pub(crate) fn level(&self, rule: &Rule, own: Level) -> Level {
        self.set.get(rule.name).copied().unwrap_or(own)
    }
}

/// The rule and the level in `RULE=LEVEL`.
///
/// # Errors
///
/// Where there is no such rule or no such level; each has a line of the text.
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

/// The rule of that name, or a text that suggests one.
///
/// # Errors
///
/// Where there is no rule of that name.
pub(crate) fn known(name: &str) -> Result<&'static Rule, String> {
    let names = || rules::all().map(|rule| rule.name);
    rules::find(name).ok_or_else(|| suggest::unknown("rule", name, names(), "`imagelint rules` lists them"))
}
