//! Workflow commands that GitHub shows as annotations beside the lines. It shows ten of each level
//! for a step; what goes beyond is summed up.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use crate::discover::Unreadable;
use crate::finding::Level;
use crate::report::output::Layout;
use crate::report::{File, Summary, advice, counted, place, sources};

/// The commands for one file's findings, one on each line.
pub fn file(file: &File<'_>, root: &Path) -> String {
    let lines = file.lines();
    let path = property(&place::relative(file.path, root));
    let mut report = String::new();
    for finding in file.findings {
        let command = command(finding.level);
        let start = lines.position(finding.primary.span.start);
        let end = lines.position(finding.primary.span.end);
        write!(report, "::{command} file={path},line={},endLine={}", start.line, end.line).expect("a String takes all");
        // Columns are taken only within one line.
        if start.line == end.line {
            write!(report, ",col={},endColumn={}", start.column, end.column).expect("a String takes all");
        }
        let mut message = format!("{}\nhelp: {}", finding.message, advice(finding));
        if let Some(source) = sources(finding).first() {
            write!(message, "\nsource: {source}").expect("a String takes all");
        }
        writeln!(report, ",title={}::{}", property(finding.rule), data(&message)).expect("a String takes all");
    }
    report
}

/// The commands for what could not be read.
pub fn closing(summary: &Summary, root: &Path) -> String {
    let command = |Unreadable { path, error }: &Unreadable| {
        format!("::error file={},title=unreadable::{}\n", property(&place::relative(path, root)), data(error))
    };
    summary.unreadable.iter().map(command).collect()
}

fn command(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Off => "notice",
    }
}

/// A message as a command carries it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value as a command carries it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The commands, how many of them GitHub shows, and the noun for those that it does not. One notice is
/// kept for the sum.
const COMMANDS: [(&str, usize, &str); 3] = [("error", 10, "error"), ("warning", 10, "warning"), ("notice", 9, "info")];

/// As many annotations as are shown, and then how many more there are.
#[derive(Default)]
pub(super) struct Annotations {
    counts: [usize; COMMANDS.len()],
}

impl Layout for Annotations {
    fn part(&mut self, _path: &str, part: &str, out: &mut dyn Write) -> io::Result<()> {
        for line in part.split_inclusive('\n') {
            for ((command, most, _), count) in COMMANDS.iter().zip(&mut self.counts) {
                if line.strip_prefix("::").is_some_and(|line| line.starts_with(command)) {
                    *count += 1;
                    if *count <= *most {
                        out.write_all(line.as_bytes())?;
                    }
                }
            }
        }
        Ok(())
    }

    fn close(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let more: Vec<String> = COMMANDS
            .iter()
            .zip(self.counts)
            .filter(|((_, most, _), count)| count > most)
            .map(|((_, most, noun), count)| counted(count - most, &format!("more {noun}")))
            .collect();
        if more.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "::notice title=imagelint::{} without an annotation; other formats list them all",
            more.join(", ")
        )
    }
}
