//! AWS partitions and the Regions that belong to them (botocore's `partitions.json`).

use crate::aws::derived::PARTITIONS;

/// A partition.
#[derive(Debug)]
pub(crate) struct Partition {
    /// The name in ARNs.
    pub name: &'static str,
    /// The domain of its endpoints.
    pub domain: &'static str,
    /// The prefixes of its Regions' names, hyphen included.
    pub(super) prefixes: &'static [&'static str],
    /// The Regions that are open, or announced.
    pub(super) regions: &'static [&'static str],
}

/// Partitions are equal if they have the same name.
impl PartialEq for Partition {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The partition of that name.
pub(crate) fn named(name: &str) -> Option<&'static Partition> {
    PARTITIONS.iter().find(|partition| partition.name == name)
}

/// The partition of a region, whose name reads `<prefix><direction>-<number>`.
pub(crate) fn of_region(region: &str) -> Option<&'static Partition> {
    let rest = region.trim_end_matches(|char: char| char.is_ascii_digit());
    let word_and_hyphen = rest.len() - rest.bytes().rev().skip(1).position(|byte| byte == b'-')? - 1;
    let (prefix, word) = rest.split_at(word_and_hyphen);
    // New Regions have these words, too.
    let is_word = matches!(
        word,
        "east-"
            | "west-"
            | "central-"
            | "north-"
            | "south-"
            | "northeast-"
            | "southeast-"
            | "northwest-"
            | "southwest-"
    );
    let is_named = is_word && rest.len() < region.len();
    PARTITIONS.iter().find(|partition| is_named && partition.prefixes.contains(&prefix))
}

/// The Region that a misspelt name most likely means; None where several are as near.
pub(crate) fn nearest_region(name: &str) -> Option<&'static str> {
    const NEAR: usize = 2;
    const LONGEST: usize = 20;
    if name.len() > LONGEST {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let regions = PARTITIONS.iter().flat_map(|partition| partition.regions);
    let distances = regions.map(|region| (strsim::osa_distance(region, &name), *region));
    let mut near: Vec<_> = distances.filter(|(distance, _)| *distance <= NEAR).collect();
    near.sort_unstable();
    match near[..] {
        [(nearest, region), ref others @ ..] if others.first().is_none_or(|other| other.0 > nearest) => Some(region),
        _ => None,
    }
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
        for region in ["us-west", "us-west-2a", "us-esat-1", "mars-north-1", "", "aws-global", "us--1"] {
            assert_eq!(name(region), None, "{region}");
        }
    }

    #[test]
    fn a_region_is_of_the_partition_that_lists_it() {
        for partition in &PARTITIONS {
            assert!(partition.regions.iter().all(|region| of_region(region) == Some(partition)), "{partition:?}");
        }
    }

    #[test]
    fn misspelt_regions_are_recognised_unless_two_are_as_near() {
        for (name, region) in [
            ("us-west2", Some("us-west-2")),
            ("US_WEST_2", Some("us-west-2")),
            ("eu-cental-1a", Some("eu-central-1")),
            ("us-west", None),
            ("mars-north-1", None),
            ("", None),
        ] {
            assert_eq!(nearest_region(name), region, "{name}");
        }
    }
}
