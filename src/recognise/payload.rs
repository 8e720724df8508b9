//! What a document holds: payloads, each of a kind that its keys show, out of the envelopes that tools wrap
//! around responses.

use crate::document::{Document, Member, Value};
use crate::model::shape::Shape;
use crate::recognise::envelope::{self, Holds};
use crate::recognise::kind::relatives::{CLOUDTRAIL_RECORD, STATE_MACHINE};
use crate::recognise::kind::{Form, Keys, Kind, is_own_arn, kinds, options, requests};
use crate::recognise::{list, state_machine};
use crate::text::encoded::{json_in_base64, looks_like_json};

/// A part of a document that is checked as one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Payload<'d> {
    /// Its kind.
    pub(crate) kind: &'static Kind,
    /// The shape of its root.
    pub(crate) shape: Shape,
    /// Its root.
    pub(crate) value: Value<'d>,
    /// What carries it.
    pub(crate) carrier: Carrier,
}

/// What carries a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// A document of its own, or any envelope of a response.
    Document,
    /// A record of CloudTrail, which shows one call that was made, perhaps not all of it.
    Record,
    /// A state machine, which writes names in `PascalCase` and fills in paths and expressions when it runs.
    StateMachine,
}

/// A string that holds JSON, or ought to.
#[derive(Debug)]
pub(crate) struct Embedded<'d> {
    /// The string.
    pub(crate) holder: Value<'d>,
    /// What such strings hold.
    pub(crate) holds: Holds,
    /// The JSON that it holds in base64, if it does.
    pub(crate) decoded: Option<String>,
}

/// What was made of a document's tree.
#[derive(Debug, Default)]
pub(crate) struct Contents<'d> {
    /// The payloads, the outermost envelope first.
    pub(crate) payloads: Vec<Payload<'d>>,
    /// Strings that hold JSON, each a document of its own.
    pub(crate) embedded: Vec<Embedded<'d>>,
    /// What lies in an envelope and is of no kind that is known.
    pub(crate) unknown: Vec<Value<'d>>,
    /// How sure it is that the document is Image Builder's.
    pub(super) certainty: Certainty,
}

/// How sure it is that a document is Image Builder's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// There is nothing that is more than an envelope.
    #[default]
    Unknown,
    /// It has the form; so may another program's.
    HasForm,
    /// It is no other program's.
    Sure,
}

impl<'d> Contents<'d> {
    /// The payloads of a document; what is inside all envelopes is of the kind that is forced, if any.
    pub(crate) fn of(document: &'d Document<'d>, forced: Option<&'static Kind>) -> Self {
        let mut contents = Contents::default();
        if let Some(root) = document.root() {
            match root.text() {
                Some(_) => contents.hold(root, Holds::Documents),
                None if root.is_array() => {
                    if contents.open_list(root, forced) {
                        return contents;
                    }
                    root.items().for_each(|item| contents.hold(item, Holds::Anything));
                }
                None => {
                    contents.open(root, forced);
                    return contents;
                }
            }
            if contents.embedded.is_empty() {
                contents.unknown.clear();
                contents.close(root, forced);
            }
        }
        contents
    }

    /// Notes what a string holds.
    fn hold(&mut self, holder: Value<'d>, holds: Holds) {
        let text = holder.text().unwrap_or_default();
        let is_json = holds == Holds::Message || looks_like_json(text);
        let decoded = if is_json { None } else { json_in_base64(text) };
        if is_json || decoded.is_some() {
            self.embedded.push(Embedded { holder, holds, decoded });
        } else if holds != Holds::Anything {
            self.unknown.push(holder);
        }
    }

    /// Opens an envelope, or takes a value that is none for a payload.
    fn open(&mut self, value: Value<'d>, forced: Option<&'static Kind>) {
        let Some(envelope) = Keys::new(value, false).and_then(|keys| envelope::of(&keys)) else {
            return self.close(value, forced);
        };
        if let Some((kind, shape)) = envelope.kind {
            if !kind.is_envelope {
                self.certainty = Certainty::Sure;
            }
            self.payloads.push(Payload { kind, shape, value, carrier: Carrier::Document });
            if *kind == CLOUDTRAIL_RECORD {
                self.payloads.extend(recorded_request(value));
            } else if *kind == STATE_MACHINE {
                self.payloads.extend(state_machine::tasks(value).into_iter().filter_map(request_of_task));
            }
        }
        envelope.inside(value, &mut |inner| match inner.text() {
            Some(_) => self.hold(inner, envelope.holds),
            None => self.open(inner, forced),
        });
    }

    /// Takes an array for one payload; whether it is a list that is one.
    fn open_list(&mut self, array: Value<'d>, forced: Option<&'static Kind>) -> bool {
        let Some((kind, shape)) = list::list(array, forced) else {
            return false;
        };
        // Another tool's variables are in snake_case, too.
        let is_snake = || array.items().flat_map(Value::members).any(|member| member.name().contains('_'));
        self.certainty = match () {
            () if forced.is_some() || options::is_sure(array) => Certainty::Sure,
            () if is_snake() => Certainty::Unknown,
            () => Certainty::HasForm,
        };
        self.payloads.push(Payload { kind, shape, value: array, carrier: Carrier::Document });
        true
    }

    /// Opens the results of a state machine in an object that is of no kind itself.
    fn open_results(&mut self, value: Value<'d>) {
        let before = self.payloads.len();
        if value.member("AWSTemplateFormatVersion").is_none() {
            self.search_results(value, MOST_RESULT_KEYS);
        }
        if self.payloads.len() == before {
            self.unknown.push(value);
        }
    }

    /// Opens the results of a state machine up to so many keys deep. Items of a list are a level of their own.
    fn search_results(&mut self, value: Value<'d>, deepest: usize) {
        for inner in value.members().map(Member::value).chain(value.items()) {
            if is_result(inner) {
                self.open(inner, None);
            } else if deepest > 1 {
                self.search_results(inner, deepest - 1);
            }
        }
    }

    /// Takes a value for a payload of the kind that its keys show.
    fn close(&mut self, value: Value<'d>, forced: Option<&'static Kind>) {
        let exact = Keys::new(value, false);
        // Exact keys of any kind come before misspelt keys of another.
        let form_of = |kind: &'static Kind, folded| {
            let keys = exact.map(|keys| if folded { keys.loosely() } else { keys })?;
            kind.forms.iter().find(|form| form.sign.is_on(&keys)).map(|form| (kind, form.shape))
        };
        let recognised = match forced {
            Some(kind) => form_of(kind, false)
                .or_else(|| form_of(kind, true))
                .or(kind.forms.first().map(|form| (kind, form.shape))),
            None => [false, true].into_iter().find_map(|folded| kinds().find_map(|kind| form_of(kind, folded))),
        };
        let Some((kind, shape)) = recognised else {
            return self.open_results(value);
        };
        let is_snake = exact.is_some_and(|keys| keys.names().any(|name| name.contains('_')));
        // Names of one word are the same in snake_case: alone they may show another form.
        let in_snake_case = if is_snake { form_of(kind, true) } else { None };
        let shape = in_snake_case.map_or(shape, |(_, shape)| shape);
        // Another tool's variables are in snake_case, too.
        let is_other = |keys: Keys<'_>| {
            let is_variables = || !(names_resource(keys.loosely()) && keys.loosely().only_of(shape));
            is_snake && !kind.has_python_client && form_of(kind, false).is_none() && is_variables()
        };
        let certainty = match Keys::new(value, kind.has_python_client) {
            _ if forced.is_some() => Certainty::Sure,
            Some(keys) if (kind.is_sure)(&keys) || is_skeleton(&keys) => Certainty::Sure,
            Some(keys) if is_other(keys) => Certainty::Unknown,
            _ => Certainty::HasForm,
        };
        self.certainty = self.certainty.max(certainty);
        self.payloads.push(Payload { kind, shape, value, carrier: Carrier::Document });
    }
}

/// The request that a record of CloudTrail holds: its parameters, unless there are none. What a call that failed asked
/// for is recorded as far as the service got.
fn recorded_request(record: Value<'_>) -> Option<Payload<'_>> {
    if record.member("errorCode").is_some_and(|code| !code.value().is_null()) {
        return None;
    }
    let value = record.member("requestParameters")?.value();
    request(record.member("eventName")?.value().text()?, value, Carrier::Record)
}

fn request_of_task(task: state_machine::Task<'_>) -> Option<Payload<'_>> {
    request(task.operation, task.request?, Carrier::StateMachine)
}

/// The request of an operation.
fn request<'d>(operation: &str, value: Value<'d>, carrier: Carrier) -> Option<Payload<'d>> {
    let kind = requests::of_operation(operation)?;
    value.is_object().then(|| Payload { kind, shape: kind.forms[0].shape, value, carrier })
}

/// Whether an object is the printed syntax of a response whose names say little each.
fn is_skeleton(keys: &Keys<'_>) -> bool {
    const ANSWER: &[&str] = &["requestId", "clientToken", "componentArn", "imageArn", "policy"];
    const RESOURCE: &[&str] = &["data", "resourceArn", "url"];
    let (names, least) = if keys.has("requestId") { (ANSWER, 2) } else { (RESOURCE, RESOURCE.len()) };
    keys.names().count() >= least && keys.names().all(|name| names.contains(&name) && keys.text(name) == Some("string"))
}

/// How many keys of its author's a state machine may put around a result. In a state file of Terraform, resources lie
/// deeper.
const MOST_RESULT_KEYS: usize = 3;

/// Whether an object is a response, or wraps one, that names a resource of Image Builder: a state machine keeps such
/// results under names of its author's.
fn is_result(value: Value<'_>) -> bool {
    let names_own = |object: Value<'_>| object.members().any(|member| member.value().text().is_some_and(is_own_arn));
    let is_inside = |inner: Value<'_>| names_own(inner) || inner.items().any(names_own);
    let is_named = names_own(value) || value.members().any(|member| is_inside(member.value()));
    let is_known = |folded| {
        let keys = Keys::new(value, folded)?;
        kinds().find(|kind| kind.forms.iter().any(|form| form.sign.is_on(&keys)))
    };
    is_named && (is_known(false).is_some() || is_known(true).is_some())
}

/// Whether an object, or one that it holds, says which resource of Image Builder it describes.
fn names_resource(keys: Keys<'_>) -> bool {
    let is_own = |keys: &Keys<'_>| {
        let arn = ["arn", "imageBuildVersionArn"].iter().find_map(|name| keys.text(name));
        keys.has_any(&["requestId", "lifecycleExecutionId"]) || arn.is_some_and(is_own_arn)
    };
    is_own(&keys) || keys.names().any(|name| keys.object(name).is_some_and(|inner| is_own(&inner)))
}

/// The two kinds whose members an object shares most.
pub(crate) fn nearest(value: Value<'_>) -> Vec<&'static Kind> {
    let Some(keys) = Keys::new(value, true) else {
        return Vec::new();
    };
    let shared = |kind: &'static Kind| {
        let members = |form: &Form| keys.names().filter(|name| form.shape.member(name).is_some()).count();
        kind.forms.iter().map(members).max().unwrap_or(0)
    };
    let mut candidates: Vec<_> = kinds().map(|kind| (shared(kind), kind)).filter(|(count, _)| *count > 0).collect();
    candidates.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    candidates.into_iter().take(2).map(|(_, kind)| kind).collect()
}
