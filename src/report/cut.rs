//! Cuts a line to the columns that there are for it: what is around its labels stays, and `…` stands for the rest.

use unicode_width::UnicodeWidthChar;

use crate::text::quote::is_unprintable;
use crate::text::span::Span;

/// A label on a line.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// The index of the label in its finding.
    pub(super) label: usize,
    /// What it marks, in bytes of the line.
    pub(super) span: Span,
    /// How many columns its text takes to the right of that.
    pub(super) text: usize,
}

/// A line, or what is left of it.
#[derive(Debug)]
pub(super) struct Cut {
    pub(super) text: String,
    /// The labels on it, in bytes of the text.
    pub(super) marks: Vec<Mark>,
}

/// The fewest columns of a long line that are kept on either side of a label.
pub(super) const LEAST: usize = 8;
/// Stands for what is cut off.
const ELLIPSIS: &str = "…";
/// How many times as long as what is kept beside a label its own span may be.
const SPAN: usize = 3;

/// Cuts a line to a number of columns. If its labels are too far from each other to be seen side by side, it is cut
/// several times, each time for some of them. Labels must be in order.
pub(super) fn cut(line: &str, marks: &[Mark], room: usize) -> Vec<Cut> {
    if marks.is_empty() {
        return vec![start(line, room)];
    }
    let mut cuts = Vec::new();
    let mut rest = marks;
    while !rest.is_empty() {
        // With a further label nothing fits that did not fit without it.
        let fitting = (1..=rest.len()).take_while(|count| around(line, &rest[..*count], LEAST).fits(room)).last();
        let (now, later) = rest.split_at(fitting.unwrap_or(1));
        cuts.push(widest(line, now, room));
        rest = later;
    }
    cuts
}

/// How many columns a text takes. What cannot be printed is drawn as one sign, and a tab as four blanks.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// Whether a text takes more columns than these. Of a very long text only the start is looked at.
pub(super) fn is_wider(text: &str, room: usize) -> bool {
    let mut taken = 0;
    text.chars().any(|char| {
        taken += width(char);
        taken > room
    })
}

fn width(char: char) -> usize {
    match char {
        '\t' => 4,
        char if is_unprintable(char) => 1,
        char => char.width().unwrap_or(1),
    }
}

/// The start of a line without labels.
fn start(line: &str, room: usize) -> Cut {
    let text = if is_wider(line, room) {
        line[..forward(line, 0, room.saturating_sub(1))].to_owned() + ELLIPSIS
    } else {
        line.to_owned()
    };
    Cut { text, marks: Vec::new() }
}

/// The line whole if it fits, else as much as fits on either side of the labels.
fn widest(line: &str, marks: &[Mark], room: usize) -> Cut {
    if !is_wider(line, room) {
        let whole = Cut { text: line.to_owned(), marks: marks.to_vec() };
        if whole.fits(room) {
            return whole;
        }
    }
    // Beside a long text of a label, less than the least has to do.
    let (mut most, mut too_much) = (1, room);
    while too_much - most > 1 {
        let middle = most.midpoint(too_much);
        if around(line, marks, middle).fits(room) { most = middle } else { too_much = middle }
    }
    let mut pieces = pieces(line, marks, most);
    // A text beside the last label may need columns that the line does not.
    let cut = joined(line, marks, &pieces);
    if let Some(last) = pieces.last_mut() {
        last.end = forward(line, last.end, room.saturating_sub(columns(&cut.text)));
    }
    let longer = joined(line, marks, &pieces);
    if longer.fits(room) { longer } else { cut }
}

/// The labels with this many columns on either side of each.
fn around(line: &str, marks: &[Mark], beside: usize) -> Cut {
    joined(line, marks, &pieces(line, marks, beside))
}

/// The pieces of a line that are around its labels.
fn pieces(line: &str, marks: &[Mark], beside: usize) -> Vec<Span> {
    let mut pieces: Vec<Span> = Vec::new();
    for Mark { span, .. } in marks {
        let start = back(line, span.start, beside);
        let most = forward(line, span.start, beside * SPAN);
        let end = if span.end <= most { forward(line, span.end, beside) } else { most };
        match pieces.last_mut() {
            // An ellipsis would take as much as what it stands for.
            Some(last) if start <= forward(line, last.end, 1) => last.end = last.end.max(end),
            _ => pieces.push(Span::new(start, end)),
        }
    }
    pieces
}

/// The pieces of a line, with what is between them cut off.
fn joined(line: &str, marks: &[Mark], pieces: &[Span]) -> Cut {
    let mut cut = Cut { text: String::new(), marks: Vec::with_capacity(marks.len()) };
    for piece in pieces {
        if cut.text.is_empty() && piece.start > 0 {
            cut.text.push_str(ELLIPSIS);
        }
        let shift = cut.text.len();
        let is_cut = piece.end < line.len();
        cut.text.push_str(&line[piece.range()]);
        if is_cut {
            cut.text.push_str(ELLIPSIS);
        }
        let here = marks.iter().filter(|mark| (piece.start..=piece.end).contains(&mark.span.start));
        cut.marks.extend(here.map(|mark| {
            // What is cut off is marked as well.
            let end = if mark.span.end > piece.end { cut.text.len() } else { shift + mark.span.end - piece.start };
            Mark { span: Span::new(shift + mark.span.start - piece.start, end), ..mark.clone() }
        }));
    }
    cut
}

impl Cut {
    /// Whether it fits into a number of columns, with the texts beside its labels.
    fn fits(&self, room: usize) -> bool {
        // What marks nothing is drawn as one column.
        let marked = |span: Span| columns(&self.text[..span.start]) + columns(&self.text[span.range()]).max(1);
        let beside = |mark: &Mark| marked(mark.span) + mark.text;
        columns(&self.text) <= room && self.marks.iter().all(|mark| beside(mark) <= room)
    }
}

/// The offset at most this many columns before another.
fn back(line: &str, from: usize, most: usize) -> usize {
    let mut left = most;
    let fits = |(_, char): &(usize, char)| {
        let fits = width(*char) <= left;
        left = left.saturating_sub(width(*char));
        fits
    };
    line[..from].char_indices().rev().take_while(fits).last().map_or(from, |(index, _)| index)
}

/// The offset at most this many columns after another.
fn forward(line: &str, from: usize, most: usize) -> usize {
    let mut left = most;
    let fits = |(_, char): &(usize, char)| {
        let fits = width(*char) <= left;
        left = left.saturating_sub(width(*char));
        fits
    };
    line[from..].char_indices().take_while(fits).last().map_or(from, |(index, char)| from + index + char.len_utf8())
}
