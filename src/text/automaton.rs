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

/// How long matches may be that [`Automaton::may_match`] is sure to find.
const LONGEST: usize = 32;

impl Automaton {
    fn step(&self, state: usize, byte: u8) -> usize {
        usize::from(self.next[state + usize::from(self.classes[usize::from(byte)])])
    }

    /// Whether a pattern matches anywhere in the text.
    #[inline]
    pub(crate) fn is_match(&self, text: &str) -> bool {
        let end = text.bytes().fold(0, |state, byte| self.step(state, byte));
        self.ends[end / self.count] > 0
    }

    /// Whether a pattern may match anywhere in the text: none does if not. For patterns whose shortest matches have at
    /// most [`LONGEST`] bytes. Four parts of the text are searched side by side, since each step waits for the one
    /// before it.
    pub(crate) fn may_match(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let quarter = bytes.len().div_ceil(4) + LONGEST;
        if bytes.len() < 2 * quarter {
            return self.may_end(bytes.iter().fold(0, |state, byte| self.step(state, *byte)));
        }
        let part = |number: usize| &bytes[number * (bytes.len() - quarter) / 3..][..quarter];
        let mut states = [0; 4];
        for (((one, two), three), four) in part(0).iter().zip(part(1)).zip(part(2)).zip(part(3)) {
            let [first, second, third, fourth] = states;
            states =
                [self.step(first, *one), self.step(second, *two), self.step(third, *three), self.step(fourth, *four)];
        }
        states.into_iter().any(|state| self.may_end(state))
    }

    /// Whether a pattern has matched, or matches if the text ends.
    fn may_end(&self, state: usize) -> bool {
        self.ends[state / self.count] > 0
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
