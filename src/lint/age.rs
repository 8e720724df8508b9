//! Of which kind the payloads of a document are, and which release of botocore is the oldest that knows all of each.

use crate::document::Document;
use crate::document::secret::quoted;
use crate::model::release::Release;
use crate::model::shape::{Kind, MODEL, Shape};
use crate::recognise::payload::Contents;
use crate::recognise::{Asked, Recognised, has_mark};
use crate::rule::Tree;
use crate::text::span::Span;

/// A payload with its kind and age.
#[derive(Debug)]
pub(crate) struct Dated {
    /// The name of the kind.
    pub(crate) kind: &'static str,
    /// The payload, or the string of the document that holds it.
    pub(crate) span: Span,
    /// Since when its members and values are known.
    pub(crate) age: Age,
}

/// Since when botocore knows the members and enum values of a payload.
#[derive(Debug, Default)]
pub(crate) struct Age {
    /// The release that added the newest of them; none for documents that botocore does not read.
    pub(crate) needs: Option<&'static Release>,
    /// What that release added, each member and value once.
    pub(crate) because: Vec<Part>,
    /// What no release knows.
    pub(crate) unknown: Vec<Part>,
    seen: Vec<(Shape, String)>,
}

/// A member or value of a payload.
#[derive(Debug)]
pub(crate) struct Part {
    /// Its RFC 6901 pointer in the document, or in the string that holds the payload.
    pub(crate) pointer: String,
    /// The enum value, if it is one.
    pub(crate) value: Option<String>,
}

/// Whether a document is from Image Builder, and its payloads, with those in strings.
pub(crate) fn dated(document: &Document<'_>, asked: Asked) -> (Recognised, Vec<Dated>) {
    let contents = Contents::of(document, None);
    let mut inside = Vec::new();
    for embedded in &contents.embedded {
        let inner = Document::parse(embedded.holder.text().unwrap_or_default());
        let (recognised, payloads) = dated(&inner, asked);
        if recognised == Recognised::Ours {
            inside.extend(payloads.into_iter().map(|payload| Dated { span: embedded.holder.span(), ..payload }));
        }
    }
    let recognised = Recognised::of(document, &contents, asked, !inside.is_empty(), || has_mark(document.text));
    let mut payloads = Vec::new();
    if recognised == Recognised::Ours {
        payloads.extend(contents.payloads.iter().map(|payload| {
            let age = Age::of(&Tree::new(document, payload));
            Dated { kind: payload.kind.name, span: payload.value.span(), age }
        }));
    }
    payloads.extend(inside);
    (recognised, payloads)
}

impl Age {
    fn of(tree: &Tree<'_>) -> Self {
        let mut age = Age::default();
        let root = tree.entry(0);
        let Some(first) = root.shape.since() else {
            return age;
        };
        age.add(first, tree, root.value.span(), None);
        for index in tree.indices() {
            let entry = tree.entry(index);
            let holder = tree.entry(entry.parent).shape;
            if let Some(release) = holder.added_in(entry.member) {
                age.add_once(release, (holder, entry.member), tree, entry.value.span(), None);
            }
            if let Some(text) = entry.value.text() {
                age.add_value(tree, entry.shape, text, entry.value.span());
            }
            if let Kind::Map { key, .. } = entry.shape.kind() {
                entry.value.members().for_each(|member| age.add_value(tree, *key, member.name(), member.key_span()));
            }
        }
        for unknown in tree.unknown_members().iter().filter(|unknown| unknown.near.is_none()) {
            if tree.entry(unknown.holder).shape.base().model() == MODEL {
                let pointer = tree.document().pointer(unknown.written.key_span());
                age.unknown.push(Part { pointer, value: None });
            }
        }
        age
    }

    fn add_value(&mut self, tree: &Tree<'_>, shape: Shape, text: &str, span: Span) {
        let Kind::Text { values, .. } = shape.kind() else {
            return;
        };
        if values.contains(&text) {
            if let Some(release) = shape.added_in(text) {
                self.add_once(release, (shape, text), tree, span, Some(text));
            }
        } else if !values.is_empty() && shape.model() == MODEL {
            let value = Some(quoted(text).into_owned());
            self.unknown.push(Part { pointer: tree.document().pointer(span), value });
        }
    }

    /// As [`Age::add`], unless the same member or value of a shape was added before.
    fn add_once(
        &mut self,
        release: &'static Release,
        (shape, name): (Shape, &str),
        tree: &Tree<'_>,
        span: Span,
        value: Option<&str>,
    ) {
        if !self.seen.iter().any(|(other, seen)| *other == shape.base() && seen == name) {
            self.seen.push((shape.base(), name.to_owned()));
            self.add(release, tree, span, value);
        }
    }

    /// Takes something into account that a release added.
    fn add(&mut self, release: &'static Release, tree: &Tree<'_>, span: Span, value: Option<&str>) {
        let newest = self.needs.map(|needs| needs.version);
        if newest.is_some_and(|newest| newest > release.version) {
            return;
        }
        if newest != Some(release.version) {
            self.needs = Some(release);
            self.because.clear();
        }
        self.because.push(Part { pointer: tree.document().pointer(span), value: value.map(str::to_owned) });
    }
}
