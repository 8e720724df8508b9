//! The command line: arguments in, exit status out.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::check::Run;
use crate::discover::{Unreadable, discover};
use crate::finding::Level;
use crate::inventory::{self, ListFormat};
use crate::lint::Linter;
use crate::report::human::Style;
use crate::report::{Format, Report};
use crate::settings::Levels;
use crate::shape::MODEL;

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
    /// The width of the terminal in columns.
    pub width: usize,
}

/// Check captured EC2 Image Builder documents against what AWS documents about them
#[derive(Debug, Parser)]
#[command(name = "imagelint", version = version(), args_conflicts_with_subcommands = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    check: Check,
}

/// The version and the model's; clap wants it for as long as the program runs.
fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| format!("{} (model: {MODEL})", env!("CARGO_PKG_VERSION")));
    &VERSION
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check files; what runs when no command is named
    Check(Check),
    /// List the rules
    Rules {
        /// The format of the list
        #[arg(long, value_enum, default_value = "text")]
        format: ListFormat,
    },
    /// Explain a rule
    Explain {
        /// The rule's name
        rule: String,
    },
    /// List the kinds of documents that are recognised
    Kinds {
        /// The format of the list
        #[arg(long, value_enum, default_value = "text")]
        format: ListFormat,
    },
    /// Print the JSON Schema of a kind
    Schema {
        /// The kind's name
        kind: String,
    },
}

#[derive(Debug, Args)]
struct Check {
    /// Files, directories, globs, or `-` for standard input
    #[arg(default_value = ".")]
    paths: Vec<String>,
    /// The format of the report
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// Take every document as this kind (see `imagelint kinds`)
    #[arg(long)]
    kind: Option<String>,
    /// Set the level of a rule: error, warning, info or off
    #[arg(long, value_name = "RULE=LEVEL", value_delimiter = ',')]
    level: Vec<String>,
    /// Run these rules only
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    only: Vec<String>,
    /// Also run the rules that are off by default
    #[arg(long)]
    pedantic: bool,
    /// The least level that fails the run
    #[arg(long, value_enum, default_value = "error")]
    fail_on: FailOn,
    /// When to use colour
    #[arg(long, value_enum, default_value = "auto")]
    color: Color,
    /// How many files to check at once; 0 for as many as there are processors
    #[arg(long, default_value = "0")]
    threads: usize,
    /// Print findings only
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Info,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// No finding at or above the level that fails.
const CLEAN: u8 = 0;
/// Some finding at or above the level that fails.
const FOUND: u8 = 1;
/// The run could not do what was asked: usage, a path that cannot be read.
const FAILED: u8 = 2;

/// Runs the command line and returns its exit status: 0, 1 when something was found, 2 when
/// something could not be done. A closed pipe ends it quietly.
pub fn run(arguments: impl IntoIterator<Item = OsString>, streams: &mut Streams<'_>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let text = if streams.color { error.render().ansi().to_string() } else { error.render().to_string() };
            let stream = if error.use_stderr() { &mut *streams.stderr } else { &mut *streams.stdout };
            // A stream that is closed has nobody to tell.
            let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
            return ExitCode::from(if error.use_stderr() { FAILED } else { CLEAN });
        }
    };
    let done = match cli.command {
        Some(Command::Rules { format }) => print(Ok(inventory::list_rules(format)), streams),
        Some(Command::Explain { rule }) => print(inventory::explain(&rule), streams),
        Some(Command::Kinds { format }) => print(Ok(inventory::list_kinds(format)), streams),
        Some(Command::Schema { kind }) => print(inventory::schema(&kind), streams),
        Some(Command::Check(check)) => run_check(&check, streams),
        None => run_check(&cli.check, streams),
    };
    let done = done.and_then(|status| streams.stdout.flush().map(|()| status));
    match done {
        Ok(status) => ExitCode::from(status),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(CLEAN),
        Err(error) => {
            let _ = writeln!(streams.stderr, "imagelint: {error}");
            ExitCode::from(FAILED)
        }
    }
}

/// Prints a text, or why there is none.
fn print(text: Result<String, String>, streams: &mut Streams<'_>) -> io::Result<u8> {
    match text {
        Ok(text) => streams.stdout.write_all(text.as_bytes()).map(|()| CLEAN),
        Err(message) => usage(streams, &message),
    }
}

fn usage(streams: &mut Streams<'_>, message: &str) -> io::Result<u8> {
    writeln!(streams.stderr, "imagelint: {message}")?;
    Ok(FAILED)
}

fn run_check(check: &Check, streams: &mut Streams<'_>) -> io::Result<u8> {
    let linter = match linter(check) {
        Ok(linter) => linter,
        Err(message) => return usage(streams, &message),
    };
    let color = match check.color {
        Color::Auto => streams.color,
        Color::Always => true,
        Color::Never => false,
    };
    let report = Report { format: check.format, style: Style { color, width: streams.width } };
    let (inputs, unreadable) = discover(&check.paths);
    if check.threads > 0 {
        // The pool exists already where the library's user made one; it serves as well.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(check.threads).build_global();
    }
    for Unreadable { path, error } in &unreadable {
        writeln!(streams.stderr, "imagelint: {path}: {error}")?;
    }
    let mut summary = Run { linter: &linter, report: &report }.run(&inputs, streams)?;
    summary.unreadable += unreadable.len();
    streams.stdout.write_all(report.closing(&summary).as_bytes())?;
    if !check.quiet {
        let line = summary.line();
        match check.format {
            Format::Human => writeln!(streams.stdout, "{line}")?,
            // Every line and byte of the other formats is for programs.
            Format::Concise | Format::Json | Format::Html => {
                streams.stdout.flush()?;
                writeln!(streams.stderr, "{line}")?;
            }
        }
    }
    let level = match check.fail_on {
        FailOn::Error => Level::Error,
        FailOn::Warning => Level::Warning,
        FailOn::Info => Level::Info,
    };
    Ok(match (summary.unreadable, summary.reaches(level)) {
        (0, false) => CLEAN,
        (0, true) => FOUND,
        _ => FAILED,
    })
}

fn linter(check: &Check) -> Result<Linter, String> {
    let mut levels = Levels::new(check.pedantic);
    check.only.iter().try_for_each(|name| levels.only(name))?;
    check.level.iter().try_for_each(|assignment| levels.set(assignment))?;
    let forced = match &check.kind {
        Some(name) => Some(inventory::known_kind(name)?),
        None => None,
    };
    Ok(Linter::new(levels, forced))
}
