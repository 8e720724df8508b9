//! Converts errors of the parser to faults of the rules `syntax` and `error-document`.

use crate::aws::error::FailedCall;
use crate::document::parser::{MOST_NESTED, Problem, SyntaxError};
use crate::document::rules::{DRY_RUN, ERROR_DOCUMENT, SYNTAX};
use crate::document::{mend, notation, slips};
use crate::finding::fault::Fault;
use crate::text::span::Span;

/// The fault for an error of the parser, with a fix where that makes JSON of the text.
pub(super) fn fault(text: &str, error: SyntaxError) -> Fault {
    let mut fault = described(text, error);
    let may_be_mended = matches!(
        error.problem,
        Problem::TrailingComma | Problem::Comment | Problem::OddCharacter | Problem::ControlCharacter { .. }
    );
    if may_be_mended && *fault.rule == SYNTAX {
        fault.fix(mend::fix(text));
    }
    fault
}

fn described(text: &str, error: SyntaxError) -> Fault {
    if error.problem == Problem::Empty {
        return new(text, text.len(), "there is no JSON value; the text is empty".to_owned());
    }
    if let Some(error) = cli_error(text) {
        return captured_error(text, error);
    }
    if let Some(fault) = notation::fault(text) {
        return fault;
    }
    match error.problem {
        Problem::ControlCharacter { quote } => control_character(text, error.at, quote),
        _ => slips::fault(text, error.at).unwrap_or_else(|| translate(text, error)),
    }
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

/// The fault for a control character in a string.
fn control_character(text: &str, at: usize, quote: usize) -> Fault {
    let char = first(&text[at..]);
    let code = u32::from(char);
    match char {
        '\n' | '\r' => slips::typographic_end(text, quote, at).unwrap_or_else(|| {
            let mut fault = new(text, quote, "the string is not closed on its line".to_owned());
            fault.says("the string opens here").label(char_span(text, at), "its line ends here");
            fault.help("close the string with `\"`, or write a line break in it as `\\n`");
            fault
        }),
        '\u{1b}' => {
            let mut fault = new(text, at, "the colour codes of a terminal stand in a string".to_owned());
            fault.label(Span::new(quote, quote + 1), "in this string");
            fault.help("write the JSON without colours: `grep --color=never`, `jq -M`");
            fault
        }
        _ => {
            let mut fault = new(text, at, format!("control character U+{code:04X} in a string; it must be escaped"));
            fault.label(Span::new(quote, quote + 1), "in this string").help(format!("write it as `\\u{code:04x}`"));
            fault
        }
    }
}

pub(super) fn new(text: &str, at: usize, message: String) -> Fault {
    Fault::new(&SYNTAX, char_span(text, at), message)
}

fn helped(text: &str, at: usize, message: String, help: &'static str) -> Fault {
    let mut fault = new(text, at, message);
    fault.help(help);
    fault
}

/// The span of the character at an offset, or of the last one at the end of the text.
fn char_span(text: &str, at: usize) -> Span {
    let at = if at >= text.len() { text.trim_end().char_indices().last().map_or(0, |(last, _)| last) } else { at };
    Span::new(at, at + text[at..].chars().next().map_or(0, char::len_utf8))
}

fn translate(text: &str, SyntaxError { at, problem }: SyntaxError) -> Fault {
    let char = first(text.get(at..).unwrap_or_default());
    match problem {
        Problem::Empty | Problem::Truncated => truncated(text),
        Problem::TooLarge => new(text, at, "the document is larger than 4 GiB".to_owned()),
        Problem::LacksColon => new(text, at, format!("`{char}` where the `:` after a key was expected")),
        Problem::LacksValue => new(text, at, "a value is missing after `:`".to_owned()),
        Problem::Unexpected => unexpected(text, at),
        Problem::NotAValue => new(text, at, format!("`{char}` where a value was expected")),
        Problem::LacksComma => {
            let before = text[..at].char_indices().last().map_or(0, |(index, _)| index);
            let mut fault = new(text, before, "a comma is missing after this value".to_owned());
            fault.says("expected `,` after this");
            fault
        }
        Problem::TrailingComma => {
            let help = "remove the comma: JSON has none after the last item";
            helped(text, at, "a comma before the closing bracket".to_owned(), help)
        }
        Problem::Comment => {
            let help = "remove it; ignores for findings live in imagelint.toml";
            helped(text, at, "a comment; JSON has none".to_owned(), help)
        }
        Problem::SingleQuotes => python(text, at, "a string in single quotes; JSON has double quotes only"),
        Problem::Word => word(text, at),
        Problem::MoreText => {
            let mut fault = new(text, at, "text after the end of the document".to_owned());
            let end = text[..at].trim_end().len();
            fault.says("more text").label(char_span(text, end.saturating_sub(1)), "the document ends here");
            fault
        }
        Problem::TooDeep => {
            let help = "no Image Builder document nests deeper than 20 levels";
            helped(text, at, format!("nested more than {MOST_NESTED} levels deep"), help)
        }
        Problem::OpenString => {
            let mut fault = new(text, at, "the text ends inside a string".to_owned());
            fault.says("the string opens here").label(char_span(text, text.len()), "the text ends here");
            fault.help(TRUNCATED);
            fault
        }
        Problem::UnknownEscape => {
            let escape: String = text[at..].chars().take(2).collect();
            let message = format!("`{escape}` is not an escape of JSON");
            helped(text, at, message, "write a backslash itself as `\\\\`")
        }
        Problem::LacksHexDigits => new(text, at, "`\\u` needs four hexadecimal digits".to_owned()),
        Problem::LoneSurrogate => new(text, at, "half of a surrogate pair stands alone in this escape".to_owned()),
        Problem::Hexadecimal => new(text, at, "a hexadecimal number; JSON has decimal ones only".to_owned()),
        Problem::PlusSign => new(text, at, "a number with a plus sign; JSON writes it without".to_owned()),
        Problem::BarePoint => new(text, at, "a decimal point needs a digit on both sides".to_owned()),
        Problem::NotFinite => not_finite(text, at, if text[at..].starts_with("-I") { "-Infinity" } else { "-NaN" }),
        Problem::LacksDigit => new(text, at, "a digit is missing in this number".to_owned()),
        Problem::ControlCharacter { quote } => control_character(text, at, quote),
        Problem::OddCharacter => {
            let message = format!("U+{:04X} between tokens is not white space in JSON", u32::from(char));
            helped(text, at, message, "only space, tab, line feed and carriage return may stand between tokens")
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
