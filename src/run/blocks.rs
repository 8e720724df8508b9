//! Reads inputs: small ones whole, JSON Lines and large ones in blocks, so that the use of memory does not grow with
//! the file. Knows no rule and no report.

mod cut;
mod reopened;

use std::io::{self, BufReader, Cursor, Read};

use flate2::read::MultiGzDecoder;

use crate::document::{Splitter, Text, split_lines};
use crate::text::lines::Origin;

pub(crate) use cut::{Batch, Cut};
pub(crate) use reopened::Reopened;

/// The size of a block in bytes; a smaller input is read whole.
const BLOCK: usize = 2 << 20;

/// How many bytes are read first, before there is a buffer for a block; nearly every capture is smaller.
const FIRST_READ: usize = 64 << 10;

/// The most documents in a block: what is known of a small one takes more memory than its text.
const MOST_DOCUMENTS: usize = 1 << 16;

/// The first bytes of gzip.
const GZIP: [u8; 2] = [0x1F, 0x8B];

/// Whether an input that starts with these bytes is compressed with gzip.
pub(crate) fn is_compressed(start: &[u8]) -> bool {
    start.starts_with(&GZIP)
}

fn gzip_decoder<R: Read>(input: R) -> MultiGzDecoder<BufReader<R>> {
    MultiGzDecoder::new(BufReader::with_capacity(FIRST_READ, input))
}

/// Successive bytes of an input with the documents that end in them. Owns memory that is used again for other bytes.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// As many bytes as were ever read into it, to be initialised only once.
    buffer: Vec<u8>,
    /// How many of them belong to the block.
    length: usize,
    cut: Cut,
    /// Where the bytes start that belong to documents of the next block.
    rest: usize,
}

impl Block {
    /// Its bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[..self.length]
    }

    /// Where its documents are.
    pub(crate) fn cut(&self) -> &Cut {
        &self.cut
    }

    /// Its texts, in order.
    pub(crate) fn texts(&self) -> Vec<Text<'_>> {
        self.cut.batches(self.bytes(), 0).iter().flat_map(Batch::texts).map(|(_, text)| text).collect()
    }

    /// Gives memory back that only a document of unusual size needs.
    pub(crate) fn shrink(&mut self) {
        if self.buffer.len() > 2 * BLOCK {
            *self = Block::default();
        }
    }

    fn reserve(&mut self, length: usize) {
        if self.buffer.len() < length {
            let mut buffer = vec![0; length];
            buffer[..self.length].copy_from_slice(self.bytes());
            self.buffer = buffer;
        }
    }
}

/// How documents are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finds {
    /// Exactly, byte by byte.
    Exactly,
    /// In JSON Lines quickly: what lies between two lines that surely start a document is assumed to be one.
    Quickly,
}

/// Reads the blocks of an input.
pub(crate) struct Blocks<'r> {
    input: Box<dyn Read + 'r>,
    /// Finds the documents exactly; none if they are found quickly.
    splitter: Option<Splitter>,
    /// The origin of the next block.
    origin: Origin,
    /// Whether the input is read to its end.
    is_end: bool,
    /// Whether there is no further block.
    is_done: bool,
}

impl<'r> Blocks<'r> {
    /// Starts to read an input, decompressed if it is gzip, with its first block. With `is_lines`, even a small input
    /// is split into documents.
    ///
    /// # Errors
    ///
    /// Those of reading.
    pub(crate) fn open(input: impl Read + 'r, is_lines: bool, finds: Finds, block: &mut Block) -> io::Result<Self> {
        let (input, origin) = (Box::new(input), Origin::default());
        let mut blocks = Blocks { input, splitter: None, origin, is_end: false, is_done: false };
        block.length = 0;
        blocks.fill(block, FIRST_READ)?;
        if is_compressed(block.bytes()) {
            let start = Cursor::new(block.bytes().to_vec());
            let compressed = std::mem::replace(&mut blocks.input, Box::new(io::empty()));
            blocks = Blocks { input: Box::new(gzip_decoder(start.chain(compressed))), is_end: false, ..blocks };
            block.length = 0;
        }
        blocks.fill(block, BLOCK)?;
        let is_utf16 = matches!(block.bytes(), [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..]);
        while is_utf16 && !blocks.is_end {
            blocks.fill(block, 2 * block.length)?;
        }
        if is_utf16 || (block.length < BLOCK && !is_lines) {
            blocks.is_done = true;
            block.cut = Cut::whole(block.bytes());
            return Ok(blocks);
        }
        if block.bytes().starts_with(b"\xEF\xBB\xBF") {
            block.buffer.copy_within(3..block.length, 0);
            block.length -= 3;
            blocks.origin.bytes = 3;
        }
        // In an array, and after anything else, only what is before a line tells whether it starts a document.
        let starts_object = block.bytes().trim_ascii_start().starts_with(b"{");
        blocks.splitter = (finds == Finds::Exactly || !starts_object).then(Splitter::default);
        blocks.cut(block)?;
        Ok(blocks)
    }

    /// Reads the block that follows another. There must be one.
    ///
    /// # Errors
    ///
    /// Those of reading.
    pub(crate) fn next(&mut self, last: &Block, block: &mut Block) -> io::Result<()> {
        let rest = &last.bytes()[last.rest..];
        block.length = 0;
        block.reserve(BLOCK.max(rest.len()));
        block.buffer[..rest.len()].copy_from_slice(rest);
        block.length = rest.len();
        let is_full = last.cut.pieces() >= MOST_DOCUMENTS;
        if !is_full {
            self.fill(block, BLOCK.max(2 * rest.len()))?;
        }
        self.cut(block)
    }

    /// Whether there is no further block.
    pub(crate) fn is_done(&self) -> bool {
        self.is_done
    }

    /// Finds documents exactly from the next block on.
    pub(crate) fn find_exactly(&mut self) {
        // A block in which documents are found quickly ends between two.
        self.splitter.get_or_insert_with(|| Splitter::after_others(0));
    }

    /// Finds the documents that end in a block; reads more if none does.
    fn cut(&mut self, block: &mut Block) -> io::Result<()> {
        loop {
            let bytes = block.bytes();
            let is_end = self.is_end;
            let (pieces, rest, is_unclosed) = match &mut self.splitter {
                None => {
                    let (pieces, end) = split_lines(bytes, is_end, MOST_DOCUMENTS);
                    self.is_done = is_end && end == bytes.len();
                    (pieces, end, false)
                }
                Some(splitter) => {
                    let pieces = splitter.split(bytes, is_end, MOST_DOCUMENTS);
                    self.is_done = is_end && splitter.is_done(bytes);
                    let rest = if pieces.is_empty() { 0 } else { splitter.rest() };
                    (pieces, rest, self.is_done && splitter.is_unclosed())
                }
            };
            if !pieces.is_empty() || self.is_done {
                let cut = Cut::new(bytes, pieces, (0, rest), &mut self.origin).unclosed(is_unclosed);
                block.cut = if self.splitter.is_none() { cut.assumed() } else { cut };
                block.rest = rest;
                return Ok(());
            }
            // A document that fills the buffer needs a larger buffer.
            let is_full = block.length >= BLOCK;
            if is_full {
                self.find_exactly();
            }
            self.fill(block, if is_full { 2 * block.length } else { BLOCK })?;
        }
    }

    /// Reads bytes until the block has a length or the input ends.
    fn fill(&mut self, block: &mut Block, length: usize) -> io::Result<()> {
        if !self.is_end {
            block.reserve(length);
        }
        while !self.is_end && block.length < length {
            match self.input.read(&mut block.buffer[block.length..length]) {
                Ok(0) => self.is_end = true,
                Ok(count) => block.length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Reads an input, decompressed if it is gzip, and passes its blocks to a function. With `is_lines`, even a small
/// input is split into documents.
///
/// # Errors
///
/// Those of reading and of the function.
pub(crate) fn read(input: impl Read, is_lines: bool, mut each: impl FnMut(&Block) -> io::Result<()>) -> io::Result<()> {
    let [mut block, mut next] = <[Block; 2]>::default();
    let mut blocks = Blocks::open(input, is_lines, Finds::Exactly, &mut block)?;
    loop {
        if !block.cut().is_empty() {
            each(&block)?;
        }
        if blocks.is_done() {
            return Ok(());
        }
        blocks.next(&block, &mut next)?;
        std::mem::swap(&mut block, &mut next);
    }
}
