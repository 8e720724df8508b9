//! Tells at the speed of memory that a text holds no secret, as most texts do.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::text::secret::names::names_secret;

/// What stands in the names of secrets, in every case that is in use.
const NAMES: [&str; 79] = [
    "assw",
    "assW",
    "ASSW",
    "assp",
    "ASSP",
    "asscode",
    "ASSCODE",
    "_pass",
    "_PASS",
    "bPass",
    "rPass",
    "nPass",
    "pwd",
    "Pwd",
    "PWD",
    "pw\"",
    "pw=",
    "pw:",
    "pw ",
    "pw\\",
    "pw'",
    "Pw\"",
    "Pw=",
    "Pw:",
    "Pw ",
    "Pw\\",
    "Pw'",
    "PW\"",
    "PW=",
    "PW:",
    "PW ",
    "PW\\",
    "PW'",
    "ecret",
    "ECRET",
    "oken",
    "OKEN",
    "redential",
    "REDENTIAL",
    "creds",
    "CREDS",
    "Creds",
    "uthoriz",
    "UTHORIZ",
    "ookie",
    "OOKIE",
    "ikey",
    "iKey",
    "i_key",
    "i-key",
    "i-Key",
    "skey",
    "sKey",
    "s_key",
    "s-key",
    "s-Key",
    "hkey",
    "hKey",
    "h_key",
    "h-key",
    "h-Key",
    "ekey",
    "eKey",
    "e_key",
    "e-key",
    "e-Key",
    "tkey",
    "tKey",
    "t_key",
    "t-key",
    "t-Key",
    "I_KEY",
    "S_KEY",
    "H_KEY",
    "E_KEY",
    "T_KEY",
    "SKEY",
    "IKEY",
    "HKEY",
];

/// What is a secret itself, stands beside one, or may hide one.
const MARKS: [&str; 27] = [
    "://",
    ":\\",
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

/// The index of `://`, and of what it may start with where it is escaped.
const URL: usize = 0;
const ESCAPED_URL: usize = 1;

/// What stands for characters without being them.
const ESCAPES: [&str; 8] = ["\\u00", "%3", "%2", "%4", "%5", "%6", "%7", "&#"];

static SEARCH: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let patterns = NAMES.iter().chain(&MARKS).chain(&ESCAPES);
    let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(patterns);
    built.expect("the patterns are few and short")
});

/// Whether a text may hold a secret. If not, it does not.
pub(super) fn may_hold_any(text: &str) -> bool {
    let mut ended = 0;
    SEARCH.find_iter(text).any(|found| match found.pattern().as_usize() < NAMES.len() {
        true if found.start() < ended => false,
        true => {
            let name = name_around(text, found.range());
            ended = name.end;
            names_secret(&text[name])
        }
        false => match found.pattern().as_usize() - NAMES.len() {
            URL => has_user(&text[found.end()..]),
            ESCAPED_URL => text[found.end()..].trim_start_matches('\\').starts_with(['/', 'u']),
            _ => true,
        },
    })
}

/// Whether what follows the scheme of a URL may start with a user.
fn has_user(rest: &str) -> bool {
    let mut authority = rest.bytes().take_while(|byte| byte.is_ascii_graphic() && *byte != b'"');
    authority.any(|byte| byte == b'@')
}

/// The names of secrets in a text, in its order.
pub(super) fn names(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut ended = 0;
    SEARCH.find_iter(text).filter_map(move |found| {
        if found.start() < ended || found.pattern().as_usize() >= NAMES.len() {
            return None;
        }
        let name = name_around(text, found.range());
        ended = name.end;
        names_secret(&text[name.clone()]).then_some(name)
    })
}

/// The name that a part of it is found in; empty if that is longer than any name.
fn name_around(text: &str, part: Range<usize>) -> Range<usize> {
    const LONGEST: usize = 64;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let bytes = text.as_bytes();
    let before = bytes[..part.start].iter().rev().take(LONGEST).take_while(|byte| is_part(byte)).count();
    let within = bytes[part.clone()].iter().take_while(|byte| is_part(byte)).count();
    let rest = if within < part.len() { &[] } else { &bytes[part.end..] };
    let after = rest.iter().take(LONGEST).take_while(|byte| is_part(byte)).count();
    let (start, end) = (part.start - before, part.start + within + after);
    if before == LONGEST || after == LONGEST { end..end } else { start..end }
}
