//! Names, such as `DbPassword`, that say that what they name is secret, and values that are no secrets even so.

use crate::text::case::ends_with_ignoring_case;
use crate::text::quote::redacted;

/// Words that name a secret.
const SECRETS: [&str; 26] = [
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "passphrases",
    "passcode",
    "pwd",
    "pw",
    "secret",
    "secrets",
    "token",
    "credential",
    "credentials",
    "creds",
    "authorization",
    "cookie",
    "apikey",
    "privatekey",
    "accesskey",
    "authkey",
    "licensekey",
    "secretkey",
    "accountkey",
    "accesstoken",
    "authtoken",
    "apitoken",
];

/// Pairs of words that name a secret.
const SECRET_PAIRS: [(&str, &str); 9] = [
    ("api", "key"),
    ("private", "key"),
    ("access", "key"),
    ("auth", "key"),
    ("license", "key"),
    ("licence", "key"),
    ("secret", "key"),
    ("account", "key"),
    ("secret", "string"),
];

/// How names end that are written without humps.
const ENDS: [&str; 7] = ["password", "passwd", "passphrase", "apikey", "secretkey", "accesskey", "authtoken"];

/// What stands before `pass` where it names a password.
const USERS: [&str; 6] = ["db", "database", "user", "admin", "root", "my"];

/// Words before `token` that make it one to ask for a page, or for something once.
const HARMLESS_TOKENS: [&str; 8] =
    ["next", "client", "pagination", "page", "continuation", "starting", "idempotency", "request"];

/// Values that switch something on or off, or stand for none, and are no secrets.
const SWITCHES: [&str; 20] = [
    "true",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "enabled",
    "disabled",
    "required",
    "optional",
    "none",
    "never",
    "default",
    "null",
    "undefined",
    "expired",
    "invalid",
    "missing",
    "string",
    "auto",
];

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|one| one.eq_ignore_ascii_case(word))
}

/// Whether a name is that of a secret: `DbPassword` and `API_KEY` are. Where the last word is another one, it says
/// something about a secret, or where it is: `PasswordLength`, `SecretArn`.
pub(crate) fn names_secret(name: &str) -> bool {
    let is_number = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit());
    let (before, last) = words(name).filter(|word| !is_number(word)).fold(("", ""), |(_, last), word| (last, word));
    if last.eq_ignore_ascii_case("token") && is_one_of(before, &HARMLESS_TOKENS) {
        return false;
    }
    let is_pair = |(one, other): &(&str, &str)| one.eq_ignore_ascii_case(before) && other.eq_ignore_ascii_case(last);
    let ends_with = |end: &&str| ends_with_ignoring_case(last, end);
    is_one_of(last, &SECRETS)
        || SECRET_PAIRS.iter().any(is_pair)
        || (last.eq_ignore_ascii_case("pass") && is_one_of(before, &USERS))
        || ENDS.iter().any(ends_with)
}

/// The words of a name in snake_case, kebab-case or camel case.
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

/// Whether the value of what is named like a secret may be one: it is no reference, path, number, switch or redacted
/// text. Rules ask this; what is masked is decided by [`is_placeholder`].
pub(crate) fn is_plain_secret(value: &str) -> bool {
    let value = value.trim();
    value.parse::<f64>().is_err() && !value.contains("{{") && !is_harmless(value) && !redacted(value)
}

/// Whether the value of what is named like a secret may be printed: it stands in the place of the secret, or says where
/// it is. All of it must do so, unlike in what rules report.
pub(crate) fn is_placeholder(value: &str) -> bool {
    const SHORT_NUMBER: usize = 5;
    const WORDS: [&str; 6] = ["redacted", "masked", "hidden", "removed", "scrubbed", "masked-out"];
    let value = value.trim();
    let is_number = value.len() <= SHORT_NUMBER && value.parse::<f64>().is_ok();
    let in_brackets = |open: &str, close: &str| value.starts_with(open) && value.ends_with(close);
    let is_variable = in_brackets("{{", "}}") || in_brackets("<", ">");
    let is_mark = |char: char| !char.is_alphanumeric() || matches!(char, 'x' | 'X');
    let word = value.trim_matches(|char: char| !char.is_ascii_alphanumeric());
    is_number || is_variable || is_one_of(word, &WORDS) || value.chars().all(is_mark) || is_harmless(value)
}

fn is_harmless(value: &str) -> bool {
    let is_reference = ["arn:", "ssm:"].iter().any(|start| value.starts_with(start));
    is_reference || is_variable(value) || is_one_of(value, &SWITCHES) || is_path(value)
}

/// Whether a text is a variable of a shell or a template: `$NAME`, `${NAME}`, `$(command)`.
fn is_variable(text: &str) -> bool {
    let named = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    text.strip_prefix('$').is_some_and(|rest| rest.starts_with(['{', '(']) || named(rest))
}

/// Whether a text looks like a path or a URL. A relative path must be lower case, as base64 contains slashes, too.
fn is_path(text: &str) -> bool {
    let rooted = ["/", "./", "../", "~/", "\\\\"].iter().any(|root| text.starts_with(root));
    let drive = matches!(text.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    let segment = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"/-_.".contains(&byte);
    rooted || drive || text.contains("://") || (text.contains('/') && text.bytes().all(segment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::secret::may_hold_any;

    #[test]
    fn every_name_has_a_sign_that_is_looked_for_first() {
        let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
        let users = USERS.map(|user| (user, "pass"));
        for (before, word) in SECRETS.map(|word| ("db", word)).into_iter().chain(SECRET_PAIRS).chain(users) {
            let camel = capital(before) + &capital(word);
            for name in [format!("{before}_{word}"), format!("{before}_{word}").to_uppercase(), camel] {
                assert!(names_secret(&name) && may_hold_any(&format!("{name}=")), "{name}");
            }
        }
    }

    #[test]
    fn names_of_secrets_hold_a_word_for_one() {
        for name in [
            "DbPassword",
            "DB_PASSWORD",
            "password2",
            "APIKey",
            "api-key",
            "apikey",
            "RSAPrivateKey",
            "OAuth2Token",
            "pw",
            "DB_PWD",
            "passphrase",
            "AccessKey",
            "aws_secret_access_key",
            "AuthKey",
            "LicenseKey",
            "userPass",
            "dbpassword",
        ] {
            assert!(names_secret(name), "{name}");
        }
        for name in [
            "HttpTokens",
            "PasswordMinLength",
            "PasswordHashAlgorithm",
            "TokenLifetime",
            "CredentialSource",
            "SecretArn",
            "SecretArn2",
            "Tokenizer",
            "Compass",
            "KeyPrivate",
            "KeyName",
            "kmsKeyId",
            "AccessKeyId",
            "nextToken",
            "clientToken",
            "first pass",
            "Version",
            "",
        ] {
            assert!(!names_secret(name), "{name}");
        }
    }

    #[test]
    fn references_paths_and_switches_are_no_secrets() {
        for value in ["hunter2", "wJalrXUtnFEMI/K7MDENG", "correct horse", "$6$salt$hash"] {
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
        for value in [
            "arn:aws:secretsmanager:us-west-2:123456789012:secret:db",
            "<password>",
            "REDACTED",
            "${DbPassword}",
            "$DB_PASSWORD",
            "never",
            "default",
        ] {
            assert!(!is_plain_secret(value), "{value}");
        }
    }
}
