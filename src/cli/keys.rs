//! The command `keys`: says by which keys documents are compared, so that others can bring them together.

use std::io;
use std::path::PathBuf;

use clap::Args;

use crate::cli::settings::SettingsArgs;
use crate::cli::{CLEAN, FAILED, check, unusable, usage};
use crate::recognise::is_recording;
use crate::recognise::kind::known_kind;
use crate::run::input::{Input, Unfiltered, discover};
use crate::run::keys::keys_of;
use crate::run::stdio::Streams;
use crate::text::quote::printable;

/// The arguments of the command.
#[derive(Debug, Args)]
pub(super) struct KeysArgs {
    /// Files, directories, globs, or `-` for standard input
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Take every document for this kind (see `imagelint kinds`)
    #[arg(long)]
    kind: Option<String>,
    /// Skip named files and standard input that are no Image Builder documents, as in directories
    #[arg(long)]
    skip_unknown: bool,
    #[command(flatten)]
    settings: SettingsArgs,
}

/// Runs the command and returns the exit status.
pub(super) fn execute(arguments: &KeysArgs, streams: &mut Streams<'_>) -> io::Result<u8> {
    let forced = match arguments.kind.as_deref().map(known_kind).transpose() {
        Ok(forced) => forced,
        Err(message) => return usage(streams, &message),
    };
    let discovered = discover(&arguments.paths, Unfiltered::default());
    let read = arguments.settings.read();
    let paths = discovered.inputs.iter().filter_map(Input::path);
    let scopes = match read.and_then(|settings| arguments.settings.scopes(settings, forced, paths)) {
        Ok(scopes) => scopes,
        Err(error) => return unusable(streams, error, streams.stderr_style),
    };
    check::note_unreadable(&discovered, true, streams.stderr)?;
    let mut failed = !discovered.unreadable.is_empty();
    for input in discovered.inputs {
        let settings = &scopes.of(input.path()).settings;
        if input.path().is_some_and(|path| settings.excludes(path)) {
            continue;
        }
        let input = if arguments.skip_unknown { input.met() } else { input };
        let is_own = input.path().is_some_and(|path| settings.owns(path) || is_recording(path));
        let input = if is_own { input.named() } else { input };
        // An error of printing is not one of reading.
        let mut printed = Ok(());
        let read = keys_of(&input, &scopes, forced, &mut *streams.stdin, &mut |keys| {
            let line = serde_json::to_string(&keys).expect("no map with keys other than strings is serialised") + "\n";
            printed = streams.stdout.write_all(line.as_bytes());
            printed.as_ref().map_err(|error| error.kind().into()).copied()
        });
        printed?;
        if let Err(error) = read {
            failed = true;
            writeln!(streams.stderr, "imagelint: {}", printable(format!("{}: {error}", input.name())))?;
        }
    }
    Ok(if failed { FAILED } else { CLEAN })
}
