//! RFC 6901 pointers: from a span to its pointer, and from a pointer to its value.

use std::fmt::Write as _;

use crate::document::{Document, Member, Value};
use crate::text::quote::masked;
use crate::text::span::Span;

impl Document<'_> {
    /// The RFC 6901 pointer of the innermost value or member that contains the span.
    pub(crate) fn pointer(&self, span: Span) -> String {
        let mut pointer = String::new();
        let mut value = self.root();
        while let Some(inner) = value {
            value = if let Some(member) = inner.member_around(span) {
                push_token(&mut pointer, member.name());
                Some(member.value())
            } else if let Some((index, item)) = inner.item_around(span) {
                write!(pointer, "/{index}").expect("a String takes all");
                Some(item)
            } else {
                None
            };
        }
        pointer
    }
}

fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    // A key may be anything, even a presigned URL.
    for char in masked(token).chars() {
        match char {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The tokens of an RFC 6901 pointer, unescaped.
pub(crate) fn tokens(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"))
}

/// The name of the member that an RFC 6901 pointer ends in; for an item, that of the member with the list.
pub(crate) fn last_name(pointer: &str) -> Option<String> {
    let is_name = |token: &&str| !token.is_empty() && !token.bytes().all(|byte| byte.is_ascii_digit());
    let token = pointer.split('/').skip(1).filter(is_name).last()?;
    tokens(&format!("/{token}")).next()
}

/// The value at an RFC 6901 pointer.
pub(crate) fn at<'d>(root: Value<'d>, pointer: &str) -> Option<Value<'d>> {
    tokens(pointer).try_fold(root, |value, token| {
        if value.is_array() {
            return value.items().nth(token.parse().ok()?);
        }
        value.member(&token).map(Member::value)
    })
}
