//! The platforms that Image Builder builds for, and how other texts name them.

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

/// What the names of operating systems start with (service model: Image.osVersion).
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

    /// The platform of that name, in whatever case it is written.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Platform::ALL.into_iter().find(|platform| platform.name().eq_ignore_ascii_case(name))
    }

    /// The platform of an operating system such as `Microsoft Windows Server 2022`.
    pub(crate) fn of_os_version(os_version: &str) -> Option<Self> {
        let starts = |start: &str| starts_with_ignoring_case(os_version, start);
        OPERATING_SYSTEMS.iter().find(|(start, _)| starts(start)).map(|(_, platform)| *platform)
    }

    /// The platform that one of the hyphenated words of a name says, as in `update-linux`; none
    /// where the words name two.
    pub(crate) fn of_words(name: &str) -> Option<Self> {
        let mut named = name.split('-').filter_map(Platform::named);
        let first = named.next()?;
        named.all(|other| other == first).then_some(first)
    }
}

/// Whether a text starts with another, whatever the case of ASCII letters.
pub(crate) fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.as_bytes().get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operating_systems_tell_their_platform() {
        assert_eq!(Platform::of_os_version("Amazon Linux 2023"), Some(Platform::Linux));
        assert_eq!(Platform::of_os_version("microsoft windows 11"), Some(Platform::Windows));
        assert_eq!(Platform::of_os_version("macOS Sonoma"), Some(Platform::MacOs));
        for unknown in ["", "Rocky Linux 9", "Windows", "Amazön Linux"] {
            assert_eq!(Platform::of_os_version(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn names_tell_a_platform_in_a_word_of_its_own() {
        assert_eq!(Platform::of_words("update-linux"), Some(Platform::Linux));
        assert_eq!(Platform::of_words("stig-build-linux-high"), Some(Platform::Linux));
        assert_eq!(Platform::of_words("windows-activation-test"), Some(Platform::Windows));
        for none in ["", "archlinux-base", "windows-subsystem-linux", "chrony"] {
            assert_eq!(Platform::of_words(none), None, "{none}");
        }
    }
}
