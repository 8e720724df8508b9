//! Reads files that are small and needed whole: settings, schemas, baselines.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// The most bytes of such a file.
const MOST: usize = 256 << 20;

/// Reads a file. What waits for a writer or never ends is refused: only a regular file is read, and what a shell hands
/// over in a pipe.
///
/// # Errors
///
/// If it cannot be read or is too large; the message does not name the path.
pub(crate) fn read_whole(path: &Path) -> io::Result<Vec<u8>> {
    let found = fs::metadata(path)?;
    let is_handed_over = || ["/dev/fd", "/proc/self/fd", "/dev/stdin"].iter().any(|folder| path.starts_with(folder));
    if !found.is_file() && !found.is_dir() && !is_handed_over() {
        return Err(io::Error::other("not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MOST {
        return Err(io::Error::other("larger than 256 MiB"));
    }
    Ok(bytes)
}
