//! Where the documents of a block are, in batches, each of which one thread checks.

use std::ops::Range;

use crate::document::{ArraySyntax, Piece, Splitter, Text};
use crate::text::lines::Origin;

/// The least number of bytes in a batch, except for the last one of a block.
const BATCH: usize = 32 << 10;

/// The documents of a block, in order.
#[derive(Debug)]
pub(crate) struct Cut {
    pieces: Vec<Piece>,
    /// The pieces of each batch, and the origin of the byte after the batch before.
    batches: Vec<(Range<usize>, Origin)>,
    /// Where the first batch starts.
    start: usize,
    /// Where the last piece ends, with the white space after it.
    end: usize,
    /// Whether every piece is one document; else, one may turn out to be several.
    is_exact: bool,
    /// Whether the input ends after the last piece without closing the array around it.
    is_unclosed: bool,
    /// Whether the only piece is just the start of a document.
    is_start: bool,
    /// The limit for the size of one document.
    most: usize,
}

impl Default for Cut {
    fn default() -> Self {
        Cut {
            pieces: Vec::new(),
            batches: Vec::new(),
            start: 0,
            end: 0,
            is_exact: false,
            is_unclosed: false,
            is_start: false,
            most: usize::MAX,
        }
    }
}

impl Cut {
    /// The start of a document that is larger than the limit.
    pub(super) fn start(length: usize, origin: Origin) -> Self {
        let piece = Piece { range: 0..length, lacks_comma: false };
        let batches = vec![(0..1, origin)];
        Cut { pieces: vec![piece], batches, end: length, is_exact: true, is_start: true, ..Cut::default() }
    }

    /// The same pieces, with a limit for the size of one document.
    pub(super) fn within(self, most: usize) -> Self {
        Cut { most, ..self }
    }

    /// A single piece, which starts at `origin` in the input.
    pub(super) fn whole(bytes: &[u8], origin: Origin) -> Self {
        let piece = Piece { range: 0..bytes.len(), lacks_comma: false };
        let batches = vec![(0..1, origin)];
        Cut { pieces: vec![piece], batches, end: bytes.len(), is_exact: true, ..Cut::default() }
    }

    /// Makes batches of pieces of bytes. `origin` is that of the byte at `start`; it is advanced to `end`.
    pub(super) fn new(bytes: &[u8], pieces: Vec<Piece>, (start, end): (usize, usize), origin: &mut Origin) -> Self {
        let mut batches = Vec::new();
        let (mut first, mut at) = (0, start);
        for (index, piece) in pieces.iter().enumerate() {
            let piece_end = piece.range.end;
            if piece_end - at >= BATCH || index + 1 == pieces.len() {
                batches.push((first..index + 1, *origin));
                origin.pass(&bytes[at..piece_end]);
                origin.documents += index + 1 - first;
                (first, at) = (index + 1, piece_end);
            }
        }
        origin.pass(&bytes[at..end]);
        Cut { pieces, batches, start, end, is_exact: true, ..Cut::default() }
    }

    /// The same pieces, each of which may turn out to be several documents.
    pub(super) fn assumed(self) -> Self {
        Cut { is_exact: false, ..self }
    }

    /// The same pieces; says whether the input ends after them without closing the array around them.
    pub(super) fn unclosed(self, is_unclosed: bool) -> Self {
        Cut { is_unclosed, ..self }
    }

    /// Whether there is no piece.
    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// How many pieces there are.
    pub(crate) fn pieces(&self) -> usize {
        self.pieces.len()
    }

    /// The batches of the block's bytes. There were `more` documents before them than pieces.
    pub(crate) fn batches<'b>(&'b self, bytes: &'b [u8], more: usize) -> Vec<Batch<'b>> {
        let mut at = self.start;
        let mut batch = |(pieces, origin): &(Range<usize>, Origin)| {
            let origin = Origin { documents: origin.documents + more, ..*origin };
            let start = std::mem::replace(&mut at, self.pieces[pieces.end - 1].range.end);
            Batch { bytes, cut: self, pieces: pieces.clone(), start, origin }
        };
        self.batches.iter().map(&mut batch).collect()
    }

    /// The documents of the block's bytes from a piece on, which has this origin. Each piece of it is one document.
    pub(crate) fn exactly_from(&self, bytes: &[u8], index: usize, mut origin: Origin) -> Self {
        let start = self.pieces[index].range.start;
        let pieces = Splitter::after_others(start).split(&bytes[..self.end], true, usize::MAX);
        Cut::new(bytes, pieces, (start, self.end), &mut origin).within(self.most)
    }

    /// The text of a piece.
    fn text<'b>(&self, bytes: &'b [u8], origin: Origin, array_syntax: ArraySyntax) -> Text<'b> {
        if self.is_start || bytes.len() > self.most {
            return Text::decode_start(bytes, self.most, origin);
        }
        Text::decode_at(bytes, origin, array_syntax)
    }
}

/// Consecutive texts of a block.
#[derive(Debug, Clone)]
pub(crate) struct Batch<'b> {
    bytes: &'b [u8],
    cut: &'b Cut,
    pieces: Range<usize>,
    /// Where the batch before ends.
    start: usize,
    /// The origin of the byte there.
    origin: Origin,
}

impl<'b> Batch<'b> {
    /// The texts with the indices of their pieces, in order.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (usize, Text<'b>)> {
        let Batch { bytes, cut, start: mut at, mut origin, .. } = *self;
        self.pieces.clone().map(move |index| {
            let Piece { range, lacks_comma } = &cut.pieces[index];
            origin.pass(&bytes[at..range.start]);
            at = range.start;
            let array_syntax = match (lacks_comma, cut.is_unclosed && index + 1 == cut.pieces.len()) {
                (true, _) => ArraySyntax::LacksComma,
                (false, true) => ArraySyntax::Unclosed,
                (false, false) => ArraySyntax::Valid,
            };
            let text = cut.text(&bytes[range.clone()], origin, array_syntax);
            origin.documents += 1;
            (index, text)
        })
    }

    /// The same texts, with so many more documents before them.
    pub(crate) fn after(&self, more: usize) -> Self {
        let origin = Origin { documents: self.origin.documents + more, ..self.origin };
        Batch { origin, ..self.clone() }
    }

    /// Whether every text is one document; else, one may turn out to be several.
    pub(crate) fn is_exact(&self) -> bool {
        self.cut.is_exact
    }

    /// The text of the document in a piece, given its origin; none if there are several.
    pub(crate) fn only_document(&self, index: usize, origin: Origin) -> Option<Text<'b>> {
        let Cut { pieces, end, .. } = self.cut;
        let end = pieces.get(index + 1).map_or(*end, |next| next.range.start);
        let mut splitter = Splitter::after_others(pieces[index].range.start);
        match &splitter.split(&self.bytes[..end], true, 2)[..] {
            [only] => Some(self.cut.text(&self.bytes[only.range.clone()], origin, ArraySyntax::Valid)),
            _ => None,
        }
    }
}
