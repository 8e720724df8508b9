//! Paths in settings, which are relative to the folder of `imagelint.toml` and written with `/` on all systems.

use std::path::{Component, Path, PathBuf};

/// The folder that an `imagelint.toml` is in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The folder of a file.
    pub(super) fn of(file: &Path) -> Self {
        Folder(absolute(file).parent().map(Path::to_owned).unwrap_or_default())
    }

    /// The working directory.
    pub(super) fn current() -> Self {
        Folder(absolute(Path::new(".")))
    }

    /// The absolute path of one that the settings name.
    pub(super) fn join(&self, path: &str) -> PathBuf {
        absolute(&self.0.join(path))
    }

    /// A path as the settings would name it: relative to the folder, or absolute if it is outside.
    pub(super) fn name(&self, path: &Path) -> String {
        let path = absolute(path);
        let path = path.strip_prefix(&self.0).unwrap_or(&path);
        let name = path.to_string_lossy();
        if cfg!(windows) { name.replace('\\', "/") } else { name.into_owned() }
    }
}

/// The absolute path without `.` and `..`; symbolic links are not resolved.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}
