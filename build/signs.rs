//! What secrets can be told by. The masks of `src/text/secret/` look for it first.

/// What stands in the names of secrets, as patterns without regard to case. Short names are told by what follows them.
pub(crate) const NAMES: [&str; 13] = [
    "assw",
    "assp",
    "asscode",
    r"[_\-bernty]pass",
    "pwd",
    r#"pw(?:["=: \\']|$)"#,
    "ecret",
    "oken",
    "redential",
    "creds",
    "uthoriz",
    "ookie",
    r"[ehist][_\-]?key",
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
