//! References to container images, `[<registry>/]<repository>[:<tag>][@<digest>]`, as the OCI
//! distribution specification and Docker write them.

use crate::aws::ecr::is_tag;

/// A part of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A host, with or without a port.
    Registry,
    /// Lower-case path components.
    Repository,
    /// A tag, after a colon.
    Tag,
    /// A digest, after an `@`.
    Digest,
}

impl Part {
    /// The part in words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Part::Registry => "registry",
            Part::Repository => "repository",
            Part::Tag => "tag",
            Part::Digest => "digest",
        }
    }
}

/// The first part of a reference that does not match the grammar, with its text.
pub(crate) fn faulty_part(text: &str) -> Option<(Part, &str)> {
    let (named, digest) = text.split_once('@').map_or((text, None), |(named, digest)| (named, Some(digest)));
    let tagged = named.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'));
    let (name, tag) = tagged.map_or((named, None), |(name, tag)| (name, Some(tag)));
    let (registry, repository) = match name.split_once('/') {
        Some((first, rest)) if is_host(first) => (Some(first), rest),
        _ => (None, name),
    };
    let parts = [
        (Part::Registry, registry, is_registry as fn(&str) -> bool),
        (Part::Repository, Some(repository), is_repository),
        (Part::Tag, tag, is_tag),
        (Part::Digest, digest, is_digest),
    ];
    parts.into_iter().find_map(|(part, text, is_valid)| Some((part, text.filter(|text| !is_valid(text))?)))
}

/// Whether the first component of a name is a registry's host rather than a part of the repository.
fn is_host(component: &str) -> bool {
    component == "localhost" || component.bytes().any(|byte| matches!(byte, b'.' | b':') || byte.is_ascii_uppercase())
}

fn is_registry(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix('[') {
        let address = |address: &str| address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
        let port = |port: &str| port.is_empty() || port.strip_prefix(':').is_some_and(is_number);
        return rest.split_once(']').is_some_and(|(inner, outer)| !inner.is_empty() && address(inner) && port(outer));
    }
    let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    let label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    host.split('.').all(label) && port.is_none_or(is_number)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_repository(text: &str) -> bool {
    text.split('/').all(is_path_component)
}

/// Lower-case words, joined by a dot, one or two underscores, or hyphens.
fn is_path_component(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut rest = text;
    loop {
        let word = rest.bytes().take_while(|byte| is_word(*byte)).count();
        if word == 0 {
            return false;
        }
        rest = &rest[word..];
        let separator = match rest.as_bytes() {
            [] => return true,
            [b'_', b'_', ..] => 2,
            [b'.' | b'_', ..] => 1,
            _ => rest.bytes().take_while(|byte| *byte == b'-').count(),
        };
        if separator == 0 {
            return false;
        }
        rest = &rest[separator..];
    }
}

fn is_digest(text: &str) -> bool {
    let component = |component: &str| {
        component.starts_with(|first: char| first.is_ascii_alphabetic())
            && component.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    text.split_once(':').is_some_and(|(algorithm, digits)| {
        algorithm.split(['+', '.', '-', '_']).all(component)
            && digits.len() >= 32
            && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_a_lower_case_repository() {
        const DIGEST: &str = "amazonlinux@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        for text in [
            "amazonlinux",
            "amazonlinux:latest",
            "library/ubuntu:22.04",
            "localhost:5000/base",
            "[::1]:5000/base:1",
            "public.ecr.aws/amazonlinux/amazonlinux:2023",
            "123456789012.dkr.ecr.us-west-2.amazonaws.com/team/web__server.base--v1:1.2.3-4",
            "mcr.microsoft.com/windows/servercore:ltsc2019",
            DIGEST,
        ] {
            assert_eq!(faulty_part(text), None, "{text}");
        }
        assert_eq!(faulty_part("AmazonLinux:2"), Some((Part::Repository, "AmazonLinux")));
        assert_eq!(faulty_part("amazonlinux:"), Some((Part::Tag, "")));
        assert_eq!(faulty_part("-host.example/base"), Some((Part::Registry, "-host.example")));
        assert_eq!(faulty_part("https://public.ecr.aws/base"), Some((Part::Registry, "https:")));
        assert_eq!(faulty_part("base@sha256:0123"), Some((Part::Digest, "sha256:0123")));
        for text in ["", "a b", "/aws/service/x", "web//server", "web_-server", "web..server"] {
            assert!(faulty_part(text).is_some(), "{text}");
        }
    }
}
