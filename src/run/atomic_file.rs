//! Files written whole or not at all: a new one takes the place of the old when it is complete.

use std::fs::{self, DirEntry, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempPath;

/// How the names of files on their way start and end.
const PREFIX: &str = ".imagelint-";
const SUFFIX: &str = ".tmp";

/// A file on its way to its place. Until it is finished, what was there before stays; so it is when
/// the run breaks off.
#[derive(Debug)]
pub(crate) struct Replacement {
    path: PathBuf,
    target: Target,
}

#[derive(Debug)]
enum Target {
    /// A file beside the path that will take its place.
    Beside(BufWriter<File>, TempPath),
    /// A pipe, a device or a standard stream, which cannot be replaced.
    Special(BufWriter<File>),
}

impl Replacement {
    /// Makes the file, with the permissions of the one it replaces and, as far as this process may give
    /// files away, its owner and group. Where the path is a link, what it points to will be replaced, or
    /// made. What a standard stream goes to is written to through that stream.
    ///
    /// # Errors
    ///
    /// Where the path is a folder, or nothing can be written there; the message names no path.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let existing = match fs::metadata(path) {
            Ok(existing) => Some(existing),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if let Some(special) = existing.as_ref().and_then(|existing| special(path, existing)) {
            return Ok(Replacement { path: path.to_owned(), target: Target::Special(BufWriter::new(special?)) });
        }
        let path = followed(path)?;
        let folder = folder_of(&path);
        // Made so, its errors do not name it, and its permissions are those that the user's mask leaves.
        let file =
            tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).make_in(folder, |path| File::create_new(path))?;
        let (file, beside) = file.into_parts();
        if let Some(existing) = existing {
            give(&file, &existing);
            // A change of owner may take away from these, so they come last.
            file.set_permissions(existing.permissions())?;
        }
        Ok(Replacement { path, target: Target::Beside(BufWriter::new(file), beside) })
    }

    /// Where the file's bytes are written.
    pub(crate) fn writer(&mut self) -> &mut dyn Write {
        match &mut self.target {
            Target::Beside(file, _) | Target::Special(file) => file,
        }
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    ///
    /// Where it cannot be written or put there; the message names the path.
    pub(crate) fn finish(self) -> io::Result<()> {
        let path = self.path.clone();
        self.put().map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    }

    fn put(self) -> io::Result<()> {
        match self.target {
            Target::Beside(file, beside) => {
                file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
                beside.persist(self.path).map_err(|error| error.error)
            }
            Target::Special(mut file) => file.flush(),
        }
    }
}

/// What is at a path, opened for writing, where it cannot be replaced.
fn special(path: &Path, existing: &fs::Metadata) -> Option<io::Result<File>> {
    let stream = stream_to(existing).map(Ok);
    stream.or_else(|| (!existing.is_file()).then(|| OpenOptions::new().write(true).open(path)))
}

/// The standard stream that goes to a file, which would go on to the old one if another took its place.
#[cfg(unix)]
fn stream_to(existing: &fs::Metadata) -> Option<File> {
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;
    let (stdout, stderr) = (io::stdout(), io::stderr());
    [stdout.as_fd(), stderr.as_fd()].into_iter().find_map(|stream| {
        let stream = File::from(stream.try_clone_to_owned().ok()?);
        let found = stream.metadata().ok()?;
        ((found.dev(), found.ino()) == (existing.dev(), existing.ino())).then_some(stream)
    })
}

/// Other systems have no paths of streams.
#[cfg(not(unix))]
fn stream_to(_existing: &fs::Metadata) -> Option<File> {
    None
}

/// Where a path leads by the links that it ends in. They lead to something or to nothing, not in circles.
fn followed(path: &Path) -> io::Result<PathBuf> {
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

/// Gives a file to the owner and group of another, or at least to its group. Where the system forbids
/// that, the file stays with who made it.
#[cfg(unix)]
fn give(file: &File, existing: &fs::Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let (owner, group) = (existing.uid(), existing.gid());
    let _ = fchown(file, Some(owner), Some(group)).or_else(|_| fchown(file, None, Some(group)));
}

/// Systems without owners in this sense keep what they have.
#[cfg(not(unix))]
fn give(_file: &File, _existing: &fs::Metadata) {}

/// The files in a folder that a killed run left. They are older than the time given, the start of this
/// run; what runs at work write is younger.
pub(crate) fn leftovers(folder: &Path, before: SystemTime) -> Vec<PathBuf> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let is_left = |entry: &DirEntry| {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        is_ours && entry.metadata().and_then(|metadata| metadata.modified()).is_ok_and(|modified| modified < before)
    };
    // A folder that cannot be listed may hold some, but there is nothing to be done about them.
    let mut left: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter(is_left)
        .map(|entry| entry.path())
        .collect();
    left.sort();
    left
}

/// Puts a file of these bytes in the place of another, or of none.
///
/// # Errors
///
/// Where nothing can be written there; what was there is untouched then. The message names no path.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|existing| existing.is_file() && stream_to(&existing).is_some()) {
        return Err(io::Error::other("standard output or standard error goes to it"));
    }
    let mut file = Replacement::create(path)?;
    file.writer().write_all(bytes)?;
    file.put()
}
