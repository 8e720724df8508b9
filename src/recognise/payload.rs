//! What a document holds: payloads, each of a kind that its keys tell, out of the envelopes that
//! tools wrap around responses. Knows no rule.

use memchr::memmem;

use crate::document::{Document, Value};
use crate::model::shape::Shape;
use crate::recognise::envelope;
use crate::recognise::kind::{Form, Keys, Kind, kinds};
use crate::rule::node::Node;

/// A part of a document that is checked as one.
#[derive(Debug, Clone, Copy)]
pub struct Payload<'d> {
    /// Its kind.
    pub kind: &'static Kind,
    /// The shape of its root.
    pub shape: Shape,
    /// Its root.
    pub value: &'d Value<'d>,
}

impl<'d> Payload<'d> {
    /// The node of its root.
    pub fn root(&self, document: &'d Document<'d>) -> Node<'d> {
        Node::root(document, self.value, self.shape)
    }
}

/// A string that holds JSON, or ought to.
#[derive(Debug, Clone, Copy)]
pub struct Embedded<'d> {
    /// The string.
    pub holder: &'d Value<'d>,
    /// The rule that says so when it holds none, where that is not `syntax`.
    pub text_rule: Option<&'static str>,
}

/// What was made of a document's tree.
#[derive(Debug, Default)]
pub struct Contents<'d> {
    /// The payloads, the outermost envelope first.
    pub payloads: Vec<Payload<'d>>,
    /// Strings that hold JSON, each a document of its own.
    pub embedded: Vec<Embedded<'d>>,
    /// What lies in an envelope and is of no kind that is known.
    pub unknown: Vec<&'d Value<'d>>,
    certainty: Certainty,
}

/// How sure it is that a document is Image Builder's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Certainty {
    /// There is nothing that is more than an envelope.
    #[default]
    Unknown,
    /// It has the form; so may another program's.
    Told,
    /// It is no other program's.
    Sure,
}

impl Contents<'_> {
    /// Whether there is a payload of Image Builder that is more than an envelope; the keys alone seldom
    /// tell, so that something in or around the document must bear its mark.
    pub fn is_recognised(&self, bears_mark: impl FnOnce() -> bool) -> bool {
        match self.certainty {
            Certainty::Unknown => false,
            Certainty::Told => bears_mark(),
            Certainty::Sure => true,
        }
    }
}

/// Whether a text has what a document of Image Builder, or of ParallelCluster about its images, has
/// somewhere: an ARN or an action, the source of an event, the address of the service, a log group, a tag.
pub fn bears_mark(text: &str) -> bool {
    MARKS.iter().any(|mark| mark.is_in(text)) || memmem::find(text.as_bytes(), b"EC2 Image Builder").is_some()
}

/// A name that other programs have as well, and what is around it where it is meant.
struct Mark {
    name: &'static str,
    before: &'static [&'static str],
    after: &'static [&'static str],
}

const MARKS: [Mark; 2] = [
    Mark {
        name: "imagebuilder",
        before: &[":", "aws.", "amazonaws.", "/aws/"],
        after: &[":", "ImageStatus", ".amazonaws."],
    },
    Mark { name: "parallelcluster", before: &[":", "aws-", "/aws/"], after: &[":", "-", "/"] },
];

impl Mark {
    fn is_in(&self, text: &str) -> bool {
        memmem::find_iter(text.as_bytes(), self.name).any(|at| {
            let (before, after) = (&text[..at], &text[at + self.name.len()..]);
            self.before.iter().any(|mark| before.ends_with(mark))
                || self.after.iter().any(|mark| after.starts_with(mark))
                || is_address(after)
        })
    }
}

/// Whether the name of a service is followed by a region and the domain of AWS.
fn is_address(after: &str) -> bool {
    const LONGEST: usize = 64;
    let near = &after.as_bytes()[..after.len().min(LONGEST)];
    let host = near.split(|byte| matches!(byte, b'"' | b'/' | b' ')).next().unwrap_or_default();
    host.starts_with(b".") && memmem::find(host, b".amazonaws.").is_some()
}

/// Finds the payloads of a document; what lies inside all envelopes is taken for the kind that is
/// forced, if any.
pub fn recognise<'d>(document: &'d Document<'d>, forced: Option<&'static Kind>) -> Contents<'d> {
    let mut contents = Contents::default();
    if let Some(root) = &document.root {
        open(root, forced, &mut contents);
    }
    contents
}

fn open<'d>(value: &'d Value<'d>, forced: Option<&'static Kind>, contents: &mut Contents<'d>) {
    // The root of a text is no JSON within JSON, however it looks.
    let Value::Object(object) = value else {
        return close(value, forced, contents);
    };
    let keys = Keys::new(object, false);
    let Some(envelope) = envelope::of(&keys) else {
        return close(value, forced, contents);
    };
    if let Some((kind, shape)) = envelope.kind {
        if !kind.is_envelope {
            contents.certainty = Certainty::Sure;
        }
        contents.payloads.push(Payload { kind, shape, value });
    }
    envelope.inside(value, &mut |inner| match inner {
        Value::StringLit(text)
            if envelope.text_rule.is_some() || text.value.trim_start().starts_with(['{', '[', '"']) =>
        {
            contents.embedded.push(Embedded { holder: inner, text_rule: envelope.text_rule });
        }
        Value::StringLit(_) => contents.unknown.push(inner),
        _ => open(inner, forced, contents),
    });
}

fn close<'d>(value: &'d Value<'d>, forced: Option<&'static Kind>, contents: &mut Contents<'d>) {
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
    let Some((kind, shape)) = recognised else {
        return contents.unknown.push(value);
    };
    // Another tool's variables are in snake_case, too.
    let is_other = |keys: Keys<'_>| {
        !kind.has_python_client && told(kind, false).is_none() && keys.names().any(|name| name.contains('_'))
    };
    let certainty = match keys(kind.has_python_client) {
        _ if forced.is_some() => Certainty::Sure,
        Some(keys) if (kind.is_sure)(&keys) => Certainty::Sure,
        Some(keys) if is_other(keys) => Certainty::Unknown,
        _ => Certainty::Told,
    };
    contents.certainty = contents.certainty.max(certainty);
    contents.payloads.push(Payload { kind, shape, value });
}

/// The two kinds whose members an object shares most.
pub fn nearest(value: &Value<'_>) -> Vec<&'static Kind> {
    let Some(keys) = value.as_object().map(|object| Keys::new(object, true)) else {
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
