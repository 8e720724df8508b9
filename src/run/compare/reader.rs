//! Reads texts of the inputs again, to compare them. Keeps a few files open.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::lint::claims::Stretch;
use crate::run::blocks::Reopened;
use crate::run::compare::claims::InputText;
use crate::run::input::Input;

/// Reads texts of the inputs again.
pub(super) struct Reader<'r> {
    inputs: &'r [Input],
    stdin_texts: &'r BTreeMap<usize, String>,
    /// The inputs that were read last: most often, two are read in turn.
    open: Vec<(usize, Reopened)>,
    /// Set if a text is too far into a compressed file to be read again.
    is_incomplete: &'r AtomicBool,
}

impl<'r> Reader<'r> {
    /// A reader that has nothing open.
    pub(super) fn new(
        inputs: &'r [Input],
        stdin_texts: &'r BTreeMap<usize, String>,
        is_incomplete: &'r AtomicBool,
    ) -> Self {
        Reader { inputs, stdin_texts, open: Vec::new(), is_incomplete }
    }

    /// The bytes of a text; none if they can no longer be read.
    pub(super) fn read(&mut self, (input, stretch): InputText) -> Option<Vec<u8>> {
        const MOST_OPEN: usize = 2;
        let Stretch { origin, length } = stretch;
        let offset = origin.bytes;
        let Some(path) = self.inputs[input].file() else {
            return self.stdin_texts.get(&offset).map(|text| text.as_bytes().to_vec());
        };
        let index = match self.open.iter().position(|(open, _)| *open == input) {
            Some(index) => index,
            None => {
                let reopened = Reopened::open(path).ok()?;
                if self.open.len() == MOST_OPEN {
                    self.open.remove(0);
                }
                self.open.push((input, reopened));
                self.open.len() - 1
            }
        };
        // The input that was read last is closed last.
        let recent = self.open.remove(index);
        self.open.push(recent);
        let read = self.open.last_mut()?.1.read(offset, length);
        let is_incomplete = read.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::FileTooLarge);
        self.is_incomplete.fetch_or(is_incomplete, Ordering::Relaxed);
        read.ok()
    }
}
