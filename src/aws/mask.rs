//! Recognises masks: what people write over ids before they share a capture.

/// An account id that AWS reserves for documentation, as a replacement for a masked one.
pub(crate) const EXAMPLE_ACCOUNT: &str = "111122223333";

/// Whether an account id is masked: by letters or symbols in place of its digits, or by a word such as
/// `redacted` in place of all of it.
pub(crate) fn is_masked(account: &str) -> bool {
    const WORDS: [&str; 8] =
        ["account", "accountid", "accountnumber", "awsaccount", "awsaccountid", "youraccountid", "redacted", "masked"];
    let is_bracketed = account.starts_with('<') && account.ends_with('>');
    let letters = || account.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    let first = account.chars().next().filter(|first| !first.is_ascii_digit());
    let is_one_letter = || first.is_some_and(|first| account.chars().all(|char| char == first));
    (account.len() <= 14 && is_partly_masked(account))
        || (account.chars().count() == 12 && is_one_letter())
        || is_bracketed
        || WORDS.iter().any(|word| letters().eq(word.bytes()))
}

/// Whether all digits of an id are masked; a prefix such as `wf-` may be left.
pub(crate) fn is_blank(id: &str) -> bool {
    const LONGEST: usize = 64;
    let has_only_masks = |digits: &str| {
        let masks = digits.bytes().filter(|byte| is_mask(*byte)).count();
        masks >= 3 && digits.bytes().all(|byte| is_mask(byte) || byte == b'-')
    };
    let digits = id.split_once('-').map_or("", |(_, digits)| digits);
    let is_hidden = |digits: &str| has_only_masks(digits) || is_masked(digits);
    id.len() <= LONGEST && (is_hidden(id) || is_hidden(digits))
}

fn is_mask(byte: u8) -> bool {
    matches!(byte, b'X' | b'x' | b'*' | b'#' | b'_' | b'?')
}

/// Whether at least three digits of an id are masked.
pub(crate) fn is_partly_masked(digits: &str) -> bool {
    let masks = digits.bytes().filter(|byte| is_mask(*byte)).count();
    masks >= 3 && digits.bytes().all(|byte| is_mask(byte) || byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_distinguished_from_mistakes() {
        for masked in [
            "XXXXXXXXXXXX",
            "1234XXXX9012",
            "nnnnnnnnnnnn",
            "••••••••••••",
            "${AWS::AccountId}",
            "************",
            "<account-id>",
            "${ACCOUNT}",
            "ACCOUNT_ID",
            "REDACTED",
        ] {
            assert!(is_masked(masked), "{masked}");
        }
        for blank in ["wf-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "********", "sg-REDACTED", "ami-<redacted>"] {
            assert!(is_blank(blank), "{blank}");
        }
        for whole in ["wf-01234567-89ab-cdef-0123-456789abcdef", "sg-0123456g", "ami-", "", "web-server"] {
            assert!(!is_blank(whole), "{whole}");
        }
        for mistaken in ["", "12345678901", "1234567890123", "12345678901x", "amazon", "aws", "my-account-2", "xx"] {
            assert!(!is_masked(mistaken), "{mistaken}");
        }
    }
}
