//! The entry point of the program, and what is known of the terminals behind the standard streams.

use std::env;
use std::fs::File;
use std::io::{self, IsTerminal};
use std::ops::RangeInclusive;
use std::process::ExitCode;
use std::sync::Arc;

use anstyle_query::{clicolor, is_ci, no_color, term_supports_color};

use crate::cli::completions;
use crate::report::{Entry, FORMATS, Style};
use crate::run::stdio::Streams;

/// The fewest and the most columns that reports are fitted to.
const WIDTHS: RangeInclusive<usize> = 60..=200;

/// Runs the program: arguments in, exit status out.
pub fn main() -> ExitCode {
    if let Some(status) = completions::answer() {
        return ExitCode::from(status);
    }
    let stdout = io::stdout();
    let is_watched = io::stderr().is_terminal();
    let mut streams = Streams {
        stdin: &mut io::stdin(),
        stdout: &mut io::BufWriter::new(&stdout),
        stderr: &mut io::stderr(),
        format: format(),
        style: style(stdout.is_terminal()),
        stderr_style: style(is_watched),
        is_unread: Arc::default(),
        is_terminal: stdout.is_terminal(),
        is_watched,
    };
    super::run_program(env::args_os(), &mut streams)
}

/// The format of the report on standard output: what GitHub and GitLab read where they run the program. GitLab reads a
/// file, and people read the log of its job.
fn format() -> &'static Entry {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| value == "true");
    let name = match is_file(&io::stdout()) {
        false if is_set("GITHUB_ACTIONS") => "github",
        true if is_set("GITLAB_CI") => "gitlab",
        _ => "human",
    };
    FORMATS.iter().find(|format| format.name == name).unwrap_or(&FORMATS[0])
}

/// Whether a stream goes to a file, and not to a terminal, a pipe or nowhere.
fn is_file(stdout: &io::Stdout) -> bool {
    #[cfg(unix)]
    let file = std::os::fd::AsFd::as_fd(stdout).try_clone_to_owned();
    #[cfg(windows)]
    let file = std::os::windows::io::AsHandle::as_handle(stdout).try_clone_to_owned();
    file.and_then(|file| File::from(file).metadata()).is_ok_and(|metadata| metadata.is_file())
}

/// The style of a stream.
fn style(is_terminal: bool) -> Style {
    Style {
        color: shows_color(is_terminal),
        links: is_terminal && supports_hyperlinks::supports_hyperlinks(),
        width: width(is_terminal),
    }
}

/// The width in columns: `COLUMNS` if it is set, else that of the terminal.
fn width(is_terminal: bool) -> usize {
    let asked = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
    let size = || is_terminal.then(terminal_size::terminal_size).flatten();
    let width = asked.or_else(|| size().map(|(width, _)| usize::from(width.0)));
    width.map_or(Style::PLAIN.width, |width: usize| width.clamp(*WIDTHS.start(), *WIDTHS.end()))
}

/// Whether a stream has colour, according to <https://no-color.org> and <http://bixense.com/clicolors>.
fn shows_color(is_terminal: bool) -> bool {
    if no_color() {
        return false;
    }
    if env::var_os("CLICOLOR_FORCE").is_some_and(|force| !force.is_empty() && force != "0") {
        return true;
    }
    match clicolor() {
        Some(is_wanted) => is_terminal && is_wanted,
        None => is_terminal && (term_supports_color() || is_ci()),
    }
}
