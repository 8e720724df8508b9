//! Paths that are not checked.

use std::path::Path;

use globset::{GlobSet, GlobSetBuilder};

use crate::settings::folder::Folder;
use crate::settings::reader::{Glob, Placed};
use crate::settings::setting::From;
use crate::settings::show::{Shown, quoted};

/// The `exclude` globs of an `imagelint.toml`.
#[derive(Debug, Default)]
pub(super) struct Excludes {
    folder: Folder,
    /// The globs as they are written.
    globs: Vec<Placed<Glob>>,
    set: GlobSet,
}

impl Excludes {
    pub(super) fn new(folder: Folder, globs: Vec<Placed<Glob>>) -> Self {
        let mut builder = GlobSetBuilder::new();
        for glob in &globs {
            builder.add(glob.value.0.clone());
        }
        Excludes { folder, set: builder.build().expect("each glob has been compiled before"), globs }
    }

    /// Whether a path, or a folder that it is in, matches a glob.
    pub(super) fn matches(&self, path: &Path) -> bool {
        let within = |name: &str| Path::new(name).ancestors().any(|part| self.set.is_match(part));
        !self.set.is_empty() && within(&self.folder.name(path))
    }

    pub(super) fn show(&self, shown: &mut Shown<'_>) {
        if self.globs.is_empty() {
            return shown.line("exclude = []", From::Default);
        }
        shown.text("exclude = [\n");
        for glob in &self.globs {
            shown.line_at(&format!("  {},", quoted(glob.value.0.glob())), glob.span);
        }
        shown.text("]\n");
    }
}
