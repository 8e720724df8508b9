//! The command line: arguments in, exit status out.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::check::Run;
use crate::discover::{Input, Unreadable, discover};
use crate::finding::Level;
use crate::inventory::{self, ListFormat};
use crate::report::human::Style;
use crate::report::{Format, Report};
use crate::settings::{Flags, Settings, Unusable, schema, show};
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
    /// Print the settings that apply, as TOML, and where each comes from
    Config {
        #[command(flatten)]
        settings: SettingsArgs,
        /// Print the JSON Schema of `imagelint.toml` instead
        #[arg(long)]
        schema: bool,
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
    #[command(flatten)]
    settings: SettingsArgs,
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

/// What overrides `imagelint.toml`.
#[derive(Debug, Args)]
struct SettingsArgs {
    /// Read the settings from this file, or none, instead of the nearest `imagelint.toml`
    #[arg(long, value_name = "FILE|none")]
    config: Option<String>,
    /// Set the level of a rule: error, warning, info or off
    #[arg(long, value_name = "RULE=LEVEL", value_delimiter = ',')]
    level: Vec<String>,
    /// Run these rules only
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    only: Vec<String>,
    /// Also run the rules that are off by default
    #[arg(long)]
    pedantic: bool,
    /// The least level that fails the run [default: error]
    #[arg(long, value_enum)]
    fail_on: Option<FailOn>,
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

impl From<SettingsArgs> for Flags {
    fn from(arguments: SettingsArgs) -> Self {
        let SettingsArgs { config, level, only, pedantic, fail_on } = arguments;
        let fail_on = fail_on.map(|level| match level {
            FailOn::Error => Level::Error,
            FailOn::Warning => Level::Warning,
            FailOn::Info => Level::Info,
        });
        Flags { config, level, only, pedantic, fail_on }
    }
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
        Some(Command::Config { schema: true, .. }) => print(Ok(schema::schema()), streams),
        Some(Command::Config { settings, .. }) => match Settings::read(settings.into()) {
            Ok(settings) => print(Ok(show::settings(&settings)), streams),
            Err(error) => unusable(streams, &error, Style { color: streams.color, width: streams.width }),
        },
        Some(Command::Kinds { format }) => print(Ok(inventory::list_kinds(format)), streams),
        Some(Command::Schema { kind }) => print(inventory::schema(&kind), streams),
        Some(Command::Check(check)) => run_check(check, streams),
        None => run_check(cli.check, streams),
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

fn unusable(streams: &mut Streams<'_>, error: &Unusable, style: Style) -> io::Result<u8> {
    streams.stderr.write_all(error.told(&style).as_bytes())?;
    Ok(FAILED)
}

fn run_check(check: Check, streams: &mut Streams<'_>) -> io::Result<u8> {
    let color = match check.color {
        Color::Auto => streams.color,
        Color::Always => true,
        Color::Never => false,
    };
    let style = Style { color, width: streams.width };
    let settings = match Settings::read(check.settings.into()) {
        Ok(settings) => settings,
        Err(error) => return unusable(streams, &error, style),
    };
    let linter = match check.kind.as_deref().map(inventory::known_kind).transpose() {
        Ok(forced) => settings.linter(forced),
        Err(message) => return usage(streams, &message),
    };
    let report = Report { format: check.format, style };
    let (inputs, unreadable) = discover(&check.paths);
    let (excluded, inputs): (Vec<Input>, Vec<Input>) = inputs.into_iter().partition(|input| settings.excludes(input));
    let walked = inputs.iter().any(|input| matches!(input, Input::Met(_)));
    if check.threads > 0 {
        // The pool exists already where the library's user made one; it serves as well.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(check.threads).build_global();
    }
    for Unreadable { path, error } in &unreadable {
        writeln!(streams.stderr, "imagelint: {path}: {error}")?;
    }
    for input in excluded.iter().filter(|input| matches!(input, Input::Named(_)) && !check.quiet) {
        writeln!(streams.stderr, "imagelint: {} is not checked: the settings exclude it", input.name())?;
    }
    let mut summary = Run { linter: &linter, settings: &settings, report: &report }.run(&inputs, streams)?;
    summary.unreadable += unreadable.len();
    streams.stdout.write_all(report.closing(&summary).as_bytes())?;
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
        streams.stdout.flush()?;
        streams.stderr.write_all(settings.warnings(walked, &style).as_bytes())?;
    }
    Ok(match (summary.unreadable, summary.reaches(settings.fail_on())) {
        (0, false) => CLEAN,
        (0, true) => FOUND,
        _ => FAILED,
    })
}
