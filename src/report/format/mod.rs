//! The formats of reports, one file each. A new one needs a file with a value of type [`Entry`] and a line in
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
mod rdjson;
mod sarif;
mod verdicts;
mod xml;

use std::io::{self, Write};
use std::ops::Range;
use std::path::PathBuf;

use crate::finding::{Finding, Level, Rule};
use crate::report::{Source, Summary};

/// Every format, in the order in which they are listed.
pub(crate) static FORMATS: &[&Entry] = &[
    #[cfg(feature = "human")]
    &human::HUMAN,
    &concise::CONCISE,
    #[cfg(feature = "human")]
    &human::COMPACT,
    &json::JSON,
    &json_lines::JSON_LINES,
    &verdicts::VERDICTS,
    &sarif::SARIF,
    &github::GITHUB,
    &gitlab::GITLAB,
    &rdjson::RDJSON,
    &junit::JUNIT,
    &checkstyle::CHECKSTYLE,
    &markdown::MARKDOWN,
    &html::HTML,
];

/// An entry of the list of formats.
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
    /// With the names of rules as links to their sources, for a terminal.
    pub(crate) links: bool,
    /// The width in columns that excerpts and text fit into.
    pub(crate) width: usize,
}

impl Style {
    /// That of what no terminal shows.
    pub(crate) const PLAIN: Style = Style { color: false, links: false, width: 80 };
}

/// Facts of a run that formats need.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// How excerpts are drawn.
    pub(crate) style: Style,
    /// The folder that paths are relative to in formats that are read elsewhere.
    pub(crate) root: PathBuf,
    /// The lowest level that fails the run; none where no finding does.
    pub(crate) fail_on: Option<Level>,
    /// Without the summary line for people.
    pub(crate) quiet: bool,
    /// How many findings are drawn with excerpts at most.
    pub(crate) max_findings: usize,
    /// The command that silences a finding, but for what names it; none where there are no settings to write.
    pub(crate) silencing: Option<Vec<String>>,
    /// Whether findings in JSON have their excerpts with them.
    pub(crate) excerpts: bool,
}

/// A format of reports.
pub(crate) trait Format: Send + Sync {
    /// The text before the first file.
    fn opening(&self) -> String {
        String::new()
    }

    /// Whether texts without findings are rendered as well.
    fn names_all(&self) -> bool {
        false
    }

    /// Whether it is for programs that expect nothing on standard error but what failed.
    fn is_silent(&self) -> bool {
        false
    }

    /// Renders the findings of a text that has some. This is most of the work, and many threads do it at once.
    fn fragment(&self, source: &Source<'_>) -> Fragment;

    /// How fragments are put together.
    fn layout(&self) -> Box<dyn Layout + '_> {
        Box::new(Joined::by(""))
    }

    /// The text after the last file.
    fn closing(&self, _summary: &Summary) -> String {
        String::new()
    }
}

/// The rendered findings of one text.
#[derive(Debug, Default)]
pub(crate) struct Fragment {
    pub(crate) text: String,
    /// For each finding, its rule, its level and where it ends in `text`.
    written: Vec<(&'static Rule, Level, usize)>,
    /// The pieces of `text` that explain a rule, by its name, in their order. A report explains a rule once.
    explanations: Vec<(&'static str, Range<usize>)>,
    /// The findings themselves, for a report that renders none, and where the text starts that they are of.
    kept: Option<(Vec<Finding>, usize)>,
}

impl Fragment {
    /// The findings of a text, not rendered.
    pub(crate) fn keeping(source: &Source<'_>) -> Self {
        Fragment { kept: Some((source.findings.to_vec(), source.origin.bytes)), ..Fragment::default() }
    }

    /// The findings that were not rendered, each with where its text starts.
    pub(crate) fn kept(&self) -> impl Iterator<Item = (&Finding, usize)> {
        self.kept.iter().flat_map(|(findings, base)| findings.iter().map(|finding| (finding, *base)))
    }

    /// Renders findings one after the other.
    pub(crate) fn of(findings: &[Finding], mut write: impl FnMut(&mut String, &Finding)) -> Self {
        let mut fragment = Fragment { written: Vec::with_capacity(findings.len()), ..Fragment::default() };
        for finding in findings {
            write(&mut fragment.text, finding);
            fragment.written.push((finding.rule, finding.level, fragment.text.len()));
        }
        fragment
    }

    /// The rule, the level and the rendered text of each finding.
    pub(crate) fn findings(&self) -> impl Iterator<Item = (&'static Rule, Level, &str)> {
        let starts = std::iter::once(0).chain(self.written.iter().map(|(.., end)| *end));
        self.written.iter().zip(starts).map(|((rule, level, end), start)| (*rule, *level, &self.text[start..*end]))
    }

    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty() && self.written.is_empty() && self.kept.is_none()
    }

    /// The end of the first findings in the text, so many of them or all that there are, and how many these are.
    fn first(&self, most: usize) -> (usize, usize) {
        let count = most.min(self.written.len());
        (self.written[..count].last().map_or(0, |(.., end)| *end), count)
    }

    /// The levels of the findings.
    pub(crate) fn levels(&self) -> impl Iterator<Item = Level> {
        self.written.iter().map(|(_, level, _)| *level)
    }
}

/// Writes the fragments of a report. They come in the order of the files, all fragments of a file in succession.
pub(crate) trait Layout {
    /// Writes a fragment of a file; a file that is read in blocks has several.
    fn fragment(&mut self, path: &str, fragment: &Fragment, out: &mut dyn Write) -> io::Result<()>;

    /// Ends a file: it was checked, or could not be read to its end.
    fn end(&mut self, _path: &str, _is_checked: bool, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Ends the last file.
    fn close(&mut self, _summary: &Summary, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// Writes fragments one after the other, whatever their file.
struct Joined {
    separator: &'static str,
    is_first: bool,
}

impl Joined {
    /// With a separator between fragments.
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
