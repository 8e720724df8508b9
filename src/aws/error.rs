//! The errors of Image Builder: how their codes are written and which HTTP status each comes with.

use crate::aws::derived::STATUSES;

/// The bare code in the text of an error body, `<namespace>#<code>` or `<code>:<address>`.
pub(crate) fn error_code(text: &str) -> &str {
    let code = text.rsplit_once('#').map_or(text, |(_, code)| code);
    code.split_once(':').map_or(code, |(code, _)| code)
}

/// The HTTP status that an error of that code comes with (service model: the exceptions).
pub(crate) fn http_status(code: &str) -> Option<i128> {
    STATUSES.iter().find(|(name, _)| *name == code).map(|(_, status)| *status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_with_namespaces_and_addresses() {
        for text in [
            "ForbiddenException",
            "com.amazonaws.imagebuilder#ForbiddenException",
            "ForbiddenException:http://internal.amazon.com/coral/com.amazonaws.imagebuilder/",
        ] {
            assert_eq!(error_code(text), "ForbiddenException");
        }
    }
}
