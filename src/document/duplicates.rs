//! One pass over a parsed document for what the parser accepts and RFC 8259 does not: duplicate keys, and characters
//! that must be escaped or are not white space.

use std::collections::HashMap;

use crate::document::rules::DUPLICATE_JSON_KEY;
use crate::document::{Content, Member, Value};
use crate::finding::Level;
use crate::finding::fault::Fault;
use crate::model::shape::same_name;
use crate::text::quote::quoted;
use crate::text::span::Span;

/// The faults of duplicate keys, and whether the text may contain a character that JSON does not allow.
pub(super) fn inspect(text: &str, root: Value<'_>) -> (Vec<Fault>, bool) {
    let mut inspection = Inspection { text, may_be_invalid: has_odd_bytes(text), faults: Vec::new() };
    inspection.visit(root);
    (inspection.faults, inspection.may_be_invalid)
}

/// Whether there are bytes that are allowed in strings only, but which the parser accepts as white space.
fn has_odd_bytes(text: &str) -> bool {
    !text.is_ascii() || memchr::memchr2(0x0B, 0x0C, text.as_bytes()).is_some()
}

/// Whether there is a control character among the bytes. Looks at eight bytes at a time, for speed.
fn has_control(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let (eights, rest) = bytes.as_chunks::<8>();
    let below_space = |eight: &[u8; 8]| {
        let word = u64::from_ne_bytes(*eight);
        word.wrapping_sub(ONES * 0x20) & !word & (ONES * 0x80) != 0
    };
    eights.iter().any(below_space) || rest.iter().any(|byte| *byte < 0x20)
}

struct Inspection<'t> {
    text: &'t str,
    may_be_invalid: bool,
    faults: Vec<Fault>,
}

impl Inspection<'_> {
    fn visit(&mut self, value: Value<'_>) {
        match value.content() {
            Content::Object => {
                self.duplicates(value);
                for member in value.members() {
                    self.string(member.key_span());
                    self.visit(member.value());
                }
            }
            Content::Array => value.items().for_each(|item| self.visit(item)),
            Content::String(_) => self.string(value.span()),
            Content::Null | Content::Boolean(_) | Content::Number(_) => {}
        }
    }

    fn string(&mut self, span: Span) {
        self.may_be_invalid |= has_control(&self.text.as_bytes()[span.range()]);
    }

    fn duplicates(&mut self, object: Value<'_>) {
        const FEW: usize = 32;
        if object.len() <= FEW {
            for (index, again) in object.members().enumerate().skip(1) {
                let mut before = object.members().take(index);
                if let Some(first) = before.find(|member| same_name(member.name(), again.name())) {
                    self.faults.push(duplicate(first, again));
                }
            }
        } else {
            let mut seen: HashMap<&str, Member<'_>> = HashMap::with_capacity(object.len());
            for member in object.members() {
                let first = *seen.entry(member.name()).or_insert(member);
                if first.key_span() != member.key_span() {
                    self.faults.push(duplicate(first, member));
                }
            }
        }
    }
}

fn duplicate(first: Member<'_>, again: Member<'_>) -> Fault {
    let message = format!("duplicate key `{}`", quoted(again.name()));
    let mut fault = Fault::new(&DUPLICATE_JSON_KEY, again.key_span(), message);
    if are_equal(first.value(), again.value()) {
        fault.level(Level::Warning).help("the values are equal; remove one of the two");
    }
    fault.says("again here").label(first.key_span(), "first here");
    fault
}

/// Whether two values are equal: objects with the same members in the same order, numbers as they are written.
fn are_equal(one: Value<'_>, other: Value<'_>) -> bool {
    match (one.content(), other.content()) {
        (Content::Object, Content::Object) => {
            let equal = |(one, other): (Member<'_>, Member<'_>)| {
                same_name(one.name(), other.name()) && are_equal(one.value(), other.value())
            };
            one.len() == other.len() && one.members().zip(other.members()).all(equal)
        }
        (Content::Array, Content::Array) => {
            one.len() == other.len() && one.items().zip(other.items()).all(|(one, other)| are_equal(one, other))
        }
        (Content::String(one), Content::String(other)) | (Content::Number(one), Content::Number(other)) => one == other,
        (Content::Boolean(one), Content::Boolean(other)) => one == other,
        (Content::Null, Content::Null) => true,
        _ => false,
    }
}
