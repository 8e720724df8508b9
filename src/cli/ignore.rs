//! The command `ignore`: adds ignores to `imagelint.toml`, so that findings are no longer reported.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::settings::nearest_to;
use crate::cli::{CLEAN, unusable};
use crate::finding::Rule;
use crate::lint::levels::known;
use crate::run::atomic_file::{replace_atomically, write_atomically};
use crate::run::stdio::Streams;
use crate::settings::edit::{Grounds, NewIgnore, glob_of, with_ignores};
use crate::settings::{File, Flags, NAME, NONE, Settings, SettingsError, past_or_no_date, pattern, read};
use crate::text::quote::printable;

#[derive(Debug, Args)]
pub(super) struct IgnoreArgs {
    /// The rule
    #[arg(value_parser = known)]
    rule: &'static Rule,
    /// A file, a directory or a glob, and the pointer of the finding or a pattern for pointers, such as
    /// `fixtures/a.json:/image/**`; `-` for standard input
    #[arg(value_name = "FILE[:POINTER]", allow_hyphen_values = true)]
    target: String,
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    reason: String,
    /// The last day on which the ignore counts, such as 2036-01-31
    #[arg(long, value_name = "DATE", value_parser = last_day)]
    expires: Option<String>,
    /// Add it to this file instead of the nearest `imagelint.toml` above the file
    #[arg(long, value_name = "FILE", value_parser = settings_file)]
    config: Option<PathBuf>,
}

/// Parses a reason.
pub(super) fn reason(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("the reason is empty".to_owned()) } else { Ok(text.to_owned()) }
}

/// Parses the last day of an ignore, which is not past.
pub(super) fn last_day(text: &str) -> Result<String, String> {
    past_or_no_date(text).map_or_else(|| Ok(text.to_owned()), Err)
}

fn settings_file(text: &str) -> Result<PathBuf, String> {
    if text == NONE { Err("an ignore is written to a file".to_owned()) } else { Ok(PathBuf::from(text)) }
}

/// Runs the command and returns the exit status.
pub(super) fn execute(arguments: &IgnoreArgs, streams: &mut Streams<'_>) -> io::Result<u8> {
    let IgnoreArgs { rule, target, reason, expires, config } = arguments;
    let (path, pointer) = match split(target) {
        Ok(split) => split,
        Err(message) => return unusable(streams, SettingsError::Message(message), streams.stderr_style),
    };
    let above = if path == "-" { Path::new(NAME) } else { Path::new(path) };
    // A directory may have settings itself.
    let above = if above.is_dir() { above.join(NAME) } else { above.to_owned() };
    let file = config.clone().or_else(|| nearest_to(&above)).unwrap_or_else(|| PathBuf::from(NAME));
    let ignore = match glob(path, &file) {
        Ok(path) => NewIgnore { path, rule: rule.name, pointer: pointer.map(str::to_owned) },
        Err(error) => return unusable(streams, error, streams.stderr_style),
    };
    let shown = format!("{}: `{}` is ignored in `{}`", file.display(), rule.name, ignore.path);
    let at = pointer.map(|pointer| format!(" at `{pointer}`")).unwrap_or_default();
    match add(&file, &[ignore], Grounds { reason, expires: expires.as_deref() }) {
        Ok(()) => {
            writeln!(streams.stderr, "imagelint: {}", printable(shown + &at))?;
            Ok(CLEAN)
        }
        Err(error) => unusable(streams, error, streams.stderr_style),
    }
}

/// The path and the pointer of `FILE[:POINTER]`. Both may have colons in them: the shortest path that exists counts.
fn split(target: &str) -> Result<(&str, Option<&str>), String> {
    let is_there = |path: &str| path == "-" || Path::new(path).exists();
    if is_there(target) {
        return Ok((target, None));
    }
    let cuts = target.match_indices(':').map(|(at, _)| (&target[..at], &target[at + 1..]));
    let cuts: Vec<(&str, &str)> =
        cuts.filter(|(path, pointer)| !path.is_empty() && (pointer.is_empty() || pointer.starts_with('/'))).collect();
    // What is written before `:/` may be a drive.
    let is_drive = |path: &str| cfg!(windows) && path.len() == 1;
    let cut = cuts.iter().find(|(path, _)| is_there(path)).or_else(|| cuts.iter().find(|(path, _)| !is_drive(path)));
    match cut {
        Some((path, pointer)) => {
            pattern(pointer)?;
            Ok((path, Some(pointer)))
        }
        None => Ok((target, None)),
    }
}

/// The glob of a path in a settings file.
fn glob(path: &str, file: &Path) -> Result<String, SettingsError> {
    let settings = Settings::new(existing(file)?.or_else(|| Some(empty(file))), &Flags::new())?;
    let name = settings.name_in_ignores(path);
    Ok(match fs::metadata(path) {
        Ok(found) if found.is_dir() && name.is_empty() => "**".to_owned(),
        Ok(found) if found.is_dir() => glob_of(&name) + "/**",
        Ok(_) => glob_of(&name),
        // It is a glob, or the name that standard input is given.
        Err(_) => name,
    })
}

fn empty(file: &Path) -> File {
    File { name: file.display().to_string(), text: String::new() }
}

/// The settings file at a path, if there is one.
fn existing(path: &Path) -> Result<Option<File>, SettingsError> {
    if fs::symlink_metadata(path).is_err() { Ok(None) } else { read(path).map(Some) }
}

/// Adds ignores to a settings file, which is made if there is none.
///
/// # Errors
///
/// If it has mistakes, even after that, or cannot be read or written.
pub(super) fn add(path: &Path, ignores: &[NewIgnore], grounds: Grounds<'_>) -> Result<(), SettingsError> {
    let failure = |message: &str| SettingsError::Message(format!("{}: {message}", path.display()));
    let file = existing(path)?;
    let old = file.unwrap_or_else(|| empty(path));
    let text = with_ignores(&old.text, ignores, grounds).map_err(|message| failure(&message))?;
    Settings::new(Some(File { name: old.name, text: text.clone() }), &Flags::new())?;
    let Ok(bytes) = fs::read(path) else {
        return write_atomically(path, text.as_bytes()).map_err(|error| failure(&error.to_string()));
    };
    let mark = bytes.strip_suffix(old.text.as_bytes());
    let mark = mark.ok_or_else(|| failure("the file is not UTF-8, or has changed meanwhile"))?;
    match replace_atomically(path, &bytes, &[mark, text.as_bytes()].concat()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(failure("the file has changed meanwhile")),
        Err(error) => Err(failure(&error.to_string())),
    }
}
