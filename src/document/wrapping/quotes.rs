//! JSON whose quotes are written in another way: escaped, as in a string, or as HTML entities.

/// How HTML writes a quote.
const ENTITIES: [&str; 4] = ["&quot;", "&#34;", "&#x22;", "&#X22;"];

/// A quote inside of a string is escaped once more.
const ESCAPED: &str = "\\\"";

/// The text with quotes in the place of what stands for them, and spaces around those, so that offsets and what strings
/// hold stay what they are. None if the first quote is a plain one, or if a string holds what is escaped itself.
pub(super) fn with_plain_quotes(text: &str) -> Option<String> {
    let quotes: &[&str] = if is_escaped(text)? { &[ESCAPED] } else { &ENTITIES };
    let mut plain = String::with_capacity(text.len());
    let (mut rest, mut in_string) = (text, false);
    while let Some(char) = rest.chars().next() {
        let quote = quotes.iter().find(|quote| rest.starts_with(**quote));
        let length = match (quote, char) {
            (Some(quote), _) => {
                let spaces = " ".repeat(quote.len() - 1);
                let (before, after) = if in_string { ("", &spaces[..]) } else { (&spaces[..], "") };
                plain.extend([before, "\"", after]);
                in_string = !in_string;
                quote.len()
            }
            // White space between tokens may be escaped as well.
            (None, '\\') if !in_string && rest[1..].starts_with(['n', 'r', 't']) => {
                plain.push_str("  ");
                2
            }
            (None, '\\' | '"') => return None,
            (None, _) => {
                plain.push(char);
                char.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    Some(plain)
}

/// The text with single quotes in the place of doubled ones, as CSV has them, and spaces so that offsets stay what they
/// are; within a string with escaped quotes they are shifted.
pub(super) fn with_undoubled_quotes(text: &str) -> String {
    const DOUBLED: &str = "\"\"";
    let mut plain = String::with_capacity(text.len());
    let (mut rest, mut in_string, mut shift) = (text, false, 0);
    while let Some(char) = rest.chars().next() {
        let length = match char {
            '\\' if in_string && rest[1..].starts_with(DOUBLED) => {
                plain.push_str("\\\"");
                shift += 1;
                3
            }
            '\\' if in_string => {
                let escape = &rest[..=rest[1..].chars().next().map_or(0, char::len_utf8)];
                plain.push_str(escape);
                escape.len()
            }
            '"' if rest.starts_with(DOUBLED) => {
                plain.push_str(if in_string { "\" " } else { " \"" });
                plain.extend(std::iter::repeat_n(' ', std::mem::take(&mut shift)));
                in_string = !in_string;
                2
            }
            _ => {
                plain.push(char);
                char.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    plain.extend(std::iter::repeat_n(' ', shift));
    plain
}

/// Whether the quotes are escaped; else they are entities. None if the text starts with neither.
fn is_escaped(text: &str) -> Option<bool> {
    let start = text.trim_start_matches(|char: char| char.is_whitespace() || matches!(char, '[' | '{'));
    let start = if start.len() < text.len() { start.trim_start_matches("\\n").trim_start() } else { start };
    let is_entity = || ENTITIES.iter().any(|entity| start.starts_with(entity));
    if start.starts_with(ESCAPED) { Some(true) } else { is_entity().then_some(false) }
}
