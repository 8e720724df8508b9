//! Finds the members and items of large values as fast as those of small ones.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::document::{Member, Value, tokens};
use crate::text::span::Span;

/// The values of a payload by their pointers.
pub(super) struct Values<'v> {
    root: Value<'v>,
    large: RefCell<HashMap<Span, Inside<'v>>>,
}

/// What is in a large value.
enum Inside<'v> {
    Members(HashMap<&'v str, Member<'v>>),
    Items(Vec<Value<'v>>),
}

impl<'v> Values<'v> {
    /// How much is in a value that is not large.
    const FEW: usize = 32;

    pub(super) fn new(root: Value<'v>) -> Self {
        Values { root, large: RefCell::default() }
    }

    /// The value at an RFC 6901 pointer.
    pub(super) fn at(&self, pointer: &str) -> Option<Value<'v>> {
        tokens(pointer).try_fold(self.root, |value, token| {
            if value.is_array() {
                return self.item(value, token.parse().ok()?);
            }
            self.member(value, &token).map(Member::value)
        })
    }

    /// The member of that name; of several, the first.
    pub(super) fn member(&self, object: Value<'v>, name: &str) -> Option<Member<'v>> {
        if object.len() <= Self::FEW {
            return object.member(name);
        }
        let by_name = || {
            let mut members = HashMap::new();
            for member in object.members() {
                members.entry(member.name()).or_insert(member);
            }
            Inside::Members(members)
        };
        match self.large.borrow_mut().entry(object.span()).or_insert_with(by_name) {
            Inside::Members(members) => members.get(name).copied(),
            Inside::Items(_) => None,
        }
    }

    fn item(&self, array: Value<'v>, index: usize) -> Option<Value<'v>> {
        if array.len() <= Self::FEW {
            return array.items().nth(index);
        }
        match self.large.borrow_mut().entry(array.span()).or_insert_with(|| Inside::Items(array.items().collect())) {
            Inside::Items(items) => items.get(index).copied(),
            Inside::Members(_) => None,
        }
    }
}
