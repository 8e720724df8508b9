//! The errors of Image Builder: how their codes are written and which HTTP status each comes with.

/// The bare code in the text of an error body, `<namespace>#<code>` or `<code>:<address>`.
pub(crate) fn error_code(text: &str) -> &str {
    let code = text.rsplit_once('#').map_or(text, |(_, code)| code);
    code.split_once(':').map_or(code, |(code, _)| code)
}

/// The HTTP status of each error of Image Builder (service model: the exceptions).
const STATUSES: [(&str, i128); 20] = [
    ("AccessDeniedException", 403),
    ("CallRateLimitExceededException", 429),
    ("ClientException", 400),
    ("DryRunOperationException", 412),
    ("ForbiddenException", 403),
    ("IdempotentParameterMismatchException", 400),
    ("InvalidPaginationTokenException", 400),
    ("InvalidParameterCombinationException", 400),
    ("InvalidParameterException", 400),
    ("InvalidParameterValueException", 400),
    ("InvalidRequestException", 400),
    ("InvalidVersionNumberException", 400),
    ("ResourceAlreadyExistsException", 400),
    ("ResourceDependencyException", 400),
    ("ResourceInUseException", 400),
    ("ResourceNotFoundException", 404),
    ("ServiceException", 500),
    ("ServiceQuotaExceededException", 402),
    ("ServiceUnavailableException", 503),
    ("TooManyRequestsException", 429),
];

/// The HTTP status that an error of that code comes with.
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
