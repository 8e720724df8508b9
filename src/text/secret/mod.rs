//! Decides what is secret in a text, however it is written: raw JSON or an unescaped string, whole or broken. Every
//! way out of the program passes through here; what only a tree can tell is added by `document::secret`.

mod assigned;
mod encoded;
mod known;
mod names;
mod plain;
mod prefilter;
mod signed;

use std::borrow::Cow;
use std::ops::Range;

use crate::text::span::Span;
use plain::Plain;

pub(crate) use names::{is_placeholder, is_plain_secret, names_secret};
pub(crate) use prefilter::{may_hold_any, may_hold_secret_or_mask};

/// A stretch of a text that must not be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    pub(crate) span: Span,
    pub(crate) sort: Sort,
    /// Whether it is more than probably a credential, so that a rule reports it. Examples of the documentation and
    /// what may be prose are masked, but not reported.
    pub(crate) is_evident: bool,
}

/// What kind of secret it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sort {
    /// The query of a signed URL; the span of its question mark, if it has one.
    SignedQuery(Option<Span>),
    /// The user and the password in a URL.
    UserInfo,
    /// The id of an AWS access key.
    AccessKeyId,
    /// What stands beside such an id and looks like the key itself.
    SecretKey,
    /// A token or a key of a form that is known.
    Token,
    /// The value of what has this name.
    Named(String),
    /// Base64 of a text with secrets.
    Encoded,
}

impl Secret {
    /// Moves it right: it is of a text with so many bytes more in front.
    pub(crate) fn shift(&mut self, by: usize) {
        self.span = self.span.shifted(by);
        if let Sort::SignedQuery(Some(mark)) = &mut self.sort {
            *mark = mark.shifted(by);
        }
    }
}

/// A text without escapes.
pub(crate) fn unescaped(text: &str) -> Cow<'_, str> {
    Plain::of(text).text
}

/// The secrets in a text, in its order. Base64 is not decoded.
pub(crate) fn evident(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    if prefilter::may_hold_any(text) {
        find(&Plain::of(text), &mut found);
    }
    found
}

/// All secrets in a text, also those in base64, in its order.
pub(crate) fn all(text: &str) -> Vec<Secret> {
    let mut found = evident(text);
    encoded::find(text, &mut found);
    found.sort_by_key(|secret| secret.span);
    found
}

/// The secrets in the base64 of a text, in its order.
pub(crate) fn encoded(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    encoded::find(text, &mut found);
    found
}

/// Whether a text has any secret in it.
pub(crate) fn holds_any(text: &str) -> bool {
    !all(text).is_empty()
}

fn find(plain: &Plain<'_>, found: &mut Vec<Secret>) {
    signed::find(plain, found);
    known::find(plain, found);
    assigned::find(plain, found);
    found.sort_by_key(|secret| (secret.span.start, usize::MAX - secret.span.end));
}

/// The text with `***` in the place of its secrets.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    let secrets = all(text);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for Span { start, end } in merged(secrets.into_iter().map(|secret| secret.span).collect()) {
        masked.push_str(&text[at..start]);
        masked.push_str("***");
        at = end;
    }
    Cow::Owned(masked + &text[at..])
}

/// Spans in their order, with those that overlap or touch made one.
pub(crate) fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| span.start < span.end);
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

/// The text with every byte of its secrets replaced by `*`, so that spans stay valid. Line ends stay.
pub(crate) fn overwritten(text: &str, secrets: &[Span]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for span in secrets {
        let bytes = bytes[span.range()].iter_mut();
        bytes.filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b'*');
    }
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// The part of a text before one of several characters.
fn until(text: &str, is_end: impl Fn(char) -> bool) -> Range<usize> {
    0..text.find(is_end).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> Vec<&str> {
        let spans = all(text).into_iter().map(|secret| secret.span).collect();
        merged(spans).into_iter().map(|span| &text[span.range()]).collect()
    }

    #[test]
    fn secrets_are_found_however_they_are_written() {
        for (text, secret) in [
            ("GET /x?X-Amz-Signature=ab&x=1 failed", "X-Amz-Signature=ab&x=1"),
            (r"HTTPS:\/\/h\/a b\\c\u003fX-Amz-Signature\u003dab\u0026x", r"X-Amz-Signature\u003dab\u0026x"),
            ("https%3A%2F%2Fh%3FX%2DAmz%2DSignature%3Dab", "X%2DAmz%2DSignature%3Dab"),
            ("u?url=x%253FX-Goog-Signature%253Dab", "X-Goog-Signature%253Dab"),
            ("h?Expires=1&amp;Signature=ab&amp;Key-Pair-Id=K", "Expires=1&amp;Signature=ab&amp;Key-Pair-Id=K"),
            ("h?sv=1&se=2&sig=a%2Bb end", "sv=1&se=2&sig=a%2Bb"),
            ("https://me:hunter2@example.org/x", "me:hunter2"),
            ("postgres://me:hun/ter@2@example.org/x", "me:hun/ter@2"),
            ("key AKIAABCDEFGHIJKLMNOP", "AKIAABCDEFGHIJKLMNOP"),
            (r#"{"DbPassword": "a\"b\\", "x": 1"#, r#"a\"b\\"#),
            (r#"{\"DbPassword\": \"a\\\"b\", \"x\": 1"#, r#"a\\\"b"#),
            (r#""name": "DbPassword", "value" ["a"]"#, "a"),
            (r#"{"value": ["a b"], "name": "DbPassword"}"#, "a b"),
            (r#"{"key": "pw", "value": "a b"#, "a b"),
            ("ENV DB_PWD hunter2\\nRUN x", "hunter2"),
            ("ARG AUTH_TOKEN=hunter2", "hunter2"),
            ("password: correct horse\n", "correct horse"),
            ("mysql --password hunter2 -x", "hunter2"),
            ("<AdministratorPassword><Value>a b</Value>", "a b"),
            ("echo root:hunter2 | chpasswd", "hunter2"),
            ("Authorization: Bearer abc", "Bearer abc"),
        ] {
            assert_eq!(hidden(text), [secret], "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "the password policy: 14 characters",
            r#"{"PasswordPolicy": "strict", "TokenType": "jwt", "KeyName": "web", "kmsKeyId": "alias/x"}"#,
            r#"{"secretArn": "arn:aws:secretsmanager:us-west-2:123456789012:secret:web-AbCdEf"}"#,
            r#"{"clientToken": "4c2f", "nextToken": "eyJhbGciOiJub25lIn0", "HttpTokens": "required"}"#,
            "{{resolve:secretsmanager:web:SecretString:token}}",
            "{{resolve:secretsmanager:prod/db-password:SecretString}}",
            r#"TOKEN=`curl -X PUT "http://169.254.169.254/latest/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 60"`"#,
            r#"curl -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest"#,
            "PASSWORD=$(aws ssm get-parameter --name /web/password --with-decryption)",
            "aws ecr get-login-password --region us-west-2 | docker login --password-stdin",
            r#"{"password": "<password>", "token": "****", "secret": "${PASSWORD}", "pw": "{{ ssm:/web/db }}"}"#,
            "http://host:80/path@2x.png?config=1",
            "ASIAPACIFIC and the author's signature",
            "user/token:latest",
        ] {
            assert_eq!(hidden(text), [""; 0], "{text}");
        }
    }
}
