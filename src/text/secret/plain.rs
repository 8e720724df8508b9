//! Texts without their escapes: those of JSON, also of JSON in JSON, of URLs and of HTML, with a map to the text as it
//! is written.

use std::borrow::Cow;

use crate::text::span::Span;

/// A text without escapes.
#[derive(Debug)]
pub(super) struct Plain<'t> {
    pub(super) text: Cow<'t, str>,
    /// For each round of unescaping, the last one first: the offset after each escape, in its result and in its input.
    rounds: Vec<Vec<(usize, usize)>>,
}

impl<'t> Plain<'t> {
    /// Takes the escapes out of a text.
    pub(super) fn of(written: &'t str) -> Self {
        // What is escaped may be an escape: `%253D`. How often JSON is escaped shows in the number of backslashes.
        const ROUNDS: usize = 3;
        let mut plain = Plain::bare(written);
        for round in 0..ROUNDS {
            let Some((text, ends)) = unescaped(&plain.text, round == 0) else { break };
            plain.text = Cow::Owned(text);
            plain.rounds.insert(0, ends);
        }
        plain
    }

    /// A text that is taken as it is written.
    pub(super) fn bare(written: &'t str) -> Self {
        Plain { text: Cow::Borrowed(written), rounds: Vec::new() }
    }

    /// The span in the text as it is written.
    pub(super) fn written(&self, start: usize, end: usize) -> Span {
        Span::new(self.offset(start), self.offset(end))
    }

    /// How many bytes the character at an offset has in the text as it is written.
    pub(super) fn width(&self, at: usize) -> usize {
        let length = self.text[at..].chars().next().map_or(0, char::len_utf8);
        self.offset(at + length) - self.offset(at)
    }

    fn offset(&self, plain: usize) -> usize {
        self.rounds.iter().fold(plain, |at, ends| {
            let before = ends.partition_point(|(after, _)| *after <= at);
            let (from, written) = before.checked_sub(1).map_or((0, 0), |last| ends[last]);
            written + at - from
        })
    }
}

/// The text after one round, and the offsets after each escape; none if there is no escape.
fn unescaped(written: &str, is_json: bool) -> Option<(String, Vec<(usize, usize)>)> {
    let mut text = String::new();
    let mut ends = Vec::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = memchr::memchr3(b'\\', b'%', b'&', &written.as_bytes()[at..]) {
        let start = at + found;
        match escape(&written[start..], is_json) {
            Some((length, char)) => {
                text.push_str(&written[copied..start]);
                text.push(char);
                at = start + length;
                copied = at;
                ends.push((text.len(), at));
            }
            None => at = start + 1,
        }
    }
    text.push_str(&written[copied..]);
    (!ends.is_empty()).then_some((text, ends))
}

/// The length of the escape at the start of a text, and what it stands for.
fn escape(text: &str, is_json: bool) -> Option<(usize, char)> {
    match text.as_bytes()[0] {
        b'\\' if is_json => backslashes(text),
        b'\\' => None,
        b'%' => percent(text),
        _ => entity(text),
    }
}

/// An escape of JSON. In a string that is in a string backslashes are escaped, too.
fn backslashes(text: &str) -> Option<(usize, char)> {
    let count = text.bytes().take_while(|byte| *byte == b'\\').count();
    let char = match text.as_bytes().get(count) {
        // A quote that is escaped n times has 2ⁿ - 1 of them; those before are a backslash of the string.
        Some(b'"') if (count + 1) & count != 0 => return Some((count + 1 - (1 << count.trailing_ones()), '\\')),
        Some(b'u') => return unicode(text, count),
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(byte @ (b'"' | b'/' | b'\'')) => char::from(*byte),
        _ if count > 1 => return Some((count, '\\')),
        _ => return None,
    };
    Some((count + 1, char))
}

/// A `\u` escape, or two of them for one character.
fn unicode(text: &str, count: usize) -> Option<(usize, char)> {
    let length = count + 5;
    let unit = |text: &str| u16::from_str_radix(text.get(count + 1..length)?, 16).ok();
    let first = unit(text)?;
    let rest = &text[length..];
    let is_escape = rest.bytes().take_while(|byte| *byte == b'\\').count() == count && rest[count..].starts_with('u');
    let second = if is_escape { unit(rest) } else { None };
    match char::decode_utf16([Some(first), second].into_iter().flatten()).next() {
        Some(Ok(char)) => Some((length * char.len_utf16(), char)),
        _ => Some((length, char::REPLACEMENT_CHARACTER)),
    }
}

/// An escape of a URL, unless it stands for what would end the URL.
fn percent(text: &str) -> Option<(usize, char)> {
    let byte = u8::from_str_radix(text.get(1..3)?, 16).ok()?;
    let is_kept = !byte.is_ascii_graphic() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`');
    (!is_kept).then(|| (3, char::from(byte)))
}

/// An entity of HTML.
fn entity(text: &str) -> Option<(usize, char)> {
    const NAMED: [(&str, char); 5] = [("amp", '&'), ("quot", '"'), ("apos", '\''), ("lt", '<'), ("gt", '>')];
    const LONGEST: usize = 6;
    let end = text.bytes().take(LONGEST + 2).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let numbered = || {
        let digits = name.strip_prefix('#')?;
        let number = match digits.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => digits.parse(),
        };
        char::from_u32(number.ok()?)
    };
    let named = NAMED.iter().find(|(known, _)| *known == name).map(|(_, char)| *char);
    Some((end + 1, named.or_else(numbered)?))
}
