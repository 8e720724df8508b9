//! Lets a step of writing a file fail, for tests.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::run::atomic_file::Step;

/// The files and the steps that fail there, once each, after so many of their kind.
static PLAN: Mutex<Vec<(PathBuf, Step, usize)>> = Mutex::new(Vec::new());

/// Lets a step fail when a file is written, after `passed` of its kind.
pub(crate) fn fail(path: &Path, step: Step, passed: usize) {
    PLAN.lock().unwrap_or_else(PoisonError::into_inner).push((path.to_owned(), step, passed));
}

/// Whether a failure is still to come.
pub(crate) fn is_pending(path: &Path) -> bool {
    PLAN.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|(planned, ..)| planned == path)
}

pub(super) fn take(step: Step, path: &Path) -> io::Result<()> {
    let mut plan = PLAN.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(index) = plan.iter().position(|(planned, failing, _)| planned == path && *failing == step) else {
        return Ok(());
    };
    match &mut plan[index].2 {
        0 => {
            plan.remove(index);
            Err(io::Error::other("the disk is on fire"))
        }
        passed => {
            *passed -= 1;
            Ok(())
        }
    }
}
