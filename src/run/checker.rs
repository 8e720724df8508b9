//! Checks one input: its texts in parallel, while the next block is read and the results of the last one are printed.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::document::{Encoding, Text};
use crate::lint::claims::Claim;
use crate::lint::linter::{Linted, Linter};
use crate::recognise::Asked;
use crate::report::{Fragment, Source, Summary};
use crate::run::baseline::Recorded;
use crate::run::blocks::{Batch, Block, Blocks, Cut, Finds};
use crate::run::input::Input;
use crate::run::session::{Filter, Session};
use crate::run::threads;
use crate::text::lines::Origin;

/// The result of checking consecutive texts of an input.
#[derive(Default)]
pub(super) struct Checked {
    /// For each text with findings, or all if a report names all documents, a fragment for each report.
    pub(super) fragments: Vec<Fragment>,
    pub(super) summary: Summary,
    pub(super) claims: Vec<Claim>,
    /// The texts of standard input that have claims, with these, as it cannot be read again.
    pub(super) texts: Vec<(Vec<Claim>, String)>,
    recorded: Recorded,
    /// How many documents there are beyond one for each text: a line may hold an array of them.
    more: usize,
    /// Whether something broken was skipped, which may be from Image Builder if the rest of the file is.
    skips_broken: bool,
    /// The first piece that is not one document, as was assumed, and its origin. It and those after it are not checked.
    several: Option<(usize, Origin)>,
}

/// Checks the blocks of an input, one after the other.
pub(super) struct Checker<'c> {
    session: &'c Session<'c>,
    linter: Arc<Linter>,
    input: &'c Input,
    filter: Filter<'c>,
    /// Whether a report names documents without findings as well.
    names_all: bool,
    /// Whether claims are still wanted.
    takes_claims: &'c AtomicBool,
    /// Whether a document so far is from Image Builder.
    is_ours: bool,
    /// How many documents there were so far beyond those that were assumed.
    more_documents: usize,
    /// Whether a piece that was assumed to be one document turned out to be several.
    is_misled: bool,
}

impl<'c> Checker<'c> {
    /// A checker for the input, whose name in reports is `path`.
    pub(super) fn new(session: &'c Session<'c>, input: &'c Input, path: &'c str, takes_claims: &'c AtomicBool) -> Self {
        let (filter, linter) = (session.filter(input, path), session.scopes.linter(input.path()));
        let (names_all, is_ours, more_documents, is_misled) = (session.names_all(), false, 0, false);
        Checker { session, linter, input, filter, names_all, takes_claims, is_ours, more_documents, is_misled }
    }

    /// Checks the bytes of the input and passes the results to a function, in order. The last one says whether the
    /// file was checked or skipped. The blocks are memory to use.
    ///
    /// # Errors
    ///
    /// Those of reading and of the function.
    pub(super) fn check(
        mut self,
        bytes: impl Read,
        blocks: &mut [Block; 2],
        each: &mut dyn FnMut(Checked) -> io::Result<()>,
    ) -> io::Result<()> {
        let [block, next] = blocks;
        let most = self.session.scopes.of_run().max_document_size();
        let mut reader = Blocks::open(bytes, self.input.reading(most), Finds::Quickly, block)?;
        let mut results = Vec::new();
        while !reader.is_done() {
            let mut print_and_read = || {
                results.drain(..).try_for_each(&mut *each)?;
                Ok::<_, io::Error>(reader.next(block, next))
            };
            let (checked, read) = beside(|| self.block(block), &mut print_and_read);
            results = checked;
            if let Err(error) = read? {
                results.into_iter().try_for_each(each)?;
                return Err(error);
            }
            if self.is_misled {
                reader.find_exactly();
            }
            std::mem::swap(block, next);
        }
        results.drain(..).try_for_each(&mut *each)?;
        results = self.block(block);
        let mut last = results.pop().unwrap_or_default();
        let is_checked = self.is_ours || (reader.is_blank() && self.input.asked() == Asked::ByName);
        last.summary.files = usize::from(is_checked);
        last.summary.skipped = usize::from(!is_checked);
        self.filter.close();
        results.into_iter().chain([last]).try_for_each(each)
    }

    /// Checks a block.
    fn block(&mut self, block: &Block) -> Vec<Checked> {
        let was_ours = self.is_ours;
        let batches = block.cut().batches(block.bytes(), self.more_documents);
        let mut results = threads::map(&batches, |batch| self.batch(batch));
        let mut cut = Cut::default();
        if let Some((piece, origin)) = results.iter().find_map(|result| result.several) {
            let end = results.iter().take_while(|result| result.several.is_none()).count() + 1;
            results.truncate(end);
            cut = block.cut().exactly_from(block.bytes(), piece, origin);
            self.more_documents += cut.pieces() - (block.cut().pieces() - piece);
            self.is_misled = true;
        }
        let more_batches = cut.batches(block.bytes(), 0);
        let more_results = threads::map(&more_batches, |batch| self.batch(batch));
        let mut batches: Vec<Batch<'_>> = batches[..results.len()].iter().chain(&more_batches).cloned().collect();
        results.extend(more_results);
        self.number(&mut batches, &mut results);
        self.is_ours |= results.iter().any(|result| result.summary.documents > 0);
        if self.is_ours && !was_ours && results.iter().any(|result| result.skips_broken) {
            threads::start();
            let unjudged = results.par_iter_mut().zip(&batches).filter(|(result, _)| result.skips_broken);
            unjudged.for_each(|(result, batch)| *result = self.batch(batch));
        }
        for result in &mut results {
            self.filter.record(std::mem::take(&mut result.recorded));
        }
        results
    }

    /// Numbers the documents again that come after a text with several of them.
    fn number(&mut self, batches: &mut [Batch<'_>], results: &mut [Checked]) {
        let mut more = 0;
        let mut renumbered = results.len();
        for (index, (batch, result)) in batches.iter_mut().zip(&*results).enumerate() {
            if more > 0 {
                *batch = batch.after(more);
                renumbered = renumbered.min(index);
            }
            if result.several.is_some() {
                // What follows is numbered from that piece on.
                self.more_documents += result.more;
            } else {
                more += result.more;
            }
        }
        self.more_documents += more;
        if renumbered < results.len() {
            threads::start();
            let results = results[renumbered..].par_iter_mut().zip(&batches[renumbered..]);
            results.for_each(|(result, batch)| *result = self.batch(batch));
        }
    }

    fn batch(&self, batch: &Batch<'_>) -> Checked {
        let mut checked = Checked::default();
        for (piece, mut text) in batch.texts() {
            text.origin.documents += checked.more;
            let mut linted = self.lint(&text);
            let is_one = batch.is_exact() || (linted.is_json && text.encoding == Encoding::Utf8);
            if !is_one {
                let Some(only) = batch.only_document(piece, text.origin) else {
                    checked.several = Some((piece, text.origin));
                    break;
                };
                // What is cut off extends to the next document.
                text = only;
                linted = self.lint(&text);
            }
            checked.more += linted.found - 1;
            self.add(&mut checked, &text, linted);
        }
        checked
    }

    fn lint(&self, text: &Text<'_>) -> Linted {
        if self.names_all {
            return self.linter.lint_and_identify(text, self.input.asked(), self.is_ours);
        }
        self.linter.lint(text, self.input.asked(), self.is_ours)
    }

    /// Adds the results of a text to those of the texts before it.
    fn add(&self, checked: &mut Checked, text: &Text<'_>, mut linted: Linted) {
        if linted.checked > 0 {
            self.filter.apply_and_count(&mut linted.findings, &mut checked.recorded);
        }
        checked.skips_broken |= linted.skips_broken;
        checked.summary.count(&linted);
        self.session.hide(&mut linted.findings, &mut checked.summary);
        if self.names_all || !linted.findings.is_empty() {
            checked.fragments.extend(self.session.fragments(&Source::new(self.filter.path, text, &linted)));
        }
        if !linted.claims.is_empty() && self.takes_claims.load(Ordering::Relaxed) {
            if self.input.is_stdin() {
                checked.texts.push((linted.claims, text.text.clone().into_owned()));
            } else {
                checked.claims.append(&mut linted.claims);
            }
        }
    }
}

/// Does work on other threads beside something that this one may have to wait for.
pub(super) fn beside<T: Send, O>(work: impl FnOnce() -> T + Send, other: impl FnOnce() -> O) -> (T, O) {
    threads::start();
    let mut done = None;
    let other = rayon::in_place_scope(|scope| {
        scope.spawn(|_| done = Some(work()));
        other()
    });
    (done.expect("the scope ends after the work"), other)
}
