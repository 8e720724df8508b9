//! Lines and columns of a text.

/// A place in a text, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column in Unicode scalar values.
    pub column: usize,
}

/// What of a file comes before a text: lines, and characters of the line in which it starts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Before {
    /// How many lines end before it.
    pub lines: usize,
    /// How many Unicode scalar values of its first line come before it.
    pub columns: usize,
}

impl Before {
    /// Goes past bytes of the file.
    pub fn pass(&mut self, bytes: &[u8]) {
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
pub struct Lines<'t> {
    text: &'t str,
    before: Before,
    starts: Vec<usize>,
    /// Every byte is a character, so columns need not be counted.
    ascii: bool,
}

impl<'t> Lines<'t> {
    /// Finds the lines of a text, which end in LF or CRLF, after what comes before it in its file.
    pub fn new(text: &'t str, before: Before) -> Self {
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|index| index + 1);
        Lines { text, before, starts: std::iter::once(0).chain(starts).collect(), ascii: text.is_ascii() }
    }

    /// How many lines of the file come before the text.
    pub fn before(&self) -> usize {
        self.before.lines
    }

    /// How many lines there are.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line that holds an offset, from 0.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    /// The offset at which a line starts.
    pub fn start(&self, line: usize) -> usize {
        self.starts[line]
    }

    /// A line's text without its end.
    pub fn text(&self, line: usize) -> &'t str {
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        self.text[self.starts[line]..end].trim_end_matches(['\n', '\r'])
    }

    /// The position of an offset.
    pub fn position(&self, offset: usize) -> Position {
        let line = self.line_of(offset);
        let before = &self.text[self.starts[line]..offset];
        let column = if self.ascii { before.len() } else { before.chars().count() };
        let ahead = if line == 0 { self.before.columns } else { 0 };
        Position { line: self.before.lines + line + 1, column: ahead + column + 1 }
    }
}
