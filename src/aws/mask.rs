//! What people write over ids before they share a capture.

/// An account that AWS keeps for documentation, to stand for one that is masked.
pub(crate) const UNMASKED: &str = "111122223333";

/// Whether somebody masked an account id: with letters or signs in the place of digits, or with a word
/// for it.
pub(crate) fn is_masked(account: &str) -> bool {
    const WORDS: [&str; 8] =
        ["account", "accountid", "accountnumber", "awsaccount", "awsaccountid", "youraccountid", "redacted", "masked"];
    let is_bracketed = account.starts_with('<') && account.ends_with('>');
    let letters = || account.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    let first = account.chars().next().filter(|first| !first.is_ascii_digit());
    let is_one_letter = || first.is_some_and(|first| account.chars().all(|char| char == first));
    (account.len() <= 14 && is_overwritten(account))
        || (account.chars().count() == 12 && is_one_letter())
        || is_bracketed
        || WORDS.iter().any(|word| letters().eq(word.bytes()))
}

/// Whether all digits of an id were written over; a prefix such as `wf-` may be left.
pub(crate) fn is_blank(id: &str) -> bool {
    const LONGEST: usize = 64;
    let is_blank = |digits: &str| {
        let masks = digits.bytes().filter(|byte| is_mask(*byte)).count();
        masks >= 3 && digits.bytes().all(|byte| is_mask(byte) || byte == b'-')
    };
    let digits = id.split_once('-').map_or("", |(_, digits)| digits);
    let is_told = |digits: &str| is_blank(digits) || is_masked(digits);
    id.len() <= LONGEST && (is_told(id) || is_told(digits))
}

fn is_mask(byte: u8) -> bool {
    matches!(byte, b'X' | b'x' | b'*' | b'#' | b'_' | b'?')
}

/// Whether at least three of the digits of an id were written over.
pub(crate) fn is_overwritten(digits: &str) -> bool {
    let masks = digits.bytes().filter(|byte| is_mask(*byte)).count();
    masks >= 3 && digits.bytes().all(|byte| is_mask(byte) || byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_told_from_mistakes() {
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
