//! A run of checks: inputs read, linted by as many threads as there are, and reported in order; then
//! documents held against each other.

use std::fs;
use std::io::{self, Read, Write};
use std::time::Instant;

use rayon::prelude::*;

use crate::document::Text;
use crate::lint::claims::Claim;
use crate::report::{Fragment, Output, Source, Summary, Unreadable};
use crate::run::blocks;
use crate::run::compare::{Claims, Comparing};
use crate::run::input::Input;
use crate::run::progress::Progress;
use crate::run::session::{BLOCK, Filter, Session};
use crate::text::quote::printable;

/// What a text, or the end of a file, adds to the reports.
#[derive(Default)]
struct Checked {
    /// A fragment for each report; none where there is no finding.
    fragments: Vec<Fragment>,
    summary: Summary,
    claims: Vec<Claim>,
    /// The text that the claims are in, where it cannot be read again.
    text: Option<String>,
}

impl Session<'_> {
    /// Checks the inputs and writes to the outputs, which are those of the run's reports, and on
    /// standard error what cannot be read.
    ///
    /// # Errors
    ///
    /// Where an output cannot be written.
    pub(crate) fn check_inputs(
        &self,
        inputs: &[Input],
        outputs: &mut [Output<'_>],
        stdin: &mut dyn Read,
        stderr: &mut dyn Write,
    ) -> io::Result<Summary> {
        let started = Instant::now();
        outputs.iter_mut().try_for_each(Output::open)?;
        let mut printer = Printer {
            outputs,
            stderr,
            summary: Summary::default(),
            claims: Claims::default(),
            input: 0,
            progress: Progress::new(inputs.len(), self.is_watched),
            failure: None,
        };
        for block in inputs.chunk_by(|one, other| !one.is_stdin() && !other.is_stdin()) {
            match block {
                // One input is printed as it is read: it may be larger than memory.
                [one] => {
                    let path = one.name();
                    let mut print = |checked: Checked| printer.print(&path, checked);
                    let done = match one.file() {
                        None => self.check(&mut *stdin, one, &mut Vec::new(), &mut print),
                        Some(path) => {
                            fs::File::open(path).and_then(|file| self.check(file, one, &mut Vec::new(), &mut print))
                        }
                    };
                    printer.end(path, done)?;
                }
                several => {
                    for block in several.chunks(BLOCK) {
                        for (input, checked) in block.iter().zip(self.check_files(block)) {
                            let path = input.name();
                            let done = checked
                                .and_then(|parts| parts.into_iter().try_for_each(|part| printer.print(&path, part)));
                            printer.end(path, done)?;
                        }
                    }
                }
            }
        }
        let claims = std::mem::take(&mut printer.claims);
        let done = Comparing { session: self, inputs }.execute(claims, &mut |path, fragments, summary| {
            printer.summary.add(summary);
            printer.put(path, fragments, true)
        });
        if printer.failure.take().map_or(done, Err)? {
            writeln!(
                printer.stderr,
                "imagelint: only the first documents were held against each other (rules `x-…`); there are too many for all"
            )?;
        }
        printer.progress.end();
        Ok(Summary { time: started.elapsed(), ..printer.summary })
    }

    fn check_files(&self, inputs: &[Input]) -> Vec<io::Result<Vec<Checked>>> {
        let check = |buffer: &mut Vec<u8>, input: &Input| {
            let path = input.file().ok_or_else(|| io::Error::other("standard input is read once"))?;
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
        let path = input.name();
        let filter = self.filter(&path);
        let mut recognised = false;
        blocks::read(bytes, input.holds_lines(), buffer, |block| {
            let texts = block.texts();
            let check = |text: &Text<'_>| self.check_text(input, &filter, text);
            let parts: Vec<Checked> = match &texts[..] {
                [one] => vec![check(one)],
                _ => texts.par_iter().map(check).collect(),
            };
            parts.into_iter().try_for_each(|part| {
                recognised |= part.summary.documents > 0;
                each(part)
            })
        })?;
        filter.close();
        let summary =
            Summary { files: usize::from(recognised), skipped: usize::from(!recognised), ..Summary::default() };
        each(Checked { summary, ..Checked::default() })
    }

    fn check_text(&self, input: &Input, filter: &Filter<'_>, text: &Text<'_>) -> Checked {
        let mut linted = self.linter.lint(text, input.asked());
        if linted.checked > 0 {
            filter.report(&mut linted.findings);
        }
        let mut checked = Checked::default();
        checked.summary.count(&linted);
        if !linted.findings.is_empty() {
            checked.fragments = self.fragments(&Source::new(filter.path, text, &linted));
        }
        // Standard input cannot be read again.
        let is_lost = input.is_stdin() && !linted.claims.is_empty();
        checked.text = is_lost.then(|| text.text.clone().into_owned());
        checked.claims = linted.claims;
        checked
    }
}

/// Prints reports one after the other.
struct Printer<'r, 'w> {
    outputs: &'r mut [Output<'w>],
    stderr: &'r mut dyn Write,
    summary: Summary,
    claims: Claims,
    /// The index of the input whose reports are printed.
    input: usize,
    progress: Progress,
    /// What made printing fail, to be told from what makes reading fail.
    failure: Option<io::Error>,
}

impl Printer<'_, '_> {
    fn print(&mut self, path: &str, checked: Checked) -> io::Result<()> {
        self.claims.add(self.input, &checked.claims, checked.text);
        self.summary.add(&checked.summary);
        self.progress.tell(self.input, self.summary.documents);
        self.put(path, &checked.fragments, checked.summary.files > 0)
    }

    fn put(&mut self, path: &str, fragments: &[Fragment], is_end: bool) -> io::Result<()> {
        if !fragments.is_empty() {
            self.progress.step_aside();
        }
        let mut printed =
            self.outputs.iter_mut().zip(fragments).try_for_each(|(output, fragment)| output.fragment(path, fragment));
        if is_end {
            printed = printed.and_then(|()| self.outputs.iter_mut().try_for_each(|output| output.end(path, true)));
        }
        printed.map_err(|error| {
            let kind = error.kind();
            self.failure = Some(error);
            kind.into()
        })
    }

    /// Says so where a file could not be read, and fails where printing has failed.
    fn end(&mut self, path: String, done: io::Result<()>) -> io::Result<()> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        self.input += 1;
        let Err(error) = done else { return Ok(()) };
        writeln!(self.stderr, "imagelint: {}", printable(format!("{path}: {error}")))?;
        self.outputs.iter_mut().try_for_each(|output| output.end(&path, false))?;
        self.summary.unreadable.push(Unreadable { path, error: error.to_string() });
        Ok(())
    }
}
