//! Captures as each client writes them: a document whose names, absent members or enum values are not in the API's
//! spelling is rewritten in it, and checked so; the faults are moved back to the document as it is.

mod client;
mod rewrite;
mod style;

use typed_arena::Arena;

use crate::document::{Content, Document};
use crate::finding::fault::{Fault, Mark};
use crate::finding::fix::{Edit, Fix, apply};
use crate::lint::spelling::rewrite::{Rewrite, is_cut};
use crate::lint::spelling::style::Style;
use crate::model::shape::Shape;
use crate::recognise::kind::{Kind, is_of_sdk};
use crate::recognise::payload::{Carrier, Contents, Payload};
use crate::rule::Tree;
use crate::text::span::{Span, SpanSet};

/// Calls a function for each payload of a document, in the API's spelling: with the tree, and the respelling, if
/// the document is not in that spelling. Returns the respelling.
pub(crate) fn each_payload<'d>(
    document: &'d Document<'d>,
    payloads: &[Payload<'d>],
    forced: Option<&'static Kind>,
    each: &mut dyn FnMut(&Payload<'_>, &Tree<'_>, Option<&Respelt<'_>>),
) -> Option<Respelling> {
    let trees: Vec<Tree<'d>> = payloads.iter().map(|payload| Tree::new(document, payload)).collect();
    let Some(respelling) = Respelling::of(document, &trees) else {
        for (payload, tree) in payloads.iter().zip(&trees) {
            each(payload, tree, None);
        }
        return None;
    };
    let inner = Document::parse(&respelling.text);
    let respelt = Respelt { respelling: &respelling, outer: document.text, inner: inner.text };
    for payload in &Contents::of(&inner, forced).payloads {
        each(payload, &Tree::new(&inner, payload), Some(&respelt));
    }
    Some(respelling)
}

/// The trees of all payloads of a document as [`each_payload`] has them, kept in arenas.
pub(crate) fn kept_payloads<'a>(
    document: &'a Document<'a>,
    payloads: &[Payload<'a>],
    forced: Option<&'static Kind>,
    (documents, respellings, kept): (&'a Arena<Document<'a>>, &'a Arena<Respelling>, &'a Arena<Tree<'a>>),
) -> Vec<(&'a Tree<'a>, Option<Respelt<'a>>)> {
    let trees: Vec<Tree<'a>> = payloads.iter().map(|payload| Tree::new(document, payload)).collect();
    let Some(respelling) = Respelling::of(document, &trees) else {
        return trees.into_iter().map(|tree| (&*kept.alloc(tree), None)).collect();
    };
    let respelling = respellings.alloc(respelling);
    let inner = documents.alloc(Document::parse(&respelling.text));
    let respelt = Respelt { respelling, outer: document.text, inner: inner.text };
    let payloads = Contents::of(inner, forced).payloads;
    payloads.iter().map(|payload| (&*kept.alloc(Tree::new(inner, payload)), Some(respelt))).collect()
}

/// The API's spelling of a document.
#[derive(Debug)]
pub(crate) struct Respelling {
    /// What is said of the spelling itself, in spans of the document.
    pub(crate) faults: Vec<Fault>,
    /// The document in the API's spelling.
    text: String,
    /// Where the document starts in its text.
    start: usize,
    /// The spans that differ, in the document and in the text in the API's spelling, in the order of both.
    replaced: Vec<(Span, Span)>,
    /// The values that say nothing, as names of types are in their place.
    cut: SpanSet,
}

impl Respelling {
    /// The respelling of a document with these payloads; none if it is in the API's spelling.
    fn of(document: &Document<'_>, trees: &[Tree<'_>]) -> Option<Respelling> {
        let trees = trees.iter().filter(|tree| !is_of_envelope(tree));
        if !trees.clone().any(may_be_respelt) {
            return None;
        }
        let trees = &trees.collect::<Vec<_>>()[..];
        let style = Style::of(trees);
        let mut rewrite = Rewrite::new(style);
        for root in trees.iter().map(|tree| tree.entry(0)) {
            rewrite.root(root.value, root.shape);
        }
        if style.is_plain() && rewrite.cut.is_empty() {
            return None;
        }
        rewrite.edits.sort_by_key(|edit| edit.span);
        // Payloads may lie in one another.
        rewrite.edits.dedup();
        let root = document.root()?.span();
        let faults = client::faults(trees, style, &rewrite);
        let cut = SpanSet::of(rewrite.cut.iter().map(|(_, value)| value.span()).collect());
        let edits: Vec<Edit> = rewrite.edits;
        let mut replaced = Vec::with_capacity(edits.len());
        let (mut grown, mut shrunk) = (0, root.start);
        for Edit { span, text } in &edits {
            let start = span.start + grown - shrunk;
            replaced.push((*span, Span::new(start, start + text.len())));
            grown += text.len();
            shrunk += span.end - span.start;
        }
        let shifted =
            |Edit { span, text }| Edit { span: Span::new(span.start - root.start, span.end - root.start), text };
        let fix = Fix { edits: edits.into_iter().map(shifted).collect(), ..Fix::safe("", root, "") };
        let text = apply(&document.text[root.range()], &[&fix]);
        Some(Respelling { faults, text, start: root.start, replaced, cut })
    }

    /// The span of the document that a span of its respelling stands for.
    fn outer(&self, span: Span) -> Span {
        // How much further on an offset is in the document, if it follows so many replacements.
        let moved = |offset: usize, before: usize| match before.checked_sub(1).map(|last| self.replaced[last]) {
            Some((outer, inner)) => offset - inner.end + outer.end,
            None => offset + self.start,
        };
        let at_start = self.replaced.partition_point(|(_, inner)| inner.end <= span.start);
        let at_end = self.replaced.partition_point(|(_, inner)| inner.end < span.end);
        let start = match self.replaced.get(at_start) {
            Some((outer, inner)) if inner.start <= span.start => outer.start,
            _ => moved(span.start, at_start),
        };
        let end = match self.replaced.get(at_end) {
            Some((outer, inner)) if inner.start < span.end => outer.end,
            _ => moved(span.end, at_end),
        };
        Span::new(start, end.max(start))
    }
}

/// Whether CloudTrail or Step Functions wrote the names of a payload, whoever wrote down what lies in it.
fn is_of_envelope(tree: &Tree<'_>) -> bool {
    let root = tree.entry(0);
    let is_record = || root.shape.base() == Shape::CloudTrailRecord && root.value.member("eventName").is_some();
    root.shape == Shape::StateMachine || is_record()
}

/// Whether a tree has anything that the API's spelling lacks.
fn may_be_respelt(tree: &Tree<'_>) -> bool {
    let root = tree.entry(0).value;
    let is_strange = |index| {
        tree.fitting_shape(index).is_none()
            && match tree.entry(index).value.content() {
                Content::Object => true,
                Content::String(text) => is_cut(text),
                _ => false,
            }
    };
    !tree.unknown_members().is_empty()
        || tree.carrier() == Carrier::StateMachine
        || root.members().any(|member| is_of_sdk(member.name()))
        || tree.indices().any(is_strange)
}

/// A respelling with the texts that it converts between.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Respelt<'r> {
    pub(crate) respelling: &'r Respelling,
    outer: &'r str,
    inner: &'r str,
}

impl Respelt<'_> {
    /// A fault of the respelling as one of the document; none if it is about a value that was cut off. A fix is kept
    /// where it changes nothing but what is in both.
    pub(crate) fn fault(&self, fault: Fault) -> Option<Fault> {
        let edit = |Edit { span, text }: Edit| {
            let outer = self.respelling.outer(span);
            let is_same = span.start < span.end && self.outer[outer.range()] == self.inner[span.range()];
            is_same.then_some(Edit { span: outer, text })
        };
        let fix = fault.fix.and_then(|fix| {
            let edits: Option<Vec<Edit>> = fix.edits.into_iter().map(edit).collect();
            Some(Fix { edits: edits?, title: fix.title, safety: fix.safety })
        });
        let subject = self.respelling.outer(fault.subject);
        let is_of_cut = self.respelling.cut.covers(subject);
        (!is_of_cut).then(|| Fault {
            subject,
            primary: self.mark(fault.primary),
            others: fault.others.into_iter().map(|mark| self.mark(mark)).collect(),
            fix,
            ..fault
        })
    }

    /// A mark on the respelling as one on the document.
    pub(crate) fn mark(&self, mark: Mark) -> Mark {
        Mark { span: self.respelling.outer(mark.span), ..mark }
    }
}
