//! A table in GitHub's Markdown, for the summary of a step of a workflow. Its size is limited, as that of such
//! summaries is.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::report::format::Layout;
use crate::report::{Entry, Format, Fragment, Source, Summary, Unreadable, paths, pointer};
use crate::text::quote::{counted, printable};

pub(super) static MARKDOWN: Entry = Entry {
    name: "markdown",
    summary: "A table in Markdown, as for a summary on GitHub",
    make: |options| Box::new(Markdown { root: options.root }),
};

struct Markdown {
    root: PathBuf,
}

impl Format for Markdown {
    /// A row for each finding.
    fn fragment(&self, source: &Source<'_>) -> Fragment {
        let path = paths::relative(source.path, &self.root);
        Fragment::of(source.findings, |report, finding| {
            let start = finding.location().start();
            let place = format!("{path}:{}:{} {}", start.line, start.column, pointer(finding.location()));
            let place = escaped(place.trim_end());
            let name = finding.rule.name;
            let rule = finding.rule.page().map_or(name.to_owned(), |page| format!("[{name}]({page})"));
            let (level, message, help) = (finding.level.name(), prose(&finding.message), prose(finding.help()));
            writeln!(report, "| {level} | {place} | {rule} | {message}<br>{help} |").expect("a String takes all");
        })
    }

    fn layout(&self) -> Box<dyn Layout + '_> {
        Box::new(Table::default())
    }

    fn closing(&self, summary: &Summary) -> String {
        let mut report = format!("\n{}\n", escaped(&summary.line()));
        for (index, Unreadable { path, error }) in summary.unreadable.iter().take(ROWS).enumerate() {
            let before = if index == 0 { "\n" } else { "" };
            let path = escaped(&paths::relative(path, &self.root));
            writeln!(report, "{before}- {path}: {}", escaped(error)).expect("a String takes all");
        }
        report
    }
}

/// Escapes a text, except that what is in backquotes stays code.
fn prose(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    let last = pieces.len() - 1;
    let mut prose = String::new();
    for (index, piece) in pieces.into_iter().enumerate() {
        match (index % 2 == 1, index < last, piece.is_empty()) {
            (false, ..) => prose.push_str(&escaped(piece)),
            (true, true, false) => write!(prose, "`{}`", line(piece).replace('|', "\\|")).expect("a String takes all"),
            // Two backquotes with nothing between them, or one without a second.
            (true, true, true) => prose.push_str("\\`\\`"),
            (true, false, _) => write!(prose, "\\`{}", escaped(piece)).expect("a String takes all"),
        }
    }
    prose
}

/// Punctuation that has no meaning inside a line of Markdown.
const PLAIN: &str = ".,;:?/-'\"=%()^";

/// Escapes a text so that nothing in it is markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in line(text).chars() {
        if char.is_ascii_punctuation() && !PLAIN.contains(char) {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

/// A text on one line, as a table's cell requires, with unprintable characters escaped.
fn line(text: &str) -> String {
    printable(text.replace(['\r', '\n'], " "))
}

/// The most rows that the table has.
const ROWS: usize = 500;
/// The most bytes that its rows have: GitHub accepts 1 MiB for a step.
const BYTES: usize = 900 << 10;

/// Writes the rows of a table, up to its limits, and counts those that are left out.
#[derive(Default)]
struct Table {
    rows: usize,
    bytes: usize,
    left_out: usize,
}

impl Layout for Table {
    fn fragment(&mut self, _path: &str, fragment: &Fragment, out: &mut dyn Write) -> io::Result<()> {
        for (_, row) in fragment.findings() {
            if self.left_out > 0 || self.rows == ROWS || self.bytes + row.len() > BYTES {
                self.left_out += 1;
                continue;
            }
            if self.rows == 0 {
                out.write_all(b"| Level | Place | Rule | Finding |\n| --- | --- | --- | --- |\n")?;
            }
            self.rows += 1;
            self.bytes += row.len();
            out.write_all(row.as_bytes())?;
        }
        Ok(())
    }

    fn close(&mut self, _summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        match self.left_out {
            0 => Ok(()),
            more => writeln!(out, "\n… and {}.", counted(more, "more finding")),
        }
    }
}
