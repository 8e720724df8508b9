//! Decodes the bytes of a file to text.

use std::borrow::Cow;
use std::sync::OnceLock;

use bytesize::ByteSize;

use crate::document::documents::documents;
use crate::document::rules::{DOCUMENT_SIZE, ENCODING};
use crate::document::wrapping::Wrapped;
use crate::document::{Document, syntax};
use crate::finding::Level;
use crate::finding::fault::Fault;
use crate::text::lines::Origin;
use crate::text::span::Span;

/// The text of a file, or of a stretch of it that contains complete documents.
#[derive(Debug)]
#[expect(clippy::struct_field_names, reason = "no other word says as plainly what `text` is")]
pub(crate) struct Text<'b> {
    /// The text, without a byte order mark. If the bytes cannot be decoded, it ends at the first invalid one, in place
    /// of which it has U+FFFD.
    pub(crate) text: Cow<'b, str>,
    /// Where it starts in its file.
    pub(crate) origin: Origin,
    /// The encoding of its bytes.
    pub(crate) encoding: Encoding,
    /// For an item of an array that is split into texts: whether the syntax of the array around it is valid.
    pub(crate) array_syntax: ArraySyntax,
    /// The limit in bytes that the document is larger than; then `text` is only its start.
    limit: Option<usize>,
    /// The bytes after the first one that is invalid; empty if there is none.
    rest: &'b [u8],
    /// The JSON in it, if it is not JSON as a whole; computed when the documents are asked for.
    wrapped: OnceLock<Option<Wrapped>>,
}

/// The encoding of a text in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, which Windows PowerShell writes.
    Utf16(ByteOrder),
    /// UTF-8 up to this byte, which is invalid.
    BrokenUtf8(u8),
    /// UTF-16 up to a lone surrogate.
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

/// The syntax of an array around a text that is one of its items.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum ArraySyntax {
    /// Valid, or there is no array.
    #[default]
    Valid,
    /// The comma before the item is missing.
    LacksComma,
    /// The file ends after the item, without the closing bracket.
    Unclosed,
}

impl<'b> Text<'b> {
    /// Decodes the bytes of a whole file, or only their start if there are more than `most`.
    pub(crate) fn decode_within(bytes: &'b [u8], most: usize) -> Self {
        if bytes.len() > most {
            return Text::decode_start(bytes, most, Origin::default());
        }
        Text::decode(bytes)
    }

    /// Decodes the start of a document that is larger than a limit.
    pub(crate) fn decode_start(bytes: &'b [u8], limit: usize, origin: Origin) -> Self {
        let text = Text::decode_at(&bytes[..start_of(bytes)], origin, ArraySyntax::Valid);
        Text { limit: Some(limit), ..text }
    }

    /// Decodes the bytes of a whole file.
    pub(crate) fn decode(bytes: &'b [u8]) -> Self {
        Text::decode_at(bytes, Origin::default(), ArraySyntax::Valid)
    }

    /// Decodes bytes that start at `origin` in their file.
    pub(crate) fn decode_at(bytes: &'b [u8], origin: Origin, array_syntax: ArraySyntax) -> Self {
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
        let all = bytes;
        // The spans of text decoded from UTF-16 count bytes of UTF-8, from the first character.
        let bytes = if order.is_none() { origin.bytes + mark } else { origin.bytes };
        let rest = match encoding {
            Encoding::BrokenUtf8(_) => {
                let invalid = mark + text.len() - char::REPLACEMENT_CHARACTER.len_utf8();
                all.get(invalid + 1..).unwrap_or_default()
            }
            _ => &[],
        };
        let origin = Origin { bytes, ..origin };
        Text { text, origin, encoding, array_syntax, limit: None, rest, wrapped: OnceLock::new() }
    }

    /// A text that was decoded before, and starts at `origin` in its file.
    pub(crate) fn of(text: &'b str, origin: Origin) -> Self {
        let (encoding, array_syntax) = (Encoding::Utf8, ArraySyntax::Valid);
        let (text, rest) = (Cow::Borrowed(text), &[][..]);
        Text { text, origin, encoding, array_syntax, limit: None, rest, wrapped: OnceLock::new() }
    }

    /// The same text, starting at `origin` in its file.
    #[must_use]
    pub(crate) fn at(self, origin: Origin) -> Self {
        Text { origin, ..self }
    }

    /// Its documents, at least one. Their spans are those of the text, even if it is not JSON as a whole.
    pub(crate) fn documents(&self) -> Vec<Document<'_>> {
        let documents = documents(&self.text);
        let can_be_read = |document: &Document<'_>| document.root().is_some() || document.is_mendable();
        if documents.iter().all(can_be_read) {
            return documents;
        }
        match self.wrapped.get_or_init(|| Wrapped::of(&self.text)) {
            Some(wrapped) => wrapped.documents(),
            None => documents,
        }
    }

    /// What stands beside the JSON in it, if anything does; known once its documents were asked for.
    pub(crate) fn wrapped(&self) -> Option<&Wrapped> {
        self.wrapped.get().and_then(Option::as_ref)
    }

    /// Whether a predicate holds of the text, or of what follows a byte that cannot be decoded.
    pub(crate) fn any(&self, predicate: impl Fn(&str) -> bool) -> bool {
        predicate(&self.text) || (!self.rest.is_empty() && predicate(&String::from_utf8_lossy(self.rest)))
    }

    /// Whether the bytes could be decoded to their end.
    pub(crate) fn is_whole(&self) -> bool {
        self.limit.is_none() && matches!(self.encoding, Encoding::Utf8 | Encoding::Utf16(_))
    }

    /// The faults of the text itself, not of its documents. That it is not JSON alone is known once its documents
    /// were asked for.
    pub(crate) fn faults(&self) -> impl Iterator<Item = Fault> {
        let array_syntax = match self.array_syntax {
            ArraySyntax::Valid => None,
            ArraySyntax::LacksComma => Some(syntax::missing_comma(&self.text)),
            ArraySyntax::Unclosed => Some(syntax::unclosed_array(&self.text)),
        };
        let wrapped = self.wrapped().map(|wrapped| wrapped.fault().clone());
        let others = self.encoding_fault().into_iter().chain(array_syntax).chain(wrapped);
        // What is wrong with the start alone may be because it is no more than that.
        let size = self.limit.map(|limit| self.size_fault(limit));
        let others = others.filter(|_| self.limit.is_none());
        size.into_iter().chain(others)
    }

    fn size_fault(&self, limit: usize) -> Fault {
        let start = self.text.len() - self.text.trim_ascii_start().len();
        let first = self.text[start..].chars().next().map_or(0, char::len_utf8);
        let limit = ByteSize::b(limit as u64).to_string().replace(".0 ", " ");
        let message = format!("the document is larger than the limit of {limit}; it is not checked");
        Fault::new(&DOCUMENT_SIZE, Span::new(start, start + first), message)
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

/// How many bytes are kept of a document that is too large: enough to recognise it.
const START: usize = 64 << 10;

/// Where the start of a document ends that is too large, between two characters.
pub(crate) fn start_of(bytes: &[u8]) -> usize {
    let is_between = |end: &usize| bytes.get(*end).is_none_or(|byte| !matches!(byte, 0x80..=0xBF));
    let end = bytes.len().min(START);
    (end.saturating_sub(3)..=end).rev().find(is_between).unwrap_or(end)
}

fn utf8(bytes: &[u8]) -> (Cow<'_, str>, Encoding) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), Encoding::Utf8),
        Err(error) => {
            let at = error.valid_up_to();
            // After the invalid byte, offsets in the text would not match those in the file.
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
