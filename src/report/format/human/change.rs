//! A fix as a small diff: the lines that it changes, before and after, each cut to the columns that there are for it.

use crate::finding::fix::{Edit, Fix, edits};
use crate::report::cut::{Mark, cut};
use crate::text::lines::Lines;
use crate::text::span::Span;

/// A line before or after a fix.
#[derive(Debug)]
pub(super) struct ChangedLine {
    /// `-` or `+`.
    pub(super) sign: char,
    /// The line's number, from 1; that before the fix.
    pub(super) number: usize,
    pub(super) text: String,
}

/// The lines that a fix changes, at most as many as a reader looks at, and how many more there are. Secrets are masked
/// in the lines already.
pub(super) fn changed_lines(lines: &Lines<'_>, fix: &Fix, room: usize) -> (Vec<ChangedLine>, usize) {
    const MOST: usize = 8;
    let (mut changed, mut more) = (Vec::new(), 0);
    for hunk in hunks(lines, fix) {
        let (old, new) = hunk.texts(lines, room);
        let before = shared(old.iter(), new.iter());
        let (old, new) = (&old[before..], &new[before..]);
        let after = shared(old.iter().rev(), new.iter().rev());
        let (old, new) = (&old[..old.len() - after], &new[..new.len() - after]);
        if changed.len() + old.len() + new.len() > MOST {
            more += old.len().max(new.len());
            continue;
        }
        let first = lines.before() + hunk.first + before + 1;
        let indent = old.iter().chain(new).map(|line| blanks(line)).min().unwrap_or_default();
        for (sign, own, others) in [('-', old, new), ('+', new, old)] {
            for (index, line) in own.iter().enumerate() {
                // Only where lines stand for one another does it show what of them differs.
                let other = others.get(index).filter(|_| own.len() == others.len());
                let text = fitted(&line[indent..], other.map(|other| &other[indent..]), room);
                changed.push(ChangedLine { sign, number: first + index, text });
            }
        }
    }
    (changed, more)
}

/// Lines that follow one another, with the edits in them.
struct Hunk<'f> {
    first: usize,
    last: usize,
    edits: Vec<&'f Edit>,
}

fn hunks<'f>(lines: &Lines<'_>, fix: &'f Fix) -> Vec<Hunk<'f>> {
    let mut hunks: Vec<Hunk<'f>> = Vec::new();
    for edit in edits(&[fix]) {
        let (first, last) = (lines.line_of(edit.span.start), lines.line_of(edit.span.end));
        match hunks.last_mut() {
            Some(hunk) if hunk.last >= first => {
                hunk.last = hunk.last.max(last);
                hunk.edits.push(edit);
            }
            _ => hunks.push(Hunk { first, last, edits: vec![edit] }),
        }
    }
    hunks
}

impl Hunk<'_> {
    /// The lines before and after the edits; of a long line only what is near them.
    fn texts(&self, lines: &Lines<'_>, room: usize) -> (Vec<String>, Vec<String>) {
        let text = |start: usize, end: usize| lines.slice(Span::new(start, end));
        let (start, end) = self.near(lines, room);
        let mut new = String::new();
        let mut rest = start;
        for Edit { span, text: inserted } in &self.edits {
            new.push_str(text(rest, span.start));
            new.push_str(inserted);
            rest = span.end;
        }
        new.push_str(text(rest, end));
        // Line breaks count as they are, and are not shown.
        let texts = |text: &str| text.split('\n').map(|line| shown(line.trim_end_matches('\r'))).collect();
        (texts(text(start, end)), texts(&new))
    }

    /// From where to where the lines are looked at: as far beside the edits as there is room for.
    fn near(&self, lines: &Lines<'_>, room: usize) -> (usize, usize) {
        // No character takes more bytes.
        let beside = 4 * room;
        let edited = self
            .edits
            .iter()
            .map(|edit| edit.span)
            .reduce(|one, other| Span::new(one.start.min(other.start), one.end.max(other.end)));
        let (from, to) = (lines.start(self.first), lines.start(self.last) + lines.text(self.last).len());
        edited.map_or((from, to), |edited| {
            (lines.boundary(from.max(edited.start.saturating_sub(beside))), lines.boundary(to.min(edited.end + beside)))
        })
    }
}

/// A line with signs for white space that would look like a blank, or like nothing.
fn shown(line: &str) -> String {
    let is_odd =
        |char: char| !char.is_ascii() && (char.is_whitespace() || matches!(char, '\u{200b}' | '\u{2060}' | '\u{feff}'));
    line.chars().map(|char| if is_odd(char) { '␣' } else { char }).collect::<String>().replace('\t', "    ")
}

/// How many texts at the start are the same.
fn shared<'t>(one: impl Iterator<Item = &'t String>, other: impl Iterator<Item = &'t String>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}

fn blanks(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// What fits of a line, around what differs from another.
fn fitted(line: &str, other: Option<&str>, room: usize) -> String {
    let marks = other.map(|other| {
        let same = |(one, other): &((usize, char), (usize, char))| one.1 == other.1;
        let start = line.char_indices().zip(other.char_indices()).take_while(same).last();
        let start = start.map_or(0, |((at, char), _)| at + char.len_utf8());
        let most = (line.len() - start).min(other.len() - start);
        let from_end = line.chars().rev().zip(other.chars().rev()).take_while(|(one, other)| one == other);
        let mut end = 0;
        for (char, _) in from_end {
            if end + char.len_utf8() > most {
                break;
            }
            end += char.len_utf8();
        }
        Mark { label: 0, span: Span::new(start, line.len() - end), text: 0 }
    });
    cut(line, marks.as_slice(), room).into_iter().map(|cut| cut.text).collect()
}
