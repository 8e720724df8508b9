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
mod verdicts;

use std::path::Path;
use std::sync::LazyLock;

use imagelint::Format;

use crate::common::{DEMO, INFO, Scratch, WARNING, path, run, run_in};

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

/// Reports of one run on the whole corpus with all rules, in files that have the names of their formats.
fn reports_on_everything(folder: Scratch, formats: impl IntoIterator<Item = Format>, threads: &str) -> Scratch {
    let report = |format: Format| format!("--report={0}={1}", format.name(), folder.argument(format.name()));
    let reports: Vec<String> = formats.into_iter().map(report).collect();
    let reports: Vec<&str> = reports.iter().map(String::as_str).collect();
    let arguments = ["--threads", threads, "--quiet", "--format", "concise", "--pedantic", "corpus"];
    run(&[&reports, &arguments[..]].concat()).ends_with(1);
    folder
}

/// The report on the whole corpus with all rules, by several threads.
fn everything(format: &str) -> String {
    static REPORTS: LazyLock<Scratch> =
        LazyLock::new(|| reports_on_everything(Scratch::new("reports/everything"), Format::all(), "4"));
    REPORTS.read(format)
}

/// An image whose only finding is an error of `enum-value`.
fn misspelt() -> serde_json::Value {
    serde_json::json!({ "image": { "platform": "linux" } })
}
