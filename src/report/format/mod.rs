//! The formats of reports, one file each. A new one is a file with a value of type [`Entry`] and a line in
//! [`FORMATS`].

mod checkstyle;
mod concise;
mod github;
mod gitlab;
mod html;
#[cfg(feature = "human")]
pub(crate) mod human;
mod json;
mod json_lines;
mod junit;
mod markdown;
mod sarif;
mod xml;

use std::io::{self, Write};
use std::path::PathBuf;

use crate::finding::{Finding, Level};
use crate::report::{Source, Summary};

/// Every format, in the order in which they are listed.
pub(crate) static FORMATS: &[&Entry] = &[
    #[cfg(feature = "human")]
    &human::HUMAN,
    &concise::CONCISE,
    &json::JSON,
    &json_lines::JSON_LINES,
    &sarif::SARIF,
    &github::GITHUB,
    &gitlab::GITLAB,
    &junit::JUNIT,
    &checkstyle::CHECKSTYLE,
    &markdown::MARKDOWN,
    &html::HTML,
];

/// A format as it is asked for.
pub(crate) struct Entry {
    /// Its name on the command line.
    pub(crate) name: &'static str,
    /// What it is for, in one line.
    pub(crate) summary: &'static str,
    /// Makes the format for a run.
    pub(crate) make: fn(Options) -> Box<dyn Format>,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

/// How excerpts are drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    /// With colour.
    pub(crate) color: bool,
    /// With the names of rules as links to what the rules are founded on, for a terminal.
    pub(crate) links: bool,
    /// The width in columns that text is wrapped to.
    pub(crate) width: usize,
}

/// What formats need to know of a run.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// How excerpts are drawn.
    pub(crate) style: Style,
    /// The folder that paths start from in formats which are read elsewhere.
    pub(crate) root: PathBuf,
    /// The least level that fails the run.
    pub(crate) fail_on: Level,
    /// Leave out the line that sums up for people.
    pub(crate) quiet: bool,
}

/// How findings are written.
pub(crate) trait Format: Send + Sync {
    /// What stands before the first file.
    fn opening(&self) -> String {
        String::new()
    }

    /// The findings of a text that has some. This is where the work is: it is done by many threads.
    fn fragment(&self, source: &Source<'_>) -> Fragment;

    /// How the fragments are put together.
    fn layout(&self) -> Box<dyn Layout + '_> {
        Box::new(Joined::by(""))
    }

    /// What stands after the last file.
    fn closing(&self, _summary: &Summary) -> String {
        String::new()
    }
}

/// The findings of a text as a format writes them.
#[derive(Debug, Default)]
pub(crate) struct Fragment {
    pub(crate) text: String,
    /// For each finding in the text its level and where its part of the text ends.
    written: Vec<(Level, usize)>,
}

impl Fragment {
    /// Of findings that are written one after the other.
    pub(crate) fn of(findings: &[Finding], mut write: impl FnMut(&mut String, &Finding)) -> Self {
        let mut fragment = Fragment { text: String::new(), written: Vec::with_capacity(findings.len()) };
        for finding in findings {
            write(&mut fragment.text, finding);
            fragment.written.push((finding.level, fragment.text.len()));
        }
        fragment
    }

    /// The level of each finding and how it is written.
    pub(crate) fn findings(&self) -> impl Iterator<Item = (Level, &str)> {
        let starts = std::iter::once(0).chain(self.written.iter().map(|(_, end)| *end));
        self.written.iter().zip(starts).map(|((level, end), start)| (*level, &self.text[start..*end]))
    }

    /// The levels of the findings.
    pub(crate) fn levels(&self) -> impl Iterator<Item = Level> {
        self.written.iter().map(|(level, _)| *level)
    }
}

/// How the fragments of a report are put together. They come in the order of the files, all fragments of a
/// file one after the other.
pub(crate) trait Layout {
    /// A fragment of a file's report; a file that is read in blocks has several.
    fn fragment(&mut self, path: &str, fragment: &Fragment, out: &mut dyn Write) -> io::Result<()>;

    /// A file has ended: it was checked, or it could be read so far and no further.
    fn end(&mut self, _path: &str, _is_checked: bool, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// All files were checked.
    fn close(&mut self, _summary: &Summary, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// Fragments that follow one another, whatever file they are of.
struct Joined {
    separator: &'static str,
    is_first: bool,
}

impl Joined {
    /// With a separator between any two.
    fn by(separator: &'static str) -> Self {
        Joined { separator, is_first: true }
    }
}

impl Layout for Joined {
    fn fragment(&mut self, _path: &str, fragment: &Fragment, out: &mut dyn Write) -> io::Result<()> {
        if !std::mem::take(&mut self.is_first) {
            out.write_all(self.separator.as_bytes())?;
        }
        out.write_all(fragment.text.as_bytes())
    }
}
