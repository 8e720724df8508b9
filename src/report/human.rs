//! Snippets with carets, drawn by miette. Lines are cut to what can be read, and what must stay
//! secret is masked.

use std::fmt::{self, Display, Write as _};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
};
use textwrap::{WordSeparator, WordSplitter};

use crate::finding::{Finding, Level, Span};
use crate::report::{File, Lines, Position};
use crate::rules;

/// How snippets are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// With colour.
    pub color: bool,
    /// The width in columns that text is wrapped to.
    pub width: usize,
}

/// The snippets of one file's findings.
pub fn file(file: &File<'_>, style: &Style) -> String {
    let text = mask(file);
    let lines = Lines::new(&text, file.line);
    let masked: Vec<(&File<'_>, String)> = file.others.iter().map(|other| (other, mask(other))).collect();
    let others: Vec<(&File<'_>, Lines<'_>)> =
        masked.iter().map(|(other, text)| (*other, Lines::new(text, other.line))).collect();
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width)
        .without_primary_span_start()
        .with_links(false)
        // Addresses stay whole, so that they can be clicked.
        .with_break_words(false)
        .with_word_separator(WordSeparator::AsciiSpace)
        .with_word_splitter(WordSplitter::NoHyphenation);
    let mut report = String::new();
    for finding in file.findings {
        let mut excerpt = Excerpt::default();
        let labels: Vec<(Span, &str)> = finding.labels().map(|label| (label.span, &*label.text)).collect();
        excerpt.add(file.path, &lines, &labels);
        for (other, lines) in &others {
            excerpt.add(other.path, lines, &places_in(other, finding));
        }
        let snippet = Snippet { finding, excerpt };
        // Drawing into a String fails only where the excerpt is asked for a span that it lacks.
        handler.render_report(&mut report, &snippet).expect("the excerpt holds every label");
        report.push('\n');
    }
    report
}

/// Where places of a finding in other files are in the text of one of them.
fn places_in<'f>(file: &File<'_>, finding: &'f Finding) -> Vec<(Span, &'f str)> {
    let text = Span::new(file.base, file.base + file.text.len());
    let here = finding.elsewhere.iter().filter(|place| place.path == file.path && text.contains(place.span));
    here.map(|place| (Span::new(place.span.start - file.base, place.span.end - file.base), &*place.text)).collect()
}

/// The text with its secrets overwritten byte for byte, whatever the findings are about.
fn mask(file: &File<'_>) -> String {
    let mut text = file.text.to_owned();
    for secret in file.secrets {
        let secret = secret.range();
        let stars = "*".repeat(secret.len());
        text.replace_range(secret, &stars);
    }
    text
}

#[derive(Debug)]
struct Snippet<'a> {
    finding: &'a Finding,
    excerpt: Excerpt,
}

impl Display for Snippet<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.finding.message)
    }
}

impl std::error::Error for Snippet<'_> {}

impl Diagnostic for Snippet<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        Some(Box::new(format!("{}[{}]", self.finding.level.name(), self.finding.rule)))
    }

    fn severity(&self) -> Option<Severity> {
        Some(match self.finding.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info | Level::Off => Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        let rule = rules::find(self.finding.rule);
        let mut help = self.finding.help.as_deref().or(rule.map(|rule| rule.help))?.to_owned();
        if let Some(fix) = &self.finding.fix {
            write!(help, "\n{} fix: {}", fix.safety.name(), fix.title).ok()?;
        }
        if let Some(source) = rule.and_then(|rule| rule.source.first()) {
            write!(help, "\nsource: {source}").ok()?;
        }
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.excerpt.labels.iter().enumerate().map(|(index, (span, text))| {
            let text = (!text.is_empty()).then(|| text.clone());
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

/// The lines around a finding's labels, each cut to a readable length.
#[derive(Debug, Default)]
struct Excerpt {
    text: String,
    lines: Vec<ExcerptLine>,
    /// The labels as they stand in the excerpt.
    labels: Vec<(Span, String)>,
    /// Where they stand in their files.
    places: Vec<(String, Position)>,
    /// How many files there are lines of.
    files: usize,
}

#[derive(Debug)]
struct ExcerptLine {
    /// Which of the files it is a line of.
    file: usize,
    /// The line's number in the file, from 0.
    number: usize,
    /// Its bytes in the excerpt's text, with the line feed.
    span: Span,
}

/// How many lines are shown before and after a label.
const CONTEXT: usize = 1;
/// The longest line that is shown whole, in characters.
const LONGEST: usize = 140;
/// How many characters are shown on either side of a label in a longer line.
const AROUND: usize = 48;

impl Excerpt {
    /// Adds the lines of a file around its labels.
    fn add(&mut self, path: &str, lines: &Lines<'_>, labels: &[(Span, &str)]) {
        let last = lines.count() - 1;
        let line_of = |span: Span| lines.line_of(span.start);
        let around = |line: usize| line.saturating_sub(CONTEXT)..=(line + CONTEXT).min(last);
        let mut shown: Vec<usize> = labels.iter().flat_map(|(span, _)| around(line_of(*span))).collect();
        shown.sort_unstable();
        shown.dedup();
        let before = self.labels.len();
        for (span, text) in labels {
            self.labels.push((Span::new(0, 0), (*text).to_owned()));
            self.places.push((path.to_owned(), lines.position(span.start)));
        }
        for number in shown {
            let on_line: Vec<(usize, Span)> = labels
                .iter()
                .enumerate()
                .filter(|(_, (span, _))| line_of(*span) == number)
                .map(|(index, (span, _))| (before + index, within_line(lines, number, *span)))
                .collect();
            self.push(lines.before() + number, lines.text(number), &on_line);
        }
        self.files += 1;
    }

    /// Adds a line with the labels on it, whose spans are relative to the line.
    fn push(&mut self, number: usize, line: &str, labels: &[(usize, Span)]) {
        let start = self.text.len();
        let mut kept = Vec::new();
        if line.chars().nth(LONGEST).is_none() {
            kept.push(Span::new(0, line.len()));
        } else {
            let mut windows: Vec<Span> = labels.iter().map(|(_, span)| around(line, *span)).collect();
            if windows.is_empty() {
                windows.push(around(line, Span::new(0, 0)));
            }
            windows.sort_unstable();
            for window in windows {
                match kept.last_mut() {
                    Some(last) if window.start <= last.end => last.end = last.end.max(window.end),
                    _ => kept.push(window),
                }
            }
        }
        for (index, piece) in kept.iter().enumerate() {
            if piece.start > 0 {
                self.text.push_str(if index == 0 { "…" } else { " … " });
            }
            let shift = self.text.len();
            for (label, span) in labels.iter().filter(|(_, span)| (piece.start..=piece.end).contains(&span.start)) {
                let end = span.end.min(piece.end);
                self.labels[*label].0 = Span::new(shift + span.start - piece.start, shift + end - piece.start);
            }
            self.text.push_str(&line[piece.range()]);
        }
        if kept.last().is_some_and(|last| last.end < line.len()) {
            self.text.push('…');
        }
        self.text.push('\n');
        self.lines.push(ExcerptLine { file: self.files, number, span: Span::new(start, self.text.len()) });
    }
}

/// The part of a span that lies on its first line, relative to that line.
fn within_line(lines: &Lines<'_>, number: usize, span: Span) -> Span {
    let start = lines.start(number);
    let length = lines.text(number).len();
    Span::new((span.start - start).min(length), (span.end - start).min(length))
}

/// The span and some characters on either side; of a long span only its start.
fn around(line: &str, span: Span) -> Span {
    let start = line[..span.start].char_indices().rev().nth(AROUND - 1).map_or(0, |(index, _)| index);
    let most = line[span.start..].char_indices().nth(LONGEST).map_or(line.len(), |(index, _)| span.start + index);
    let after = span.end.min(most);
    let end = line[after..].char_indices().nth(AROUND).map_or(line.len(), |(index, _)| after + index);
    Span::new(start, end)
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let holder = |offset: usize| self.lines.iter().rposition(|line| line.span.start <= offset);
        let first = holder(span.offset()).ok_or(MietteError::OutOfBounds)?;
        let last = holder(span.offset() + span.len().saturating_sub(1)).ok_or(MietteError::OutOfBounds)?;
        let adjoining = |one: usize, other: usize| {
            let (one, other) = (&self.lines[one], &self.lines[other]);
            one.file == other.file && one.number + 1 == other.number
        };
        let first =
            (0..first).rev().take(before).take_while(|index| adjoining(*index, index + 1)).last().unwrap_or(first);
        let last = (last + 1..self.lines.len())
            .take(after)
            .take_while(|index| adjoining(index - 1, *index))
            .last()
            .unwrap_or(last);
        // miette joins labels whose lines adjoin; with a gap between them they stand apart.
        if !(first..last).all(|line| adjoining(line, line + 1)) {
            return Err(MietteError::OutOfBounds);
        }
        let shown = Span::new(self.lines[first].span.start, self.lines[last].span.end);
        // miette asks once more for the label that a snippet is about: the primary one, or its first.
        let about = self.labels.iter().position(|(label, _)| label.start == span.offset()).unwrap_or(0);
        let (path, Position { line, column }) = &self.places[about];
        Ok(Box::new(MietteSpanContents::new_named(
            format!("{path}:{line}:{column}"),
            &self.text.as_bytes()[shown.range()],
            (shown.start, shown.end - shown.start).into(),
            self.lines[first].number,
            0,
            last - first + 1,
        )))
    }
}
