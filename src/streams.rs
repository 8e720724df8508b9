//! The streams that a run reads and writes.

use std::io::{Read, Write};

/// The streams of a run and what is known of the terminal behind them.
pub struct Streams<'a> {
    /// Where `-` reads from.
    pub stdin: &'a mut dyn Read,
    /// Where reports go.
    pub stdout: &'a mut dyn Write,
    /// Where errors of the run itself go.
    pub stderr: &'a mut dyn Write,
    /// Whether standard output shows colour when nothing else is said.
    pub color: bool,
    /// Whether standard output is a terminal in which links can be clicked.
    pub links: bool,
    /// The width of the terminal in columns.
    pub width: usize,
    /// Whether standard error is a terminal, on which a long run may show how far it is.
    pub is_watched: bool,
}
