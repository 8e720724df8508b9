//! What the system knows of a file beside its path: how many names it has, whether a standard stream goes to it, and
//! whether it is a device.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

/// The number of hard links to a file, if there are several.
#[cfg(unix)]
pub(super) fn hard_links(_path: &Path, metadata: &Metadata) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    Some(metadata.nlink()).filter(|names| *names > 1)
}

/// The number of hard links to a file, if there are several.
#[cfg(windows)]
pub(super) fn hard_links(path: &Path, _metadata: &Metadata) -> Option<u64> {
    let file = File::open(path).ok()?;
    let names = winapi_util::file::information(&file).ok()?.number_of_links();
    Some(names).filter(|names| *names > 1)
}

/// The standard stream that is redirected to a file. If the file was replaced, the stream would go on writing to the
/// old one.
#[cfg(unix)]
pub(super) fn standard_stream_to(_path: &Path, existing: &Metadata) -> Option<File> {
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;
    let (stdout, stderr) = (io::stdout(), io::stderr());
    [stdout.as_fd(), stderr.as_fd()].into_iter().find_map(|stream| {
        let stream = File::from(stream.try_clone_to_owned().ok()?);
        let found = stream.metadata().ok()?;
        ((found.dev(), found.ino()) == (existing.dev(), existing.ino())).then_some(stream)
    })
}

/// The standard stream that is redirected to a file. If the file was replaced, the stream would go on writing to the
/// old one.
#[cfg(windows)]
pub(super) fn standard_stream_to(path: &Path, existing: &Metadata) -> Option<File> {
    use std::os::windows::io::AsHandle;
    let identity = |file: &File| {
        let found = winapi_util::file::information(file).ok()?;
        Some((found.volume_serial_number(), found.file_index()))
    };
    let wanted = identity(&existing.is_file().then(|| File::open(path).ok()).flatten()?)?;
    let (stdout, stderr) = (io::stdout(), io::stderr());
    [stdout.as_handle(), stderr.as_handle()].into_iter().find_map(|stream| {
        let stream = File::from(stream.try_clone_to_owned().ok()?);
        (identity(&stream)? == wanted).then_some(stream)
    })
}

/// A device that has no metadata; those of Unix have.
#[cfg(unix)]
pub(super) fn open_device(_path: &Path) -> Option<File> {
    None
}

/// A device that has no metadata, such as `NUL`.
#[cfg(windows)]
pub(super) fn open_device(path: &Path) -> Option<File> {
    let device = File::options().write(true).open(path).ok()?;
    winapi_util::file::typ(&device).is_ok_and(|found| found.is_char()).then_some(device)
}
