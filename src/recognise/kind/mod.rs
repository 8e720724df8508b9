//! The kinds of documents, and the keys that show them. Knows no envelope.

use crate::document::{Member, Value};
use crate::model::shape::{self, Shape, folds_alike, name_bit, within_edits};
use crate::recognise::sign::{Sign, words_of_any};
use crate::text::suggest;

mod answers;
mod images;
mod lists;
pub(super) mod options;
pub(super) mod parts;
mod pcluster;
pub(crate) mod relatives;
pub(crate) mod requests;
mod responses;

/// A kind of document.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Its name on the command line and in reports.
    pub name: &'static str,
    /// What it is.
    pub summary: &'static str,
    /// The forms it comes in; the first is what `--kind` forces where none fits.
    pub forms: &'static [Form],
    /// Whether it only wraps what others sent, too: alone it makes no Image Builder document.
    pub is_envelope: bool,
    /// Whether a client in Python knows it that dumps all members in `snake_case`.
    pub has_python_client: bool,
    /// Whether it is sent to the service or comes back.
    pub side: Side,
    /// Whether an object of this kind is surely no other program's, even if nothing in its document
    /// says whose it is.
    pub is_sure: fn(&Keys<'_>) -> bool,
}

impl Kind {
    /// A base for `..Kind::BASE`.
    pub(crate) const BASE: Kind = Kind {
        name: "",
        summary: "",
        forms: &[],
        is_envelope: false,
        has_python_client: false,
        side: Side::Response,
        is_sure: |_| false,
    };

    /// Whether it is sent to the service. Then the constraints of the model are strict.
    pub(crate) fn is_request(&self) -> bool {
        self.side != Side::Response
    }

    /// What it is recognised by, in words.
    pub(crate) fn recognised(&self) -> String {
        words_of_any(self.forms.iter().map(|form| &form.sign))
    }
}

/// Which way a document goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// It comes from the service, or tells of what does.
    Response,
    /// It is sent to the service.
    Request,
    /// It is sent as the value of an option of the AWS CLI, and may have come out of a response.
    Option,
}

/// A form of a kind.
#[derive(Debug)]
pub(crate) struct Form {
    /// The shape of the payload's root.
    pub shape: Shape,
    /// What it is recognised by.
    pub sign: Sign,
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The keys of an object, for signs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keys<'d> {
    object: Value<'d>,
    /// Whether keys count that are equal but for case, `_` and `-`. Then, as in what SDKs write down, null stands for
    /// an absent member.
    folded: bool,
    /// The bits of the names, to tell quickly that a member is not there.
    bits: u128,
}

impl<'d> Keys<'d> {
    /// The keys of an object, if it is one; folded, those count that are equal but for case, `_` and `-`.
    pub(crate) fn new(value: Value<'d>, folded: bool) -> Option<Self> {
        value.is_object().then(|| {
            let bits = value.members().fold(0, |bits, member| bits | name_bit(member.name().as_bytes()));
            Keys { object: value, folded, bits }
        })
    }

    /// The object that they are of.
    pub(crate) fn value(&self) -> Value<'d> {
        self.object
    }

    /// The keys themselves, but for those that SDKs and editors add.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'d str> {
        let is_absent = |member: &Member<'_>| member.value().is_null() || member.name() == "ResponseMetadata";
        let folded = self.folded;
        let members = self.object.members();
        members.filter(move |member| !(is_of_client(member.name()) || (folded && is_absent(member)))).map(Member::name)
    }

    /// The value of a member.
    pub(crate) fn get(&self, name: &str) -> Option<Value<'d>> {
        // A plural is another name.
        let ends = |key: &str| key.bytes().next_back().map(|byte| byte.to_ascii_lowercase());
        let alike = |key: &str| folds_alike(key, name) && ends(key) == ends(name);
        let folded = || self.object.members().find(|member| self.folded && alike(member.name()));
        let may_be_there = self.bits & name_bit(name.as_bytes()) != 0;
        let exact = if may_be_there { self.object.member(name) } else { None };
        let member = exact.or_else(folded).map(Member::value);
        member.filter(|value| !(self.folded && value.is_null()))
    }

    /// The same keys, those counted that are equal but for case, `_` and `-`.
    pub(crate) fn loosely(self) -> Self {
        Keys { folded: true, ..self }
    }

    /// Whether there is a member of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether there is a member of any of those names.
    pub(crate) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    /// The text of a member; folded, also of one that .NET wraps in an object.
    pub(crate) fn text(&self, name: &str) -> Option<&'d str> {
        let value = self.get(name)?;
        let wrapped = || value.member("Value").filter(|_| self.folded && value.len() == 1)?.value().text();
        value.text().or_else(wrapped)
    }

    pub(crate) fn object(&self, name: &str) -> Option<Keys<'d>> {
        self.keys_of(self.get(name)?)
    }

    /// The keys of another object, counted in the same way.
    fn keys_of(&self, value: Value<'d>) -> Option<Keys<'d>> {
        Keys::new(value, self.folded)
    }

    /// The objects in an array member; none where the member is no array.
    pub(crate) fn items(&self, name: &str) -> impl Iterator<Item = Keys<'d>> {
        self.get(name).into_iter().flat_map(Value::items).filter_map(|item| self.keys_of(item))
    }

    /// Whether `arn` names an Image Builder resource of that type. Beside `semanticVersion`, which no response has, it was
    /// left in a request.
    pub(crate) fn arn_of(&self, resource: &str) -> bool {
        let arn = self.text("arn").filter(|_| !self.has("semanticVersion"));
        arn.is_some_and(|arn| {
            let colon = memchr::memchr_iter(b':', arn.as_bytes()).nth(4);
            let named = colon.and_then(|colon| arn[colon + 1..].strip_prefix(resource));
            named.is_some_and(|rest| rest.starts_with('/')) && is_own_arn(arn)
        })
    }

    /// Whether a member whose name other services use, too, holds a value of that shape: beside a request
    /// id it does, and where it has an ARN of Image Builder or, without any, mostly members of the shape.
    pub(crate) fn holds(&self, name: &str, shape: Shape) -> bool {
        let is_own = |object: Keys<'_>| {
            let arn = object.text("arn").filter(|arn| arn.starts_with("arn:"));
            arn.map_or_else(|| object.is_mostly(shape), is_own_arn)
        };
        self.has(name) && (self.has("requestId") || self.object(name).is_some_and(is_own))
    }

    /// Whether at least half of the keys, if any, are members of a shape.
    pub(crate) fn is_mostly(&self, shape: Shape) -> bool {
        let is_known = |name: &str| {
            let near = || shape.members().iter().any(|member| folds_alike(member.name, name));
            shape.member(name).is_some() || (self.folded && near())
        };
        2 * self.names().filter(|name| is_known(name)).count() >= self.names().count()
    }

    /// Whether a member of that name stands alone and holds an object in which more than half of the keys
    /// are members of a shape, all with values of the right type.
    pub(crate) fn is_answer_with(&self, name: &str, shape: Shape) -> bool {
        let Some(object) = self.object(name).filter(|_| self.only(&[name, "latestVersionReferences"])) else {
            return false;
        };
        let mut known = 0;
        let fits = |written: Member<'_>| {
            let Some(member) = shape.member(written.name()) else { return true };
            known += 1;
            has_type_of(member.shape, written.value())
        };
        object.object.members().all(fits) && 2 * known > object.object.len()
    }

    /// Whether a key is one of these, or one that may stand in any response.
    pub(crate) fn is_among(&self, name: &str, names: &[&str]) -> bool {
        let is = |known: &&str| *known == name || (self.folded && folds_alike(known, name));
        names.iter().any(is) || is_common(name) || is(&"requestId")
    }

    /// Whether there is no key but members of a shape and those that may stand in any response.
    pub(crate) fn only_of(&self, shape: Shape) -> bool {
        let is_member = |name: &str| shape.members().iter().any(|member| folds_alike(member.name, name));
        self.names().all(|name| is_member(name) || is_common(name))
    }

    /// Whether there is no key but these and the envelope's.
    pub(crate) fn only(&self, names: &[&str]) -> bool {
        self.names().all(|name| self.is_among(name, names))
    }
}

/// Whether a text is an ARN of Image Builder, even if the service in it is misspelt.
pub(crate) fn is_own_arn(text: &str) -> bool {
    const SERVICE: &str = "imagebuilder";
    let service = text.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(1));
    service.is_some_and(|service| service == SERVICE || within_edits(&service.to_ascii_lowercase(), SERVICE, 2))
}

/// Whether a value is of the JSON type that a shape asks for.
fn has_type_of(shape: Shape, value: Value<'_>) -> bool {
    match shape.kind() {
        shape::Kind::Structure { .. } | shape::Kind::Map { .. } => value.is_object(),
        shape::Kind::List { .. } => value.is_array(),
        shape::Kind::Text { .. } => value.text().is_some(),
        _ => !value.is_object() && !value.is_array(),
    }
}

/// Whether a member may stand in any response.
fn is_common(name: &str) -> bool {
    name == "requestId" || name == "ResponseMetadata" || is_of_client(name)
}

/// Whether a member may stand at the root of a payload whose shape does not have it: what clients add, and the id of the
/// request, which the service sends with every response and the model knows of most.
pub(crate) fn may_stand_at_root(name: &str, shape: Shape) -> bool {
    is_of_client(name) || (name == "requestId" && shape.name().ends_with("Response"))
}

/// Whether a client adds a member to every response. An editor adds the address of a schema.
pub(crate) fn is_of_client(name: &str) -> bool {
    name == SCHEMA || is_of_sdk(name)
}

/// Whether an SDK adds a member to every response: those for JavaScript, PHP and Go, and the last three .NET's.
pub(crate) fn is_of_sdk(name: &str) -> bool {
    matches!(name, "$metadata" | "@metadata" | "ResultMetadata" | "ContentLength" | "HttpStatusCode" | "LoggedAt")
}

/// The member by which editors know the schema of a document. It is no part of the document.
pub(crate) const SCHEMA: &str = "$schema";

/// Every kind, in the order in which they are tried.
pub(crate) fn kinds() -> impl Iterator<Item = &'static Kind> {
    responses::RESPONSES
        .iter()
        .chain(pcluster::KINDS)
        .chain(relatives::RELATIVES)
        .chain(lists::LISTS)
        .chain(requests::REQUESTS)
        .chain(options::OPTIONS)
        .chain(answers::ANSWERS)
        .chain(answers::OTHERS)
        .chain(parts::PARTS)
        .chain(relatives::ENVELOPED)
}

/// The kind of that name.
pub(crate) fn kind(name: &str) -> Option<&'static Kind> {
    kinds().find(|kind| kind.name == name)
}

/// The kind of that name.
///
/// # Errors
///
/// Where there is none; the text suggests one.
pub(crate) fn known_kind(name: &str) -> Result<&'static Kind, String> {
    let names = kinds().map(|kind| kind.name);
    kind(name).ok_or_else(|| suggest::unknown("kind", name, names, "`imagelint kinds` lists them"))
}
