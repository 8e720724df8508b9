//! Automata that the build script compiles from patterns, so that no run has to.

/// An automaton that looks for one of several patterns. It begins in state 0. A state is the index of its row in
/// `next`; the last rows are those in which a pattern has matched, one for each, and lead to themselves.
#[derive(Debug)]
pub(crate) struct Automaton {
    /// The class of each byte.
    pub(crate) classes: &'static [u8; 256],
    /// The number of classes.
    pub(crate) count: usize,
    /// The row of each state: for each class, the state to which it leads.
    pub(crate) next: &'static [u16],
    /// The first state in which a pattern has matched. It is entered with the byte after the match.
    pub(crate) matched: usize,
    /// For each state, the number of the pattern that matches if the text ends, from 1; 0 for none.
    pub(crate) ends: &'static [u8],
}

impl Automaton {
    fn step(&self, state: usize, byte: u8) -> usize {
        usize::from(self.next[state + usize::from(self.classes[usize::from(byte)])])
    }

    /// Whether a pattern matches anywhere in the text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        let end = text.bytes().fold(0, |state, byte| self.step(state, byte));
        self.ends[end / self.count] > 0
    }

    /// The matches of patterns, one after the other: where each ends, and the number of its pattern, from 0.
    pub(crate) fn matches<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, usize)> + 't {
        let bytes = text.as_bytes();
        let mut from = Some(0);
        std::iter::from_fn(move || {
            let mut state = 0;
            let start = from.take()?;
            for (index, byte) in bytes[start..].iter().enumerate() {
                state = self.step(state, *byte);
                if state >= self.matched {
                    from = Some(start + index);
                    return Some((start + index, (state - self.matched) / self.count));
                }
            }
            let number = self.ends[state / self.count];
            (number > 0).then(|| (bytes.len(), usize::from(number) - 1))
        })
    }
}
