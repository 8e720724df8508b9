//! The streams that a run reads and writes.

use std::io::{Read, Write};

use crate::report::Style;

/// The streams of a run and what is known of the terminal behind them.
pub struct Streams<'a> {
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
