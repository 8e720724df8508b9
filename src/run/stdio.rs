//! The streams that a run reads and writes.

use std::io::{self, Read, Write};

use crate::report::Style;

/// The streams of a run and what is known of the terminal behind them.
pub(crate) struct Streams<'a> {
    /// Where `-` reads from.
    pub stdin: &'a mut dyn Read,
    /// Where reports go.
    pub stdout: &'a mut dyn Write,
    /// Where errors of the run itself go.
    pub stderr: &'a mut dyn Write,
    /// What standard output shows when nothing else is said.
    pub style: Style,
    /// Likewise standard error.
    pub stderr_style: Style,
    /// Whether standard error is a terminal, on which a long run may show how far it is.
    pub is_watched: bool,
}

/// A writer for a stream that its reader may close early, while other outputs go on: what comes after
/// that is dropped.
pub(crate) struct UntilClosed<W> {
    writer: W,
    is_closed: bool,
}

impl<W: Write> UntilClosed<W> {
    /// Around a writer.
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
