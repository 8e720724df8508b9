//! Wraps texts at words.

use unicode_width::UnicodeWidthStr;

/// The lines of a text, of at most so many columns: the first line, and the others. Words are never broken, so that
/// addresses can be clicked.
pub(crate) fn wrapped(text: &str, first: usize, others: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let room = if lines.is_empty() { first } else { others };
        let is_start = line.is_empty() && !lines.is_empty();
        if !is_start && line.width() + usize::from(!line.is_empty()) + word.width() > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_break_between_words_only() {
        for (text, first, others, lines) in [
            ("one two three", 20, 5, &["one two three"][..]),
            ("one two three", 7, 5, &["one two", "three"]),
            ("one two three", 5, 4, &["one", "two", "three"]),
            ("https://docs.aws.amazon.com is long", 4, 9, &["", "https://docs.aws.amazon.com", "is long"]),
            ("日本 語", 4, 4, &["日本", "語"]),
            ("", 4, 4, &[""]),
        ] {
            assert_eq!(wrapped(text, first, others), lines, "{text}");
        }
    }
}
