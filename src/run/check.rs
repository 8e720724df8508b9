//! Checks inputs: reads and lints them in parallel, reports in order, and then compares documents.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::finding::Level;
use crate::report::{Fragment, Output, Summary, Unreadable};
use crate::run::blocks::Block;
use crate::run::checker::{Checked, Checker, beside};
use crate::run::compare::{Claims, Comparing};
use crate::run::input::Input;
use crate::run::progress::Progress;
use crate::run::session::{BLOCK, Session};
use crate::run::threads;
use crate::text::quote::printable;

thread_local! {
    /// Memory to read files into.
    static BLOCKS: Cell<[Block; 2]> = Cell::default();
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
        let takes_claims = AtomicBool::new(self.compares);
        let mut printer = Printer {
            outputs,
            stderr,
            summary: Summary::default(),
            claims: Claims::default(),
            takes_claims: &takes_claims,
            input: 0,
            progress: Progress::new(inputs.len(), self.is_watched),
            lists_skipped: self.lists_skipped,
            ends_unread: self.is_unread.map(|is_unread| (is_unread, self.scopes.of_run().fail_on())),
            failure: None,
        };
        for group in inputs.chunk_by(|one, other| !one.is_stdin() && !other.is_stdin()) {
            takes_claims.store(self.compares, Ordering::Relaxed);
            match group {
                [one] => self.check_streamed(one, stdin, &mut printer)?,
                several => self.check_in_blocks(several, &mut printer)?,
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

    /// Checks an input and reports on it while it is read, as it may be larger than memory.
    fn check_streamed(&self, input: &Input, stdin: &mut dyn Read, printer: &mut Printer<'_, '_>) -> io::Result<()> {
        let path = input.name();
        let checker = Checker::new(self, input, &path, printer.takes_claims);
        let mut blocks = <[Block; 2]>::default();
        let mut print = |checked: Checked| printer.print(&path, input.is_stdin(), checked);
        let done = match input.file() {
            None => checker.check(stdin, &mut blocks, &mut print),
            Some(path) => File::open(path).and_then(|file| checker.check(file, &mut blocks, &mut print)),
        };
        printer.end(path, done)
    }

    /// Checks files, some at a time, and reports on those before meanwhile.
    fn check_in_blocks(&self, files: &[Input], printer: &mut Printer<'_, '_>) -> io::Result<()> {
        let takes_claims = printer.takes_claims;
        let mut checked = Vec::new();
        for files in files.chunks(BLOCK) {
            let last = std::mem::take(&mut checked);
            let (next, done) = beside(|| self.check_files(files, takes_claims), || printer.print_files(last));
            done?;
            checked = next;
        }
        printer.print_files(checked)
    }

    fn check_files(&self, files: &[Input], takes_claims: &AtomicBool) -> Vec<FileResults> {
        let check = |input: &Input| {
            let path = input.name();
            let mut results = Vec::new();
            let mut add = |checked| {
                results.push(checked);
                Ok(())
            };
            // While a large file is checked, the thread may turn to another one, with other memory.
            let mut blocks = BLOCKS.take();
            let file = input.file().ok_or_else(|| io::Error::other("standard input is read once"));
            let done = file
                .and_then(File::open)
                .and_then(|file| Checker::new(self, input, &path, takes_claims).check(file, &mut blocks, &mut add));
            blocks.iter_mut().for_each(Block::shrink);
            BLOCKS.set(blocks);
            FileResults { path, results: done.map(|()| results) }
        };
        threads::map(files, check)
    }
}

/// The results of checking a file.
struct FileResults {
    path: String,
    results: io::Result<Vec<Checked>>,
}

/// Prints the results of inputs in order.
struct Printer<'r, 'w> {
    outputs: &'r mut [Output<'w>],
    stderr: &'r mut dyn Write,
    summary: Summary,
    claims: Claims,
    /// Cleared once there is no room for more claims of the input.
    takes_claims: &'r AtomicBool,
    /// The index of the input whose results are printed.
    input: usize,
    progress: Progress,
    lists_skipped: bool,
    /// Set once nobody reads the report, and the level from which on findings then end the run.
    ends_unread: Option<(&'r AtomicBool, Option<Level>)>,
    /// The error that made printing fail, kept apart from errors of reading.
    failure: Option<io::Error>,
}

impl Printer<'_, '_> {
    fn print_files(&mut self, files: Vec<FileResults>) -> io::Result<()> {
        files.into_iter().try_for_each(|FileResults { path, results }| {
            let mut print = |result| self.print(&path, false, result);
            let done = results.and_then(|results| results.into_iter().try_for_each(&mut print));
            self.end(path, done)
        })
    }

    fn print(&mut self, path: &str, is_stdin: bool, checked: Checked) -> io::Result<()> {
        self.claims.add(self.input, &checked.claims);
        checked.texts.into_iter().for_each(|(claims, text)| self.claims.add_with_text(self.input, &claims, text));
        if self.claims.is_full(is_stdin) {
            self.takes_claims.store(false, Ordering::Relaxed);
        }
        self.summary.add(&checked.summary);
        let is_settled = |&(is_unread, level): &(&AtomicBool, Option<Level>)| {
            is_unread.load(Ordering::Relaxed) && self.summary.reaches(level)
        };
        if self.ends_unread.as_ref().is_some_and(is_settled) {
            self.failure = Some(io::ErrorKind::BrokenPipe.into());
            return Err(io::ErrorKind::BrokenPipe.into());
        }
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
        let mut printed = Ok(());
        for fragments in fragments.chunks(self.outputs.len().max(1)) {
            let mut outputs = self.outputs.iter_mut().zip(fragments);
            printed = printed.and_then(|()| outputs.try_for_each(|(output, fragment)| output.fragment(path, fragment)));
        }
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
