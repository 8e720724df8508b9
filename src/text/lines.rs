//! Lines and columns of a text.

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// How many bytes come before it.
    pub offset: usize,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in Unicode scalar values, counted from 1.
    pub column: usize,
}

/// Where a text starts in its file: what comes before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    /// How many bytes.
    pub(crate) bytes: usize,
    /// How many lines end before it.
    pub(crate) lines: usize,
    /// How many Unicode scalar values of its first line.
    pub(crate) columns: usize,
    /// How many documents.
    pub(crate) documents: usize,
}

impl Origin {
    /// Moves past bytes of the file.
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
        self.columns += line.iter().filter(|byte| !matches!(byte, 0x80..=0xBF)).count();
    }
}

/// Where the lines of a text start.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    origin: Origin,
    starts: Vec<usize>,
    /// Every byte is a character, so columns need not be counted.
    ascii: bool,
}

impl<'t> Lines<'t> {
    /// Finds the lines of a text, which end in LF or CRLF, and which starts at an origin in its file.
    pub(crate) fn new(text: &'t str, origin: Origin) -> Self {
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|index| index + 1);
        Lines { text, origin, starts: std::iter::once(0).chain(starts).collect(), ascii: text.is_ascii() }
    }

    /// How many lines of the file come before the text.
    pub(crate) fn before(&self) -> usize {
        self.origin.lines
    }

    /// How many lines there are.
    pub(crate) fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line that holds an offset, from 0.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    /// The offset at which a line starts.
    pub(crate) fn start(&self, line: usize) -> usize {
        self.starts[line]
    }

    /// A line's text without its end.
    pub(crate) fn text(&self, line: usize) -> &'t str {
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        self.text[self.starts[line]..end].trim_end_matches(['\n', '\r'])
    }

    /// The position in the file of an offset in the text.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let line = self.line_of(offset);
        let before = &self.text[self.starts[line]..offset];
        let column = if self.ascii { before.len() } else { before.chars().count() };
        let ahead = if line == 0 { self.origin.columns } else { 0 };
        Position { offset: self.origin.bytes + offset, line: self.origin.lines + line + 1, column: ahead + column + 1 }
    }
}
