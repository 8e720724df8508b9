//! The sites of a text, each found once, however often it is compared.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;

use typed_arena::Arena;

use crate::document::Document;
use crate::finding::fault::{Fault, Mark};
use crate::lint::spelling::{Respelling, Respelt, kept_payloads};
use crate::recognise::Embedded;
use crate::recognise::kind::Kind;
use crate::recognise::payload::Contents;
use crate::rule::pair::{Contradiction, Pair, Site, sites};
use crate::rule::{Node, Tree};
use crate::run::compare::claims::KeptClaim;
use crate::text::literal::Literal;

/// What the sites of a text borrow from.
#[derive(Default)]
pub(super) struct Store<'a> {
    documents: Arena<Document<'a>>,
    respellings: Arena<Respelling>,
    trees: Arena<Tree<'a>>,
}

/// A site with the steps from the document in the file to that of the site.
pub(super) struct Found<'a> {
    site: Site<'a>,
    steps: Rc<[Step<'a>]>,
}

/// The sites of a text.
pub(super) struct TextSites<'a> {
    documents: &'a [Document<'a>],
    store: &'a Store<'a>,
    forced: Option<&'static Kind>,
    /// For each document, its sites, once one of them was asked for.
    found: Vec<OnceCell<Vec<Found<'a>>>>,
}

impl<'a> TextSites<'a> {
    pub(super) fn new(documents: &'a [Document<'a>], store: &'a Store<'a>, forced: Option<&'static Kind>) -> Self {
        TextSites { documents, store, forced, found: documents.iter().map(|_| OnceCell::new()).collect() }
    }

    /// The document of a claim.
    pub(super) fn document(&self, claim: &KeptClaim) -> Option<&'a Document<'a>> {
        self.documents.get(claim.document as usize)
    }

    /// The site of a claim, if the document still has it.
    pub(super) fn of(&self, claim: &KeptClaim) -> Option<&Found<'a>> {
        let document = self.document(claim)?;
        let found = self.found[claim.document as usize].get_or_init(|| {
            let mut found = Vec::new();
            self.descend(document, &Rc::from([]), &mut found);
            found
        });
        found.get(claim.site as usize).filter(|found| found.site.side == claim.side)
    }

    /// Adds every site of a document, in the order in which the linter collects claims.
    fn descend(&self, document: &'a Document<'a>, steps: &Rc<[Step<'a>]>, found: &mut Vec<Found<'a>>) {
        let with = |step: Step<'a>| -> Rc<[Step<'a>]> { steps.iter().cloned().chain([step]).collect() };
        let contents = Contents::of(document, self.forced);
        for Embedded { holder, .. } in &contents.embedded {
            let Some(text) = holder.text() else {
                continue;
            };
            let inner = self.store.documents.alloc(Document::parse(text));
            let literal = Rc::new(Literal::new(document.text, holder.span()));
            self.descend(inner, &with(Step::IntoString(literal, inner)), found);
        }
        let Store { documents, respellings, trees } = self.store;
        for (tree, respelt) in kept_payloads(document, &contents.payloads, self.forced, (documents, respellings, trees))
        {
            let steps = respelt.map_or_else(|| steps.clone(), |respelt| with(Step::IntoSpelling(respelt)));
            sites(Node::root(tree), &mut |site| found.push(Found { site, steps: steps.clone() }));
        }
    }
}

/// A step from a document to another one.
#[derive(Clone)]
enum Step<'s> {
    /// To the one that a string holds.
    IntoString(Rc<Literal>, &'s Document<'s>),
    /// To the same one in the API's spelling.
    IntoSpelling(Respelt<'s>),
}

impl Step<'_> {
    /// A fault of the document after the step as one of the document before it.
    fn fault(&self, fault: Fault) -> Option<Fault> {
        match self {
            Step::IntoString(literal, inner) => Some(fault.within(literal, |span| inner.pointer(span))),
            Step::IntoSpelling(respelt) => respelt.fault(fault),
        }
    }

    fn mark(&self, mark: Mark) -> Mark {
        match self {
            Step::IntoString(literal, inner) => mark.within(literal, |span| inner.pointer(span)),
            Step::IntoSpelling(respelt) => respelt.mark(mark),
        }
    }
}

impl Found<'_> {
    /// What it describes.
    pub(super) fn key(&self) -> Cow<'_, str> {
        self.site.key.text()
    }

    /// The contradiction between two sites, in spans of the documents in their files.
    pub(super) fn contradiction(&self, pair: &Pair, there: &Found<'_>) -> Option<Contradiction> {
        if self.site.key != there.site.key {
            return None;
        }
        let Contradiction { fault, there: marks } = pair.compare(self.site.node, there.site.node)?;
        let fault = self.steps.iter().rev().try_fold(fault, |fault, step| step.fault(fault))?;
        let mark = |mark| there.steps.iter().rev().fold(mark, |mark, step| step.mark(mark));
        Some(Contradiction { fault, there: marks.into_iter().map(mark).collect() })
    }
}
