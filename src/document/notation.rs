//! Texts in another notation than JSON, recognised by how they start: what other output formats, languages and
//! tools write.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::rules::SYNTAX;
use crate::document::wrapping::WRAPPINGS;
use crate::finding::fault::Fault;
use crate::text::span::Span;

/// A notation.
struct Notation {
    /// The message: what the text is.
    message: &'static str,
    /// How to get JSON instead.
    help: &'static str,
    /// What the text starts with.
    start: LazyLock<Regex>,
    /// What most of its lines look like, where the start is not enough.
    lines: Option<LazyLock<Regex>>,
}

macro_rules! notation {
    ($message:literal, $help:expr, $start:expr $(, lines: $lines:expr)?) => {
        Notation {
            message: $message,
            help: $help,
            start: LazyLock::new(|| Regex::new($start).expect("the pattern is constant and tested")),
            lines: notation!(@lines $($lines)?),
        }
    };
    (@lines $lines:expr) => {
        Some(LazyLock::new(|| Regex::new($lines).expect("the pattern is constant and tested")))
    };
    (@lines) => {
        None
    };
}

const CLI: &str = "ask the CLI for `--output json`";
const PYTHON: &str = "write the capture with `json.dumps(response, default=str)`";

/// Every notation, in the order in which they are tried.
static NOTATIONS: [Notation; 20] = [
    notation!("this is a file with the marks of a merge conflict, not JSON", "resolve the conflict", r"(?m)^<{7} \S"),
    notation!("this is the CLI's table output, not JSON", CLI, r"\A\s*(?:[-+]{8,}\s*\n|[┌╔][─═┬╦]{8})"),
    notation!(
        "this is the pointer of Git LFS to a file, not the file",
        "fetch the file itself: `git lfs pull`",
        r"\Aversion https://git-lfs\.github\.com/spec/"
    ),
    notation!(
        "this is XML or HTML, not JSON",
        "ask for `application/json`; a page of HTML is often the message of a proxy or a login",
        r"\A\s*<(?:\?xml|!DOCTYPE|!--|html\b|[A-Za-z][\w:-]*(?:\s[^<>]*=[^<>]*)>|[A-Za-z][\w:-]*>\s*<)"
    ),
    notation!(
        "this is the text of the SDK for Java (`toString`), not JSON",
        "write the capture with a JSON library, such as Jackson on `response.toBuilder()`, or record it with the CLI",
        r"\A\s*(?:[A-Z]\w*\(\w+=|[A-Z]\w*\(\)\s*\z|\{[A-Z]\w*: )"
    ),
    notation!(
        "this is the text of Rust's `{:?}`, not JSON",
        "record the capture with the CLI: the types of the SDK for Rust have no JSON",
        r"\A\s*(?:(?:Ok|Some)\()?[A-Z]\w*\s*\{\s*\w+:\s"
    ),
    notation!(
        "this is Go's print of a struct or map, not JSON",
        "write the capture with `json.MarshalIndent(output, \"\", \"  \")`",
        r"\A\s*(?:&\{\w+:|\{[A-Z]\w*:\S|&?[a-z]\w*\.[A-Z]\w*\{|map\[)"
    ),
    notation!(
        "this is an object in JavaScript's notation (`util.inspect`, `console.log`), not JSON",
        "write the capture with `JSON.stringify(response, null, 2)` rather than `console.log(response)`",
        r"\A[\s\[(]*\{\s*(?:'\$metadata'|[A-Za-z_$][\w$]*):\s"
    ),
    notation!(
        "this is PHP's print of an array, not JSON",
        "write the capture with `json_encode($result->toArray())`",
        r"\A\s*(?:Array\s*\(|array\(\d+\) \{|(?:Aws\\)?\w*Result Object|array \()"
    ),
    notation!("this is Python's print of a dict, not JSON", PYTHON, r"\A[\s\[{(]*'[^'\n]*'\s*:"),
    notation!(
        "this is Python's print of an object, not JSON",
        PYTHON,
        r"\A\s*(?:datetime\.datetime\(|<\w[\w.]* object at 0x)"
    ),
    notation!(
        "this is Ruby's `inspect`, not JSON",
        "write the capture with `JSON.pretty_generate(response.to_h)`",
        r"\A\s*(?:#<|[\[{]\s*(?::\w+\s*=>|\x22[^\x22\n]*\x22\s*=>))"
    ),
    notation!(
        "this is PowerShell's list or table of an object, not JSON",
        "write the capture with `| ConvertTo-Json -Depth 20`",
        r"\A\s*[A-Z]\w*\s+:(?: |\r?$)", lines: r"^\s*(?:\w+\s+:(?: |$)|\s{8,}\S)"
    ),
    notation!(
        "the beginning of this JSON is cut off",
        "the capture was probably cut off; record it again",
        r#"\A\s*(?:"(?:[^"\\\n]|\\.)*"\s*:|(?:[\]}]\s*,?|[,:])\s*\S|[^\s"{\[][^"{\[\n]*",?\r?\n\s*"[^"\n]*"\s*:)"#
    ),
    notation!(
        "this is YAML, not JSON",
        CLI,
        r"(?m)\A(?:\s*(?:#.*|---.*|%YAML.*)$)*\s*(?:- )*'?[A-Za-z_][\w.$-]*'?:(?:[ \t]|\r?$)[^\n]*\n\s*\S",
        lines: r"^\s*(?:#|---|- |[\x22']?[\w.$-]+[\x22']?:(?: |$))"
    ),
    notation!(
        "this is the CLI's text output, not JSON",
        CLI,
        r"\A(?:[0-9a-f-]{36}\r?\n)?[^\t\n{}\[\]]+\t", lines: r"\t|^[A-Z]+$|^\s*\S+\s*$"
    ),
    notation!(
        "this is Terraform's configuration or state listing, not JSON",
        "ask for JSON: `terraform show -json`",
        r#"\A\s*(?:#.*\s+)*(?:resource|data|variable|output|provider|module) "[^"]*"(?: "[^"]*")? \{"#
    ),
    notation!(
        "the quotes of this JSON are escaped: it was inside of a string",
        "unescape it: `jq -r .` on the string with its quotes around it",
        r#"\A[\s\[{]*\\(?:"|n\s*\\")"#
    ),
    notation!(
        "the quotes of this JSON are HTML entities",
        "copy the text that the page shows rather than its source, or unescape it, as with Python's `html.unescape`",
        r"\A[\s\[{]*&(?:quot|#34|#x22);"
    ),
    notation!(
        "the quotes of this JSON are typographic ones",
        "write straight quotes `\"`, and turn off smart quotes where the JSON was edited",
        r"\A[\s\[{]*[“”„‟«»‘’]"
    ),
];

/// The fault of a text that starts in another notation; none if nothing tells which.
pub(super) fn fault(text: &str) -> Option<Fault> {
    let wrapped = || WRAPPINGS.iter().find(|wrapping| wrapping.starts(text));
    let known = NOTATIONS.iter().find(|notation| notation.is_of(text));
    let (message, help) = match known {
        Some(notation) => (notation.message.to_owned(), notation.help),
        None => wrapped().map(|wrapping| {
            (format!("the text starts with {} and holds no whole JSON", wrapping.what), wrapping.help)
        })?,
    };
    let start = text.len() - text.trim_start().len();
    let end = start + text[start..].lines().next().map_or(0, |line| line.trim_end().len());
    let mut fault = Fault::new(&SYNTAX, Span::new(start, end), message);
    fault.help(help);
    Some(fault)
}

/// The text after its first line, if that is a prompt or a command line.
pub(super) fn after_prompt(text: &str) -> &str {
    let is_prompt = WRAPPINGS.iter().any(|wrapping| wrapping.is_prompt() && wrapping.starts(text));
    text.split_once('\n').filter(|_| is_prompt).map_or(text, |(_, rest)| rest)
}

impl Notation {
    fn is_of(&self, text: &str) -> bool {
        self.start.is_match(text) && self.lines.as_ref().is_none_or(|pattern| are_most(text, pattern))
    }
}

/// Whether at least three in five of the first lines look like that.
fn are_most(text: &str, pattern: &Regex) -> bool {
    const LINES: usize = 50;
    let lines = text.lines().filter(|line| !line.trim().is_empty()).take(LINES);
    let (fitting, all) =
        lines.fold((0, 0), |(fitting, all), line| (fitting + usize::from(pattern.is_match(line)), all + 1));
    5 * fitting >= 3 * all
}
