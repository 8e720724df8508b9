//! Reads inputs: small ones whole, JSON Lines and large ones in blocks, so that the use of memory does not grow with
//! the file. Knows no rule and no report.

mod cut;
mod reopened;

use std::io::{self, BufReader, Cursor, Read};
use std::ops::Range;

use flate2::read::MultiGzDecoder;

use crate::document::{Document, RECORD_SEPARATOR, Splitter, Text, split_lines, start_of};
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

/// Whether the first line holds no more than JSON, or none. Where it holds more, so may every line.
fn starts_with_json_line(bytes: &[u8]) -> bool {
    let line = bytes.trim_ascii_start().split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_json = |line: &str| !line.contains('{') || Document::parse(line).root().is_some();
    std::str::from_utf8(line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line)).is_ok_and(is_json)
}

/// Whether the first lines are JSON with something else around it.
fn starts_wrapped(bytes: &[u8]) -> bool {
    /// One line alone does not show what is around every line.
    const LEAST_LINES: usize = 3;
    let least = memchr::memchr_iter(b'\n', bytes).nth(LEAST_LINES - 1).map_or(0, |end| end + 1);
    let start = &bytes[..bytes.len().min(FIRST_READ.max(least))];
    let lines = memchr::memrchr(b'\n', start).map_or(start, |end| &start[..end]);
    let text = Text::decode(lines);
    // Looking for the documents shows what is around them.
    !text.documents().is_empty() && text.wrapped().is_some()
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

    /// Drops some of its bytes.
    fn drop(&mut self, range: Range<usize>) {
        self.buffer.copy_within(range.end..self.length, range.start);
        self.length -= range.len();
    }

    fn reserve(&mut self, length: usize) {
        if self.buffer.len() < length {
            self.buffer.reserve_exact(length - self.buffer.len());
            self.buffer.resize(length, 0);
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

/// How an input is read: what its name says of its documents.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// Whether even a small input is split into documents.
    pub(crate) is_lines: bool,
    /// Whether there may be no document: an input of white space alone is blank. Else it is a document that is empty.
    pub(crate) may_be_blank: bool,
    /// The limit for the size of one document in bytes.
    pub(crate) most: usize,
}

/// Reads the blocks of an input.
pub(crate) struct Blocks<'r> {
    input: Box<dyn Read + 'r>,
    reading: Reading,
    /// Finds the documents exactly; none if they are found quickly.
    splitter: Option<Splitter>,
    /// The origin of the next block.
    origin: Origin,
    /// Whether the input is read to its end.
    is_end: bool,
    /// Whether there is no further block.
    is_done: bool,
    /// Where the bracket is that opens the array of the documents.
    bracket: Option<Origin>,
    /// Whether no document was found so far.
    is_blank: bool,
}

impl<'r> Blocks<'r> {
    /// Starts to read an input, decompressed if it is gzip, with its first block.
    ///
    /// # Errors
    ///
    /// Those of reading.
    pub(crate) fn open(input: impl Read + 'r, reading: Reading, finds: Finds, block: &mut Block) -> io::Result<Self> {
        let mut blocks = Blocks {
            input: Box::new(input),
            reading,
            splitter: None,
            origin: Origin::default(),
            is_end: false,
            is_done: false,
            bracket: None,
            is_blank: true,
        };
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
        let is_sequence = block.bytes().first() == Some(&RECORD_SEPARATOR);
        let is_small = block.length < BLOCK.min(reading.most);
        let is_wrapped = !is_utf16 && !is_sequence && !is_small && starts_wrapped(block.bytes());
        while (is_utf16 || is_wrapped) && !blocks.is_end && block.length <= reading.most {
            blocks.fill(block, blocks.more_than(block.length))?;
        }
        let is_json = || block.bytes().trim_ascii_start().starts_with(b"{") || !starts_wrapped(block.bytes());
        let is_of_lines = || reading.is_lines && starts_with_json_line(block.bytes()) && is_json();
        let is_whole = is_wrapped && block.length <= reading.most;
        if is_utf16 || is_whole || (is_small && !is_sequence && !is_of_lines()) {
            blocks.is_done = true;
            blocks.is_blank = reading.may_be_blank && is_white_space(block.bytes());
            let whole = || Cut::whole(block.bytes(), Origin::default()).within(reading.most);
            block.cut = if blocks.is_blank { Cut::default() } else { whole() };
            return Ok(blocks);
        }
        if block.bytes().starts_with(b"\xEF\xBB\xBF") {
            block.drop(0..3);
            blocks.origin.bytes = 3;
        }
        // In an array, and after anything else, only what is before a line tells whether it starts a document.
        let starts_object = block.bytes().trim_ascii_start().starts_with(b"{");
        let splitter = if is_sequence { Splitter::of_sequence } else { Splitter::default };
        blocks.splitter = (finds == Finds::Exactly || !starts_object).then(splitter);
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

    /// Whether the input holds no document, which it may; known once there is no further block.
    pub(crate) fn is_blank(&self) -> bool {
        self.is_blank
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
                    if let Some(bracket) = splitter.take_bracket() {
                        let mut origin = self.origin;
                        origin.pass(&bytes[..bracket]);
                        self.bracket = Some(origin);
                    }
                    (pieces, splitter.rest(), self.is_done && splitter.is_unclosed())
                }
            };
            self.is_blank &= pieces.is_empty();
            if self.is_blank && self.is_done {
                self.cut_nothing(block);
                return Ok(());
            }
            if !pieces.is_empty() || self.is_done {
                let cut = Cut::new(bytes, pieces, (0, rest), &mut self.origin).unclosed(is_unclosed);
                let cut = cut.within(self.reading.most);
                block.cut = if self.splitter.is_none() { cut.assumed() } else { cut };
                block.rest = rest;
                return Ok(());
            }
            // White space between documents is not kept, however much there is.
            self.origin.pass(&bytes[..rest]);
            block.drop(0..rest);
            // A document that fills the buffer needs a larger buffer.
            let is_full = block.length >= BLOCK;
            if is_full && self.splitter.is_none() {
                self.find_exactly();
                continue;
            }
            if is_full && block.length > self.reading.most {
                return self.skip(block);
            }
            self.fill(block, if is_full { self.more_than(block.length) } else { BLOCK })?;
        }
    }

    /// A larger size for a block that a document fills, as far as the limit allows.
    fn more_than(&self, length: usize) -> usize {
        (2 * length).min(self.reading.most.saturating_add(1)).max(BLOCK)
    }

    /// Reads to the end of a document that is larger than the limit and fills the block, and keeps only its start.
    fn skip(&mut self, block: &mut Block) -> io::Result<()> {
        /// What the splitter looks back at.
        const TAIL: usize = 1 << 10;
        let start = self.origin;
        let kept = start_of(block.bytes());
        self.origin.pass(&block.bytes()[..kept]);
        loop {
            let dropped = kept..(block.length - TAIL).max(kept);
            self.origin.pass(&block.bytes()[dropped.clone()]);
            block.drop(dropped.clone());
            self.fill(block, BLOCK)?;
            let Some(splitter) = &mut self.splitter else { return Ok(()) };
            splitter.forget(kept, dropped.len());
            let is_found = !splitter.split(block.bytes(), self.is_end, 1).is_empty();
            self.is_done = self.is_end && splitter.is_done(block.bytes());
            if is_found || self.is_done {
                block.rest = splitter.rest();
                self.origin.pass(&block.bytes()[kept.min(block.rest)..block.rest]);
                self.origin.documents += 1;
                block.cut = Cut::start(kept, start).within(self.reading.most);
                return Ok(());
            }
        }
    }

    /// Cuts the block of an input without documents: what is in it, an array or nothing, is a document of its own.
    fn cut_nothing(&mut self, block: &mut Block) {
        let is_unclosed = self.splitter.as_ref().is_some_and(Splitter::is_unclosed);
        let (text, origin): (&[u8], _) = match self.bracket {
            Some(bracket) => (if is_unclosed { b"[" } else { b"[]" }, bracket),
            None => (b"", Origin::default()),
        };
        self.is_blank = self.reading.may_be_blank && text.is_empty();
        block.length = 0;
        block.reserve(text.len());
        block.buffer[..text.len()].copy_from_slice(text);
        block.length = text.len();
        block.cut = if self.is_blank { Cut::default() } else { Cut::whole(text, origin) };
    }

    /// Reads bytes until the block has a length or the input ends.
    fn fill(&mut self, block: &mut Block, length: usize) -> io::Result<()> {
        while !self.is_end && block.length < length {
            // Memory is filled with zeros first, so that a small input had better get little.
            if block.length == block.buffer.len() {
                block.reserve(length.min((2 * block.length).max(FIRST_READ)));
            }
            let end = length.min(block.buffer.len());
            match self.input.read(&mut block.buffer[block.length..end]) {
                Ok(0) => self.is_end = true,
                Ok(count) => block.length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whether bytes are nothing but white space, after a byte order mark if there is one.
fn is_white_space(bytes: &[u8]) -> bool {
    let marks: [&[u8]; 3] = [b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF"];
    let text = marks.iter().find_map(|mark| bytes.strip_prefix(*mark)).unwrap_or(bytes);
    text.trim_ascii().is_empty()
}

/// Reads an input, decompressed if it is gzip, and passes its blocks to a function.
///
/// # Errors
///
/// Those of reading and of the function.
pub(crate) fn read(
    input: impl Read,
    reading: Reading,
    mut each: impl FnMut(&Block) -> io::Result<()>,
) -> io::Result<()> {
    let [mut block, mut next] = <[Block; 2]>::default();
    let mut blocks = Blocks::open(input, reading, Finds::Exactly, &mut block)?;
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
