//! The standard streams of a run.

use std::io::{self, Read, Write};

use crate::report::{Entry, Style};

/// The standard streams of a run and what is known of the terminals behind them.
pub(crate) struct Streams<'a> {
    /// Standard input, which the argument `-` reads.
    pub stdin: &'a mut dyn Read,
    /// Standard output, for reports.
    pub stdout: &'a mut dyn Write,
    /// Standard error, for messages about the run itself.
    pub stderr: &'a mut dyn Write,
    /// The format of the report on standard output, unless a flag names another.
    pub format: &'static Entry,
    /// The style of standard output, unless a flag overrides it.
    pub style: Style,
    /// The style of standard error, unless a flag overrides it.
    pub stderr_style: Style,
    /// Whether standard error is a terminal, so that a long run may show progress.
    pub is_watched: bool,
}

/// A writer that ignores a closed pipe: once its reader has closed it, everything written is dropped, so that other
/// outputs are still written.
pub(crate) struct UntilClosed<W> {
    writer: W,
    is_closed: bool,
}

impl<W: Write> UntilClosed<W> {
    /// Wraps a writer.
    pub(crate) fn new(writer: W) -> Self {
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
