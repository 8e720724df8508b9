//! Strings: their ends, and the characters that their escapes stand for.

use crate::document::parser::Parser;
use crate::document::parser::problem::{Parsed, Problem, error};

impl Parser<'_, '_> {
    /// Moves behind the string that starts here. Returns the number of its decoded text, from 1; 0 if it holds no
    /// escape.
    #[inline]
    pub(super) fn string(&mut self) -> Parsed<u32> {
        let quote = self.at;
        self.at += 1;
        let start = self.at;
        self.skip_plain();
        if self.bytes.get(self.at) == Some(&b'"') {
            self.at += 1;
            return Ok(0);
        }
        self.string_with_escapes(quote, start)
    }

    /// Moves to the next byte of a string that is a quote, a backslash or a control character. Looks at eight bytes at
    /// a time: most bytes of a document are passed here.
    #[inline]
    fn skip_plain(&mut self) {
        const ONES: u64 = u64::from_ne_bytes([1; 8]);
        const HIGH: u64 = ONES * 0x80;
        // The lowest byte with its high bit set is exact; a borrow may set further ones above it.
        let is_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
        for eight in self.bytes[self.at..].as_chunks().0 {
            let word = u64::from_le_bytes(*eight);
            let is_control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
            let quote = is_zero(word ^ (ONES * u64::from(b'"')));
            let backslash = is_zero(word ^ (ONES * u64::from(b'\\')));
            let found = is_control | quote | backslash;
            if found != 0 {
                self.at += (found.trailing_zeros() / 8) as usize;
                return;
            }
            self.at += 8;
        }
        let rest = &self.bytes[self.at..];
        let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
        self.at += rest.iter().position(ends).unwrap_or(rest.len());
    }

    #[cold]
    fn string_with_escapes(&mut self, quote: usize, start: usize) -> Parsed<u32> {
        let mut copied = start;
        loop {
            match self.bytes.get(self.at) {
                None => return error(quote, Problem::OpenString),
                Some(b'"') => {
                    let number = self.tape.end_decoded(&self.text[copied..self.at]);
                    self.at += 1;
                    return Ok(number);
                }
                Some(b'\\') => {
                    self.tape.decoded.push_str(&self.text[copied..self.at]);
                    let char = self.escape(quote)?;
                    self.tape.decoded.push(char);
                    copied = self.at;
                }
                Some(_) => return error(self.at, Problem::ControlCharacter { quote }),
            }
            self.skip_plain();
        }
    }

    /// Moves behind an escape, and returns the character that it stands for.
    fn escape(&mut self, quote: usize) -> Parsed<char> {
        let start = self.at;
        let escaped = self.bytes.get(self.at + 1).copied();
        self.at += 2;
        Ok(match escaped {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.hex_digits(start)?;
                let second = match first {
                    0xD800..0xDC00 if self.bytes[self.at..].starts_with(b"\\u") => {
                        self.at += 2;
                        Some(self.hex_digits(start)?)
                    }
                    _ => None,
                };
                match char::decode_utf16([first].into_iter().chain(second)).next() {
                    Some(Ok(char)) => char,
                    _ => return error(start, Problem::LoneSurrogate),
                }
            }
            Some(_) => return error(start, Problem::UnknownEscape),
            None => return error(quote, Problem::OpenString),
        })
    }

    fn hex_digits(&mut self, start: usize) -> Parsed<u16> {
        let digits = self.bytes.get(self.at..self.at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let value = digits.and_then(|digits| u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok());
        self.at += 4;
        value.map_or_else(|| error(start, Problem::LacksHexDigits), Ok)
    }
}
