//! Reads inputs: small ones whole, JSON Lines and large ones in blocks, so that the use of memory does not grow with
//! the file. Knows no rule and no report.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::document::{ArraySyntax, Piece, Splitter, Text};
use crate::text::lines::Origin;

/// The size of a block in bytes; a smaller input is read whole.
const BLOCK: usize = 2 << 20;

/// The first bytes of gzip.
const GZIP: [u8; 2] = [0x1F, 0x8B];

/// Whether an input that starts with these bytes is compressed with gzip.
pub(crate) fn is_compressed(start: &[u8]) -> bool {
    start.starts_with(&GZIP)
}

/// Successive texts of an input, each of which contains whole documents.
#[derive(Debug)]
pub(crate) struct Block<'b> {
    bytes: &'b [u8],
    pieces: Vec<Piece>,
    /// The origin of the bytes in the input.
    origin: Origin,
    /// Whether the input ends after the last piece without closing the array around it.
    is_unclosed: bool,
}

impl<'b> Block<'b> {
    fn whole(bytes: &'b [u8]) -> Self {
        let piece = Piece { range: 0..bytes.len(), lacks_comma: false };
        Block { bytes, pieces: vec![piece], origin: Origin::default(), is_unclosed: false }
    }

    /// The texts, in order.
    pub(crate) fn texts(&self) -> Vec<Text<'b>> {
        let mut origin = self.origin;
        let mut passed = 0;
        let mut texts = Vec::with_capacity(self.pieces.len());
        for (index, Piece { range, lacks_comma }) in self.pieces.iter().enumerate() {
            origin.pass(&self.bytes[passed..range.start]);
            passed = range.start;
            let array_syntax = match (lacks_comma, self.is_unclosed && index + 1 == self.pieces.len()) {
                (true, _) => ArraySyntax::LacksComma,
                (false, true) => ArraySyntax::Unclosed,
                (false, false) => ArraySyntax::Valid,
            };
            texts.push(Text::decode_at(&self.bytes[range.clone()], origin, array_syntax));
            origin.documents += 1;
        }
        texts
    }
}

/// Reads an input, decompressed if it is gzip, and passes its blocks to a function. With `is_lines`, even a small
/// input is split into documents.
///
/// # Errors
///
/// Those of reading and of the function.
pub(crate) fn read(
    input: impl Read,
    is_lines: bool,
    buffer: &mut Vec<u8>,
    mut each: impl FnMut(&Block<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut input = decompressed(input)?;
    buffer.clear();
    input.by_ref().take(BLOCK as u64).read_to_end(buffer)?;
    let is_utf16 = matches!(buffer[..], [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..]);
    if is_utf16 {
        input.read_to_end(buffer)?;
    }
    if is_utf16 || (buffer.len() < BLOCK && !is_lines) {
        return each(&Block::whole(buffer));
    }
    let mut splitter = Splitter::default();
    let mark = if buffer.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let mut origin = Origin { bytes: mark, ..Origin::default() };
    buffer.drain(..mark);
    let mut is_end = buffer.len() + mark < BLOCK;
    loop {
        let pieces = splitter.split(buffer, is_end);
        let documents = pieces.len();
        if !pieces.is_empty() {
            let is_unclosed = is_end && splitter.is_unclosed();
            each(&Block { bytes: buffer, pieces, origin, is_unclosed })?;
        }
        if is_end {
            return Ok(());
        }
        let rest = splitter.rest();
        origin.pass(&buffer[..rest]);
        origin.documents += documents;
        buffer.drain(..rest);
        // A document that fills the buffer needs a larger buffer.
        let room = BLOCK.max(buffer.len());
        is_end = input.by_ref().take(room as u64).read_to_end(buffer)? < room;
    }
}

/// The input, decompressed if it is gzip.
fn decompressed<'r>(mut input: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
    let mut start = Vec::with_capacity(2);
    input.by_ref().take(2).read_to_end(&mut start)?;
    let is_compressed = is_compressed(&start);
    let input = io::Cursor::new(start).chain(input);
    Ok(if is_compressed { Box::new(gzip_decoder(input)) } else { Box::new(input) })
}

fn gzip_decoder<R: Read>(input: R) -> MultiGzDecoder<io::BufReader<R>> {
    MultiGzDecoder::new(io::BufReader::new(input))
}

/// A file that is opened again to read texts at known offsets.
#[derive(Debug)]
pub(crate) enum Reopened {
    /// A file that is not compressed.
    Plain(File),
    /// The decompressed start of a compressed file.
    Decompressed(Vec<u8>),
}

/// How many bytes of a compressed file are decompressed again; every thread that reads holds them in memory.
const MOST_DECOMPRESSED: usize = 4 << 20;

impl Reopened {
    /// Opens a file again.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is not a regular file.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        // Opening a pipe would wait for a writer.
        if !std::fs::metadata(path)?.is_file() {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let mut file = File::open(path)?;
        let mut start = [0; GZIP.len()];
        let length = file.read(&mut start)?;
        if !is_compressed(&start[..length]) {
            return Ok(Reopened::Plain(file));
        }
        file.rewind()?;
        let mut decompressed = Vec::new();
        gzip_decoder(file).take(MOST_DECOMPRESSED as u64).read_to_end(&mut decompressed)?;
        Ok(Reopened::Decompressed(decompressed))
    }

    /// Reads bytes from an offset, fewer if the file ends before.
    ///
    /// # Errors
    ///
    /// If they cannot be read, or are too far into a compressed file.
    pub(crate) fn read(&mut self, offset: usize, length: usize) -> io::Result<Vec<u8>> {
        match self {
            Reopened::Plain(file) => {
                let mut bytes = Vec::new();
                file.seek(SeekFrom::Start(offset as u64))?;
                file.take(length as u64).read_to_end(&mut bytes)?;
                Ok(bytes)
            }
            Reopened::Decompressed(decompressed) => {
                let end = offset.saturating_add(length).min(decompressed.len());
                let found = decompressed.get(offset..end).unwrap_or_default();
                // The text may be cut off at the limit.
                if end == MOST_DECOMPRESSED { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(found.to_vec()) }
            }
        }
    }
}
