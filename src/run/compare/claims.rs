//! The claims of all documents of a run.

use std::collections::BTreeMap;

use crate::lint::claims::Claim;

/// How many claims a run keeps: those of larger inputs are not compared.
const MOST_CLAIMS: usize = 1 << 16;
/// How many bytes of standard input are kept, which cannot be read again.
const MOST_KEPT: usize = 4 << 20;

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
