//! Parses Amazon Resource Names, and the resource that an Image Builder ARN names.

use std::ops::Range;

use crate::aws::mask::{EXAMPLE_ACCOUNT, Role, is_masked, is_masked_region, masks, masks_in, may_be_masked};
use crate::aws::version::Version;

/// The six segments of `arn:<partition>:<service>:<region>:<account>:<resource>`, unchecked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    /// The whole text.
    pub text: &'a str,
    /// Such as `aws` or `aws-us-gov`.
    pub partition: &'a str,
    /// Such as `imagebuilder`.
    pub service: &'a str,
    /// Such as `us-west-2`; empty for global resources.
    pub region: &'a str,
    /// Twelve digits, or a word such as `aws` for resources that Amazon or a vendor owns.
    pub account: &'a str,
    /// Everything after the account, colons included.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Splits a text that starts with `arn:` and has all six segments.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        // A document holds dozens of ARNs, so this is one pass over the bytes instead of five searches.
        let mut colons = [0; 5];
        let mut found = 0;
        let bytes = text.as_bytes();
        for (index, byte) in bytes.iter().enumerate() {
            // Templates have pseudo parameters such as `${AWS::AccountId}`, whose colons separate no
            // segments.
            let in_parameter = || {
                matches!(bytes[..index], [.., b'$', b'{', b'A', b'W', b'S'] | [.., b'$', b'{', b'A', b'W', b'S', b':'])
            };
            if *byte == b':' && !in_parameter() {
                colons[found] = index;
                found += 1;
                if found == colons.len() {
                    break;
                }
            }
        }
        let [prefix, partition, service, region, account] = colons;
        (found == colons.len() && &text[..prefix] == "arn").then(|| Arn {
            text,
            partition: &text[prefix + 1..partition],
            service: &text[partition + 1..service],
            region: &text[service + 1..region],
            account: &text[region + 1..account],
            resource: &text[account + 1..],
        })
    }

    /// Whether this is an ARN of Image Builder.
    pub(crate) fn is_image_builder(&self) -> bool {
        self.service == "imagebuilder"
    }

    /// The resource that an Image Builder ARN names: `<type>/<name>[/<version>[/<build>]]`.
    pub(crate) fn image_builder_resource(&self) -> Resource<'a> {
        Resource::parse(self.resource)
    }

    /// Whether the account is twelve digits.
    pub(crate) fn has_account_id(&self) -> bool {
        is_account_id(self.account)
    }

    /// Whether the account is twelve digits, or masked.
    pub(crate) fn names_account(&self) -> bool {
        self.has_account_id() || is_masked(self.account)
    }

    /// Whether a region is there, and not masked.
    pub(crate) fn names_region(&self) -> bool {
        !self.region.is_empty() && masks(self.region, Role::Region).is_empty()
    }

    /// The ranges of the text that are masked, in order: in the Region, the account, the resource. `may_have_marks` is
    /// that of [`masks_in`].
    pub(crate) fn masks(&self, may_have_marks: bool) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        let has_marks = may_have_marks && may_be_masked(self.text);
        if !has_marks && self.is_image_builder() && is_account_id(self.account) && !is_masked_region(self.region) {
            return ranges;
        }
        let mut add = |part: &str, role| {
            for range in masks_in(part, role, has_marks) {
                let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
                ranges.push(start + range.start..start + range.end);
            }
        };
        if has_marks {
            add(self.partition, Role::Prose);
            add(self.service, Role::Prose);
        }
        add(self.region, Role::Region);
        add(self.account, Role::Account);
        if !self.is_image_builder() {
            add(self.resource, Role::Name);
            return ranges;
        }
        let resource = self.image_builder_resource();
        add(resource.kind, Role::Name);
        add(resource.name, Role::Name);
        if let Some(version) = resource.version {
            add(version.text, Role::Version);
        }
        ranges
    }

    /// The ARN with valid values in the place of a masked region, account and name; None where another part is
    /// masked.
    pub(crate) fn unmasked(&self) -> Option<String> {
        let resource = self.image_builder_resource();
        let is_masked = |part: &str, role| !masks(part, role).is_empty();
        let is_other = is_masked(self.partition, Role::Prose)
            || is_masked(self.service, Role::Prose)
            || is_masked(resource.kind, Role::Name)
            || resource.version.is_some_and(|version| is_masked(version.text, Role::Version));
        if is_other || !self.is_image_builder() {
            return None;
        }
        let or = |part: &'a str, role, valid: &'a str| if is_masked(part, role) { valid } else { part };
        let (region, account) =
            (or(self.region, Role::Region, "us-east-1"), or(self.account, Role::Account, EXAMPLE_ACCOUNT));
        let name = or(resource.name, Role::Name, "name");
        let Arn { partition, service, .. } = self;
        let mut text = format!("arn:{partition}:{service}:{region}:{account}:{}/{name}", resource.kind);
        if let Some(version) = resource.version {
            text.push('/');
            text.push_str(version.text);
        }
        Some(text)
    }

    /// Whether a customer owns the resource: the account is twelve digits, and not Amazon's own.
    pub(crate) fn is_customers(&self) -> bool {
        self.has_account_id() && !is_amazon(self.account)
    }
}

/// Whether a text is twelve digits.
pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether an account is Amazon's own: `aws`, or the id that notifications write instead.
pub(crate) fn is_amazon(account: &str) -> bool {
    account == "aws" || account == "627945338248"
}

/// Whether a text is a valid account segment of an Image Builder ARN: twelve digits, `aws`, `aws-…` or
/// `third-party` (service model: ImageBuilderArn).
pub(crate) fn is_owner(text: &str) -> bool {
    let is_vendor = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    is_account_id(text) || text == "aws" || text == "third-party" || text.strip_prefix("aws-").is_some_and(is_vendor)
}

/// The types of Image Builder resources that ARNs name (service model: ImageBuilderArn).
pub(crate) use crate::aws::derived::RESOURCE_TYPES;

/// The resource segment of an Image Builder ARN, split but not validated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Resource<'a> {
    /// The type, such as `image-recipe` or `workflow/build`; not checked.
    pub kind: &'a str,
    /// The name.
    pub name: &'a str,
    /// Everything after the slash that follows the name: a version, with or without a build.
    pub version: Option<Version<'a>>,
}

impl<'a> Resource<'a> {
    fn parse(text: &'a str) -> Self {
        // The type of a workflow is two segments long.
        let workflow = text.strip_prefix("workflow/").map_or(0, |_| "workflow/".len());
        let slash = |from: usize| text.bytes().skip(from).position(|byte| byte == b'/').map(|index| from + index);
        let Some(end) = slash(workflow) else {
            return Resource { kind: text, name: "", version: None };
        };
        let (name, version) = match slash(end + 1) {
            Some(second) => (&text[end + 1..second], Some(Version::parse(&text[second + 1..]))),
            None => (&text[end + 1..], None),
        };
        Resource { kind: &text[..end], name, version }
    }

    /// Whether the type is one of [`RESOURCE_TYPES`].
    pub(crate) fn is_known(&self) -> bool {
        RESOURCE_TYPES.contains(&self.kind)
    }

    /// Whether the name consists of a-z, 0-9, `-` and `_`. EXAMPLE, the mask of AWS's documentation, is
    /// accepted.
    pub(crate) fn has_valid_name(&self) -> bool {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
        let is_valid = |name: &str| name.bytes().all(allowed);
        !self.name.is_empty() && (is_valid(self.name) || self.name.split("EXAMPLE").all(is_valid))
    }

    /// The type in words, such as `image recipe`.
    pub(crate) fn described(&self) -> String {
        match self.kind.split_once('/') {
            Some(("workflow", stage)) => format!("{stage} workflow"),
            _ => self.kind.replace('-', " "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workflow_has_a_type_of_two_segments() {
        let arn = Arn::parse("arn:aws:imagebuilder:us-west-2:aws:workflow/build/build-image/1.0.2/1").expect("an ARN");
        let resource = arn.image_builder_resource();
        assert_eq!((resource.kind, resource.name), ("workflow/build", "build-image"));
        assert_eq!(resource.version.map(|version| version.text), Some("1.0.2/1"));
    }

    #[test]
    fn colons_belong_to_the_resource() {
        let arn = Arn::parse("arn:aws:sns:us-east-1:123456789012:topic:extra").expect("an ARN");
        assert_eq!(arn.resource, "topic:extra");
        assert_eq!(Arn::parse("arn:aws:sns:us-east-1:123456789012"), None);
    }

    #[test]
    fn owners_are_accounts_and_vendors() {
        for owner in ["123456789012", "aws", "aws-marketplace", "third-party"] {
            assert!(is_owner(owner), "{owner}");
        }
        for owner in ["12345678901", "1234567890123", "amazon", "aws-", "", "AWS"] {
            assert!(!is_owner(owner), "{owner}");
        }
    }
}
