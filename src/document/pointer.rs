//! RFC 6901 pointers: from a span to its pointer, and from a pointer to its value.

use std::fmt::Write as _;

use crate::document::tape::{Kind, Tape};
use crate::document::{Document, Member, Value};
use crate::text::secret::masked;
use crate::text::span::Span;

impl Document<'_> {
    /// The RFC 6901 pointer of the innermost value or member that contains the span.
    pub(crate) fn pointer(&self, span: Span) -> String {
        let mut pointer = String::new();
        let Some((tape, root)) = self.tree() else { return pointer };
        let within = root..tape.next(root);
        // What contains the span is the last node that starts before it, or holds that one.
        let mut index = tape.last_from(span.start).filter(|index| within.contains(index)).unwrap_or(root);
        let mut steps = Vec::new();
        while index != root {
            let step = Step::to(tape, index);
            if !steps.is_empty() || step.span().contains(span) {
                steps.push(step);
            }
            index = tape.holder(index).index;
        }
        for step in steps.into_iter().rev() {
            match step {
                Step::Member(member) => push_token(&mut pointer, member.name()),
                Step::Item(place, _) => write!(pointer, "/{place}").expect("a String takes all"),
            }
        }
        pointer
    }
}

/// A step from an object to a member, or from an array to an item.
enum Step<'d> {
    Member(Member<'d>),
    /// The item and its place.
    Item(u32, Value<'d>),
}

impl<'d> Step<'d> {
    /// The step to a node from what holds it.
    fn to(tape: &'d Tape<'d>, index: u32) -> Self {
        let holder = tape.holder(index);
        match (Value::of(tape, holder.index).is_array(), tape.node(index).kind) {
            (true, _) => Step::Item(holder.place, Value::of(tape, index)),
            (false, Kind::Key) => Step::Member(Member::at(tape, index)),
            (false, _) => Step::Member(Member::at(tape, index - 1)),
        }
    }

    fn span(&self) -> Span {
        match self {
            Step::Member(member) => member.span(),
            Step::Item(_, item) => item.span(),
        }
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
#[cfg(test)]
pub(crate) fn at<'d>(root: Value<'d>, pointer: &str) -> Option<Value<'d>> {
    tokens(pointer).try_fold(root, |value, token| {
        if value.is_array() {
            return value.items().nth(token.parse().ok()?);
        }
        value.member(&token).map(Member::value)
    })
}
