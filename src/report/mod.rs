//! Reports: renders findings in several formats. Knows no rule's logic and opens no file.

mod cut;
#[cfg(feature = "cli")]
pub(crate) mod diff;
mod excerpt;
mod fingerprint;
pub(crate) mod format;
mod output;
mod paths;
mod source;
mod summary;

pub(crate) use format::{Entry, FORMATS, Format, Fragment, Layout, Options, Style};
pub(crate) use output::Output;
#[cfg(feature = "cli")]
pub(crate) use paths::{at_line_start, relative, uri};
pub(crate) use source::Source;
pub(crate) use summary::{Summary, Unreadable};

use std::borrow::Cow;

use crate::finding::{Finding, Location};

/// The first source of the rule of a finding, in words.
pub(crate) fn source(finding: &Finding) -> Option<Cow<'static, str>> {
    finding.rule.source.first().map(|source| in_words(source))
}

/// A source of a rule in words that need no knowledge of ours.
fn in_words(source: &'static str) -> Cow<'static, str> {
    let Some(cited) = source.strip_prefix("service model: ") else { return source.into() };
    let what = match (cited.split_once(", "), cited.split_once('.')) {
        (Some((service, what)), _) => format!(" ({service}), {what}"),
        (_, Some((shape, member))) => format!(", shape {shape}, member {member}"),
        (None, None) => format!(", shape {cited}"),
    };
    format!("botocore's model of the API{what}").into()
}

/// The RFC 6901 pointer of a location, and after `>>` that inside the JSON of the string that it leads to.
fn pointer(location: &Location) -> Cow<'_, str> {
    match location.embedded_pointer() {
        Some(inner) => format!("{} >> {inner}", location.pointer).into(),
        None => location.pointer.as_str().into(),
    }
}
