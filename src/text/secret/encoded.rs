//! Base64 of texts with secrets, such as user data. What is encoded cannot be masked in part.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::text::secret::plain::Plain;
use crate::text::secret::{Secret, Sort, evident};
use crate::text::span::Span;

/// Takes what was cut off, too.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The fewest characters that can hold a secret with its name.
const SHORTEST: usize = 16;

/// Finds the base64 in a text that decodes to a text with secrets.
pub(super) fn find(written: &str, found: &mut Vec<Secret>) {
    // Line ends and slashes may be escaped in it.
    let plain = if written.contains("\\/") { Plain::of(written) } else { Plain::bare(written) };
    let text = &*plain.text;
    let bytes = text.as_bytes();
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let mut at = 0;
    while let Some(shortest) = bytes.get(at..at + SHORTEST) {
        if let Some(other) = shortest.iter().rposition(|byte| !is_digit(byte)) {
            // What starts before that byte is too short.
            at += other + 1;
            continue;
        }
        let length = bytes[at..].iter().take_while(|byte| is_digit(byte)).count();
        if may_be_encoded(&text[at..]) && holds_secret(&text[at..at + length]) {
            let Span { start, end } = plain.written(at, at + length);
            found.push(Secret { span: Span::new(start, end), sort: Sort::Encoded, is_evident: false });
        }
        at += length;
    }
}

/// Whether a text may be base64 of a text: its start decodes to one. Most words do not.
fn may_be_encoded(base64: &str) -> bool {
    let mut start = [0; SHORTEST];
    let length = BASE64.decode_slice(&base64[..SHORTEST], &mut start).unwrap_or(0);
    let text = match std::str::from_utf8(&start[..length]) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty() && !text.contains(|char: char| char.is_control() && !char.is_ascii_whitespace())
}

fn holds_secret(base64: &str) -> bool {
    let digits = base64.trim_end_matches('=');
    // A last digit alone is part of a group that was cut off.
    let digits = if digits.len() % 4 == 1 { &digits[..digits.len() - 1] } else { digits };
    let decoded = BASE64.decode(digits).unwrap_or_default();
    let text = match std::str::from_utf8(&decoded) {
        Ok(text) => text,
        // What was cut off may end within a character.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&decoded[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !evident(text).is_empty()
}
