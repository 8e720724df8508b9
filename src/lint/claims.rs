//! Claims: records of a few bytes that say which document describes what, so that a run can keep those of all
//! documents and then compare the documents that describe the same thing.

use std::borrow::Cow;

use crate::document::Text;
use crate::rule::pair::{Side, Site};
use crate::text::lines::Origin;

/// Where a text is in its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stretch {
    /// Where it starts.
    pub(crate) origin: Origin,
    /// Its length in bytes; `usize::MAX` for a whole input that was decoded from UTF-16.
    pub(crate) length: usize,
}

impl Stretch {
    /// The stretch of a text.
    pub(crate) fn of(text: &Text<'_>) -> Self {
        // Text decoded from UTF-16 is always the whole input, where it has another length.
        let length = if matches!(text.text, Cow::Borrowed(_)) { text.text.len() } else { usize::MAX };
        Stretch { origin: text.origin, length }
    }
}

/// That a document describes something that other documents may describe, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Claim {
    /// The hash of the key of the thing described: see [`Site::hash`].
    pub(crate) key: u64,
    /// The role of the node in comparisons.
    pub(crate) side: Side,
    /// The text that it is in.
    pub(crate) stretch: Stretch,
    /// The index of its document in the file.
    pub(crate) document: usize,
    /// The index among the sites of the document.
    pub(crate) site: usize,
}

/// Collects the claims of the documents of a text.
#[derive(Debug)]
pub(crate) struct ClaimCollector {
    stretch: Stretch,
    document: usize,
    sites: usize,
    claims: Vec<Claim>,
}

impl ClaimCollector {
    /// A collector without claims for a text.
    pub(crate) fn new(text: &Text<'_>) -> Self {
        ClaimCollector { stretch: Stretch::of(text), document: 0, sites: 0, claims: Vec::new() }
    }

    /// Starts a document, given by its index in the file.
    pub(crate) fn start_document(&mut self, document: usize) {
        (self.document, self.sites) = (document, 0);
    }

    /// Adds the claim of a site of the document.
    pub(crate) fn add(&mut self, site: &Site<'_>) {
        let ClaimCollector { stretch, document, sites, .. } = *self;
        self.claims.push(Claim { key: site.hash(), side: site.side, stretch, document, site: sites });
        self.sites += 1;
    }

    /// The claims, in the order in which they were added.
    pub(crate) fn into_claims(self) -> Vec<Claim> {
        self.claims
    }
}
