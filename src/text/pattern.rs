//! Compiles the patterns that are constant.

use regex::Regex;

/// A pattern that is constant and tested.
pub(crate) fn pattern(pattern: &str) -> Regex {
    Regex::new(&in_ascii(pattern)).expect("the pattern is constant and tested")
}

/// A pattern whose `\d`, `\w`, `\s` and `\b` are those of ASCII: Unicode's take a tenth of a second to compile.
fn in_ascii(pattern: &str) -> String {
    let mut ascii = String::new();
    let (mut is_class, mut chars) = (false, pattern.chars());
    while let Some(char) = chars.next() {
        match (char, is_class) {
            ('\\', _) => match (chars.next(), is_class) {
                (Some('w'), true) => ascii.push_str("[:word:]"),
                (Some('w'), false) => ascii.push_str("[[:word:]]"),
                (Some('s'), true) => ascii.push_str("[:space:]"),
                (Some('s'), false) => ascii.push_str("[[:space:]]"),
                (Some('d'), true) => ascii.push_str("0-9"),
                (Some('d'), false) => ascii.push_str("[0-9]"),
                (Some('b'), false) => ascii.push_str(r"(?-u:\b)"),
                (next, _) => ascii.extend(['\\'].into_iter().chain(next)),
            },
            _ => {
                is_class = if is_class { char != ']' } else { char == '[' };
                ascii.push(char);
            }
        }
    }
    ascii
}
