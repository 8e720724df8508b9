//! Excerpts: the lines around the labels of a finding, each cut to the columns that there are for it.

use crate::finding::{Finding, Label, Location};
use crate::report::cut::{Cut, LEAST, Mark, columns, cut, is_wider};
use crate::text::lines::Lines;
use crate::text::quote::printable;
use crate::text::span::Span;

/// The lines around the labels of a finding, without the indentation that they share.
#[derive(Debug, Default)]
pub(super) struct Excerpt<'f> {
    /// The text of the lines, each with a line feed.
    pub(super) text: String,
    /// The lines: where they are in the text and in their files.
    pub(super) lines: Vec<ExcerptLine>,
    /// The spans in the text, and the texts, of the labels; the primary one is first.
    pub(super) labels: Vec<(Span, String)>,
    /// The path and location of each label.
    pub(super) places: Vec<(String, &'f Location)>,
    /// How many files the lines are from.
    files: usize,
    /// How many columns there are for a line.
    room: usize,
}

#[derive(Debug)]
pub(super) struct ExcerptLine {
    /// The index of its file.
    pub(super) file: usize,
    /// The line's number in the file, from 0. A line that is cut several times is there several times.
    pub(super) number: usize,
    /// Its bytes in the text of the excerpt, line feed included.
    pub(super) span: Span,
}

/// How many lines are included before and after a label.
pub(super) const CONTEXT: usize = 1;

impl<'f> Excerpt<'f> {
    /// The excerpt of a finding from the lines of its file's text, in which secrets are masked already. Lines take at
    /// most `room` columns.
    pub(super) fn new(path: &str, lines: &Lines<'_>, finding: &'f Finding, room: usize) -> Self {
        let own: Vec<&Label> = finding.labels().filter(|label| label.other_file().is_none()).collect();
        let mut excerpt = Excerpt { room, ..Excerpt::default() };
        excerpt.add(path, lines, &own);
        excerpt
    }

    /// Adds the lines of a file around labels on it.
    pub(super) fn add(&mut self, path: &str, lines: &Lines<'_>, labels: &[&'f Label]) {
        let before = self.labels.len();
        let text_room = self.room.saturating_sub(2 * LEAST);
        let mut on_lines: Vec<(usize, Mark)> = Vec::with_capacity(labels.len());
        for (index, label) in labels.iter().enumerate() {
            let text = shortened(&printable(label.text().to_owned()), text_room);
            let number = lines.line_of(label.location.span.start);
            let beside = if text.is_empty() { 0 } else { 1 + columns(&text) };
            let mark =
                Mark { label: before + index, span: within_line(lines, number, label.location.span), text: beside };
            on_lines.push((number, mark));
            self.labels.push((Span::new(0, 0), text));
            self.places.push((path.to_owned(), &label.location));
        }
        on_lines.sort_by_key(|(number, mark)| (*number, mark.span));
        let last = lines.count() - 1;
        let around = |line: usize| line.saturating_sub(CONTEXT)..=(line + CONTEXT).min(last);
        let mut numbers: Vec<usize> = on_lines.iter().flat_map(|(number, _)| around(*number)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let indent = indent(lines, &numbers, &on_lines);
        let labels_on = |number: usize| {
            let start = on_lines.partition_point(|(marked, _)| *marked < number);
            on_lines[start..].iter().take_while(move |(marked, _)| *marked == number)
        };
        let has_labels = |number: usize| labels_on(number).next().is_some();
        for number in numbers {
            let line = lines.text(number).get(indent..).unwrap_or_default();
            let here = labels_on(number);
            let marks: Vec<Mark> =
                here.map(|(_, mark)| Mark { span: less(mark.span, indent), ..mark.clone() }).collect();
            let is_between = number > 0 && has_labels(number - 1) && has_labels(number + 1);
            // After the last line feed there is nothing.
            let is_end = number == last && line.is_empty();
            if marks.is_empty() && !is_between && (is_end || is_wider(line, self.room)) {
                continue;
            }
            for cut in cut(line, &marks, self.room) {
                self.push(lines.before() + number, &cut);
            }
        }
        self.files += 1;
    }

    fn push(&mut self, number: usize, cut: &Cut) {
        let start = self.text.len();
        for mark in &cut.marks {
            self.labels[mark.label].0 = mark.span.shifted(start);
        }
        self.text.push_str(&cut.text);
        self.text.push('\n');
        self.lines.push(ExcerptLine { file: self.files, number, span: Span::new(start, self.text.len()) });
    }
}

/// How many bytes of indentation, before any label, all lines have in common; blank lines have all there is.
fn indent(lines: &Lines<'_>, numbers: &[usize], marks: &[(usize, Mark)]) -> usize {
    // No line is indented further that anybody reads.
    const MOST: usize = 1 << 10;
    let starts = numbers.iter().map(|number| &lines.text(*number).as_bytes()[..lines.text(*number).len().min(MOST)]);
    let mut starts = starts.filter(|start| !start.trim_ascii().is_empty());
    let Some(first) = starts.next() else { return 0 };
    let blank = first.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let most = marks.iter().map(|(_, mark)| mark.span.start).fold(blank, usize::min);
    let shared = |start: &[u8]| first.iter().zip(start).take_while(|(one, other)| one == other).count();
    starts.map(shared).fold(most, usize::min)
}

fn less(span: Span, by: usize) -> Span {
    Span::new(span.start - by, span.end - by)
}

/// The piece of a span on its first line, relative to that line.
fn within_line(lines: &Lines<'_>, number: usize, span: Span) -> Span {
    let start = lines.start(number);
    let length = lines.text(number).len();
    Span::new((span.start - start).min(length), (span.end - start).min(length))
}

/// The text of a label, or the start of it.
fn shortened(text: &str, room: usize) -> String {
    cut(text, &[], room).into_iter().map(|cut| cut.text).collect()
}
