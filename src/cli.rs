//! The command line: arguments in, exit status out.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::baseline::{self, Baseline, Stale};
use crate::check::Run;
use crate::discover::{Input, Unreadable, discover};
use crate::finding::Level;
use crate::inventory::{self, ListFormat};
use crate::lint::Linter;
use crate::repair::{Repair, Repaired};
use crate::report::human::Style;
use crate::report::{Format, Report, counted};
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
    #[command(flatten)]
    mending: Mending,
    /// With --fix or --diff: also the fixes that choose between two things a document may mean
    #[arg(long, requires = "Mending")]
    unsafe_fixes: bool,
    #[command(flatten)]
    known: Known,
}

#[derive(Debug, Args)]
#[group(multiple = true)]
struct Mending {
    /// Make the fixes that keep what a document says, and report what remains
    #[arg(long)]
    fix: bool,
    /// Print the fixes as a unified diff and make none; fails when there are some
    #[arg(long)]
    diff: bool,
}

#[derive(Debug, Args)]
struct Known {
    /// Report only the findings that this file does not hold
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write what is found to the baseline, `imagelint-baseline.json` if no other is named
    #[arg(long, conflicts_with = "diff")]
    write_baseline: bool,
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
    let (linter, baseline) = match linter(check).and_then(|linter| Ok((linter, baseline(check)?))) {
        Ok(ready) => ready,
        Err(message) => return usage(streams, &message),
    };
    let color = match check.color {
        Color::Auto => streams.color,
        Color::Always => true,
        Color::Never => false,
    };
    let report = Report { format: check.format, style: Style { color, width: streams.width } };
    let (mut inputs, unreadable) = discover(&check.paths);
    inputs.retain(|input| !matches!((input, &baseline), (Input::Met(path), Some(baseline)) if baseline.is_at(path)));
    if check.threads > 0 {
        // The pool exists already where the library's user made one; it serves as well.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(check.threads).build_global();
    }
    for Unreadable { path, error } in &unreadable {
        writeln!(streams.stderr, "imagelint: {path}: {error}")?;
    }
    let run = Run { linter: &linter, report: &report, baseline: baseline.as_ref() };
    if !(check.mending.fix || check.mending.diff) {
        let repaired = Repaired { failed: unreadable.len(), ..Repaired::default() };
        return report_run(check, &run, &inputs, &repaired, streams);
    }
    let repair = Repair { run: &run, with_unsafe: check.unsafe_fixes, as_diff: check.mending.diff };
    let mut repaired = repair.run(&inputs, streams)?;
    repaired.failed += unreadable.len();
    if check.mending.diff {
        return close_diff(check, &repaired, streams);
    }
    let Some(fixed) = repaired.stdin.take() else {
        return report_run(check, &run, &inputs, &repaired, streams);
    };
    // Standard output is for the fixed text, so the report goes the other way.
    let Streams { color, width, .. } = *streams;
    let mut report = Vec::new();
    let stdin = &mut &fixed[..];
    let mut aside = Streams { stdin, stdout: &mut report, stderr: &mut *streams.stderr, color, width };
    let status = report_run(check, &run, &inputs, &repaired, &mut aside)?;
    streams.stderr.write_all(&report)?;
    Ok(status)
}

/// Says how many fixes there are.
fn close_diff(check: &Check, repaired: &Repaired, streams: &mut Streams<'_>) -> io::Result<u8> {
    let Repaired { fixed, files, failed, .. } = *repaired;
    if !check.quiet {
        streams.stdout.flush()?;
        writeln!(streams.stderr, "{} in {} can be fixed", counted(fixed, "finding"), counted(files, "file"))?;
    }
    Ok(match (failed, fixed) {
        (0, 0) => CLEAN,
        (0, _) => FOUND,
        _ => FAILED,
    })
}

/// Checks the inputs, reports, and returns the exit status.
fn report_run(
    check: &Check,
    run: &Run<'_>,
    inputs: &[Input],
    repaired: &Repaired,
    streams: &mut Streams<'_>,
) -> io::Result<u8> {
    let mut summary = run.run(inputs, streams)?;
    summary.unreadable += repaired.failed;
    summary.fixed = repaired.fixed;
    streams.stdout.write_all(run.report.closing(&summary).as_bytes())?;
    if let Some(baseline) = run.baseline {
        close_baseline(check, baseline, run.linter, streams)?;
    }
    if !check.quiet {
        let line = summary.line();
        match check.format {
            Format::Human => writeln!(streams.stdout, "{line}")?,
            // Every line and byte of the other formats is for programs.
            Format::Concise | Format::Json => {
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
    Ok(match (summary.unreadable, summary.reaches(level) && !check.known.write_baseline) {
        (0, false) => CLEAN,
        (0, true) => FOUND,
        _ => FAILED,
    })
}

/// Names what the baseline holds and no longer occurs, and writes the baseline where that was asked.
fn close_baseline(check: &Check, baseline: &Baseline, linter: &Linter, streams: &mut Streams<'_>) -> io::Result<()> {
    let runs = |rule: &str| linter.runs(rule);
    let name = baseline.path().display();
    streams.stdout.flush()?;
    if !check.quiet {
        for Stale { path, rule, pointer, known, found } in baseline.stale(runs) {
            let now =
                if found == 0 { "no longer occurs".to_owned() } else { format!("occurs {found} times, not {known}") };
            writeln!(streams.stderr, "imagelint: {name}: `{rule}` in {path} at `{pointer}` {now}")?;
        }
    }
    if check.known.write_baseline {
        let count = baseline.write(runs)?;
        if !check.quiet {
            writeln!(streams.stderr, "imagelint: {name} holds {}", counted(count, "finding"))?;
        }
    }
    Ok(())
}

/// The baseline that the command line asks for.
fn baseline(check: &Check) -> Result<Option<Baseline>, String> {
    match &check.known.baseline {
        path if check.known.write_baseline => {
            Baseline::to_write(path.as_deref().unwrap_or(Path::new(baseline::DEFAULT_FILE))).map(Some)
        }
        Some(path) => Baseline::read(path).map(Some),
        None => Ok(None),
    }
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
