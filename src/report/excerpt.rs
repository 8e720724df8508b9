//! Excerpts: the lines around the labels of a finding, with long lines shortened.

use crate::finding::Finding;
use crate::text::lines::{Lines, Position};
use crate::text::span::Span;

/// The lines around the labels of a finding, each shortened to a readable length.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    /// The text of the lines, each with a line feed.
    pub(super) text: String,
    /// The lines: where they are in the text and in their files.
    pub(super) lines: Vec<ExcerptLine>,
    /// The spans in the text, and the texts, of the labels; the primary one is first.
    pub(super) labels: Vec<(Span, String)>,
    /// The path and position of each label in its file.
    pub(super) positions: Vec<(String, Position)>,
    /// How many files the lines are from.
    files: usize,
}

#[derive(Debug)]
pub(super) struct ExcerptLine {
    /// The index of its file.
    pub(super) file: usize,
    /// The line's number in the file, from 0.
    pub(super) number: usize,
    /// Its bytes in the text of the excerpt, line feed included.
    pub(super) span: Span,
}

/// How many lines are included before and after a label.
const CONTEXT: usize = 1;
/// The longest line that is not shortened, in characters.
const LONGEST: usize = 140;
/// How many characters of a longer line are kept on either side of a label.
const AROUND: usize = 48;

impl Excerpt {
    /// The excerpt of a finding from the lines of its file's text, in which secrets are masked already.
    pub(super) fn new(path: &str, lines: &Lines<'_>, finding: &Finding) -> Self {
        let own = finding.labels().filter(|label| label.other_file().is_none());
        let labels: Vec<(Span, &str)> = own.map(|label| (label.location.span, label.text())).collect();
        let mut excerpt = Excerpt::default();
        excerpt.add(path, lines, &labels);
        excerpt
    }

    /// Adds the lines of a file around labels on it.
    pub(super) fn add(&mut self, path: &str, lines: &Lines<'_>, labels: &[(Span, &str)]) {
        let last = lines.count() - 1;
        let line_of = |span: Span| lines.line_of(span.start);
        let around = |line: usize| line.saturating_sub(CONTEXT)..=(line + CONTEXT).min(last);
        let mut numbers: Vec<usize> = labels.iter().flat_map(|(span, _)| around(line_of(*span))).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let before = self.labels.len();
        for (span, text) in labels {
            self.labels.push((Span::new(0, 0), (*text).to_owned()));
            self.positions.push((path.to_owned(), lines.position(span.start)));
        }
        for number in numbers {
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

    /// Adds a line with the labels on it: their indices, and their spans relative to the line.
    fn push(&mut self, number: usize, line: &str, labels: &[(usize, Span)]) {
        let start = self.text.len();
        let mut pieces = Vec::new();
        if line.chars().nth(LONGEST).is_none() {
            pieces.push(Span::new(0, line.len()));
        } else {
            let mut windows: Vec<Span> = labels.iter().map(|(_, span)| around(line, *span)).collect();
            if windows.is_empty() {
                windows.push(around(line, Span::new(0, 0)));
            }
            windows.sort_unstable();
            for window in windows {
                match pieces.last_mut() {
                    Some(last) if window.start <= last.end => last.end = last.end.max(window.end),
                    _ => pieces.push(window),
                }
            }
        }
        for (index, piece) in pieces.iter().enumerate() {
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
        if pieces.last().is_some_and(|last| last.end < line.len()) {
            self.text.push('…');
        }
        self.text.push('\n');
        self.lines.push(ExcerptLine { file: self.files, number, span: Span::new(start, self.text.len()) });
    }
}

/// The piece of a span on its first line, relative to that line.
fn within_line(lines: &Lines<'_>, number: usize, span: Span) -> Span {
    let start = lines.start(number);
    let length = lines.text(number).len();
    Span::new((span.start - start).min(length), (span.end - start).min(length))
}

/// The span extended by some characters on either side; a long span is cut first.
fn around(line: &str, span: Span) -> Span {
    let start = line[..span.start].char_indices().rev().nth(AROUND - 1).map_or(0, |(index, _)| index);
    let most = line[span.start..].char_indices().nth(LONGEST).map_or(line.len(), |(index, _)| span.start + index);
    let after = span.end.min(most);
    let end = line[after..].char_indices().nth(AROUND).map_or(line.len(), |(index, _)| after + index);
    Span::new(start, end)
}
