//! Completions: the program itself answers, so that they know rules, kinds and formats. A shell calls it with
//! [`VARIABLE`] set, as the script says that `imagelint completions` prints.

use std::env;
use std::ffi::{OsStr, OsString};

use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter};
use clap_complete::env::{CompleteEnv, Shells};
use clap_complete::{Shell, ValueHint};

use crate::cli::{CLEAN, Cli, FAILED};
use crate::finding::Level;
use crate::recognise::kind;
use crate::report::FORMATS;
use crate::rules;

/// The environment variable that a shell sets to ask for completions.
const VARIABLE: &str = "IMAGELINT_COMPLETE";
/// The name of the program, which shells find on the `PATH`.
const PROGRAM: &str = "imagelint";

/// The script that makes a shell ask for completions.
pub(super) fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    if let Some(shell) = Shells::builtins().completer(&shell.to_string()) {
        // Writing to a Vec cannot fail.
        let _ = shell.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script);
    }
    String::from_utf8_lossy(&script).into_owned()
}

/// Prints completions if a shell asks for them, and returns the exit status.
pub(super) fn answer() -> Option<u8> {
    let asked = CompleteEnv::with_factory(command).var(VARIABLE).bin(PROGRAM).completer(PROGRAM);
    match asked.try_complete(env::args_os(), env::current_dir().ok().as_deref()) {
        Ok(false) => None,
        Ok(true) => Some(CLEAN),
        // A shell shows nothing of what is printed.
        Err(_) => Some(FAILED),
    }
}

/// The command line with what completes the values of its arguments.
fn command() -> Command {
    with_completers(Cli::command())
}

fn with_completers(command: Command) -> Command {
    command.mut_args(with_completer).mut_subcommands(with_completers)
}

/// An argument with what completes its value. The name of the value says what it is.
fn with_completer(argument: Arg) -> Arg {
    let name = argument.get_value_names().and_then(|names| names.first()).map(ToString::to_string);
    let complete: fn(&OsStr) -> Vec<CompletionCandidate> = match name.as_deref() {
        Some("RULE") => |typed| starting_with(typed, named_rules("")),
        Some("KIND") => |typed| starting_with(typed, kind::kinds().map(|kind| (kind.name.to_owned(), kind.summary))),
        Some("COMMAND") => |typed| starting_with(typed, commands()),
        Some("RULE=LEVEL") => |typed| starting_with(typed, levels(typed)),
        Some("FORMAT=FILE") => report,
        Some("FILE|none") => file_or_none,
        Some("FILE" | "PATH") => return argument.value_hint(ValueHint::FilePath),
        _ => return argument,
    };
    argument.add(ArgValueCompleter::new(complete))
}

/// The candidates that start with what is typed, each a value and what it means, if that needs words.
fn starting_with(
    typed: &OsStr,
    candidates: impl IntoIterator<Item = (String, impl Into<StyledStr>)>,
) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let candidates = candidates.into_iter().filter(|(value, _)| value.starts_with(&*typed));
    let described = |meaning: StyledStr| Some(meaning).filter(|meaning| !meaning.to_string().is_empty());
    candidates.map(|(value, meaning)| CompletionCandidate::new(value).help(described(meaning.into()))).collect()
}

/// The names of all rules, each with something after it.
fn named_rules(after: &str) -> impl Iterator<Item = (String, &'static str)> {
    rules::all().map(move |rule| (format!("{}{after}", rule.name), rule.summary))
}

fn commands() -> Vec<(String, StyledStr)> {
    let program = Cli::command();
    let named = |command: &Command| (command.get_name().to_owned(), command.get_about().cloned().unwrap_or_default());
    program.get_subcommands().map(named).collect()
}

/// Rules, and once one is typed, the levels that it can have.
fn levels(typed: &OsStr) -> Vec<(String, &'static str)> {
    let typed = typed.to_string_lossy();
    let Some((rule, _)) = typed.split_once('=') else { return named_rules("=").collect() };
    let levels = [Level::Error, Level::Warning, Level::Info, Level::Off];
    levels.map(|level| (format!("{rule}={}", level.name()), "")).into()
}

/// Formats, and once one is typed, files.
fn report(typed: &OsStr) -> Vec<CompletionCandidate> {
    let text = typed.to_string_lossy();
    let Some((format, file)) = text.split_once('=') else {
        return starting_with(typed, FORMATS.iter().map(|format| (format!("{}=", format.name), format.summary)));
    };
    let files = PathCompleter::any().complete(&OsString::from(file));
    files.into_iter().map(|file| file.add_prefix(format!("{format}="))).collect()
}

fn file_or_none(typed: &OsStr) -> Vec<CompletionCandidate> {
    let mut candidates = starting_with(typed, [("none".to_owned(), "no file")]);
    candidates.extend(PathCompleter::any().complete(typed));
    candidates
}
