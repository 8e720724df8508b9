//! Baselines: the findings of an earlier run, which are not reported again. They are counted by file, rule and
//! pointer, not by line, so that edits elsewhere in a file do not matter.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use serde::{Deserialize, Serialize};

use crate::files::read_whole;
use crate::finding::Finding;
use crate::report;
use crate::rules;
use crate::run::atomic_file::{AtomicFile, folder_of, write_atomically};

/// The file that is written if no other is named.
pub(crate) const DEFAULT_FILE: &str = "imagelint-baseline.json";

/// The version of the format, which `schemas/baseline.json` describes.
const VERSION: u32 = 1;

/// The number of findings by rule and pointer.
type Counts = BTreeMap<String, BTreeMap<String, usize>>;

/// The counts of each file, by its path relative to the folder of the baseline.
type Files = BTreeMap<String, Counts>;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u32,
    /// The version of imagelint that wrote it; older ones did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    imagelint: Option<String>,
    files: Files,
}

/// The version of this imagelint.
const WRITER: &str = env!("CARGO_PKG_VERSION");

/// An entry: the path of a file, a rule and a pointer.
type Key = (String, String, String);

/// A baseline, and the findings of a run to compare with it.
#[derive(Debug)]
pub(crate) struct Baseline {
    path: PathBuf,
    folder: PathBuf,
    known: Files,
    /// The files in it that settings exclude.
    excluded: BTreeSet<String>,
    seen: Mutex<Files>,
    /// Whether another version of imagelint wrote it, whose rules may have reported the same elsewhere.
    is_of_other_version: bool,
    /// The entries that are found under another rule or pointer, with these.
    changed: Mutex<BTreeMap<Key, (String, String)>>,
    /// Whether it will be written, so that all findings must be recorded.
    is_written: bool,
}

/// An entry of which a run found fewer findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stale {
    /// The path of the file, relative to the folder of the baseline.
    pub path: String,
    /// The rule.
    pub rule: String,
    /// The pointer.
    pub pointer: String,
    /// The number of findings in the baseline.
    pub known: usize,
    /// The number of findings in the run.
    pub found: usize,
    /// Whether settings exclude the file.
    pub is_excluded: bool,
    /// The rule and the pointer under which this version of imagelint finds it.
    pub now: Option<(String, String)>,
}

impl Baseline {
    /// Reads a baseline to compare with.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or is no baseline.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let bytes = read_whole(path).map_err(|error| message(path, &error))?;
        let not_text = |_| message(path, &io::Error::other("it is not UTF-8"));
        let text = String::from_utf8(bytes).map_err(not_text)?;
        let stored: Stored = serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(&text))
            .map_err(|error| format!("{}: not a baseline of imagelint: {error}", path.display()))?;
        if stored.version != VERSION {
            let found = stored.version;
            return Err(format!("{}: version {found}; this imagelint reads version {VERSION}", path.display()));
        }
        let is_of_other_version = stored.imagelint.as_deref() != Some(WRITER);
        Ok(Baseline { is_of_other_version, ..Baseline::new(path, stored.files)? })
    }

    /// Reads a baseline that will be written; if there is no such file, it is empty.
    ///
    /// # Errors
    ///
    /// If the file exists, but cannot be read or is no baseline, or if it cannot be written.
    pub(crate) fn to_write(path: &Path) -> Result<Self, String> {
        let baseline = match path.try_exists() {
            Ok(false) => Baseline::new(path, Files::new()),
            _ => Baseline::read(path),
        };
        let baseline = baseline?;
        // It is written after the run; that it cannot be written should be reported before.
        AtomicFile::create(path).map_err(|error| message(path, &error))?;
        Ok(Baseline { is_written: true, ..baseline })
    }

    fn new(path: &Path, known: Files) -> Result<Self, String> {
        let folder = folder_of(path).canonicalize().map_err(|error| message(path, &error))?;
        Ok(Baseline {
            path: path.to_owned(),
            folder,
            known,
            excluded: BTreeSet::new(),
            seen: Mutex::default(),
            is_of_other_version: false,
            changed: Mutex::default(),
            is_written: false,
        })
    }

    /// The same baseline, which knows which of its files settings exclude: their entries are stale.
    #[must_use]
    pub(crate) fn with_exclusions(self, is_excluded: impl Fn(&Path) -> bool) -> Self {
        let is_excluded = |path: &&String| *path != "-" && is_excluded(&self.whole(path));
        let excluded = self.known.keys().filter(is_excluded).cloned().collect();
        Baseline { excluded, ..self }
    }

    /// The path of a file in it, as settings match paths: as written, without resolving links.
    fn whole(&self, path: &str) -> PathBuf {
        if path == "-" { PathBuf::from(path) } else { folder_of(&self.path).join(path) }
    }

    /// The path of its file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a path is that of the baseline file.
    pub(crate) fn is_at(&self, path: &Path) -> bool {
        path.file_name() == self.path.file_name() && self.relative(path) == self.relative(&self.path)
    }

    /// The baseline of one file, which is named as in reports.
    pub(crate) fn of_file(&self, path: &str) -> FileBaseline<'_> {
        let path = if path == "-" { path.to_owned() } else { self.relative(Path::new(path)) };
        FileBaseline { baseline: self, known: self.known.get(&path), path, found: Mutex::default() }
    }

    /// The path relative to the folder of the baseline, with `/` on all systems.
    fn relative(&self, path: &Path) -> String {
        let folder = folder_of(path);
        let folder = folder.canonicalize().or_else(|_| std::path::absolute(folder)).unwrap_or(folder.to_owned());
        let path = folder.join(path.file_name().unwrap_or_default());
        let path = pathdiff::diff_paths(&path, &self.folder).unwrap_or(path);
        report::relative(&path.to_string_lossy(), Path::new(""))
    }

    /// Whether a file in the baseline no longer exists.
    fn is_gone(&self, path: &str) -> bool {
        path != "-" && self.folder.join(path).try_exists().is_ok_and(|exists| !exists)
    }

    /// The entries of which there are fewer findings now, of rules that ran and files that were checked, are excluded
    /// or no longer exist.
    pub(crate) fn stale(&self, runs: impl Fn(&Path, &str) -> bool) -> Vec<Stale> {
        let seen = lock(&self.seen);
        let mut stale = Vec::new();
        for (path, known) in &self.known {
            let nothing = Counts::new();
            let is_excluded = self.excluded.contains(path) && !seen.contains_key(path);
            let found = match seen.get(path) {
                Some(found) => found,
                None if is_excluded || self.is_gone(path) => &nothing,
                None => continue,
            };
            for (rule, pointers) in known.iter().filter(|(rule, _)| runs(&self.whole(path), rule)) {
                for (pointer, known) in pointers {
                    let found = count(found, rule, pointer);
                    if found < *known {
                        let key = (path.clone(), rule.clone(), pointer.clone());
                        let now = lock(&self.changed).get(&key).cloned();
                        let (path, rule, pointer) = key;
                        stale.push(Stale { path, rule, pointer, known: *known, found, is_excluded, now });
                    }
                }
            }
        }
        stale
    }

    /// Writes the findings of the run. Keeps the entries of rules that did not run, and of files that were not checked,
    /// unless they are excluded or no longer exist. Returns how many findings the baseline has.
    ///
    /// # Errors
    ///
    /// If the file cannot be written; the message names it.
    pub(crate) fn write(&self, runs: impl Fn(&Path, &str) -> bool) -> io::Result<usize> {
        let mut files = self.known.clone();
        files.retain(|path, _| !self.excluded.contains(path));
        for (path, found) in lock(&self.seen).iter() {
            let counts = files.entry(path.clone()).or_default();
            counts.retain(|rule, _| !runs(&self.whole(path), rule));
            counts.extend(found.clone());
        }
        files.retain(|path, counts| !counts.is_empty() && !self.is_gone(path));
        let findings = files.values().flat_map(BTreeMap::values).flat_map(BTreeMap::values).sum();
        let stored = Stored { version: VERSION, imagelint: Some(WRITER.to_owned()), files };
        let text = serde_json::to_string_pretty(&stored).expect("its keys are strings");
        write_atomically(&self.path, format!("{text}\n").as_bytes())
            .map_err(|error| io::Error::new(error.kind(), message(&self.path, &error)))?;
        Ok(findings)
    }
}

/// The numbers of findings to be recorded for a file.
#[derive(Debug, Default)]
pub(crate) struct Recorded(Counts);

/// The entries of one file, and the findings of the run in it.
#[derive(Debug)]
pub(crate) struct FileBaseline<'b> {
    baseline: &'b Baseline,
    path: String,
    known: Option<&'b Counts>,
    found: Mutex<Counts>,
}

impl FileBaseline<'_> {
    /// Drops the findings that are in the baseline. All findings of a document must be passed at once. `may_run` says
    /// whether a rule runs.
    pub(crate) fn drop_known(&self, findings: &mut Vec<Finding>, may_run: &dyn Fn(&str) -> bool) {
        let Some(known) = self.known else { return };
        let mut matched = Counts::new();
        findings.retain(|finding| {
            let pointer = pointer(finding);
            let known = count(known, finding.rule.name, &pointer);
            known == 0 || add(&mut matched, finding.rule.name, pointer) > known
        });
        if self.baseline.is_of_other_version && !findings.is_empty() {
            self.drop_changed(findings, &matched, may_run);
        }
    }

    /// Drops the findings that another version of imagelint reported under another rule at the same pointer, or by the
    /// same rule nearby: entries of the baseline that no longer occur.
    fn drop_changed(&self, findings: &mut Vec<Finding>, matched: &Counts, may_run: &dyn Fn(&str) -> bool) {
        let known = self.known.into_iter().flatten();
        let known = known.filter(|(rule, _)| !is_of_pairs(rule) && may_run(rule));
        let known = known.flat_map(|(rule, pointers)| pointers.iter().map(move |(at, known)| (rule, at, *known)));
        let mut left: Vec<(&String, &String, usize)> = known
            .map(|(rule, at, known)| (rule, at, known.saturating_sub(count(matched, rule, at))))
            .filter(|(.., left)| *left > 0)
            .collect();
        let mut changed = lock(&self.baseline.changed);
        findings.retain(|finding| {
            let (name, now) = (finding.rule.name, pointer(finding));
            let is_same = |(rule, at, left): &&mut (&String, &String, usize)| {
                *left > 0 && if *rule == name { is_near(at, &now) } else { **at == now }
            };
            let Some((rule, at, left)) = left.iter_mut().find(is_same).filter(|_| !is_of_pairs(name)) else {
                return true;
            };
            *left -= 1;
            changed.insert((self.path.clone(), (*rule).clone(), (*at).clone()), (name.to_owned(), now));
            false
        });
    }

    /// Counts findings to be recorded; call it before any are dropped.
    pub(crate) fn count(&self, findings: &[Finding], recorded: &mut Recorded) {
        for finding in findings {
            let pointer = pointer(finding);
            // Findings that are neither compared nor written are not kept: there may be more than fit in memory.
            if self.baseline.is_written || self.known.is_some_and(|known| count(known, finding.rule.name, &pointer) > 0)
            {
                add(&mut recorded.0, finding.rule.name, pointer);
            }
        }
    }

    /// Records findings that were counted.
    pub(crate) fn record(&self, recorded: Recorded) {
        if !recorded.0.is_empty() {
            extend(&mut lock(&self.found), recorded.0);
        }
    }

    /// Ends the file, which was read completely. Further findings in it may be recorded later and are added.
    pub(crate) fn close(self) {
        let found = std::mem::take(&mut *lock(&self.found));
        let mut seen = lock(&self.baseline.seen);
        extend(seen.entry(self.path).or_default(), found);
    }
}

/// The key of a finding: its pointer, with `#` and the index of the document in front unless that is 0.
fn pointer(finding: &Finding) -> String {
    let mut pointer = match finding.document {
        0 => String::new(),
        index => format!("#{index}"),
    };
    pointer.push_str(finding.location().pointer());
    if let Some(embedded) = finding.location().embedded_pointer() {
        pointer.push_str(" >> ");
        pointer.push_str(embedded);
    }
    pointer
}

/// Whether a rule compares documents: its findings come after the others of their document.
fn is_of_pairs(rule: &str) -> bool {
    rules::pairs().any(|pair| pair.rule.name == rule)
}

/// Whether two different keys are of one document, and lead to a value and one in it, or to members of one value.
fn is_near(one: &str, other: &str) -> bool {
    let holder = |key: &str| key.rfind('/').map(|end| key[..end].to_owned());
    let document = |key: &str| key.split('/').next().map(str::to_owned);
    document(one) == document(other)
        && (holder(one) == holder(other)
            || holder(one).as_deref() == Some(other)
            || holder(other).as_deref() == Some(one))
}

fn count(counts: &Counts, rule: &str, pointer: &str) -> usize {
    counts.get(rule).and_then(|pointers| pointers.get(pointer)).copied().unwrap_or(0)
}

fn add(counts: &mut Counts, rule: &str, pointer: String) -> usize {
    let count = counts.entry(rule.to_owned()).or_default().entry(pointer).or_default();
    *count += 1;
    *count
}

fn extend(counts: &mut Counts, more: Counts) {
    for (rule, pointers) in more {
        let known = counts.entry(rule).or_default();
        for (pointer, count) in pointers {
            *known.entry(pointer).or_default() += count;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no thread panics while it counts")
}

fn message(path: &Path, error: &io::Error) -> String {
    format!("baseline {}: {error}", path.display())
}
