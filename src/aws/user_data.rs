//! EC2 user data: its base64, and the forms that the agents of an instance recognise.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use memchr::memmem;

use crate::text::case::starts_with_ignoring_case;

/// Follows the pattern of the service model: requires padding, ignores the unused bits of the last character.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// The prefixes by which cloud-init recognises a form, in lower case.
const CLOUD_INIT_PREFIXES: [&str; 8] = [
    "#!",
    "#cloud-config",
    "#include",
    "#cloud-boothook",
    "#part-handler",
    "#upstart-job",
    "## template: jinja",
    "mime-version:",
];

/// The number of bytes that cloud-init searches for the header of a MIME archive.
const MIME_SEARCH_LIMIT: usize = 4096;

/// Why a text is not padded standard base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base64Fault<'a> {
    /// A character that is not in the alphabet, or that follows the padding.
    Character(&'a str),
    /// The `=` at the end, too few or too many for the characters before them; may be empty.
    Padding(&'a str),
}

/// The first fault of a base64 text.
pub(crate) fn base64_fault(text: &str) -> Option<Base64Fault<'_>> {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let digits = text.bytes().take_while(is_digit).count();
    let padding = text[digits..].bytes().take_while(|byte| *byte == b'=').count();
    if let Some(next) = text[digits + padding..].chars().next() {
        let at = digits + padding;
        return Some(Base64Fault::Character(&text[at..at + next.len_utf8()]));
    }
    let fits = matches!((digits % 4, padding), (0, 0) | (2, 2) | (3, 1));
    (!fits).then(|| Base64Fault::Padding(&text[digits..]))
}

/// Decoded user data.
#[derive(Debug)]
pub(crate) struct UserData {
    bytes: Vec<u8>,
}

impl UserData {
    /// Decodes padded standard base64.
    pub(crate) fn decode(base64: &str) -> Option<Self> {
        BASE64.decode(base64).ok().map(|bytes| UserData { bytes })
    }

    /// The size in bytes.
    pub(crate) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// The text without a byte order mark and leading white space; None for binary data.
    pub(crate) fn text(&self) -> Option<&str> {
        let text = std::str::from_utf8(&self.bytes).ok()?;
        Some(text.trim_start_matches('\u{feff}').trim_start())
    }

    /// Whether cloud-init, or the agent of macOS, recognises it.
    pub(crate) fn is_for_cloud_init(&self) -> bool {
        let Some(text) = self.text() else {
            return self.is_compressed() || self.is_mime();
        };
        CLOUD_INIT_PREFIXES.iter().any(|start| starts_with_ignoring_case(text, start)) || self.is_mime()
    }

    /// Whether EC2Launch recognises it: scripts in tags, or tasks in YAML.
    pub(crate) fn is_for_windows(&self) -> bool {
        let Some(text) = self.text() else {
            return false;
        };
        let has_tag =
            |tag: &str| memmem::find_iter(text.as_bytes(), "<").any(|at| starts_with_ignoring_case(&text[at..], tag));
        let has_version = |line: &str| {
            let version =
                line.strip_prefix("version:").map(|version| version.trim_start().trim_start_matches(['"', '\'']));
            version.is_some_and(|version| version.starts_with("1."))
        };
        has_tag("<powershell>") || has_tag("<script>") || text.lines().any(has_version)
    }

    /// Whether it may run commands that its text does not show: it is binary, includes other files, or has
    /// encoded parts.
    pub(crate) fn is_opaque(&self) -> bool {
        let Some(text) = self.text() else {
            return true;
        };
        starts_with_ignoring_case(text, "#include") || (self.is_mime() && text.contains("base64"))
    }

    /// The decoded text without line breaks, if it is base64 that decodes to user data again.
    pub(crate) fn inner_base64(&self) -> Option<Cow<'_, str>> {
        let text = self.text()?.trim_end();
        let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        if text.is_empty() || !text.bytes().all(|byte| is_digit(byte) || byte.is_ascii_whitespace()) {
            return None;
        }
        let inner = if text.bytes().all(is_digit) {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(text.split_ascii_whitespace().collect())
        };
        UserData::decode(&inner).filter(|data| data.is_for_cloud_init() || data.is_for_windows()).map(|_| inner)
    }

    fn is_compressed(&self) -> bool {
        self.bytes.starts_with(&[0x1f, 0x8b])
    }

    fn is_mime(&self) -> bool {
        let head = &self.bytes[..self.bytes.len().min(MIME_SEARCH_LIMIT)];
        head.windows("mime-version:".len()).any(|window| window.eq_ignore_ascii_case(b"mime-version:"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: impl AsRef<[u8]>) -> String {
        BASE64.encode(text)
    }

    fn data(text: impl AsRef<[u8]>) -> UserData {
        UserData { bytes: text.as_ref().to_vec() }
    }

    #[test]
    fn base64_is_padded_and_of_the_standard_alphabet() {
        for text in ["", "QQ==", "QR==", "QUI=", "QUJD", "+/+/"] {
            assert_eq!(base64_fault(text), None, "{text}");
            assert!(UserData::decode(text).is_some(), "{text}");
        }
        for (text, fault) in [
            ("QUJ$", Base64Fault::Character("$")),
            ("QUJD\nQUJD", Base64Fault::Character("\n")),
            ("QU-_", Base64Fault::Character("-")),
            ("QQ==QQ==", Base64Fault::Character("Q")),
            ("QUö=", Base64Fault::Character("ö")),
            ("QQ", Base64Fault::Padding("")),
            ("Q===", Base64Fault::Padding("===")),
            ("QUJD=", Base64Fault::Padding("=")),
        ] {
            assert_eq!(base64_fault(text), Some(fault), "{text}");
            assert!(UserData::decode(text).is_none(), "{text}");
        }
    }

    #[test]
    fn cloud_init_recognises_forms_by_their_start() {
        for text in ["#!/bin/sh\n", "\u{feff}\n #cloud-config\n", "MIME-Version: 1.0", "## template: jinja"] {
            assert!(data(text).is_for_cloud_init(), "{text}");
        }
        assert!(data([0x1f, 0x8b, 8, 0]).is_for_cloud_init());
        assert!(data("From nobody\nMIME-Version: 1.0\n").is_for_cloud_init());
        assert!(!data("Content-Type: multipart/mixed; boundary=\"=\"\n").is_for_cloud_init());
        assert!(!data("echo hi").is_for_cloud_init() && !data([0xff, 0xfe]).is_for_cloud_init());
    }

    #[test]
    fn windows_recognises_tags_and_tasks() {
        for text in ["<powershell>\n", "rem\n<SCRIPT>\n", "version: 1.0\ntasks:\n", "version: \"1.1\"\n"] {
            assert!(data(text).is_for_windows(), "{text}");
        }
        assert!(!data("#!/bin/sh\nversion: 2\n").is_for_windows());
    }

    #[test]
    fn double_encoding_is_found() {
        let inner = encoded("#!/bin/sh\n");
        let (head, tail) = inner.split_at(4);
        assert_eq!(data(&inner).inner_base64().as_deref(), Some(inner.as_str()));
        assert_eq!(data(format!("{head}\n{tail}\n")).inner_base64().as_deref(), Some(inner.as_str()));
        assert_eq!(data(encoded("echo hi")).inner_base64(), None);
        assert_eq!(data("#!/bin/sh\n").inner_base64(), None);
    }
}
