//! Sets that rules ask for values, such as the accounts that a list names.

use std::cell::{Cell, OnceCell};
use std::collections::HashSet;
use std::hash::Hash;

/// A set that is made when it has been asked so often that it is worth it: the first times, all items are visited.
pub(crate) struct Lookup<F, K> {
    items: F,
    asked: Cell<usize>,
    set: OnceCell<HashSet<K>>,
}

impl<K: Eq + Hash, I: Iterator<Item = K>, F: Fn() -> I> Lookup<F, K> {
    /// The set of these items.
    pub(crate) fn new(items: F) -> Self {
        Lookup { items, asked: Cell::new(0), set: OnceCell::new() }
    }

    /// Whether the set has a value.
    pub(crate) fn has(&self, value: &K) -> bool {
        const FEW: usize = 32;
        self.asked.set(self.asked.get() + 1);
        if self.asked.get() <= FEW {
            return (self.items)().any(|item| item == *value);
        }
        self.set.get_or_init(|| (self.items)().collect()).contains(value)
    }
}
