//! Splits a stream of bytes into documents that follow one another, are the items of one array, or are the records of a
//! JSON text sequence (RFC 7464), without parsing them.

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
    /// How many more are open: of those beyond [`MOST_OPEN`] it is not kept what they are.
    deeper: usize,
    array: Array,
    /// Where its opening bracket is; said once.
    bracket: Option<usize>,
    /// How many commas there were since the last item of the array.
    commas: usize,
    items: usize,
    lacks_comma: bool,
    within: Within,
    string: InString,
    /// The line feed that ended the last string of the current document that lacks its quote; 0 if there is none.
    cut_string: usize,
    /// The index of the next byte to look at.
    at: usize,
    /// Where the current document starts, or between documents, where the last one ended.
    from: usize,
    /// Whether each document is a record of its own, whatever is in it.
    is_sequence: bool,
}

/// Stands before each record of a JSON text sequence, and nowhere in JSON.
pub(crate) const RECORD_SEPARATOR: u8 = 0x1E;

/// The most brackets of which it is kept what they are; no document that can be parsed is as deep.
const MOST_OPEN: usize = 1 << 16;

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

/// The bytes that matter in an object or array, outside of strings.
const IS_STRUCTURAL: [bool; 256] = {
    let mut is_structural = [false; 256];
    let mut index = 0;
    while index < 5 {
        is_structural[b"\"{}[]"[index] as usize] = true;
        index += 1;
    }
    is_structural
};

impl Splitter {
    /// A splitter for documents from an offset on that do not come first, and are not in an array.
    pub(crate) fn after_others(offset: usize) -> Self {
        Splitter { items: 1, at: offset, from: offset, ..Splitter::default() }
    }

    /// A splitter for the records of a JSON text sequence.
    pub(crate) fn of_sequence() -> Self {
        Splitter { is_sequence: true, ..Splitter::default() }
    }

    /// Returns the documents that end within the bytes, up to a number of them; at the end of the input, the rest is
    /// a document, too. The next call must pass the bytes from [`Splitter::rest`] on, followed by more.
    pub(crate) fn split(&mut self, bytes: &[u8], is_end: bool, most: usize) -> Vec<Piece> {
        let mut found = Vec::new();
        if self.is_sequence {
            self.records(bytes, is_end, most, &mut found);
            return found;
        }
        while self.at < bytes.len() && found.len() < most {
            match (self.string, self.within) {
                (InString::Yes | InString::Escaped, _) => self.string(bytes),
                (InString::No, Within::None) => self.between(self.at, bytes[self.at], &mut found),
                (InString::No, Within::Line) => self.line(bytes, &mut found),
                (InString::No, Within::Brackets) => self.brackets(bytes, &mut found),
            }
        }
        if is_end && self.is_done(bytes) && self.within != Within::None {
            self.end(bytes.len(), &mut found);
        }
        found
    }

    /// Finds the records that end within the bytes.
    fn records(&mut self, bytes: &[u8], is_end: bool, most: usize, found: &mut Vec<Piece>) {
        while self.at < bytes.len() && found.len() < most {
            let Some(length) = memchr::memchr(RECORD_SEPARATOR, &bytes[self.at..]) else {
                self.at = bytes.len();
                break;
            };
            let end = self.at + length;
            self.record(bytes, end, found);
            (self.at, self.from) = (end + 1, end + 1);
        }
        if is_end && self.is_done(bytes) {
            self.record(bytes, bytes.len(), found);
            self.from = bytes.len();
        }
    }

    /// Adds the record that ends there, unless it is blank.
    fn record(&self, bytes: &[u8], end: usize, found: &mut Vec<Piece>) {
        let record = &bytes[self.from..end];
        let start = self.from + (record.len() - record.trim_ascii_start().len());
        let range = start..start + record.trim_ascii().len();
        if !range.is_empty() {
            found.push(Piece { range, lacks_comma: false });
        }
    }

    /// Whether it has looked at all bytes.
    pub(crate) fn is_done(&self, bytes: &[u8]) -> bool {
        self.at == bytes.len()
    }

    /// Whether the documents are items of an array.
    pub(crate) fn has_array(&self) -> bool {
        self.array != Array::None
    }

    /// Where in the bytes of the last call the bracket is that opens the array, if it is in them; said once.
    pub(crate) fn take_bracket(&mut self) -> Option<usize> {
        self.bracket.take()
    }

    /// Whether an array was opened and not closed.
    pub(crate) fn is_unclosed(&self) -> bool {
        self.array == Array::Open
    }

    /// The offset from which the bytes are still needed. They must be the first ones of the next call.
    pub(crate) fn rest(&mut self) -> usize {
        let from = std::mem::take(&mut self.from);
        self.at -= from;
        self.cut_string = self.cut_string.saturating_sub(from);
        from
    }

    /// Drops bytes of the current document, from an offset on, which were looked at. Some must be left after them, and
    /// the next call must pass what is left, followed by more.
    pub(crate) fn forget(&mut self, from: usize, count: usize) {
        self.at -= count;
        if self.cut_string > from {
            self.cut_string = self.cut_string.saturating_sub(count).max(from);
        }
    }

    /// Processes the bytes in brackets up to the end of the document.
    fn brackets(&mut self, bytes: &[u8], found: &mut Vec<Piece>) {
        while let Some(plain) = bytes[self.at..].iter().position(|byte| IS_STRUCTURAL[usize::from(*byte)]) {
            let at = self.at + plain;
            self.at = at + 1;
            match bytes[at] {
                b'"' => {
                    self.string = InString::Yes;
                    self.string(bytes);
                    if self.string != InString::No {
                        return;
                    }
                }
                b'{' if bytes[at - 1] == b'\n' && !self.takes_value(&bytes[..at]) => {
                    self.end(at, found);
                    return self.begin(b'{');
                }
                b'{' | b'[' if self.open.len() == MOST_OPEN => self.deeper += 1,
                byte @ (b'{' | b'[') => self.open.push(byte == b'{'),
                _ if self.deeper > 0 => self.deeper -= 1,
                _ => {
                    self.open.pop();
                    if self.open.is_empty() {
                        return self.end(at + 1, found);
                    }
                }
            }
        }
        self.at = bytes.len();
    }

    /// Processes the bytes of a string up to its end, which is the end of its line at the latest.
    fn string(&mut self, bytes: &[u8]) {
        if self.string == InString::Escaped && self.at < bytes.len() {
            self.string = InString::Yes;
            self.at += usize::from(bytes[self.at] != b'\n');
        }
        while let Some(plain) = memchr::memchr3(b'"', b'\\', b'\n', &bytes[self.at..]) {
            let at = self.at + plain;
            self.at = at + 1;
            match (bytes[at], bytes.get(at + 1)) {
                (b'"', _) => {
                    self.string = InString::No;
                    return;
                }
                (b'\n', _) => {
                    self.string = InString::No;
                    self.cut_string = at;
                    self.at = at;
                    return;
                }
                (_, None) => self.string = InString::Escaped,
                (_, Some(escaped)) => self.at += usize::from(*escaped != b'\n'),
            }
        }
        self.at = bytes.len();
    }

    /// Processes the bytes of a document that ends with its line.
    fn line(&mut self, bytes: &[u8], found: &mut Vec<Piece>) {
        let rest = &bytes[self.at..];
        let end = match self.array {
            Array::Open => memchr::memchr3(b'\n', b',', b']', rest),
            Array::None | Array::Closed => memchr::memchr(b'\n', rest),
        };
        self.at += end.unwrap_or(rest.len());
        if end.is_some() {
            self.end(self.at, found);
        }
    }

    /// Whether a value may stand after these bytes.
    fn takes_value(&self, before: &[u8]) -> bool {
        let last = before.iter().rposition(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
        // What looks like a token may be the end of a string without its quote.
        match before[last] {
            _ if last < self.cut_string => false,
            b':' | b'[' => true,
            b',' => self.open.last() == Some(&false),
            _ => false,
        }
    }

    fn between(&mut self, at: usize, byte: u8, found: &mut Vec<Piece>) {
        self.at = at + 1;
        let is_list = self.array == Array::Open;
        match byte {
            // A trailing comma is returned with what follows it.
            _ if byte.is_ascii_whitespace() => self.from = if self.commas == 0 { self.at } else { self.from },
            b'[' if self.items == 0 && self.array == Array::None => {
                self.array = Array::Open;
                self.bracket = Some(at);
                self.from = self.at;
            }
            b',' if is_list && self.commas == 0 && self.items > 0 => {
                self.commas = 1;
                self.from = at;
            }
            b']' if is_list => {
                self.array = Array::Closed;
                if self.commas == 1 {
                    // A trailing comma is returned as a document, so that parsing it reports the fault.
                    found.push(Piece { range: self.from..self.at, lacks_comma: false });
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
        self.cut_string = 0;
    }

    fn end(&mut self, at: usize, found: &mut Vec<Piece>) {
        found.push(Piece { range: self.from..at, lacks_comma: self.lacks_comma });
        self.from = at;
        self.items += 1;
        self.commas = 0;
        self.open.clear();
        self.deeper = 0;
        self.within = Within::None;
    }
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::Splitter;

    /// A record that breaks off, or is no JSON, or holds several documents, has no influence on the others.
    #[test]
    fn records_of_a_sequence_are_split_wherever_blocks_end() {
        let text = b"\x1E{\"a\":\n\x1E\x1E {}\n{}\n\x1E \n\x1E\"cut\x1E[1]";
        let whole: Vec<&[u8]> = vec![b"{\"a\":", b"{}\n{}", b"\"cut", b"[1]"];
        for size in 1..=text.len() {
            let (mut splitter, mut buffer, mut found) = (Splitter::of_sequence(), Vec::new(), Vec::new());
            let mut blocks = text.chunks(size).peekable();
            while let Some(block) = blocks.next() {
                buffer.extend_from_slice(block);
                let pieces = splitter.split(&buffer, blocks.peek().is_none(), usize::MAX);
                found.extend(pieces.into_iter().map(|piece| buffer[piece.range].to_vec()));
                buffer.drain(..splitter.rest());
            }
            assert_eq!(found, whole, "in blocks of {size}");
        }
    }

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
            let whole: Vec<_> = Splitter::default()
                .split(text.as_bytes(), true, usize::MAX)
                .into_iter()
                .map(|piece| piece.range)
                .collect();
            let (mut splitter, mut buffer, mut offset, mut found) = (Splitter::default(), Vec::new(), 0, Vec::new());
            let mut rest = text.as_bytes();
            loop {
                let (next, later) = rest.split_at(rng.usize(..=rest.len().min(9)));
                rest = later;
                buffer.extend_from_slice(next);
                let pieces = splitter.split(&buffer, rest.is_empty(), usize::MAX);
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
