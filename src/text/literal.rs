//! String literals: maps spans of the unescaped string to spans of the raw literal.

use crate::text::span::Span;

/// A string literal, as a map from offsets in its unescaped string to offsets in the text around it.
#[derive(Debug, Clone)]
pub(crate) struct Literal {
    /// The offset after the opening quote.
    start: usize,
    /// The offset of the closing quote.
    end: usize,
    /// The offset after each escape, in the unescaped string and in the raw literal.
    escapes: Vec<(usize, usize)>,
}

impl Literal {
    /// The literal at a span of a text, quotes included. If the span holds anything else, it is treated as a
    /// literal without escapes.
    pub(crate) fn new(text: &str, span: Span) -> Self {
        let start = (span.start + 1).min(span.end);
        let end = span.end.max(start + 1) - 1;
        let raw = &text[start..end];
        let mut escapes = Vec::new();
        // How many bytes the raw literal is longer so far.
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

    /// The span in the text around the literal of a span of the unescaped string.
    pub(crate) fn raw_span(&self, span: Span) -> Span {
        Span::new(self.offset(span.start), self.offset(span.end))
    }

    fn offset(&self, unescaped: usize) -> usize {
        let before = self.escapes.partition_point(|(after, _)| *after <= unescaped);
        let (from, raw) = before.checked_sub(1).map_or((0, 0), |last| self.escapes[last]);
        (self.start + raw + unescaped - from).min(self.end)
    }
}

/// The length in bytes of a `\u` escape, or a surrogate pair of them, and of the character that it encodes.
fn unicode(escape: &str) -> (usize, usize) {
    let unit = |at: usize| escape.get(at..at + 4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    let first = unit(2).unwrap_or(0);
    let second = escape.get(6..).is_some_and(|rest| rest.starts_with("\\u")).then(|| unit(8)).flatten();
    match char::decode_utf16([Some(first), second].into_iter().flatten()).next() {
        Some(Ok(char)) => (if char.len_utf16() == 2 { 12 } else { 6 }, char.len_utf8()),
        _ => (6, 3),
    }
}
