//! A run of fixes: inputs read, fixed_text, and written in place or shown as unified diffs.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::env;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use rayon::prelude::*;

use crate::document::secret;
use crate::document::{Encoding, Joint, Text, documents};
use crate::finding::Finding;
use crate::finding::fix::Safety;
use crate::lint::fixer::{FixedText, Judge, fix_text};
use crate::recognise::Asked;
use crate::report::diff;
use crate::run::atomic_file::{leftovers, replace};
use crate::run::blocks;
use crate::run::input::Input;
use crate::run::session::{BLOCK, Filter, Session};
use crate::run::stdio::Streams;
use crate::text::lines::Origin;
use crate::text::quote::printable;

/// What a run of fixes needs to know.
pub(crate) struct Fixing<'r> {
    /// How findings are found, and which are reported.
    pub session: &'r Session<'r>,
    /// Whether fixes are made that choose between two things that a document may mean.
    pub with_unsafe: bool,
    /// Whether fixes are shown and none is made.
    pub as_diff: bool,
}

/// What a run of fixes came to.
#[derive(Debug, Default)]
pub(crate) struct FixedInputs {
    /// How many findings were fixed, or would be.
    pub fixed: usize,
    /// In how many files.
    pub files: usize,
    /// How many files could not be read or written.
    pub failed: usize,
    /// What standard input holds after its fixes.
    pub stdin: Option<Vec<u8>>,
}

/// What an input is after its fixes.
#[derive(Default)]
struct Outcome {
    bytes: Vec<u8>,
    fixed: usize,
    /// The file before and after, for the eye: without secrets.
    shown: Option<[Vec<u8>; 2]>,
    /// What people are told about the file.
    notes: Vec<String>,
    is_failed: bool,
}

impl Fixing<'_> {
    /// Mends the inputs. The fixed text of standard input goes to standard output, as do diffs.
    ///
    /// # Errors
    ///
    /// Where a stream cannot be read or written.
    pub(crate) fn fix_inputs(&self, inputs: &[Input], streams: &mut Streams<'_>) -> io::Result<FixedInputs> {
        let mut fixed_inputs = FixedInputs::default();
        let started = SystemTime::now();
        // Where the folder cannot be told, paths stay as they are given.
        let folder = env::current_dir().unwrap_or_default();
        for block in inputs.chunks(BLOCK) {
            let outcomes: Vec<Option<Outcome>> = block.par_iter().map(|input| self.fix_file(input)).collect();
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
        for left in if self.as_diff { Vec::new() } else { left_in(inputs, started) } {
            let left = printable(left.display().to_string());
            writeln!(streams.stderr, "imagelint: {left}: a run that broke off left this; it can be deleted")?;
        }
        Ok(fixed_inputs)
    }

    fn fix_stdin(&self, input: &Input, streams: &mut Streams<'_>) -> io::Result<Outcome> {
        let mut bytes = Vec::new();
        streams.stdin.read_to_end(&mut bytes)?;
        let outcome = self.fix_bytes(bytes, input)?;
        if !self.as_diff {
            streams.stdout.write_all(&outcome.bytes)?;
        }
        Ok(outcome)
    }

    /// Mends a file; none for standard input.
    fn fix_file(&self, input: &Input) -> Option<Outcome> {
        let path = input.file()?;
        Some(self.rewritten(path, input).unwrap_or_else(|error| Outcome {
            // Where fixes are made the check that follows tells what cannot be read.
            notes: if self.as_diff { vec![error.to_string()] } else { Vec::new() },
            is_failed: self.as_diff,
            ..Outcome::default()
        }))
    }

    fn rewritten(&self, path: &Path, input: &Input) -> io::Result<Outcome> {
        let metadata = fs::metadata(path)?;
        if !metadata.is_file() {
            // A pipe can be read once, and the check is to read it.
            return Ok(Outcome {
                notes: vec!["this is no regular file; it is not fixed".into()],
                ..Outcome::default()
            });
        }
        let bytes = fs::read(path)?;
        let mut outcome = self.fix_bytes(bytes.clone(), input)?;
        // What is only shown may be what nothing could be written to.
        if outcome.fixed == 0 || self.as_diff {
            return Ok(outcome);
        }
        if fs::symlink_metadata(path)?.is_symlink() {
            outcome.leave("the file is a symbolic link");
        } else if leads_out(path)? {
            outcome.leave("a symbolic link on its path leads out of the working directory");
        } else if metadata.permissions().readonly() {
            outcome.leave("the file is read-only");
        } else if let Some(names) = names(&metadata) {
            outcome.leave(&format!("the file has {names} names (hard links), which would part"));
        } else if fs::read(path)? != bytes {
            outcome.leave("the file has changed meanwhile");
        } else if let Err(error) = replace(path, &outcome.bytes) {
            outcome.leave(&error.to_string());
            outcome.is_failed = true;
        }
        Ok(outcome)
    }

    fn fix_bytes(&self, bytes: Vec<u8>, input: &Input) -> io::Result<Outcome> {
        let path = input.name();
        let filter = self.session.filter(&path);
        let mut left_alone = blocks::is_compressed(&bytes).then_some("the file is compressed");
        let mut pieces = Pieces { bytes: &bytes, at: 0, fixed: Vec::new(), shown: self.as_diff.then(Default::default) };
        let mut outcome = Outcome::default();
        blocks::read(&bytes[..], input.holds_lines(), &mut Vec::new(), |block| {
            let texts = block.texts();
            let fix = |text: &Text<'_>| {
                let first = text.origin.documents;
                let judge = TextJudge { fixing: self, asked: input.asked(), filter: &filter, first };
                text.is_whole().then(|| fix_text(&text.text, first, &judge))
            };
            let fixed_text: Vec<Option<FixedText>> = texts.par_iter().map(fix).collect();
            for (text, fixed_text) in texts.iter().zip(fixed_text) {
                if matches!(text.encoding, Encoding::Utf16(_)) {
                    left_alone = Some("the file is not UTF-8");
                }
                if left_alone.is_none() {
                    pieces.push(text, fixed_text.as_ref());
                }
                outcome.add(fixed_text);
            }
            Ok(())
        })?;
        match left_alone {
            Some(reason) => {
                outcome.leave(reason);
                outcome.bytes = bytes;
            }
            None => (outcome.bytes, outcome.shown) = pieces.end(),
        }
        Ok(outcome)
    }
}

impl Outcome {
    /// Prints the diff and the notes.
    fn print(&self, input: &Input, folder: &Path, streams: &mut Streams<'_>) -> io::Result<()> {
        let name = input.name();
        if let Some([old, new]) = self.shown.as_ref().filter(|_| self.fixed > 0) {
            streams.stdout.write_all(&diff::unified(&name, folder, old, new)?)?;
        }
        let mut notes = self.notes.iter().map(|note| printable(format!("{name}: {note}")));
        notes.try_for_each(|note| writeln!(streams.stderr, "imagelint: {note}"))
    }

    fn add(&mut self, fixed_text: Option<FixedText>) {
        let Some(FixedText { fixed, refused, .. }) = fixed_text else { return };
        self.fixed += fixed;
        self.notes.extend(refused.iter().map(|finding| {
            let (rule, pointer) = (finding.rule.name, finding.location().pointer());
            format!("`{rule}` at `{pointer}` is not fixed: the fix would leave other findings")
        }));
    }

    /// Says that nothing is fixed in the file, where something could be.
    fn leave(&mut self, reason: &str) {
        let fixed = std::mem::take(&mut self.fixed);
        if fixed > 0 {
            let noun = if fixed == 1 { "finding is" } else { "findings are" };
            self.notes.push(format!("{fixed} {noun} not fixed: {reason}"));
        }
    }
}

/// A file's bytes put together again from its texts and what lies between them.
struct Pieces<'b> {
    bytes: &'b [u8],
    /// How many of the bytes are dealt with.
    at: usize,
    fixed: Vec<u8>,
    shown: Option<[Vec<u8>; 2]>,
}

impl Pieces<'_> {
    fn push(&mut self, text: &Text<'_>, fixed_text: Option<&FixedText>) {
        // A text that could not be decoded to its end has no place of its own in the bytes.
        let Cow::Borrowed(old) = text.text else { return };
        let new = fixed_text.map_or(old, |fixed_text| &fixed_text.text);
        self.through(text.origin.bytes);
        self.at += old.len();
        self.fixed.extend_from_slice(new.as_bytes());
        for (shown, text) in self.shown.iter_mut().flatten().zip([old, new]) {
            shown.extend_from_slice(masked(text).as_bytes());
        }
    }

    /// Copies what comes before an offset.
    fn through(&mut self, end: usize) {
        let between = &self.bytes[self.at..end];
        self.fixed.extend_from_slice(between);
        self.shown.iter_mut().flatten().for_each(|shown| shown.extend_from_slice(between));
        self.at = end;
    }

    fn end(mut self) -> (Vec<u8>, Option<[Vec<u8>; 2]>) {
        self.through(self.bytes.len());
        (self.fixed, self.shown)
    }
}

/// What earlier runs left in the folders of the inputs.
fn left_in(inputs: &[Input], before: SystemTime) -> Vec<PathBuf> {
    let folder = |input: &Input| input.file()?.parent().map(Path::to_owned);
    let folders: BTreeSet<PathBuf> = inputs.iter().filter_map(folder).collect();
    folders.iter().flat_map(|folder| leftovers(folder, before)).collect()
}

/// How many names a file has that has several.
#[cfg(unix)]
fn names(metadata: &Metadata) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    Some(metadata.nlink()).filter(|names| *names > 1)
}

/// Other systems do not tell.
#[cfg(not(unix))]
fn names(_metadata: &Metadata) -> Option<u64> {
    None
}

/// Whether a path goes into the working directory as it is written, but comes out of it by a link.
fn leads_out(path: &Path) -> io::Result<bool> {
    let here = env::current_dir()?;
    let written = std::path::absolute(path)?;
    let is_within =
        written.strip_prefix(&here).is_ok_and(|rest| !rest.components().any(|part| part == Component::ParentDir));
    Ok(is_within && !fs::canonicalize(path)?.starts_with(fs::canonicalize(here)?))
}

/// A text without the secrets of its documents.
fn masked(text: &str) -> String {
    secret::overwritten(text, &secret::spans(text, &documents(text)))
}

/// Lints one text of a file again and again.
struct TextJudge<'r> {
    fixing: &'r Fixing<'r>,
    asked: Asked,
    filter: &'r Filter<'r>,
    first: usize,
}

impl Judge for TextJudge<'_> {
    fn lint(&self, text: &str) -> Vec<Finding> {
        let origin = Origin { documents: self.first, ..Origin::default() };
        let text = Text { text: Cow::Borrowed(text), origin, encoding: Encoding::Utf8, joint: Joint::Sound };
        self.fixing.session.linter.lint(&text, self.asked).findings
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
