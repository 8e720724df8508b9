//! Reports: findings printed in one format each. Knows no rule's logic.

pub mod concise;
pub mod human;
pub mod json;
mod lines;

use std::time::Duration;

use crate::document::Document;
use crate::finding::{Finding, Level};

pub use lines::{Lines, Position};

/// A file that was checked, as reports see it.
#[derive(Debug)]
pub struct File<'a> {
    /// Its path as given or found; `-` for standard input.
    pub path: &'a str,
    /// Its document.
    pub document: &'a Document<'a>,
    /// How many bytes of the file come before the document's text.
    pub base: usize,
    /// Its findings, in the order of the text.
    pub findings: &'a [Finding],
}

/// What all files came to.
#[derive(Debug, Default, Clone)]
pub struct Summary {
    /// How many files were checked.
    pub files: usize,
    /// How many were passed over because nothing was recognised in them.
    pub skipped: usize,
    /// How many could not be read.
    pub unreadable: usize,
    /// How many findings are errors.
    pub errors: usize,
    /// How many are warnings.
    pub warnings: usize,
    /// How many are infos.
    pub infos: usize,
    /// How long it took.
    pub time: Duration,
}

impl Summary {
    /// Counts one file's findings.
    pub fn count(&mut self, findings: &[Finding]) {
        self.files += 1;
        for finding in findings {
            match finding.level {
                Level::Error => self.errors += 1,
                Level::Warning => self.warnings += 1,
                Level::Info | Level::Off => self.infos += 1,
            }
        }
    }

    /// Adds another summary's counts.
    pub fn add(&mut self, other: &Summary) {
        self.files += other.files;
        self.skipped += other.skipped;
        self.unreadable += other.unreadable;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
    }

    /// Whether there is a finding at a level or above it.
    pub fn reaches(&self, level: Level) -> bool {
        let counted = [(Level::Error, self.errors), (Level::Warning, self.warnings), (Level::Info, self.infos)];
        counted.into_iter().any(|(counted, count)| counted >= level && count > 0)
    }

    /// The closing line.
    pub fn line(&self) -> String {
        let counted = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        let mut line = format!(
            "{} checked: {}, {}, {}",
            counted(self.files, "file"),
            counted(self.errors, "error"),
            counted(self.warnings, "warning"),
            counted(self.infos, "info")
        );
        for (count, what) in [(self.skipped, "skipped"), (self.unreadable, "unreadable")] {
            if count > 0 {
                line.push_str("; ");
                line.push_str(&counted(count, "file"));
                line.push(' ');
                line.push_str(what);
            }
        }
        line + &format!("; {:.1?}", self.time)
    }
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
}

/// A format with what it needs to know of the terminal.
#[derive(Debug, Clone)]
pub struct Report {
    /// The format.
    pub format: Format,
    /// How snippets are drawn.
    pub style: human::Style,
}

impl Report {
    /// What stands before the first file.
    pub fn opening(&self) -> String {
        match self.format {
            Format::Json => json::opening(),
            Format::Human | Format::Concise => String::new(),
        }
    }

    /// One file's findings; empty where there are none.
    pub fn file(&self, file: &File<'_>) -> String {
        if file.findings.is_empty() {
            return String::new();
        }
        match self.format {
            Format::Human => human::file(file, &self.style),
            Format::Concise => concise::file(file),
            Format::Json => json::file(file),
        }
    }

    /// What stands between two files that both have findings.
    pub fn separator(&self) -> &'static str {
        match self.format {
            Format::Json => ",",
            Format::Human | Format::Concise => "",
        }
    }

    /// What stands after the last file.
    pub fn closing(&self, summary: &Summary) -> String {
        match self.format {
            Format::Json => json::closing(summary),
            Format::Human | Format::Concise => String::new(),
        }
    }
}
