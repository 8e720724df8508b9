//! Finds the inputs that arguments name: files, directories, globs and standard input.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use glob::{MatchOptions, Pattern};
use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::recognise::Asked;
use crate::report::Unreadable;
use crate::run::blocks::Reading;
use crate::run::threads;

/// The extensions of the files that are checked in directories.
const EXTENSIONS: [&str; 6] = [".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz"];

/// A source of documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// Standard input.
    Stdin {
        /// The path of the file that it is named after, if there is one.
        path: Option<PathBuf>,
        /// Whether it is checked as if it was named.
        asked: Asked,
    },
    /// A file that was named on the command line.
    Named(PathBuf),
    /// A file found in a directory.
    Met(PathBuf),
    /// A text that is open in an editor, with the path of its file, if it has one. Standard input has the text.
    #[cfg(feature = "lsp")]
    Edited {
        /// The path of the file.
        path: Option<PathBuf>,
        /// Whether it is checked as if it was named.
        asked: Asked,
    },
}

impl Input {
    /// The same input, treated as if it was found in a directory.
    #[must_use]
    pub(crate) fn met(self) -> Self {
        match self {
            Input::Named(path) | Input::Met(path) => Input::Met(path),
            Input::Stdin { path, .. } => Input::Stdin { path, asked: Asked::Met },
            #[cfg(feature = "lsp")]
            other @ Input::Edited { .. } => other,
        }
    }

    /// The same input, treated as if it was named on the command line.
    #[must_use]
    pub(crate) fn named(self) -> Self {
        match self {
            Input::Met(path) | Input::Named(path) => Input::Named(path),
            Input::Stdin { path, .. } => Input::Stdin { path, asked: Asked::ByName },
            #[cfg(feature = "lsp")]
            other @ Input::Edited { .. } => other,
        }
    }

    /// The path of the file, or the one that standard input is named after.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Input::Stdin { path, .. } => path.as_deref(),
            #[cfg(feature = "lsp")]
            Input::Edited { path, .. } => path.as_deref(),
            Input::Named(path) | Input::Met(path) => Some(path),
        }
    }

    /// The file to read; none for standard input.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.path().filter(|_| !self.is_stdin())
    }

    /// Whether it is standard input, which can be read only once.
    pub(crate) fn is_stdin(&self) -> bool {
        match self {
            Input::Stdin { .. } => true,
            #[cfg(feature = "lsp")]
            Input::Edited { .. } => true,
            Input::Named(_) | Input::Met(_) => false,
        }
    }

    /// Whether it was named on the command line.
    pub(crate) fn asked(&self) -> Asked {
        match self {
            Input::Met(_) => Asked::Met,
            #[cfg(feature = "lsp")]
            Input::Edited { asked, .. } => *asked,
            Input::Stdin { asked, .. } => *asked,
            Input::Named(_) => Asked::ByName,
        }
    }

    /// Its name in reports.
    pub(crate) fn name(&self) -> String {
        let Some(path) = self.path() else {
            return "-".to_owned();
        };
        shown(path.strip_prefix(".").unwrap_or(path))
    }

    /// How it is read, with a limit in bytes for one document.
    pub(crate) fn reading(&self, most: usize) -> Reading {
        let is_lines = self.holds_lines();
        Reading { is_lines, may_be_blank: is_lines || self.path().is_none(), most }
    }

    /// Whether its name has an extension of JSON Lines.
    fn holds_lines(&self) -> bool {
        let name = self.path().and_then(Path::file_name).and_then(OsStr::to_str).unwrap_or_default();
        let name = name.strip_suffix(".gz").unwrap_or(name);
        [".jsonl", ".ndjson"].iter().any(|extension| name.ends_with(extension))
    }
}

/// The inputs that arguments name.
#[derive(Debug, Default)]
pub(crate) struct Discovered {
    /// The inputs, each once, sorted by path.
    pub inputs: Vec<Input>,
    /// The directories and entries that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// The directories without files to check.
    pub empty_directories: Vec<PathBuf>,
    /// What of directories was searched beside what usually is.
    pub unfiltered: Unfiltered,
}

/// A path as reports show it: with `/` on all systems. What starts with `\\?\` knows nothing but backslashes.
fn shown(path: &Path) -> String {
    let shown = path.display().to_string();
    if cfg!(windows) && !shown.starts_with(r"\\?\") { shown.replace('\\', "/") } else { shown }
}

/// What is left out of directories is searched, too.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Unfiltered {
    /// Hidden files.
    pub hidden: bool,
    /// Files that git ignores, or an `.ignore` file names.
    pub ignored: bool,
}

/// Finds the inputs that the arguments name.
///
/// In directories, these are the files `*.json`, `*.jsonl` and `*.ndjson`, also compressed (`.gz`), except for those
/// that are hidden or ignored by git.
pub(crate) fn discover(arguments: &[PathBuf], unfiltered: Unfiltered) -> Discovered {
    let mut discovered = Discovered { unfiltered, ..Discovered::default() };
    for path in arguments {
        if path.as_os_str() == "-" {
            discovered.inputs.push(Input::Stdin { path: None, asked: Asked::ByName });
        } else if let Some(matches) = expand(path, unfiltered) {
            for path in matches {
                discovered.add(path);
            }
        } else {
            discovered.add(path.to_owned());
        }
    }
    // If there is no working directory, paths are compared as given.
    let root = std::env::current_dir().unwrap_or_default();
    let absolute = |input: &Input| input.path().map(|path| absolute(path, &root));
    // A file that is both named and found in a directory counts as named, however its path is written.
    discovered.inputs.sort_by_cached_key(|input| (absolute(input), matches!(input, Input::Met(_))));
    discovered.inputs.dedup_by_key(|input| absolute(input));
    discovered
}

/// An absolute path without `..`; symbolic links are resolved only where there is a `..`. Windows drops `..` with the
/// name before it, whatever that is.
fn absolute(path: &Path, root: &Path) -> PathBuf {
    if cfg!(windows) {
        return std::path::absolute(path).unwrap_or_else(|_| root.join(path));
    }
    if path.components().any(|part| part == Component::ParentDir)
        && let (Some(folder), Some(name)) = (path.parent(), path.file_name())
        && let Ok(folder) = root.join(folder).canonicalize()
    {
        return folder.join(name);
    }
    root.join(path)
}

/// The files that a glob matches; none if the argument is no glob, is an existing path or matches nothing.
fn expand(argument: &Path, unfiltered: Unfiltered) -> Option<Vec<PathBuf>> {
    let pattern = argument.to_str().filter(|pattern| pattern.contains(['*', '?', '[']))?;
    if argument.symlink_metadata().is_ok() {
        return None;
    }
    // A backslash separates names on Windows, but for paths that start with `\\?\`, which know nothing else.
    let with_slashes = (cfg!(windows) && !pattern.starts_with(r"\\?\")).then(|| pattern.replace('\\', "/"));
    let pattern = with_slashes.as_deref().unwrap_or(pattern);
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let mut matches = match pattern.split_once("**/") {
        Some((before, _)) if before.is_empty() || before.ends_with('/') => expand_below(before, pattern)?,
        // A directory is searched as a whole.
        _ => glob::glob(pattern.strip_suffix("/**").unwrap_or(pattern)).ok()?.flatten().collect(),
    };
    // Opening a pipe would wait for a writer.
    matches.retain(|path| {
        (unfiltered.hidden || writes_out_dots(pattern, path)) && leads_to_file(path).unwrap_or(path.is_dir())
    });
    (!matches.is_empty()).then_some(matches)
}

/// What a glob with `**` matches, which stands after `before`. No links to directories are followed below that: they
/// may lead back.
fn expand_below(before: &str, pattern: &str) -> Option<Vec<PathBuf>> {
    let parsed = Pattern::new(pattern).ok()?;
    let whole_names = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
    let roots: Vec<PathBuf> =
        if before.is_empty() { vec![PathBuf::from(".")] } else { glob::glob(before).ok()?.flatten().collect() };
    let entries = roots.iter().flat_map(|root| WalkBuilder::new(root).standard_filters(false).build());
    let paths = entries.flatten().map(|entry| match entry.path().strip_prefix(".") {
        Ok(path) => path.to_owned(),
        Err(_) => entry.into_path(),
    });
    Some(paths.filter(|path| parsed.matches_path_with(path, whole_names)).collect())
}

/// Whether a glob that matches a path has an explicit dot for each hidden name in it, as shells require. (The options
/// of the crate `glob` exclude hidden files even then, and panic on some names.)
fn writes_out_dots(pattern: &str, path: &Path) -> bool {
    let is_hidden = |name: &&str| name.starts_with('.');
    let parts = pattern.split(std::path::is_separator).filter(is_hidden);
    let parts: Vec<Pattern> = parts.filter_map(|part| Pattern::new(part).ok()).collect();
    let names = path.components().filter_map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    names.filter(is_hidden).all(|name| parts.iter().any(|part| part.matches(name)))
}

impl Discovered {
    /// Adds a file, or the files in a directory.
    fn add(&mut self, path: PathBuf) {
        if !path.is_dir() {
            self.inputs.push(Input::Named(path));
            return;
        }
        let before = self.inputs.len() + self.unreadable.len();
        walk(&path, self.unfiltered, &mut self.inputs, &mut self.unreadable);
        if self.inputs.len() + self.unreadable.len() == before {
            self.empty_directories.push(path);
        }
    }
}

fn walk(directory: &Path, unfiltered: Unfiltered, inputs: &mut Vec<Input>, unreadable: &mut Vec<Unreadable>) {
    // Git's ignore files apply outside of repositories, too: fixtures may be unpacked anywhere.
    let mut builder = WalkBuilder::new(directory);
    let builder = builder.require_git(false).hidden(!unfiltered.hidden);
    if unfiltered.ignored {
        builder.parents(false).ignore(false).git_ignore(false).git_global(false).git_exclude(false);
    }
    let add = |entry: Result<DirEntry, ignore::Error>| match entry {
        Ok(entry) => inputs.push(Input::Met(entry.into_path())),
        Err(error) => unreadable.push(unreadable_path(&error, directory)),
    };
    let walkers = threads::walkers();
    if walkers == 1 {
        return builder.build().filter(|entry| entry.as_ref().map_or(true, is_candidate)).for_each(add);
    }
    let walker = builder.threads(walkers).build_parallel();
    let add = Mutex::new(add);
    walker.run(|| {
        Box::new(|entry| {
            if entry.as_ref().map_or(true, is_candidate) {
                add.lock().unwrap_or_else(PoisonError::into_inner)(entry);
            }
            WalkState::Continue
        })
    });
}

/// The path that an error of the walk is about, and its message.
fn unreadable_path(error: &ignore::Error, within: &Path) -> Unreadable {
    match error {
        ignore::Error::WithPath { path, err } => unreadable_path(err, path),
        ignore::Error::WithDepth { err, .. } => unreadable_path(err, within),
        error => Unreadable { path: shown(within), error: error.to_string() },
    }
}

/// Whether an entry of a directory is a file to check, by its extension.
fn is_candidate(entry: &DirEntry) -> bool {
    let name = entry.file_name().as_encoded_bytes();
    EXTENSIONS.iter().any(|extension| name.ends_with(extension.as_bytes()))
        // Links to files are read, those to directories are not followed, and those to nothing are reported when they
        // are opened. Opening a pipe would block.
        && entry.file_type().is_some_and(|kind| kind.is_file() || (kind.is_symlink() && leads_to_file(entry.path()).unwrap_or(false)))
}

/// Whether a path leads to a file, or to nothing that can be looked at; none for a directory.
fn leads_to_file(path: &Path) -> Option<bool> {
    match path.metadata() {
        Ok(found) if found.is_dir() => None,
        found => Some(found.map_or(true, |found| found.is_file())),
    }
}
