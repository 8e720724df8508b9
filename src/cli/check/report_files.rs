//! The files that reports are written to.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::cli::check::Command;
use crate::recognise::Asked;
use crate::report::{Entry, FORMATS};
use crate::run::atomic_file::{AtomicFile, folder_of};
use crate::run::input::Input;
use crate::text::suggest;

impl Command<'_> {
    /// Creates the files of reports. The error is a message.
    pub(super) fn create(&self, inputs: &[Input]) -> Result<Vec<AtomicFile>, String> {
        let reports = &self.check.printing.report;
        let named =
            inputs.iter().filter(|input| !reports.is_empty() && input.asked() == Asked::ByName).filter_map(Input::file);
        let named: HashSet<PathBuf> = named.filter(|path| path.is_file()).map(resolved).collect();
        let mut seen = HashSet::new();
        for (_, path) in reports {
            let refused = |reason: &str| Err(format!("no report can go to {}: {reason}", path.display()));
            let report = resolved(path);
            if named.contains(&report) {
                return refused("it is a file to check");
            }
            if self.baseline.is_some_and(|baseline| baseline.is_at(&report)) {
                return refused("it is the baseline");
            }
            if !seen.insert(report) {
                return refused("another one does");
            }
        }
        let create = |(_, path): &(&Entry, PathBuf)| {
            AtomicFile::create(path).map_err(|error| format!("{}: {error}", path.display()))
        };
        reports.iter().map(create).collect()
    }
}

/// Parses `FORMAT=FILE`, for a report to a file.
pub(in crate::cli) fn report_file(argument: &str) -> Result<(&'static Entry, PathBuf), String> {
    let (format, path) = argument.split_once('=').ok_or("expected FORMAT=FILE, as in `sarif=report.sarif`")?;
    let known = FORMATS.iter().find(|known| known.name == format).copied();
    let format = known.ok_or_else(|| {
        let names: Vec<&str> = FORMATS.iter().map(|known| known.name).collect();
        let otherwise = format!("the formats are {}", names.join(", "));
        suggest::unknown("format", format, names, &otherwise)
    })?;
    match path {
        "" => Err("it names no file".to_owned()),
        "-" => Err("a report to standard output is asked for with `--format`".to_owned()),
        path => Ok((format, PathBuf::from(path))),
    }
}

/// A canonical path, even if the file does not exist, to compare paths.
fn resolved(path: &Path) -> PathBuf {
    let beside = || Some(folder_of(path).canonicalize().ok()?.join(path.file_name()?));
    path.canonicalize().ok().or_else(beside).unwrap_or_else(|| path.to_owned())
}
