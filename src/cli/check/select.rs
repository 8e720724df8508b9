//! Which inputs a run checks.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::CommandFactory;

use crate::cli::Cli;
use crate::cli::arguments::Check;
use crate::cli::check::Command;
use crate::recognise::{Asked, is_recording};
use crate::report::Unreadable;
use crate::run::input::{Discovered, Input, Unfiltered};
use crate::run::stdio::Streams;
use crate::text::quote::printable;
use crate::text::suggest;

/// The inputs that are selected by the paths of the command line.
pub(super) struct Selected {
    pub(super) inputs: Vec<Input>,
    pub(super) unreadable: Vec<Unreadable>,
    /// Whether any input was found in a directory.
    pub(super) walked: bool,
    /// Whether standard input is given, but excluded.
    pub(super) excludes_stdin: bool,
}

impl Command<'_> {
    /// Selects the inputs to check, and reports paths that cannot be read, are excluded or contain nothing to check.
    pub(super) fn select(
        &self,
        discovered: Discovered,
        is_quiet: bool,
        streams: &mut Streams<'_>,
    ) -> io::Result<Selected> {
        let mut discovered = discovered;
        discovered.inputs.retain(|input| {
            let Some(command) = command_meant(input) else { return true };
            let error = format!("there is no such file; did you mean the command `{command}`? a command comes first");
            discovered.unreadable.push(Unreadable { path: input.name(), error });
            false
        });
        note_unreadable(&discovered, is_quiet, streams.stderr)?;
        let Discovered { inputs, unreadable, .. } = discovered;
        let walked = inputs.iter().any(|input| matches!(input, Input::Met(_)));
        let settings = |path: &Path| &self.scopes.of(Some(path)).settings;
        let (excluded, mut inputs): (Vec<Input>, Vec<Input>) =
            inputs.into_iter().partition(|input| input.path().is_some_and(|path| settings(path).excludes(path)));
        for input in excluded.iter().filter(|input| input.asked() == Asked::ByName && !is_quiet) {
            let name = printable(input.name());
            writeln!(streams.stderr, "imagelint: {name} is not checked: the settings exclude it")?;
        }
        let is_baseline = |input: &Input| match (input, self.baseline) {
            (Input::Met(path), Some(baseline)) => baseline.is_at(path),
            _ => false,
        };
        inputs.retain(|input| !is_baseline(input));
        if self.check.walking.skip_unknown {
            inputs = inputs.into_iter().map(Input::met).collect();
        }
        let is_own = |path: &Path| settings(path).owns(path) || is_recording(path);
        let is_own = |input: &Input| input.path().is_some_and(is_own);
        inputs = inputs.into_iter().map(|input| if is_own(&input) { input.named() } else { input }).collect();
        let excludes_stdin = excluded.iter().any(Input::is_stdin);
        Ok(Selected { inputs, unreadable, walked, excludes_stdin })
    }
}

/// The paths of the command line, and those in the file that `--files-from` names; the working directory if none are
/// named.
pub(super) fn paths(check: &Check, stdin: &mut dyn Read) -> Result<Vec<PathBuf>, String> {
    let Some(list) = &check.files_from else {
        return Ok(if check.paths.is_empty() { vec![PathBuf::from(".")] } else { check.paths.clone() });
    };
    let mut bytes = Vec::new();
    let read = if list.as_os_str() == "-" {
        stdin.read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(list).map(|read| bytes = read)
    };
    read.map_err(|error| format!("{}: {error}", list.display()))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{}: a path is not UTF-8", list.display()))?;
    let names: Vec<&str> = if text.contains('\0') { text.split('\0').collect() } else { text.lines().collect() };
    let listed = names.into_iter().filter(|name| !name.is_empty()).map(PathBuf::from);
    Ok(check.paths.iter().cloned().chain(listed).collect())
}

/// Reports the paths that cannot be read, and unless quiet the directories that contain nothing to check.
pub(in crate::cli) fn note_unreadable(discovered: &Discovered, quiet: bool, stderr: &mut dyn Write) -> io::Result<()> {
    for Unreadable { path, error } in &discovered.unreadable {
        writeln!(stderr, "imagelint: {}", printable(format!("{path}: {error}")))?;
    }
    for directory in discovered.empty_directories.iter().filter(|_| !quiet) {
        let name = printable(directory.display().to_string());
        let left_out = match discovered.unfiltered {
            Unfiltered { hidden: false, ignored: false } => ", that is neither hidden nor ignored by git",
            Unfiltered { hidden: false, ignored: true } => ", that is not hidden",
            Unfiltered { hidden: true, ignored: false } => ", that is not ignored by git",
            Unfiltered { hidden: true, ignored: true } => "",
        };
        writeln!(
            stderr,
            "imagelint: {name} holds no file *.json, *.jsonl or *.ndjson, even compressed (.gz){left_out}"
        )?;
    }
    Ok(())
}

/// The command that a path most likely means: there is no such file, and its name is similar to a command's.
fn command_meant(input: &Input) -> Option<String> {
    let path = input.file().filter(|path| path.extension().is_none() && path.components().count() == 1)?;
    if path.try_exists().unwrap_or(true) {
        return None;
    }
    let program = Cli::command();
    suggest::nearest(path.to_str()?, program.get_subcommands().map(clap::Command::get_name)).map(str::to_owned)
}
