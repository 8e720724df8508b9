//! The setting `ignore`: findings that are not reported, by rule, path and pointer. Ignores without effect are
//! reported.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use globset::{GlobMatcher, GlobSet};
use serde_json::{Value, json};

use crate::aws::timestamp::Timestamp;
use crate::finding::fault::Fault;
use crate::finding::{Finding, Level, Rule};
use crate::lint::levels::{Levels, known};
use crate::settings::folder::Folder;
use crate::settings::pointer_patterns::PointerPatterns;
use crate::settings::reader::{MISTAKE, Source, Table, WithSpan};
use crate::settings::show::{TomlPrinter, quoted};

/// The `[[ignore]]` entries of an `imagelint.toml`.
#[derive(Debug, Default)]
pub(super) struct Ignores {
    folder: Folder,
    entries: Vec<Ignore>,
    /// The paths of the entries that have one and have not expired, and the indices of those entries.
    paths: Option<GlobSet>,
    with_path: Vec<usize>,
    /// The patterns of the others that have not expired.
    everywhere: Patterns,
    /// Whether any file was checked.
    is_any_seen: AtomicBool,
}

/// For each rule, the patterns for pointers of entries, by the indices of the entries.
type Patterns = HashMap<&'static str, PointerPatterns>;

fn add_pattern(patterns: &mut Patterns, ignore: &Ignore, index: usize) {
    let of_rule = patterns.entry(ignore.rule.value.name).or_insert_with(PointerPatterns::new);
    of_rule.add(ignore.pointer.as_deref().unwrap_or("/**"), index);
}

/// One entry.
#[derive(Debug)]
struct Ignore {
    rule: WithSpan<&'static Rule>,
    path: Option<(String, GlobMatcher)>,
    pointer: Option<String>,
    reason: String,
    expires: Option<WithSpan<Expiry>>,
    /// Whether a file that matches its path was checked.
    seen: AtomicBool,
    /// Whether it matched a finding.
    used: AtomicBool,
}

/// The last day of an ignore.
#[derive(Debug)]
struct Expiry {
    /// The day as written.
    date: String,
    /// Whether the day is past.
    is_past: bool,
}

impl Expiry {
    fn read(date: &str) -> Result<Self, String> {
        let is_date = date.len() == "2026-11-30".len();
        let end = Timestamp::from_iso(&format!("{date}T23:59:59Z")).ok().filter(|_| is_date);
        let end = end.ok_or_else(|| format!("`{date}` is no date of the form `2026-11-30`"))?;
        Ok(Expiry { date: date.to_owned(), is_past: now().is_some_and(|now| end.is_before(now)) })
    }
}

/// Why a text is no date on which an ignore can expire, if it is none.
pub(crate) fn past_or_no_date(date: &str) -> Option<String> {
    match Expiry::read(date) {
        Ok(expiry) if expiry.is_past => Some(format!("`{date}` is past")),
        Ok(_) => None,
        Err(message) => Some(message),
    }
}

/// The current time; none in a browser, where the standard library has no clock. Then no ignore expires.
fn now() -> Option<Timestamp> {
    if cfg!(all(target_family = "wasm", target_os = "unknown")) {
        return None;
    }
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_epoch(since_1970.as_secs_f64())
}

impl Ignore {
    /// Reads an entry.
    fn read(table: Table<'_>) -> Option<Self> {
        let table = table.allow_keys(&["rule", "path", "pointer", "reason", "expires"]);
        table.require("rule", "an ignore is about one rule");
        table.require("reason", "an ignore says why it is there");
        let rule = table.text_as("rule", known);
        let reason = table.text_as("reason", |reason| {
            if reason.trim().is_empty() { Err("the reason is empty".to_owned()) } else { Ok(reason.to_owned()) }
        });
        let path = table.glob("path").map(|glob| glob.value.0);
        let pointer = table.text_as("pointer", pattern);
        let expires = table.date_as("expires", Expiry::read);
        Some(Ignore {
            rule: rule?,
            path: path.map(|glob| (glob.glob().to_owned(), glob.compile_matcher())),
            pointer: pointer.map(|pointer| pointer.value),
            reason: reason?.value,
            expires,
            seen: AtomicBool::new(false),
            used: AtomicBool::new(false),
        })
    }

    fn show(&self, printer: &mut TomlPrinter<'_>) {
        printer.text("\n");
        printer.line_at("[[ignore]]", self.rule.span);
        let path = self.path.as_ref().map(|(glob, _)| glob);
        let fields = [("path", path), ("pointer", self.pointer.as_ref()), ("reason", Some(&self.reason))];
        printer.text(&format!("rule = {}\n", quoted(self.rule.value.name)));
        for (key, value) in fields.into_iter().filter_map(|(key, value)| Some((key, value?))) {
            printer.text(&format!("{key} = {}\n", quoted(value)));
        }
        if let Some(expires) = &self.expires {
            printer.text(&format!("expires = {}\n", expires.value.date));
        }
    }

    fn has_expired(&self) -> bool {
        self.expires.as_ref().is_some_and(|expires| expires.value.is_past)
    }

    /// Whether its path is that of one file, not a glob.
    fn names_one_file(&self) -> bool {
        self.path.as_ref().is_some_and(|(glob, _)| !glob.contains(['*', '?', '[', '{']))
    }

    /// Its path, if that is of one file which does not exist.
    fn missing_path(&self, folder: &Folder) -> Option<&str> {
        let (path, _) = self.path.as_ref().filter(|(path, _)| path != "-" && self.names_one_file())?;
        (!folder.join(path).is_file()).then_some(path)
    }

    /// Its path, if that is a glob which matches no file on the disk.
    fn unmatched_glob(&self, folder: &Folder) -> Option<&str> {
        let is_seen = self.seen.load(Ordering::Relaxed);
        let (path, glob) = self.path.as_ref().filter(|_| !is_seen && !self.names_one_file())?;
        let is_match = |file: &Path| glob.is_match(folder.name(file));
        matches_no_file(&folder.join(&fixed_folder(path)), &is_match).then_some(path)
    }

    fn stale_fault(&self, folder: &Folder, levels: &Levels, walked: bool) -> Option<Fault> {
        let rule = self.rule.value.name;
        let (span, message) = if let Some(WithSpan { value: Expiry { date, is_past: true }, span }) = &self.expires {
            (*span, format!("this ignore of `{rule}` has expired on {date}"))
        } else if let Some(path) = self.missing_path(folder) {
            (self.rule.span, format!("this ignore of `{rule}` is for `{path}`, which is no file"))
        } else if let Some(glob) = self.unmatched_glob(folder).filter(|_| walked) {
            (self.rule.span, format!("this ignore of `{rule}` is for `{glob}`, which matches no file"))
        } else {
            let seen = self.seen.load(Ordering::Relaxed) && (walked || self.names_one_file());
            if !levels.runs(self.rule.value) || !seen || self.used.load(Ordering::Relaxed) {
                return None;
            }
            (self.rule.span, format!("this ignore of `{rule}` matches no finding"))
        };
        let mut fault = Fault::new(&MISTAKE, span, message);
        fault.level(Level::Warning).help(format!("remove it or correct it; its reason was: {}", self.reason));
        Some(fault)
    }
}

impl Ignores {
    pub(super) fn read(tables: Vec<Table<'_>>, source: &Source<'_>) -> Self {
        let entries: Vec<Ignore> = tables.into_iter().filter_map(Ignore::read).collect();
        let (mut with_path, mut globs, mut everywhere) = (Vec::new(), Vec::new(), Patterns::new());
        for (index, ignore) in entries.iter().enumerate().filter(|(_, ignore)| !ignore.has_expired()) {
            match &ignore.path {
                Some((_, glob)) => {
                    with_path.push(index);
                    globs.push(glob.glob().clone());
                }
                None => add_pattern(&mut everywhere, ignore, index),
            }
        }
        let paths = GlobSet::new(globs).ok();
        let folder = source.folder.clone();
        Ignores { folder, entries, paths, with_path, everywhere, is_any_seen: AtomicBool::new(false) }
    }

    /// The indices of the entries whose paths match a name.
    fn matching(&self, name: &str) -> Vec<usize> {
        let is_match = |index: &usize| self.entries[*index].path.as_ref().is_some_and(|(_, glob)| glob.is_match(name));
        match &self.paths {
            Some(paths) => paths.matches(name).into_iter().map(|place| self.with_path[place]).collect(),
            // Too many for one set are matched one by one.
            None => self.with_path.iter().copied().filter(is_match).collect(),
        }
    }

    /// Drops the findings of a file that are ignored.
    pub(super) fn apply(&self, path: &str, findings: &mut Vec<Finding>) {
        if self.entries.is_empty() {
            return;
        }
        let name = if path == "-" { path.to_owned() } else { self.folder.name(Path::new(path)) };
        let mut here = Patterns::new();
        for index in self.matching(&name) {
            self.entries[index].seen.store(true, Ordering::Relaxed);
            if !findings.is_empty() {
                add_pattern(&mut here, &self.entries[index], index);
            }
        }
        self.is_any_seen.store(true, Ordering::Relaxed);
        findings.retain(|finding| {
            let patterns = [&here, &self.everywhere].map(|patterns| patterns.get(finding.rule.name));
            if patterns.iter().all(Option::is_none) {
                return true;
            }
            let pointer = finding.location().whole_pointer();
            let first = patterns.into_iter().flatten().filter_map(|patterns| patterns.first_match(&pointer)).min();
            if let Some(first) = first {
                self.entries[first].used.store(true, Ordering::Relaxed);
            }
            first.is_none()
        });
    }

    /// The faults of the ignores that have expired, name no file or matched no finding.
    pub(super) fn stale_faults(&self, levels: &Levels, walked: bool) -> Vec<Fault> {
        let is_any_seen = self.is_any_seen.load(Ordering::Relaxed);
        for ignore in self.entries.iter().filter(|ignore| ignore.path.is_none()) {
            ignore.seen.fetch_or(is_any_seen, Ordering::Relaxed);
        }
        self.entries.iter().filter_map(|ignore| ignore.stale_fault(&self.folder, levels, walked)).collect()
    }

    /// Prints the entries, or those for one file.
    pub(super) fn show(&self, printer: &mut TomlPrinter<'_>) {
        let name = printer.path().map(|path| self.folder.name(path));
        let is_for = |ignore: &&Ignore| {
            let glob = ignore.path.as_ref().map(|(_, glob)| glob);
            name.as_ref().zip(glob).is_none_or(|(name, glob)| glob.is_match(name))
        };
        self.entries.iter().filter(is_for).for_each(|ignore| ignore.show(printer));
    }

    /// The JSON Schema of the entries.
    pub(super) fn schema() -> Value {
        json!({
            "description": "Findings that are not reported.",
            "type": "array",
            "items": {
                "type": "object",
                "required": ["rule", "reason"],
                "additionalProperties": false,
                "properties": {
                    "rule": { "description": "The rule whose findings are ignored.", "$ref": "#/$defs/rule" },
                    "path": {
                        "description": "A glob of files; all files by default.",
                        "$ref": "#/$defs/glob"
                    },
                    "pointer": {
                        "description": "A pattern of JSON pointers; all by default: `*` matches one token, `**` any \
                                        number.",
                        "type": "string",
                        "pattern": "^(/([^~]|~[01])*)?$"
                    },
                    "reason": { "description": "Why.", "type": "string", "pattern": "\\S" },
                    "expires": {
                        "description": "The last day on which the findings are ignored.",
                        "type": "string",
                        "format": "date"
                    }
                }
            }
        })
    }
}

/// The folder below which a glob matches, as far as it is written out.
fn fixed_folder(glob: &str) -> String {
    let mut names: Vec<&str> = glob.split('/').take_while(|name| !name.contains(['*', '?', '[', '{', '\\'])).collect();
    if names.len() == glob.split('/').count() {
        names.pop();
    }
    names.iter().map(|name| format!("{name}/")).collect()
}

/// Whether it is certain that no file in a folder matches: that is not known of one with very many files.
fn matches_no_file(folder: &Path, is_match: &dyn Fn(&Path) -> bool) -> bool {
    const MOST: usize = 10_000;
    let mut folders = vec![folder.to_owned()];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(_) => return false,
        };
        for entry in entries {
            let Ok((entry, kind)) = entry.and_then(|entry| entry.file_type().map(|kind| (entry, kind))) else {
                return false;
            };
            count += 1;
            if count > MOST || is_match(&entry.path()) {
                return false;
            }
            if kind.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    true
}

/// Reads a pattern for pointers.
///
/// # Errors
///
/// If it is none.
pub(crate) fn pattern(text: &str) -> Result<String, String> {
    let escapes = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    if (text.is_empty() || text.starts_with('/')) && escapes {
        return Ok(text.to_owned());
    }
    Err(format!(
        "`{text}` is no pattern for pointers; one starts with `/`, writes `~` as `~0` and `/` in a key as `~1`"
    ))
}
