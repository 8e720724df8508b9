//! Semantic versions of Image Builder: `<major>.<minor>.<patch>[/<build>]`, nodes up to 2^30-1,
//! wildcards `x` in the first three.

/// The number of bits for each node of a version that is packed into one integer.
const NODE_BITS: u32 = 30;

/// The maximum of a node, 2^30-1.
pub(crate) const NODE_LIMIT: u32 = (1 << NODE_BITS) - 1;

/// The names of the four nodes.
pub(crate) const NODE_NAMES: [&str; 4] = ["major", "minor", "patch", "build"];

/// A node of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VersionNode<'a> {
    /// Digits.
    Number(&'a str),
    /// `x`.
    Wildcard,
    /// Anything else.
    Other(&'a str),
}

impl<'a> VersionNode<'a> {
    fn parse(text: &'a str) -> Self {
        match text {
            "x" => VersionNode::Wildcard,
            digits if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                VersionNode::Number(digits)
            }
            other => VersionNode::Other(other),
        }
    }

    /// Whether this is a number above 2^30-1, with any number of digits.
    pub(crate) fn exceeds_limit(self) -> bool {
        let VersionNode::Number(digits) = self else {
            return false;
        };
        let digits = digits.trim_start_matches('0');
        digits.len() > 10 || digits.parse::<u64>().is_ok_and(|number| number > u64::from(NODE_LIMIT))
    }
}

/// A version, split but not validated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version<'a> {
    /// The whole text.
    pub text: &'a str,
    /// What comes before the slash.
    pub numbers: &'a str,
    /// What comes after it.
    pub build: Option<&'a str>,
    form: Form,
}

/// The properties of a version that one pass over its text finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Form {
    well_formed: bool,
    wildcard: bool,
    /// Whether a node has so many digits that it may exceed the limit.
    long: bool,
}

impl Form {
    fn of(numbers: &str, build: Option<&str>) -> Self {
        let mut form = Form { well_formed: true, wildcard: false, long: false };
        let mut nodes = 1;
        let mut length = 0;
        let mut wildcard = false;
        for byte in numbers.bytes().chain([b'.']) {
            match byte {
                b'.' => {
                    form.well_formed &= length > 0 && (!wildcard || length == 1);
                    form.wildcard |= wildcard && length == 1;
                    form.long |= length > 9;
                    nodes += 1;
                    length = 0;
                    wildcard = false;
                    continue;
                }
                b'x' => wildcard = true,
                b'0'..=b'9' => {}
                _ => form.well_formed = false,
            }
            length += 1;
        }
        form.well_formed &= nodes == 4;
        if let Some(build) = build {
            form.well_formed &= !build.is_empty() && build.bytes().all(|byte| byte.is_ascii_digit());
            form.long |= build.len() > 9;
        }
        form
    }
}

impl<'a> Version<'a> {
    /// Splits a text.
    pub(crate) fn parse(text: &'a str) -> Self {
        let slash = text.bytes().position(|byte| byte == b'/');
        let (numbers, build) = match slash {
            Some(slash) => (&text[..slash], Some(&text[slash + 1..])),
            None => (text, None),
        };
        Version { text, numbers, build, form: Form::of(numbers, build) }
    }

    /// The nodes with their texts, the build last.
    pub(crate) fn nodes(self) -> impl Iterator<Item = (&'a str, VersionNode<'a>)> {
        self.numbers.split('.').chain(self.build).map(|text| (text, VersionNode::parse(text)))
    }

    /// The nodes before the build, with their texts.
    pub(crate) fn number_nodes(self) -> impl Iterator<Item = (&'a str, VersionNode<'a>)> {
        self.numbers.split('.').map(|text| (text, VersionNode::parse(text)))
    }

    /// Whether this is a placeholder of AWS's documentation, such as `{{x.x.x/x}}`.
    pub(crate) fn is_placeholder(&self) -> bool {
        self.text.starts_with("{{") && self.text.ends_with("}}")
    }

    /// Whether one of the nodes before the build is `x`.
    pub(crate) fn has_wildcard(self) -> bool {
        self.form.wildcard
    }

    /// Whether it has three nodes, each a number or `x`, and either no build or a numeric one.
    pub(crate) fn is_well_formed(self) -> bool {
        self.form.well_formed
    }

    /// Whether what follows the slash is no number.
    pub(crate) fn is_build_malformed(self) -> bool {
        self.build.is_some_and(|build| build.is_empty() || !build.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// Whether three numbers are followed by a wildcard in the place of the build.
    pub(crate) fn has_wildcard_build(self) -> bool {
        self.build == Some("x") && Version::parse(self.numbers).is_fixed()
    }

    /// Whether a node exceeds the limit.
    pub(crate) fn exceeds_limit(self) -> bool {
        self.form.long && self.nodes().any(|(_, node)| node.exceeds_limit())
    }

    /// Whether it is well formed and has no wildcard.
    pub(crate) fn is_fixed(self) -> bool {
        self.is_well_formed() && !self.has_wildcard()
    }

    /// The four nodes in one integer, 30 bits each, as notifications write them. None without a build, or
    /// where a node is not a number within the limit.
    pub(crate) fn packed(self) -> Option<u128> {
        let nodes = (self.is_fixed() && self.build.is_some() && !self.exceeds_limit()).then(|| self.nodes())?;
        nodes.map(|(text, _)| text.parse::<u128>().ok()).try_fold(0, |packed, node| Some(packed << NODE_BITS | node?))
    }

    /// The inverse of [`Version::packed`]; None for more than 120 bits.
    pub(crate) fn unpack(packed: u128) -> Option<String> {
        let node = |index: u32| packed >> (index * NODE_BITS) & u128::from(NODE_LIMIT);
        let fits = packed >> (4 * NODE_BITS) == 0;
        fits.then(|| format!("{}.{}.{}/{}", node(3), node(2), node(1), node(0)))
    }

    /// Whether the first three nodes of two versions are equal, ignoring leading zeros.
    pub(crate) fn same_numbers(self, other: Version<'_>) -> bool {
        fn value(text: &str) -> &str {
            let value = text.trim_start_matches('0');
            if value.is_empty() && !text.is_empty() { "0" } else { value }
        }
        self.numbers == other.numbers || self.numbers.split('.').map(value).eq(other.numbers.split('.').map(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_compared_on_any_number_of_digits() {
        let exceeds = |text| Version::parse(text).exceeds_limit();
        assert!(!exceeds("1073741823.0.0/1073741823"));
        assert!(!exceeds("00000000001073741823.0.0"));
        assert!(exceeds("1073741824.0.0"));
        assert!(exceeds("1.0.0/99999999999999999999999999"));
        assert!(!exceeds("x.x.x"));
    }

    #[test]
    fn a_version_is_three_numbers_or_wildcards_and_a_build() {
        for text in ["1.2.3", "x.x.x", "1.x.x", "1.8.x/3", "0.0.1/2", "2021.01.01"] {
            assert!(Version::parse(text).is_well_formed(), "{text}");
        }
        for text in
            ["", "1.2", "1.2.3.4", "1.2.", "xx.1.1", "1x.1.1", "1.2.3/", "1.2.3/x", "1.2.3/1/2", "latest", "v1.0.0"]
        {
            assert!(!Version::parse(text).is_well_formed(), "{text}");
        }
        assert!(Version::parse("1.x.3").has_wildcard());
        assert!(!Version::parse("1.xx.3").has_wildcard());
    }

    #[test]
    fn a_packed_version_has_30_bits_a_node() {
        for (text, packed) in [
            ("1.0.0/3", 1_237_940_039_285_380_274_899_124_227),
            ("1.0.2/1", 1_237_940_039_285_380_277_046_607_873),
            ("0.0.0/1", 1),
            ("1073741823.1073741823.1073741823/1073741823", (1 << 120) - 1),
        ] {
            assert_eq!(Version::parse(text).packed(), Some(packed), "{text}");
            assert_eq!(Version::unpack(packed).as_deref(), Some(text));
        }
        for text in ["1.0.0", "1.0.x/1", "1.0.1073741824/1", "1.0.0/"] {
            assert_eq!(Version::parse(text).packed(), None, "{text}");
        }
        assert_eq!(Version::unpack(1 << 120), None);
    }

    #[test]
    fn leading_zeros_do_not_make_another_version() {
        let same = |one, other| Version::parse(one).same_numbers(Version::parse(other));
        assert!(same("2021.01.01", "2021.1.1"));
        assert!(same("0.0.1", "00.0.1/4"));
        assert!(!same("1.0.0", "1.0.1"));
        assert!(!same("1.0", "1.0.0"));
    }
}
