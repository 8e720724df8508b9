//! Converts errors of the JSON parser to faults of the rules `syntax` and `error-document`.

use jsonc_parser::ParseStringErrorKind;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use serde::de::IgnoredAny;

use crate::aws::error::FailedCall;
use crate::document::rules::{DRY_RUN, ERROR_DOCUMENT, SYNTAX};
use crate::document::{notation, slips};
use crate::finding::fault::Fault;
use crate::text::span::Span;

/// The fault for an error of the parser.
pub(super) fn fault(text: &str, error: &ParseError) -> Fault {
    // The parser accepts line breaks in strings: it reports a missing quote where the next string starts. The
    // line break in the string is closer to the mistake.
    let at = error.range().start.min(text.len());
    if let Some(error) = cli_error(text) {
        return captured_error(text, error);
    }
    if let Some(fault) = notation::fault(text) {
        return fault;
    }
    match invalid_character(text) {
        Some(fault) if fault.primary.span.start < at => fault,
        _ => slips::fault(text, at).unwrap_or_else(|| translate(text, error)),
    }
}

/// The fault for a text without anything but white space.
pub(super) fn empty(text: &str) -> Fault {
    new(text, text.len(), "there is no JSON value; the text is empty".to_owned())
}

/// The fault for an item of an array without a comma before it.
pub(super) fn missing_comma(text: &str) -> Fault {
    let start = text.len() - text.trim_start().len();
    let mut fault = new(text, start, "a comma is missing before this item of the array".to_owned());
    fault.help("put a comma between the two items");
    fault
}

/// The fault for an array of documents without its closing bracket.
pub(super) fn unclosed_array(text: &str) -> Fault {
    let mut fault = new(text, text.len(), "the text ends before the array around this document does".to_owned());
    fault.says("the text ends here").help(TRUNCATED);
    fault
}

/// The fault for the first character that RFC 8259 does not allow in a string or between tokens.
pub(super) fn invalid_character(text: &str) -> Option<Fault> {
    let error = serde_json::from_str::<IgnoredAny>(text).err()?;
    let line_start = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    // serde_json's column is that of the invalid character or of the one before it, depending on the context.
    let (at, char) = [error.column(), error.column().saturating_sub(1)].into_iter().find_map(|column| {
        let at = line_start + column;
        let char = text.get(at..)?.chars().next()?;
        (char.is_control() || !char.is_ascii()).then_some((at, char))
    })?;
    let opened = opening_quote(text, at);
    let code = u32::from(char);
    let fault = match (char, opened) {
        ('\n' | '\r', Some(quote)) => slips::typographic_end(text, quote, at).unwrap_or_else(|| {
            let mut fault = new(text, quote, "the string is not closed on its line".to_owned());
            fault.says("the string opens here").label(char_span(text, at), "its line ends here");
            fault.help("close the string with `\"`, or write a line break in it as `\\n`");
            fault
        }),
        ('\u{1b}', Some(quote)) => {
            let mut fault = new(text, at, "the colour codes of a terminal stand in a string".to_owned());
            fault.label(Span::new(quote, quote + 1), "in this string");
            fault.help("write the JSON without colours: `grep --color=never`, `jq -M`");
            fault
        }
        (_, Some(quote)) => {
            let mut fault = new(text, at, format!("control character U+{code:04X} in a string; it must be escaped"));
            fault.label(Span::new(quote, quote + 1), "in this string").help(format!("write it as `\\u{code:04x}`"));
            fault
        }
        (_, None) => {
            if let Some(fault) = slips::fault(text, at) {
                return Some(fault);
            }
            let mut fault = new(text, at, format!("U+{code:04X} between tokens is not white space in JSON"));
            fault.help("only space, tab, line feed and carriage return may stand between tokens");
            fault
        }
    };
    Some(fault)
}

pub(super) fn new(text: &str, at: usize, message: String) -> Fault {
    Fault::new(&SYNTAX, char_span(text, at), message)
}

/// The span of the character at an offset, or of the last one at the end of the text.
fn char_span(text: &str, at: usize) -> Span {
    let at = if at >= text.len() { text.trim_end().char_indices().last().map_or(0, |(last, _)| last) } else { at };
    Span::new(at, at + text[at..].chars().next().map_or(0, char::len_utf8))
}

fn translate(text: &str, error: &ParseError) -> Fault {
    use ParseErrorKind as E;
    let at = error.range().start.min(text.len());
    let found = &text[at..error.range().end.clamp(at, text.len())];
    match error.kind() {
        E::UnterminatedObject | E::UnterminatedArray => truncated(text),
        E::ExpectedColonAfterObjectKey | E::ExpectedObjectValue if found.is_empty() => truncated(text),
        E::ExpectedColonAfterObjectKey => {
            new(text, at, format!("`{}` where the `:` after a key was expected", first(found)))
        }
        E::ExpectedObjectValue => new(text, at, "a value is missing after `:`".to_owned()),
        E::UnexpectedCloseBrace | E::UnexpectedCloseBracket | E::UnexpectedTokenInObject => unexpected(text, at),
        E::UnexpectedColon | E::UnexpectedComma => {
            new(text, at, format!("`{}` where a value was expected", first(found)))
        }
        E::ExpectedComma => {
            let before = text[..at].char_indices().last().map_or(0, |(index, _)| index);
            let mut fault = new(text, before, "a comma is missing after this value".to_owned());
            fault.says("expected `,` after this");
            fault
        }
        E::TrailingCommasNotAllowed => {
            let mut fault = new(text, at, "a comma before the closing bracket".to_owned());
            fault.help("remove the comma: JSON has none after the last item");
            fault
        }
        E::CommentsNotAllowed | E::UnterminatedCommentBlock => {
            let mut fault = new(text, at, "a comment; JSON has none".to_owned());
            fault.help("remove it; ignores for findings live in imagelint.toml");
            fault
        }
        E::SingleQuotedStringsNotAllowed => python(text, at, "a string in single quotes; JSON has double quotes only"),
        E::UnexpectedToken | E::UnexpectedWord | E::ExpectedStringObjectProperty => word(text, at),
        E::NonFiniteNumbersNotAllowed => not_finite(text, at, found),
        E::MultipleRootJsonValues => {
            let mut fault = new(text, at, "text after the end of the document".to_owned());
            let end = text[..at].trim_end().len();
            fault.says("more text").label(char_span(text, end.saturating_sub(1)), "the document ends here");
            fault
        }
        E::NestingDepthExceeded => {
            let mut fault = new(text, at, "nested more than 512 levels deep".to_owned());
            fault.help("no Image Builder document nests deeper than 20 levels");
            fault
        }
        E::String(ParseStringErrorKind::UnterminatedStringLiteral) => {
            let mut fault = new(text, at, "the text ends inside a string".to_owned());
            fault.says("the string opens here").label(char_span(text, text.len()), "the text ends here");
            fault.help(TRUNCATED);
            fault
        }
        E::String(kind) => string(text, at, kind),
        E::HexadecimalNumbersNotAllowed => new(text, at, "a hexadecimal number; JSON has decimal ones only".to_owned()),
        E::UnaryPlusNumbersNotAllowed => new(text, at, "a number with a plus sign; JSON writes it without".to_owned()),
        E::BareDecimalPointNumbersNotAllowed => new(text, at, "a decimal point needs a digit on both sides".to_owned()),
        E::ExpectedDigit | E::ExpectedDigitFollowingNegativeSign | E::ExpectedPlusMinusOrDigitInNumberLiteral => {
            if text[at..].starts_with("Infinity") {
                not_finite(text, at, "-Infinity")
            } else {
                new(text, at, "a digit is missing in this number".to_owned())
            }
        }
    }
}

/// How errors of the AWS CLI start that do not come from the service.
const CLI_ERRORS: [&str; 7] = [
    "Unable to locate credentials",
    "Partial credentials found",
    "You must specify a region",
    "The config profile (",
    "Could not connect to the endpoint URL",
    "Parameter validation failed",
    "Error loading SSO Token",
];

/// If the text is an error that the AWS CLI printed: the call in `An error occurred (<code>) when calling the
/// <operation> operation: <message>`, or else its first line. Newer versions start with the name of the program.
fn cli_error(text: &str) -> Option<FailedCall<'_>> {
    let text = notation::after_prompt(text.trim_start()).trim_start();
    let named = text.strip_prefix("aws: [ERROR]: ");
    let text = named.unwrap_or(text);
    if let Some((code, rest)) = text.strip_prefix("An error occurred (").and_then(|text| text.split_once(')'))
        && let Some(rest) = rest.strip_prefix(" when calling the ")
    {
        let (operation, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let message = rest.split_once(": ").and_then(|(_, message)| message.lines().next()).map(str::trim);
        return Some(FailedCall { operation: Some(operation), code: Some(code), message });
    }
    let is_known = named.is_some() || CLI_ERRORS.iter().any(|start| text.starts_with(start));
    let message = text.lines().map(str::trim).find(|line| is_known && !line.is_empty())?;
    Some(FailedCall { operation: None, code: None, message: Some(message) })
}

/// The fault for an error that the AWS CLI printed instead of a response.
fn captured_error(text: &str, call: FailedCall<'_>) -> Fault {
    let marked = call.code.or(call.message).unwrap_or_default();
    let start = marked.as_ptr() as usize - text.as_ptr() as usize;
    let rule = if call.is_dry_run() { &DRY_RUN } else { &ERROR_DOCUMENT };
    Fault::new(rule, Span::new(start, start + marked.len()), call.message())
}

const TRUNCATED: &str = "the capture was probably cut off; record it again";

fn first(found: &str) -> char {
    found.chars().next().unwrap_or(' ')
}

fn truncated(text: &str) -> Fault {
    let mut fault = new(text, text.len(), "the text ends before the document does".to_owned());
    fault.says("the text ends here").help(TRUNCATED);
    if let Some((bracket, name)) = innermost_open(text) {
        fault.label(char_span(text, bracket), format!("this {name} is not closed"));
    }
    fault
}

fn unexpected(text: &str, at: usize) -> Fault {
    let char = first(&text[at..]);
    match (char, innermost_open(&text[..at])) {
        ('}' | ']', Some((bracket, name))) => {
            let mut fault = new(text, at, format!("`{char}` does not close the {name} that is open here"));
            fault.label(char_span(text, bracket), format!("the {name} opens here"));
            fault
        }
        ('}' | ']', None) => new(text, at, format!("`{char}` closes nothing")),
        _ => new(text, at, format!("`{char}` where a key in double quotes was expected")),
    }
}

fn word(text: &str, at: usize) -> Fault {
    let word: String = text[at..].chars().take_while(|char| char.is_alphanumeric() || *char == '_').take(40).collect();
    let mut fault = match word.as_str() {
        "True" | "False" | "None" => return python(text, at, &format!("`{word}` is Python's, not JSON's")),
        "NaN" | "Infinity" => return not_finite(text, at, &word),
        "" => new(text, at, format!("`{}` is not JSON", first(&text[at..]))),
        _ => new(text, at, format!("`{word}` is not JSON; a value or a key in double quotes was expected")),
    };
    if !word.is_empty() {
        let span = Span::new(at, at + word.len());
        fault.at(span).subject = span;
    }
    fault
}

fn not_finite(text: &str, at: usize, found: &str) -> Fault {
    let mut fault = new(text, at, format!("`{found}` is not a JSON number"));
    fault.help("leave the member out, or write a finite number");
    fault
}

fn python(text: &str, at: usize, message: &str) -> Fault {
    let mut fault = new(text, at, message.to_owned());
    fault.help("this looks like Python's print of a dict; write the capture with `json.dumps(response, default=str)`");
    fault
}

fn string(text: &str, at: usize, kind: &ParseStringErrorKind) -> Fault {
    use ParseStringErrorKind as K;
    match kind {
        K::InvalidUnicodeEscapeSequence(_) => {
            new(text, at, "half of a surrogate pair stands alone in this escape".to_owned())
        }
        K::ExpectedFourHexDigits | K::ExpectedTwoHexDigits => {
            new(text, at, "`\\u` needs four hexadecimal digits".to_owned())
        }
        _ => {
            let escape: String = text[at..].chars().take(2).collect();
            let mut fault = new(text, at, format!("`{escape}` is not an escape of JSON"));
            fault.help("write a backslash itself as `\\\\`");
            fault
        }
    }
}

/// The offset of the innermost bracket that is open at the end of the text, and what it opens.
fn innermost_open(text: &str) -> Option<(usize, &'static str)> {
    let mut open = Vec::new();
    let mut in_string = false;
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' if !in_string => open.push((index, "object")),
            b'[' if !in_string => open.push((index, "array")),
            b'}' | b']' if !in_string => {
                open.pop();
            }
            _ => {}
        }
    }
    open.pop()
}

/// The offset of the quote that opens the string around an offset, if there is a string.
fn opening_quote(text: &str, at: usize) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (index, byte) in text.as_bytes()[..at].iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quote.is_some() => escaped = true,
            b'"' => quote = if quote.is_some() { None } else { Some(index) },
            _ => {}
        }
    }
    quote
}
