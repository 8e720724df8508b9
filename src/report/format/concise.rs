//! One line for each finding: `path:line:col: level[rule] message`.

use std::fmt::Write as _;

use crate::finding::{Elsewhere, printable};
use crate::report::File;

/// The lines of one file's findings.
pub fn file(file: &File<'_>) -> String {
    let lines = file.lines();
    let path = printable(file.path.to_owned());
    let mut report = String::new();
    for finding in file.findings {
        let position = lines.position(finding.primary.span.start);
        let (level, rule, message) = (finding.level.name(), finding.rule, &finding.message);
        write!(report, "{path}:{}:{}: {level}[{rule}] {message}", position.line, position.column)
            .expect("a String takes all");
        if let Some(Elsewhere { path, start, .. }) = finding.elsewhere.first() {
            let path = printable(path.clone());
            write!(report, " (see {path}:{}:{})", start.line, start.column).expect("a String takes all");
        }
        report.push('\n');
    }
    report
}
