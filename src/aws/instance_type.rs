//! EC2 instance types: their form, and the known ones (EC2 service model of botocore 1.43.11, InstanceType).

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
    let Some((family, size)) = text.split_once('.') else {
        return false;
    };
    let row = FAMILIES.binary_search_by_key(&family, |(family, _)| family);
    row.is_ok_and(|row| FAMILIES[row].1.split(' ').any(|known| known == size))
}

/// Whether the type, well-formed or not, is one of the families that run macOS.
pub(crate) fn is_mac(text: &str) -> bool {
    text.strip_prefix("mac").is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit() || next == '-'))
}

/// Every family with its sizes, sorted by family.
const FAMILIES: [(&str, &str); 188] = [
    ("a1", "medium large xlarge 2xlarge 4xlarge metal"),
    ("c1", "medium xlarge"),
    ("c3", "large xlarge 2xlarge 4xlarge 8xlarge"),
    ("c4", "large xlarge 2xlarge 4xlarge 8xlarge"),
    ("c5", "large xlarge 2xlarge 4xlarge 9xlarge 12xlarge 18xlarge 24xlarge metal"),
    ("c5a", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge"),
    ("c5ad", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge"),
    ("c5d", "large xlarge 2xlarge 4xlarge 9xlarge 12xlarge 18xlarge 24xlarge metal"),
    ("c5n", "large xlarge 2xlarge 4xlarge 9xlarge 18xlarge metal"),
    ("c6a", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal"),
    ("c6g", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"),
    ("c6gd", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"),
    ("c6gn", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"),
    ("c6i", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal"),
    ("c6id", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal"),
    ("c6in", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal"),
    ("c7a", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal-48xl"),
    ("c7g", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"),
    ("c7gd", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"),
    ("c7gn", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"),
    ("c7i", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("c7i-flex", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"),
    ("c8a", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("c8g", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("c8gb", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("c8gd", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("c8gn", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    (
        "c8i",
        "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge 96xlarge metal-48xl metal-96xl",
    ),
    ("c8i-flex", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"),
    (
        "c8id",
        "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge 96xlarge metal-48xl metal-96xl",
    ),
    ("cc1", "4xlarge"),
    ("cc2", "8xlarge"),
    ("cg1", "4xlarge"),
    ("cr1", "8xlarge"),
    ("d2", "xlarge 2xlarge 4xlarge 8xlarge"),
    ("d3", "xlarge 2xlarge 4xlarge 8xlarge"),
    ("d3en", "xlarge 2xlarge 4xlarge 6xlarge 8xlarge 12xlarge"),
    ("dl1", "24xlarge"),
    ("dl2q", "24xlarge"),
    ("f1", "2xlarge 4xlarge 16xlarge"),
    ("f2", "6xlarge 12xlarge 48xlarge"),
    ("g2", "2xlarge 8xlarge"),
    ("g3", "4xlarge 8xlarge 16xlarge"),
    ("g3s", "xlarge"),
    ("g4ad", "xlarge 2xlarge 4xlarge 8xlarge 16xlarge"),
    ("g4dn", "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"),
    ("g5", "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge"),
    ("g5g", "xlarge 2xlarge 4xlarge 8xlarge 16xlarge metal"),
    ("g6", "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge"),
    ("g6e", "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge"),
    ("g6f", "large xlarge 2xlarge 4xlarge"),
    ("g7e", "2xlarge 4xlarge 8xlarge 12xlarge 24xlarge 48xlarge"),
    ("gr6", "4xlarge 8xlarge"),
    ("gr6f", "4xlarge"),
    ("h1", "2xlarge 4xlarge 8xlarge 16xlarge"),
    ("hi1", "4xlarge"),
    ("hpc6a", "48xlarge"),
    ("hpc6id", "32xlarge"),
    ("hpc7a", "12xlarge 24xlarge 48xlarge 96xlarge"),
    ("hpc7g", "4xlarge 8xlarge 16xlarge"),
    ("hpc8a", "96xlarge"),
    ("hs1", "8xlarge"),
    ("i2", "xlarge 2xlarge 4xlarge 8xlarge"),
    ("i3", "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge metal"),
    ("i3en", "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal"),
    ("i4g", "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge"),
    ("i4i", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal"),
    ("i7i", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("i7ie", "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge 18xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("i8g", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl"),
    ("i8ge", "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge 18xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("im4gn", "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge"),
    ("inf1", "xlarge 2xlarge 6xlarge 24xlarge"),
    ("inf2", "xlarge 8xlarge 24xlarge 48xlarge"),
    ("is4gen", "medium large xlarge 2xlarge 4xlarge 8xlarge"),
    ("m1", "small medium large xlarge"),
    ("m2", "xlarge 2xlarge 4xlarge"),
    ("m3", "medium large xlarge 2xlarge"),
    ("m4", "large xlarge 2xlarge 4xlarge 10xlarge 16xlarge"),
    ("m5", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal"),
    ("m5a", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge"),
    ("m5ad", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge"),
    ("m5d", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal"),
    ("m5dn", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal"),
    ("m5n", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal"),
    ("m5zn", "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge metal"),
    ("m6a", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal"),
    ("m6g", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"),
    ("m6gd", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"),
    ("m6i", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal"),
    ("m6id", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal"),
    ("m6idn", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal"),
    ("m6in", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal"),
    ("m7a", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal-48xl"),
    ("m7g", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"),
    ("m7gd", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"),
    ("m7i", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("m7i-flex", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"),
    ("m8a", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("m8azn", "medium large xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal-12xl metal-24xl"),
    ("m8g", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("m8gb", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("m8gd", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("m8gn", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    (
        "m8i",
        "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge 96xlarge metal-48xl metal-96xl",
    ),
    ("m8i-flex", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"),
    (
        "m8id",
        "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge 96xlarge metal-48xl metal-96xl",
    ),
    ("mac-m4", "metal"),
    ("mac-m4max", "metal"),
    ("mac-m4pro", "metal"),
    ("mac1", "metal"),
    ("mac2", "metal"),
    ("mac2-m1ultra", "metal"),
    ("mac2-m2", "metal"),
    ("mac2-m2pro", "metal"),
    ("p2", "xlarge 8xlarge 16xlarge"),
    ("p3", "2xlarge 8xlarge 16xlarge"),
    ("p3dn", "24xlarge"),
    ("p4d", "24xlarge"),
    ("p4de", "24xlarge"),
    ("p5", "4xlarge 48xlarge"),
    ("p5e", "48xlarge"),
    ("p5en", "48xlarge"),
    ("p6-b200", "48xlarge"),
    ("p6-b300", "48xlarge"),
    ("p6e-gb200", "36xlarge"),
    ("r3", "large xlarge 2xlarge 4xlarge 8xlarge"),
    ("r4", "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge"),
    ("r5", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal"),
    ("r5a", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge"),
    ("r5ad", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge"),
    ("r5b", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal"),
    ("r5d", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal"),
    ("r5dn", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal"),
    ("r5n", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal"),
    ("r6a", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal"),
    ("r6g", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"),
    ("r6gd", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"),
    ("r6i", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal"),
    ("r6id", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal"),
    ("r6idn", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal"),
    ("r6in", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal"),
    ("r7a", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal-48xl"),
    ("r7g", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"),
    ("r7gd", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"),
    ("r7i", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("r7iz", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 32xlarge metal-16xl metal-32xl"),
    ("r8a", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("r8g", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("r8gb", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal-24xl"),
    ("r8gd", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    ("r8gn", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    (
        "r8i",
        "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge 96xlarge metal-48xl metal-96xl",
    ),
    ("r8i-flex", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"),
    (
        "r8id",
        "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge 96xlarge metal-48xl metal-96xl",
    ),
    ("t1", "micro"),
    ("t2", "nano micro small medium large xlarge 2xlarge"),
    ("t3", "nano micro small medium large xlarge 2xlarge"),
    ("t3a", "nano micro small medium large xlarge 2xlarge"),
    ("t4g", "nano micro small medium large xlarge 2xlarge"),
    ("trn1", "2xlarge 32xlarge"),
    ("trn1n", "32xlarge"),
    ("trn2", "3xlarge 48xlarge"),
    ("u-12tb1", "112xlarge metal"),
    ("u-18tb1", "112xlarge metal"),
    ("u-24tb1", "112xlarge metal"),
    ("u-3tb1", "56xlarge"),
    ("u-6tb1", "56xlarge 112xlarge metal"),
    ("u-9tb1", "112xlarge metal"),
    ("u7i-12tb", "224xlarge"),
    ("u7i-6tb", "112xlarge"),
    ("u7i-8tb", "112xlarge"),
    ("u7ib-12tb", "224xlarge"),
    ("u7in-16tb", "224xlarge"),
    ("u7in-24tb", "224xlarge"),
    ("u7in-32tb", "224xlarge"),
    ("u7inh-32tb", "480xlarge"),
    ("vt1", "3xlarge 6xlarge 24xlarge"),
    ("x1", "16xlarge 32xlarge"),
    ("x1e", "xlarge 2xlarge 4xlarge 8xlarge 16xlarge 32xlarge"),
    ("x2gd", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"),
    ("x2idn", "16xlarge 24xlarge 32xlarge metal"),
    ("x2iedn", "xlarge 2xlarge 4xlarge 8xlarge 16xlarge 24xlarge 32xlarge metal"),
    ("x2iezn", "2xlarge 4xlarge 6xlarge 8xlarge 12xlarge metal"),
    ("x8aedz", "large xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal-12xl metal-24xl"),
    ("x8g", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"),
    (
        "x8i",
        "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge 64xlarge 96xlarge metal-48xl metal-96xl",
    ),
    ("z1d", "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge metal"),
];

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
    fn the_families_are_sorted_and_found() {
        assert!(FAMILIES.is_sorted_by_key(|(family, _)| family));
        for text in ["a1.medium", "m5.large", "t3.micro", "mac-m4pro.metal", "z1d.metal", "c7i.metal-48xl"] {
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
