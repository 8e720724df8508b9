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

/// Spans that are asked what they overlap.
#[derive(Debug)]
pub(crate) struct SpanSet {
    /// Where they start, in order, and how far the spans up to this one reach.
    reach: Vec<(usize, usize)>,
}

impl SpanSet {
    /// The set of some spans, which may overlap each other.
    pub(crate) fn of(mut spans: Vec<Span>) -> Self {
        spans.sort_unstable();
        let mut furthest = 0;
        let reach = |span: Span| {
            furthest = furthest.max(span.end);
            (span.start, furthest)
        };
        SpanSet { reach: spans.into_iter().map(reach).collect() }
    }

    /// How far the spans reach that start before an offset.
    fn reach(&self, before: usize) -> usize {
        let count = self.reach.partition_point(|(start, _)| *start < before);
        count.checked_sub(1).map_or(0, |last| self.reach[last].1)
    }

    /// Whether one of the spans has a byte in common with another span.
    pub(crate) fn overlaps(&self, span: Span) -> bool {
        self.reach(span.end) > span.start
    }

    /// Whether another span, which may be empty, lies inside one of the spans.
    pub(crate) fn covers(&self, span: Span) -> bool {
        !self.reach.is_empty() && self.reach(span.start + 1) >= span.end.max(1)
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Span::new(range.start, range.end)
    }
}
