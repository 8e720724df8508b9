//! The tree of a payload: its values with the shapes that they should have, in the order of the text. It is built
//! once, before the checks run, and resolves misspelt keys to the members that they mean.

use std::ops::Range;

use crate::aws::arn::{Arn, Resource};
use crate::aws::mask::{Role, masks};
use crate::aws::placeholder::placeholders;
use crate::document::secret::may_be_quoted;
use crate::document::{Content, Document, Index, Member, Value};
use crate::model::shape::{Kind as ShapeKind, Member as ShapeMember, Shape};
use crate::recognise::envelope::RESPONSE_METADATA;
use crate::recognise::kind::{Kind, SCHEMA, is_of_client};
use crate::recognise::payload::Payload;
use crate::text::literal::Literal;
use crate::text::pool::{Buffer, Lent, Pool};
use crate::text::span::Span;

/// The values of a payload with their shapes.
#[derive(Debug)]
pub(crate) struct Tree<'d> {
    pub(super) document: &'d Document<'d>,
    pub(super) kind: &'static Kind,
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
    places: Vec<Place>,
    /// For each structure, the entry of each member of its shape, in the order of the shape; [`NONE`] if absent.
    slots: Vec<u32>,
}

impl Buffer for Places {
    fn reset(&mut self) -> bool {
        const MOST_KEPT: usize = 1 << 15;
        self.places.clear();
        self.slots.clear();
        self.places.capacity() <= MOST_KEPT && self.slots.capacity() <= MOST_KEPT
    }
}

thread_local! {
    static POOL: Pool<Places> = const { Pool::new(Vec::new()) };
}

/// An entry as it is stored: 32 bytes.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// The member of the shape that it is; none for items, entries of maps and the root.
    member: Option<&'static ShapeMember>,
    value: Index,
    parent: u32,
    end: u32,
    slots: u32,
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

/// An empty slot: entry 0 is the root, which is no member.
const NONE: u32 = 0;

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
    pub(super) index: u32,
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

/// Whether a member is meant to hold an ARN. Others, such as tags and descriptions, may contain unrelated ARNs.
fn is_arn_member(member: &str, shape: Shape) -> bool {
    let is_named = matches!(member, "arn" | "kmsKeyId" | "executionRole" | "parentImage");
    is_named || member.ends_with("Arn") || (member.is_empty() && shape.base().name().ends_with("Arn"))
}

/// The members with the ARN of the resource that a structure describes or belongs to.
pub(super) const OWNER_MEMBERS: [&str; 2] = ["arn", "imageBuildVersionArn"];

impl<'d> Tree<'d> {
    /// The tree of a payload.
    pub(crate) fn new(document: &'d Document<'d>, payload: &Payload<'d>) -> Self {
        let mut tree = Tree {
            document,
            kind: payload.kind,
            root: payload.value,
            places: Lent::from(&POOL),
            unknown_members: Vec::new(),
            arns: Vec::new(),
            masks: Vec::new(),
            placeholders: Placeholders::default(),
        };
        let root = Added { value: payload.value, written: None, member: None, shape: payload.shape };
        tree.add(root, 0, NO_OWNER);
        tree
    }

    /// The document that holds the payload.
    pub(crate) fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// The kind of the payload.
    pub(crate) fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// Whether the payload is sent to the service.
    pub(crate) fn is_request(&self) -> bool {
        self.kind.is_request
    }

    fn place(&self, index: u32) -> &Place {
        &self.places.places[index as usize]
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
    pub(crate) fn fitting_shape(&self, index: u32) -> Option<Shape> {
        let Place { shape, fits, .. } = *self.place(index);
        fits.then_some(shape)
    }

    /// The index of the outermost structure around an entry that names its resource.
    pub(super) fn owner(&self, index: u32) -> Option<u32> {
        Some(self.place(index).owner).filter(|owner| *owner != NO_OWNER)
    }

    /// The indices of all entries.
    pub(crate) fn indices(&self) -> impl Iterator<Item = u32> + use<> {
        0..count(self.places.places.len())
    }

    /// The indices of a list's items, or of a map's entries.
    pub(super) fn children(&self, index: u32) -> impl Iterator<Item = u32> {
        let end = self.place(index).end;
        let first = Some(index + 1).filter(|first| *first < end);
        std::iter::successors(first, move |child| Some(self.place(*child).end).filter(|next| *next < end))
    }

    /// Whether any string is masked, at least in part.
    #[cfg(test)]
    pub(crate) fn has_masks(&self) -> bool {
        !self.masks.is_empty()
    }

    /// The masked parts of the string at an index; none for most.
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
    pub(crate) fn member(&self, index: u32, member: usize) -> Option<u32> {
        let Place { slots, shape, fits, .. } = *self.place(index);
        let slot = (fits && member < shape.members().len()).then(|| self.places.slots[slots as usize + member])?;
        (slot != NONE).then_some(slot)
    }

    /// Adds a value and its descendants, and returns its index.
    fn add(&mut self, added: Added<'d>, parent: u32, owner: u32) -> u32 {
        let Added { value, written, member, shape } = added;
        let index = count(self.places.places.len());
        let slots = count(self.places.slots.len());
        let content = value.content();
        let fits = fits(value, content, shape);
        self.places.places.push(Place {
            member,
            value: value.index(),
            parent,
            end: index + 1,
            slots,
            owner,
            shape,
            fits,
            is_written: written.is_some(),
        });
        if let Content::String(text) = content {
            self.note_text(index, text);
        }
        if !fits {
            return index;
        }
        self.placeholders.count(content);
        match (shape.kind(), content) {
            (ShapeKind::Structure { .. }, Content::Object) => self.add_members(index, value, shape, owner),
            (ShapeKind::Map { value: shape, .. }, Content::Object) => {
                for member in value.members() {
                    let added = Added { value: member.value(), written: Some(member), member: None, shape: *shape };
                    self.add(added, index, owner);
                }
            }
            (ShapeKind::List { item, .. }, Content::Array) => {
                for value in value.items() {
                    self.add(Added { value, written: None, member: None, shape: *item }, index, owner);
                }
            }
            _ => {}
        }
        self.places.places[index as usize].end = count(self.places.places.len());
        index
    }

    fn add_members(&mut self, index: u32, object: Value<'d>, shape: Shape, owner: u32) {
        let members = shape.members();
        let slots = self.places.slots.len();
        self.places.slots.resize(slots + members.len(), NONE);
        let names_owner = || OWNER_MEMBERS.iter().any(|name| shape.member(name).is_some());
        let owner = if owner == NO_OWNER && names_owner() { index } else { owner };
        let mut taken = Vec::new();
        for written in object.members() {
            let is_request = self.kind.is_request;
            let of_paginator = || paginator_token(index, written.name(), shape).filter(|_| !is_request);
            let known = shape.member_index(written.name()).or_else(of_paginator);
            if let Some(member) = known.map(|known| &members[known]) {
                let child = self.add(Added::member(written, member), index, owner);
                self.fill(slots, known, child);
            } else if is_request {
                if !(shape.is_open() || (index == 0 && written.name() == SCHEMA)) {
                    self.add_unknown_member(index, written, (object, &mut taken), owner);
                }
            } else if index == 0 && written.name() == RESPONSE_METADATA.name {
                self.add(Added::member(written, &RESPONSE_METADATA), index, owner);
            } else if !(shape.is_open() || (index == 0 && is_of_client(written.name()))) {
                self.add_unknown_member(index, written, (object, &mut taken), owner);
            }
        }
    }

    /// Adds a member whose key is not a member of the shape. It counts as the member that it most likely means,
    /// unless the structure has that one, too: `taken` has what is known of that.
    fn add_unknown_member(
        &mut self,
        holder: u32,
        written: Member<'d>,
        (object, taken): (Value<'d>, &mut Vec<(&'static str, bool)>),
        owner: u32,
    ) {
        let Place { shape, slots, .. } = *self.place(holder);
        let near = shape.near_member(written.name());
        let mut is_taken = |near: &'static ShapeMember| {
            if let Some((_, is_taken)) = taken.iter().find(|(name, _)| *name == near.name) {
                return *is_taken;
            }
            let is_taken = object.member(near.name).is_some();
            taken.push((near.name, is_taken));
            is_taken
        };
        let is_taken = near.is_some_and(&mut is_taken);
        self.unknown_members.push(UnknownMember { holder, written, near, is_taken });
        if let Some(near) = near.filter(|_| !is_taken) {
            let child = self.add(Added::member(written, near), holder, owner);
            self.fill(slots as usize, shape.member_index(near.name), child);
        }
    }

    /// Puts a member in its slot, unless the slot is taken or the member is null.
    fn fill(&mut self, slots: usize, member: Option<usize>, child: u32) {
        let is_null = self.entry(child).value.is_null();
        let Some(slot) = member.map(|member| &mut self.places.slots[slots + member]) else { return };
        if *slot == NONE && !is_null {
            *slot = child;
        }
    }

    /// Collects the masked parts of a string, and an ARN for the checks that need all of them.
    fn note_text(&mut self, index: u32, text: &'d str) {
        let Place { member, shape, parent, .. } = *self.place(index);
        let is_text = matches!(shape.kind(), ShapeKind::Text { .. });
        let arn = if text.starts_with("arn:") { Arn::parse(text) } else { None };
        if let Some(arn) = arn.filter(|_| is_text && is_arn_member(member.map_or("", |member| member.name), shape)) {
            self.arns.push(ArnEntry::new(index, arn));
        }
        // Parameters should be masked, so those are not judged.
        if !may_be_quoted(shape) {
            return;
        }
        let holder = self.place(parent);
        let is_item = member.is_none() && matches!(holder.shape.kind(), ShapeKind::List { .. });
        let named = if is_item { holder.member } else { member };
        let role = role(named, shape);
        if self.kind.is_request {
            let holds_free_text = named.is_none_or(|member| FREE_TEXTS.contains(&member.name));
            if !holds_free_text {
                let takes_words = takes_words(text, role, named.map_or("", |member| member.name), shape);
                self.add_masks(index, text, placeholders(text, role, takes_words));
            }
            return;
        }
        let ranges = match arn.filter(|_| matches!(role, Role::Name | Role::Prose) && !text.contains(' ')) {
            Some(arn) => arn.masks(),
            None => masks(text, role),
        };
        self.add_masks(index, text, ranges);
    }

    fn add_masks(&mut self, index: u32, text: &str, ranges: Vec<Range<usize>>) {
        let is_whole = |range: &Range<usize>| *range == (0..text.len());
        self.masks.extend(ranges.into_iter().map(|range| MaskedPart { index, is_whole: is_whole(&range), range }));
    }
}

/// A value to add.
#[derive(Clone, Copy)]
struct Added<'d> {
    value: Value<'d>,
    written: Option<Member<'d>>,
    member: Option<&'static ShapeMember>,
    shape: Shape,
}

impl<'d> Added<'d> {
    fn member(written: Member<'d>, member: &'static ShapeMember) -> Self {
        Added { value: written.value(), written: Some(written), member: Some(member), shape: member.shape }
    }
}

/// What a string is for the recognition of masks, by its shape, or else by its member or that of its list.
fn role(member: Option<&'static ShapeMember>, shape: Shape) -> Role {
    use Shape::{
        DateTime, DateTimeTimestamp, ListedVersionNumber, PclusterTime, VersionNumber, VersionNumberWithBuild,
        WildcardVersionNumber,
    };
    match shape.base() {
        DateTime | DateTimeTimestamp | PclusterTime => Role::Date,
        VersionNumber | VersionNumberWithBuild | ListedVersionNumber | WildcardVersionNumber => Role::Version,
        _ => member.map_or(Role::Prose, |member| member.role),
    }
}

/// The members of requests that hold what their author likes, in which nothing stands for a value.
const FREE_TEXTS: [&str; 9] = [
    "description",
    "changeDescription",
    "keyPair",
    "data",
    "dockerfileTemplateData",
    "userDataOverride",
    "reason",
    "policy",
    "uefiData",
];

/// Whether a word in capitals stands for a value of a member: where it breaks a pattern, or an id belongs.
fn takes_words(text: &str, role: Role, member: &str, shape: Shape) -> bool {
    match shape.kind() {
        ShapeKind::Text { pattern: Some(pattern), .. } => !pattern.is_match(text),
        ShapeKind::Text { values, .. } => {
            let is_id = ["Id", "Ids", "Arn", "Arns", "Image"].iter().any(|end| member.ends_with(end));
            values.is_empty() && (matches!(role, Role::Account | Role::Region) || is_id)
        }
        _ => false,
    }
}

impl<'d> ArnEntry<'d> {
    pub(super) fn parse(index: u32, text: &'d str) -> Option<Self> {
        Some(ArnEntry::new(index, Arn::parse(text)?))
    }

    fn new(index: u32, arn: Arn<'d>) -> Self {
        ArnEntry { index, arn, resource: arn.is_image_builder().then(|| arn.image_builder_resource()) }
    }
}

/// The member of a list that its token is: the paginators of the AWS CLI and of boto3 write `NextToken` where they
/// stop before the end.
fn paginator_token(index: u32, name: &str, shape: Shape) -> Option<usize> {
    (index == 0 && name == "NextToken").then(|| shape.member_index("nextToken")).flatten()
}

/// Whether a value has the JSON type of a shape; null never has.
fn fits(value: Value<'_>, content: Content<'_>, shape: Shape) -> bool {
    match (shape.kind(), content) {
        (ShapeKind::Any, _)
        | (ShapeKind::Boolean, Content::Boolean(_))
        | (ShapeKind::Timestamp, Content::Number(_) | Content::String(_))
        | (ShapeKind::Structure { .. } | ShapeKind::Map { .. }, Content::Object)
        | (ShapeKind::List { .. }, Content::Array)
        | (ShapeKind::Text { .. }, Content::String(_))
        | (ShapeKind::Integer { .. } | ShapeKind::Number { .. }, Content::Number(_)) => true,
        // placebo writes out Python's datetime.
        (ShapeKind::Timestamp, Content::Object) => value.member("__class__").is_some(),
        _ => false,
    }
}

/// A number of entries as an index.
fn count(entries: usize) -> u32 {
    u32::try_from(entries).expect("a document has fewer values than that")
}
