//! Values of what is named like a secret, in JSON, whole or broken, in YAML, shells, Dockerfiles, XML and prose.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::text::case::{ends_with_ignoring_case, starts_with_ignoring_case};
use crate::text::pattern::pattern;
use crate::text::secret::names::{is_placeholder, is_plain_secret};
use crate::text::secret::plain::Plain;
use crate::text::secret::{Secret, Sort, prefilter, until};

/// How far from its name the value of a parameter is searched for.
const FAR: usize = 8192;

/// The key of the value in an object with a name and a value.
static VALUE_KEY: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:parameter)?values?\b"));

/// Finds them.
pub(super) fn find(plain: &Plain<'_>, found: &mut Vec<Secret>) {
    let text = &*plain.text;
    for name in prefilter::names(text) {
        let mut values = Vec::new();
        let is_prose = after(plain, name.clone(), &mut values);
        if values.is_empty() {
            beside(plain, name.clone(), &mut values);
        }
        let is_secret = |value: &Range<usize>| !is_placeholder(&text[value.clone()]);
        if !values.iter().any(is_secret) {
            continue;
        }
        let mut is_told = false;
        for value in values.into_iter().filter(|value| !value.is_empty()) {
            let value_text = &text[value.clone()];
            // One finding for all values of one name.
            let is_evident = !is_told && is_plain_secret(value_text) && !value_text.contains("EXAMPLE");
            let is_evident = is_evident && !(is_prose && value_text.bytes().all(|byte| byte.is_ascii_lowercase()));
            is_told |= is_evident;
            let sort = Sort::Named(text[name.clone()].trim_start_matches('-').to_owned());
            found.push(Secret { span: plain.written(value.start, value.end), sort, is_evident });
        }
    }
}

/// Finds the values that follow a name; whether they may be words of a sentence.
fn after(plain: &Plain<'_>, name: Range<usize>, values: &mut Vec<Range<usize>>) -> bool {
    let text = &*plain.text;
    let (before, rest) = (&text[..name.start], &text[name.end..]);
    let quote = before.chars().next_back().filter(|char| matches!(char, '"' | '\''));
    let is_quoted = quote.is_some_and(|quote| rest.starts_with(quote));
    let closed = &rest[usize::from(is_quoted)..];
    let trimmed = closed.trim_start();
    let blank = closed.len() - trimmed.len();
    let at = |rest: &str| text.len() - rest.len();
    if let Some(element) = closed.strip_prefix('>').filter(|_| before.ends_with('<')) {
        values.extend(in_element(element).map(|value| at(element) + value.start..at(element) + value.end));
        return false;
    }
    let separator = ["=>", ":=", "==", "=", ":"].into_iter().find(|separator| trimmed.starts_with(separator));
    let Some(separator) = separator else {
        let line = tail(before).rsplit(['\n', '"']).next().unwrap_or_default().trim_start();
        let is_flag = text[name.clone()].starts_with('-');
        let is_instruction = ["ENV ", "ARG "].into_iter().any(|word| starts_with_ignoring_case(line, word));
        let listed = if is_flag && is_quoted { trimmed.strip_prefix(',').map(str::trim_start) } else { None };
        match listed {
            Some(value) => value_at(plain, at(value), false, values),
            // A colon may be missing.
            None if is_quoted && trimmed.starts_with(['"', '\'', '[']) => value_at(plain, at(trimmed), false, values),
            None if !is_quoted && blank > 0 && (is_flag || is_instruction) && !closed[..blank].contains('\n') => {
                value_at(plain, at(trimmed), false, values);
            }
            None => {}
        }
        return false;
    };
    let is_colon = separator == ":";
    let value = &trimmed[separator.len()..];
    let spaces = value.len() - value.trim_start_matches([' ', '\t']).len();
    if !is_quoted && is_colon && spaces == 0 && is_in_reference(before) {
        return false;
    }
    let (value, is_same_line) = match value.trim_start() {
        trimmed if value[..value.len() - trimmed.len()].contains('\n') => (trimmed, false),
        trimmed => (trimmed, true),
    };
    // On a line of its own only what is in quotes or brackets belongs to the name.
    let is_json = is_quoted && value.starts_with(['"', '\'', '[']);
    if !(is_same_line || is_json) {
        return false;
    }
    let line = tail(before).rsplit('\n').next().unwrap_or_default();
    let starts_line = tail(before).contains('\n') && line.trim_start_matches(['-', ' ', '\t']).is_empty();
    let is_header = ["authorization", "cookie"].iter().any(|word| ends_with_ignoring_case(&text[name.clone()], word));
    let is_line = is_colon && !is_quoted && (starts_line || before.is_empty() || is_header);
    value_at(plain, at(value), is_line, values);
    is_colon && !is_quoted && !is_line
}

/// Where the text of an XML element is in what follows its start tag; none if it is not closed: `<password>` alone is
/// a placeholder.
fn in_element(rest: &str) -> Option<Range<usize>> {
    let content = rest.trim_start();
    let content = if starts_with_ignoring_case(content, "<value>") { &content["<value>".len()..] } else { content };
    let start = rest.len() - content.len();
    let end = start + until(content, |char| char == '<').end;
    rest[end..].starts_with("</").then_some(start..end)
}

/// Whether what stands before a name says that a colon behind it is part of a reference, an address or an image.
fn is_in_reference(before: &str) -> bool {
    let word =
        tail(before).rsplit(|char: char| char.is_whitespace() || matches!(char, '"' | '\'')).next().unwrap_or_default();
    word.starts_with("arn:") || ["{{", "secretsmanager:", "ssm:", "/"].iter().any(|part| word.contains(part))
}

/// Finds the value at an offset: a string, the strings of a list, or what stands without quotes, up to the end of its
/// line if it may.
fn value_at(plain: &Plain<'_>, at: usize, is_line: bool, values: &mut Vec<Range<usize>>) {
    let text = &*plain.text;
    let rest = &text[at..];
    match rest.chars().next() {
        Some('"' | '\'') => values.push(string_at(plain, at)),
        Some('[') => list_at(plain, at, values),
        None | Some('{' | '`') => {}
        Some(_) => {
            let is_end = |char: char| match char {
                '"' | '\n' | '\r' => true,
                char if is_line => char == '\'',
                char => char.is_whitespace() || matches!(char, '\'' | '<' | '>' | '`' | ';' | '&'),
            };
            let mut value = &rest[until(rest, is_end)];
            // `&` and `;` that are escaped more than the name's own separator are part of the value.
            if !is_line {
                value = unescaped_end(plain, at, rest, value);
            }
            let value = if value.starts_with('<') { value } else { value.trim_end_matches([',', '.', ')', ']', '}']) };
            values.push(at..at + value.trim_end().len());
        }
    }
}

/// A value without quotes, up to the first end that is not escaped.
fn unescaped_end<'t>(plain: &Plain<'_>, at: usize, rest: &'t str, value: &'t str) -> &'t str {
    // The separator stands before the value, blanks aside.
    let before = plain.text[..at].trim_end();
    let own = before.char_indices().next_back().map_or(1, |(separator, _)| plain.width(separator));
    let mut end = value.len();
    while let Some(char) = rest[end..].chars().next().filter(|char| matches!(char, '&' | ';')) {
        if plain.width(at + end) <= own {
            break;
        }
        let is_end = |char: char| char.is_whitespace() || matches!(char, '"' | '\'' | '<' | '>' | '`' | ';' | '&');
        end += char.len_utf8();
        end += until(&rest[end..], is_end).end;
    }
    &rest[..end]
}

/// The string whose opening quote is at an offset, without its quotes. One that is not closed goes to the end of its
/// line.
fn string_at(plain: &Plain<'_>, at: usize) -> Range<usize> {
    let text = &*plain.text;
    let quote = if text[at..].starts_with('"') { '"' } else { '\'' };
    let (start, width) = (at + 1, plain.width(at));
    let is_end = |(found, char): &(usize, char)| match char {
        // In JSON a line feed is escaped; one that is not is the end of a broken string.
        '\n' | '\r' => plain.width(start + found) == 1,
        // A quote that is escaped more than the opening one is part of the string.
        _ => plain.width(start + found) <= width,
    };
    let end =
        text[start..].char_indices().filter(|(_, char)| *char == quote || matches!(char, '\n' | '\r')).find(is_end);
    start..end.map_or(text.len(), |(found, _)| start + found)
}

/// Finds the strings in a list that starts at an offset, up to its end.
fn list_at(plain: &Plain<'_>, at: usize, values: &mut Vec<Range<usize>>) {
    let text = &*plain.text;
    let (mut next, mut depth) = (at, 0);
    while let Some(char) = text[next..].chars().next().filter(|_| next - at < FAR) {
        match char {
            '"' | '\'' => {
                let value = string_at(plain, next);
                next = value.end + usize::from(text[value.end..].starts_with(char));
                values.push(value);
                continue;
            }
            '[' => depth += 1,
            ']' | '}' => depth -= 1,
            _ => {}
        }
        if depth <= 0 {
            return;
        }
        next += char.len_utf8();
    }
}

/// Finds the values in an object, or what is left of one, whose name is the value of another key: `"name": "DbPassword",
/// "value": ["…"]`.
fn beside(plain: &Plain<'_>, name: Range<usize>, values: &mut Vec<Range<usize>>) {
    const KEYS: [&str; 4] = ["name", "key", "parametername", "parameterkey"];
    let text = &*plain.text;
    let before = text[..name.start].trim_end_matches(['"', '\'']).trim_end();
    let Some(key) = before.strip_suffix([':', '=']).map(|key| key.trim_end().trim_end_matches(['"', '\''])) else {
        return;
    };
    let Some(known) = KEYS.into_iter().find(|known| ends_with_ignoring_case(key, known)) else {
        return;
    };
    let key = &key[key.len() - known.len()..];
    let end = boundary(text, (name.end + FAR).min(text.len()));
    let rest = &text[name.end..end];
    let end = name.end + until(rest, |char| char == '}').end.min(rest.find(key).unwrap_or(rest.len()));
    let first = boundary(text, name.start.saturating_sub(FAR));
    let start = text[first..name.start].rfind(['{', '}']).map_or(first, |found| first + found);
    for found in VALUE_KEY.find_iter(&text[start..end]).take(2) {
        let (from, to) = (start + found.start(), start + found.end());
        if !(from..to).contains(&name.start) {
            after(plain, from..to, values);
        }
    }
}

/// The end of a text, which is as much of it as a name stands in.
fn tail(text: &str) -> &str {
    const LONGEST: usize = 256;
    &text[boundary(text, text.len().saturating_sub(LONGEST))..]
}

/// The next boundary of a character.
fn boundary(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}
