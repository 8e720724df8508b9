//! Findings that are not reported, by rule, path and pointer, and what is to be said of ignores that
//! no longer do anything.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use globset::GlobMatcher;

use crate::aws::timestamp::Timestamp;
use crate::finding::{Finding, Level};
use crate::lint::levels::{Levels, known};
use crate::settings::folder::Folder;
use crate::settings::reader::{Placed, SETTINGS, Table};

/// The `[[ignore]]` entries of an `imagelint.toml`.
#[derive(Debug, Default)]
pub(super) struct Ignores {
    folder: Folder,
    pub(super) entries: Vec<Ignore>,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Ignore {
    pub(super) rule: Placed<&'static str>,
    pub(super) path: Option<(String, GlobMatcher)>,
    pub(super) pointer: Option<String>,
    pub(super) reason: String,
    pub(super) expires: Option<Placed<Expiry>>,
    /// Whether a file of its path was checked.
    seen: AtomicBool,
    /// Whether it dropped a finding.
    used: AtomicBool,
}

/// The last day of an ignore.
#[derive(Debug)]
pub(super) struct Expiry {
    /// The day as it is written.
    pub(super) date: String,
    /// Whether it is over.
    over: bool,
}

impl Expiry {
    fn read(date: &str) -> Result<Self, String> {
        let is_date = date.len() == "2026-11-30".len();
        let end = Timestamp::from_iso(&format!("{date}T23:59:59Z")).ok().filter(|_| is_date);
        let end = end.ok_or_else(|| format!("`{date}` is no date of the form `2026-11-30`"))?;
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let now = Timestamp::from_epoch(since_1970.as_secs_f64());
        Ok(Expiry { date: date.to_owned(), over: now.is_some_and(|now| end.is_before(now)) })
    }
}

impl Ignore {
    /// Reads an entry.
    pub(super) fn read(table: Table<'_>) -> Option<Self> {
        let table = table.knows(&["rule", "path", "pointer", "reason", "expires"]);
        table.require("rule", "an ignore is about one rule");
        table.require("reason", "an ignore says why it is there");
        let rule = table.text_as("rule", |name| known(name).map(|rule| rule.name));
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

    fn has_expired(&self) -> bool {
        self.expires.as_ref().is_some_and(|expires| expires.value.over)
    }

    fn covers(&self, finding: &Finding) -> bool {
        let matches = |pattern: &String| {
            let embedded = finding.primary.embedded.as_deref().unwrap_or_default();
            let pointer = format!("{}{embedded}", finding.primary.pointer);
            let tokens = |pointer: &str| pointer.split('/').skip(1).map(str::to_owned).collect::<Vec<_>>();
            is_match(&tokens(pattern), &tokens(&pointer))
        };
        finding.rule == self.rule.value && self.pointer.as_ref().is_none_or(matches)
    }

    /// Whether its path names one file.
    fn names_one_file(&self) -> bool {
        self.path.as_ref().is_some_and(|(glob, _)| !glob.contains(['*', '?', '[', '{']))
    }

    /// Its path, where that is of one file and there is no such file.
    fn gone(&self, folder: &Folder) -> Option<&str> {
        let (path, _) = self.path.as_ref().filter(|(path, _)| path != "-" && self.names_one_file())?;
        (!folder.join(path).is_file()).then_some(path)
    }

    fn warning(&self, folder: &Folder, levels: &Levels, walked: bool) -> Option<Finding> {
        let rule = self.rule.value;
        let (place, message) = if let Some(Placed { value: Expiry { date, over: true }, span }) = &self.expires {
            (*span, format!("this ignore of `{rule}` has expired on {date}"))
        } else if let Some(path) = self.gone(folder) {
            (self.rule.span, format!("this ignore of `{rule}` is for `{path}`, which is no file"))
        } else {
            let runs = known(rule).is_ok_and(|rule| levels.runs(rule));
            let seen = self.seen.load(Ordering::Relaxed) && (walked || self.names_one_file());
            if !runs || !seen || self.used.load(Ordering::Relaxed) {
                return None;
            }
            (self.rule.span, format!("this ignore of `{rule}` matches no finding"))
        };
        let mut finding = Finding::new(SETTINGS, Level::Warning, place, message);
        finding.help(format!("remove it, or mend it; its reason was: {}", self.reason));
        Some(finding)
    }
}

impl Ignores {
    pub(super) fn new(folder: Folder, entries: Vec<Ignore>) -> Self {
        Ignores { folder, entries }
    }

    /// Drops the findings of a file that are ignored.
    pub(super) fn apply(&self, path: &str, findings: &mut Vec<Finding>) {
        if self.entries.is_empty() {
            return;
        }
        let name = if path == "-" { path.to_owned() } else { self.folder.name(Path::new(path)) };
        for ignore in &self.entries {
            let applies = ignore.path.as_ref().is_none_or(|(_, glob)| glob.is_match(&name));
            if ignore.has_expired() || !applies {
                continue;
            }
            ignore.seen.store(true, Ordering::Relaxed);
            let before = findings.len();
            findings.retain(|finding| !ignore.covers(finding));
            if findings.len() < before {
                ignore.used.store(true, Ordering::Relaxed);
            }
        }
    }

    /// What is to be said of those that have expired or matched nothing.
    pub(super) fn warnings(&self, levels: &Levels, walked: bool) -> Vec<Finding> {
        self.entries.iter().filter_map(|ignore| ignore.warning(&self.folder, levels, walked)).collect()
    }
}

/// A pattern for pointers.
fn pattern(text: &str) -> Result<String, String> {
    let escapes = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    if (text.is_empty() || text.starts_with('/')) && escapes {
        return Ok(text.to_owned());
    }
    Err(format!(
        "`{text}` is no pattern for pointers; one starts with `/`, writes `~` as `~0` and `/` in a key as `~1`"
    ))
}

/// Whether the tokens of a pointer match those of a pattern: `*` stands for one, `**` for any number.
fn is_match(pattern: &[String], pointer: &[String]) -> bool {
    let mut reached = vec![false; pointer.len() + 1];
    reached[0] = true;
    for token in pattern {
        if token == "**" {
            let first = reached.iter().position(|reached| *reached).unwrap_or(reached.len());
            reached[first..].fill(true);
        } else {
            for end in (1..reached.len()).rev() {
                reached[end] = reached[end - 1] && (token == "*" || *token == pointer[end - 1]);
            }
            reached[0] = false;
        }
    }
    reached[pointer.len()]
}
