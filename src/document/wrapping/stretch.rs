//! Finds the stretches of a text that are JSON, by their brackets.

use std::ops::Range;

use crate::document::wrapping::table::{Place, WRAPPINGS};
use crate::document::wrapping::{Found, lines};
use crate::document::{Document, Value};
use crate::text::span::Span;

/// How many brackets that are never closed are followed within lines; each is followed to the end of the text.
const MOST_UNCLOSED: usize = 16;

/// The stretches of a text that are JSON, and the lines of wrappings around them.
#[derive(Debug, Default)]
pub(super) struct Stretches {
    /// Objects, and arrays of objects.
    pub(super) whole: Vec<Range<usize>>,
    /// What starts like these at the start of a line and is not JSON.
    pub(super) broken: Vec<Range<usize>>,
    /// The lines of wrappings outside of the stretches.
    pub(super) lines: Vec<Found>,
}

impl Stretches {
    /// The stretches of a text. If it was a log with something before each line, JSON may follow anything on its line.
    pub(super) fn of(text: &str, was_peeled: bool) -> Self {
        let mut stretches = Stretches::default();
        let mut found: Vec<Found> = lines(text).filter_map(|(start, line)| wrapping_line(start, line)).collect();
        if let Some(fenced) = fenced(text, &found) {
            found.retain(|(wrapping, _)| wrapping.place == Place::Fences);
            for segment in fenced {
                stretches.search(text, segment, &|_| was_peeled);
            }
        } else {
            let is_named =
                |line: usize| was_peeled || found.binary_search_by_key(&line, |(_, span)| span.start).is_ok();
            for segment in between_own_lines(text, &found) {
                stretches.search(text, segment, &is_named);
            }
        }
        let Stretches { whole, broken, .. } = &stretches;
        let is_inside = |span: Span| {
            let holds = |stretches: &[Range<usize>]| {
                let index = stretches.partition_point(|stretch| stretch.end <= span.start);
                stretches.get(index).is_some_and(|stretch| stretch.start <= span.start)
            };
            holds(whole) || holds(broken)
        };
        let outside = found.into_iter().filter(|(_, span)| !is_inside(*span)).collect();
        Stretches { lines: outside, ..stretches }
    }

    /// Searches a segment for JSON: at the starts of lines, and on lines, given by their starts, that may start with
    /// something else.
    fn search(&mut self, text: &str, segment: Range<usize>, may_follow: &dyn Fn(usize) -> bool) {
        let mut at = segment.start;
        let mut unclosed = 0;
        while let Some(next) = memchr::memchr2(b'{', b'[', &text.as_bytes()[at..segment.end]) {
            let start = at + next;
            let line_start = text[..start].rfind('\n').map_or(0, |feed| feed + 1);
            let starts_line = text[line_start.max(segment.start)..start].trim().is_empty();
            let line_end = start + text[start..segment.end].find('\n').unwrap_or(segment.end - start);
            if !starts_line && (unclosed > MOST_UNCLOSED || !may_follow(line_start)) {
                at = line_end;
                continue;
            }
            let Some(end) = closing(text, start..segment.end) else {
                if starts_line {
                    let end = start + text[start..segment.end].trim_end().len();
                    self.broken.push(start..end);
                    return;
                }
                unclosed += 1;
                at = line_end;
                continue;
            };
            if is_readable(Document::parse_at(&text[start..end], start).root()) {
                self.whole.push(start..end);
            } else if starts_line && end > line_end {
                self.broken.push(start..end);
            }
            at = end;
        }
    }
}

/// Whether a value is worth reading: an object with members, or an array of them.
pub(super) fn is_readable(value: Option<Value<'_>>) -> bool {
    value.is_some_and(|value| (value.is_object() && !value.is_empty()) || value.items().any(Value::is_object))
}

/// The wrapping whose line this is, if it is one.
pub(super) fn wrapping_line(start: usize, line: &str) -> Option<Found> {
    let trimmed = line.trim_end();
    let wrapping =
        WRAPPINGS.iter().find(|wrapping| !wrapping.is_interleaved() && wrapping.pattern.is_match(trimmed))?;
    (!trimmed.is_empty()).then(|| (wrapping, Span::new(start, start + trimmed.len())))
}

/// The insides of fences, if there is any with something like JSON in it.
fn fenced(text: &str, found: &[Found]) -> Option<Vec<Range<usize>>> {
    let fences = found.iter().filter(|(wrapping, _)| wrapping.place == Place::Fences);
    let fences: Vec<Span> = fences.map(|(_, span)| *span).collect();
    let pairs = fences.chunks(2).map(|fence| fence[0].end..fence.get(1).map_or(text.len(), |end| end.start));
    let insides: Vec<Range<usize>> = pairs.filter(|range| text[range.clone()].contains(['{', '['])).collect();
    (!insides.is_empty()).then_some(insides)
}

/// What lies between lines that hold no JSON.
fn between_own_lines(text: &str, found: &[Found]) -> Vec<Range<usize>> {
    let mut segments = Vec::new();
    let mut start = 0;
    for (_, span) in found.iter().filter(|(wrapping, _)| wrapping.place == Place::OwnLines) {
        segments.push(start..span.start);
        start = span.end;
    }
    segments.push(start..text.len());
    segments
}

/// The offset after the bracket that closes the one at the start of a range.
pub(super) fn closing(text: &str, range: Range<usize>) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (index, byte) in text.as_bytes()[range.clone()].iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b'\n' => in_string = false,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(range.start + index + 1);
                }
            }
            _ => {}
        }
    }
    None
}
