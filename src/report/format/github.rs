//! Workflow commands that GitHub shows as annotations beside the lines. It shows ten of each level
//! for a step, so files that could not be read come first; what goes beyond is summed up.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use crate::finding::{Level, printable};
use crate::report::Unreadable;
use crate::report::output::Layout;
use crate::report::{File, Summary, advice, place, sources};
use crate::text::quote::counted;

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

/// The command for a file that could not be read.
fn unreadable(Unreadable { path, error }: &Unreadable, root: &Path) -> String {
    format!("::error file={},title=unreadable::{}\n", property(&place::relative(path, root)), data(error))
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
    text.split('\n').map(|line| printable(line.replace('%', "%25"))).collect::<Vec<_>>().join("%0A")
}

/// A property's value as a command carries it.
fn property(text: &str) -> String {
    printable(text.replace('%', "%25").replace(':', "%3A").replace(',', "%2C"))
}

/// The commands, how many of them GitHub shows, and the noun for those that it does not. One notice is
/// kept for the sum.
const COMMANDS: [(&str, usize, &str); 3] = [("error", 10, "error"), ("warning", 10, "warning"), ("notice", 9, "info")];

/// As many annotations as are shown, and then how many more there are. They are held back until it is
/// known which files could not be read.
pub(crate) struct Annotations<'r> {
    root: &'r Path,
    /// The first commands of each level, in the order of the findings, with the index of their level.
    held: Vec<(usize, String)>,
    counts: [usize; COMMANDS.len()],
}

impl<'r> Annotations<'r> {
    /// With paths from a folder.
    pub(crate) fn new(root: &'r Path) -> Self {
        Annotations { root, held: Vec::new(), counts: [0; COMMANDS.len()] }
    }
}

impl Layout for Annotations<'_> {
    fn part(&mut self, _path: &str, part: &str, _out: &mut dyn Write) -> io::Result<()> {
        for line in part.split_inclusive('\n') {
            let level = COMMANDS
                .iter()
                .position(|(command, ..)| line.strip_prefix("::").is_some_and(|line| line.starts_with(command)));
            if let Some(level) = level {
                self.counts[level] += 1;
                if self.counts[level] <= COMMANDS[level].1 {
                    self.held.push((level, line.to_owned()));
                }
            }
        }
        Ok(())
    }

    fn close(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let first = summary.unreadable.iter().map(|file| (0, unreadable(file, self.root)));
        self.counts[0] += summary.unreadable.len();
        let mut room = COMMANDS.map(|(_, most, _)| most);
        for (level, line) in first.chain(self.held.drain(..)) {
            if room[level] > 0 {
                room[level] -= 1;
                out.write_all(line.as_bytes())?;
            }
        }
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
