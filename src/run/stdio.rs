//! The standard streams of a run.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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
    /// Set once nobody reads standard output any more.
    pub is_unread: Arc<AtomicBool>,
    /// Whether standard output is a terminal, which obeys control characters.
    pub is_terminal: bool,
    /// Whether standard error is a terminal, so that a long run may show progress.
    pub is_watched: bool,
}

/// A writer whose errors name where it writes to.
pub(crate) struct Named<W> {
    name: String,
    writer: W,
}

impl<W: Write> Named<W> {
    /// Names a writer.
    pub(crate) fn new(name: impl Into<String>, writer: W) -> Self {
        Named { name: name.into(), writer }
    }

    fn naming<T>(&mut self, write: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        write(&mut self.writer).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", self.name)))
    }
}

impl<W: Write> Write for Named<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.naming(|writer| writer.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.naming(Write::flush)
    }
}

/// A writer that ignores a closed pipe: once its reader has closed it, everything written is dropped, so that other
/// outputs are still written.
pub(crate) struct UntilClosed<W> {
    writer: W,
    /// Set once it is closed.
    is_closed: Arc<AtomicBool>,
}

impl<W: Write> UntilClosed<W> {
    /// Wraps a writer.
    pub(crate) fn new(writer: W) -> Self {
        UntilClosed { writer, is_closed: Arc::default() }
    }

    /// A flag that is set once the pipe is closed.
    pub(crate) fn closed(&self) -> Arc<AtomicBool> {
        self.is_closed.clone()
    }

    fn unless_closed<T>(&mut self, dropped: T, write: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        if self.is_closed.load(Ordering::Relaxed) {
            return Ok(dropped);
        }
        match write(&mut self.writer) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed.store(true, Ordering::Relaxed);
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
