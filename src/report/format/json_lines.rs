//! One JSON object on each line, a finding as in `json`; a clean run prints none.

use crate::report::File;
use crate::report::format::json;

/// The lines of one file's findings.
pub fn file(file: &File<'_>) -> String {
    json::entries(file).iter().map(|entry| format!("{entry}\n")).collect()
}
