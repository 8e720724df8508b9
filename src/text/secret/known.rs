//! Secrets that show by their form: users in URLs, keys of AWS, tokens of other services, and arguments of commands.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::text::pattern::pattern;
use crate::text::secret::names::is_placeholder;
use crate::text::secret::plain::Plain;
use crate::text::secret::{Secret, Sort};

static USER_INFO: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)\b[a-z][a-z0-9+.-]*:[/\\]{2,}(?<secret>[^\s"'<>?#/@]+(?::[^\s"'<>]*)?)@[\w\[]"#));

static ACCESS_KEY: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:AKIA|ASIA)[A-Z0-9]{16,124}\b"));

/// What may be the key that belongs to an id.
static KEY: LazyLock<Regex> = LazyLock::new(|| pattern("[A-Za-z0-9+/=]{30,}"));

/// Tokens and keys, and where commands take passwords.
static FORMS: LazyLock<Regex> = LazyLock::new(|| {
    let tokens = [
        r"\bgh[opsur]_[A-Za-z0-9]{16,}",
        r"\bgithub_pat_\w{20,}",
        r"\bglpat-[\w-]{16,}",
        r"\bxox[a-z]-[\w-]{10,}",
        r"\b[sr]k_live_\w{16,}",
        r"\bAIza[\w-]{30,}",
        r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+",
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\z)",
    ];
    let commands = [
        r"\bbearer\s+(?<bearer>[\w.~+/=-]{16,})",
        r#"\becho\s+(?:-\w+\s+)*["']?[\w.-]+:(?<chpasswd>[^\s"'|]+)["']?\s*\|\s*(?:sudo\s+)?chpasswd"#,
        r#"\becho\s+(?:-\w+\s+)*["']?(?<passwd>[^\s"'|]+)["']?\s*\|\s*(?:sudo\s+)?passwd\b"#,
        r#"\bsshpass\s+-p\s*["']?(?<sshpass>[^\s"']+)"#,
        r#"\bcurl\b[^\n|;&]*?\s(?:-u|--user)[\s=]*["']?[^\s"':]+:(?<curl>[^\s"']+)"#,
        r#"ConvertTo-SecureString\s+(?:-String\s+)?["'](?<secure>[^\n"']+)"#,
    ];
    pattern(&format!("(?<token>{})|(?i:{})", tokens.join("|"), commands.join("|")))
});

/// Finds them.
pub(super) fn find(plain: &Plain<'_>, found: &mut Vec<Secret>) {
    let text = &*plain.text;
    for captures in USER_INFO.captures_iter(text) {
        let user = captures.name("secret").map_or(0..0, |secret| secret.range());
        if let Some(is_evident) = password(&text[user.clone()]) {
            found.push(secret(plain, user, Sort::UserInfo, is_evident));
        }
    }
    for id in ACCESS_KEY.find_iter(text) {
        found.push(secret(plain, id.range(), Sort::AccessKeyId, true));
        let around = around(text, id.range());
        for key in KEY.find_iter(&text[around.clone()]).filter(|key| is_key(key.as_str())) {
            let key = around.start + key.start()..around.start + key.end();
            found.push(secret(plain, key, Sort::SecretKey, false));
        }
    }
    for captures in FORMS.captures_iter(text) {
        let range = form(&captures);
        if !is_placeholder(&text[range.clone()]) {
            found.push(secret(plain, range, Sort::Token, true));
        }
    }
}

fn secret(plain: &Plain<'_>, range: Range<usize>, sort: Sort, is_evident: bool) -> Secret {
    let is_evident = is_evident && !plain.text[range.clone()].contains("EXAMPLE");
    Secret { span: plain.written(range.start, range.end), sort, is_evident }
}

/// The secret of a form: its group, or all of it.
fn form(captures: &Captures<'_>) -> Range<usize> {
    captures.iter().skip(1).flatten().next().map_or(0..0, |group| group.range())
}

/// Whether the user in a URL has a password, or may be a token, and whether that is evident; none if neither.
fn password(user: &str) -> Option<bool> {
    const SHORTEST_TOKEN: usize = 16;
    // A port, and an `@` in the path.
    let is_port = |rest: &str| rest.split_once('/').is_some_and(|(port, _)| port.parse::<u16>().is_ok());
    match user.split_once(':') {
        Some((_, rest)) if is_port(rest) => None,
        Some((_, password)) => (!is_placeholder(password)).then_some(true),
        None => (user.len() >= SHORTEST_TOKEN && user.contains(|char: char| char.is_ascii_digit())).then_some(false),
    }
}

/// What stands near to a range of a text.
fn around(text: &str, range: Range<usize>) -> Range<usize> {
    const NEAR: usize = 256;
    let start = (range.start.saturating_sub(NEAR)..=range.start).find(|at| text.is_char_boundary(*at));
    let end = (range.end..=(range.end + NEAR).min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    start.unwrap_or(range.start)..end.unwrap_or(range.end)
}

/// Whether a text beside the id of an access key looks like the key: as random as base64, and not much longer.
fn is_key(text: &str) -> bool {
    const LONGEST: usize = 64;
    let has = |is: fn(&u8) -> bool| text.as_bytes().iter().any(is);
    text.len() <= LONGEST && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase)
}
