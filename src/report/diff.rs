//! Unified diffs of files. The caller masks secrets.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use similar::algorithms::{Capture, Compact, Replace, myers};
use similar::{DiffOp, DiffTag, group_diff_ops};

use crate::report::paths;
use crate::text::quote::{self, is_unprintable};

/// How many lines around a change are shown.
const CONTEXT: usize = 3;

/// The diff between two versions of a file, for `git apply` and `patch -p1` in the folder; empty if they are equal.
///
/// # Errors
///
/// Never: it is written to a `Vec`.
pub(crate) fn unified(path: &str, folder: &Path, old: &[u8], new: &[u8]) -> io::Result<Vec<u8>> {
    let mut diff = Vec::new();
    let (old, new) = (lines(old), lines(new));
    for (index, hunk) in group_diff_ops(changes(&old, &new), CONTEXT).iter().enumerate() {
        if index == 0 {
            write!(diff, "--- {}\n+++ {}\n", name("a/", path, folder), name("b/", path, folder))?;
        }
        let range = |range: fn(&DiffOp) -> Range<usize>| {
            let (first, last) = (hunk.first().map(range), hunk.last().map(range));
            numbers(&(first.unwrap_or_default().start..last.unwrap_or_default().end))
        };
        writeln!(diff, "@@ -{} +{} @@", range(DiffOp::old_range), range(DiffOp::new_range))?;
        for change in hunk {
            let (was, is) = (&old[change.old_range()], &new[change.new_range()]);
            if change.tag() == DiffTag::Equal {
                push(&mut diff, b' ', was);
            } else {
                push(&mut diff, b'-', was);
                push(&mut diff, b'+', is);
            }
        }
    }
    Ok(diff)
}

/// How the new one of two sequences comes of the old one. Everything is compared here, in bytes, as the algorithm is much
/// code for each type.
pub(crate) fn changes(old: &[&[u8]], new: &[&[u8]]) -> Vec<DiffOp> {
    let mut changes = Compact::new(Replace::new(Capture::new()), old, new);
    let Ok(()) = myers::diff(&mut changes, old, 0..old.len(), new, 0..new.len());
    changes.into_inner().into_inner().into_ops()
}

/// The numbers of some lines in the header of a hunk. Without lines, it is the line before.
fn numbers(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => (lines.start + 1).to_string(),
        count => format!("{},{count}", lines.start + 1),
    }
}

/// Adds lines with a sign in front.
fn push(diff: &mut Vec<u8>, sign: u8, lines: &[&[u8]]) {
    for line in lines {
        diff.push(sign);
        diff.extend_from_slice(line);
        if !line.ends_with(b"\n") {
            diff.extend_from_slice(b"\n\\ No newline at end of file\n");
        }
    }
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
