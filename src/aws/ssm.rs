//! Names of Systems Manager parameters, as `PutParameter` accepts them.

use crate::text::case::starts_with_ignoring_case;

/// The maximum number of characters in a parameter's name, with what precedes it in the parameter's ARN.
pub(crate) const LONGEST_NAME: usize = 1011;

/// The maximum number of characters in the name of a parameter in a region, which its ARN leaves for it.
pub(crate) fn name_limit(partition: &str, region: &str) -> usize {
    const FIXED: usize = "arn::ssm::123456789012:parameter/".len();
    LONGEST_NAME - (FIXED + partition.len() + region.len()).min(LONGEST_NAME)
}

/// The maximum number of levels in a hierarchy of parameters, the parameter itself included.
pub(crate) const MOST_LEVELS: usize = 15;

/// The prefixes that Systems Manager reserves, in any case, with or without a slash before them.
const RESERVED_PREFIXES: [&str; 2] = ["aws", "ssm"];

/// The reserved prefix that a name starts with, in the spelling of the name.
pub(crate) fn reserved_prefix(name: &str) -> Option<&str> {
    let name = name.strip_prefix('/').unwrap_or(name);
    let starts = |prefix: &&str| starts_with_ignoring_case(name, prefix);
    RESERVED_PREFIXES.iter().find(|prefix| starts(prefix)).map(|prefix| &name[..prefix.len()])
}

/// How many levels a name has: `/web/golden` has two.
pub(crate) fn levels(name: &str) -> usize {
    name.strip_prefix('/').unwrap_or(name).split('/').count()
}

/// Whether a name consists of letters, digits, `_`, `.`, `-` and `/`.
pub(crate) fn has_allowed_characters(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arn_takes_its_share_of_the_characters() {
        assert_eq!(name_limit("aws", "us-east-2"), LONGEST_NAME - 45);
    }

    #[test]
    fn reserved_prefixes_are_found_in_any_case() {
        assert_eq!(reserved_prefix("/aws/service/ami"), Some("aws"));
        assert_eq!(reserved_prefix("AWSome"), Some("AWS"));
        assert_eq!(reserved_prefix("/Ssm-golden"), Some("Ssm"));
        for name in ["/golden/aws", "as", "/", "", "//aws", "/äws", "/golden"] {
            assert_eq!(reserved_prefix(name), None, "{name}");
        }
    }

    #[test]
    fn a_leading_slash_is_no_level() {
        for (name, count) in [("golden", 1), ("/golden", 1), ("/web/golden", 2), ("web/golden", 2)] {
            assert_eq!(levels(name), count, "{name}");
        }
    }
}
