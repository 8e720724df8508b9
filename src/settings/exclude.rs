//! The setting `exclude`: paths that are not checked.

use std::path::Path;

use globset::{GlobSet, GlobSetBuilder};

use crate::settings::folder::Folder;
use crate::settings::reader::{Glob, WithSpan};
use crate::settings::setting::SetBy;
use crate::settings::show::{TomlPrinter, quoted};

/// The `exclude` globs of an `imagelint.toml`.
#[derive(Debug, Default)]
pub(super) struct Excludes {
    folder: Folder,
    /// The globs as written.
    globs: Vec<WithSpan<Glob>>,
    set: GlobSet,
}

impl Excludes {
    pub(super) fn new(folder: Folder, globs: Vec<WithSpan<Glob>>) -> Self {
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

    pub(super) fn show(&self, printer: &mut TomlPrinter<'_>) {
        if self.globs.is_empty() {
            return printer.line("exclude = []", SetBy::Default);
        }
        printer.text("exclude = [\n");
        for glob in &self.globs {
            printer.line_at(&format!("  {},", quoted(glob.value.0.glob())), glob.span);
        }
        printer.text("]\n");
    }
}
