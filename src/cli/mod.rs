//! The command line: arguments in, exit status out.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::catalogue::listing::{self, Audience};
use crate::catalogue::{explain, schema_of};
use crate::cli::arguments::{Check, Color};
use crate::cli::ignore::IgnoreArgs;
use crate::cli::keys::KeysArgs;
use crate::cli::settings::SettingsArgs;
#[cfg(feature = "lsp")]
use crate::lsp;
use crate::model::shape::MODEL;
use crate::report::Style;
use crate::run::stdio::{Named, Streams, UntilClosed};
use crate::settings::{SettingsError, schema, show};

mod arguments;
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
