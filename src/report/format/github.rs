//! Workflow commands that GitHub shows as annotations beside the lines. It shows ten of each level for a step, so
//! files that could not be read come first, and a last annotation counts those that are left out.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::finding::Level;
use crate::report::format::Layout;
use crate::report::{Entry, Format, Fragment, Source, Summary, Unreadable, paths, source};
use crate::text::quote::{counted, printable};

pub(super) static GITHUB: Entry = Entry {
    name: "github",
    summary: "Workflow commands, which GitHub shows as annotations",
    make: |options| Box::new(Github { root: options.root }),
};

struct Github {
    root: PathBuf,
}

impl Format for Github {
    fn fragment(&self, of: &Source<'_>) -> Fragment {
        let path = property(&paths::relative(of.path, &self.root));
        Fragment::of(of.findings, |report, finding| {
            let (_, command, _) = COMMANDS[command_of(finding.level)];
            let (start, end) = (finding.location().start(), finding.location().end());
            write!(report, "::{command} file={path},line={},endLine={}", start.line, end.line)
                .expect("a String takes all");
            // GitHub accepts columns only if the annotation is on one line.
            if start.line == end.line {
                write!(report, ",col={},endColumn={}", start.column, end.column).expect("a String takes all");
            }
            let mut message = format!("{}\nhelp: {}", finding.message, finding.help());
            if let Some(source) = source(finding) {
                write!(message, "\nsource: {source}").expect("a String takes all");
            }
            writeln!(report, ",title={}::{}", property(finding.rule.name), data(&message)).expect("a String takes all");
        })
    }

    fn layout(&self) -> Box<dyn Layout + '_> {
        Box::new(Annotations { root: &self.root, buffered: Vec::new(), counts: [0; COMMANDS.len()] })
    }
}

/// The command for a file that could not be read.
fn unreadable(Unreadable { path, error }: &Unreadable, root: &Path) -> String {
    format!("::error file={},title=unreadable::{}\n", property(&paths::relative(path, root)), data(error))
}

/// The index of the command for findings of a level.
fn command_of(level: Level) -> usize {
    match level {
        Level::Error => 0,
        Level::Warning => 1,
        Level::Info | Level::Off => 2,
    }
}

/// Escapes a message for a command.
fn data(text: &str) -> String {
    text.split('\n').map(|line| printable(line.replace('%', "%25"))).collect::<Vec<_>>().join("%0A")
}

/// Escapes the value of a property for a command.
fn property(text: &str) -> String {
    printable(text.replace('%', "%25").replace(':', "%3A").replace(',', "%2C"))
}

/// For each command: how many annotations GitHub shows, the command, and the noun for those left out. One notice is
/// reserved for their count.
const COMMANDS: [(usize, &str, &str); 3] = [(10, "error", "error"), (10, "warning", "warning"), (9, "notice", "info")];

/// Writes as many annotations as GitHub shows, and then how many more there are. Annotations are buffered until it is
/// known which files could not be read.
struct Annotations<'r> {
    root: &'r Path,
    /// The first annotations of each command, in the order of the findings, with the index of the command.
    buffered: Vec<(usize, String)>,
    counts: [usize; COMMANDS.len()],
}

impl Layout for Annotations<'_> {
    fn fragment(&mut self, _path: &str, fragment: &Fragment, _out: &mut dyn Write) -> io::Result<()> {
        for (_, level, annotation) in fragment.findings() {
            let command = command_of(level);
            self.counts[command] += 1;
            if self.counts[command] <= COMMANDS[command].0 {
                self.buffered.push((command, annotation.to_owned()));
            }
        }
        Ok(())
    }

    fn close(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let first = summary.unreadable.iter().map(|file| (0, unreadable(file, self.root)));
        self.counts[0] += summary.unreadable.len();
        let mut room = COMMANDS.map(|(most, ..)| most);
        for (command, annotation) in first.chain(self.buffered.drain(..)) {
            if room[command] > 0 {
                room[command] -= 1;
                out.write_all(annotation.as_bytes())?;
            }
        }
        let more: Vec<String> = COMMANDS
            .iter()
            .zip(self.counts)
            .filter(|((most, ..), count)| count > most)
            .map(|((most, _, noun), count)| counted(count - most, &format!("more {noun}")))
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
