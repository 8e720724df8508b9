//! The platforms that Image Builder builds for, and how to recognise them in other names.

use crate::text::case::starts_with_ignoring_case;

/// A platform (service model: Platform).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Platform {
    /// `Windows`
    Windows,
    /// `Linux`
    Linux,
    /// `macOS`
    MacOs,
}

/// The prefixes of names of operating systems, with their platforms (service model: Image.osVersion).
const OPERATING_SYSTEMS: [(&str, Platform); 7] = [
    ("Microsoft Windows", Platform::Windows),
    ("macOS", Platform::MacOs),
    ("Amazon Linux", Platform::Linux),
    ("Ubuntu", Platform::Linux),
    ("Red Hat", Platform::Linux),
    ("SUSE", Platform::Linux),
    ("CentOS", Platform::Linux),
];

impl Platform {
    /// All of them.
    pub(crate) const ALL: [Platform; 3] = [Platform::Windows, Platform::Linux, Platform::MacOs];

    /// The name in documents.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Platform::Windows => "Windows",
            Platform::Linux => "Linux",
            Platform::MacOs => "macOS",
        }
    }

    /// The platform of that name, ignoring case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Platform::ALL.into_iter().find(|platform| platform.name().eq_ignore_ascii_case(name))
    }

    /// The platform of an operating system such as `Microsoft Windows Server 2022`.
    pub(crate) fn of_os_version(os_version: &str) -> Option<Self> {
        let starts = |start: &str| starts_with_ignoring_case(os_version, start);
        OPERATING_SYSTEMS.iter().find(|(start, _)| starts(start)).map(|(_, platform)| *platform)
    }

    /// The platform that a word of a hyphenated name is, as in `update-linux`; None where the words name two.
    pub(crate) fn of_words(name: &str) -> Option<Self> {
        let mut named = name.split('-').filter_map(Platform::named);
        let first = named.next()?;
        named.all(|other| other == first).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::shape::{Kind, Shape};

    #[test]
    fn the_platforms_are_those_of_the_model() {
        let Kind::Text { values, .. } = Shape::Platform.kind() else { panic!("an enum") };
        let mut names = Platform::ALL.map(Platform::name);
        names.sort_unstable();
        let mut values = values.to_vec();
        values.sort_unstable();
        assert_eq!(values, names);
    }

    #[test]
    fn operating_systems_have_a_platform() {
        assert_eq!(Platform::of_os_version("Amazon Linux 2023"), Some(Platform::Linux));
        assert_eq!(Platform::of_os_version("microsoft windows 11"), Some(Platform::Windows));
        assert_eq!(Platform::of_os_version("macOS Sonoma"), Some(Platform::MacOs));
        for unknown in ["", "Rocky Linux 9", "Windows", "Amazön Linux"] {
            assert_eq!(Platform::of_os_version(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_platform_is_a_whole_word_of_a_name() {
        assert_eq!(Platform::of_words("update-linux"), Some(Platform::Linux));
        assert_eq!(Platform::of_words("stig-build-linux-high"), Some(Platform::Linux));
        assert_eq!(Platform::of_words("windows-activation-test"), Some(Platform::Windows));
        for none in ["", "archlinux-base", "windows-subsystem-linux", "chrony"] {
            assert_eq!(Platform::of_words(none), None, "{none}");
        }
    }
}
