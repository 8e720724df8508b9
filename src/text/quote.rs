//! Formats texts for messages: shortens them, masks their secrets, and escapes unprintable characters; also counts
//! with nouns. Knows no document.

use std::borrow::Cow;
use std::fmt;

use crate::text::secret::masked;

/// The text of a value for a message: at most 80 characters, with secrets masked.
pub(crate) fn quoted(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 80;
    let text = masked(text);
    let Some((cut, _)) = text.char_indices().nth(LONGEST) else {
        return text;
    };
    Cow::Owned(format!("{}…", &text[..cut]))
}

/// A text of a finding that is not much longer than its own words: long stretches in backquotes are cut, and what is
/// still long as a whole. Rules may quote a value without a look at its length.
pub(crate) fn shortened(text: Cow<'static, str>) -> Cow<'static, str> {
    const LONGEST_QUOTE: usize = 200;
    const LONGEST: usize = 1000;
    if text.len() <= LONGEST {
        return text;
    }
    let cut = |text: &str, most: usize| match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    let parts: Vec<String> = text.split('`').map(|part| cut(part, LONGEST_QUOTE)).collect();
    Cow::Owned(cut(&parts.join("`"), LONGEST))
}

/// Whether a value looks as if a secret was replaced by a placeholder.
pub(crate) fn redacted(value: &str) -> bool {
    let upper = value.to_ascii_uppercase();
    let words = ["REDACT", "XXX", "***", "...", "MASKED", "HIDDEN", "REMOVED", "SCRUBBED", "%2A%2A"];
    value.is_empty() || value.starts_with(['<', '*', '…', '[']) || words.iter().any(|word| upper.contains(word))
}

/// A count with its noun, which is in the plural unless the count is 1.
pub(crate) fn counted<C: Copy + fmt::Display + PartialEq + From<u8>>(count: C, noun: &str) -> String {
    let is_one = count == C::from(1);
    match noun.strip_suffix('y') {
        _ if is_one => format!("{count} {noun}"),
        Some(stem) => format!("{count} {stem}ies"),
        None => format!("{count} {noun}s"),
    }
}

/// The verb after a count: `is` or `are`.
pub(crate) fn be(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// Whether a character is unsafe to print: control characters, line separators and marks that change the
/// direction of writing, which terminals interpret, and noncharacters.
pub(crate) fn is_unprintable(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}'..='\u{ffff}')
}

/// The text with unprintable characters escaped, as messages quote values of documents.
pub(crate) fn printable(text: String) -> String {
    if !text.contains(is_unprintable) {
        return text;
    }
    text.chars()
        .map(|char| if is_unprintable(char) { char.escape_unicode().to_string() } else { char.to_string() })
        .collect()
}
