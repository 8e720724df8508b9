//! The summary of a run: counts of files, documents and findings.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use crate::finding::Level;
use crate::finding::Rule;
use crate::finding::fix::Safety;
use crate::lint::linter::Linted;
use crate::text::quote::counted;
use crate::text::wrap::wrapped;

/// A path that could not be read or listed, and why.
#[derive(Debug, Clone)]
pub(crate) struct Unreadable {
    /// The path as given or found.
    pub(crate) path: String,
    /// The error message.
    pub(crate) error: String,
}

/// The counts of all files of a run.
#[derive(Debug, Default, Clone)]
pub(crate) struct Summary {
    /// How many files were checked.
    pub(crate) files: usize,
    /// How many documents were checked in them.
    pub(crate) documents: usize,
    /// How many files were skipped because nothing was recognised in them.
    pub(crate) skipped: usize,
    /// The paths that could not be read.
    pub(crate) unreadable: Vec<Unreadable>,
    /// How many findings are errors.
    pub(crate) errors: usize,
    /// How many are warnings.
    pub(crate) warnings: usize,
    /// How many are infos.
    pub(crate) infos: usize,
    /// How many findings can be fixed: without changing what the document means, and otherwise.
    pub(crate) fixable: usize,
    pub(crate) fixable_unsafely: usize,
    /// How many findings are below the least level that is reported.
    pub(crate) hidden: usize,
    /// How many findings were fixed before the files were checked.
    pub(crate) fixed: usize,
    /// The number of findings of each rule that has some, by name.
    pub(crate) rules: BTreeMap<&'static str, (&'static Rule, usize)>,
    /// How long the run took.
    pub(crate) time: Duration,
}

impl Summary {
    /// Counts the documents and findings of a text. Files are counted by the caller.
    pub(crate) fn count(&mut self, linted: &Linted) {
        self.documents += linted.checked;
        for finding in &linted.findings {
            self.rules.entry(finding.rule.name).or_insert((finding.rule, 0)).1 += 1;
            match finding.level {
                Level::Error => self.errors += 1,
                Level::Warning => self.warnings += 1,
                Level::Info | Level::Off => self.infos += 1,
            }
            match finding.fix.as_ref().map(|fix| fix.safety) {
                Some(Safety::Safe) => self.fixable += 1,
                Some(Safety::Unsafe) => self.fixable_unsafely += 1,
                None => {}
            }
        }
    }

    /// Adds another summary's counts.
    pub(crate) fn add(&mut self, other: &Summary) {
        self.files += other.files;
        self.documents += other.documents;
        self.skipped += other.skipped;
        self.unreadable.extend_from_slice(&other.unreadable);
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.fixable += other.fixable;
        self.fixable_unsafely += other.fixable_unsafely;
        self.hidden += other.hidden;
        for (name, (rule, count)) in &other.rules {
            self.rules.entry(name).or_insert((rule, 0)).1 += count;
        }
    }

    /// Whether there is a finding at or above a level; none is reached by nothing.
    pub(crate) fn reaches(&self, level: Option<Level>) -> bool {
        let Some(level) = level else { return false };
        let counted = [(Level::Error, self.errors), (Level::Warning, self.warnings), (Level::Info, self.infos)];
        counted.into_iter().any(|(counted, count)| counted >= level && count > 0)
    }

    /// A line for each rule that has findings, the most frequent first: the number, the name and the summary.
    pub(crate) fn statistics(&self) -> String {
        table(&self.by_frequency())
    }

    fn by_frequency(&self) -> Vec<(&'static Rule, usize)> {
        let mut counts: Vec<_> = self.rules.values().copied().collect();
        counts.sort_by_key(|(rule, count)| (Reverse(*count), rule.name));
        counts
    }

    /// The end of a report for people: where there are many findings, the rules that have most of them; then the
    /// line, wrapped to a width.
    pub(crate) fn lines(&self, width: usize) -> String {
        const MANY: usize = 20;
        const MOST: usize = 10;
        let line = wrapped(&self.line(), width, width).join("\n") + "\n";
        let counts = self.by_frequency();
        let all: usize = counts.iter().map(|(_, count)| count).sum();
        if all <= MANY || counts.len() == 1 {
            return line;
        }
        let shown = &counts[..MOST.min(counts.len())];
        let rest = match counts.len() - shown.len() {
            0 => String::new(),
            rest => format!("         and of {}; `--statistics` lists all\n", counted(rest, "other rule")),
        };
        format!("{}{rest}\n{line}", table(shown))
    }

    /// The last line of a report for people.
    pub(crate) fn line(&self) -> String {
        format!(
            "{}: {}, {}, {}{}{}{}",
            self.checked(),
            counted(self.errors, "error"),
            counted(self.warnings, "warning"),
            counted(self.infos, "info"),
            self.left_out(),
            self.fixes(),
            self.duration(),
        )
    }

    /// What was fixed and what can be, with a semicolon before each.
    pub(crate) fn fixes(&self) -> String {
        let fixed = if self.fixed > 0 { format!("; {} fixed", self.fixed) } else { String::new() };
        let fixable = match (self.fixable, self.fixable_unsafely) {
            (0, 0) => String::new(),
            (safe, 0) => format!("; {safe} can be fixed with `--fix`"),
            (0, other) => format!("; {other} can be fixed with `--fix` and `--unsafe-fixes`"),
            (safe, other) => format!("; {safe} can be fixed with `--fix`, {other} more with `--unsafe-fixes`"),
        };
        fixed + &fixable
    }

    /// How long the run took, if anybody noticed.
    fn duration(&self) -> String {
        if self.time < Duration::from_millis(100) { String::new() } else { format!("; {:.1?}", self.time) }
    }

    /// What was checked, in words, such as `2 files checked`. The documents are counted unless each file has one.
    pub(crate) fn checked(&self) -> String {
        let files = counted(self.files, "file");
        if self.documents != self.files {
            return format!("{files} with {} checked", counted(self.documents, "document"));
        }
        format!("{files} checked")
    }

    /// What was not checked, in words, with a semicolon before each count; may be empty.
    pub(crate) fn left_out(&self) -> String {
        let files: String = [(self.skipped, "skipped"), (self.unreadable.len(), "unreadable")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("; {} {what}", counted(count, "file")))
            .collect();
        let hidden =
            if self.hidden > 0 { format!("; {} below `--min-level` not shown", self.hidden) } else { String::new() };
        files + &hidden
    }
}

fn table(counts: &[(&Rule, usize)]) -> String {
    let width = counts.iter().map(|(rule, _)| rule.name.len()).max().unwrap_or(0);
    let line = |(rule, count): &(&Rule, usize)| format!("{count:7}  {:width$}  {}\n", rule.name, rule.summary);
    counts.iter().map(line).collect()
}
