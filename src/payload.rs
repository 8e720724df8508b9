//! What a document holds: payloads, each of a kind that its keys tell, out of the envelopes that
//! tools wrap around responses. Knows no rule.

use crate::document::{Document, Value};
use crate::kind::{Form, Keys, Kind, kinds};
use crate::node::Node;
use crate::shape::Shape;

/// A part of a document that is checked as one.
#[derive(Debug, Clone, Copy)]
pub struct Payload<'d> {
    /// Its kind.
    pub kind: &'static Kind,
    /// The shape of its root.
    pub shape: Shape,
    /// Its root.
    pub value: &'d Value<'d>,
    /// Keys of its root that belong to the envelope around it.
    pub envelope: &'static [&'static str],
}

impl<'d> Payload<'d> {
    /// The node of its root.
    pub fn root(&self, document: &'d Document<'d>) -> Node<'d> {
        Node::root(document, self.value, self.shape)
    }
}

/// What was made of a document's tree.
#[derive(Debug)]
pub enum Recognition<'d> {
    /// It holds payloads.
    Payloads(Vec<Payload<'d>>),
    /// Its kind cannot be told; these two come nearest.
    Unknown(Vec<&'static Kind>),
}

/// What boto3 adds to every response.
const BOTO3: &[&str] = &["ResponseMetadata"];

/// Finds the payloads of a document, or takes its root as one of the kind that is forced.
pub fn recognise<'d>(document: &'d Document<'d>, forced: Option<&'static Kind>) -> Recognition<'d> {
    let Some(value) = &document.root else {
        return Recognition::Payloads(Vec::new());
    };
    let keys = |folded| value.as_object().map(|object| Keys::new(object, folded));
    // Exact keys of any kind come before misspelt keys of another.
    let told = |kind: &'static Kind, folded| {
        let keys = keys(folded)?;
        kind.forms.iter().find(|form| (form.test)(&keys)).map(|form| (kind, form.shape))
    };
    let recognised = match forced {
        Some(kind) => {
            told(kind, false).or_else(|| told(kind, true)).or(kind.forms.first().map(|form| (kind, form.shape)))
        }
        None => [false, true].into_iter().find_map(|folded| kinds().find_map(|kind| told(kind, folded))),
    };
    match recognised {
        Some((kind, shape)) => Recognition::Payloads(vec![Payload { kind, shape, value, envelope: BOTO3 }]),
        None => Recognition::Unknown(keys(true).map(|keys| nearest(&keys)).unwrap_or_default()),
    }
}

/// The two kinds whose members an object shares most.
fn nearest(keys: &Keys<'_>) -> Vec<&'static Kind> {
    let shared = |kind: &'static Kind| {
        let members = |form: &Form| keys.names().filter(|name| form.shape.member(name).is_some()).count();
        kind.forms.iter().map(members).max().unwrap_or(0)
    };
    let mut candidates: Vec<_> = kinds().map(|kind| (shared(kind), kind)).filter(|(count, _)| *count > 0).collect();
    candidates.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    candidates.into_iter().take(2).map(|(_, kind)| kind).collect()
}
