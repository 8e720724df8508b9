//! Presigned URLs: the signature and the credential in their queries grant access.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem;
use regex::Regex;

use crate::secret::redacted;

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
