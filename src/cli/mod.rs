//! The command line: arguments in, exit status out.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::catalogue::listing::{self, Audience};
use crate::catalogue::{explain, schema_of};
use crate::cli::ignore::IgnoreArgs;
use crate::cli::keys::KeysArgs;
use crate::cli::settings::SettingsArgs;
use crate::finding::Level;
#[cfg(feature = "lsp")]
use crate::lsp;
use crate::model::shape::MODEL;
use crate::report::{Entry, FORMATS, Style};
use crate::run::stdio::{Named, Streams, UntilClosed};
use crate::settings::{SettingsError, schema, show};

mod check;
mod completions;
#[cfg(test)]
mod failures;
mod ignore;
mod keys;
mod kinds;
mod manual;
mod settings;
mod settings_faults;
mod terminal;

pub use terminal::main;

/// Check EC2 Image Builder documents, captured or to be sent, against what AWS documents about them
#[derive(Debug, Parser)]
#[command(name = "imagelint", version = version(), args_conflicts_with_subcommands = true, max_term_width = 100, after_help = EXIT)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    check: Check,
}

impl Cli {
    /// The arguments of the check, if the command is to check.
    fn check_asked(&self) -> Option<&Check> {
        match &self.command {
            Some(Command::Check(check)) => Some(check),
            Some(_) => None,
            None => Some(&self.check),
        }
    }
}

const EXIT: &str = "Exit status: 0 when nothing was found at or above --fail-on, 1 when something was, 2 when something \
                    could not be done.";

/// The versions of the program and the model. clap requires a static string.
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
    /// List the kinds of documents that are recognised, or say of which kind documents are and which botocore knows them
    Kinds {
        /// Files, directories, globs, or `-` for standard input; all kinds are listed if there are none
        paths: Vec<PathBuf>,
        /// The format of the list
        #[arg(long, value_enum, default_value = "text")]
        format: ListFormat,
    },
    /// Print the keys by which the rules `x-…` bring documents together: one JSON object on a line for every document
    Keys(KeysArgs),
    /// Print the settings that apply, as TOML, and where each comes from
    Config {
        #[command(flatten)]
        settings: SettingsArgs,
        /// Print the JSON Schema of `imagelint.toml` instead
        #[arg(long)]
        schema: bool,
        /// Print the settings that apply to this file; without one, those of the working directory
        #[arg(conflicts_with = "schema")]
        file: Option<PathBuf>,
    },
    /// Silence findings: add an ignore to `imagelint.toml`
    Ignore(IgnoreArgs),
    /// Print the JSON Schema of a kind
    ///
    /// It checks every form that the kind comes in: a response, and the object out of it. It is the structure of the
    /// service model: types, enum values, patterns, lengths, ranges, counts and required members. A schema cannot see
    /// how values relate to each other or to other documents, which is what most rules are about; nor misspelt members,
    /// documents in envelopes and in strings, duplicate keys, masked values, and the spelling of an SDK. It does not
    /// know levels: a deviation that is a warning for imagelint is an error for it.
    Schema {
        /// The kind's name
        kind: String,
    },
    /// Serve an editor: check captures while they are edited, fix and complete them, over the Language Server Protocol
    ///
    /// Editors start this command and speak with it over standard input and output. Settings are those of the nearest
    /// `imagelint.toml` above each file, under those of the editor.
    #[cfg(feature = "lsp")]
    Lsp {
        #[command(flatten)]
        settings: SettingsArgs,
        /// Speak over standard input and output, which is the only way there is
        #[arg(long)]
        stdio: bool,
    },
    /// Print a script that completes the command line in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page of the program or of one of its commands, in the format of man
    Man {
        /// The command
        command: Option<String>,
    },
}

#[derive(Debug, Args)]
struct Check {
    /// Files, directories, globs, or `-` for standard input [default: .]
    paths: Vec<PathBuf>,
    /// Check every document as this kind (see `imagelint kinds`)
    #[arg(long)]
    kind: Option<String>,
    /// How many files to check at once, at most 256; 0 for as many as there are processors
    #[arg(long, default_value = "0", value_parser = clap::value_parser!(u16).range(0..=256))]
    threads: u16,
    /// Do not compare documents with each other: run no rule `x-…`
    #[arg(long)]
    no_across: bool,
    /// Also check the paths in this file, one on each line or with NUL between them; `-` for standard input
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// The name of standard input in reports and settings
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
    #[command(flatten)]
    walking: Walking,
    #[command(flatten)]
    printing: Printing,
    #[command(flatten)]
    settings: SettingsArgs,
    #[command(flatten)]
    fixes: Fixes,
    /// With --fix or --diff: also the fixes that choose one of two possible meanings
    #[arg(long, requires = "Fixes", help_heading = "Fixes")]
    unsafe_fixes: bool,
    /// Write the findings to the baseline, `imagelint-baseline.json` if no other is named
    #[arg(long, conflicts_with = "diff", help_heading = "Settings")]
    write_baseline: bool,
    #[command(flatten)]
    silencing: Silencing,
}

impl Check {
    /// Whether files are written: then the run goes on even when standard output is closed.
    fn writes_files(&self) -> bool {
        self.fixes.fix || self.write_baseline || self.silencing.write_ignores || !self.printing.report.is_empty()
    }
}

/// Which files are checked that usually are not, or the other way round.
#[derive(Debug, Args)]
struct Walking {
    /// Skip named files that are not Image Builder documents, as in directories
    #[arg(long)]
    skip_unknown: bool,
    /// Also check hidden files in directories
    #[arg(long)]
    hidden: bool,
    /// Also check files in directories that git ignores, or a file `.ignore` names
    #[arg(long)]
    no_ignore: bool,
}

#[derive(Debug, Args)]
struct Silencing {
    /// Silence all findings: add an ignore for each to `imagelint.toml`
    #[arg(long, requires = "reason", conflicts_with_all = ["diff", "write_baseline"], help_heading = "Settings")]
    write_ignores: bool,
    /// With --write-ignores: why
    #[arg(long, value_name = "TEXT", requires = "write_ignores", value_parser = ignore::reason, help_heading = "Settings")]
    reason: Option<String>,
    /// With --write-ignores: the last day on which the ignores count, such as 2036-01-31
    #[arg(long, value_name = "DATE", requires = "write_ignores", value_parser = ignore::last_day, help_heading = "Settings")]
    expires: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Report")]
struct Printing {
    /// The format of the report: `human`, unless GitHub or GitLab reads it
    #[arg(long, value_parser = FormatParser)]
    format: Option<&'static Entry>,
    /// Also write a report to a file; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = check::report_file)]
    report: Vec<(&'static Entry, PathBuf)>,
    /// When to use colour
    #[arg(long, value_enum, default_value = "auto")]
    color: Color,
    /// Print the number of findings of each rule instead of the findings
    #[arg(long, conflicts_with = "diff")]
    statistics: bool,
    #[command(flatten)]
    shown: Shown,
    /// Print findings only
    #[arg(long, short)]
    quiet: bool,
    /// Also list the files that are skipped because nothing in them is from Image Builder
    #[arg(long, short, conflicts_with_all = ["quiet", "diff"])]
    verbose: bool,
}

/// What of the findings a report shows.
#[derive(Debug, Args)]
#[command(next_help_heading = "Report")]
struct Shown {
    /// How many findings to show in the formats human and compact; 0 for all
    #[arg(long, value_name = "NUMBER", default_value = "100")]
    max_findings: usize,
    /// Leave findings below this level out of the reports; they still count
    #[arg(long, value_name = "LEVEL", default_value = "info", value_parser = reported_level())]
    min_level: Level,
    /// In the formats json and json-lines: with the excerpt of each finding
    #[arg(long)]
    excerpts: bool,
}

/// Parses the name of a level that findings in reports have.
fn reported_level() -> impl TypedValueParser<Value = Level> {
    let names = [Level::Error, Level::Warning, Level::Info].map(Level::name);
    PossibleValuesParser::new(names).map(|name| Level::from_name(&name).expect("the name is one of theirs"))
}

/// Parses the name of a format.
#[derive(Clone)]
struct FormatParser;

impl TypedValueParser for FormatParser {
    type Value = &'static Entry;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        let names = PossibleValuesParser::new(FORMATS.iter().map(|format| format.name));
        let name = names.parse_ref(command, argument, value)?;
        Ok(FORMATS.iter().find(|format| format.name == name).expect("the name is one of theirs"))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.summary))))
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Fixes")]
#[group(multiple = true)]
struct Fixes {
    /// Make the fixes that keep the meaning of a document, and report what remains
    #[arg(long)]
    fix: bool,
    /// Print the fixes as a unified diff instead of making them; fails if there are any
    #[arg(long, conflicts_with_all = ["format", "report"])]
    diff: bool,
}

/// The format of a list.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ListFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

impl ListFormat {
    fn audience(self) -> Audience {
        match self {
            ListFormat::Text => Audience::Person,
            ListFormat::Json => Audience::Program,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// The value of `--color` in arguments that clap has rejected.
    fn asked(arguments: &[OsString]) -> Self {
        let arguments = arguments.iter().filter_map(|argument| argument.to_str());
        let arguments: Vec<&str> = arguments.take_while(|argument| *argument != "--").collect();
        let apart = arguments.windows(2).filter(|pair| pair[0] == "--color").map(|pair| pair[1]);
        let joined = arguments.iter().filter_map(|argument| argument.strip_prefix("--color="));
        apart.chain(joined).find_map(|value| Color::from_str(value, false).ok()).unwrap_or(Color::Auto)
    }

    /// The style of a stream, given the style that it has by default.
    fn on(self, style: Style) -> Style {
        match self {
            Color::Auto => style,
            Color::Always => Style { color: true, ..style },
            Color::Never => Style { color: false, links: false, ..style },
        }
    }
}

/// Exit status: no finding at or above the level that fails.
const CLEAN: u8 = 0;
/// Exit status: findings at or above the level that fails.
const FOUND: u8 = 1;
/// Exit status: something could not be done, such as reading a path, or the usage was wrong.
const FAILED: u8 = 2;

/// Runs the command line and returns its exit status: [`CLEAN`], [`FOUND`] or [`FAILED`]. When standard output is
/// closed, a check goes on until its status is known, and to the end if it also writes files.
fn run_program(arguments: impl IntoIterator<Item = OsString>, streams: &mut Streams<'_>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let (stream, style) = if error.use_stderr() {
                (&mut *streams.stderr, streams.stderr_style)
            } else {
                (&mut *streams.stdout, streams.style)
            };
            let text = error.render();
            let is_colored = Color::asked(&arguments).on(style).color;
            let text = if is_colored { text.ansi().to_string() } else { text.to_string() };
            // There is no one to report to if the stream is closed.
            let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
            return ExitCode::from(if error.use_stderr() { FAILED } else { CLEAN });
        }
    };
    let checks = cli.check_asked().is_some();
    let done = if checks {
        let stdout = &mut UntilClosed::new(Named::new("standard output", &mut *streams.stdout));
        let stderr = &mut UntilClosed::new(&mut *streams.stderr);
        let is_unread = stdout.closed();
        execute(&cli, &mut Streams { stdin: &mut *streams.stdin, stdout, stderr, is_unread, ..*streams })
    } else {
        execute(&cli, streams)
    };
    match done {
        Ok(status) => ExitCode::from(status),
        // A check ends early only when something was found.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(if checks { FOUND } else { CLEAN }),
        Err(error) => {
            let _ = writeln!(streams.stderr, "imagelint: {error}");
            ExitCode::from(FAILED)
        }
    }
}

fn execute(cli: &Cli, streams: &mut Streams<'_>) -> io::Result<u8> {
    let status = match &cli.command {
        Some(Command::Rules { format }) => print(Ok(listing::list_rules(format.audience())), streams),
        Some(Command::Explain { rule }) => print(explain(rule), streams),
        Some(Command::Config { schema: true, .. }) => print(Ok(schema::schema()), streams),
        Some(Command::Config { settings, file, .. }) => match shown_settings(settings, file.as_deref()) {
            Ok(shown) => print(Ok(shown), streams),
            Err(error) => unusable(streams, error, streams.stderr_style),
        },
        Some(Command::Ignore(ignore)) => ignore::execute(ignore, streams),
        Some(Command::Keys(keys)) => keys::execute(keys, streams),
        Some(Command::Kinds { paths, format }) => kinds::execute(paths, format.audience(), streams),
        Some(Command::Schema { kind }) => print(schema_of(kind), streams),
        Some(Command::Completions { shell }) => print(Ok(completions::script(*shell)), streams),
        #[cfg(feature = "lsp")]
        Some(Command::Lsp { settings, stdio: _ }) => {
            lsp::serve(io::stdin(), streams.stdout, settings.clone().into_defaults())
                .map(|is_proper| if is_proper { CLEAN } else { FOUND })
        }
        Some(Command::Man { command }) => print(manual::page(command.as_deref()), streams),
        Some(Command::Check(check)) => check::execute(check, streams),
        None => check::execute(&cli.check, streams),
    }?;
    streams.stdout.flush()?;
    Ok(status)
}

/// The settings that apply to a file, or those of the working directory.
fn shown_settings(settings: &SettingsArgs, file: Option<&Path>) -> Result<String, SettingsError> {
    let scopes = settings.scopes(settings.read()?, None, file)?;
    Ok(show::settings(&scopes.of(file).settings, scopes.of_run(), file))
}

/// Prints a text to standard output, or an error to standard error, and returns the exit status.
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

fn unusable(streams: &mut Streams<'_>, error: SettingsError, style: Style) -> io::Result<u8> {
    streams.stderr.write_all(settings_faults::render_error(error, style).as_bytes())?;
    Ok(FAILED)
}
