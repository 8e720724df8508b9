//! Excerpts with carets, drawn by miette.

use std::fmt::{self, Display, Write as _};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents,
};
use textwrap::{WordSeparator, WordSplitter};

use crate::document::secret::overwritten;
use crate::finding::{Finding, Level, Span, obeyed, printable};
use crate::report::excerpt::Excerpt;
use crate::report::{File, Lines, Position, address, advice, sources};

/// How snippets are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// With colour.
    pub color: bool,
    /// With the names of rules as links to what the rules are founded on, for a terminal.
    pub links: bool,
    /// The width in columns that text is wrapped to.
    pub width: usize,
}

/// The snippets of one file's findings.
pub fn file(file: &File<'_>, style: &Style) -> String {
    let text = overwritten(file.text, file.secrets);
    let lines = Lines::new(&text, file.before);
    let masked: Vec<(&File<'_>, String)> =
        file.others.iter().map(|other| (other, overwritten(other.text, other.secrets))).collect();
    let others: Vec<(&File<'_>, Lines<'_>)> =
        masked.iter().map(|(other, text)| (*other, Lines::new(text, other.before))).collect();
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
        let mut excerpt = Excerpt::new(file.path, &lines, finding);
        for (other, lines) in &others {
            excerpt.add(other.path, lines, &places_in(other, finding));
        }
        excerpt.text = inert(&excerpt.text);
        let snippet = Snippet { finding, excerpt, links: style.links };
        // Drawing into a String fails only where the excerpt is asked for a span that it lacks.
        handler.render_report(&mut report, &snippet).expect("the excerpt holds every label");
        report.push('\n');
    }
    report
}

/// A text with a sign of the same length for each character that the terminal would obey, so that all
/// places stay what they are.
fn inert(text: &str) -> String {
    let sign = |char: char| match (char, char.len_utf8()) {
        ('\n' | '\t', _) => char,
        ('\r', _) => ' ',
        (_, 1) if obeyed(char) => '?',
        (_, 2) if obeyed(char) => '¿',
        (_, 3) if obeyed(char) => char::REPLACEMENT_CHARACTER,
        _ => char,
    };
    text.chars().map(sign).collect()
}

/// Where places of a finding in other files are in the text of one of them.
fn places_in<'f>(file: &File<'_>, finding: &'f Finding) -> Vec<(Span, &'f str)> {
    let text = Span::new(file.base, file.base + file.text.len());
    let here = finding.elsewhere.iter().filter(|place| place.path == file.path && text.contains(place.span));
    here.map(|place| (Span::new(place.span.start - file.base, place.span.end - file.base), &*place.text)).collect()
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
        let name = match address(self.finding).filter(|_| self.links) {
            Some(address) => format!("\u{1b}]8;;{address}\u{1b}\\{rule}\u{1b}]8;;\u{1b}\\"),
            None => (*rule).to_owned(),
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
        let mut help = printable(advice(self.finding).to_owned());
        if let Some(fix) = &self.finding.fix {
            write!(help, "\n{} fix: {}", fix.safety.name(), printable(fix.title.to_string())).ok()?;
        }
        if let Some(source) = sources(self.finding).first() {
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
        let Excerpt { text, lines, labels, places, .. } = &self.excerpt;
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
        // miette joins labels whose lines adjoin; with a gap between them they stand apart.
        if !(first..last).all(|line| adjoining(line, line + 1)) {
            return Err(MietteError::OutOfBounds);
        }
        let shown = Span::new(lines[first].span.start, lines[last].span.end);
        // miette asks once more for the label that a snippet is about: the primary one, or its first.
        let about = labels.iter().position(|(label, _)| label.start == span.offset()).unwrap_or(0);
        let (path, Position { line, column }) = &places[about];
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
