//! Reports: findings printed in one format each. Knows no rule's logic.

pub mod concise;
pub mod human;
pub mod json;

use std::time::Duration;

use crate::document::Text;
use crate::finding::{Finding, Level, Span};
use crate::lint::Linted;

pub use crate::lines::{Lines, Position};

/// A file that was checked, or a part of one, as reports see it.
#[derive(Debug)]
pub struct File<'a> {
    /// Its path as given or found; `-` for standard input.
    pub path: &'a str,
    /// The text that the findings' spans refer to: the file's, or a part of it.
    pub text: &'a str,
    /// How many bytes of the file come before the text.
    pub base: usize,
    /// How many lines of the file come before the text.
    pub line: usize,
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
        let Text { text, base, line, .. } = text;
        File { path, text, base: *base, line: *line, findings: &linted.findings, secrets: &linted.secrets, others: &[] }
    }

    /// The lines of its text.
    pub fn lines(&self) -> Lines<'a> {
        Lines::new(self.text, self.line)
    }
}

/// What all files came to.
#[derive(Debug, Default, Clone)]
pub struct Summary {
    /// How many files were checked.
    pub files: usize,
    /// How many documents were checked in them.
    pub documents: usize,
    /// How many files were passed over because nothing was recognised in them.
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
    /// Counts what linting a text came to; files are counted by who reads them.
    pub fn count(&mut self, linted: &Linted) {
        self.documents += linted.checked;
        for finding in &linted.findings {
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
        self.documents += other.documents;
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
        let mut files = counted(self.files, "file");
        if self.documents > self.files {
            files = format!("{files} with {}", counted(self.documents, "document"));
        }
        let mut line = format!(
            "{files} checked: {}, {}, {}",
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
