//! The names of S3 buckets: today's rules, and the looser ones for old buckets of us-east-1.

/// Why a text is not a bucket name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BucketFault<'a> {
    /// A URL or an ARN instead of the name: the part before the name.
    Prefix(&'a str),
    /// A character that no bucket name may contain.
    Character(&'a str),
    /// Fewer than 3 or more than 255 characters; how many.
    Length(usize),
    /// 64 to 255 characters, legal only in old buckets of us-east-1; how many.
    LegacyLength(usize),
    /// A first or last character other than a letter or digit.
    Edge(&'a str),
    /// Two periods in a row.
    Periods(&'a str),
    /// The form of an IP address.
    Address,
    /// An upper-case letter or an underscore: legal only in old buckets of us-east-1.
    Legacy(&'a str),
}

/// The first fault of a bucket name; legacy characters are checked last.
pub(crate) fn bucket_fault(name: &str) -> Option<BucketFault<'_>> {
    // Most names are such.
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if matches!(name.len(), 3..=63) && name.bytes().all(is_plain) && !name.starts_with('-') && !name.ends_with('-') {
        return None;
    }
    if let Some(prefix) = ["s3://", "https://", "http://"].into_iter().find(|prefix| name.starts_with(prefix)) {
        return Some(BucketFault::Prefix(&name[..prefix.len()]));
    }
    if name.starts_with("arn:") {
        return Some(BucketFault::Prefix(name.rfind(':').map_or(name, |colon| &name[..=colon])));
    }
    let found = |is: fn(char) -> bool| name.char_indices().find(|(_, char)| is(*char));
    let slice = |(at, char): (usize, char)| &name[at..at + char.len_utf8()];
    if let Some(at) = found(|char| !char.is_ascii_alphanumeric() && !matches!(char, '.' | '-' | '_')) {
        return Some(BucketFault::Character(slice(at)));
    }
    if name.len() < 3 || name.len() > 255 {
        return Some(BucketFault::Length(name.len()));
    }
    let (first, last) = (&name[..1], &name[name.len() - 1..]);
    if let Some(edge) = [first, last].into_iter().find(|edge| matches!(*edge, "." | "-")) {
        return Some(BucketFault::Edge(edge));
    }
    if let Some(at) = name.find("..") {
        return Some(BucketFault::Periods(&name[at..at + 2]));
    }
    if name.split('.').count() == 4 && name.split('.').all(|part| part.parse::<u8>().is_ok()) {
        return Some(BucketFault::Address);
    }
    if name.len() > 63 {
        return Some(BucketFault::LegacyLength(name.len()));
    }
    found(|char| char.is_ascii_uppercase() || char == '_').map(|at| BucketFault::Legacy(slice(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lower_case_words_and_periods() {
        for name in ["logs", "my-logs.example.com", "a1b", "123456789012-logs", "xn.1.2.3"] {
            assert_eq!(bucket_fault(name), None, "{name}");
        }
        for (name, fault) in [
            ("s3://logs", BucketFault::Prefix("s3://")),
            ("arn:aws:s3:::logs", BucketFault::Prefix("arn:aws:s3:::")),
            ("logs/image", BucketFault::Character("/")),
            ("lögs", BucketFault::Character("ö")),
            ("ab", BucketFault::Length(2)),
            (&"a".repeat(64), BucketFault::LegacyLength(64)),
            (&"a".repeat(256), BucketFault::Length(256)),
            ("-logs", BucketFault::Edge("-")),
            ("logs.", BucketFault::Edge(".")),
            ("lo..gs", BucketFault::Periods("..")),
            ("192.168.5.4", BucketFault::Address),
            ("My_logs", BucketFault::Legacy("M")),
            ("my_logs", BucketFault::Legacy("_")),
        ] {
            assert_eq!(bucket_fault(name), Some(fault), "{name}");
        }
    }
}
