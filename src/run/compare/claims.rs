//! Collects the claims of all documents of a run.

use std::collections::BTreeMap;

use crate::lint::claims::{Claim, Stretch};
use crate::rule::pair::Side;

/// How many claims a run keeps; documents after that are not compared.
const MOST_CLAIMS: usize = 1 << 18;
/// How many bytes of standard input are kept, as it cannot be read again.
const MOST_STDIN_BYTES: usize = 4 << 20;

/// The index of an input, and where a text is in it.
pub(super) type InputText = (usize, Stretch);

/// A claim as a run keeps it: 24 bytes. In the order of keys, sides and texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KeptClaim {
    /// The hash of the key of the thing described.
    pub(super) key: u64,
    /// The role of the node in comparisons.
    pub(super) side: Side,
    /// The index of the text that it is in.
    pub(super) text: u32,
    /// The index of its document in the text.
    pub(super) document: u32,
    /// The index among the sites of the document.
    pub(super) site: u32,
}

/// The claims of a run.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// The texts with claims, in the order of the inputs.
    pub(super) texts: Vec<InputText>,
    /// All claims.
    pub(super) all: Vec<KeptClaim>,
    /// The texts of standard input that have claims, by their offsets.
    pub(super) stdin_texts: BTreeMap<usize, String>,
    stdin_bytes: usize,
    /// Whether there are more claims than a run keeps.
    pub(super) is_incomplete: bool,
}

impl Claims {
    /// Adds claims of an input, which come after those before.
    pub(crate) fn add(&mut self, input: usize, claims: &[Claim]) {
        let taken = claims.len().min(MOST_CLAIMS - self.all.len());
        self.is_incomplete |= taken < claims.len();
        for Claim { key, side, stretch, document, site } in &claims[..taken] {
            if self.texts.last() != Some(&(input, *stretch)) {
                self.texts.push((input, *stretch));
            }
            let (text, document) = (narrow(self.texts.len() - 1), narrow(document - stretch.origin.documents));
            self.all.push(KeptClaim { key: *key, side: *side, text, document, site: narrow(*site) });
        }
    }

    /// Adds the claims of a text of standard input, and the text.
    pub(crate) fn add_with_text(&mut self, input: usize, claims: &[Claim], text: String) {
        let Some(first) = claims.first() else {
            return;
        };
        self.stdin_bytes += text.len();
        if self.stdin_bytes > MOST_STDIN_BYTES {
            self.is_incomplete = true;
            return;
        }
        self.stdin_texts.insert(first.stretch.origin.bytes, text);
        self.add(input, claims);
    }

    /// The text that a claim is in.
    pub(super) fn text_of(&self, claim: &KeptClaim) -> InputText {
        self.texts[claim.text as usize]
    }

    /// Whether further claims, of standard input or of a file, are not kept.
    pub(crate) fn is_full(&self, of_stdin: bool) -> bool {
        let has_all = self.all.len() == MOST_CLAIMS || (of_stdin && self.stdin_bytes > MOST_STDIN_BYTES);
        self.is_incomplete && has_all
    }
}

/// An index of a text, of a document in one or of a site in that.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).expect("texts are shorter than that")
}
