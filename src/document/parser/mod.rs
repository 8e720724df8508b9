//! Parses JSON exactly as RFC 8259 defines it, in one pass, onto a tape.

mod problem;
mod string;

use crate::document::parser::problem::{Parsed, error, is_of_word};
use crate::document::tape::{Buffers, Kind, Node};

pub(in crate::document) use problem::{Problem, SyntaxError};

/// The deepest nesting of objects and arrays that is read.
pub(super) const MOST_NESTED: usize = 512;

/// From this many members on, an object's keys are compared through a table of hashes.
const MANY: usize = 32;

/// Which texts are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grammar {
    /// JSON.
    Json,
    /// JSON with comments, and with commas before closing brackets.
    WithComments,
}

/// Parses a text as one document onto an empty tape. After an error, that is unspecified.
///
/// # Errors
///
/// The first error in the text.
pub(super) fn parse(text: &str, grammar: Grammar, tape: &mut Buffers) -> Parsed {
    if u32::try_from(text.len()).is_err() {
        return Err(SyntaxError { at: 0, problem: Problem::TooLarge });
    }
    Parser { text, bytes: text.as_bytes(), at: 0, grammar, tape }.document()
}

/// An object or array whose end has not been reached.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    /// The index of its node.
    index: u32,
    is_object: bool,
    /// How many keys it has so far.
    keys: usize,
    /// The bits of these keys: a key whose bit is not set is no duplicate.
    bits: u128,
}

/// Where the parser stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Where a value must stand.
    Value,
    /// Where a key must stand.
    Key,
    /// Where the colon after a key must stand.
    Colon,
    /// After a value in an object or array.
    AfterValue,
    /// After the document.
    End,
}

struct Parser<'t, 'b> {
    text: &'t str,
    bytes: &'t [u8],
    /// The offset of the next byte.
    at: usize,
    grammar: Grammar,
    tape: &'b mut Buffers,
}

impl Parser<'_, '_> {
    fn document(&mut self) -> Parsed {
        if self.next_token()?.is_none() {
            return error(self.text.len(), Problem::Empty);
        }
        let mut place = Place::Value;
        loop {
            place = match place {
                Place::Value => self.value()?,
                Place::Key => self.key()?,
                Place::Colon => self.colon()?,
                Place::AfterValue => self.after_value()?,
                Place::End if self.next_token()?.is_none() => return Ok(()),
                Place::End => return self.unexpected(place),
            };
        }
    }

    /// Skips white space, and returns the first byte after it.
    #[inline]
    fn next_token(&mut self) -> Parsed<Option<u8>> {
        match self.bytes.get(self.at) {
            Some(byte) if *byte > b' ' && *byte != b'/' => Ok(Some(*byte)),
            _ => self.skip_space(),
        }
    }

    fn skip_space(&mut self) -> Parsed<Option<u8>> {
        loop {
            match self.bytes.get(self.at) {
                Some(b'\n') => {
                    self.at += 1;
                    self.skip_indentation();
                }
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(byte) if *byte != b'/' => return Ok(Some(*byte)),
                Some(b'/') if self.grammar == Grammar::WithComments => self.skip_comment()?,
                other => return Ok(other.copied()),
            }
        }
    }

    /// Skips spaces, eight at a time.
    #[inline]
    fn skip_indentation(&mut self) {
        const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);
        for eight in self.bytes[self.at..].as_chunks().0 {
            let differing = u64::from_le_bytes(*eight) ^ SPACES;
            self.at += (differing.trailing_zeros() / 8) as usize;
            if differing != 0 {
                return;
            }
        }
    }

    fn skip_comment(&mut self) -> Parsed {
        let rest = &self.bytes[self.at..];
        let length = match rest {
            [b'/', b'/', ..] => memchr::memchr2(b'\n', b'\r', rest).or(Some(rest.len())),
            [b'/', b'*', inner @ ..] => memchr::memmem::find(inner, b"*/").map(|end| end + 4),
            _ => return error(self.at, Problem::Word),
        };
        match length {
            Some(length) => self.at += length,
            None => return error(self.at, Problem::Comment),
        }
        Ok(())
    }

    #[inline]
    fn value(&mut self) -> Parsed<Place> {
        let Some(byte) = self.next_token()? else {
            return error(self.text.len(), Problem::Truncated);
        };
        let start = self.at;
        match byte {
            b'"' => {
                let decoded = self.string()?;
                self.push(Kind::String, start, decoded);
            }
            b'{' | b'[' => return self.open(byte == b'{'),
            b'-' | b'0'..=b'9' => {
                self.number()?;
                self.push(Kind::Number, start, 0);
            }
            b't' if self.takes_word("true") => self.push(Kind::True, start, 0),
            b'f' if self.takes_word("false") => self.push(Kind::False, start, 0),
            b'n' if self.takes_word("null") => self.push(Kind::Null, start, 0),
            _ => return self.unexpected(Place::Value),
        }
        Ok(self.ended())
    }

    fn in_object(&self) -> bool {
        self.tape.open.last().is_some_and(|open| open.is_object)
    }

    /// Where the parser stands after a value.
    fn ended(&self) -> Place {
        if self.tape.open.is_empty() { Place::End } else { Place::AfterValue }
    }

    #[inline]
    fn push(&mut self, kind: Kind, start: usize, link: u32) {
        self.tape.nodes.push(Node::new(kind, narrow(start), narrow(self.at), link));
    }

    fn open(&mut self, is_object: bool) -> Parsed<Place> {
        if self.tape.open.len() >= MOST_NESTED {
            return error(self.at, Problem::TooDeep);
        }
        let start = self.at;
        self.at += 1;
        self.tape.open.push(Open { index: narrow(self.tape.nodes.len()), is_object, keys: 0, bits: 0 });
        self.push(if is_object { Kind::Object } else { Kind::Array }, start, 0);
        match (self.next_token()?, is_object) {
            (Some(b'}'), true) | (Some(b']'), false) => Ok(self.close()),
            (Some(b'"'), true) => self.member(),
            (_, true) => Ok(Place::Key),
            (_, false) => Ok(Place::Value),
        }
    }

    /// Closes the innermost object or array at its closing bracket.
    #[inline]
    fn close(&mut self) -> Place {
        self.at += 1;
        if let Some(open) = self.tape.open.pop() {
            if open.keys > MANY {
                self.tape.compare_keys(self.text, open.index, MANY);
            }
            let next = narrow(self.tape.nodes.len());
            self.tape.nodes[open.index as usize].close(narrow(self.at), next);
        }
        self.ended()
    }

    #[inline]
    fn key(&mut self) -> Parsed<Place> {
        if self.next_token()? != Some(b'"') {
            return self.unexpected(Place::Key);
        }
        self.member()
    }

    /// Moves behind the key that starts here, and its colon if that follows at once.
    #[inline]
    fn member(&mut self) -> Parsed<Place> {
        let start = self.at;
        let decoded = self.string()?;
        self.push(Kind::Key, start, decoded);
        self.note_key();
        if self.bytes.get(self.at) != Some(&b':') {
            return Ok(Place::Colon);
        }
        self.at += 1;
        Ok(Place::Value)
    }

    #[inline]
    fn colon(&mut self) -> Parsed<Place> {
        if self.next_token()? != Some(b':') {
            return self.unexpected(Place::Colon);
        }
        self.at += 1;
        Ok(Place::Value)
    }

    /// Counts the key that was pushed, and compares it with the keys before it if one of them may be the same.
    #[inline]
    fn note_key(&mut self) {
        let key = self.tape.nodes.len() - 1;
        let bit = self.tape.key_bit(self.text, self.tape.nodes[key]);
        let Some(open) = self.tape.open.last_mut() else { return };
        let may_repeat = open.bits & bit != 0 && open.keys < MANY;
        open.bits |= bit;
        open.keys += 1;
        if may_repeat {
            let object = open.index;
            self.tape.compare_key(self.text, object, narrow(key));
        }
    }

    #[inline]
    fn after_value(&mut self) -> Parsed<Place> {
        let end = self.at;
        let byte = self.next_token()?;
        let is_object = self.in_object();
        match (byte, is_object) {
            (Some(b','), _) => {
                let comma = self.at;
                self.at += 1;
                match (self.next_token()?, is_object, self.grammar) {
                    (Some(b'"'), true, _) => self.member(),
                    (Some(b'}'), true, Grammar::Json) | (Some(b']'), false, Grammar::Json) => {
                        error(comma, Problem::TrailingComma)
                    }
                    (Some(b'}'), true, _) | (Some(b']'), false, _) => Ok(self.close()),
                    (_, true, _) => Ok(Place::Key),
                    (_, false, _) => Ok(Place::Value),
                }
            }
            (Some(b'}'), true) | (Some(b']'), false) => Ok(self.close()),
            _ => {
                let unexpected = self.unexpected(Place::AfterValue);
                unexpected.map_err(|error| match error.problem {
                    Problem::LacksComma => SyntaxError { at: end, ..error },
                    _ => error,
                })
            }
        }
    }

    /// Whether a word stands here that is a value; moves behind it if so.
    fn takes_word(&mut self, word: &str) -> bool {
        let rest = &self.bytes[self.at..];
        let takes = rest.starts_with(word.as_bytes()) && !self.text[self.at + word.len()..].starts_with(is_of_word);
        if takes {
            self.at += word.len();
        }
        takes
    }

    fn digits(&mut self) -> usize {
        let digits = self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        digits
    }

    fn number(&mut self) -> Parsed {
        let start = self.at;
        let byte = |parser: &Self| parser.bytes.get(parser.at).copied();
        if byte(self) == Some(b'-') {
            self.at += 1;
        }
        match byte(self) {
            Some(b'0') => {
                self.at += 1;
                if matches!(byte(self), Some(b'x' | b'X')) {
                    return error(start, Problem::Hexadecimal);
                }
            }
            Some(b'1'..=b'9') => {
                self.digits();
            }
            Some(b'I' | b'N') if ["Infinity", "NaN"].iter().any(|word| self.text[self.at..].starts_with(word)) => {
                return error(start, Problem::NotFinite);
            }
            Some(b'.') if self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_digit) => {
                return error(start, Problem::BarePoint);
            }
            _ => return error(self.at, Problem::LacksDigit),
        }
        if byte(self) == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return error(start, Problem::BarePoint);
            }
        }
        if matches!(byte(self), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(byte(self), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return error(self.at, Problem::LacksDigit);
            }
        }
        Ok(())
    }
}

/// An offset or index of a text that is known to be smaller than 4 GiB.
pub(super) fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
