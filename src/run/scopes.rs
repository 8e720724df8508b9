//! The settings of each file: those of the nearest `imagelint.toml` above it. What they are read from is known by `cli/`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::finding::Rule;
use crate::lint::linter::Linter;
use crate::recognise::kind::Kind;
use crate::settings::{Linters, Settings, absolute};

/// The files that one `imagelint.toml` is for, or those without any.
#[derive(Debug)]
pub(crate) struct Scope {
    /// The settings.
    pub(crate) settings: Settings,
    linters: Linters,
}

/// The scopes of a run. The first one is that of the working directory, whose settings are those of the whole run; files
/// without an `imagelint.toml` above them belong to it.
#[derive(Debug)]
pub(crate) struct Scopes {
    all: Vec<Scope>,
    /// The scope of each folder that is known, by its index.
    folders: HashMap<PathBuf, usize>,
}

impl Scopes {
    /// The scope of the working directory. If a kind is forced, every document is checked as that kind.
    pub(crate) fn new(settings: Settings, forced: Option<&'static Kind>) -> Self {
        let linters = Linters::new(&settings, forced, settings.model());
        Scopes { all: vec![Scope { settings, linters }], folders: HashMap::new() }
    }

    /// Adds a scope and returns its index.
    pub(crate) fn add(&mut self, settings: Settings) -> usize {
        let linters = Linters::new(&settings, self.forced(), self.of_run().model());
        self.all.push(Scope { settings, linters });
        self.all.len() - 1
    }

    /// Says to which scope the files in a folder belong.
    pub(crate) fn place(&mut self, folder: PathBuf, scope: usize) {
        self.folders.insert(folder, scope);
    }

    /// The index of the scope of a folder, if that is known.
    pub(crate) fn placed(&self, folder: &Path) -> Option<usize> {
        self.folders.get(folder).copied()
    }

    /// All scopes.
    pub(crate) fn all(&self) -> &[Scope] {
        &self.all
    }

    /// The scope of a file; without a path, that of the working directory.
    pub(crate) fn of(&self, path: Option<&Path>) -> &Scope {
        &self.all[self.index(path)]
    }

    /// The index of the scope of a file.
    pub(crate) fn index(&self, path: Option<&Path>) -> usize {
        let Some(path) = path.filter(|_| self.all.len() > 1) else { return 0 };
        absolute(path).ancestors().skip(1).find_map(|folder| self.placed(folder)).unwrap_or(0)
    }

    /// The settings of the whole run.
    pub(crate) fn of_run(&self) -> &Settings {
        &self.all[0].settings
    }

    /// The linter for a file.
    pub(crate) fn linter(&self, path: Option<&Path>) -> Arc<Linter> {
        let Scope { settings, linters } = self.of(path);
        linters.of(settings, path)
    }

    /// Whether a rule may run on some file.
    pub(crate) fn may_run(&self, rule: &'static Rule) -> bool {
        self.all.iter().any(|scope| scope.settings.may_run(rule))
    }

    /// The kind as which every document is checked, if one is forced.
    pub(crate) fn forced(&self) -> Option<&'static Kind> {
        self.all[0].linters.forced()
    }
}
