//! Unified diffs of files. The caller masks secrets.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use similar::{ChangeTag, TextDiff};

use crate::report::paths;
use crate::text::quote::{self, is_unprintable};

/// The diff between two versions of a file, for `git apply` and `patch -p1` in the folder; empty if they are equal.
///
/// # Errors
///
/// Never: it is written to a `Vec`.
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

/// A diff as a terminal may show it: with control characters escaped. No tool can apply that.
pub(crate) fn printable(diff: &[u8]) -> String {
    let text = String::from_utf8_lossy(diff);
    let lines = text.split_inclusive('\n').flat_map(|line| {
        let end = line.trim_end_matches(['\r', '\n']).len();
        let shown = line[..end].split('\t').map(|part| quote::printable(part.to_owned())).collect::<Vec<_>>();
        [shown.join("\t"), line[end..].to_owned()]
    });
    lines.collect()
}

/// The lines of a text with their line feeds. Tools that read diffs know no other line break.
fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

/// A path for the header of a diff, with the prefix `a/` or `b/`. Tools strip it and then refuse a path that leads out
/// of the folder, such as `../x`. Without a prefix they would strip `..` and change a file in the folder.
fn name(prefix: &str, path: &str, folder: &Path) -> String {
    let whole = cleaned(&folder.join(path));
    let within = whole.strip_prefix(folder).map(Path::to_string_lossy);
    let prefix = if path == "-" || (within.is_err() && Path::new(path).is_absolute()) { "" } else { prefix };
    let path = paths::relative(within.as_deref().unwrap_or(path), folder);
    if path.contains(|char| is_unprintable(char) || matches!(char, '"' | '\\')) {
        return format!("\"{prefix}{}\"", escaped(&path));
    }
    // A tab marks the end of a name with spaces.
    let end = if path.contains(' ') { "\t" } else { "" };
    format!("{prefix}{path}{end}")
}

/// A path without `..`, computed from its components alone: links are not resolved.
fn cleaned(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut cleaned, component| {
        match component {
            Component::ParentDir => drop(cleaned.pop()),
            other => cleaned.push(other),
        }
        cleaned
    })
}

/// A path escaped as in a C string literal, byte by byte.
fn escaped(path: &str) -> String {
    let mut escaped = String::new();
    for char in path.chars() {
        match char {
            '"' | '\\' => escaped.extend(['\\', char]),
            char if is_unprintable(char) => {
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
