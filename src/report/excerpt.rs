//! The lines that a finding is about, cut to what can be read, with what must stay secret masked.

use crate::finding::Finding;
use crate::text::lines::{Lines, Position};
use crate::text::span::Span;

/// The lines around a finding's labels, each cut to a readable length.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    /// The lines one after the other, each with a line feed.
    pub(super) text: String,
    /// Where they stand in the text and in their files.
    pub(super) lines: Vec<ExcerptLine>,
    /// The labels as they stand in the text, the primary one first.
    pub(super) labels: Vec<(Span, String)>,
    /// Where the labels stand in their files.
    pub(super) places: Vec<(String, Position)>,
    /// How many files there are lines of.
    files: usize,
}

#[derive(Debug)]
pub(super) struct ExcerptLine {
    /// Which of the files it is a line of.
    pub(super) file: usize,
    /// The line's number in the file, from 0.
    pub(super) number: usize,
    /// Its bytes in the excerpt's text, with the line feed.
    pub(super) span: Span,
}

/// How many lines are shown before and after a label.
const CONTEXT: usize = 1;
/// The longest line that is shown whole, in characters.
const LONGEST: usize = 140;
/// How many characters are shown on either side of a label in a longer line.
const AROUND: usize = 48;

impl Excerpt {
    /// The lines of a finding, taken from those of its file's masked text.
    pub(super) fn new(path: &str, lines: &Lines<'_>, finding: &Finding) -> Self {
        let own = finding.labels().filter(|label| label.other_file().is_none());
        let labels: Vec<(Span, &str)> = own.map(|label| (label.location.span, label.text())).collect();
        let mut excerpt = Excerpt::default();
        excerpt.add(path, lines, &labels);
        excerpt
    }

    /// Adds the lines of a file around its labels.
    pub(super) fn add(&mut self, path: &str, lines: &Lines<'_>, labels: &[(Span, &str)]) {
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
