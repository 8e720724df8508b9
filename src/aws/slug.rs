//! The names in ARNs, which Image Builder derives from the names of resources.

/// The name segment of an ARN that Image Builder derives from a name: lower case, hyphens for spaces and
/// underscores. None for names with other characters, for which nothing is documented.
pub(crate) fn slug(name: &str) -> Option<String> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b' ');
    (!name.is_empty() && name.bytes().all(known)).then(|| name.to_ascii_lowercase().replace([' ', '_'], "-"))
}

/// Whether a name segment is the slug of a name; unlike [`slug`], it does not allocate.
pub(crate) fn is_slug_of(segment: &str, name: &str) -> bool {
    let slugged = |byte: u8| if matches!(byte, b' ' | b'_') { b'-' } else { byte.to_ascii_lowercase() };
    // The segment may contain EXAMPLE in capitals, the mask of AWS's documentation.
    name.bytes().map(slugged).eq(segment.bytes().map(|byte| byte.to_ascii_lowercase()))
}
