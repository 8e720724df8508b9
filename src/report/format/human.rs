//! Excerpts with carets, drawn by miette.

use std::fmt::{self, Display, Write as _};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
};
use textwrap::{WordSeparator, WordSplitter};

use crate::document::secret::overwritten;
use crate::finding::{Finding, Level};
use crate::report::excerpt::Excerpt;
use crate::report::{Entry, Format, Fragment, Options, Source, Style, Summary, address, source};
use crate::text::lines::{Lines, Position};
use crate::text::quote::{is_unprintable, printable};
use crate::text::span::Span;

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
        let handler = self.style.handler();
        Fragment::of(source.findings, |report, finding| {
            let mut excerpt = Excerpt::new(source.path, &lines, finding);
            for (other, lines) in &others {
                excerpt.add(other.path, lines, &labels_in(other, finding));
            }
            excerpt.text = mask_unprintable(&excerpt.text);
            let snippet = Snippet { finding, excerpt, links: self.style.links };
            // Writing to a String fails only if a label is outside of the excerpt.
            handler.render_report(report, &snippet).expect("the excerpt holds every label");
            report.push('\n');
        })
    }

    fn closing(&self, summary: &Summary) -> String {
        if self.quiet { String::new() } else { summary.line() + "\n" }
    }
}

impl Style {
    fn handler(&self) -> GraphicalReportHandler {
        let theme = if self.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        GraphicalReportHandler::new_themed(theme)
            .with_width(self.width)
            .without_primary_span_start()
            .with_links(false)
            // URLs must not be broken, so that they can be clicked.
            .with_break_words(false)
            .with_word_separator(WordSeparator::AsciiSpace)
            .with_word_splitter(WordSplitter::NoHyphenation)
    }
}

/// The text with each character that a terminal would interpret replaced by one of the same length in bytes, so that
/// spans stay valid.
fn mask_unprintable(text: &str) -> String {
    let sign = |char: char| match (char, char.len_utf8()) {
        ('\n' | '\t', _) => char,
        ('\r', _) => ' ',
        (_, 1) if is_unprintable(char) => '?',
        (_, 2) if is_unprintable(char) => '¿',
        (_, 3) if is_unprintable(char) => char::REPLACEMENT_CHARACTER,
        _ => char,
    };
    text.chars().map(sign).collect()
}

/// The labels of a finding that are in the text of another file.
fn labels_in<'f>(source: &Source<'_>, finding: &'f Finding) -> Vec<(Span, &'f str)> {
    let start = source.origin.bytes;
    let text = start..=start + source.text.len();
    let labels = finding.labels().filter(|label| label.other_file() == Some(source.path));
    let here =
        labels.filter(|label| text.contains(&label.location.start.offset) && text.contains(&label.location.end.offset));
    here.map(|label| (label.location.span, label.text())).collect()
}

#[derive(Debug)]
struct Snippet<'a> {
    finding: &'a Finding,
    excerpt: Excerpt,
    links: bool,
}

impl Display for Snippet<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.finding.message)
    }
}

impl std::error::Error for Snippet<'_> {}

impl Diagnostic for Snippet<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        let Finding { level, rule, .. } = self.finding;
        let name = match address(rule).filter(|_| self.links) {
            Some(address) => format!("\u{1b}]8;;{address}\u{1b}\\{}\u{1b}]8;;\u{1b}\\", rule.name),
            None => rule.name.to_owned(),
        };
        Some(Box::new(format!("{}[{name}]", level.name())))
    }

    fn severity(&self) -> Option<Severity> {
        Some(match self.finding.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info | Level::Off => Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        let mut help = printable(self.finding.help().to_owned());
        if let Some(fix) = &self.finding.fix {
            write!(help, "\n{} fix: {}", fix.safety.name(), printable(fix.title.to_string())).ok()?;
        }
        if let Some(source) = source(self.finding) {
            write!(help, "\nsource: {source}").ok()?;
        }
        (!help.is_empty()).then(|| Box::new(help) as Box<dyn Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.excerpt.labels.iter().enumerate().map(|(index, (span, text))| {
            let text = (!text.is_empty()).then(|| printable(text.clone()));
            let span = SourceSpan::from(span.range());
            if index == 0 {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        });
        Some(Box::new(labels))
    }
}

impl SourceCode for Snippet<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let Excerpt { text, lines, labels, positions, .. } = &self.excerpt;
        let holder = |offset: usize| lines.iter().rposition(|line| line.span.start <= offset);
        let first = holder(span.offset()).ok_or(MietteError::OutOfBounds)?;
        let last = holder(span.offset() + span.len().saturating_sub(1)).ok_or(MietteError::OutOfBounds)?;
        let adjoining = |one: usize, other: usize| {
            lines[one].file == lines[other].file && lines[one].number + 1 == lines[other].number
        };
        let first =
            (0..first).rev().take(before).take_while(|index| adjoining(*index, index + 1)).last().unwrap_or(first);
        let last =
            (last + 1..lines.len()).take(after).take_while(|index| adjoining(index - 1, *index)).last().unwrap_or(last);
        // miette merges labels on adjoining lines into one snippet; refusing others makes it print several.
        if !(first..last).all(|line| adjoining(line, line + 1)) {
            return Err(MietteError::OutOfBounds);
        }
        let shown = Span::new(lines[first].span.start, lines[last].span.end);
        // miette asks for the span of the label that a snippet is about: the primary one, or its first.
        let about = labels.iter().position(|(label, _)| label.start == span.offset()).unwrap_or(0);
        let (path, Position { line, column, .. }) = &positions[about];
        Ok(Box::new(MietteSpanContents::new_named(
            format!("{}:{line}:{column}", printable(path.clone())),
            &text.as_bytes()[shown.range()],
            (shown.start, shown.end - shown.start).into(),
            lines[first].number,
            0,
            last - first + 1,
        )))
    }
}
