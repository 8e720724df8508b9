//! Signed URLs: of S3 and other services of AWS, of CloudFront, of Google and of Azure.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::pattern::pattern;
use crate::text::quote::redacted;
use crate::text::secret::names::is_placeholder;
use crate::text::secret::plain::Plain;
use crate::text::secret::{Secret, Sort, until};

/// The parameters of a query that bear a signature or a credential.
static PARAMETER: LazyLock<Regex> = LazyLock::new(|| {
    let names = [
        "x-amz-(?:signature|credential|security-token)",
        "x-goog-(?:signature|credential)",
        "signature",
        "sig",
        "awsaccesskeyid",
        "googleaccessid",
    ];
    pattern(&format!(r"(?i)\b(?:{})=", names.join("|")))
});

/// Finds the queries in which a parameter bears a signature or a credential.
pub(super) fn find(plain: &Plain<'_>, found: &mut Vec<Secret>) {
    let text = &*plain.text;
    let mut ended = 0;
    for parameter in PARAMETER.find_iter(text) {
        if parameter.start() < ended {
            continue;
        }
        let before = &text[ended..parameter.start()];
        let start = before.rfind(|char| ends_query(char) || char == '?').map_or(ended, |at| {
            let length = before[at..].chars().next().map_or(0, char::len_utf8);
            ended + at + length
        });
        let end = parameter.start() + until(&text[parameter.start()..], ends_query).end;
        ended = end;
        let query = Query(&text[start..end]);
        if !query.bears_secret() {
            continue;
        }
        let mark = text[..start].ends_with('?').then(|| plain.written(start - 1, start));
        let span = plain.written(start, end);
        found.push(Secret { span, sort: Sort::SignedQuery(mark), is_evident: query.grants_access() });
    }
}

fn ends_query(char: char) -> bool {
    char.is_whitespace() || matches!(char, '"' | '<' | '>' | '\'' | '`')
}

/// The query of a URL.
struct Query<'t>(&'t str);

impl<'t> Query<'t> {
    /// The value of a parameter.
    fn value(&self, name: &str) -> Option<&'t str> {
        self.0.split(['&', ';']).find_map(|pair| {
            let (found, value) = pair.split_once('=')?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// Whether any parameter bears a signature or a credential.
    fn bears_secret(&self) -> bool {
        let bears = |pair: &str| {
            let value = PARAMETER.find(pair).map(|name| &pair[name.end()..]);
            value.is_some_and(|value| !is_placeholder(value))
        };
        self.0.split(['&', ';']).any(bears)
    }

    /// Whether the query alone opens something: it has all that belongs to its kind, and nothing of it is redacted.
    fn grants_access(&self) -> bool {
        let has = |name| self.value(name).is_some_and(|value| !redacted(value));
        let is_redacted = |name| self.value(name).is_some_and(redacted);
        let of_s3 = has("X-Amz-Signature") && !is_redacted("X-Amz-Credential");
        let of_google = has("X-Goog-Signature") && !is_redacted("X-Goog-Credential");
        let of_older = has("Signature") && ["AWSAccessKeyId", "Key-Pair-Id", "GoogleAccessId"].into_iter().any(has);
        let of_azure = has("sig") && ["sv", "se", "sp", "sr"].into_iter().any(has);
        of_s3 || of_google || of_older || of_azure
    }
}
