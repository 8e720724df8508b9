//! A unified diff of one file, in which secrets are masked.

use std::io;

use similar::TextDiff;

/// The diff of a file's bytes; empty where they are the same.
///
/// # Errors
///
/// Never for a vector, to which it is written.
pub fn file(path: &str, old: &[u8], new: &[u8]) -> io::Result<Vec<u8>> {
    let mut diff = Vec::new();
    TextDiff::from_lines(old, new).unified_diff().header(path, path).to_writer(&mut diff)?;
    Ok(diff)
}
