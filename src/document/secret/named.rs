//! Parameters whose names, such as `DbPassword`, say that their values are secret.

use crate::document::{Content, Value};
use crate::model::shape::Shape;
use crate::text::quote::redacted;
use crate::text::span::Span;

/// Finds the spans of secret values in a tree: those of parameters, which are objects with a name and values.
pub(super) fn parameter_values(value: Value<'_>, found: &mut Vec<Span>) {
    match value.content() {
        Content::Object => {
            let mut named = false;
            let mut values = Vec::new();
            for member in value.members() {
                match member_meant(member.name()) {
                    Some("name") => named |= member.value().text().is_some_and(names_secret),
                    Some("value") => texts(member.value(), &mut values),
                    _ => {}
                }
                parameter_values(member.value(), found);
            }
            if named && values.iter().any(|(text, _)| is_plain_secret(text)) {
                // The other values may be parts of the same secret.
                found.extend(values.into_iter().map(|(_, span)| span));
            }
        }
        Content::Array => value.items().for_each(|item| parameter_values(item, found)),
        _ => {}
    }
}

/// The name of the member of a parameter that a key means, even if it is misspelt.
fn member_meant(key: &str) -> Option<&'static str> {
    let parameter = Shape::ComponentParameter;
    parameter.member(key).or_else(|| parameter.near_member(key)).map(|member| member.name)
}

/// Finds the strings in a value, of whatever type, with their spans.
fn texts<'d>(value: Value<'d>, found: &mut Vec<(&'d str, Span)>) {
    match value.content() {
        Content::String(text) => found.push((text, value.span())),
        Content::Array => value.items().for_each(|item| texts(item, found)),
        Content::Object => value.members().for_each(|member| texts(member.value(), found)),
        _ => {}
    }
}

/// Words that name a secret.
const SECRETS: [&str; 10] = [
    "password",
    "passwords",
    "passwd",
    "secret",
    "secrets",
    "token",
    "credential",
    "credentials",
    "apikey",
    "privatekey",
];

/// Pairs of words that name a secret.
const SECRET_PAIRS: [(&str, &str); 2] = [("api", "key"), ("private", "key")];

/// Values that switch something on or off, or stand for none, and are no secrets.
const SWITCHES: [&str; 13] = [
    "true", "false", "yes", "no", "on", "off", "enabled", "disabled", "required", "optional", "none", "never",
    "default",
];

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|one| one.eq_ignore_ascii_case(word))
}

/// Whether a name is that of a secret: `DbPassword` and `API_KEY` are. Where the last word is another one, it says
/// something about a secret, or where it is: `PasswordLength`, `SecretArn`.
pub(crate) fn names_secret(name: &str) -> bool {
    let is_number = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit());
    let (before, last) = words(name).filter(|word| !is_number(word)).fold(("", ""), |(_, last), word| (last, word));
    let is_pair = |(one, other): &(&str, &str)| one.eq_ignore_ascii_case(before) && other.eq_ignore_ascii_case(last);
    is_one_of(last, &SECRETS) || SECRET_PAIRS.iter().any(is_pair)
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

/// Whether the value of a parameter that is named like a secret may be one: it is no reference, path, number,
/// switch or redacted text.
pub(crate) fn is_plain_secret(value: &str) -> bool {
    let value = value.trim();
    let reference =
        value.contains("{{") || ["arn:", "ssm:"].iter().any(|start| value.starts_with(start)) || is_variable(value);
    let harmless = value.parse::<f64>().is_ok() || is_one_of(value, &SWITCHES);
    !reference && !harmless && !is_path(value) && !redacted(value)
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
            "PasswordHashAlgorithm",
            "TokenLifetime",
            "CredentialSource",
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
