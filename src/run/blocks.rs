//! Reading inputs: small ones whole, JSON Lines and large ones in blocks, so that memory does not
//! grow with the file. Knows no rule and no report.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::document::{Joint, Piece, Splitter, Text};
use crate::text::lines::Origin;

/// How many bytes are read before they are looked at; an input of no more is read whole.
const BLOCK: usize = 2 << 20;

/// How gzip starts.
const GZIP: [u8; 2] = [0x1F, 0x8B];

/// Whether an input that starts with these bytes is compressed with gzip.
pub(crate) fn is_compressed(start: &[u8]) -> bool {
    start.starts_with(&GZIP)
}

/// Texts that follow one another in an input, each with documents of its own.
#[derive(Debug)]
pub(crate) struct Block<'b> {
    bytes: &'b [u8],
    pieces: Vec<Piece>,
    /// Where the bytes start in the input.
    origin: Origin,
    /// Whether the input ends after the last piece and leaves the array around it open.
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
            let joint = match (lacks_comma, self.is_unclosed && index + 1 == self.pieces.len()) {
                (true, _) => Joint::LacksComma,
                (false, true) => Joint::Unclosed,
                (false, false) => Joint::Sound,
            };
            texts.push(Text::decode_at(&self.bytes[range.clone()], origin, joint));
            origin.documents += 1;
        }
        texts
    }
}

/// Reads an input and hands on its blocks. One that holds JSON Lines is cut into documents, however
/// small it is.
///
/// # Errors
///
/// What reading or the function comes to.
pub(crate) fn read(
    input: impl Read,
    is_lines: bool,
    buffer: &mut Vec<u8>,
    mut each: impl FnMut(&Block<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut input = unpacked(input)?;
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
        // A document that fills the buffer needs a larger one.
        let room = BLOCK.max(buffer.len());
        is_end = input.by_ref().take(room as u64).read_to_end(buffer)? < room;
    }
}

/// The input, unpacked if it is compressed with gzip.
fn unpacked<'r>(mut input: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
    let mut start = Vec::with_capacity(2);
    input.by_ref().take(2).read_to_end(&mut start)?;
    let is_compressed = is_compressed(&start);
    let input = io::Cursor::new(start).chain(input);
    Ok(if is_compressed { Box::new(unpack(input)) } else { Box::new(input) })
}

fn unpack<R: Read>(input: R) -> MultiGzDecoder<io::BufReader<R>> {
    MultiGzDecoder::new(io::BufReader::new(input))
}

/// A file that is read again, at places that are known by now.
#[derive(Debug)]
pub(crate) enum Again {
    /// A file as it is.
    Plain(File),
    /// What a compressed file holds, unpacked.
    Unpacked(Vec<u8>),
}

/// How much of a compressed file is unpacked again: each thread that reads holds it in memory.
const UNPACKED: usize = 4 << 20;

impl Again {
    /// Opens a file again.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, or is a pipe that was read already.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        // To open a pipe would wait for a writer.
        if !std::fs::metadata(path)?.is_file() {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let mut file = File::open(path)?;
        let mut start = [0; GZIP.len()];
        let length = file.read(&mut start)?;
        if !is_compressed(&start[..length]) {
            return Ok(Again::Plain(file));
        }
        file.rewind()?;
        let mut unpacked = Vec::new();
        unpack(file).take(UNPACKED as u64).read_to_end(&mut unpacked)?;
        Ok(Again::Unpacked(unpacked))
    }

    /// So many bytes from an offset on, or those there are.
    ///
    /// # Errors
    ///
    /// Where they cannot be read, or are too far into a compressed file.
    pub(crate) fn read(&mut self, offset: usize, length: usize) -> io::Result<Vec<u8>> {
        match self {
            Again::Plain(file) => {
                let mut bytes = Vec::new();
                file.seek(SeekFrom::Start(offset as u64))?;
                file.take(length as u64).read_to_end(&mut bytes)?;
                Ok(bytes)
            }
            Again::Unpacked(unpacked) => {
                let end = offset.saturating_add(length).min(unpacked.len());
                let found = unpacked.get(offset..end).unwrap_or_default();
                // A text at the end may be cut, too.
                if end == UNPACKED { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(found.to_vec()) }
            }
        }
    }
}
