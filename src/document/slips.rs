//! Slips in JSON that tell by what stands where the parser stops: masks without quotes, members left out, quotes that
//! an editor replaced.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::rules::SYNTAX;
use crate::finding::fault::Fault;
use crate::text::quote::quoted;
use crate::text::span::Span;

/// A slip.
struct Slip {
    /// The message with `{}` in the place of what was found.
    message: &'static str,
    /// What to do.
    help: &'static str,
    /// What stands where the parser stops.
    pattern: LazyLock<Regex>,
}

macro_rules! slip {
    ($message:literal, $help:expr, $pattern:literal) => {
        Slip {
            message: $message,
            help: $help,
            pattern: LazyLock::new(|| Regex::new($pattern).expect("the pattern is constant and tested")),
        }
    };
}

const QUOTES: &str = "write straight quotes `\"`, and turn off smart quotes where the JSON was edited";
const QUOTE_MASK: &str = "write what is masked as a string in double quotes";

/// Every slip, in the order in which they are tried.
static SLIPS: [Slip; 7] = [
    slip!(
        "the colour codes of a terminal stand in the JSON",
        "write the JSON without colours: `jq -M`, `grep --color=never`",
        r"\A\x1b"
    ),
    slip!(
        "`{}` where something was left out",
        "store the whole capture, or leave members out without a sign",
        r"\A(?:\.{3,}|…)"
    ),
    slip!("the mask `{}` stands without quotes", QUOTE_MASK, r"\A<[^<>\x22\n]{1,60}>"),
    slip!(
        "the mask `{}` stands without quotes",
        QUOTE_MASK,
        r"\A(?:[Xx]{3,}|\*{3,}|#{3,}|(?i:redacted|masked|hidden))[\w*#-]*"
    ),
    slip!("a typographic quote `{}` where a straight one was expected", QUOTES, r"\A[“”„‟«»‘’]"),
    slip!(
        "the HTML entity `{}` in the place of a character",
        "copy the text that the page shows rather than its source",
        r"\A&(?:[a-z]{2,6}|#\d{2,5}|#x[0-9A-Fa-f]{2,5});"
    ),
    slip!(
        "an escaped quote `{}` outside of a string",
        "this JSON was inside of a string: unescape it, as `jq -r .` does",
        r"\A\\+\x22"
    ),
];

/// The fault for what stands at an offset at which the parser stopped; none if it is no known slip.
pub(super) fn fault(text: &str, at: usize) -> Option<Fault> {
    let rest = text.get(at..)?;
    let at = at + rest.len() - rest.trim_start().len();
    number(text, at).or_else(|| {
        SLIPS.iter().find_map(|slip| {
            let found = slip.pattern.find(&text[at..])?;
            let message = slip.message.replace("{}", &quoted(found.as_str()));
            Some(new(Span::new(at, at + found.end()), message, slip.help))
        })
    })
}

/// The fault for a string that a typographic quote was to end, given its opening quote and the end of its line.
pub(super) fn typographic_end(text: &str, opening: usize, line_end: usize) -> Option<Fault> {
    let (found, quote) =
        text.get(opening..line_end)?.char_indices().find(|(_, char)| matches!(char, '“' | '”' | '„' | '‟'))?;
    let start = opening + found;
    let message = format!("a typographic quote `{quote}` where a straight one was expected");
    let mut fault = new(Span::new(start, start + quote.len_utf8()), message, QUOTES);
    fault.label(Span::new(opening, opening + 1), "the string opens here");
    Some(fault)
}

/// The fault for a number with a leading zero, or with masked digits, that goes on where the parser stopped.
fn number(text: &str, at: usize) -> Option<Fault> {
    let digits = text[..at].len() - text[..at].trim_end_matches(|char: char| char.is_ascii_digit()).len();
    let start = at - digits;
    let length =
        text[at..].find(|char: char| !(char.is_alphanumeric() || matches!(char, '*' | '.'))).unwrap_or(text.len() - at);
    let span = Span::new(start, at + length);
    let number = &text[span.range()];
    if digits == 0 || length == 0 {
        return None;
    }
    if number.starts_with('0') && text[at..].starts_with(|char: char| char.is_ascii_digit()) {
        let message = format!("the number `{}` has a leading zero", quoted(number));
        return Some(new(
            span,
            message,
            "write the number without it, or as a string in double quotes if it is an identifier",
        ));
    }
    let is_mask = text[at..].starts_with(['x', 'X', '*']) && number.chars().any(|char| matches!(char, 'x' | 'X' | '*'));
    is_mask.then(|| new(span, format!("the mask `{}` stands without quotes", quoted(number)), QUOTE_MASK))
}

fn new(span: Span, message: String, help: &'static str) -> Fault {
    let mut fault = Fault::new(&SYNTAX, span, message);
    fault.help(help);
    fault
}
