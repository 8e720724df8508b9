//! GitHub's Markdown, for the summary of a step of a workflow: the counts, then a table for each rule, errors first.
//! Its size is limited, as that of such summaries is.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::finding::{Level, Rule};
use crate::report::format::Layout;
use crate::report::{Entry, Format, Fragment, Source, Summary, Unreadable, paths, pointer};
use crate::text::quote::{counted, printable};

pub(super) static MARKDOWN: Entry = Entry {
    name: "markdown",
    summary: "Tables in Markdown, as for a summary on GitHub",
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
            let (message, help) = (prose(&finding.message), prose(finding.help()));
            writeln!(report, "| {place} | {message}<br>{help} |").expect("a String takes all");
        })
    }

    fn layout(&self) -> Box<dyn Layout + '_> {
        Box::new(Tables::default())
    }

    fn closing(&self, summary: &Summary) -> String {
        let mut report = String::new();
        for (index, Unreadable { path, error }) in summary.unreadable.iter().take(MOST_UNREADABLE).enumerate() {
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

/// The most rows that the table of a rule has.
const ROWS: usize = 50;
/// The most bytes that all rows have: GitHub accepts 1 MiB for a step.
const BYTES: usize = 900 << 10;
/// The most files that are listed because they could not be read.
const MOST_UNREADABLE: usize = 500;

/// Writes a table for each rule once all findings are known.
#[derive(Default)]
struct Tables {
    tables: Vec<Table>,
}

/// The findings of a rule at a level.
struct Table {
    rule: &'static Rule,
    level: Level,
    /// The first rows.
    rows: Vec<String>,
    count: usize,
}

impl Layout for Tables {
    fn fragment(&mut self, _path: &str, fragment: &Fragment, _out: &mut dyn Write) -> io::Result<()> {
        for (rule, level, row) in fragment.findings() {
            let place = self.tables.iter().position(|table| table.rule == rule && table.level == level);
            let place = place.unwrap_or_else(|| {
                self.tables.push(Table { rule, level, rows: Vec::new(), count: 0 });
                self.tables.len() - 1
            });
            let table = &mut self.tables[place];
            table.count += 1;
            if table.rows.len() < ROWS {
                table.rows.push(row.to_owned());
            }
        }
        Ok(())
    }

    fn close(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "**{}**", prose(&summary.line()))?;
        self.tables.sort_by_key(|table| (Reverse(table.level), Reverse(table.count), table.rule.name));
        let mut bytes = 0;
        for Table { rule, level, rows, count } in &self.tables {
            let rows = rows.iter().take_while(|row| {
                bytes += row.len();
                bytes <= BYTES
            });
            let rows: Vec<&str> = rows.map(String::as_str).collect();
            let is_open = if *level == Level::Error { " open" } else { "" };
            let (level, name) = (level.name(), rule.name);
            let name = rule.page().map_or(name.to_owned(), |page| format!("<a href=\"{page}\">{name}</a>"));
            let count_of = counted(*count, "finding");
            writeln!(out, "\n<details{is_open}><summary>{level}: {name}, {count_of}</summary>\n")?;
            if !rows.is_empty() {
                write!(out, "| Place | Finding |\n| --- | --- |\n{}", rows.concat())?;
            }
            if rows.len() < *count {
                writeln!(out, "\n… and {}.", counted(count - rows.len(), "more finding"))?;
            }
            writeln!(out, "\n</details>")?;
        }
        Ok(())
    }
}
