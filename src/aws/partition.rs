//! AWS partitions and the regions that belong to them (botocore's `partitions.json`).

/// A partition.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    /// The name in ARNs.
    pub name: &'static str,
    /// The prefixes of its region names, hyphen included.
    prefixes: &'static [&'static str],
}

/// All partitions, the largest first.
static PARTITIONS: [Partition; 8] = [
    Partition { name: "aws", prefixes: &["us-", "eu-", "ap-", "sa-", "ca-", "me-", "af-", "il-", "mx-"] },
    Partition { name: "aws-cn", prefixes: &["cn-"] },
    Partition { name: "aws-us-gov", prefixes: &["us-gov-"] },
    Partition { name: "aws-eusc", prefixes: &["eusc-de-"] },
    Partition { name: "aws-iso", prefixes: &["us-iso-"] },
    Partition { name: "aws-iso-b", prefixes: &["us-isob-"] },
    Partition { name: "aws-iso-e", prefixes: &["eu-isoe-"] },
    Partition { name: "aws-iso-f", prefixes: &["us-isof-"] },
];

/// The partition of that name.
pub(crate) fn named(name: &str) -> Option<&'static Partition> {
    PARTITIONS.iter().find(|partition| partition.name == name)
}

/// The partition of a region, whose name reads `<prefix><word>-<number>`.
pub(crate) fn of_region(region: &str) -> Option<&'static Partition> {
    PARTITIONS.iter().find(|partition| partition.prefixes.iter().any(|prefix| has_form(region, prefix)))
}

fn has_form(region: &str, prefix: &str) -> bool {
    let word_and_number = region.strip_prefix(prefix).and_then(|rest| rest.split_once('-'));
    word_and_number.is_some_and(|(word, number)| {
        let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_word && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_belong_to_one_partition() {
        let name = |region| of_region(region).map(|partition| partition.name);
        assert_eq!(name("us-west-2"), Some("aws"));
        assert_eq!(name("us-gov-west-1"), Some("aws-us-gov"));
        assert_eq!(name("us-isob-east-1"), Some("aws-iso-b"));
        assert_eq!(name("eusc-de-east-1"), Some("aws-eusc"));
        assert_eq!(name("cn-northwest-1"), Some("aws-cn"));
        assert_eq!(name("eu-isoe-west-1"), Some("aws-iso-e"));
        for region in ["us-west", "us-west-2a", "mars-north-1", "", "aws-global", "us--1"] {
            assert_eq!(name(region), None, "{region}");
        }
    }
}
