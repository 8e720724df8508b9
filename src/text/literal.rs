//! String literals: where the parts of the text that a literal stands for are in the literal.

use crate::text::span::Span;

/// A string literal, ready to tell where parts of its unescaped text stand.
#[derive(Debug, Clone)]
pub(crate) struct Literal {
    /// The first byte after the opening quote.
    start: usize,
    /// The closing quote.
    end: usize,
    /// The offset after each escape, in the unescaped text and in the raw one.
    escapes: Vec<(usize, usize)>,
}

impl Literal {
    /// The literal at a span of a text, quotes included; for anything else than a literal all parts
    /// are where they would be without escapes.
    pub(crate) fn new(text: &str, span: Span) -> Self {
        let start = (span.start + 1).min(span.end);
        let end = span.end.max(start + 1) - 1;
        let raw = &text[start..end];
        let mut escapes = Vec::new();
        // By how much the raw text is ahead of the unescaped one.
        let mut ahead = 0;
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'\\', &raw.as_bytes()[at..]) {
            let escape = &raw[at + found..];
            let (raw_length, length) = if escape[1..].starts_with('u') { unicode(escape) } else { (2, 1) };
            at = (at + found + raw_length).min(raw.len());
            ahead += raw_length - length;
            escapes.push((at - ahead.min(at), at));
        }
        Literal { start, end, escapes }
    }

    /// Where a part of the unescaped text stands in the document.
    pub(crate) fn place(&self, part: Span) -> Span {
        Span::new(self.offset(part.start), self.offset(part.end))
    }

    fn offset(&self, unescaped: usize) -> usize {
        let before = self.escapes.partition_point(|(after, _)| *after <= unescaped);
        let (from, raw) = before.checked_sub(1).map_or((0, 0), |last| self.escapes[last]);
        (self.start + raw + unescaped - from).min(self.end)
    }
}

/// The length of a `\u` escape, or pair of them, and that of the character it stands for.
fn unicode(escape: &str) -> (usize, usize) {
    let unit = |at: usize| escape.get(at..at + 4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    let first = unit(2).unwrap_or(0);
    let second = escape.get(6..).is_some_and(|rest| rest.starts_with("\\u")).then(|| unit(8)).flatten();
    match char::decode_utf16([Some(first), second].into_iter().flatten()).next() {
        Some(Ok(char)) => (if char.len_utf16() == 2 { 12 } else { 6 }, char.len_utf8()),
        _ => (6, 3),
    }
}
