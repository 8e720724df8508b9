//! Atomic files: written to a temporary file, which replaces the old file when it is complete.

use std::fs::{self, DirEntry, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::run::file_identity::{open_device, standard_stream_to};
use crate::run::temporary::{PREFIX, SUFFIX, Temporary, is_of_this_run};

#[cfg(test)]
pub(crate) mod failing;

/// What writing a file atomically asks of the system, in this order. In tests each may fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Create the temporary file.
    Create,
    /// Give it the attributes of the old file.
    SetAttributes,
    /// Write some of the contents.
    Write,
    /// Write what is buffered.
    Flush,
    /// Have the disk take it.
    Sync,
    /// Read the old file once more.
    Compare,
    /// Rename the temporary file to the old one.
    Rename,
}

#[cfg(test)]
use failing::take;

/// Takes a step, unless a test lets it fail.
#[cfg(not(test))]
#[expect(clippy::unnecessary_wraps, reason = "it fails in tests")]
fn take(_step: Step, _path: &Path) -> io::Result<()> {
    Ok(())
}

/// A file that replaces another when it is finished. Until then, and if the run is interrupted, the old file is
/// unchanged.
#[derive(Debug)]
pub(crate) struct AtomicFile {
    path: PathBuf,
    target: Target,
}

#[derive(Debug)]
enum Target {
    /// A temporary file in the folder of the path, to be renamed to it.
    Temporary(BufWriter<Contents>, Temporary),
    /// A pipe, a device or a standard stream, which is written directly.
    Special(BufWriter<File>),
}

impl AtomicFile {
    /// Creates the temporary file, with the permissions and the extended attributes of the old file and, as far as this
    /// process may set them, its owner and group. If the path is a symbolic link, its target is replaced or created. A file that a standard
    /// stream is redirected to is written through that stream.
    ///
    /// # Errors
    ///
    /// If the path is a folder or cannot be written, or its extended attributes cannot be kept; the message does not
    /// name the path.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let existing = match fs::metadata(path) {
            Ok(existing) => Some(existing),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                let device = BufWriter::new(open_device(path).ok_or(error)?);
                return Ok(AtomicFile { path: path.to_owned(), target: Target::Special(device) });
            }
        };
        if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if let Some(special) = existing.as_ref().and_then(|existing| open_special(path, existing)) {
            return Ok(AtomicFile { path: path.to_owned(), target: Target::Special(BufWriter::new(special?)) });
        }
        let path = resolve_link(path)?;
        take(Step::Create, &path)?;
        // A folder may be written by those who may not write a file in it.
        let old = existing.is_some().then(|| OpenOptions::new().write(true).open(&path)).transpose()?;
        let (file, temporary) = Temporary::create_in(folder_of(&path))?;
        if let (Some(existing), Some(old)) = (existing, old) {
            take(Step::SetAttributes, &path)?;
            copy_owner(&file, &existing);
            copy_attributes(&old, &file)?;
            // Changing the owner may clear some permissions, so they are set last.
            file.set_permissions(existing.permissions())?;
        }
        let contents = BufWriter::new(Contents { file, path: path.clone() });
        Ok(AtomicFile { path, target: Target::Temporary(contents, temporary) })
    }

    /// The writer for the contents.
    pub(crate) fn writer(&mut self) -> &mut dyn Write {
        match &mut self.target {
            Target::Temporary(contents, _) => contents,
            Target::Special(file) => file,
        }
    }

    /// Replaces the old file.
    ///
    /// # Errors
    ///
    /// If it cannot be written or renamed; the message names the path.
    pub(crate) fn finish(self) -> io::Result<()> {
        let path = self.path.clone();
        let persisted = self.persist(|_| Ok(true));
        persisted.map(drop).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    }

    /// Replaces the old file if a last look at it allows that. Returns whether it does.
    fn persist(self, allows: impl FnOnce(&Path) -> io::Result<bool>) -> io::Result<bool> {
        match self.target {
            Target::Temporary(contents, temporary) => {
                take(Step::Flush, &self.path)?;
                let Contents { file, .. } = contents.into_inner().map_err(io::IntoInnerError::into_error)?;
                take(Step::Sync, &self.path)?;
                file.sync_all()?;
                take(Step::Compare, &self.path)?;
                let is_allowed = allows(&self.path)?;
                if is_allowed {
                    take(Step::Rename, &self.path)?;
                    temporary.persist(&self.path)?;
                }
                Ok(is_allowed)
            }
            Target::Special(mut file) => file.flush().map(|()| true),
        }
    }
}

/// The contents of a temporary file that will be at a path.
#[derive(Debug)]
struct Contents {
    file: File,
    path: PathBuf,
}

impl Write for Contents {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        take(Step::Write, &self.path)?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Opens what is at a path for writing, if it is something that cannot be replaced.
fn open_special(path: &Path, existing: &fs::Metadata) -> Option<io::Result<File>> {
    let stream = standard_stream_to(path, existing).map(Ok);
    stream.or_else(|| (!existing.is_file()).then(|| OpenOptions::new().write(true).open(path)))
}

/// Resolves a path that is a symbolic link. There are no cycles: `fs::metadata` has failed on those before.
fn resolve_link(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    while fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) {
        path = folder_of(&path).join(fs::read_link(&path)?);
    }
    Ok(path)
}

/// The folder that a file is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Sets the owner and group of a file to those of another, or only the group, as far as the system allows.
#[cfg(unix)]
fn copy_owner(file: &File, existing: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let (owner, group) = (existing.uid(), existing.gid());
    let _ = fchown(file, Some(owner), Some(group)).or_else(|_| fchown(file, None, Some(group)));
}

/// Other systems have no owner and group to set.
#[cfg(not(unix))]
fn copy_owner(_file: &File, _existing: &fs::Metadata) {}

/// Sets the extended attributes of a file to those of another, such as access control lists.
#[cfg(unix)]
fn copy_attributes(old: &File, new: &File) -> io::Result<()> {
    use xattr::FileExt;
    // Some file systems have none.
    for name in old.list_xattr().into_iter().flatten() {
        // macOS sets this one itself.
        let is_own = name == "com.apple.provenance";
        let value = old.get_xattr(&name)?;
        if !is_own && new.get_xattr(&name).ok() != Some(value.clone()) {
            new.set_xattr(&name, &value.unwrap_or_default()).map_err(|error| {
                let name = name.display();
                io::Error::new(error.kind(), format!("its extended attribute `{name}` cannot be kept: {error}"))
            })?;
        }
    }
    Ok(())
}

/// Other systems have no extended attributes that are known here.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "it fails on Unix")]
fn copy_attributes(_old: &File, _new: &File) -> io::Result<()> {
    Ok(())
}

/// The temporary files in a folder that interrupted runs left. `before` is the start of this run: files of other runs
/// that are still active are younger.
pub(crate) fn leftovers(folder: &Path, before: SystemTime) -> Vec<PathBuf> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let is_left = |entry: &DirEntry| {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        is_ours && entry.metadata().and_then(|metadata| metadata.modified()).is_ok_and(|modified| modified < before)
    };
    // Folders that cannot be listed are ignored: this only informs the user.
    let mut left: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter(is_left)
        .map(|entry| entry.path())
        .filter(|path| !is_of_this_run(path))
        .collect();
    left.sort();
    left
}

/// Writes a file atomically.
///
/// # Errors
///
/// If it cannot be written; the old file is unchanged then. The message does not name the path.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    with_contents(path, bytes)?.persist(|_| Ok(true)).map(drop)
}

/// Replaces the contents of a file atomically, unless it has other contents than the old ones by now. Returns whether
/// it was replaced. What is written to the file between the last look and the renaming, some microseconds, is lost.
///
/// # Errors
///
/// As [`write_atomically`].
pub(crate) fn replace_atomically(path: &Path, old: &[u8], new: &[u8]) -> io::Result<bool> {
    with_contents(path, new)?.persist(|path| fs::read(path).map(|found| found == old))
}

fn with_contents(path: &Path, bytes: &[u8]) -> io::Result<AtomicFile> {
    if fs::metadata(path).is_ok_and(|existing| existing.is_file() && standard_stream_to(path, &existing).is_some()) {
        return Err(io::Error::other("standard output or standard error goes to it"));
    }
    let mut file = AtomicFile::create(path)?;
    file.writer().write_all(bytes)?;
    Ok(file)
}
