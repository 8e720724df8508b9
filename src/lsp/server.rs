//! The conversation with one client: what is known of it and of its texts, and what is answered.

mod messages;
mod requests;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Instant;

use serde_json::{Value, json};

use crate::finding::Finding;
use crate::lsp::check::{Found, Task};
use crate::lsp::client::Client;
use crate::lsp::diagnostics::Diagnoser;
use crate::lsp::open::{Open, Role};
use crate::lsp::positions::LineMap;
use crate::lsp::protocol::{WrongParams, severity};
use crate::lsp::transport::{Incoming, Malformed};
use crate::lsp::uri::uri_of;
use crate::lsp::workspace::{Defaults, Plan, Problem, Workspace, mistakes};

/// What the server reacts to.
#[derive(Debug)]
pub(super) enum Event {
    /// A message of the client, or a frame without one.
    Message(Result<Incoming, Malformed>),
    /// A large text was checked; without findings if that was stopped.
    Checked { uri: String, revision: u64, found: Option<Vec<Found>> },
    /// The client is gone.
    Closed,
}

/// How far the conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    New,
    Running,
    ShutDown,
}

/// What was asked of the client.
#[derive(Debug)]
enum Question {
    /// What the editor's settings are.
    Configuration,
    /// Something whose answer does not matter.
    Other,
}

/// Why a request fails.
#[derive(Debug)]
struct Failure {
    code: i32,
    message: String,
    data: Option<Value>,
}

impl Failure {
    const PARSE_ERROR: i32 = -32700;
    const INVALID_REQUEST: i32 = -32600;
    const METHOD_NOT_FOUND: i32 = -32601;
    const INVALID_PARAMS: i32 = -32602;
    const INTERNAL_ERROR: i32 = -32603;
    const NOT_INITIALIZED: i32 = -32002;
    const REQUEST_CANCELLED: i32 = -32800;
    const SERVER_CANCELLED: i32 = -32802;
    const REQUEST_FAILED: i32 = -32803;

    fn new(code: i32, message: impl Into<String>) -> Self {
        Failure { code, message: message.into(), data: None }
    }
}

impl From<WrongParams> for Failure {
    fn from(WrongParams: WrongParams) -> Self {
        Failure::new(Failure::INVALID_PARAMS, "the parameters are not those of this method")
    }
}

type Answer = Result<Value, Failure>;

/// A conversation.
#[derive(Debug)]
pub(super) struct Server {
    phase: Phase,
    /// Set at the end: whether that was in the proper order.
    ended: Option<bool>,
    client: Option<Client>,
    workspace: Workspace,
    open: BTreeMap<String, Open>,
    /// The diagnostics of settings files that are not open.
    faulty: BTreeMap<PathBuf, Vec<Value>>,
    /// What was said to the user, each once.
    said: BTreeSet<String>,
    messages: Vec<Value>,
    questions: HashMap<i64, Question>,
    next_question: i64,
    /// For large texts, which are checked on other threads.
    events: Sender<Event>,
}

impl Server {
    /// A server that waits for its client. Events that it brings about itself go to the sender.
    pub(super) fn new(defaults: Defaults, events: Sender<Event>) -> Self {
        Server {
            phase: Phase::New,
            ended: None,
            client: None,
            workspace: Workspace::new(defaults),
            open: BTreeMap::new(),
            faulty: BTreeMap::new(),
            said: BTreeSet::new(),
            messages: Vec::new(),
            questions: HashMap::new(),
            next_question: 1,
            events,
        }
    }

    /// The messages to be sent since this was asked last.
    pub(super) fn take_messages(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.messages)
    }

    /// Whether the conversation has ended, and if so, whether in the proper order.
    pub(super) fn ended(&self) -> Option<bool> {
        self.ended
    }

    /// When a text is to be checked next.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.open.values().filter_map(|open| open.due).min()
    }

    /// Reacts to an event. `queue` has those that follow, which may cancel a request.
    pub(super) fn handle(&mut self, event: Event, queue: &VecDeque<Event>) {
        let incoming = match event {
            Event::Closed => {
                self.ended = Some(false);
                return;
            }
            Event::Checked { uri, revision, found } => return self.checked(&uri, revision, found),
            Event::Message(Err(Malformed::Syntax)) => {
                return self.answer(&Value::Null, Err(Failure::new(Failure::PARSE_ERROR, "the message is no JSON")));
            }
            Event::Message(Err(Malformed::Shape)) => {
                let message = "the message is neither a request nor a notification nor an answer";
                return self.answer(&Value::Null, Err(Failure::new(Failure::INVALID_REQUEST, message)));
            }
            Event::Message(Ok(incoming)) => incoming,
        };
        let Incoming { id, method, params, result } = incoming;
        match (id, method) {
            (Some(id), Some(method)) => {
                if queue.iter().any(|event| cancels(event, &id)) {
                    return self.answer(&id, Err(Failure::new(Failure::REQUEST_CANCELLED, "cancelled")));
                }
                let answer = catch_unwind(AssertUnwindSafe(|| self.request(&id, &method, &params)));
                match answer {
                    Ok(Some(answer)) => self.answer(&id, answer),
                    Ok(None) => {}
                    Err(_) => {
                        let message = format!("imagelint could not answer `{method}`; that is a fault of imagelint");
                        self.answer(&id, Err(Failure::new(Failure::INTERNAL_ERROR, message)));
                    }
                }
            }
            (None, Some(method)) => {
                // One with other parameters is passed over: there is nobody to tell.
                let done = catch_unwind(AssertUnwindSafe(|| self.notification(&method, &params)));
                if done.is_err() {
                    self.log(
                        severity::ERROR,
                        &format!("imagelint could not handle `{method}`; that is a fault of imagelint"),
                    );
                }
            }
            (Some(id), None) => self.answered(&id, &result),
            (None, None) => {}
        }
    }

    /// Checks the texts that are due.
    pub(super) fn settle(&mut self) {
        let now = Instant::now();
        let is_due = |open: &&Open| open.due.is_some_and(|due| due <= now);
        let due: Vec<String> = self.open.values().filter(is_due).map(|open| open.uri.clone()).collect();
        for uri in due {
            self.check(&uri);
        }
    }

    /// Checks a text now; a large one on another thread.
    fn check(&mut self, uri: &str) {
        let done = catch_unwind(AssertUnwindSafe(|| self.try_check(uri)));
        if done.is_err() {
            if let Some(open) = self.open.get_mut(uri) {
                open.set_found(Vec::new());
            }
            self.log(severity::ERROR, &format!("imagelint could not check {uri}; that is a fault of imagelint"));
        }
        self.publish(uri);
    }

    fn try_check(&mut self, uri: &str) {
        let Server { open, workspace, .. } = self;
        let Some(this) = open.get(uri) else { return };
        let plan = match this.role {
            Role::Capture => workspace.plan(this.path.as_deref(), &|path| text_of_settings(open, path)),
            Role::Settings | Role::Other => Plan::default(),
        };
        let Plan { task, settings, problems } = plan;
        let found = match (this.role, &task, &this.path) {
            (Role::Settings, _, Some(path)) => {
                Some(mistakes(path, &this.text).into_iter().map(Found::of_whole).collect())
            }
            (Role::Capture, Some(task), _) if !this.is_large() => task.check(&this.text, &AtomicBool::new(false)),
            (Role::Capture, Some(task), _) => {
                let running = self.start(uri.to_owned(), task.clone());
                if let Some(this) = self.open.get_mut(uri) {
                    (this.running, this.due) = (running, None);
                }
                None
            }
            _ => Some(Vec::new()),
        };
        if let Some(this) = self.open.get_mut(uri) {
            this.task = task;
            if let Some(found) = found {
                this.set_found(found);
            }
        }
        self.note_settings(&settings, problems);
    }

    /// Starts to check a large text on another thread, and returns the flag that stops it.
    fn start(&self, uri: String, task: Task) -> Option<Arc<AtomicBool>> {
        let this = self.open.get(&uri)?;
        let (text, revision, events) = (this.text.clone(), this.revision, self.events.clone());
        let is_cancelled = Arc::new(AtomicBool::new(false));
        let flag = is_cancelled.clone();
        let work = move || {
            let found = catch_unwind(AssertUnwindSafe(|| task.check(&text, &flag))).ok().flatten();
            // The server may have ended before.
            let _ = events.send(Event::Checked { uri, revision, found });
        };
        thread::Builder::new().name("check".to_owned()).spawn(work).ok().map(|_| is_cancelled)
    }

    /// Takes the findings of a large text, unless it has changed since.
    fn checked(&mut self, uri: &str, revision: u64, found: Option<Vec<Found>>) {
        if let Some(open) = self.open.get_mut(uri).filter(|open| open.revision == revision) {
            open.set_found(found.unwrap_or_default());
            self.publish(uri);
        }
    }

    /// Sends the diagnostics of a text to those who wait for them, or to all.
    fn publish(&mut self, uri: &str) {
        let (Some(client), Some(open)) = (self.client, self.open.get_mut(uri)) else { return };
        let Some(found) = open.found() else { return };
        let diagnostics = diagnostics(open, found, client);
        let (id, version) = (open.report_id(), Some(open.version));
        for waiting in std::mem::take(&mut open.waiting) {
            let report = requests::report(&id, waiting.previous.as_deref(), &diagnostics);
            self.answer(&waiting.id, Ok(report));
        }
        if !client.pulls {
            self.push(uri, version, &diagnostics);
        }
    }

    fn push(&mut self, uri: &str, version: Option<i32>, diagnostics: &[Value]) {
        let mut params = json!({ "uri": uri, "diagnostics": diagnostics });
        if let Some(version) = version {
            params["version"] = version.into();
        }
        self.notify("textDocument/publishDiagnostics", &params);
    }

    /// Says what is wrong with the settings files that a text depends on.
    fn note_settings(&mut self, settings: &[PathBuf], problems: Vec<Problem>) {
        let mut wrong: BTreeMap<PathBuf, (String, Vec<Finding>)> = BTreeMap::new();
        for problem in problems {
            match problem {
                Problem::Mistakes { path, text, findings } => drop(wrong.insert(path, (text, findings))),
                Problem::Message(message) => self.say(&message),
            }
        }
        for path in settings {
            let (text, findings) = wrong.remove(path).unwrap_or_default();
            self.note_mistakes(path, &text, findings);
        }
    }

    /// Says what is wrong with a settings file that is not open.
    fn note_mistakes(&mut self, path: &Path, text: &str, findings: Vec<Finding>) {
        let Some(client) = self.client.filter(|_| open_at(&self.open, path).is_none()) else { return };
        let (uri, lines) = (uri_of(path), LineMap::of(text));
        let diagnoser = Diagnoser { uri: &uri, lines: &lines, encoding: client.encoding };
        let diagnostics: Vec<Value> =
            findings.into_iter().map(|finding| diagnoser.of(&Found::of_whole(finding))).collect();
        let before = if diagnostics.is_empty() {
            self.faulty.remove(path)
        } else {
            self.faulty.insert(path.to_owned(), diagnostics.clone())
        };
        if before.unwrap_or_default() != diagnostics {
            self.push(&uri, None, &diagnostics);
        }
    }

    /// Lets all texts be checked again, as settings have changed.
    fn settings_changed(&mut self) {
        self.open.values_mut().for_each(Open::changed);
        if self.client.is_some_and(|client| client.pulls && client.refreshes) {
            self.ask("workspace/diagnostic/refresh", &Value::Null, Question::Other);
        }
    }

    /// Takes the answer to a question.
    fn answered(&mut self, id: &Value, result: &Value) {
        match id.as_i64().and_then(|id| self.questions.remove(&id)) {
            Some(Question::Configuration) => self.configure(result.get(0).unwrap_or(&Value::Null)),
            Some(Question::Other) | None => {}
        }
    }

    /// Takes the settings of the editor.
    fn configure(&mut self, settings: &Value) {
        for message in self.workspace.configure(settings) {
            self.say(&message);
        }
        self.settings_changed();
    }
}

/// Whether an event cancels a request.
fn cancels(event: &Event, id: &Value) -> bool {
    let Event::Message(Ok(Incoming { method: Some(method), params, .. })) = event else { return false };
    method == "$/cancelRequest" && params.get("id") == Some(id)
}

/// The text at a path that is open.
fn open_at<'o>(open: &'o BTreeMap<String, Open>, path: &Path) -> Option<&'o Open> {
    open.values().find(|open| open.path.as_deref() == Some(path))
}

/// The text of a settings file that is open.
fn text_of_settings(open: &BTreeMap<String, Open>, path: &Path) -> Option<String> {
    open_at(open, path).filter(|open| open.role == Role::Settings).map(|open| open.text.clone())
}

fn diagnostics(open: &Open, found: &[Found], client: Client) -> Vec<Value> {
    let diagnoser = Diagnoser { uri: &open.uri, lines: &open.lines, encoding: client.encoding };
    found.iter().map(|found| diagnoser.of(found)).collect()
}
