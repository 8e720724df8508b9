//! Checks inputs: reads and lints them in parallel, reports in order, and then compares documents.

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

/// The result of checking one text; the last result of a file has only its count.
#[derive(Default)]
struct TextResult {
    /// A fragment for each report; empty if there is no finding.
    fragments: Vec<Fragment>,
    summary: Summary,
    claims: Vec<Claim>,
    /// The text, if it has claims and cannot be read again.
    text: Option<String>,
    /// Whether something broken was skipped, which may be from Image Builder if the rest of the file is.
    skips_broken: bool,
}

impl Session<'_> {
    /// Checks the inputs. Writes the reports to the outputs, one for each of [`Session::reports`], and messages about
    /// inputs that cannot be read to standard error.
    ///
    /// # Errors
    ///
    /// If an output cannot be written.
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
            lists_skipped: self.lists_skipped,
            failure: None,
        };
        for block in inputs.chunk_by(|one, other| !one.is_stdin() && !other.is_stdin()) {
            match block {
                // A single input is reported while it is read, as it may be larger than memory.
                [one] => {
                    let path = one.name();
                    let mut print = |checked: TextResult| printer.print(&path, checked);
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
                            let done = checked.and_then(|results| {
                                results.into_iter().try_for_each(|result| printer.print(&path, result))
                            });
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
                "imagelint: only the first documents were compared (rules `x-…`); there are too many to compare all"
            )?;
        }
        printer.progress.end();
        Ok(Summary { time: started.elapsed(), ..printer.summary })
    }

    fn check_files(&self, inputs: &[Input]) -> Vec<io::Result<Vec<TextResult>>> {
        let check = |buffer: &mut Vec<u8>, input: &Input| {
            let path = input.file().ok_or_else(|| io::Error::other("standard input is read once"))?;
            let mut results = Vec::new();
            self.check(fs::File::open(path)?, input, buffer, &mut |checked| {
                results.push(checked);
                Ok(())
            })?;
            Ok(results)
        };
        inputs.par_iter().map_init(Vec::new, check).collect()
    }

    /// Checks an input and passes the result of each text to a function.
    fn check(
        &self,
        bytes: impl Read,
        input: &Input,
        buffer: &mut Vec<u8>,
        each: &mut dyn FnMut(TextResult) -> io::Result<()>,
    ) -> io::Result<()> {
        let path = input.name();
        let filter = self.filter(&path);
        let mut recognised = false;
        blocks::read(bytes, input.holds_lines(), buffer, |block| {
            let texts = block.texts();
            let check = |text: &Text<'_>| self.check_text(input, &filter, text, recognised);
            let results: Vec<TextResult> = match &texts[..] {
                [one] => vec![check(one)],
                _ => texts.par_iter().map(check).collect(),
            };
            recognised |= results.iter().any(|result| result.summary.documents > 0);
            texts.iter().zip(results).try_for_each(|(text, result)| {
                let is_unjudged = recognised && result.skips_broken;
                each(if is_unjudged { self.check_text(input, &filter, text, true) } else { result })
            })
        })?;
        filter.close();
        let summary =
            Summary { files: usize::from(recognised), skipped: usize::from(!recognised), ..Summary::default() };
        each(TextResult { summary, ..TextResult::default() })
    }

    /// Checks a text. `is_ours` says that other texts of the input are from Image Builder.
    fn check_text(&self, input: &Input, filter: &Filter<'_>, text: &Text<'_>, is_ours: bool) -> TextResult {
        let mut linted = self.linter.lint(text, input.asked(), is_ours);
        if linted.checked > 0 {
            filter.apply_and_record(&mut linted.findings);
        }
        let mut checked = TextResult { skips_broken: linted.skips_broken, ..TextResult::default() };
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

/// Prints the results of inputs in order.
struct Printer<'r, 'w> {
    outputs: &'r mut [Output<'w>],
    stderr: &'r mut dyn Write,
    summary: Summary,
    claims: Claims,
    /// The index of the input whose results are printed.
    input: usize,
    progress: Progress,
    lists_skipped: bool,
    /// The error that made printing fail, kept apart from errors of reading.
    failure: Option<io::Error>,
}

impl Printer<'_, '_> {
    fn print(&mut self, path: &str, checked: TextResult) -> io::Result<()> {
        self.claims.add(self.input, &checked.claims, checked.text);
        self.summary.add(&checked.summary);
        self.progress.update(self.input, self.summary.documents);
        if self.lists_skipped && checked.summary.skipped > 0 {
            self.progress.hide();
            let line = printable(format!("{path}: nothing in it is from Image Builder; it is skipped"));
            writeln!(self.stderr, "imagelint: {line}")?;
        }
        self.put(path, &checked.fragments, checked.summary.files > 0)
    }

    fn put(&mut self, path: &str, fragments: &[Fragment], is_end: bool) -> io::Result<()> {
        if !fragments.is_empty() {
            self.progress.hide();
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

    /// Ends an input: reports that it could not be read, or returns the error that made printing fail.
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
