//! Ranges of bytes in a text.

use std::ops::Range;

/// A half-open range of bytes in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Span {
    /// The offset of the first byte.
    pub(crate) start: usize,
    /// The offset after the last byte.
    pub(crate) end: usize,
}

impl Span {
    /// The span from `start` up to, not including, `end`.
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Span { start, end }
    }

    /// Whether the other span lies inside this one.
    pub(crate) fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the spans have a byte in common.
    pub(crate) fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The span moved right by `by` bytes: the same bytes in a text with so many more in front.
    #[must_use]
    pub(crate) fn shifted(self, by: usize) -> Self {
        Span::new(self.start + by, self.end + by)
    }

    /// The span as a range of indices.
    pub(crate) fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Span::new(range.start, range.end)
    }
}
