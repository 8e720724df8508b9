//! A report on its way to where it is written.

use std::io::{self, Write};

use crate::report::format::Layout;
use crate::report::{Format, Fragment, Source, Summary};

/// A report and where it is written.
pub(crate) struct Output<'w> {
    format: &'w dyn Format,
    layout: Box<dyn Layout + 'w>,
    writer: Box<dyn Write + 'w>,
}

impl<'w> Output<'w> {
    /// An output that writes as it goes.
    pub(crate) fn new(format: &'w dyn Format, writer: impl Write + 'w) -> Self {
        Output { format, layout: format.layout(), writer: Box::new(writer) }
    }

    /// The findings of a text as the report writes them.
    pub(crate) fn render(&self, source: &Source<'_>) -> Fragment {
        self.format.fragment(source)
    }

    /// Writes what stands before the first file.
    ///
    /// # Errors
    ///
    /// Where the writer fails; so with the others.
    pub(crate) fn open(&mut self) -> io::Result<()> {
        self.writer.write_all(self.format.opening().as_bytes())
    }

    /// Writes the findings of a text, as [`Format::fragment`] has made them.
    ///
    /// # Errors
    ///
    /// Where the writer fails.
    pub(crate) fn fragment(&mut self, path: &str, fragment: &Fragment) -> io::Result<()> {
        self.layout.fragment(path, fragment, &mut *self.writer)
    }

    /// Ends a file that was checked, whether anything was found in it or not, or that could not be
    /// read to its end.
    ///
    /// # Errors
    ///
    /// Where the writer fails.
    pub(crate) fn end(&mut self, path: &str, is_checked: bool) -> io::Result<()> {
        self.layout.end(path, is_checked, &mut *self.writer)
    }

    /// Writes what stands after the last file.
    ///
    /// # Errors
    ///
    /// Where the writer fails.
    pub(crate) fn close(&mut self, summary: &Summary) -> io::Result<()> {
        self.layout.close(summary, &mut *self.writer)?;
        self.writer.write_all(self.format.closing(summary).as_bytes())?;
        self.writer.flush()
    }
}
