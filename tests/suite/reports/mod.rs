//! The formats of reports, read back by parsers of what they claim to be.

mod contents;
mod files;
mod formats;
#[cfg(unix)]
mod hostile;
mod html;
mod human;
mod read_back;
mod sarif;

use std::path::Path;

use crate::common::{DEMO, INFO, WARNING, path, run_in};

/// Findings of every level.
const FEW: [&str; 3] = [DEMO, INFO, WARNING];

/// A report on what arguments name in the repository.
fn report(format: &str, arguments: &[&str]) -> String {
    report_in(&path(""), format, arguments)
}

/// A report on what arguments name in a folder.
fn report_in(folder: &Path, format: &str, arguments: &[&str]) -> String {
    run_in(folder, &[&["--format", format], arguments].concat()).stdout
}

/// An image whose only finding is an error of `enum-value`.
fn misspelt() -> serde_json::Value {
    serde_json::json!({ "image": { "platform": "linux" } })
}
