//! Excerpts with carets, fitted to the width of a terminal. Why a rule exists, and what says so, is told once; in the
//! format `compact` the excerpt is, too.

mod change;
mod drawing;

use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::document::secret::overwritten;
use crate::finding::{Finding, Label};
use crate::report::excerpt::{CONTEXT, Excerpt};
use crate::report::format::Layout;
use crate::report::format::concise::write_line;
use crate::report::{Entry, Format, Fragment, Options, Source, Style, Summary, paths};
use crate::text::lines::Lines;
use crate::text::quote::{counted, is_unprintable, printable};
use drawing::{Drawing, MARGIN};

pub(super) static HUMAN: Entry = Entry {
    name: "human",
    summary: "Snippets with carets, for people",
    make: |Options { style, quiet, max_findings, silencing, .. }| {
        Box::new(Human::new(style, quiet, max_findings, silencing))
    },
};

pub(super) static COMPACT: Entry = Entry {
    name: "compact",
    summary: "The lines of `concise`, and a snippet for the first finding of each rule",
    make: |Options { style, max_findings, .. }| {
        // The summary goes to standard error.
        Box::new(Human { is_compact: true, ..Human::new(style, true, max_findings, None) })
    },
};

/// Excerpts with carets.
pub(crate) struct Human {
    style: Style,
    quiet: bool,
    /// Whether findings are lines, and only the first of each rule has an excerpt.
    is_compact: bool,
    /// How many findings are written at most.
    max_findings: usize,
    /// How many have been written. Fragments come in order: once all are, none that is still to be drawn is.
    written: AtomicUsize,
    /// Whether rules are explained.
    explains: bool,
    /// The command that silences a finding, but for what names it.
    silencing: Option<Vec<String>>,
}

/// What is drawn of each finding of a text for those who show it elsewhere: no colour, no explanation, no command.
pub(super) fn excerpts(source: &Source<'_>) -> Vec<String> {
    let human = Human { explains: false, ..Human::new(Style::PLAIN, true, usize::MAX, None) };
    human.fragment(source).findings().map(|(.., text)| text.trim_end().to_owned()).collect()
}

impl Human {
    /// The format, for as many findings at most.
    pub(crate) fn new(style: Style, quiet: bool, max_findings: usize, silencing: Option<Vec<String>>) -> Self {
        let written = AtomicUsize::new(0);
        Human { style, quiet, is_compact: false, max_findings, written, explains: true, silencing }
    }

    fn room(&self) -> usize {
        self.max_findings.saturating_sub(self.written.load(Ordering::Relaxed))
    }
}

impl Format for Human {
    fn fragment(&self, source: &Source<'_>) -> Fragment {
        // There may be less room when this is written, never more.
        let mut left = self.room();
        if left == 0 {
            return Fragment::of(source.findings, |_, _| {});
        }
        let text = overwritten(source.text, source.secrets);
        let lines = Lines::new(&text, source.origin);
        let masked: Vec<(&Source<'_>, String)> =
            source.others.iter().map(|other| (other, overwritten(other.text, other.secrets))).collect();
        let others: Vec<(&Source<'_>, Lines<'_>)> =
            masked.iter().map(|(other, text)| (*other, Lines::new(text, other.origin))).collect();
        let path = paths::at_line_start(printable(source.path.to_owned()));
        let mut explanations = Vec::new();
        let mut explained = HashSet::new();
        let fragment = Fragment::of(source.findings, |report, finding| {
            if left == 0 {
                return;
            }
            left -= 1;
            let is_first = explained.insert(finding.rule.name);
            if self.is_compact {
                write_line(&path, finding, report);
                if !is_first {
                    return;
                }
            }
            let last = finding.labels().map(|label| label.location.start.line).max().unwrap_or_default() + CONTEXT;
            let room = self.style.width.saturating_sub(last.to_string().len() + MARGIN);
            let mut excerpt = Excerpt::new(source.path, &lines, finding, room);
            for (other, lines) in &others {
                excerpt.add(other.path, lines, &labels_in(other, finding));
            }
            let drawing = Drawing::new(self.style, excerpt);
            if !self.is_compact {
                drawing.finding(finding, &lines, report);
            }
            if is_first && self.explains {
                let start = report.len();
                if self.is_compact {
                    drawing.excerpt(finding, &lines, report);
                } else {
                    drawing.explanation(finding, report);
                }
                explanations.push((finding.rule.name, start..report.len()));
            }
            if let Some(command) = self.silencing.as_ref().filter(|_| !self.is_compact) {
                drawing.command("silence", &silencing(command, source.path, finding), report);
            }
            if !self.is_compact {
                report.push('\n');
            }
        });
        Fragment { explanations, ..fragment }
    }

    fn layout(&self) -> Box<dyn Layout + '_> {
        Box::new(Explaining { human: self, explained: HashSet::new(), left: 0 })
    }

    fn closing(&self, summary: &Summary) -> String {
        if self.quiet { String::new() } else { summary.lines(self.style.width) }
    }
}

/// The words of the command that silences a finding in a file.
fn silencing(command: &[String], path: &str, finding: &Finding) -> Vec<String> {
    // What a terminal would interpret is matched by a wildcard.
    let path: String = path.chars().map(|char| if is_unprintable(char) { '?' } else { char }).collect();
    let path = if path.starts_with('-') && path != "-" { format!("./{path}") } else { path };
    let pointer = finding.location().whole_pointer();
    let tokens = pointer.split('/').map(|token| if token.contains(is_unprintable) { "*" } else { token });
    let pointer = tokens.collect::<Vec<_>>().join("/");
    // What is about a whole document is silenced in the whole file.
    let place = if pointer.is_empty() { path } else { format!("{path}:{pointer}") };
    let words = [finding.rule.name, "--reason", "WHY"].map(str::to_owned);
    command.iter().cloned().chain(words).chain([place]).collect()
}

/// The labels of a finding that are in the text of another file.
fn labels_in<'f>(source: &Source<'_>, finding: &'f Finding) -> Vec<&'f Label> {
    let start = source.origin.bytes;
    let text = start..=start + source.text.len();
    let labels = finding.labels().filter(|label| label.other_file() == Some(source.path));
    labels
        .filter(|label| text.contains(&label.location.start.offset) && text.contains(&label.location.end.offset))
        .collect()
}

/// Writes fragments one after the other, without the explanations of rules that were explained already, until there
/// are enough findings.
struct Explaining<'h> {
    human: &'h Human,
    explained: HashSet<&'static str>,
    /// How many findings were left out.
    left: usize,
}

impl Layout for Explaining<'_> {
    fn fragment(&mut self, _path: &str, fragment: &Fragment, out: &mut dyn Write) -> io::Result<()> {
        let (end, count) = fragment.first(self.human.room());
        self.human.written.fetch_add(count, Ordering::Relaxed);
        self.left += fragment.levels().count() - count;
        let mut written = 0;
        for (rule, explanation) in fragment.explanations.iter().filter(|(_, explanation)| explanation.end <= end) {
            if !self.explained.insert(rule) {
                out.write_all(&fragment.text.as_bytes()[written..explanation.start])?;
                written = explanation.end;
            }
        }
        out.write_all(&fragment.text.as_bytes()[written..end])
    }

    fn close(&mut self, _summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        match self.left {
            0 => Ok(()),
            left => writeln!(out, "{} not shown; `--max-findings 0` shows all\n", counted(left, "more finding")),
        }
    }
}
