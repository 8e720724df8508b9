//! What must never be printed: the signature and the credential in the query of a presigned URL,
//! and values whose names say that they are secret.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem;
use regex::Regex;

static QUERY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"https?://[^\s"?\\]+\?(?P<query>[^\s"<>]+)"#).expect("the pattern is constant and tested")
});

/// The queries of presigned URLs in a text: those with a signature whose credential is not
/// visibly redacted.
pub fn presigned_queries(text: &str) -> Vec<Range<usize>> {
    if memmem::find(text.as_bytes(), b"Signature").is_none() {
        return Vec::new();
    }
    let queries = QUERY.captures_iter(text).filter_map(|captures| captures.name("query"));
    queries.filter(|query| grants_access(query.as_str())).map(|query| query.range()).collect()
}

fn grants_access(query: &str) -> bool {
    let query = query.replace("\\u0026", "&").replace("&amp;", "&");
    let value = |name: &str| {
        query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).filter(|value| !redacted(value))
    };
    let version_4 = value("X-Amz-Signature").is_some();
    let credential = query.split('&').find_map(|pair| pair.strip_prefix("X-Amz-Credential="));
    let version_2 = value("Signature").is_some() && value("AWSAccessKeyId").is_some();
    (version_4 && !credential.is_some_and(redacted)) || version_2
}

/// Whether a value of a query was replaced by something that grants nothing.
fn redacted(value: &str) -> bool {
    let upper = value.to_ascii_uppercase();
    let words = ["REDACT", "XXX", "***", "...", "MASKED", "HIDDEN", "REMOVED", "SCRUBBED", "%2A%2A"];
    value.is_empty() || value.starts_with(['<', '*', '…', '[']) || words.iter().any(|word| upper.contains(word))
}

/// The text with the queries of presigned URLs taken out.
pub fn masked(text: &str) -> Cow<'_, str> {
    let queries = presigned_queries(text);
    if queries.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = text.to_owned();
    for query in queries.into_iter().rev() {
        masked.replace_range(query, "***");
    }
    Cow::Owned(masked)
}

/// The text of a value for a message: cut where it is long, and without what must stay secret.
pub fn quoted(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 80;
    let text = masked(text);
    let Some((cut, _)) = text.char_indices().nth(LONGEST) else {
        return text;
    };
    Cow::Owned(format!("{}…", &text[..cut]))
}

/// The words that name a secret.
const SECRETS: [&str; 9] =
    ["password", "passwords", "passwd", "secret", "token", "credential", "credentials", "apikey", "privatekey"];

/// The pairs of words that do.
const SECRET_PAIRS: [(&str, &str); 2] = [("api", "key"), ("private", "key")];

/// The last words of names that say something about a secret, or where it is.
const ABOUT_SECRETS: [&str; 24] = [
    "age",
    "arn",
    "endpoint",
    "expiry",
    "file",
    "filename",
    "format",
    "id",
    "length",
    "location",
    "name",
    "parameter",
    "path",
    "policy",
    "prefix",
    "provider",
    "region",
    "tokens",
    "ttl",
    "type",
    "uri",
    "url",
    "username",
    "version",
];

/// Values that switch something and tell nothing.
const SWITCHES: [&str; 11] =
    ["true", "false", "yes", "no", "on", "off", "enabled", "disabled", "required", "optional", "none"];

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|one| one.eq_ignore_ascii_case(word))
}

/// Whether a name such as `DbPassword` or `API_KEY` is that of a secret; `PasswordLength` and
/// `SecretArn` are not.
pub fn names_secret(name: &str) -> bool {
    let mut secret = false;
    let mut last = "";
    for word in words(name) {
        let pair =
            SECRET_PAIRS.iter().any(|(one, other)| one.eq_ignore_ascii_case(last) && other.eq_ignore_ascii_case(word));
        secret |= pair || is_one_of(word, &SECRETS);
        last = if word.starts_with(|first: char| first.is_ascii_digit()) { last } else { word };
    }
    secret && !is_one_of(last, &ABOUT_SECRETS)
}

/// The words of a name: parts between other characters than letters and digits, and their humps.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|char: char| !char.is_ascii_alphanumeric()).flat_map(|part| {
        let mut rest = part;
        std::iter::from_fn(move || {
            let (hump, after) = rest.split_at(hump_length(rest.as_bytes()));
            rest = after;
            (!hump.is_empty()).then_some(hump)
        })
    })
}

fn hump_length(text: &[u8]) -> usize {
    let starts_hump = |index: &usize| {
        let (before, byte) = (text[index - 1], text[*index]);
        let ends_acronym = before.is_ascii_uppercase() && text.get(index + 1).is_some_and(u8::is_ascii_lowercase);
        before.is_ascii_digit() != byte.is_ascii_digit()
            || (byte.is_ascii_uppercase() && (before.is_ascii_lowercase() || ends_acronym))
    };
    (1..text.len()).find(starts_hump).unwrap_or(text.len())
}

/// Whether a value that is named as a secret may be one: no reference, path, number, switch or
/// redacted text.
pub fn is_plain_secret(value: &str) -> bool {
    let value = value.trim();
    let reference = value.contains("{{") || ["arn:", "ssm:", "${", "$("].iter().any(|start| value.starts_with(start));
    let harmless = value.parse::<f64>().is_ok() || is_one_of(value, &SWITCHES);
    !reference && !harmless && !is_path(value) && !redacted(value)
}

/// Whether a text reads as a path or an address. Without a root, it must be lower case: base64 has
/// slashes too.
fn is_path(text: &str) -> bool {
    let rooted = ["/", "./", "../", "~/", "\\\\"].iter().any(|root| text.starts_with(root));
    let drive = matches!(text.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    let segment = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"/-_.".contains(&byte);
    rooted || drive || text.contains("://") || (text.contains('/') && text.bytes().all(segment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_hold_a_word_for_one() {
        for name in
            ["DbPassword", "DB_PASSWORD", "password2", "APIKey", "api-key", "apikey", "RSAPrivateKey", "OAuth2Token"]
        {
            assert!(names_secret(name), "{name}");
        }
        for name in [
            "HttpTokens",
            "PasswordMinLength",
            "SecretArn",
            "SecretArn2",
            "Tokenizer",
            "Compass",
            "KeyPrivate",
            "Version",
            "",
        ] {
            assert!(!names_secret(name), "{name}");
        }
    }

    #[test]
    fn references_paths_and_switches_are_no_secrets() {
        for value in ["hunter2", "wJalrXUtnFEMI/K7MDENG", "correct horse"] {
            assert!(is_plain_secret(value), "{value}");
        }
        for value in [
            "",
            "14",
            "true",
            "required",
            "{{ssm:db-password}}",
            "/prod/db",
            "prod/db/password",
            "C:\\keys\\db",
            "s3://bucket/key",
        ] {
            assert!(!is_plain_secret(value), "{value}");
        }
        for value in
            ["arn:aws:secretsmanager:us-west-2:123456789012:secret:db", "<password>", "REDACTED", "${DbPassword}"]
        {
            assert!(!is_plain_secret(value), "{value}");
        }
    }
}
