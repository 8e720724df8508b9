//! Globs of paths, as the settings `exclude` and `own` have them.

use std::path::Path;

use globset::{Glob as Parsed, GlobSet, GlobSetBuilder};

use crate::settings::folder::Folder;
use crate::settings::reader::{Glob, WithSpan};
use crate::settings::setting::SetBy;
use crate::settings::show::{TomlPrinter, quoted};

/// Compiles globs, each of which is not too large by itself.
fn sets(globs: &[&Parsed]) -> Vec<GlobSet> {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        builder.add((*glob).clone());
    }
    let is_large = globs.iter().map(|glob| glob.glob().len()).sum::<usize>() > Glob::LONGEST;
    let (some, others) = globs.split_at(globs.len() / 2);
    match builder {
        _ if is_large && !some.is_empty() => [sets(some), sets(others)].concat(),
        builder => builder.build().into_iter().filter(|set| !set.is_empty()).collect(),
    }
}

/// Globs of an `imagelint.toml`, from its folder.
#[derive(Debug, Default)]
pub(super) struct PathGlobs {
    folder: Folder,
    /// The globs as written.
    globs: Vec<WithSpan<Glob>>,
    /// One set, or several where one would be too large.
    sets: Vec<GlobSet>,
}

impl PathGlobs {
    pub(super) fn new(folder: Folder, globs: Vec<WithSpan<Glob>>) -> Self {
        let parsed: Vec<&Parsed> = globs.iter().map(|glob| &glob.value.0).collect();
        PathGlobs { folder, sets: sets(&parsed), globs }
    }

    /// Whether a path, or a folder that it is in, matches a glob.
    pub(super) fn matches(&self, path: &Path) -> bool {
        let within =
            |name: &str| Path::new(name).ancestors().any(|part| self.sets.iter().any(|set| set.is_match(part)));
        !self.sets.is_empty() && within(&self.folder.name(path))
    }

    /// The first glob, as written.
    pub(super) fn first(&self) -> &str {
        self.globs.first().map_or("", |glob| glob.value.0.glob())
    }

    pub(super) fn show(&self, key: &str, printer: &mut TomlPrinter<'_>) {
        if self.globs.is_empty() {
            return printer.line(&format!("{key} = []"), SetBy::Default);
        }
        printer.text(&format!("{key} = [\n"));
        for glob in &self.globs {
            printer.line_at(&format!("  {},", quoted(glob.value.0.glob())), glob.span);
        }
        printer.text("]\n");
    }
}
