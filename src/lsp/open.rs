//! A text that is open in an editor: its edits, its lines, and what is known of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::lsp::check::{Found, Task};
use crate::lsp::positions::{Encoding, LineMap};
use crate::lsp::protocol::{Params, Range, WrongParams};
use crate::lsp::uri::path_of;

/// From this size on, a text is checked beside the conversation with the editor.
pub(super) const LARGE: usize = 1 << 20;

/// How long a large text rests before it is checked.
const REST: Duration = Duration::from_millis(200);

/// The most bytes of a text.
const MOST: usize = 1 << 30;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// JSON, which may be from Image Builder.
    Capture,
    /// An `imagelint.toml`.
    Settings,
    /// Anything else.
    Other,
}

/// A request for the diagnostics of a text that is being checked.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) id: Value,
    /// The report that the client has.
    pub(super) previous: Option<String>,
}

/// An edit of a text.
#[derive(Debug)]
pub(super) struct Change<'c> {
    /// What is replaced; none for all of it.
    range: Option<Range>,
    text: &'c str,
}

impl<'c> Change<'c> {
    /// The edit in some parameters.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub(super) fn of(params: Params<'c>) -> Result<Self, WrongParams> {
        let range = params.get("/range").map(|_| params.range()).transpose()?;
        Ok(Change { range, text: params.text("/text")? })
    }
}

/// A text that is open in an editor.
#[derive(Debug)]
pub(super) struct Open {
    /// Its address, as the editor writes it.
    pub(super) uri: String,
    pub(super) path: Option<PathBuf>,
    pub(super) role: Role,
    pub(super) version: i32,
    pub(super) text: String,
    pub(super) lines: LineMap,
    /// Another number whenever its findings may be others; no two texts share one.
    pub(super) revision: u64,
    /// When it is to be checked; none if it is, or is being checked.
    pub(super) due: Option<Instant>,
    /// Set to stop the check that is under way.
    pub(super) running: Option<Arc<AtomicBool>>,
    /// How it was checked last.
    pub(super) task: Option<Task>,
    /// The findings, with the revision that they are of.
    found: (u64, Vec<Found>),
    pub(super) waiting: Vec<Waiting>,
}

impl Open {
    /// Opens the text of the parameters. `is_settings` tells whether a path is that of a settings file.
    ///
    /// # Errors
    ///
    /// If they have none.
    pub(super) fn new(params: Params<'_>, is_settings: impl Fn(&Path) -> bool) -> Result<Self, WrongParams> {
        let (uri, language) = (params.document()?.to_owned(), params.text("/textDocument/languageId")?);
        let (version, text) = (params.version()?, params.text("/textDocument/text")?.to_owned());
        let path = path_of(&uri);
        let role = match path.as_deref() {
            Some(path) if is_settings(path) => Role::Settings,
            path if is_json(path, language) => Role::Capture,
            _ => Role::Other,
        };
        Ok(Open {
            uri,
            path,
            role,
            version,
            lines: LineMap::of(&text),
            text,
            revision: next_revision(),
            due: Some(Instant::now()),
            running: None,
            task: None,
            found: (0, Vec::new()),
            waiting: Vec::new(),
        })
    }

    /// Makes edits, in order.
    pub(super) fn edit(&mut self, version: i32, changes: &[Change<'_>], encoding: Encoding) {
        for Change { range, text } in changes {
            match range {
                Some(range) => {
                    let bytes = self.lines.bytes(&self.text, *range, encoding);
                    if self.text.len() + text.len() <= MOST {
                        self.text.replace_range(bytes, text);
                    }
                }
                None => (*text).clone_into(&mut self.text),
            }
            self.lines = LineMap::of(&self.text);
        }
        self.version = version;
        self.changed();
    }

    /// Notes that its findings may be others now.
    pub(super) fn changed(&mut self) {
        self.revision = next_revision();
        self.cancel();
        let rest = if self.is_large() { REST } else { Duration::ZERO };
        self.due = Some(Instant::now() + rest);
    }

    /// Stops the check that is under way.
    pub(super) fn cancel(&mut self) {
        if let Some(running) = self.running.take() {
            running.store(true, Ordering::Relaxed);
        }
    }

    /// Whether it is checked beside the conversation.
    pub(super) fn is_large(&self) -> bool {
        self.text.len() >= LARGE
    }

    /// Sets the findings of the present revision.
    pub(super) fn set_found(&mut self, found: Vec<Found>) {
        self.found = (self.revision, found);
        self.due = None;
        self.running = None;
    }

    /// The findings, if they are of the text as it is.
    pub(super) fn found(&self) -> Option<&[Found]> {
        (self.found.0 == self.revision).then_some(&self.found.1)
    }

    /// The name of the report about the present revision.
    pub(super) fn report_id(&self) -> String {
        self.revision.to_string()
    }
}

fn next_revision() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

/// Whether a text is JSON, by its name or by what the editor takes it for.
fn is_json(path: Option<&Path>, language: &str) -> bool {
    let extension = path.and_then(Path::extension).and_then(|extension| extension.to_str()).unwrap_or_default();
    language.contains("json") || ["json", "jsonl", "ndjson", "jsonc"].contains(&extension.to_ascii_lowercase().as_str())
}
