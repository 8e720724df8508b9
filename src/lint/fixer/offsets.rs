//! Where spans of a text are after edits.

use crate::finding::fix::Edit;
use crate::text::span::Span;

/// Maps spans of a text to spans of the text after edits.
pub(super) struct OffsetMap<'e> {
    edits: &'e [&'e Edit],
    /// For each edit, and for the end, how many bytes the edits before it insert and remove.
    before: Vec<(usize, usize)>,
}

impl<'e> OffsetMap<'e> {
    pub(super) fn of(edits: &'e [&'e Edit]) -> Self {
        let mut lengths = (0, 0);
        let mut before = vec![lengths];
        for edit in edits {
            lengths = (lengths.0 + edit.text.len(), lengths.1 + edit.span.end - edit.span.start);
            before.push(lengths);
        }
        OffsetMap { edits, before }
    }

    /// The span after the edits. A span that starts or ends inside an edit is extended to cover it.
    pub(super) fn span(&self, span: Span) -> Span {
        Span::new(self.offset(span.start, true), self.offset(span.end, false))
    }

    /// The edits after these edits.
    pub(super) fn edits(&self, edits: Vec<Edit>) -> Vec<Edit> {
        edits.into_iter().map(|edit| Edit { span: self.span(edit.span), ..edit }).collect()
    }

    fn offset(&self, offset: usize, is_start: bool) -> usize {
        let index = self.edits.partition_point(|edit| edit.span.end <= offset);
        let (grown, shrunk) = self.before[index];
        match self.edits.get(index) {
            Some(edit) if edit.span.start < offset => {
                let start = edit.span.start + grown - shrunk;
                if is_start { start } else { start + edit.text.len() }
            }
            _ => offset + grown - shrunk,
        }
    }
}
