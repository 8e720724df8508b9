//! Memory that is reused: buffers that return to their thread when they are dropped.

use std::cell::RefCell;
use std::fmt;
use std::mem;
use std::ops::{Deref, DerefMut};
use std::thread::LocalKey;

/// The buffers of a thread that nothing uses at the moment.
pub(crate) type Pool<B> = RefCell<Vec<B>>;

/// Memory that can be reused.
pub(crate) trait Buffer: Default + 'static {
    /// Removes the contents, and tells whether the memory is small enough to be kept.
    fn reset(&mut self) -> bool;
}

/// A buffer that returns to its pool when it is dropped.
pub(crate) struct Lent<B: Buffer> {
    buffer: B,
    pool: &'static LocalKey<Pool<B>>,
}

impl<B: Buffer> Lent<B> {
    /// An empty buffer from a pool.
    pub(crate) fn from(pool: &'static LocalKey<Pool<B>>) -> Self {
        Lent { buffer: pool.with_borrow_mut(Vec::pop).unwrap_or_default(), pool }
    }
}

impl<B: Buffer> Deref for Lent<B> {
    type Target = B;

    fn deref(&self) -> &B {
        &self.buffer
    }
}

impl<B: Buffer> DerefMut for Lent<B> {
    fn deref_mut(&mut self) -> &mut B {
        &mut self.buffer
    }
}

impl<B: Buffer> Drop for Lent<B> {
    fn drop(&mut self) {
        // More are used at once only for texts of many documents.
        const MOST_KEPT: usize = 8;
        let mut buffer = mem::take(&mut self.buffer);
        if buffer.reset() {
            // A thread that ends has no pool any more.
            let _ = self.pool.try_with(|pool| {
                let mut pool = pool.borrow_mut();
                if pool.len() < MOST_KEPT {
                    pool.push(buffer);
                }
            });
        }
    }
}

impl<B: Buffer + fmt::Debug> fmt::Debug for Lent<B> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.buffer.fmt(formatter)
    }
}
