//! Builds the tree of a payload: resolves keys to members of shapes, and collects ARNs and masked parts on the way.

use std::ops::Range;

use super::{
    ArnEntry, EMPTY, MaskedPart, NO_OWNER, NO_SLOTS, NONE, POOL, Place, Placeholders, Tree, UnknownMember, count,
};
use crate::aws::arn::Arn;
use crate::aws::mask::{Role, masks, masks_in};
use crate::aws::placeholder::placeholders;
use crate::document::secret::may_be_quoted;
use crate::document::{Content, Document, Member, Value};
use crate::model::shape::{Kind as ShapeKind, Member as ShapeMember, Shape};
use crate::recognise::envelope::RESPONSE_METADATA;
use crate::recognise::kind::{SCHEMA, may_stand_at_root};
use crate::recognise::payload::{Carrier, Payload};
use crate::recognise::state_machine::is_expression;
use crate::text::pool::Lent;

impl<'d> Tree<'d> {
    /// The tree of a payload.
    pub(crate) fn new(document: &'d Document<'d>, payload: &Payload<'d>) -> Self {
        let mut tree = Tree {
            document,
            kind: payload.kind,
            carrier: payload.carrier,
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

    /// Adds a value and its descendants, and returns its index.
    fn add(&mut self, added: Added<'d>, parent: u32, owner: u32) -> u32 {
        let Added { value, written, member, shape } = added;
        let index = count(self.places.all.len());
        let content = value.content();
        let fits = fits(value, content, shape);
        self.places.all.push(Place {
            member,
            value: value.index(),
            parent,
            end: index + 1,
            slots: NO_SLOTS,
            arn: NONE,
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
        self.places.all[index as usize].end = count(self.places.all.len());
        index
    }

    fn add_members(&mut self, index: u32, object: Value<'d>, shape: Shape, owner: u32) {
        let members = shape.members();
        let slots = self.places.slots.len();
        self.places.slots.resize(slots + members.len(), NONE);
        self.places.all[index as usize].slots = count(slots);
        let own_arn = if owner == NO_OWNER { own_arn(shape) } else { None };
        let owner = if own_arn.is_some() { count(self.places.owners.len()) } else { owner };
        if own_arn.is_some() {
            self.places.owners.push(None);
        }
        let mut taken = Vec::new();
        for written in object.members() {
            let is_request = self.kind.is_request();
            let of_paginator = || paginator_token(index, written.name(), shape).filter(|_| !is_request);
            let known = shape.member_index(written.name()).or_else(of_paginator);
            if let Some(member) = known.map(|known| &members[known]) {
                let child = self.add(Added::member(written, member), index, owner);
                self.fill(slots, known, child);
            } else if is_request {
                if !(shape.is_open() || (index == 0 && self.is_beside(written.name()))) {
                    self.add_unknown_member(index, written, (object, &mut taken), owner);
                }
            } else if index == 0 && written.name() == RESPONSE_METADATA.name {
                self.add(Added::member(written, &RESPONSE_METADATA), index, owner);
            } else if !(shape.is_open() || (index == 0 && may_stand_at_root(written.name(), shape))) {
                self.add_unknown_member(index, written, (object, &mut taken), owner);
            }
        }
        if let Some(own_arn) = own_arn {
            self.places.owners[owner as usize] = self.member(index, own_arn);
        }
    }

    /// Whether a name may stand in a request beside its members: the address of a schema, the token of a recorded call.
    fn is_beside(&self, name: &str) -> bool {
        name == SCHEMA || (name == "clientToken" && self.carrier == Carrier::Record)
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
        let value = self.entry(child).value;
        let Some(slot) = member.map(|member| &mut self.places.slots[slots + member]) else { return };
        if *slot == NONE && !value.is_null() {
            *slot = if value.is_empty() { child | EMPTY } else { child };
        }
    }

    /// Collects the masked parts of a string, and an ARN for the checks that need all of them.
    fn note_text(&mut self, index: u32, text: &'d str) {
        let Place { member, shape, parent, .. } = *self.place(index);
        let arn = if text.starts_with("arn:") { Arn::parse(text) } else { None };
        if let Some(arn) = arn {
            let is_text = matches!(shape.kind(), ShapeKind::Text { .. });
            let is_reference = is_text && is_arn_member(member.map_or("", |member| member.name), shape);
            let resource = arn.is_image_builder().then(|| arn.image_builder_resource());
            self.arns.push(ArnEntry { index, is_reference, arn, resource });
            self.places.all[index as usize].arn = count(self.arns.len());
        }
        // Parameters should be masked, so those are not judged.
        if !may_be_quoted(shape) {
            return;
        }
        let holder = self.place(parent);
        let is_item = member.is_none() && matches!(holder.shape.kind(), ShapeKind::List { .. });
        let named = if is_item { holder.member } else { member };
        let role = role(named, shape);
        let stands_for_other = match self.carrier {
            Carrier::StateMachine => is_expression(text),
            Carrier::Record => is_withheld(text),
            Carrier::Document => false,
        };
        if stands_for_other {
            self.masks.push(MaskedPart { index, range: 0..text.len(), is_whole: true });
            return;
        }
        if self.kind.is_request() {
            let holds_free_text = named.is_none_or(|member| FREE_TEXTS.contains(&member.name));
            if !holds_free_text {
                let takes_words = takes_words(text, role, named.map_or("", |member| member.name), shape);
                self.add_masks(index, text, placeholders(text, role, takes_words));
            }
            return;
        }
        let may_have_marks = self.document.may_hold_secret_or_mask();
        if arn.is_none() && !may_have_marks && !role.has_marks_of_its_own() {
            debug_assert!(masks(text, role).is_empty(), "{text}");
            return;
        }
        let arn = arn.filter(|_| matches!(role, Role::Name | Role::Prose) && !text.contains(' '));
        let ranges = match arn {
            Some(arn) => arn.masks(may_have_marks),
            None => masks_in(text, role, may_have_marks),
        };
        debug_assert_eq!(ranges, arn.map_or_else(|| masks(text, role), |arn| arn.masks(true)), "{text}");
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

/// The place of the member with the ARN of the resource that a structure of a shape describes or belongs to.
fn own_arn(shape: Shape) -> Option<usize> {
    ["arn", "imageBuildVersionArn"].into_iter().find_map(|name| shape.member_index(name))
}

/// Whether CloudTrail left a text out, or wrote it as it stood in the path of a call.
fn is_withheld(text: &str) -> bool {
    text.starts_with("HIDDEN_DUE_TO_SECURITY_REASONS") || text.starts_with("arn%3A")
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

/// Whether a member is meant to hold an ARN. Others, such as tags and descriptions, may contain unrelated ARNs.
fn is_arn_member(member: &str, shape: Shape) -> bool {
    let is_named = matches!(member, "arn" | "kmsKeyId" | "executionRole" | "parentImage");
    is_named || member.ends_with("Arn") || (member.is_empty() && shape.base().name().ends_with("Arn"))
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
