//! Globs of paths, as the settings `exclude` and `own` have them.

use std::path::Path;

use globset::{GlobSet, GlobSetBuilder};

use crate::settings::folder::Folder;
use crate::settings::reader::{Glob, WithSpan};
use crate::settings::setting::SetBy;
use crate::settings::show::{TomlPrinter, quoted};

/// Globs of an `imagelint.toml`, from its folder.
#[derive(Debug, Default)]
pub(super) struct PathGlobs {
    folder: Folder,
    /// The globs as written.
    globs: Vec<WithSpan<Glob>>,
    set: GlobSet,
}

impl PathGlobs {
    pub(super) fn new(folder: Folder, globs: Vec<WithSpan<Glob>>) -> Self {
        let mut builder = GlobSetBuilder::new();
        for glob in &globs {
            builder.add(glob.value.0.clone());
        }
        PathGlobs { folder, set: builder.build().expect("each glob has been compiled before"), globs }
    }

    /// Whether a path, or a folder that it is in, matches a glob.
    pub(super) fn matches(&self, path: &Path) -> bool {
        let within = |name: &str| Path::new(name).ancestors().any(|part| self.set.is_match(part));
        !self.set.is_empty() && within(&self.folder.name(path))
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
