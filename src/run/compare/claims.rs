//! Collects the claims of all documents of a run.

use std::collections::BTreeMap;

use crate::lint::claims::Claim;

/// How many claims a run keeps; documents after that are not compared.
const MOST_CLAIMS: usize = 1 << 18;
/// How many bytes of standard input are kept, as it cannot be read again.
const MOST_STDIN_BYTES: usize = 4 << 20;

/// The index of an input, and a claim in it.
pub(crate) type InputClaim = (usize, Claim);

/// The claims of a run, in the order of its inputs.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// All claims.
    pub(crate) all: Vec<InputClaim>,
    /// The texts of standard input that have claims, by their offsets.
    pub(crate) stdin_texts: BTreeMap<usize, String>,
    stdin_bytes: usize,
    /// Whether there are more claims than a run keeps.
    pub(crate) is_incomplete: bool,
}

impl Claims {
    /// Adds claims of an input.
    pub(crate) fn add(&mut self, input: usize, claims: &[Claim]) {
        let taken = claims.len().min(MOST_CLAIMS - self.all.len());
        self.is_incomplete |= taken < claims.len();
        self.all.extend(claims[..taken].iter().map(|claim| (input, *claim)));
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

    /// Whether further claims, of standard input or of a file, are not kept.
    pub(crate) fn is_full(&self, of_stdin: bool) -> bool {
        let has_all = self.all.len() == MOST_CLAIMS || (of_stdin && self.stdin_bytes > MOST_STDIN_BYTES);
        self.is_incomplete && has_all
    }
}
