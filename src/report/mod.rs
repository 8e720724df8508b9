//! Reports: findings printed in one format each. Knows no rule's logic.

pub mod diff;
mod excerpt;
pub mod format;

mod fingerprint;
mod output;
mod place;
mod summary;

use std::path::PathBuf;

use crate::document::Text;
use crate::finding::{Finding, Level, Span};
use crate::lint::linter::Linted;
use crate::rules;
use crate::text::lines::Before;

pub use crate::text::lines::{Lines, Position};
pub use output::{Output, UntilClosed};
pub use summary::{Summary, Unreadable};

use output::{Joined, Layout};

/// A file that was checked, or a part of one, as reports see it.
#[derive(Debug)]
pub struct File<'a> {
    /// Its path as given or found; `-` for standard input.
    pub path: &'a str,
    /// The text that the findings' spans refer to: the file's, or a part of it.
    pub text: &'a str,
    /// How many bytes of the file come before the text.
    pub base: usize,
    /// The lines and columns of the file that come before the text.
    pub before: Before,
    /// Its findings, in the order of the text.
    pub findings: &'a [Finding],
    /// What must not be printed.
    pub secrets: &'a [Span],
    /// The texts that places of its findings in other files are in.
    pub others: &'a [File<'a>],
}

impl<'a> File<'a> {
    /// What reports see of a text that was linted.
    pub fn new(path: &'a str, text: &'a Text<'_>, linted: &'a Linted) -> Self {
        let Text { text, base, before, .. } = text;
        File {
            path,
            text,
            base: *base,
            before: *before,
            findings: &linted.findings,
            secrets: &linted.secrets,
            others: &[],
        }
    }

    /// The lines of its text.
    pub fn lines(&self) -> Lines<'a> {
        Lines::new(self.text, self.before)
    }
}

/// What to do about a finding.
pub(crate) fn advice(finding: &Finding) -> &str {
    finding.help.as_deref().or(rules::find(finding.rule).map(|rule| rule.help)).unwrap_or_default()
}

/// What a finding's rule is founded on.
pub(crate) fn sources(finding: &Finding) -> &'static [&'static str] {
    rules::find(finding.rule).map(|rule| rule.source).unwrap_or_default()
}

/// The first page that a finding's rule is founded on.
pub(crate) fn address(finding: &Finding) -> Option<&'static str> {
    sources(finding).iter().copied().find(|source| source.starts_with("https:"))
}

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Snippets with carets, for people.
    Human,
    /// One line for each finding: `path:line:col: level[rule] message`.
    Concise,
    /// One JSON object, described by `schemas/report.json`.
    Json,
    /// One JSON object on each line, each a finding as in `json`.
    JsonLines,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands, which GitHub shows as annotations.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// JUnit's XML, with a suite for each file.
    Junit,
    /// Checkstyle's XML.
    Checkstyle,
    /// A table in Markdown, as for a summary on GitHub.
    Markdown,
    /// One page to read in a browser, which needs nothing else.
    Html,
}

/// A format with what it needs to know of the run.
#[derive(Debug, Clone)]
pub struct Report {
    /// The format.
    pub format: Format,
    /// How snippets are drawn.
    pub style: format::human::Style,
    /// The folder that paths start from in formats which are read elsewhere.
    pub root: PathBuf,
    /// The least level that fails the run.
    pub fail_on: Level,
    /// Leave out the line that sums up for people.
    pub quiet: bool,
}

impl Report {
    /// What stands before the first file.
    pub fn opening(&self) -> String {
        match self.format {
            Format::Json => format::json::opening(),
            Format::Sarif => format::sarif::opening(),
            Format::Gitlab => "[".to_owned(),
            Format::Junit => format::junit::opening(),
            Format::Checkstyle => format::checkstyle::opening(),
            Format::Html => format::html::opening(),
            Format::Human | Format::Concise | Format::JsonLines | Format::Github | Format::Markdown => String::new(),
        }
    }

    /// The findings of a text that has some. This is where the work is: it is done by many threads.
    pub fn part(&self, file: &File<'_>) -> String {
        match self.format {
            Format::Human => format::human::file(file, &self.style),
            Format::Concise => format::concise::file(file),
            Format::Json => format::json::file(file),
            Format::JsonLines => format::json_lines::file(file),
            Format::Sarif => format::sarif::file(file, &self.root),
            Format::Github => format::github::file(file, &self.root),
            Format::Gitlab => format::gitlab::file(file, &self.root),
            Format::Junit => format::junit::file(file, &self.root, self.fail_on),
            Format::Checkstyle => format::checkstyle::file(file),
            Format::Markdown => format::markdown::file(file, &self.root),
            Format::Html => format::html::file(file),
        }
    }

    /// What stands after the last file.
    pub fn closing(&self, summary: &Summary) -> String {
        match self.format {
            Format::Human if !self.quiet => summary.line() + "\n",
            Format::Json => format::json::closing(summary),
            Format::Sarif => format::sarif::closing(summary, &self.root),
            Format::Gitlab => format::gitlab::closing(summary, &self.root),
            Format::Junit => format::junit::closing(summary, &self.root),
            Format::Checkstyle => format::checkstyle::closing(summary, &self.root),
            Format::Markdown => format::markdown::closing(summary, &self.root),
            Format::Html => format::html::closing(summary),
            Format::Human | Format::Concise | Format::JsonLines | Format::Github => String::new(),
        }
    }

    /// How the parts are put together.
    fn layout(&self) -> Box<dyn Layout + '_> {
        match self.format {
            Format::Json | Format::Sarif | Format::Gitlab => Box::new(Joined::by(",")),
            Format::Human | Format::Concise | Format::JsonLines | Format::Html => Box::new(Joined::by("")),
            Format::Github => Box::new(format::github::Annotations::new(&self.root)),
            Format::Junit => Box::new(format::junit::Suites::new(&self.root)),
            Format::Checkstyle => Box::new(format::checkstyle::Files::new(&self.root)),
            Format::Markdown => Box::new(format::markdown::Table::default()),
        }
    }
}
