//! Ids that AWS generates: those of EC2 resources, and UUIDs.

use crate::aws::mask::{is_blank, is_partly_masked};

/// Why a text is not the id of an EC2 resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdFault {
    /// It does not start with the prefix.
    Prefix,
    /// The text after the prefix is masked.
    Masked,
    /// The text after the prefix contains this character, which is not a hexadecimal digit.
    Character(char),
    /// The number of digits after the prefix, which is neither 8 nor 17.
    Length(usize),
    /// Some of its digits are in upper case.
    Case,
}

/// The first fault of an id, which is a prefix such as `ami-` and 8 or 17 lower-case hexadecimal digits.
pub(crate) fn fault(text: &str, prefix: &str) -> Option<IdFault> {
    let Some(digits) = text.strip_prefix(prefix) else {
        return Some(IdFault::Prefix);
    };
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if matches!(digits.len(), 8 | 17) && digits.bytes().all(is_digit) {
        return None;
    }
    if is_partly_masked(digits) || is_blank(text) || digits.contains("EXAMPLE") {
        return Some(IdFault::Masked);
    }
    if let Some(other) = digits.chars().find(|digit| !digit.is_ascii_hexdigit()) {
        return Some(IdFault::Character(other));
    }
    Some(if matches!(digits.len(), 8 | 17) { IdFault::Case } else { IdFault::Length(digits.len()) })
}

/// Whether a text is a UUID. The placeholder of AWS's documentation, whose last group starts with EXAMPLE, is
/// accepted.
pub(crate) fn is_uuid(text: &str) -> bool {
    const LENGTH: usize = 36;
    const LAST_GROUP: usize = 24;
    let is_masked =
        |group: &str| group.strip_prefix("EXAMPLE").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    let fits = |(index, byte): (usize, u8)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    let groups = match text.split_at_checked(LAST_GROUP) {
        Some((groups, last)) if is_masked(last) => groups,
        _ => text,
    };
    text.len() == LENGTH && groups.bytes().enumerate().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_8_or_17_lower_case_digits() {
        assert_eq!(fault("ami-0123456789abcdef0", "ami-"), None);
        assert_eq!(fault("sg-a1b2c3d4", "sg-"), None);
        assert_eq!(fault("sub-12345678", "subnet-"), Some(IdFault::Prefix));
        assert_eq!(fault("ami-1234567890", "ami-"), Some(IdFault::Length(10)));
        assert_eq!(fault("ami-", "ami-"), Some(IdFault::Length(0)));
        assert_eq!(fault("ami-0123456g", "ami-"), Some(IdFault::Character('g')));
        assert_eq!(fault("ami-xxxxxxxx", "ami-"), Some(IdFault::Masked));
        assert_eq!(fault("ami-A1B2C3D4", "ami-"), Some(IdFault::Case));
    }

    #[test]
    fn a_uuid_has_five_groups() {
        for text in ["0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "a1b2c3d4-5678-90ab-cdef-EXAMPLE11111"] {
            assert!(is_uuid(text), "{text}");
        }
        for text in ["", "0f1e2d3c", "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0-", "0f1e2d3g-4b5a-6978-8796-a5b4c3d2e1f0"] {
            assert!(!is_uuid(text), "{text}");
        }
    }
}
