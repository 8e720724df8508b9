//! The forms in which a KMS key can be named.

use crate::aws::arn::Arn;
use crate::aws::mask::is_blank;
use crate::aws::resource_id::is_uuid;

/// How a text names a KMS key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyName {
    /// By the ARN of a key or of an alias.
    Arn,
    /// By the id of a key: a UUID, or `mrk-` and 32 hexadecimal digits.
    Id,
    /// By `alias/<name>`.
    Alias,
    /// In none of these forms.
    Other,
}

impl KeyName {
    /// The form of a text.
    pub(crate) fn of(text: &str) -> Self {
        match Arn::parse(text) {
            Some(arn) if faulty_segment(&arn).is_none() => KeyName::Arn,
            None if is_key_id(text) => KeyName::Id,
            None if is_alias(text) => KeyName::Alias,
            _ => KeyName::Other,
        }
    }
}

/// The first segment of an ARN that is invalid for a KMS key or an alias: its name and its text.
pub(crate) fn faulty_segment<'a>(arn: &Arn<'a>) -> Option<(&'static str, &'a str)> {
    if !arn.partition.starts_with("aws") {
        return Some(("partition", arn.partition));
    }
    if arn.service != "kms" {
        return Some(("service", arn.service));
    }
    if arn.region.is_empty() {
        return Some(("region", arn.region));
    }
    if !arn.names_account() {
        return Some(("account", arn.account));
    }
    let named = arn.resource.strip_prefix("key/").is_some_and(is_key_id) || is_alias(arn.resource);
    (!named).then_some(("resource", arn.resource))
}

fn is_key_id(text: &str) -> bool {
    let multi_region = |digits: &str| digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    text.strip_prefix("mrk-").map_or_else(|| is_uuid(text), multi_region) || is_blank(text)
}

fn is_alias(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-');
    text.strip_prefix("alias/").is_some_and(|name| !name.is_empty() && name.bytes().all(allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_an_id_and_maybe_an_alias() {
        for text in [
            "arn:aws:kms:us-west-2:123456789012:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
            "arn:aws:kms:us-west-2:123456789012:key/mrk-0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            "arn:aws-cn:kms:cn-north-1:123456789012:alias/aws/ebs",
        ] {
            assert_eq!(KeyName::of(text), KeyName::Arn, "{text}");
        }
        assert_eq!(KeyName::of("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"), KeyName::Id);
        assert_eq!(KeyName::of("alias/images"), KeyName::Alias);
        for text in ["image-owner-key-id", "alias/", "arn:aws:kms:us-west-2:123456789012:images", "mrk-0f1e"] {
            assert_eq!(KeyName::of(text), KeyName::Other, "{text}");
        }
    }
}
