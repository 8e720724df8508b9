//! Checks a text as a run checks standard input, and keeps the findings instead of rendering them.

use std::io::{self, Read, Write};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::finding::fix::Edit;
use crate::finding::{Finding, Level, Location};
use crate::report::{Format, Fragment, Layout, Output, Source};
use crate::run::baseline::Baseline;
use crate::run::fix::Fixing;
use crate::run::input::Input;
use crate::run::scopes::Scopes;
use crate::run::session::Session;

/// A finding in a text of an editor.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The finding.
    pub(super) finding: Finding,
    /// Where the text starts that its spans are of.
    base: usize,
}

impl Found {
    /// A finding of the whole text.
    pub(super) fn of_whole(finding: Finding) -> Self {
        Found { finding, base: 0 }
    }

    /// The bytes that it is on.
    pub(super) fn bytes(&self) -> Range<usize> {
        bytes(self.finding.location())
    }

    /// The bytes of an edit of its fix.
    pub(super) fn bytes_of(&self, edit: &Edit) -> Range<usize> {
        edit.span.shifted(self.base).range()
    }
}

/// The bytes of a location in the whole text.
pub(super) fn bytes(location: &Location) -> Range<usize> {
    location.start().offset..location.end().offset
}

/// How a text is checked.
#[derive(Debug, Clone)]
pub(super) struct Task {
    /// The settings of the run, and those of the text's file.
    pub(super) scopes: Arc<Scopes>,
    pub(super) baseline: Option<Arc<Baseline>>,
    /// The text, which is passed as standard input.
    pub(super) input: Input,
}

impl Task {
    /// The findings in a text, in its order; none once the flag is set.
    pub(super) fn check(&self, text: &str, is_cancelled: &AtomicBool) -> Option<Vec<Found>> {
        let keeper = Keeper::default();
        let kept = Arc::clone(&keeper.0);
        let reports: [Box<dyn Format>; 1] = [Box::new(keeper)];
        let mut stdin = Cancellable { rest: text.as_bytes(), is_cancelled };
        let mut outputs = [Output::new(&*reports[0], io::sink())];
        let inputs = [self.input.clone()];
        self.session(&reports).check_inputs(&inputs, &mut outputs, &mut stdin, &mut io::sink()).ok()?;
        if is_cancelled.load(Ordering::Relaxed) {
            return None;
        }
        let mut found = std::mem::take(&mut *kept.lock().ok()?);
        found.sort_by_key(|found| (found.bytes().start, found.bytes().end, found.finding.rule.name));
        Some(found)
    }

    /// The text after all safe fixes; none if there is none to make.
    pub(super) fn fixed(&self, text: &str) -> Option<String> {
        let session = self.session(&[]);
        Fixing { session: &session, with_unsafe: false, as_diff: false }.fixed_text(text, &self.input)
    }

    fn session<'s>(&'s self, reports: &'s [Box<dyn Format>]) -> Session<'s> {
        Session {
            scopes: &self.scopes,
            reports,
            baseline: self.baseline.as_deref(),
            silenced: None,
            min_level: Level::Info,
            is_watched: false,
            compares: true,
            lists_skipped: false,
            is_unread: None,
        }
    }
}

/// A report that keeps the findings.
#[derive(Debug, Default)]
struct Keeper(Arc<Mutex<Vec<Found>>>);

impl Format for Keeper {
    fn fragment(&self, source: &Source<'_>) -> Fragment {
        Fragment::keeping(source)
    }

    fn layout(&self) -> Box<dyn Layout + '_> {
        Box::new(self)
    }
}

impl Layout for &Keeper {
    fn fragment(&mut self, _path: &str, fragment: &Fragment, _out: &mut dyn Write) -> io::Result<()> {
        let found = fragment.kept().map(|(finding, base)| Found { finding: finding.clone(), base });
        self.0.lock().map_err(|_| io::Error::other("a thread ended"))?.extend(found);
        Ok(())
    }
}

/// A text that cannot be read any more once a flag is set.
struct Cancellable<'c> {
    rest: &'c [u8],
    is_cancelled: &'c AtomicBool,
}

impl Read for Cancellable<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.is_cancelled.load(Ordering::Relaxed) {
            Err(io::Error::other("cancelled"))
        } else {
            self.rest.read(buffer)
        }
    }
}
