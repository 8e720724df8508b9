//! Reads the texts of a run's inputs again, a few files at a time.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::lint::claims::Place;
use crate::run::blocks::Again;
use crate::run::compare::claims::Placed;
use crate::run::input::Input;

/// Reads texts of a run's inputs again.
pub(super) struct Reader<'r> {
    inputs: &'r [Input],
    kept: &'r BTreeMap<usize, String>,
    /// The inputs that were read last: most often two take turns.
    open: Vec<(usize, Again)>,
    /// Set where something is too far into a file to be read again.
    is_cut: &'r AtomicBool,
}

impl<'r> Reader<'r> {
    /// A reader that has nothing open.
    pub(super) fn new(inputs: &'r [Input], kept: &'r BTreeMap<usize, String>, is_cut: &'r AtomicBool) -> Self {
        Reader { inputs, kept, open: Vec::new(), is_cut }
    }

    /// The bytes of a claim's text; none where they cannot be read any more.
    pub(super) fn read(&mut self, (input, claim): &Placed) -> Option<Vec<u8>> {
        const MOST_OPEN: usize = 2;
        let Place { origin, length } = claim.place;
        let offset = origin.bytes;
        let Some(path) = self.inputs[*input].file() else {
            return self.kept.get(&offset).map(|text| text.as_bytes().to_vec());
        };
        let index = match self.open.iter().position(|(open, _)| open == input) {
            Some(index) => index,
            None => {
                let again = Again::open(path).ok()?;
                if self.open.len() == MOST_OPEN {
                    self.open.remove(0);
                }
                self.open.push((*input, again));
                self.open.len() - 1
            }
        };
        // What was read last stays open longest.
        let recent = self.open.remove(index);
        self.open.push(recent);
        let read = self.open.last_mut()?.1.read(offset, length);
        let is_cut = read.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::FileTooLarge);
        self.is_cut.fetch_or(is_cut, Ordering::Relaxed);
        read.ok()
    }
}
