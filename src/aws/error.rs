//! The errors of Image Builder: how their codes are written, which HTTP status each comes with, and the message
//! about a call that failed.

use crate::text::quote::quoted;

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

/// What is known of a call that failed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FailedCall<'t> {
    /// The operation.
    pub(crate) operation: Option<&'t str>,
    /// The bare code of the error.
    pub(crate) code: Option<&'t str>,
    /// What the service says.
    pub(crate) message: Option<&'t str>,
}

impl FailedCall<'_> {
    /// Whether it was a dry run of a request that is right.
    pub(crate) fn is_dry_run(&self) -> bool {
        self.code.is_some_and(|code| code.contains("DryRunOperation") || code.contains("DryrunOperation"))
            || self.message.is_some_and(|message| message.contains("DryRun flag is set"))
    }

    /// The message about a capture of it.
    pub(crate) fn message(&self) -> String {
        let operation = self.operation.or_else(|| self.message.and_then(operation_in)).map(quoted);
        if self.is_dry_run() {
            let call = operation.map_or_else(|| "this".to_owned(), |operation| format!("this call of `{operation}`"));
            return format!("{call} was a dry run: it would have succeeded, and nothing was built");
        }
        let error = self.code_and_message();
        match (operation, self.code) {
            (Some(operation), Some(_)) => format!("`{operation}` failed with {error}; the capture holds no result"),
            (Some(operation), None) => format!("`{operation}` failed, {error}; the capture holds no result"),
            (None, Some(_)) => format!("this is an error, {error}; the capture holds no result"),
            (None, None) => format!("this is an error without a code, {error}; the capture holds no result"),
        }
    }

    /// The message about what `ParallelCluster` refused, such as "the configuration".
    pub(crate) fn refusal(&self, refused: &str) -> String {
        format!("ParallelCluster refused {refused}, {}; the capture holds no result", self.code_and_message())
    }

    /// Its code and what the service says, as far as they are known.
    fn code_and_message(&self) -> String {
        let parts = [self.code, self.message].into_iter().flatten().map(|text| format!("`{}`", quoted(text)));
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// The operation that a message about missing permissions names as an action.
fn operation_in(message: &str) -> Option<&str> {
    let action = message
        .split("imagebuilder:")
        .skip(1)
        .find(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))?;
    let end = action.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(action.len());
    Some(&action[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operation_is_named_where_it_is_known() {
        let call = |operation, message| FailedCall { operation, code: Some("AccessDenied"), message }.message();
        let denied = "not authorized to perform: imagebuilder:GetImage on resource: arn:aws:imagebuilder:us-west-2:123456789012:image/web";
        assert!(call(None, Some(denied)).starts_with("`GetImage` failed with `AccessDenied`, `not authorized"));
        assert!(call(Some("RetryImage"), None).starts_with("`RetryImage` failed with `AccessDenied`; "));
        assert!(call(None, None).starts_with("this is an error, `AccessDenied`; "));
    }

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
