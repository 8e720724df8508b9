//! Positions in a text as clients count them, and offsets in bytes as everything else does.

use std::ops::Range as Bytes;

use line_index::{LineIndex, TextSize, WideEncoding};

use crate::lsp::protocol::{Position, Range};

/// The units in which columns are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Units of UTF-16, which every client can count in.
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The encoding to use with a client that offers some: the cheapest one.
    pub(super) fn of(offered: &[&str]) -> Self {
        let known = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];
        known.into_iter().find(|known| offered.contains(&known.name())).unwrap_or(Encoding::Utf16)
    }

    /// The encoding as the protocol names it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16 => "utf-16",
            Encoding::Utf32 => "utf-32",
        }
    }

    /// How many units a character takes.
    fn units(self, char: char) -> usize {
        match self {
            Encoding::Utf8 => char.len_utf8(),
            Encoding::Utf16 => char.len_utf16(),
            Encoding::Utf32 => 1,
        }
    }
}

/// The lines of a text, which end in LF, CRLF or CR.
#[derive(Debug)]
pub(super) struct LineMap(LineIndex);

impl LineMap {
    /// The lines of a text.
    pub(super) fn of(text: &str) -> Self {
        let is_lone = |at: usize| text.as_bytes().get(at + 1) != Some(&b'\n');
        let mut lone = memchr::memchr_iter(b'\r', text.as_bytes()).filter(|at| is_lone(*at)).peekable();
        if lone.peek().is_none() {
            return LineMap(LineIndex::new(text));
        }
        // The index knows line feeds only; each carriage return is as long.
        let mut fed = String::with_capacity(text.len());
        let mut rest = 0;
        for at in lone {
            fed.push_str(&text[rest..at]);
            fed.push('\n');
            rest = at + 1;
        }
        LineMap(LineIndex::new(&(fed + &text[rest..])))
    }

    /// The position of an offset. One that is past the end or inside of a character is moved back.
    pub(super) fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let mut offset = u32::try_from(offset).unwrap_or(u32::MAX).min(self.0.len().into());
        let found = loop {
            match self.0.try_line_col(TextSize::new(offset)) {
                Some(found) => break found,
                None if offset == 0 => return Position::default(),
                None => offset -= 1,
            }
        };
        let wide = match encoding {
            Encoding::Utf8 => None,
            Encoding::Utf16 => self.0.to_wide(WideEncoding::Utf16, found),
            Encoding::Utf32 => self.0.to_wide(WideEncoding::Utf32, found),
        };
        wide.map_or(Position { line: found.line, character: found.col }, |wide| Position {
            line: wide.line,
            character: wide.col,
        })
    }

    /// The range of some bytes.
    pub(super) fn range(&self, bytes: Bytes<usize>, encoding: Encoding) -> Range {
        Range { start: self.position(bytes.start, encoding), end: self.position(bytes.end, encoding) }
    }

    /// The offset of a position in the text that the lines are of. One that is past the end of its line or of the text
    /// is moved back, and one inside of a character to its start.
    pub(super) fn offset(&self, text: &str, position: Position, encoding: Encoding) -> usize {
        let Some(line) = self.0.line(position.line) else {
            return text.len();
        };
        let (start, end) = (usize::from(line.start()), usize::from(line.end()));
        let line = text.get(start..end).unwrap_or_default().trim_end_matches(['\r', '\n']);
        let wanted = usize::try_from(position.character).unwrap_or(usize::MAX);
        let mut units = 0;
        for (at, char) in line.char_indices() {
            units += encoding.units(char);
            if units > wanted {
                return start + at;
            }
        }
        start + line.len()
    }

    /// The bytes of a range, in order.
    pub(super) fn bytes(&self, text: &str, range: Range, encoding: Encoding) -> Bytes<usize> {
        let (start, end) = (self.offset(text, range.start, encoding), self.offset(text, range.end, encoding));
        start.min(end)..start.max(end)
    }
}

#[cfg(test)]
mod tests {
    use super::{Encoding, LineMap, Position};

    const TEXT: &str = "{\"a\": \"é😀\"}\r\n\"𝒳\": 1\rlast";

    #[test]
    fn offsets_and_positions_are_inverse_in_every_encoding() {
        let lines = LineMap::of(TEXT);
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            for (offset, char) in TEXT.char_indices().filter(|(_, char)| !matches!(char, '\r' | '\n')) {
                let position = lines.position(offset, encoding);
                assert_eq!(lines.offset(TEXT, position, encoding), offset, "{char:?} in {encoding:?}");
            }
        }
        let end = |encoding| lines.position(TEXT.find('}').expect("a brace"), encoding).character;
        assert_eq!([Encoding::Utf8, Encoding::Utf16, Encoding::Utf32].map(end), [14, 11, 10]);
        assert_eq!(lines.position(TEXT.len(), Encoding::Utf16), Position { line: 2, character: 4 });
    }

    #[test]
    fn what_is_past_an_end_is_moved_back() {
        let lines = LineMap::of(TEXT);
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let offset = |line, character| lines.offset(TEXT, Position { line, character }, encoding);
            assert_eq!(offset(0, u32::MAX), TEXT.find('\r').expect("a line end"));
            assert_eq!(offset(u32::MAX, 0), TEXT.len());
        }
        let inside = TEXT.find('😀').expect("a character") + 2;
        assert_eq!(lines.position(inside, Encoding::Utf16), lines.position(inside - 2, Encoding::Utf16));
        let half = Position { line: 0, character: 9 };
        assert_eq!(lines.offset(TEXT, half, Encoding::Utf16), inside - 2, "half of a pair");
        assert_eq!(lines.position(usize::MAX, Encoding::Utf8).line, 2);
    }
}
