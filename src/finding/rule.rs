//! The facts of a rule: its name, its level and its texts. The check itself is a `rule::Check`.

use crate::finding::Level;
use crate::finding::fix::Safety;

/// The facts of a rule.
///
/// ```
/// let rule = imagelint::rules().find(|rule| rule.name == "placement-exclusive").expect("a rule");
/// assert_eq!(rule.default_level(), imagelint::Level::Error);
/// println!("{}: {}", rule.summary, rule.source[0]);
/// ```
///
/// Two rules are equal if they have the same name.
#[derive(Debug)]
pub struct Rule {
    /// The name: the fault in kebab-case. A name is never changed or used again.
    pub name: &'static str,
    /// The level of its findings unless a setting or the finding itself sets another.
    pub level: Level,
    /// Whether the rule is off by default: it runs with `--pedantic` or when settings name it.
    pub pedantic: bool,
    /// What must hold, in one line.
    pub summary: &'static str,
    /// Why that matters, for `imagelint explain`.
    pub why: &'static str,
    /// What to do about a finding.
    pub help: &'static str,
    /// The AWS pages, service-model members or standards that the rule is based on.
    pub source: &'static [&'static str],
    /// The safeties of the fixes that its findings may carry; none if there is nothing that it could fix.
    pub fixes: &'static [Safety],
    /// What code scanning services group rules by, beside their themes.
    pub(crate) tags: &'static [&'static str],
    /// The rules whose findings on the same value a finding of this rule replaces, at the higher level of the two.
    pub(crate) outranks: &'static [&'static Rule],
    /// The rules whose findings on the same value a finding of this rule replaces at its own level, since the model is
    /// known to be wrong about the value.
    pub(crate) excuses: &'static [&'static Rule],
    /// Of what it speaks: of what the service returns, of what is sent to it, or of both.
    pub(crate) sides: Sides,
    /// Whether a finding of this rule replaces all other findings of its payload.
    pub(crate) stands_alone: bool,
}

/// Of what a rule speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sides {
    /// Of responses and of requests.
    Both,
    /// Of what the service returns.
    Responses,
    /// Of what is sent to the service.
    Requests,
}

impl Sides {
    /// Whether it speaks of requests, or else of responses.
    pub(crate) fn has(self, requests: bool) -> bool {
        match self {
            Sides::Both => true,
            Sides::Responses => !requests,
            Sides::Requests => requests,
        }
    }
}

impl Rule {
    /// A rule without name and texts, for `..Rule::BASE`.
    pub(crate) const BASE: Rule = Rule {
        name: "",
        level: Level::Error,
        pedantic: false,
        summary: "",
        why: "",
        help: "",
        source: &[],
        fixes: &[],
        tags: &[],
        outranks: &[],
        excuses: &[],
        sides: Sides::Both,
        stands_alone: false,
    };

    /// For [`Rule::fixes`]: its fixes keep the meaning of a document.
    pub(crate) const SAFELY: &'static [Safety] = &[Safety::Safe];

    /// For [`Rule::fixes`]: its fixes pick one of two meanings.
    pub(crate) const UNSAFELY: &'static [Safety] = &[Safety::Unsafe];

    /// For [`Rule::fixes`]: some are safe, others are not.
    pub(crate) const EITHER_WAY: &'static [Safety] = &[Safety::Safe, Safety::Unsafe];

    /// The names of the safeties of its fixes.
    pub(crate) fn fix_names(&self) -> impl Iterator<Item = &'static str> {
        self.fixes.iter().map(|safety| safety.name())
    }

    /// The level before settings: [`Level::Off`] for pedantic rules.
    pub fn default_level(&self) -> Level {
        if self.pedantic { Level::Off } else { self.level }
    }

    /// The first web page among its sources.
    pub(crate) fn page(&self) -> Option<&'static str> {
        self.source.iter().copied().find(|source| source.starts_with("https:"))
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other) || self.name == other.name
    }
}

impl Eq for Rule {}
