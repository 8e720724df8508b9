//! The tree of a payload: its values with the shapes that they should have, in the order of the text. It is built
//! once (`tree/build.rs`), before the checks run, and resolves misspelt keys to the members that they mean.

mod build;

use std::ops::Range;

use crate::aws::arn::{Arn, Resource};
use crate::document::{Content, Document, Index, Member, Value};
use crate::model::shape::{Member as ShapeMember, Shape};
use crate::recognise::kind::Kind;
use crate::recognise::payload::Carrier;
use crate::text::literal::Literal;
use crate::text::pool::{Buffer, Lent, Pool};
use crate::text::span::Span;

/// The values of a payload with their shapes.
#[derive(Debug)]
pub(crate) struct Tree<'d> {
    pub(super) document: &'d Document<'d>,
    pub(super) kind: &'static Kind,
    carrier: Carrier,
    root: Value<'d>,
    places: Lent<Places>,
    unknown_members: Vec<UnknownMember<'d>>,
    pub(super) arns: Vec<ArnEntry<'d>>,
    /// The masked parts of strings, in the order of the text.
    pub(super) masks: Vec<MaskedPart>,
    pub(super) placeholders: Placeholders,
}

/// What a tree consists of.
#[derive(Debug, Default)]
struct Places {
    all: Vec<Place>,
    /// For each structure, the entry of each member of its shape, in the order of the shape, with [`EMPTY`] if it is an
    /// empty object or array; [`NONE`] if it is absent.
    slots: Vec<u32>,
    /// For each of the outermost structures that name their resource, the entry with its ARN, if it has one.
    owners: Vec<Option<u32>>,
}

impl Buffer for Places {
    fn reset(&mut self) -> bool {
        const MOST_KEPT: usize = 1 << 15;
        self.all.clear();
        self.slots.clear();
        self.owners.clear();
        // There are fewer owners than places.
        self.all.capacity() <= MOST_KEPT && self.slots.capacity() <= MOST_KEPT
    }
}

thread_local! {
    static POOL: Pool<Places> = const { Pool::new(Vec::new()) };
}

/// An entry as it is stored: 40 bytes.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// The member of the shape that it is; none for items, entries of maps and the root.
    member: Option<&'static ShapeMember>,
    value: Index,
    parent: u32,
    end: u32,
    /// Where the slots of its members are; [`NO_SLOTS`] if it is no structure, or has not the JSON type of one.
    slots: u32,
    /// The number of its ARN; [`NONE`] if it holds none.
    arn: u32,
    /// The number of the outermost structure around it that names its resource, or [`NO_OWNER`].
    owner: u32,
    shape: Shape,
    fits: bool,
    is_written: bool,
}

/// A part of a string that is masked, or all of it.
#[derive(Debug, Clone)]
pub(crate) struct MaskedPart {
    /// The index of the string's entry.
    pub(crate) index: u32,
    /// The range in the unescaped string.
    pub(crate) range: Range<usize>,
    /// Whether the whole string is masked.
    pub(crate) is_whole: bool,
}

/// An empty slot: entry 0 is the root, which is no member. Numbers of ARNs start at 1.
const NONE: u32 = 0;

/// Marks the slots of empty objects and arrays.
const EMPTY: u32 = 1 << 31;

/// A place in which there are no slots.
const NO_SLOTS: u32 = 1 << 31;

/// A value with its shape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'d> {
    pub(crate) value: Value<'d>,
    /// The member of the document whose value it is; none for items and the root.
    pub(crate) written: Option<Member<'d>>,
    /// The name of the member in the spelling of the model; empty for items and entries of maps.
    pub(crate) member: &'static str,
    pub(crate) shape: Shape,
    /// Whether it has the JSON type of its shape.
    pub(crate) fits: bool,
    /// The index of the structure, list or map that holds it; its own index for the root.
    pub(crate) parent: u32,
    /// The index after its last descendant.
    pub(crate) end: u32,
}

pub(super) const NO_OWNER: u32 = u32::MAX;

/// A member of a structure whose key is not a member of the shape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnknownMember<'d> {
    /// The index of the structure that holds it.
    pub(crate) holder: u32,
    pub(crate) written: Member<'d>,
    /// The member that the key most likely means.
    pub(crate) near: Option<&'static ShapeMember>,
    /// Whether the structure also has that member in its correct spelling.
    pub(crate) is_taken: bool,
}

/// An ARN in a member that is meant to hold one.
#[derive(Debug, Clone, Copy)]
pub(super) struct ArnEntry<'d> {
    /// The index of the string's entry.
    pub(super) index: u32,
    /// Whether its member is meant to hold an ARN. Others, such as tags and descriptions, may contain unrelated ones.
    pub(super) is_reference: bool,
    pub(super) arn: Arn<'d>,
    pub(super) resource: Option<Resource<'d>>,
}

/// How many values are the placeholders of a response syntax as the API reference prints it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Placeholders {
    /// Strings that are `string`.
    pub(crate) strings: usize,
    /// Numbers that are `123`.
    pub(crate) numbers: usize,
    /// Strings and numbers that are neither.
    pub(crate) others: usize,
}

impl Placeholders {
    fn count(&mut self, content: Content<'_>) {
        match content {
            Content::String("string") => self.strings += 1,
            Content::Number("123") => self.numbers += 1,
            Content::String(_) | Content::Number(_) => self.others += 1,
            _ => {}
        }
    }
}

impl<'d> Tree<'d> {
    /// The document that holds the payload.
    pub(crate) fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// The kind of the payload.
    #[inline]
    pub(crate) fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// What carries the payload.
    pub(crate) fn carrier(&self) -> Carrier {
        self.carrier
    }

    /// Whether the payload is sent to the service.
    #[inline]
    pub(crate) fn is_request(&self) -> bool {
        self.kind.is_request()
    }

    /// Whether clients refuse the payload for what they do not know or take. What CloudTrail recorded was taken.
    pub(crate) fn is_strict(&self) -> bool {
        self.is_request() && self.carrier != Carrier::Record
    }

    #[inline]
    fn place(&self, index: u32) -> &Place {
        &self.places.all[index as usize]
    }

    /// The entry at an index.
    #[inline]
    pub(crate) fn entry(&self, index: u32) -> Entry<'d> {
        let Place { member, value, parent, end, shape, fits, is_written, .. } = *self.place(index);
        let value = self.root.at(value);
        let written = is_written.then(|| value.as_member());
        Entry { value, written, member: member.map_or("", |member| member.name), shape, fits, parent, end }
    }

    /// The shape of an entry, if its value has the JSON type of it.
    #[inline]
    pub(crate) fn fitting_shape(&self, index: u32) -> Option<Shape> {
        let Place { shape, fits, .. } = *self.place(index);
        fits.then_some(shape)
    }

    /// The entry with the ARN of the outermost structure around an entry that names its resource.
    #[inline]
    pub(super) fn owner(&self, index: u32) -> Option<u32> {
        self.places.owners.get(self.place(index).owner as usize).copied().flatten()
    }

    /// The ARN that an entry holds.
    #[inline]
    pub(super) fn arn(&self, index: u32) -> Option<&ArnEntry<'d>> {
        self.arns.get((self.place(index).arn as usize).checked_sub(1)?)
    }

    /// The indices of all entries.
    pub(crate) fn indices(&self) -> impl Iterator<Item = u32> + use<> {
        0..count(self.places.all.len())
    }

    /// The index after the last value that is within the one at an index.
    #[inline]
    pub(super) fn end(&self, index: u32) -> u32 {
        self.place(index).end
    }

    /// Whether any string is masked, at least in part.
    #[cfg(test)]
    pub(crate) fn has_masks(&self) -> bool {
        !self.masks.is_empty()
    }

    /// The masked parts of the string at an index; none for most.
    #[inline]
    pub(crate) fn masks_of(&self, index: u32) -> &[MaskedPart] {
        if self.masks.is_empty() {
            return &[];
        }
        let first = self.masks.partition_point(|mask| mask.index < index);
        let count = self.masks[first..].partition_point(|mask| mask.index == index);
        &self.masks[first..first + count]
    }

    /// Whether a span lies in a string and has a masked part of that string in it.
    pub(crate) fn is_masked(&self, span: Span) -> bool {
        if self.masks.is_empty() {
            return false;
        }
        let string = |mask: &MaskedPart| self.entry(mask.index).value.span();
        let first = self.masks.partition_point(|mask| string(mask).end < span.end);
        let around = self.masks[first..].iter().take_while(|mask| string(mask).contains(span));
        around.into_iter().any(|mask| {
            let literal = Literal::new(self.document.text, string(mask));
            mask.is_whole || literal.raw_span(mask.range.clone().into()).overlaps(span)
        })
    }

    /// The members whose keys are not members of their structure's shape, in the order of the text.
    pub(crate) fn unknown_members(&self) -> &[UnknownMember<'d>] {
        &self.unknown_members
    }

    /// The entry of a structure's member, by the index of the member in its shape; none if it is absent or null.
    #[inline]
    pub(crate) fn member(&self, index: u32, member: usize) -> Option<u32> {
        self.slot(index, member).map(|slot| slot & !EMPTY)
    }

    /// As [`Tree::member`], and none if it is an empty object or array.
    #[inline]
    pub(super) fn filled_member(&self, index: u32, member: usize) -> Option<u32> {
        self.slot(index, member).filter(|slot| slot & EMPTY == 0)
    }

    #[inline]
    fn slot(&self, index: u32, member: usize) -> Option<u32> {
        let slots = self.place(index).slots as usize;
        self.places.slots.get(slots + member).copied().filter(|slot| *slot != NONE)
    }

    /// The shape of an entry.
    #[inline]
    pub(super) fn shape(&self, index: u32) -> Shape {
        self.place(index).shape
    }
}

/// A number of entries as an index.
fn count(entries: usize) -> u32 {
    u32::try_from(entries).expect("a document has fewer values than that")
}
