//! The facts of a rule: its name, its level and its words. What it checks stands elsewhere.

use crate::finding::Level;

/// What there is to know of a rule.
///
/// Two rules are the same when their names are.
#[derive(Debug)]
pub struct Rule {
    /// The fault in kebab-case; never renamed, never reused.
    pub name: &'static str,
    /// The level of its findings where no setting says otherwise.
    pub level: Level,
    /// Whether it runs only with `--pedantic` or when it is asked for by name.
    pub pedantic: bool,
    /// What must hold, in one line.
    pub summary: &'static str,
    /// Why that matters, for `imagelint explain`.
    pub why: &'static str,
    /// What to do about a finding.
    pub help: &'static str,
    /// The AWS pages, service-model members or standards that say so.
    pub source: &'static [&'static str],
    /// The rules whose findings on the same value this one replaces: one fault, one finding.
    pub outranks: &'static [&'static Rule],
    /// Whether a finding of this rule replaces all others of its payload.
    pub stands_alone: bool,
}

impl Rule {
    /// A rule without words, for `..Rule::BASE`.
    pub(crate) const BASE: Rule = Rule {
        name: "",
        level: Level::Error,
        pedantic: false,
        summary: "",
        why: "",
        help: "",
        source: &[],
        outranks: &[],
        stands_alone: false,
    };

    /// The level that the rule has before settings: `Off` where it must be asked for.
    pub fn default_level(&self) -> Level {
        if self.pedantic { Level::Off } else { self.level }
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other) || self.name == other.name
    }
}

impl Eq for Rule {}
