//! What documents claim about things that other documents may speak of, too: a few bytes each, so that
//! those of all documents of a run can be kept.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::document::Text;
use crate::rule::pair::{Side, Site};
use crate::text::lines::Before;

/// How many claims a run keeps: those of larger inputs are not held against each other.
const MOST_CLAIMS: usize = 1 << 16;
/// How many bytes of standard input are kept, which cannot be read again.
const MOST_KEPT: usize = 4 << 20;

/// Where a text stands in its input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// How many bytes of the file come before it.
    pub offset: usize,
    /// Its length in bytes; at least that of the input for what was decoded from UTF-16.
    pub length: usize,
    /// The lines and columns that come before it.
    pub before: Before,
    /// The index of its first document.
    pub first: usize,
}

impl Place {
    /// The place of a text whose first document has an index in its file.
    pub fn of(text: &Text<'_>, first: usize) -> Self {
        // What was decoded from UTF-16 is the whole input and has another length there.
        let length = if matches!(text.text, Cow::Borrowed(_)) { text.text.len() } else { usize::MAX };
        Place { offset: text.base, length, before: text.before, first }
    }
}

/// That a document speaks of something that others may speak of, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// The hash of what it speaks of.
    pub key: u64,
    /// As what.
    pub side: Side,
    /// The text that it is in.
    pub place: Place,
    /// The index of its document in the file.
    pub document: usize,
    /// Which of the document's sites it is.
    pub site: usize,
}

impl Claim {
    /// The claim of a site; whoever reads the file knows its place.
    pub fn of(site: &Site<'_>) -> Self {
        Claim { key: site.hash(), side: site.side, place: Place::default(), document: 0, site: 0 }
    }
}

/// A claim of a run: its input's index, and what it is.
pub type Placed = (usize, Claim);

/// The claims of a run, in the order of its inputs.
#[derive(Debug, Default)]
pub struct Claims {
    /// Each with its input's index.
    pub all: Vec<Placed>,
    /// The texts of standard input by their offsets.
    pub kept: BTreeMap<usize, String>,
    kept_bytes: usize,
    /// Whether there were more than a run keeps.
    pub is_cut: bool,
}

impl Claims {
    /// Takes the claims of a text of an input, and the text where it cannot be read again.
    pub fn add(&mut self, input: usize, claims: &[Claim], text: Option<String>) {
        let Some(first) = claims.first() else {
            return;
        };
        if let Some(text) = text {
            self.kept_bytes += text.len();
            if self.kept_bytes > MOST_KEPT {
                self.is_cut = true;
                return;
            }
            self.kept.insert(first.place.offset, text);
        }
        let taken = claims.len().min(MOST_CLAIMS - self.all.len());
        self.is_cut |= taken < claims.len();
        self.all.extend(claims[..taken].iter().map(|claim| (input, *claim)));
    }
}
