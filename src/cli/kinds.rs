//! The command `kinds`: lists the kinds, or says of which kind documents are.

use std::io;
use std::path::PathBuf;

use crate::catalogue::listing::{Audience, list_kinds};
use crate::catalogue::to_json;
use crate::cli::{CLEAN, FAILED, check};
use crate::run::input::{Unfiltered, discover};
use crate::run::kinds::{KindOf, kinds_of};
use crate::run::stdio::Streams;
use crate::text::quote::printable;

/// Runs the command and returns the exit status.
pub(super) fn execute(paths: &[PathBuf], audience: Audience, streams: &mut Streams<'_>) -> io::Result<u8> {
    if paths.is_empty() {
        streams.stdout.write_all(list_kinds(audience).as_bytes())?;
        return Ok(CLEAN);
    }
    let discovered = discover(paths, Unfiltered::default());
    check::note_unreadable(&discovered, false, streams.stderr)?;
    let mut failed = !discovered.unreadable.is_empty();
    let mut entries: Vec<KindOf> = Vec::new();
    for input in &discovered.inputs {
        // An error of printing is not one of reading.
        let mut printed = Ok(());
        let read = kinds_of(input, &mut *streams.stdin, &mut |entry| {
            match audience {
                Audience::Program => entries.push(entry),
                Audience::Person => printed = streams.stdout.write_all(entry.lines().as_bytes()),
            }
            printed.as_ref().map_err(|error| error.kind().into()).copied()
        });
        printed?;
        if let Err(error) = read {
            failed = true;
            writeln!(streams.stderr, "imagelint: {}", printable(format!("{}: {error}", input.name())))?;
        }
    }
    if let Audience::Program = audience {
        streams.stdout.write_all(to_json(&entries).as_bytes())?;
    }
    Ok(if failed { FAILED } else { CLEAN })
}
