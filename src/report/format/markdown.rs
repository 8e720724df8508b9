//! A table in GitHub's Markdown, as for the summary of a workflow's step. Its length has a limit, as
//! that of such summaries has.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::report::format::Layout;
use crate::report::{Entry, Format, Fragment, Source, Summary, Unreadable, address, place};
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
        let path = place::relative(source.path, &self.root);
        Fragment::of(source.findings, |report, finding| {
            let start = finding.location().start();
            let place = escaped(&format!("{path}:{}:{}", start.line, start.column));
            let name = finding.rule.name;
            let rule = address(finding.rule).map_or(name.to_owned(), |address| format!("[{name}]({address})"));
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
            let path = escaped(&place::relative(path, &self.root));
            writeln!(report, "{before}- {path}: {}", escaped(error)).expect("a String takes all");
        }
        report
    }
}

/// A text in which what stands between backquotes is code and nothing else is markup.
fn prose(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    let last = pieces.len() - 1;
    let mut prose = String::new();
    for (index, piece) in pieces.into_iter().enumerate() {
        match (index % 2 == 1, index < last, piece.is_empty()) {
            (false, ..) => prose.push_str(&escaped(piece)),
            (true, true, false) => write!(prose, "`{}`", line(piece).replace('|', "\\|")).expect("a String takes all"),
            // Nothing is quoted, or the quotation does not end.
            (true, true, true) => prose.push_str("\\`\\`"),
            (true, false, _) => write!(prose, "\\`{}", escaped(piece)).expect("a String takes all"),
        }
    }
    prose
}

/// Punctuation that is no markup inside a line.
const PLAIN: &str = ".,;:?/-'\"=%()^";

/// A text in which nothing is markup.
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

/// A text on one line, as a table's cell needs it, and without what turns the direction of writing.
fn line(text: &str) -> String {
    printable(text.replace(['\r', '\n'], " "))
}

/// How many rows the table has at most.
const ROWS: usize = 500;
/// How many bytes they have at most: GitHub takes 1 MiB for a step.
const BYTES: usize = 900 << 10;

/// A table, and how many rows it lacks.
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
