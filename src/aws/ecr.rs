//! Container images in private Amazon ECR registries: their URIs, repository names and tags.

use crate::aws::arn::is_account_id;
use crate::aws::derived::PARTITIONS;
use crate::aws::mask::is_masked;
use crate::aws::partition::{self, Partition};

/// The domains of dual-stack endpoints, which also answer over IPv6, and the partitions that they serve (ECR user
/// guide; no model lists them).
const DUAL_STACK_DOMAINS: [(&str, &[&str]); 3] = [
    ("on.aws", &["aws", "aws-us-gov"]),
    ("on.amazonwebservices.com.cn", &["aws-cn"]),
    ("on.amazonwebservices.eu", &["aws-eusc"]),
];

/// The parts of `<host>/<repository>[:<tag>][@<digest>]`, unchecked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ImageUri<'a> {
    /// The whole text.
    pub text: &'a str,
    /// The host of the registry; empty where there is none.
    pub host: &'a str,
    /// The repository.
    pub repository: &'a str,
    /// What follows the colon.
    pub tag: Option<&'a str>,
    /// What follows the at sign.
    pub digest: Option<&'a str>,
}

impl<'a> ImageUri<'a> {
    /// Splits the URI of an image. Its first segment is a host if it contains a dot or a colon.
    pub(crate) fn parse(text: &'a str) -> Self {
        let first = text.split_once('/').map_or("", |(first, _)| first);
        Self::split(text, if first.contains(['.', ':']) { first } else { "" })
    }

    /// Splits a text that should be the bare name of a repository. Segments of names may contain dots, so
    /// only an ECR host is recognised as a host.
    pub(crate) fn parse_name(text: &'a str) -> Self {
        let scheme = text.find("://").map_or(0, |colon| colon + "://".len());
        let end = text[scheme..].find('/').map_or(text.len(), |slash| scheme + slash);
        let first = &text[..end];
        Self::split(text, if first.contains(".dkr.ecr") || first.contains(".dkr-ecr") { first } else { "" })
    }

    fn split(text: &'a str, host: &'a str) -> Self {
        let path = &text[host.len()..];
        let path = if host.is_empty() { path } else { path.strip_prefix('/').unwrap_or(path) };
        let (named, digest) = path.split_once('@').map_or((path, None), |(named, digest)| (named, Some(digest)));
        let (repository, tag) = named.split_once(':').map_or((named, None), |(name, tag)| (name, Some(tag)));
        ImageUri { text, host, repository, tag, digest }
    }

    /// The private ECR registry; None where the host is another one.
    pub(crate) fn registry(&self) -> Option<Registry<'a>> {
        Registry::parse(self.host)
    }
}

/// The host `<account>.dkr.ecr.<region>.<domain>` of a private registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Registry<'a> {
    /// The account that owns it.
    pub account: &'a str,
    /// The region, which exists in some partition.
    pub region: &'a str,
    /// The domain, which serves some partition.
    pub domain: &'a str,
    is_dual_stack: bool,
}

impl<'a> Registry<'a> {
    /// Splits a host; None where it is not an ECR host.
    pub(crate) fn parse(host: &'a str) -> Option<Self> {
        let (account, service) = host.split_once('.')?;
        let after = |prefixes: [&str; 2]| prefixes.into_iter().find_map(|prefix| service.strip_prefix(prefix));
        let (is_dual_stack, rest) = match after(["dkr.ecr.", "dkr.ecr-fips."]) {
            Some(rest) => (false, rest),
            None => (true, after(["dkr-ecr.", "dkr-ecr-fips."])?),
        };
        let (region, domain) = rest.split_once('.')?;
        let registry = Registry { account, region, domain, is_dual_stack };
        let is_valid = (is_account_id(account) || is_masked(account)) && partition::of_region(region).is_some();
        (is_valid && PARTITIONS.iter().any(|partition| registry.serves(partition))).then_some(registry)
    }

    /// Whether the domain serves a partition.
    pub(crate) fn serves(&self, partition: &Partition) -> bool {
        if !self.is_dual_stack {
            return partition.domain == self.domain;
        }
        let serves =
            |(domain, partitions): &(&str, &[&str])| *domain == self.domain && partitions.contains(&partition.name);
        DUAL_STACK_DOMAINS.iter().any(serves)
    }
}

/// Whether a text is the name of a repository (ECR: CreateRepository.repositoryName).
pub(crate) fn is_repository_name(text: &str) -> bool {
    (2..=256).contains(&text.len()) && text.split('/').all(is_name_segment)
}

/// Whether a segment of a name consists of words of small letters and digits, joined by `.`, `_`, `__` or hyphens.
fn is_name_segment(segment: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_joint = |joint: &str| matches!(joint, "." | "_" | "__") || joint.bytes().all(|byte| byte == b'-');
    let ends_in_words = segment.bytes().next().is_some_and(is_word) && segment.bytes().last().is_some_and(is_word);
    ends_in_words && segment.split(|char: char| u8::try_from(char).is_ok_and(is_word)).all(is_joint)
}

/// Whether a text is a tag (OCI distribution specification).
pub(crate) fn is_tag(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    (1..=128).contains(&text.len()) && text.bytes().all(inner) && !text.starts_with(['.', '-'])
}

/// Whether a text is a digest as ECR writes it.
pub(crate) fn is_digest(text: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    text.strip_prefix("sha256:").is_some_and(|hash| hash.len() == 64 && hash.bytes().all(hex))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_splits_into_its_parts() {
        let uri = ImageUri::parse("123456789012.dkr.ecr.us-west-2.amazonaws.com/team/app:1.0@sha256:00");
        assert_eq!((uri.repository, uri.tag, uri.digest), ("team/app", Some("1.0"), Some("sha256:00")));
        let registry = uri.registry().expect("a host of ECR");
        assert_eq!((registry.account, registry.region), ("123456789012", "us-west-2"));
        assert_eq!(ImageUri::parse("app:1").host, "");
        assert_eq!(ImageUri::parse("team/app:1").host, "");
        assert_eq!(ImageUri::parse_name("example.org/app").repository, "example.org/app");
        let name = ImageUri::parse_name("https://123456789012.dkr.ecr.us-west-2.amazonaws.com/app");
        assert_eq!((name.repository, name.host.len()), ("app", 52));
    }

    #[test]
    fn every_partition_has_a_domain() {
        for (host, partition) in [
            ("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "aws-us-gov"),
            ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "aws-cn"),
            ("123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", "aws-eusc"),
            ("123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov", "aws-iso-b"),
            ("123456789012.dkr-ecr.eu-west-1.on.aws", "aws"),
        ] {
            let registry = Registry::parse(host).unwrap_or_else(|| panic!("{host}"));
            assert!(partition::named(partition).is_some_and(|partition| registry.serves(partition)), "{host}");
        }
        for host in [
            "public.ecr.aws",
            "12345.dkr.ecr.us-west-2.amazonaws.com",
            "123456789012.dkr.ecr.us-west.amazonaws.com",
            "123456789012.dkr-ecr.us-west-2.amazonaws.com",
            "123456789012.dkr.ecr.us-west-2.example.com",
        ] {
            assert_eq!(Registry::parse(host), None, "{host}");
        }
    }

    #[test]
    fn names_and_tags_have_a_grammar() {
        for name in ["ab", "team/web-server", "my.org/app_1", "web--server", "a---b/c__d"] {
            assert!(is_repository_name(name), "{name}");
        }
        for name in
            ["a", "App", "web..server", "web___server", "web._server", "-web", "web-", "team//app", "app/", "wéb"]
        {
            assert!(!is_repository_name(name), "{name}");
        }
        assert!(is_tag("_1.0-b") && !is_tag(".1") && !is_tag("v1 beta") && !is_tag(""));
    }
}
