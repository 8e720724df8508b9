//! Excerpts with carets, fitted to the width of a terminal. Why a rule exists, and what says so, is told once.

mod drawing;

use std::collections::HashSet;
use std::io::{self, Write};

use crate::document::secret::overwritten;
use crate::finding::{Finding, Label};
use crate::report::excerpt::{CONTEXT, Excerpt};
use crate::report::format::Layout;
use crate::report::{Entry, Format, Fragment, Options, Source, Style, Summary};
use crate::text::lines::Lines;
use drawing::{Drawing, MARGIN};

pub(super) static HUMAN: Entry = Entry {
    name: "human",
    summary: "Snippets with carets, for people",
    make: |Options { style, quiet, .. }| Box::new(Human { style, quiet }),
};

/// Excerpts with carets.
pub(crate) struct Human {
    pub(crate) style: Style,
    pub(crate) quiet: bool,
}

impl Format for Human {
    fn fragment(&self, source: &Source<'_>) -> Fragment {
        let text = overwritten(source.text, source.secrets);
        let lines = Lines::new(&text, source.origin);
        let masked: Vec<(&Source<'_>, String)> =
            source.others.iter().map(|other| (other, overwritten(other.text, other.secrets))).collect();
        let others: Vec<(&Source<'_>, Lines<'_>)> =
            masked.iter().map(|(other, text)| (*other, Lines::new(text, other.origin))).collect();
        let mut explanations = Vec::new();
        let mut explained = HashSet::new();
        let fragment = Fragment::of(source.findings, |report, finding| {
            let last = finding.labels().map(|label| label.location.start.line).max().unwrap_or_default() + CONTEXT;
            let room = self.style.width.saturating_sub(last.to_string().len() + MARGIN);
            let mut excerpt = Excerpt::new(source.path, &lines, finding, room);
            for (other, lines) in &others {
                excerpt.add(other.path, lines, &labels_in(other, finding));
            }
            let drawing = Drawing::new(self.style, excerpt);
            drawing.finding(finding, report);
            if explained.insert(finding.rule.name) {
                let start = report.len();
                drawing.explanation(finding, report);
                explanations.push((finding.rule.name, start..report.len()));
            }
            report.push('\n');
        });
        Fragment { explanations, ..fragment }
    }

    fn layout(&self) -> Box<dyn Layout + '_> {
        Box::new(Explaining::default())
    }

    fn closing(&self, summary: &Summary) -> String {
        if self.quiet { String::new() } else { summary.line() + "\n" }
    }
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

/// Writes fragments one after the other, without the explanations of rules that were explained already.
#[derive(Default)]
struct Explaining {
    explained: HashSet<&'static str>,
}

impl Layout for Explaining {
    fn fragment(&mut self, _path: &str, fragment: &Fragment, out: &mut dyn Write) -> io::Result<()> {
        let mut written = 0;
        for (rule, explanation) in &fragment.explanations {
            if !self.explained.insert(rule) {
                out.write_all(&fragment.text.as_bytes()[written..explanation.start])?;
                written = explanation.end;
            }
        }
        out.write_all(&fragment.text.as_bytes()[written..])
    }
}
