//! Values that stay where they are until all of them are dropped, so that later ones can borrow from earlier ones.

use std::cell::{Cell, OnceCell};

/// Values of one type. Can be added to while they are borrowed.
#[derive(Debug)]
pub(crate) struct Arena<T> {
    /// Each chunk has twice as many as the one before it.
    chunks: [OnceCell<Vec<OnceCell<T>>>; usize::BITS as usize],
    count: Cell<usize>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Arena { chunks: [const { OnceCell::new() }; usize::BITS as usize], count: Cell::new(0) }
    }
}

impl<T> Arena<T> {
    /// Adds a value.
    pub(crate) fn add(&self, value: T) -> &T {
        let index = self.count.replace(self.count.get() + 1);
        let chunk = (index + 1).ilog2();
        let size = 1 << chunk;
        let cells = self.chunks[chunk as usize].get_or_init(|| (0..size).map(|_| OnceCell::new()).collect());
        cells[index + 1 - size].get_or_init(|| value)
    }
}
