//! A run of checks: inputs read, linted by as many threads as there are, and reported in order; then
//! documents held against each other.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;

use crate::across::Across;
use crate::claim::{Claim, Claims};
use crate::cli::Streams;
use crate::discover::Input;
use crate::document::Text;
use crate::lint::Linter;
use crate::report::{File, Report, Summary};
use crate::stream;

/// What a run needs to know.
#[derive(Debug)]
pub struct Run<'r> {
    /// The rules.
    pub linter: &'r Linter,
    /// The report that goes to standard output.
    pub report: &'r Report,
}

/// How many files are checked before their reports are printed: enough to keep all processors
/// busy, few enough to hold their reports in memory.
const BLOCK: usize = 1024;

/// A part of a file's report with what it counts.
#[derive(Default)]
struct Checked {
    report: String,
    summary: Summary,
    claims: Vec<Claim>,
    /// The text that the claims are in, where it cannot be read again.
    text: Option<String>,
}

impl Run<'_> {
    /// Checks the inputs and reports on standard output, and on standard error what cannot be read.
    ///
    /// # Errors
    ///
    /// Where a stream cannot be written.
    pub fn run(&self, inputs: &[Input], streams: &mut Streams<'_>) -> io::Result<Summary> {
        let started = Instant::now();
        let Streams { stdin, stdout, stderr, .. } = streams;
        stdout.write_all(self.report.opening().as_bytes())?;
        let mut printer = Printer {
            run: self,
            stdout,
            separator: "",
            summary: Summary::default(),
            claims: Claims::default(),
            input: 0,
            failure: None,
        };
        let mut unreadable = |printer: &mut Printer<'_, '_>, input: &Input, error: io::Error| {
            printer.summary.unreadable += 1;
            writeln!(stderr, "imagelint: {}: {error}", name(input))
        };
        for block in inputs.chunk_by(|one, other| *one != Input::Stdin && *other != Input::Stdin) {
            match block {
                // One input is printed as it is read: it may be larger than memory.
                [one] => {
                    let mut print = |checked: Checked| printer.print(checked);
                    let done = match one {
                        Input::Stdin => self.check(&mut **stdin, one, &mut Vec::new(), &mut print),
                        Input::Named(path) | Input::Met(path) => {
                            fs::File::open(path).and_then(|file| self.check(file, one, &mut Vec::new(), &mut print))
                        }
                    };
                    if let Err(error) = done {
                        printer.failure()?;
                        unreadable(&mut printer, one, error)?;
                    }
                    printer.input += 1;
                }
                several => {
                    for block in several.chunks(BLOCK) {
                        for (input, checked) in block.iter().zip(self.check_files(block)) {
                            match checked {
                                Ok(parts) => {
                                    parts
                                        .into_iter()
                                        .try_for_each(|part| printer.print(part))
                                        .or_else(|_| printer.failure())?;
                                }
                                Err(error) => unreadable(&mut printer, input, error)?,
                            }
                            printer.input += 1;
                        }
                    }
                }
            }
        }
        let claims = std::mem::take(&mut printer.claims);
        if claims.is_cut() {
            writeln!(stderr, "imagelint: too many documents to hold all against each other; the first ones were")?;
        }
        let across = Across { linter: self.linter, report: self.report, inputs, name };
        let done = across.run(claims, &mut |report, summary| printer.put(report, summary));
        printer.failure().and(done)?;
        Ok(Summary { time: started.elapsed(), ..printer.summary })
    }

    fn check_files(&self, inputs: &[Input]) -> Vec<io::Result<Vec<Checked>>> {
        let check = |buffer: &mut Vec<u8>, input: &Input| {
            let (Input::Named(path) | Input::Met(path)) = input else {
                return Err(io::Error::other("standard input is read once"));
            };
            let mut parts = Vec::new();
            self.check(fs::File::open(path)?, input, buffer, &mut |checked| {
                parts.push(checked);
                Ok(())
            })?;
            Ok(parts)
        };
        inputs.par_iter().map_init(Vec::new, check).collect()
    }

    /// Checks an input and hands on the parts of its report as they are read.
    fn check(
        &self,
        bytes: impl Read,
        input: &Input,
        buffer: &mut Vec<u8>,
        each: &mut dyn FnMut(Checked) -> io::Result<()>,
    ) -> io::Result<()> {
        let is_lines = matches!(input, Input::Named(path) | Input::Met(path) if holds_lines(path));
        let named = !matches!(input, Input::Met(_));
        let path = name(input);
        let mut documents = 0;
        let mut recognised = false;
        stream::read(bytes, is_lines, buffer, |block| {
            let texts = block.texts();
            let check = |(index, text): (usize, &Text<'_>)| {
                let linted = self.linter.lint(text, index, named);
                let mut summary = Summary::default();
                summary.count(&linted);
                let report = self.report.file(&File::new(&path, text, &linted));
                let is_lost = *input == Input::Stdin && !linted.claims.is_empty();
                let kept = is_lost.then(|| text.text.clone().into_owned());
                Checked { report, summary, claims: linted.claims, text: kept }
            };
            let parts: Vec<Checked> = match &texts[..] {
                [one] => vec![check((documents, one))],
                _ => texts.par_iter().enumerate().map(|(index, text)| check((documents + index, text))).collect(),
            };
            documents += texts.len();
            parts.into_iter().try_for_each(|part| {
                recognised |= part.summary.documents > 0;
                each(part)
            })
        })?;
        let summary =
            Summary { files: usize::from(recognised), skipped: usize::from(!recognised), ..Summary::default() };
        each(Checked { summary, ..Checked::default() })
    }
}

/// Prints reports one after the other.
struct Printer<'r, 's> {
    run: &'r Run<'r>,
    stdout: &'s mut dyn Write,
    separator: &'static str,
    summary: Summary,
    claims: Claims,
    /// The index of the input whose reports are printed.
    input: usize,
    /// What made printing fail, to be told from what makes reading fail.
    failure: Option<io::Error>,
}

impl Printer<'_, '_> {
    fn print(&mut self, checked: Checked) -> io::Result<()> {
        self.claims.add(self.input, &checked.claims, checked.text);
        self.put(&checked.report, &checked.summary)
    }

    fn put(&mut self, report: &str, summary: &Summary) -> io::Result<()> {
        self.summary.add(summary);
        if report.is_empty() {
            return Ok(());
        }
        let separator = std::mem::replace(&mut self.separator, self.run.report.separator());
        [separator, report].iter().try_for_each(|text| self.stdout.write_all(text.as_bytes())).map_err(|error| {
            let kind = error.kind();
            self.failure = Some(error);
            kind.into()
        })
    }

    /// Fails where printing has failed.
    fn failure(&mut self) -> io::Result<()> {
        self.failure.take().map_or(Ok(()), Err)
    }
}

/// Whether a file's name says that it holds one document on each line.
fn holds_lines(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let name = name.strip_suffix(".gz").unwrap_or(name);
    [".jsonl", ".ndjson"].iter().any(|extension| name.ends_with(extension))
}

/// The name of an input in reports.
fn name(input: &Input) -> String {
    match input {
        Input::Stdin => "-".to_owned(),
        Input::Named(path) | Input::Met(path) => {
            let path = path.display().to_string();
            path.strip_prefix("./").map_or(path.clone(), str::to_owned)
        }
    }
}
