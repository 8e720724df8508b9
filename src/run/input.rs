//! Which files a command line means: files, directories, globs and standard input.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc;

use glob::Pattern;
use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::recognise::Asked;
use crate::report::Unreadable;

/// How the names of files end that are looked for in directories.
const EXTENSIONS: [&str; 6] = [".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz"];

/// Where a document comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// Standard input, under the name of a file if it is given one.
    Stdin(Option<PathBuf>),
    /// A file that was named on the command line.
    Named(PathBuf),
    /// A file met in a directory.
    Met(PathBuf),
}

impl Input {
    /// The same file as one that nobody named.
    #[must_use]
    pub(crate) fn met(self) -> Self {
        match self {
            Input::Named(path) => Input::Met(path),
            other => other,
        }
    }

    /// The path of the file that it is, or that standard input is named after.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Input::Stdin(path) => path.as_deref(),
            Input::Named(path) | Input::Met(path) => Some(path),
        }
    }

    /// The file to read; none for standard input.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.path().filter(|_| !self.is_stdin())
    }

    /// Whether it is standard input, which can be read once.
    pub(crate) fn is_stdin(&self) -> bool {
        matches!(self, Input::Stdin(_))
    }

    /// Who asked for it.
    pub(crate) fn asked(&self) -> Asked {
        if matches!(self, Input::Met(_)) { Asked::Met } else { Asked::ByName }
    }

    /// Its name in reports.
    pub(crate) fn name(&self) -> String {
        let Some(path) = self.path() else {
            return "-".to_owned();
        };
        path.strip_prefix(".").unwrap_or(path).display().to_string()
    }

    /// Whether its name says that it holds one document on each line.
    pub(crate) fn holds_lines(&self) -> bool {
        let name = self.path().and_then(Path::file_name).and_then(OsStr::to_str).unwrap_or_default();
        let name = name.strip_suffix(".gz").unwrap_or(name);
        [".jsonl", ".ndjson"].iter().any(|extension| name.ends_with(extension))
    }
}

/// What arguments mean.
#[derive(Debug, Default)]
pub(crate) struct Discovered {
    /// The inputs, each once, sorted by path.
    pub inputs: Vec<Input>,
    /// What could not be looked into.
    pub unreadable: Vec<Unreadable>,
    /// The directories that hold nothing to check.
    pub barren: Vec<PathBuf>,
}

/// The inputs that the arguments mean, and what could not be looked into.
///
/// In directories these are the files `*.json`, `*.jsonl` and `*.ndjson`, be they compressed (`.gz`),
/// without hidden and git-ignored ones.
pub(crate) fn discover(arguments: &[PathBuf]) -> Discovered {
    let mut discovered = Discovered::default();
    for path in arguments {
        if path.as_os_str() == "-" {
            discovered.inputs.push(Input::Stdin(None));
        } else if let Some(matches) = expand(path) {
            for path in matches {
                discovered.add(path);
            }
        } else {
            discovered.add(path.to_owned());
        }
    }
    // Where the folder cannot be told, paths are compared as they are given.
    let root = std::env::current_dir().unwrap_or_default();
    let whole = |input: &Input| input.path().map(|path| whole(path, &root));
    // A file that is both named and met counts as named, from wherever its path starts.
    discovered.inputs.sort_by_cached_key(|input| (whole(input), matches!(input, Input::Met(_))));
    discovered.inputs.dedup_by_key(|input| whole(input));
    discovered
}

/// A path from the root, in which nothing leads up.
fn whole(path: &Path, root: &Path) -> PathBuf {
    if path.components().any(|part| part == Component::ParentDir)
        && let (Some(folder), Some(name)) = (path.parent(), path.file_name())
        && let Ok(folder) = root.join(folder).canonicalize()
    {
        return folder.join(name);
    }
    root.join(path)
}

/// The files that a pattern matches, where the argument is a pattern and not a file's name.
fn expand(argument: &Path) -> Option<Vec<PathBuf>> {
    let pattern = argument.to_str().filter(|pattern| pattern.contains(['*', '?', '[']))?;
    if argument.symlink_metadata().is_ok() {
        return None;
    }
    let matches: Vec<PathBuf> = glob::glob(pattern).ok()?.flatten().filter(|path| writes_dots(pattern, path)).collect();
    (!matches.is_empty()).then_some(matches)
}

/// Whether a pattern that matches a path is meant to: as in a shell, it has to write out the dot of what
/// is hidden. (The options of `glob` for this leave out what is hidden even then, and panic on some names.)
fn writes_dots(pattern: &str, path: &Path) -> bool {
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
    /// Adds a file, or those in a directory.
    fn add(&mut self, path: PathBuf) {
        if !path.is_dir() {
            self.inputs.push(Input::Named(path));
            return;
        }
        let before = self.inputs.len() + self.unreadable.len();
        walk(&path, &mut self.inputs, &mut self.unreadable);
        if self.inputs.len() + self.unreadable.len() == before {
            self.barren.push(path);
        }
    }
}

fn walk(directory: &Path, inputs: &mut Vec<Input>, unreadable: &mut Vec<Unreadable>) {
    // Git's ignore files count outside of repositories, too: fixtures are unpacked anywhere.
    let walker = WalkBuilder::new(directory).require_git(false).build_parallel();
    let (sender, entries) = mpsc::channel();
    walker.run(|| {
        let sender = sender.clone();
        Box::new(move |entry| {
            if entry.as_ref().map_or(true, is_candidate) {
                // The receiver outlives the walk.
                let _ = sender.send(entry);
            }
            WalkState::Continue
        })
    });
    drop(sender);
    for entry in entries {
        match entry {
            Ok(entry) => inputs.push(Input::Met(entry.into_path())),
            Err(error) => unreadable.push(unreadable_path(&error, directory)),
        }
    }
}

/// What could not be looked into, and why.
fn unreadable_path(error: &ignore::Error, within: &Path) -> Unreadable {
    match error {
        ignore::Error::WithPath { path, err } => unreadable_path(err, path),
        ignore::Error::WithDepth { err, .. } => unreadable_path(err, within),
        error => Unreadable { path: within.display().to_string(), error: error.to_string() },
    }
}

/// Whether something in a directory is a file to check, by its name.
fn is_candidate(entry: &DirEntry) -> bool {
    let name = entry.file_name().as_encoded_bytes();
    EXTENSIONS.iter().any(|extension| name.ends_with(extension.as_bytes()))
        // Links to files are read, those to directories are not followed; a pipe would be waited for.
        && entry.file_type().is_some_and(|kind| kind.is_file() || (kind.is_symlink() && entry.path().is_file()))
}
