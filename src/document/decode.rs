//! A file's bytes as text.

use std::borrow::Cow;

use crate::document::rules::ENCODING;
use crate::document::syntax;
use crate::finding::Level;
use crate::finding::fault::Fault;
use crate::text::lines::Origin;
use crate::text::span::Span;

/// A text of a file: all of it, or a stretch with whole documents in it.
#[derive(Debug)]
pub(crate) struct Text<'b> {
    /// The text, without a byte order mark. Where the bytes are no text it ends at the first bad one, which
    /// it shows as U+FFFD.
    pub(crate) text: Cow<'b, str>,
    /// Where it starts in its file.
    pub(crate) origin: Origin,
    /// How its characters are encoded.
    pub(crate) encoding: Encoding,
    /// What is wrong between it and the texts beside it.
    pub(crate) joint: Joint,
}

/// How the characters of a text are encoded in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, which Windows PowerShell writes.
    Utf16(ByteOrder),
    /// UTF-8 up to a byte that is none.
    BrokenUtf8(u8),
    /// UTF-16 up to half of a surrogate pair.
    BrokenUtf16(ByteOrder),
}

/// Which byte of a UTF-16 unit comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByteOrder {
    /// The least significant one.
    Little,
    /// The most significant one.
    Big,
}

impl ByteOrder {
    fn name(self) -> &'static str {
        match self {
            ByteOrder::Little => "little-endian",
            ByteOrder::Big => "big-endian",
        }
    }

    fn unit(self, pair: &[u8]) -> u16 {
        let bytes = [pair[0], pair.get(1).copied().unwrap_or(0)];
        match self {
            ByteOrder::Little => u16::from_le_bytes(bytes),
            ByteOrder::Big => u16::from_be_bytes(bytes),
        }
    }
}

/// How a text that is a document out of an array is joined to the rest of the array.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Joint {
    /// As it should be; or there is no array.
    #[default]
    Sound,
    /// No comma stands before it.
    LacksComma,
    /// The file ends after it and leaves the array open.
    Unclosed,
}

impl<'b> Text<'b> {
    /// Decodes the bytes of a whole file.
    pub(crate) fn decode(bytes: &'b [u8]) -> Self {
        Text::decode_at(bytes, Origin::default(), Joint::Sound)
    }

    /// Decodes bytes that start at an origin in their file.
    pub(crate) fn decode_at(bytes: &'b [u8], origin: Origin, joint: Joint) -> Self {
        let (mark, order) = match bytes {
            [0xEF, 0xBB, 0xBF, ..] => (3, None),
            [0xFF, 0xFE, ..] => (2, Some(ByteOrder::Little)),
            [0xFE, 0xFF, ..] => (2, Some(ByteOrder::Big)),
            [first, 0, ..] if *first != 0 => (0, Some(ByteOrder::Little)),
            [0, second, ..] if *second != 0 => (0, Some(ByteOrder::Big)),
            _ => (0, None),
        };
        let (text, encoding) = match order {
            None => utf8(&bytes[mark..]),
            Some(order) => utf16(&bytes[mark..], order),
        };
        // Offsets in what was UTF-16 count from the first character.
        let bytes = if order.is_none() { origin.bytes + mark } else { origin.bytes };
        Text { text, origin: Origin { bytes, ..origin }, encoding, joint }
    }

    /// Whether the bytes could be decoded to their end.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.encoding, Encoding::Utf8 | Encoding::Utf16(_))
    }

    /// What is wrong with the text, whatever stands in it.
    pub(crate) fn faults(&self) -> impl Iterator<Item = Fault> {
        let joint = match self.joint {
            Joint::Sound => None,
            Joint::LacksComma => Some(syntax::missing_comma(&self.text)),
            Joint::Unclosed => Some(syntax::unclosed_array(&self.text)),
        };
        self.encoding_fault().into_iter().chain(joint)
    }

    fn encoding_fault(&self) -> Option<Fault> {
        let replaced = || Span::new(self.text.len() - char::REPLACEMENT_CHARACTER.len_utf8(), self.text.len());
        Some(match self.encoding {
            Encoding::Utf8 => return None,
            Encoding::BrokenUtf8(byte) => {
                let at = replaced();
                let mut fault = Fault::new(&ENCODING, at, format!("byte {} (0x{byte:02X}) is not UTF-8", at.start));
                fault.says("the first bad byte");
                fault
            }
            Encoding::BrokenUtf16(order) => {
                let message = format!("the text is {} UTF-16 and breaks off at a lone surrogate", order.name());
                Fault::new(&ENCODING, replaced(), message)
            }
            Encoding::Utf16(order) => {
                let first = Span::new(0, self.text.chars().next().map_or(0, char::len_utf8));
                let message = format!("the file is {} UTF-16; JSON is exchanged as UTF-8", order.name());
                let mut fault = Fault::new(&ENCODING, first, message);
                fault.level(Level::Warning).help(
                    "Windows PowerShell writes UTF-16 with `>`; use `| Out-File -Encoding utf8`, or PowerShell 7, \
                     and convert this file once",
                );
                fault
            }
        })
    }
}

fn utf8(bytes: &[u8]) -> (Cow<'_, str>, Encoding) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), Encoding::Utf8),
        Err(error) => {
            let at = error.valid_up_to();
            // Nothing after the bad byte has a place of its own.
            let text = String::from_utf8_lossy(&bytes[..=at]).into_owned();
            (Cow::Owned(text), Encoding::BrokenUtf8(bytes[at]))
        }
    }
}

fn utf16(bytes: &[u8], order: ByteOrder) -> (Cow<'static, str>, Encoding) {
    let units = bytes.chunks(2).map(|pair| order.unit(pair));
    let mut text = String::with_capacity(bytes.len() / 2);
    for decoded in char::decode_utf16(units) {
        let Ok(char) = decoded else {
            text.push(char::REPLACEMENT_CHARACTER);
            return (Cow::Owned(text), Encoding::BrokenUtf16(order));
        };
        text.push(char);
    }
    (Cow::Owned(text), Encoding::Utf16(order))
}
