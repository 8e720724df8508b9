//! The `imagelint` command.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use imagelint::cli::run;
use imagelint::streams::Streams;

fn main() -> ExitCode {
    let width = terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0));
    let stdout = io::stdout();
    let color = AutoStream::choice(&stdout) != ColorChoice::Never;
    let is_terminal = stdout.is_terminal();
    let mut streams = Streams {
        stdin: &mut io::stdin().lock(),
        stdout: &mut io::BufWriter::new(stdout.lock()),
        stderr: &mut io::stderr().lock(),
        color,
        links: is_terminal && supports_hyperlinks::supports_hyperlinks(),
        width: if is_terminal { width } else { 100 },
        is_watched: io::stderr().is_terminal(),
    };
    run(std::env::args_os(), &mut streams)
}
