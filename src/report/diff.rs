//! A unified diff of one file, in which secrets are masked.

use std::io;
use std::path::{Component, Path};

use similar::TextDiff;

/// The diff of a file's bytes, as `git apply` and `patch -p1` take it; empty where they are the same.
///
/// # Errors
///
/// Never for a vector, to which it is written.
pub fn file(path: &str, old: &[u8], new: &[u8]) -> io::Result<Vec<u8>> {
    let mut diff = Vec::new();
    TextDiff::from_lines(old, new).unified_diff().header(&name("a/", path), &name("b/", path)).to_writer(&mut diff)?;
    Ok(diff)
}

/// A path as the head of a diff names it. One that leads out of the folder has no prefix to strip, and a
/// tab shows where a name with spaces ends.
fn name(prefix: &str, path: &str) -> String {
    let is_within = Path::new(path).components().all(|component| matches!(component, Component::Normal(_)));
    let prefix = if is_within && path != "-" { prefix } else { "" };
    let end = if path.contains(' ') { "\t" } else { "" };
    format!("{prefix}{path}{end}")
}
