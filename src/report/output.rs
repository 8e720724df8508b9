//! A report on its way to where it is written: what is remembered from one file to the next.

use std::io::{self, Write};

use crate::report::{Report, Summary};

/// How the parts of a report are put together. Parts come in the order of the files, all parts of a
/// file one after the other.
pub(super) trait Layout {
    /// A part of a file's report; a file that is read in blocks has several.
    fn part(&mut self, path: &str, part: &str, out: &mut dyn Write) -> io::Result<()>;

    /// A file has ended: it was checked, or it could be read so far and no further.
    fn end(&mut self, _path: &str, _is_checked: bool, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// All files were checked.
    fn close(&mut self, _summary: &Summary, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// Parts that follow one another, whatever file they are of.
pub(super) struct Joined {
    separator: &'static str,
    is_first: bool,
}

impl Joined {
    /// With a separator between any two.
    pub(super) fn by(separator: &'static str) -> Self {
        Joined { separator, is_first: true }
    }
}

impl Layout for Joined {
    fn part(&mut self, _path: &str, part: &str, out: &mut dyn Write) -> io::Result<()> {
        if !std::mem::take(&mut self.is_first) {
            out.write_all(self.separator.as_bytes())?;
        }
        out.write_all(part.as_bytes())
    }
}

/// A writer for a stream that its reader may close early, while other outputs go on: what comes after
/// that is dropped.
pub struct UntilClosed<W> {
    writer: W,
    is_closed: bool,
}

impl<W: Write> UntilClosed<W> {
    /// Around a writer.
    pub fn new(writer: W) -> Self {
        UntilClosed { writer, is_closed: false }
    }

    fn unless_closed<T>(&mut self, dropped: T, write: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        if self.is_closed {
            return Ok(dropped);
        }
        match write(&mut self.writer) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(dropped)
            }
            other => other,
        }
    }
}

impl<W: Write> Write for UntilClosed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_closed(bytes.len(), |writer| writer.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_closed((), Write::flush)
    }
}

/// A report and where it is written.
pub struct Output<'w> {
    /// The report.
    pub report: &'w Report,
    layout: Box<dyn Layout + 'w>,
    writer: Box<dyn Write + 'w>,
}

impl<'w> Output<'w> {
    /// An output that writes as it goes.
    pub fn new(report: &'w Report, writer: impl Write + 'w) -> Self {
        Output { report, layout: report.layout(), writer: Box::new(writer) }
    }

    /// Writes what stands before the first file.
    ///
    /// # Errors
    ///
    /// Where the writer fails; so with the others.
    pub fn open(&mut self) -> io::Result<()> {
        self.writer.write_all(self.report.opening().as_bytes())
    }

    /// Writes the findings of a text, as [`Report::part`] has made them.
    ///
    /// # Errors
    ///
    /// Where the writer fails.
    pub fn part(&mut self, path: &str, part: &str) -> io::Result<()> {
        self.layout.part(path, part, &mut *self.writer)
    }

    /// Ends a file that was checked, whether anything was found in it or not, or that could not be
    /// read to its end.
    ///
    /// # Errors
    ///
    /// Where the writer fails.
    pub fn end(&mut self, path: &str, is_checked: bool) -> io::Result<()> {
        self.layout.end(path, is_checked, &mut *self.writer)
    }

    /// Writes what stands after the last file.
    ///
    /// # Errors
    ///
    /// Where the writer fails.
    pub fn close(&mut self, summary: &Summary) -> io::Result<()> {
        self.layout.close(summary, &mut *self.writer)?;
        self.writer.write_all(self.report.closing(summary).as_bytes())?;
        self.writer.flush()
    }
}
