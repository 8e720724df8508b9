//! EC2 instance types: their form, and the known ones (EC2 service model: InstanceType).

use crate::aws::derived::INSTANCE_TYPES;

/// Whether a text reads `<family>.<size>` in lower case.
pub(crate) fn is_well_formed(text: &str) -> bool {
    let is_word = |word: &str| {
        let outer = word.bytes().next().into_iter().chain(word.bytes().last());
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !word.is_empty() && word.bytes().all(inner) && outer.into_iter().all(|byte| byte != b'-')
    };
    text.split_once('.').is_some_and(|(family, size)| is_word(family) && is_word(size))
}

/// Whether the service model lists the type. It lacks types that are newer than the model.
pub(crate) fn is_known(text: &str) -> bool {
    INSTANCE_TYPES.binary_search(&text).is_ok()
}

/// Whether the type, well-formed or not, is one of the families that run macOS.
pub(crate) fn is_mac(text: &str) -> bool {
    text.strip_prefix("mac").is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit() || next == '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_a_family_and_a_size() {
        for text in ["m5.large", "u-6tb1.112xlarge", "mac2-m1ultra.metal", "c7i.metal-24xl", "m99.large"] {
            assert!(is_well_formed(text), "{text}");
        }
        for text in ["", "m5", "m5large", ".large", "m5.", "M5.large", "m5.large ", "m5.large.xlarge", "-m5.large"] {
            assert!(!is_well_formed(text), "{text}");
        }
    }

    #[test]
    fn known_types_are_found_and_have_the_form() {
        for text in INSTANCE_TYPES {
            assert!(is_known(text) && is_well_formed(text), "{text}");
        }
        for text in ["m99.large", "m5.huge", "m5.", "m5", "m5.large xlarge"] {
            assert!(!is_known(text), "{text}");
        }
    }

    #[test]
    fn families_of_macs_start_with_mac() {
        assert!(is_mac("mac1.metal") && is_mac("mac-m4.metal") && is_mac("mac2-m2.metal"));
        assert!(!is_mac("machine.large") && !is_mac("m5.large"));
    }
}
