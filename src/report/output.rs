//! Writes a report in a format to a writer.

use std::io::{self, Write};

use crate::report::format::Layout;
use crate::report::{Format, Fragment, Source, Summary};

/// A report and the writer that it goes to.
pub(crate) struct Output<'w> {
    format: &'w dyn Format,
    layout: Box<dyn Layout + 'w>,
    writer: Box<dyn Write + 'w>,
}

impl<'w> Output<'w> {
    /// An output that writes fragments as they come.
    pub(crate) fn new(format: &'w dyn Format, writer: impl Write + 'w) -> Self {
        Output { format, layout: format.layout(), writer: Box::new(writer) }
    }

    /// Renders the findings of a text.
    pub(crate) fn render(&self, source: &Source<'_>) -> Fragment {
        self.format.fragment(source)
    }

    /// Writes what comes before the first file.
    ///
    /// # Errors
    ///
    /// If the writer fails.
    pub(crate) fn open(&mut self) -> io::Result<()> {
        self.writer.write_all(self.format.opening().as_bytes())
    }

    /// Writes the findings of a text, as [`Output::render`] returns them; nothing if there are none.
    ///
    /// # Errors
    ///
    /// If the writer fails.
    pub(crate) fn fragment(&mut self, path: &str, fragment: &Fragment) -> io::Result<()> {
        if fragment.is_empty() {
            return Ok(());
        }
        self.layout.fragment(path, fragment, &mut *self.writer)
    }

    /// Ends a file: call it for every file that was checked, with findings or without, and for one that could not be
    /// read to its end, with `is_checked` false.
    ///
    /// # Errors
    ///
    /// If the writer fails.
    pub(crate) fn end(&mut self, path: &str, is_checked: bool) -> io::Result<()> {
        self.layout.end(path, is_checked, &mut *self.writer)
    }

    /// Writes what comes after the last file.
    ///
    /// # Errors
    ///
    /// If the writer fails.
    pub(crate) fn close(&mut self, summary: &Summary) -> io::Result<()> {
        self.layout.close(summary, &mut *self.writer)?;
        self.writer.write_all(self.format.closing(summary).as_bytes())?;
        self.writer.flush()
    }
}
