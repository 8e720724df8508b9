//! A unified diff of one file, in which secrets are masked.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use similar::{ChangeTag, TextDiff};

use crate::report::place;
use crate::text::quote::obeyed;

/// The diff of a file's bytes, as `git apply` and `patch -p1` take it in the folder; empty where they
/// are the same.
///
/// # Errors
///
/// Never for a vector, to which it is written.
pub(crate) fn unified(path: &str, folder: &Path, old: &[u8], new: &[u8]) -> io::Result<Vec<u8>> {
    let mut diff = Vec::new();
    let (old, new) = (lines(old), lines(new));
    let changes = TextDiff::configure().newline_terminated(true).diff_slices(&old, &new);
    for (index, hunk) in changes.unified_diff().iter_hunks().enumerate() {
        if index == 0 {
            write!(diff, "--- {}\n+++ {}\n", name("a/", path, folder), name("b/", path, folder))?;
        }
        writeln!(diff, "{}", hunk.header())?;
        for change in hunk.iter_changes() {
            let sign = match change.tag() {
                ChangeTag::Equal => b' ',
                ChangeTag::Delete => b'-',
                ChangeTag::Insert => b'+',
            };
            diff.push(sign);
            diff.extend_from_slice(change.value());
            if !change.value().ends_with(b"\n") {
                diff.extend_from_slice(b"\n\\ No newline at end of file\n");
            }
        }
    }
    Ok(diff)
}

/// The lines of a text with their ends. What reads diffs takes only a line feed for one.
fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

/// A path as the head of a diff names it. What reads diffs strips the prefix, and then refuses a path
/// that leads out of the folder; without one it would take that for a path within.
fn name(prefix: &str, path: &str, folder: &Path) -> String {
    let whole = cleaned(&folder.join(path));
    let within = whole.strip_prefix(folder).map(Path::to_string_lossy);
    let prefix = if path == "-" || (within.is_err() && Path::new(path).is_absolute()) { "" } else { prefix };
    let path = place::relative(within.as_deref().unwrap_or(path), folder);
    if path.contains(|char| obeyed(char) || matches!(char, '"' | '\\')) {
        return format!("\"{prefix}{}\"", escaped(&path));
    }
    // A tab shows where a name with spaces ends.
    let end = if path.contains(' ') { "\t" } else { "" };
    format!("{prefix}{path}{end}")
}

/// A path without the parts that lead back, as far as its words tell.
fn cleaned(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut cleaned, component| {
        match component {
            Component::ParentDir => drop(cleaned.pop()),
            other => cleaned.push(other),
        }
        cleaned
    })
}

/// A path as it stands between quotes: escaped as in C, byte by byte.
fn escaped(path: &str) -> String {
    let mut escaped = String::new();
    for char in path.chars() {
        match char {
            '"' | '\\' => escaped.extend(['\\', char]),
            char if obeyed(char) => {
                let mut bytes = [0; 4];
                for byte in char.encode_utf8(&mut bytes).bytes() {
                    write!(escaped, "\\{byte:03o}").expect("a String takes all");
                }
            }
            char => escaped.push(char),
        }
    }
    escaped
}
