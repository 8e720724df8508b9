//! What documents claim about things that other documents may speak of, too: a few bytes each, so that
//! those of all documents of a run can be kept.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::document::Text;
use crate::rule::pair::{Side, Site};
use crate::text::lines::Origin;

/// How many claims a run keeps: those of larger inputs are not compared.
const MOST_CLAIMS: usize = 1 << 16;
/// How many bytes of standard input are kept, which cannot be read again.
const MOST_KEPT: usize = 4 << 20;

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

/// A claim of a run: its input's index, and what it is.
pub(crate) type Placed = (usize, Claim);

/// The claims of a run, in the order of its inputs.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// Each with its input's index.
    pub(crate) all: Vec<Placed>,
    /// The texts of standard input by their offsets.
    pub(crate) kept: BTreeMap<usize, String>,
    kept_bytes: usize,
    /// Whether there were more than a run keeps.
    pub(crate) is_cut: bool,
}

impl Claims {
    /// Takes the claims of a text of an input, and the text where it cannot be read again.
    pub(crate) fn add(&mut self, input: usize, claims: &[Claim], text: Option<String>) {
        let Some(first) = claims.first() else {
            return;
        };
        if let Some(text) = text {
            self.kept_bytes += text.len();
            if self.kept_bytes > MOST_KEPT {
                self.is_cut = true;
                return;
            }
            self.kept.insert(first.place.origin.bytes, text);
        }
        let taken = claims.len().min(MOST_CLAIMS - self.all.len());
        self.is_cut |= taken < claims.len();
        self.all.extend(claims[..taken].iter().map(|claim| (input, *claim)));
    }
}
