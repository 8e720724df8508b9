//! What secrets and masks can be told by: it is looked for first.

/// What stands in the names of secrets, as patterns without regard to case. Short names are told by what follows them.
pub(crate) const NAMES: [&str; 13] = [
    "assw",
    "assp",
    "asscode",
    r"[_\-bernty]pass",
    "pwd",
    r#"pw(?:["=: \\']|$)"#,
    "ecret",
    "oken(?:[^A-Za-z]|$)",
    "redential",
    "creds",
    "uthoriz",
    "ookie",
    r"[ehist][_\-]?key(?:[^A-Za-z]|$)",
];

/// What is a secret itself, stands beside one, or may hide one.
pub(crate) const MARKS: [&str; 25] = [
    "AKIA",
    "ASIA",
    "ignature=",
    "IGNATURE=",
    "sig=",
    "mz-",
    "MZ-",
    "oog-",
    "hp_",
    "ho_",
    "hs_",
    "hu_",
    "hr_",
    "_pat_",
    "glpat-",
    "xox",
    "_live_",
    "AIza",
    "eyJ",
    "earer ",
    "ecureString",
    "ecurestring",
    "sshpass",
    "curl ",
    "PRIVATE KEY",
];

/// What stands for characters without being them.
pub(crate) const ESCAPES: [&str; 8] = ["\\u00", "%3", "%2", "%4", "%5", "%6", "%7", "&#"];

/// What stands between the scheme of a URL and its rest, where it is escaped, as a pattern.
pub(crate) const ESCAPED_URL: &str = r":\\+[/u]";

/// What stands in the strings of JSON that hold a mask or an escape that may be a part of one, as patterns. Brackets of
/// JSON itself do not match, nor do variables of a service.
pub(crate) const MASKS: [&str; 15] = [
    "<",
    r"\{\{\{? {0,9}(?:[^ is{]|i~magebuilder:|s~sm:)",
    r"\{\{ {10}",
    r"\\u",
    r"\\{9}",
    r"\$[A-Z{]",
    "%[A-Z]",
    "xx",
    "XX",
    r"\*\*",
    "##",
    r"\?\?",
    r"\.\.",
    r"(?-u:\xE2)",
    r"(?i:redact|[\[(][rms])",
];

/// A pattern in which `~` stands before a word of letters and a colon: for any text that does not start with that word.
pub(crate) fn with_negations(pattern: &str) -> String {
    let mut parts = pattern.split('~');
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (word, rest) = part.split_at(part.find(':').expect("a colon ends the word") + 1);
        let not = word.chars().rev().fold(String::new(), |not, char| match &not[..] {
            "" => format!("[^{char}]"),
            _ => format!("(?:[^{char}]|{char}{not})"),
        });
        written = written + &not + rest;
    }
    written
}
