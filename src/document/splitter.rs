//! Splits a stream of bytes into documents that follow one another, or are the items of one array, without parsing
//! them.

use std::ops::Range;

/// Finds the ends of documents that follow one another, or are the items of one array, in bytes that arrive in
/// blocks.
///
/// A `{` at the start of a line where JSON allows no value starts a new document, so that a document that is cut
/// off does not swallow those after it.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    /// The brackets that are open within the current document; true for `{`.
    open: Vec<bool>,
    array: Array,
    /// How many commas there were since the last item of the array.
    commas: usize,
    items: usize,
    lacks_comma: bool,
    within: Within,
    string: InString,
    /// Whether the current line has started, so that the next byte is not its first.
    in_line: bool,
    /// The last byte that is not white space.
    last: u8,
    /// The index of the next byte to look at.
    at: usize,
    /// Where the current document starts, or between documents, where the last one ended.
    from: usize,
}

/// Whether the documents are the items of one array around them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Array {
    #[default]
    None,
    Open,
    Closed,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum InString {
    #[default]
    No,
    Yes,
    /// After a backslash.
    Escaped,
}

/// A document that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Its bytes.
    pub(crate) range: Range<usize>,
    /// Whether it is an item of an array without a comma before it.
    pub(crate) lacks_comma: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Between documents.
    #[default]
    None,
    /// In an object or array.
    Brackets,
    /// In anything else, which ends with its line.
    Line,
}

impl Splitter {
    /// Returns the documents that end within the bytes; at the end of the input, the rest is a document, too. The next
    /// call must pass the bytes from [`Splitter::rest`] on, followed by more.
    pub(crate) fn split(&mut self, bytes: &[u8], is_end: bool) -> Vec<Piece> {
        let mut found = Vec::new();
        while let Some(byte) = bytes.get(self.at).copied() {
            self.step(bytes, byte, &mut found);
        }
        if is_end && !bytes[self.from..].trim_ascii().is_empty() {
            self.end(bytes.len(), &mut found);
        }
        found
    }

    /// Whether the documents are items of an array.
    pub(crate) fn has_array(&self) -> bool {
        self.array != Array::None
    }

    /// Whether an array was opened and not closed.
    pub(crate) fn is_unclosed(&self) -> bool {
        self.array == Array::Open
    }

    /// The offset from which the bytes are still needed. They must be the first ones of the next call.
    pub(crate) fn rest(&mut self) -> usize {
        let from = std::mem::take(&mut self.from);
        self.at -= from;
        from
    }

    fn step(&mut self, bytes: &[u8], byte: u8, found: &mut Vec<Piece>) {
        if self.string == InString::Yes && self.skip_plain(bytes) {
            return;
        }
        let at = self.at;
        self.at += 1;
        let line_start = !std::mem::replace(&mut self.in_line, byte != b'\n');
        if self.string != InString::No {
            return self.within_string(at, byte);
        }
        match self.within {
            Within::None => self.between(at, byte, found),
            Within::Line => {
                let ends = byte == b'\n' || (self.array == Array::Open && matches!(byte, b',' | b']'));
                if ends {
                    self.at = at;
                    self.end(at, found);
                }
            }
            Within::Brackets => match byte {
                b'"' => self.string = InString::Yes,
                b'{' if line_start && !self.takes_value() => {
                    self.end(at, found);
                    self.begin(byte);
                }
                b'{' | b'[' => self.open.push(byte == b'{'),
                b'}' | b']' => {
                    self.open.pop();
                    if self.open.is_empty() {
                        self.end(at + 1, found);
                    }
                }
                _ => {}
            },
        }
        if !byte.is_ascii_whitespace() {
            self.last = byte;
        }
    }

    /// Skips the bytes of a string up to the next quote, backslash or line feed; returns whether there were any. Most
    /// bytes are skipped here.
    fn skip_plain(&mut self, bytes: &[u8]) -> bool {
        let plain = memchr::memchr3(b'"', b'\\', b'\n', &bytes[self.at..]).unwrap_or(bytes.len() - self.at);
        self.at += plain;
        if plain > 0 {
            self.last = b'"';
        }
        plain > 0
    }

    fn within_string(&mut self, at: usize, byte: u8) {
        self.last = b'"';
        self.string = match (self.string, byte) {
            // A string cannot continue on the next line. The line feed is processed again, outside of the string.
            (_, b'\n') => {
                self.at = at;
                InString::No
            }
            (InString::Yes, b'\\') => InString::Escaped,
            (InString::Yes, b'"') => InString::No,
            _ => InString::Yes,
        };
    }

    /// Whether a value may stand after the last byte.
    fn takes_value(&self) -> bool {
        match self.last {
            b':' | b'[' => true,
            b',' => self.open.last() == Some(&false),
            _ => false,
        }
    }

    fn between(&mut self, at: usize, byte: u8, found: &mut Vec<Piece>) {
        let is_list = self.array == Array::Open;
        match byte {
            _ if byte.is_ascii_whitespace() => {}
            b'[' if self.items == 0 && self.array == Array::None => {
                self.array = Array::Open;
                self.from = self.at;
            }
            b',' if is_list && self.commas == 0 && self.items > 0 => {
                self.commas = 1;
                self.from = self.at;
            }
            b']' if is_list => {
                self.array = Array::Closed;
                if self.commas == 1 {
                    // A trailing comma is returned as a document, so that parsing it reports the fault.
                    found.push(Piece { range: self.from.saturating_sub(1)..self.at, lacks_comma: false });
                }
                self.from = self.at;
            }
            _ => {
                self.from = at;
                self.lacks_comma = is_list && self.items > 0 && self.commas == 0;
                self.begin(byte);
            }
        }
    }

    fn begin(&mut self, byte: u8) {
        let opens = matches!(byte, b'{' | b'[');
        self.within = if opens { Within::Brackets } else { Within::Line };
        self.open.extend(opens.then_some(byte == b'{'));
        self.string = if byte == b'"' { InString::Yes } else { InString::No };
    }

    fn end(&mut self, at: usize, found: &mut Vec<Piece>) {
        found.push(Piece { range: self.from..at, lacks_comma: self.lacks_comma });
        self.from = at;
        self.items += 1;
        self.commas = 0;
        self.open.clear();
        self.within = Within::None;
    }
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::Splitter;

    /// The documents that are found must not depend on the blocks in which the bytes arrive.
    #[test]
    fn documents_are_split_the_same_however_they_are_read() {
        let mut rng = Rng::with_seed(7);
        let pieces = [
            "{\"a\": [1, {\"b\": \"}{\\\"\"}]}",
            "\n",
            "\n\n ",
            "{\n \"a\": \"x\\\\\"\n}",
            "{\"a\": \"cut",
            "{\"a\":",
            "[1]",
            "7",
            "\"s\"",
        ];
        for round in 0..2000 {
            let text: String = (0..rng.usize(1..12)).map(|_| pieces[rng.usize(..pieces.len())]).collect();
            let text = if round % 3 == 0 { format!("[{}", text.replace('\n', ",\n")) } else { text };
            let whole: Vec<_> =
                Splitter::default().split(text.as_bytes(), true).into_iter().map(|piece| piece.range).collect();
            let (mut splitter, mut buffer, mut offset, mut found) = (Splitter::default(), Vec::new(), 0, Vec::new());
            let mut rest = text.as_bytes();
            loop {
                let (next, later) = rest.split_at(rng.usize(..=rest.len().min(9)));
                rest = later;
                buffer.extend_from_slice(next);
                let pieces = splitter.split(&buffer, rest.is_empty());
                found.extend(pieces.into_iter().map(|piece| piece.range.start + offset..piece.range.end + offset));
                if rest.is_empty() {
                    break;
                }
                let done = splitter.rest();
                buffer.drain(..done);
                offset += done;
            }
            assert_eq!(found, whole, "{text:?}");
        }
    }
}
