//! Reports: renders findings in several formats. Knows no rule's logic and opens no file.

#[cfg(feature = "cli")]
pub(crate) mod diff;
mod excerpt;
mod fingerprint;
pub(crate) mod format;
mod output;
mod paths;
mod source;
mod summary;

pub(crate) use format::{Entry, FORMATS, Format, Fragment, Options, Style};
pub(crate) use output::Output;
pub(crate) use source::Source;
pub(crate) use summary::{Summary, Unreadable};

use crate::finding::{Finding, Rule};

/// The first web page among the sources of a rule.
pub(crate) fn address(rule: &Rule) -> Option<&'static str> {
    rule.source.iter().copied().find(|source| source.starts_with("https:"))
}

/// The first source of the rule of a finding.
pub(crate) fn source(finding: &Finding) -> Option<&'static str> {
    finding.rule.source.first().copied()
}
