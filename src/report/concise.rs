//! One line for each finding: `path:line:col: level[rule] message`.

use std::fmt::Write as _;

use crate::report::File;

/// The lines of one file's findings.
pub fn file(file: &File<'_>) -> String {
    let lines = file.lines();
    let mut report = String::new();
    for finding in file.findings {
        let position = lines.position(finding.primary.span.start);
        let (level, rule, message) = (finding.level.name(), finding.rule, &finding.message);
        writeln!(report, "{}:{}:{}: {level}[{rule}] {message}", file.path, position.line, position.column)
            .expect("a String takes all");
    }
    report
}
