//! The table of wrappings: what is found beside JSON, and how it is recognised.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::pattern::pattern;

/// Something that terminals, editors and people put beside JSON.
#[derive(Debug)]
pub(in crate::document) struct Wrapping {
    /// What it is, as in "the text holds … beside its JSON".
    pub(in crate::document) what: &'static str,
    /// How to get the JSON without it.
    pub(in crate::document) help: &'static str,
    /// Where it stands.
    pub(super) place: Place,
    /// What it looks like.
    pub(super) pattern: LazyLock<Regex>,
}

/// Where a wrapping stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Between the tokens of the JSON.
    Tokens,
    /// At the start of its lines.
    LineStarts,
    /// At the start of its lines; the first group is a number that goes up by one from line to line.
    LineNumbers,
    /// On lines of its own; JSON stands between every two of them.
    Fences,
    /// On lines of its own, never on one with JSON.
    OwnLines,
    /// On lines before or after the JSON, or on a line before it.
    Lines,
}

impl Wrapping {
    /// Whether it is scattered over the JSON rather than around it.
    pub(super) fn is_interleaved(&self) -> bool {
        matches!(self.place, Place::Tokens | Place::LineStarts | Place::LineNumbers)
    }

    /// Whether it is a line that was typed, or printed for one to be typed.
    pub(in crate::document) fn is_prompt(&self) -> bool {
        self.place == Place::OwnLines
    }

    /// Whether a text starts with it. One line does not show what stands before every line.
    pub(in crate::document) fn starts(&self, text: &str) -> bool {
        let line = text.trim_start().lines().next().unwrap_or_default();
        let found = || self.pattern.find(line).filter(|found| found.start() == 0 && !found.is_empty());
        !matches!(self.place, Place::LineStarts | Place::LineNumbers) && found().is_some()
    }
}

macro_rules! wrapping {
    ($place:ident, $what:literal, $help:literal, $pattern:expr) => {
        Wrapping { what: $what, help: $help, place: Place::$place, pattern: LazyLock::new(|| pattern($pattern)) }
    };
}

/// Every wrapping. Interleaved ones are removed in this order; of the others the first that fits a line counts.
pub(in crate::document) static WRAPPINGS: [Wrapping; 15] = [
    wrapping!(
        Tokens,
        "colour codes of a terminal",
        "write the JSON without colours: `jq -M`, the CLI's `--color off`",
        // What `cat -v` and logs make of the escape character counts, too.
        r"(?:\x1b|\^\[|\\033|\\e|␛)(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|\([AB0])"
    ),
    wrapping!(
        LineStarts,
        "`>` quotes of an e-mail",
        "take the JSON out of the e-mail, without the `>` at the start of its lines",
        r"^[ \t]*(?:>[ \t]?)+"
    ),
    wrapping!(
        LineStarts,
        "timestamps of a log",
        "store the JSON alone: redirect the output of the call to a file, or remove what the log adds to each line",
        r"^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?\]?(?:[ \t]|$)"
    ),
    wrapping!(
        LineNumbers,
        "line numbers",
        "copy the JSON without the line numbers: `cat` without `-n`, `bat --plain`",
        r"^[ \t]*(\d+)(?:[ \t]*[:|│][ \t]?|\t| {1,2}|$)"
    ),
    wrapping!(LineStarts, "the `+` signs of a diff", "store the file itself rather than its diff", r"^\+"),
    wrapping!(Fences, "Markdown", "store what is in the fence, without the text around it", r"^[ \t]*(?:```|~~~)"),
    wrapping!(
        OwnLines,
        "a shell prompt",
        "store the output alone: redirect the command to a file, as in `aws imagebuilder get-image … > capture.json`",
        concat!(
            r"^(?:\([\w.-]+\) ?)*(?:",
            r"\[[^\s\[\]@]+@[^\]]+\][ \t]*[$#%]",
            r"|[\w.-]+@[\w.-]+:[^$#%]*[$#%](?:\s|$)",
            r"|[\w.-]+@[\w.-]+ [^$#%]{0,60} [$#%](?:\s|$)",
            r"|[\w.-]+-\d[\d.]*[$#](?:\s|$)",
            r"|(?:[A-Za-z~/][\w.~/-]* ?)?[$%❯➜](?:\s+\S|\s*$)",
            r"|PS [A-Za-z]?:?[^>\n]*>",
            r"|[A-Za-z]:\\[^>\n]*>",
            r"|\$ ?(?:aws|curl|jq|cat|http|pcluster)\s",
            r")"
        )
    ),
    wrapping!(
        OwnLines,
        "a command line",
        "store the output alone: redirect the command to a file, as in `aws imagebuilder get-image … > capture.json`",
        r"^\s*\+{0,3}\s*(?:sudo )?(?:aws|curl|jq|cat|http|pcluster)(?:\s+[\w./-]+)+\s*(?:\\$|$|--|[\x22'|<>])"
    ),
    wrapping!(Lines, "the marks of a merge conflict", "resolve the conflict", r"^(?:<{7}|={7}|>{7})(?: |$)"),
    wrapping!(
        OwnLines,
        "the prompt of a pager",
        "call the CLI with `--no-cli-pager`, and redirect the output to a file",
        r"^(?:lines \d+-\d+(?:/\d+)? ?)?(?:\(END\)|--More--.*|\(press h for help.*)[ \t]*$"
    ),
    wrapping!(
        Lines,
        "log lines",
        "store the JSON alone: redirect the output of the call to a file, without what the program logs",
        concat!(
            r"^[ \t]*(?:",
            r"\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d",
            r"|\[?(?i:trace|debug|info|notice|warn|warning|error|fatal|critical)\b(?:[\]:]|[ \t]|$)",
            r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d+ \d\d:\d\d:\d\d ",
            r"|\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]? ",
            r"|(?:START|END|REPORT) RequestId: ",
            r"|##\[|::(?:group|endgroup|debug|notice)",
            r")"
        )
    ),
    wrapping!(
        Lines,
        "the lines of an e-mail",
        "take the JSON out of the e-mail",
        r"^(?:-- ?$|On .+ wrote:$|(?:From|To|Cc|Subject|Date|Sent|Reply-To|Message-ID): \S|(?i:(?:best|kind|warm)? ?regards|cheers|thanks),?$|Sent from my |-+ ?(?:Original|Forwarded) [Mm]essage)"
    ),
    wrapping!(
        Lines,
        "the lines of an HTTP exchange",
        "store the body alone: `curl` without `-i` and `-v`",
        r"^(?:[<>] (?:HTTP/|GET |POST |PUT |[\w-]+: )|\* (?:Trying|Connected|Connection|Host|SSL|TLS|ALPN)|HTTP/\d|(?i:content-type|content-length|x-amzn-requestid): )"
    ),
    wrapping!(
        Lines,
        "program code",
        "store the JSON alone, without the code around it",
        r"^[ \t]*(?:(?:export[ \t]+)?(?:default|const|let|var)\b[^={(]*=?|module\.exports[ \t]*=|\$?[A-Za-z_][\w.]*[ \t]*=|[A-Za-z_$][\w.$]*\()[ \t]*[\[{]"
    ),
    wrapping!(
        Lines,
        "a diff's heading",
        "store the file itself rather than its diff",
        r"^(?:diff --git |--- a?/|\+\+\+ b?/|index [0-9a-f]{7,}|@@ )"
    ),
];
