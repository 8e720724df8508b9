//! Why a text is not JSON, and where.

use crate::document::parser::{Parser, Place};

/// Why a text is not JSON, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document) struct SyntaxError {
    /// The offset of the first byte that cannot stand where it does.
    pub(in crate::document) at: usize,
    pub(in crate::document) problem: Problem,
}

/// Why a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document) enum Problem {
    /// There is nothing but white space.
    Empty,
    /// Offsets do not fit in 32 bits.
    TooLarge,
    /// The text ends before all brackets are closed.
    Truncated,
    /// The text ends inside a string.
    OpenString,
    /// Text after the end of the document.
    MoreText,
    /// Nested more than [`MOST_NESTED`] levels deep.
    TooDeep,
    /// A bracket that does not match the one that is open, or no key where one must stand.
    Unexpected,
    /// No `:` after a key.
    LacksColon,
    /// No value after `:`.
    LacksValue,
    /// A comma or colon where a value must stand.
    NotAValue,
    /// No comma after a value that ends here.
    LacksComma,
    /// A comma before a closing bracket.
    TrailingComma,
    Comment,
    /// A string in single quotes.
    SingleQuotes,
    /// A word without quotes, or a character that is part of no token.
    Word,
    /// `-Infinity` or `-NaN`.
    NotFinite,
    Hexadecimal,
    PlusSign,
    /// A decimal point without a digit on each side.
    BarePoint,
    LacksDigit,
    /// A backslash before a character that needs no escape.
    UnknownEscape,
    /// `\u` without four hexadecimal digits.
    LacksHexDigits,
    /// Half of a surrogate pair.
    LoneSurrogate,
    /// A control character in the string that opens at this offset.
    ControlCharacter {
        /// The offset of the opening quote.
        quote: usize,
    },
    /// A character between tokens that JSON does not allow there.
    OddCharacter,
}

/// What was parsed, or why nothing could be.
pub(super) type Parsed<T = ()> = Result<T, SyntaxError>;

/// The error at an offset.
#[cold]
pub(super) fn error<T>(at: usize, problem: Problem) -> Parsed<T> {
    Err(SyntaxError { at, problem })
}

impl Parser<'_, '_> {
    pub(super) fn is_comment(&self) -> bool {
        matches!(self.bytes[self.at..], [b'/', b'/' | b'*', ..])
    }

    /// The error for what stands here.
    #[cold]
    pub(super) fn unexpected<T>(&self, place: Place) -> Parsed<T> {
        let at = self.at;
        let rest = &self.text[at..];
        let Some(char) = rest.chars().next() else { return error(self.text.len(), Problem::Truncated) };
        let in_object = self.in_object();
        let problem = match char {
            '/' if self.is_comment() => Problem::Comment,
            '\'' => Problem::SingleQuotes,
            '+' => Problem::PlusSign,
            '.' if rest[1..].starts_with(|char: char| char.is_ascii_digit()) => Problem::BarePoint,
            _ if char.is_control() || (!char.is_ascii() && !char.is_alphanumeric()) => Problem::OddCharacter,
            _ if starts_word(char) && place != Place::Key && !ends_well(rest) && !is_literal(rest) => Problem::Word,
            _ if place == Place::End => Problem::MoreText,
            _ if place == Place::Colon => Problem::LacksColon,
            ',' | ':' if place == Place::Value || (place == Place::AfterValue && !in_object) => Problem::NotAValue,
            '}' if place == Place::Value && in_object => Problem::LacksValue,
            '{' | '[' if place == Place::AfterValue && !in_object => Problem::LacksComma,
            '{' | '}' | '[' | ']' | ',' | ':' => Problem::Unexpected,
            '"' => Problem::LacksComma,
            _ if is_of_word(char) && place == Place::AfterValue => Problem::LacksComma,
            _ => Problem::Word,
        };
        error(at, problem)
    }
}

/// Whether a character can be part of a word such as `null`.
pub(super) fn is_of_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '-' | '_' | '$')
}

fn starts_word(char: char) -> bool {
    is_of_word(char) && !char.is_ascii_digit() && char != '-'
}

/// Whether a text starts with a word that is a value.
fn is_literal(text: &str) -> bool {
    let rest = |word| text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(is_of_word));
    ["true", "false", "null"].into_iter().any(rest)
}

/// Whether the word at the start of a text ends before white space, a colon, a comma or a bracket.
fn ends_well(text: &str) -> bool {
    let rest = text.trim_start_matches(is_of_word);
    rest.is_empty() || rest.starts_with(|char: char| char.is_whitespace() || char == ':')
}
