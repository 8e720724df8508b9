//! What is being written at an offset of JSON that may be broken there: a key or a value, and the same text with
//! something whole in its place. Knows no shape.

use std::ops::Range;

/// What is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writes {
    /// The key of a member; whether a colon follows it.
    Key {
        /// Whether a colon follows.
        has_colon: bool,
    },
    /// The value of a member, or an item.
    Value,
}

/// The cursor in a document.
#[derive(Debug)]
pub(super) struct Cursor {
    pub(super) writes: Writes,
    /// What is written so far, with its quotes.
    pub(super) token: Range<usize>,
    /// Where a comma is missing before it.
    pub(super) lacks_comma_at: Option<usize>,
    /// Whether a comma is missing after it.
    pub(super) needs_comma: bool,
    /// The document with something whole in the place of the token, and where that is; first one with all of the
    /// document, then one that ends after it.
    pub(super) repaired: [(String, usize); 2],
}

/// An object or array around the cursor.
#[derive(Debug, Clone, Copy)]
struct Open {
    bracket: u8,
    /// Whether a key is expected next, in an object.
    is_at_key: bool,
    /// Where it starts.
    start: usize,
}

impl Cursor {
    /// The cursor at an offset of a text; none outside of objects and arrays.
    pub(super) fn at(text: &str, offset: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        let (open, string) = around(bytes, offset);
        let token = match string {
            Some(start) => start..end_of_string(bytes, offset),
            None => word(bytes, offset),
        };
        let innermost = *open.last()?;
        let start = open.first()?.start;
        let last =
            bytes[start..token.start].iter().rposition(|byte| !byte.is_ascii_whitespace()).map(|at| start + at)?;
        let next = bytes[token.end..].iter().find(|byte| !byte.is_ascii_whitespace()).copied();
        let before = bytes[last];
        let is_key = innermost.bracket == b'{' && (innermost.is_at_key || !matches!(before, b':'));
        let writes = if is_key { Writes::Key { has_colon: next == Some(b':') } } else { Writes::Value };
        let lacks_comma = !matches!(before, b'{' | b'[' | b',' | b':');
        let needs_comma = !matches!(next, None | Some(b',' | b'}' | b']' | b':'));
        let place = match writes {
            Writes::Key { has_colon: true } => "\"\"",
            Writes::Key { has_colon: false } => "\"\": null",
            Writes::Value => "null",
        };
        let (comma, then) = (if lacks_comma { "," } else { "" }, if needs_comma { "," } else { "" });
        let head = format!("{}{comma}", &text[start..token.start]);
        let at = head.len();
        let end = end_of_document(bytes, token.end, open.len());
        let whole = format!("{head}{place}{then}{}", &text[token.end..end]);
        let closers: String = open.iter().rev().map(|open| if open.bracket == b'{' { '}' } else { ']' }).collect();
        let value = if writes == (Writes::Key { has_colon: true }) { ": null" } else { "" };
        let cut = format!("{head}{place}{value}{closers}");
        let lacks_comma_at = lacks_comma.then_some(last + 1);
        Some(Cursor { writes, token, lacks_comma_at, needs_comma, repaired: [(whole, at), (cut, at)] })
    }
}

/// The objects and arrays around an offset, and where the string starts that it is in.
fn around(bytes: &[u8], offset: usize) -> (Vec<Open>, Option<usize>) {
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while at < offset {
        match bytes[at] {
            b'"' => {
                let end = end_of_string(bytes, at + 1);
                let is_closed = end > at + 1 && bytes[end - 1] == b'"';
                if end > offset || (end == offset && !is_closed) {
                    return (open, Some(at));
                }
                at = end;
                continue;
            }
            bracket @ (b'{' | b'[') => open.push(Open { bracket, is_at_key: bracket == b'{', start: at }),
            b'}' | b']' => drop(open.pop()),
            b':' | b',' => {
                if let Some(innermost) = open.last_mut() {
                    innermost.is_at_key = bytes[at] == b',' && innermost.bracket == b'{';
                }
            }
            _ => {}
        }
        at += 1;
    }
    (open, None)
}

/// Where a string ends, given an offset in it: after its closing quote, or at the end of the line if there is none.
fn end_of_string(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\n' | b'\r' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The word around an offset, such as `tru`; empty between others.
fn word(bytes: &[u8], offset: usize) -> Range<usize> {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'.');
    let before = bytes[..offset].iter().rev().take_while(is_part).count();
    let after = bytes[offset..].iter().take_while(is_part).count();
    offset - before..offset + after
}

/// Where the document ends that so many objects and arrays are open in.
fn end_of_document(bytes: &[u8], from: usize, mut depth: usize) -> usize {
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = end_of_string(bytes, at + 1);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::{Cursor, Writes};

    /// Where `|` stands in a text.
    fn cursor(marked: &str) -> Option<Cursor> {
        let at = marked.find('|').expect("a mark");
        Cursor::at(&marked.replace('|', ""), at)
    }

    #[test]
    fn what_is_written_is_known_in_broken_json() {
        let key = |has_colon| Writes::Key { has_colon };
        for (marked, writes, whole) in [
            ("{|}", key(false), "{\"\": null}"),
            ("{\"a|", key(false), "{\"\": null"),
            ("{\"a|\": 1}", key(true), "{\"\": 1}"),
            ("{\"a\": 1, \"b|\n\"c\": 2}", key(false), "{\"a\": 1, \"\": null,\n\"c\": 2}"),
            ("{\"a\": 1 |}", key(false), "{\"a\": 1 ,\"\": null}"),
            ("{\"a\": |}", Writes::Value, "{\"a\": null}"),
            ("{\"a\": \"x|y\", \"b\": 1}", Writes::Value, "{\"a\": null, \"b\": 1}"),
            ("{\"a\": [1, |2]} {}", Writes::Value, "{\"a\": [1, null]}"),
            ("{} {\"a\": tr|}", Writes::Value, "{\"a\": null}"),
        ] {
            let cursor = cursor(marked).unwrap_or_else(|| panic!("{marked}"));
            assert_eq!((cursor.writes, cursor.repaired[0].0.as_str()), (writes, whole), "{marked}");
        }
        assert!(cursor("|").is_none() && cursor("{}|").is_none());
    }

    #[test]
    fn no_offset_is_too_odd() {
        let text = "{\"é\\\"\\u00e9\": [\"\\\", \"x\n, tr\\";
        for (offset, _) in text.char_indices() {
            let cursor = Cursor::at(text, offset);
            assert!(cursor.is_none_or(|cursor| cursor.token.start <= offset && offset <= cursor.token.end));
        }
    }
}
