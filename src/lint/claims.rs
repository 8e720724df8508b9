//! What documents claim about things that other documents may speak of, too: a few bytes each, so that
//! those of all documents of a run can be kept.

use std::borrow::Cow;

use crate::document::Text;
use crate::rule::pair::{Side, Site};
use crate::text::lines::Origin;

/// Where a text stands in its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Where it starts.
    pub(crate) origin: Origin,
    /// Its length in bytes; at least that of the input for what was decoded from UTF-16.
    pub(crate) length: usize,
}

impl Place {
    /// The place of a text.
    pub(crate) fn of(text: &Text<'_>) -> Self {
        // What was decoded from UTF-16 is the whole input and has another length there.
        let length = if matches!(text.text, Cow::Borrowed(_)) { text.text.len() } else { usize::MAX };
        Place { origin: text.origin, length }
    }
}

/// That a document speaks of something that others may speak of, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Claim {
    /// The hash of what it speaks of.
    pub(crate) key: u64,
    /// The role in which it speaks.
    pub(crate) side: Side,
    /// The text that it is in.
    pub(crate) place: Place,
    /// The index of its document in the file.
    pub(crate) document: usize,
    /// Which of the document's sites it is.
    pub(crate) site: usize,
}

/// The claims of the documents of a text.
#[derive(Debug)]
pub(crate) struct Claiming {
    place: Place,
    document: usize,
    sites: usize,
    claims: Vec<Claim>,
}

impl Claiming {
    /// None yet, in a text.
    pub(crate) fn new(text: &Text<'_>) -> Self {
        Claiming { place: Place::of(text), document: 0, sites: 0, claims: Vec::new() }
    }

    /// Turns to a document, by its index in the file.
    pub(crate) fn turn_to(&mut self, document: usize) {
        (self.document, self.sites) = (document, 0);
    }

    /// Adds what a site of the document claims.
    pub(crate) fn add(&mut self, site: &Site<'_>) {
        let Claiming { place, document, sites, .. } = *self;
        self.claims.push(Claim { key: site.hash(), side: site.side, place, document, site: sites });
        self.sites += 1;
    }

    /// The claims.
    pub(crate) fn into_claims(self) -> Vec<Claim> {
        self.claims
    }
}
