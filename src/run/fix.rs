//! Fixes inputs: reads them, fixes their texts, and writes them back or prints unified diffs.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use crate::document::secret;
use crate::document::{Encoding, Text};
use crate::finding::Finding;
use crate::finding::fix::Safety;
use crate::lint::fixer::{Broken, FixedText, Judge, fix_text};
use crate::lint::linter::Linter;
use crate::recognise::kind::Kind;
use crate::recognise::{Asked, documents};
use crate::report::diff;
use crate::run::atomic_file::{leftovers, replace_atomically};
use crate::run::blocks;
use crate::run::file_identity::hard_links;
use crate::run::input::Input;
use crate::run::session::{BLOCK, Filter, Session};
use crate::run::stdio::Streams;
use crate::run::threads;
use crate::text::lines::Origin;
use crate::text::quote::printable;

/// A run of fixes.
pub(crate) struct Fixing<'r> {
    /// How inputs are linted, and which findings are reported.
    pub session: &'r Session<'r>,
    /// Whether unsafe fixes are applied, too.
    pub with_unsafe: bool,
    /// Whether diffs are printed instead of writing files.
    pub as_diff: bool,
}

/// The result of a run of fixes.
#[derive(Debug, Default)]
pub(crate) struct FixedInputs {
    /// How many findings were fixed, or would be with a diff.
    pub fixed: usize,
    /// In how many files.
    pub files: usize,
    /// How many files could not be read or written.
    pub failed: usize,
    /// The contents of standard input after the fixes.
    pub stdin: Option<Vec<u8>>,
}

/// The result of fixing one input.
#[derive(Default)]
struct Outcome {
    bytes: Vec<u8>,
    fixed: usize,
    /// The contents before and after the fixes with secrets masked, for the diff.
    before_and_after: Option<[Vec<u8>; 2]>,
    /// Messages about the file.
    notes: Vec<String>,
    is_failed: bool,
}

impl Fixing<'_> {
    /// Fixes the inputs. The fixed text of standard input goes to standard output, as do diffs.
    ///
    /// # Errors
    ///
    /// If a stream cannot be read or written.
    pub(crate) fn fix_inputs(&self, inputs: &[Input], streams: &mut Streams<'_>) -> io::Result<FixedInputs> {
        let mut fixed_inputs = FixedInputs::default();
        let started = SystemTime::now();
        // If there is no working directory, paths in diffs are as given.
        let folder = env::current_dir().unwrap_or_default();
        for block in inputs.chunks(BLOCK) {
            let outcomes = threads::map(block, |input| self.fix_file(input));
            for (input, outcome) in block.iter().zip(outcomes) {
                let outcome = match outcome {
                    Some(outcome) => outcome,
                    None => self.fix_stdin(input, streams)?,
                };
                outcome.print(input, &folder, streams)?;
                fixed_inputs.fixed += outcome.fixed;
                fixed_inputs.files += usize::from(outcome.fixed > 0);
                fixed_inputs.failed += usize::from(outcome.is_failed);
                if input.is_stdin() {
                    fixed_inputs.stdin = Some(outcome.bytes);
                }
            }
        }
        for leftover in if self.as_diff { Vec::new() } else { leftovers_in(inputs, started) } {
            let leftover = printable(leftover.display().to_string());
            writeln!(streams.stderr, "imagelint: {leftover}: left by an interrupted run; it can be deleted")?;
        }
        Ok(fixed_inputs)
    }

    fn fix_stdin(&self, input: &Input, streams: &mut Streams<'_>) -> io::Result<Outcome> {
        let mut bytes = Vec::new();
        let most = self.session.scopes.of_run().max_document_size();
        streams.stdin.take((most as u64).saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() > most {
            return Err(io::Error::other("standard input is larger than `max-document-size`, too large to be fixed"));
        }
        let outcome = self.fix_bytes(bytes, input)?;
        if !self.as_diff {
            streams.stdout.write_all(&outcome.bytes)?;
        }
        Ok(outcome)
    }

    /// Fixes a file; none for standard input.
    fn fix_file(&self, input: &Input) -> Option<Outcome> {
        let path = input.file()?;
        Some(self.rewrite(path, input).unwrap_or_else(|error| Outcome {
            // After fixes, the check that follows reports files that cannot be read.
            notes: if self.as_diff { vec![error.to_string()] } else { Vec::new() },
            is_failed: self.as_diff,
            ..Outcome::default()
        }))
    }

    fn rewrite(&self, path: &Path, input: &Input) -> io::Result<Outcome> {
        let metadata = fs::metadata(path)?;
        if !metadata.is_file() {
            // A pipe can be read only once, and the check that follows needs to read it.
            return Ok(Outcome { notes: vec!["not a regular file; it is not fixed".into()], ..Outcome::default() });
        }
        let bytes = fs::read(path)?;
        let mut outcome = self.fix_bytes(bytes.clone(), input)?;
        // A diff is printed even if the file could not be written.
        if outcome.fixed == 0 || self.as_diff {
            return Ok(outcome);
        }
        if fs::symlink_metadata(path)?.is_symlink() {
            outcome.skip_fixes("the file is a symbolic link");
        } else if leaves_working_directory(path)? {
            outcome.skip_fixes("a symbolic link on its path leads out of the working directory");
        } else if metadata.permissions().readonly() {
            outcome.skip_fixes("the file is read-only");
        } else if let Some(names) = hard_links(path, &metadata) {
            outcome.skip_fixes(&format!("the file has {names} hard links, which a fix would separate"));
        } else if let Err(error) = OpenOptions::new().write(true).open(path) {
            outcome.skip_fixes(&format!("the file cannot be written: {error}"));
        } else {
            match replace_atomically(path, &bytes, &outcome.bytes) {
                Ok(true) => {}
                Ok(false) => outcome.skip_fixes("the file has changed meanwhile"),
                Err(error) => {
                    outcome.skip_fixes(&error.to_string());
                    outcome.is_failed = true;
                }
            }
        }
        Ok(outcome)
    }

    /// A text after all fixes; none if nothing is fixed.
    #[cfg(feature = "lsp")]
    pub(crate) fn fixed_text(&self, text: &str, input: &Input) -> Option<String> {
        let outcome = self.fix_bytes(text.as_bytes().to_vec(), input).ok()?;
        if outcome.fixed == 0 { None } else { String::from_utf8(outcome.bytes).ok() }
    }

    fn fix_bytes(&self, bytes: Vec<u8>, input: &Input) -> io::Result<Outcome> {
        let path = input.name();
        let filter = self.session.filter(input, &path);
        let linter = self.session.scopes.linter(input.path());
        let mut skip_reason = blocks::is_compressed(&bytes).then_some("the file is compressed");
        let mut rebuilder = Rebuilder {
            bytes: &bytes,
            at: 0,
            fixed: Vec::new(),
            before_and_after: self.as_diff.then(Default::default),
        };
        let mut outcome = Outcome::default();
        let mut more = 0;
        blocks::read(&bytes[..], input.reading(self.session.scopes.of_run().max_document_size()), |block| {
            let texts = block.texts();
            let firsts = numbers(&texts, self.session.scopes.forced(), &mut more);
            let numbered: Vec<(&Text<'_>, usize)> = texts.iter().zip(firsts).collect();
            let fix = |&(text, first): &(&Text<'_>, usize)| {
                let judge = TextJudge { fixing: self, linter: &linter, asked: input.asked(), filter: &filter, first };
                text.is_whole().then(|| fix_text(&text.text, first, &judge))
            };
            for (text, fixed_text) in texts.iter().zip(threads::map(&numbered, fix)) {
                if matches!(text.encoding, Encoding::Utf16(_)) {
                    skip_reason = Some("the file is not UTF-8");
                }
                if skip_reason.is_none() {
                    rebuilder.push(text, fixed_text.as_ref());
                }
                outcome.add(fixed_text, text.origin);
            }
            Ok(())
        })?;
        match skip_reason {
            Some(reason) => {
                outcome.skip_fixes(reason);
                outcome.bytes = bytes;
            }
            None if outcome.fixed == 0 => outcome.bytes = bytes,
            None => (outcome.bytes, outcome.before_and_after) = rebuilder.finish(),
        }
        Ok(outcome)
    }
}

impl Outcome {
    /// Prints the diff and the notes.
    fn print(&self, input: &Input, folder: &Path, streams: &mut Streams<'_>) -> io::Result<()> {
        let name = input.name();
        if let Some([old, new]) = self.before_and_after.as_ref().filter(|_| self.fixed > 0) {
            let diff = diff::unified(&name, folder, old, new)?;
            let is_terminal = streams.is_terminal;
            streams.stdout.write_all(&if is_terminal { diff::printable(&diff).into_bytes() } else { diff })?;
        }
        let mut notes = self.notes.iter().map(|note| printable(format!("{name}: {note}")));
        notes.try_for_each(|note| writeln!(streams.stderr, "imagelint: {note}"))
    }

    fn add(&mut self, fixed_text: Option<FixedText>, origin: Origin) {
        let Some(FixedText { fixed, refused, has_untried, broken, .. }) = fixed_text else { return };
        self.fixed += fixed;
        let reason = if has_untried {
            "too many fixes in this text would leave other findings, and not each was tried by itself"
        } else {
            "the fix would leave other findings"
        };
        self.notes.extend(refused.iter().map(|finding| {
            let (rule, pointer) = (finding.rule.name, finding.location().pointer());
            format!("`{rule}` at `{pointer}` is not fixed: {reason}")
        }));
        self.notes.extend(broken.iter().filter_map(|broken| waiting(broken, origin)));
    }

    /// Discards the fixes and, if there are any, adds a message with the reason.
    fn skip_fixes(&mut self, reason: &str) {
        let fixed = std::mem::take(&mut self.fixed);
        if fixed > 0 {
            let noun = if fixed == 1 { "finding is" } else { "findings are" };
            self.notes.push(format!("{fixed} {noun} not fixed: {reason}"));
        }
    }
}

/// Why a document that is not JSON is not fixed further, if that keeps anything from being fixed.
fn waiting(broken: &Broken, origin: Origin) -> Option<String> {
    let Broken { syntax, waiting, is_unread } = broken;
    let what = match waiting {
        0 if !is_unread => return None,
        // Documents after it are checked and fixed.
        0 => "the rest of the document is neither checked nor fixed: it".to_owned(),
        1 => "1 finding is not fixed: the document".to_owned(),
        count => format!("{count} findings are not fixed: the document"),
    };
    let line = origin.lines + syntax.location().start().line;
    let fix = match syntax.fix() {
        Some(fix) if fix.safety == Safety::Unsafe => format!("; `--unsafe-fixes` would {}", fix.title),
        _ => String::new(),
    };
    Some(format!("{what} is not JSON, see line {line}{fix}"))
}

/// The indices in the file of the first documents of texts. There were `more` documents before them than texts.
fn numbers(texts: &[Text<'_>], forced: Option<&'static Kind>, more: &mut usize) -> Vec<usize> {
    let count = |text: &Text<'_>| if text.is_whole() { documents(text, forced).len() } else { 1 };
    let counts = threads::map(texts, count);
    let first = |(text, count): (&Text<'_>, usize)| text.origin.documents + std::mem::replace(more, *more + count - 1);
    texts.iter().zip(counts).map(first).collect()
}

/// Rebuilds the bytes of a file from its fixed texts and the bytes between them.
struct Rebuilder<'b> {
    bytes: &'b [u8],
    /// How many of the bytes are copied or replaced so far.
    at: usize,
    fixed: Vec<u8>,
    before_and_after: Option<[Vec<u8>; 2]>,
}

impl Rebuilder<'_> {
    fn push(&mut self, text: &Text<'_>, fixed_text: Option<&FixedText>) {
        // A text that could not be decoded has other offsets than the bytes, which `copy_until` copies.
        let Cow::Borrowed(old) = text.text else { return };
        let new = fixed_text.map_or(old, |fixed_text| &fixed_text.text);
        self.copy_until(text.origin.bytes);
        self.at += old.len();
        self.fixed.extend_from_slice(new.as_bytes());
        for (masked_bytes, text) in self.before_and_after.iter_mut().flatten().zip([old, new]) {
            masked_bytes.extend_from_slice(masked(text).as_bytes());
        }
    }

    /// Copies the bytes before an offset.
    fn copy_until(&mut self, end: usize) {
        let between = &self.bytes[self.at..end];
        self.fixed.extend_from_slice(between);
        if self.before_and_after.is_some() {
            let between = masked_bytes(between);
            self.before_and_after.iter_mut().flatten().for_each(|both| both.extend_from_slice(&between));
        }
        self.at = end;
    }

    fn finish(mut self) -> (Vec<u8>, Option<[Vec<u8>; 2]>) {
        self.copy_until(self.bytes.len());
        (self.fixed, self.before_and_after)
    }
}

/// The temporary files that earlier runs left in the folders of the inputs.
fn leftovers_in(inputs: &[Input], before: SystemTime) -> Vec<PathBuf> {
    let folder = |input: &Input| input.file()?.parent().map(Path::to_owned);
    let folders: BTreeSet<PathBuf> = inputs.iter().filter_map(folder).collect();
    folders.iter().flat_map(|folder| leftovers(folder, before)).collect()
}

/// Whether a path is in the working directory as written, but a symbolic link on it leads out.
fn leaves_working_directory(path: &Path) -> io::Result<bool> {
    let here = env::current_dir()?;
    let written = std::path::absolute(path)?;
    let is_within =
        written.strip_prefix(&here).is_ok_and(|rest| !rest.components().any(|part| part == Component::ParentDir));
    Ok(is_within && !fs::canonicalize(path)?.starts_with(fs::canonicalize(here)?))
}

/// A text with secrets masked.
fn masked(text: &str) -> String {
    secret::overwritten(text, &secret::spans(text, &Text::of(text, Origin::default()).documents()))
}

/// Bytes that are no text, or not read as one, with secrets masked.
fn masked_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut masked = bytes.to_vec();
    // In place of what cannot be decoded stands one byte for each, so that spans stay valid.
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    for (byte, shown) in masked.iter_mut().zip(secret::overwritten(&text, &secret::spans(&text, &[])).bytes()) {
        if shown == b'*' {
            *byte = shown;
        }
    }
    masked
}

/// Lints versions of one text of a file.
struct TextJudge<'r> {
    fixing: &'r Fixing<'r>,
    linter: &'r Linter,
    asked: Asked,
    filter: &'r Filter<'r>,
    first: usize,
}

impl Judge for TextJudge<'_> {
    fn lint(&self, text: &str) -> Vec<Finding> {
        let origin = Origin { documents: self.first, ..Origin::default() };
        self.linter.lint(&Text::of(text, origin), self.asked, false).findings
    }

    fn wanted(&self, findings: &[Finding]) -> Vec<Finding> {
        let mut findings = findings.to_vec();
        self.filter.apply(&mut findings);
        findings.retain(|finding| {
            finding.fix.as_ref().is_some_and(|fix| self.fixing.with_unsafe || fix.safety == Safety::Safe)
        });
        findings
    }
}
