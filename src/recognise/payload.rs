//! What a document holds: payloads, each of a kind that its keys show, out of the envelopes that tools wrap
//! around responses.

use crate::document::{Document, Value};
use crate::model::shape::Shape;
use crate::recognise::envelope;
use crate::recognise::kind::{Form, Keys, Kind, kinds};

/// A part of a document that is checked as one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Payload<'d> {
    /// Its kind.
    pub(crate) kind: &'static Kind,
    /// The shape of its root.
    pub(crate) shape: Shape,
    /// Its root.
    pub(crate) value: Value<'d>,
}

/// A string that holds JSON, or ought to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Embedded<'d> {
    /// The string.
    pub(crate) holder: Value<'d>,
    /// Whether it is a message that Image Builder sends, which is JSON.
    pub(crate) is_message: bool,
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
            contents.open(root, forced);
        }
        contents
    }

    /// Opens an envelope, or takes a value that is none for a payload.
    fn open(&mut self, value: Value<'d>, forced: Option<&'static Kind>) {
        // The root of a text is no JSON within JSON, however it looks.
        let Some(envelope) = Keys::new(value, false).and_then(|keys| envelope::of(&keys)) else {
            return self.close(value, forced);
        };
        if let Some((kind, shape)) = envelope.kind {
            if !kind.is_envelope {
                self.certainty = Certainty::Sure;
            }
            self.payloads.push(Payload { kind, shape, value });
        }
        envelope.inside(value, &mut |inner| match inner.text() {
            Some(text) if envelope.is_message || text.trim_start().starts_with(['{', '[', '"']) => {
                self.embedded.push(Embedded { holder: inner, is_message: envelope.is_message });
            }
            Some(_) => self.unknown.push(inner),
            None => self.open(inner, forced),
        });
    }

    /// Takes a value for a payload of the kind that its keys show.
    fn close(&mut self, value: Value<'d>, forced: Option<&'static Kind>) {
        // Exact keys of any kind come before misspelt keys of another.
        let form_of = |kind: &'static Kind, folded| {
            let keys = Keys::new(value, folded)?;
            kind.forms.iter().find(|form| form.sign.is_on(&keys)).map(|form| (kind, form.shape))
        };
        let recognised = match forced {
            Some(kind) => form_of(kind, false)
                .or_else(|| form_of(kind, true))
                .or(kind.forms.first().map(|form| (kind, form.shape))),
            None => [false, true].into_iter().find_map(|folded| kinds().find_map(|kind| form_of(kind, folded))),
        };
        let Some((kind, shape)) = recognised else {
            return self.unknown.push(value);
        };
        // Another tool's variables are in snake_case, too.
        let is_other = |keys: Keys<'_>| {
            !kind.has_python_client && form_of(kind, false).is_none() && keys.names().any(|name| name.contains('_'))
        };
        let certainty = match Keys::new(value, kind.has_python_client) {
            _ if forced.is_some() => Certainty::Sure,
            Some(keys) if (kind.is_sure)(&keys) => Certainty::Sure,
            Some(keys) if is_other(keys) => Certainty::Unknown,
            _ => Certainty::HasForm,
        };
        self.certainty = self.certainty.max(certainty);
        self.payloads.push(Payload { kind, shape, value });
    }
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
