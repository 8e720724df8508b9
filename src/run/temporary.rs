//! Temporary files, which are removed when they are dropped and when a signal ends the run.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempPath;

/// The names of temporary files start and end with these.
pub(super) const PREFIX: &str = ".imagelint-";
pub(super) const SUFFIX: &str = ".tmp";

/// The temporary files that there are. It is locked while one is made, renamed or removed.
static EXISTING: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A temporary file, until it is renamed.
#[derive(Debug)]
pub(super) struct Temporary {
    path: Option<TempPath>,
}

impl Temporary {
    /// Creates a file in a folder.
    ///
    /// # Errors
    ///
    /// If none can be created; the message does not name the file.
    pub(super) fn create_in(folder: &Path) -> io::Result<(File, Self)> {
        let mut existing = existing();
        // `make_in` applies the umask, and its errors do not name the file.
        let file =
            tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).make_in(folder, |path| File::create_new(path))?;
        let (file, path) = file.into_parts();
        existing.insert(path.to_path_buf());
        Ok((file, Temporary { path: Some(path) }))
    }

    /// Renames it, and thereby replaces what is at the new path.
    ///
    /// # Errors
    ///
    /// If it cannot be renamed; it is removed then.
    pub(super) fn persist(mut self, to: &Path) -> io::Result<()> {
        let Some(path) = self.path.take() else { return Ok(()) };
        let mut existing = existing();
        existing.remove(&*path);
        path.persist(to).map_err(|error| error.error)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            let mut existing = existing();
            existing.remove(&*path);
            // That it cannot be removed is seen by the next run.
            let _ = path.close();
        }
    }
}

/// Whether a file is one of this run's.
pub(super) fn is_of_this_run(path: &Path) -> bool {
    existing().iter().any(|existing| existing.file_name() == path.file_name())
}

fn existing() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    EXISTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has the temporary files removed when the run is interrupted, hung up or terminated: it then ends with the status
/// 128 and the number of the signal, as in a shell. Without a thread to wait for signals, these end the run as ever.
#[cfg(unix)]
pub(crate) fn remove_on_signals() {
    use std::sync::Arc;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;

    use crate::run::threads::Waiting;

    let wait = |mut signals: Signals| {
        if let Some(signal) = signals.forever().next() {
            // Locked to the end, so that no file is made or renamed any more.
            let existing = existing();
            for file in existing.iter() {
                let _ = std::fs::remove_file(file);
            }
            std::process::exit(128 + signal);
        }
    };
    // Once signals are caught, they must be waited for.
    let Some(thread) = Waiting::start() else { return };
    let ignored = ignored_signals();
    let caught = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0);
    if let Ok(signals) = Signals::new(caught) {
        let _ = thread.run(move || wait(signals));
    }
    // A write beyond the limit for files then fails like others, instead of ending the run.
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
}

/// The signals that the parent has this process ignore, as `nohup` does, in bits.
#[cfg(unix)]
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// Other systems have no such signals.
#[cfg(not(unix))]
pub(crate) fn remove_on_signals() {}
