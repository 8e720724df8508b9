//! Lines and columns of a text.

use std::cell::OnceCell;

use crate::text::span::Span;

/// A position in a file.
///
/// ```
/// let findings = imagelint::lint("{\n  \"image\": {\"platform\": \"linux\", \"state\": {\"status\": \"BUILDING\"}}\n}");
/// let start = findings[0].location().start();
/// assert_eq!((start.line, start.column, start.offset), (2, 25, 26));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The number of bytes before it.
    pub offset: usize,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in Unicode scalar values, counted from 1.
    pub column: usize,
}

/// Where a text starts in its file, as counts of what comes before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    /// Bytes.
    pub(crate) bytes: usize,
    /// Complete lines.
    pub(crate) lines: usize,
    /// Unicode scalar values on the line that the text starts in.
    pub(crate) columns: usize,
    /// Documents.
    pub(crate) documents: usize,
}

impl Origin {
    /// Advances over bytes of the file.
    pub(crate) fn pass(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len();
        self.lines += memchr::memchr_iter(b'\n', bytes).count();
        let line = match memchr::memrchr(b'\n', bytes) {
            Some(end) => {
                self.columns = 0;
                &bytes[end + 1..]
            }
            None => bytes,
        };
        self.columns += chars(line);
    }
}

/// The number of Unicode scalar values in UTF-8.
fn chars(bytes: &[u8]) -> usize {
    // A sum in a byte, which few enough cannot overflow, is computed for many bytes at once.
    let starts = |few: &[u8]| few.iter().map(|byte| u8::from(!matches!(byte, 0x80..=0xBF))).sum::<u8>();
    bytes.chunks(u8::MAX.into()).map(|few| usize::from(starts(few))).sum()
}

/// Where the lines of a text start.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    origin: Origin,
    starts: Vec<usize>,
    /// Whether every byte is a character: then columns need not be counted.
    ascii: bool,
    /// How many characters there are before each block of [`BLOCK`] bytes; counted when first needed, as a line may be
    /// as long as the text.
    counts: OnceCell<Vec<usize>>,
}

const BLOCK: usize = 256;

impl<'t> Lines<'t> {
    /// Finds the lines, which end in LF or CRLF, of a text that starts at `origin` in its file.
    pub(crate) fn new(text: &'t str, origin: Origin) -> Self {
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|index| index + 1);
        Lines {
            text,
            origin,
            starts: std::iter::once(0).chain(starts).collect(),
            ascii: text.is_ascii(),
            counts: OnceCell::new(),
        }
    }

    /// How many lines of the file come before the text.
    pub(crate) fn before(&self) -> usize {
        self.origin.lines
    }

    /// The number of lines.
    pub(crate) fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line that contains an offset, from 0.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    /// The offset at which a line starts.
    pub(crate) fn start(&self, line: usize) -> usize {
        self.starts[line]
    }

    /// The text of a line without its line break.
    pub(crate) fn text(&self, line: usize) -> &'t str {
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        self.text[self.starts[line]..end].trim_end_matches(['\n', '\r'])
    }

    /// The text of a span.
    pub(crate) fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The boundary of a character at or after an offset.
    pub(crate) fn boundary(&self, offset: usize) -> usize {
        (offset..self.text.len()).find(|at| self.text.is_char_boundary(*at)).unwrap_or(self.text.len())
    }

    fn chars_before(&self, offset: usize) -> usize {
        let bytes = self.text.as_bytes();
        let counts = self.counts.get_or_init(|| {
            let add = |count: &mut usize, block: &[u8]| {
                let before = *count;
                *count += chars(block);
                Some(before)
            };
            bytes.chunks(BLOCK).scan(0, add).chain([0]).collect()
        });
        // The last block may be empty.
        let block = (offset / BLOCK).min(bytes.len().saturating_sub(1) / BLOCK);
        counts[block] + chars(&bytes[block * BLOCK..offset])
    }

    /// The position in the file of an offset in the text.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let line = self.line_of(offset);
        let start = self.starts[line];
        let column = if self.ascii { offset - start } else { self.chars_before(offset) - self.chars_before(start) };
        let ahead = if line == 0 { self.origin.columns } else { 0 };
        Position { offset: self.origin.bytes + offset, line: self.origin.lines + line + 1, column: ahead + column + 1 }
    }
}
