//! The requests and notifications that the server knows.

use std::fs;

use serde_json::{Value, json};

use crate::catalogue::{explain, page};
use crate::lint::levels::known;
use crate::lsp::actions::{self, Actor, COMMANDS, FIX_ALL_KIND, Target, wants};
use crate::lsp::check::Found;
use crate::lsp::client::{self, Client};
use crate::lsp::completion::completion;
use crate::lsp::diagnostics::SOURCE;
use crate::lsp::hover::{hover, is_on};
use crate::lsp::open::{Change, Open, Role, Waiting};
use crate::lsp::protocol::{CodeAction, Params, QUICK_FIX, WrongParams, severity};
use crate::lsp::server::{Answer, Failure, Phase, Question, Server, diagnostics, open_at, text_of_settings};
use crate::lsp::uri::{path_of, uri_of};
use crate::settings::edit::NewIgnore;
use crate::settings::{pattern, read};

impl Server {
    /// Answers a request; none if that is done later.
    pub(super) fn request(&mut self, id: &Value, method: &str, params: &Value) -> Option<Answer> {
        let params = Params(params);
        Some(match (self.phase, method) {
            (Phase::New, "initialize") => self.initialize(params),
            (Phase::New, _) => Err(Failure::new(Failure::NOT_INITIALIZED, "`initialize` comes first")),
            (Phase::ShutDown, _) => Err(Failure::new(Failure::INVALID_REQUEST, "the server is shut down")),
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                self.open.values_mut().for_each(Open::cancel);
                Ok(Value::Null)
            }
            (Phase::Running, "textDocument/diagnostic") => match self.pull(id, params) {
                Ok(report) => Ok(report?),
                Err(wrong) => Err(wrong.into()),
            },
            (Phase::Running, "textDocument/codeAction") => self.code_actions(params),
            (Phase::Running, "textDocument/hover") => self.at(params, hover),
            (Phase::Running, "textDocument/completion") => {
                self.at(params, |open, _, offset, client| completion(open, offset, client))
            }
            (Phase::Running, "workspace/executeCommand") => self.execute(params),
            (Phase::Running, "initialize") => Err(Failure::new(Failure::INVALID_REQUEST, "it is initialized already")),
            (Phase::Running, method) => {
                Err(Failure::new(Failure::METHOD_NOT_FOUND, format!("there is no method `{method}`")))
            }
        })
    }

    /// Takes a notification; one that is unknown is passed over.
    ///
    /// # Errors
    ///
    /// If the parameters are not those of the method.
    pub(super) fn notification(&mut self, method: &str, params: &Value) -> Result<(), WrongParams> {
        let params = Params(params);
        match method {
            "exit" => {
                self.open.values_mut().for_each(Open::cancel);
                self.ended = Some(self.phase == Phase::ShutDown);
            }
            _ if self.phase != Phase::Running => {}
            "initialized" => self.initialized(),
            "textDocument/didOpen" => self.did_open(params)?,
            "textDocument/didChange" => self.did_change(params)?,
            "textDocument/didClose" => self.did_close(params)?,
            // What the client does not watch may have changed.
            "textDocument/didSave" if !self.client.is_some_and(|client| client.watches) => self.settings_changed(),
            "workspace/didChangeWatchedFiles" => self.files_changed(params)?,
            "workspace/didChangeWorkspaceFolders" => self.folders_changed(params)?,
            "workspace/didChangeConfiguration" => self.configuration_changed(params),
            _ => {}
        }
        Ok(())
    }

    fn initialize(&mut self, params: Params<'_>) -> Answer {
        let client = Client::of(params)?;
        self.client = Some(client);
        self.phase = Phase::Running;
        for folder in client::folders(params) {
            self.workspace.open(&folder);
        }
        if let Some(options) = params.get("/initializationOptions") {
            self.configure(options.get(SOURCE).unwrap_or(options));
        }
        let info = json!({ "name": SOURCE, "version": env!("CARGO_PKG_VERSION") });
        Ok(json!({ "capabilities": capabilities(client), "serverInfo": info }))
    }

    fn initialized(&mut self) {
        let Some(client) = self.client else { return };
        let mut registrations = Vec::new();
        if client.watches {
            let watchers = ["**/imagelint.toml", "**/*.json"].map(|glob| json!({ "globPattern": glob }));
            let options = json!({ "watchers": watchers });
            registrations.push(json!({
                "id": "imagelint-files", "method": "workspace/didChangeWatchedFiles", "registerOptions": options
            }));
        }
        if client.has_configuration {
            let options = json!({ "section": SOURCE });
            registrations.push(json!({
                "id": "imagelint-settings", "method": "workspace/didChangeConfiguration", "registerOptions": options
            }));
        }
        if !registrations.is_empty() {
            self.ask("client/registerCapability", &json!({ "registrations": registrations }), Question::Other);
        }
        self.ask_for_configuration();
    }

    fn ask_for_configuration(&mut self) {
        if self.client.is_some_and(|client| client.has_configuration) {
            let items = json!({ "items": [{ "section": SOURCE }] });
            self.ask("workspace/configuration", &items, Question::Configuration);
        }
    }

    fn configuration_changed(&mut self, params: Params<'_>) {
        match params.get("/settings").filter(|settings| settings.is_object()) {
            Some(settings) if !self.client.is_some_and(|client| client.has_configuration) => {
                self.configure(settings.get(SOURCE).unwrap_or(settings));
            }
            _ => self.ask_for_configuration(),
        }
    }

    fn did_open(&mut self, params: Params<'_>) -> Result<(), WrongParams> {
        let open = Open::new(params, |path| self.workspace.is_settings(path))?;
        let is_settings = open.role == Role::Settings;
        if let Some(path) = open.path.as_deref().filter(|_| is_settings)
            && self.faulty.remove(path).is_some()
        {
            self.push(&uri_of(path), None, &[]);
        }
        self.open.insert(open.uri.clone(), open);
        if is_settings {
            self.settings_changed();
        }
        Ok(())
    }

    fn did_change(&mut self, params: Params<'_>) -> Result<(), WrongParams> {
        let (uri, version) = (params.document()?, params.version()?);
        let changes = params.items("/contentChanges")?.map(Change::of).collect::<Result<Vec<_>, _>>()?;
        let (Some(client), Some(open)) = (self.client, self.open.get_mut(uri)) else { return Ok(()) };
        open.edit(version, &changes, client.encoding);
        let (waiting, is_settings) = (std::mem::take(&mut open.waiting), open.role == Role::Settings);
        for waiting in waiting {
            let data = Some(json!({ "retriggerRequest": true }));
            let failure = Failure::new(Failure::SERVER_CANCELLED, "the text has changed");
            self.answer(&waiting.id, Err(Failure { data, ..failure }));
        }
        if is_settings {
            self.settings_changed();
        }
        Ok(())
    }

    fn did_close(&mut self, params: Params<'_>) -> Result<(), WrongParams> {
        let uri = params.document()?;
        let Some(mut open) = self.open.remove(uri) else { return Ok(()) };
        open.cancel();
        for waiting in std::mem::take(&mut open.waiting) {
            self.answer(&waiting.id, Ok(report("", None, &[])));
        }
        if !self.client.is_some_and(|client| client.pulls) {
            self.push(uri, None, &[]);
        }
        if open.role == Role::Settings {
            self.settings_changed();
        }
        Ok(())
    }

    fn files_changed(&mut self, params: Params<'_>) -> Result<(), WrongParams> {
        let mut paths = params.items("/changes")?.filter_map(|change| path_of(change.text("/uri").ok()?));
        if paths.any(|path| self.workspace.depends_on(&path)) {
            self.workspace.forget();
            self.said.clear();
            self.settings_changed();
        }
        Ok(())
    }

    fn folders_changed(&mut self, params: Params<'_>) -> Result<(), WrongParams> {
        let path = |folder: Params<'_>| path_of(folder.text("/uri").ok()?);
        let (added, removed) = (params.items("/event/added")?, params.items("/event/removed")?);
        removed.filter_map(path).for_each(|folder| self.workspace.close(&folder));
        added.filter_map(path).for_each(|folder| self.workspace.open(&folder));
        self.settings_changed();
        Ok(())
    }

    /// Answers a request for the diagnostics of a text, or lets it wait for a check that is under way.
    fn pull(&mut self, id: &Value, params: Params<'_>) -> Result<Option<Value>, WrongParams> {
        let uri = params.document()?;
        self.refresh(uri);
        let previous = params.text("/previousResultId").ok();
        let (Some(client), Some(open)) = (self.client, self.open.get_mut(uri)) else {
            return Ok(Some(report("", None, &[])));
        };
        Ok(match open.found() {
            Some(found) => Some(report(&open.report_id(), previous, &diagnostics(open, found, client))),
            None => {
                open.waiting.push(Waiting { id: id.clone(), previous: previous.map(str::to_owned) });
                None
            }
        })
    }

    /// Checks a text if it is due, but for a large one.
    fn refresh(&mut self, uri: &str) {
        if self.open.get(uri).is_some_and(|open| open.due.is_some() && !open.is_large()) {
            self.check(uri);
        }
    }

    /// What a function makes of a position in a text, its findings and its offset; null for a text that is not open.
    fn at(&mut self, params: Params<'_>, make: impl FnOnce(&Open, &[Found], usize, Client) -> Option<Value>) -> Answer {
        let (uri, position) = (params.document()?, params.position("/position")?);
        self.refresh(uri);
        let (Some(client), Some(open)) = (self.client, self.open.get(uri)) else { return Ok(Value::Null) };
        if open.role != Role::Capture {
            return Ok(Value::Null);
        }
        let offset = open.lines.offset(&open.text, position, client.encoding);
        Ok(make(open, open.found().unwrap_or_default(), offset, client).unwrap_or_default())
    }

    fn code_actions(&mut self, params: Params<'_>) -> Answer {
        let (uri, range) = (params.document()?, params.range()?);
        self.refresh(uri);
        let (Some(client), Some(open)) = (self.client, self.open.get(uri)) else { return Ok(json!([])) };
        let Some(found) = open.found().filter(|_| open.role == Role::Capture) else { return Ok(json!([])) };
        let only = params.texts("/context/only");
        let only = only.as_deref();
        let bytes = open.lines.bytes(&open.text, range, client.encoding);
        let touches = |found: &&Found| found.bytes().start <= bytes.end && bytes.start <= found.bytes().end;
        let actor = Actor { open, client };
        let mut actions: Vec<CodeAction> = Vec::new();
        if wants(only, QUICK_FIX) {
            let here: Vec<&Found> = found.iter().filter(touches).collect();
            let target = (!here.is_empty()).then(|| self.target(open)).flatten();
            actions.extend(actor.for_findings(&here, target.as_ref()));
        }
        // To try all fixes takes several checks: unless they are asked for, a large text is left alone.
        let is_asked = only.is_some_and(|only| !only.is_empty());
        let has_fixes = || found.iter().any(|found| found.finding.fix().is_some());
        if wants(only, FIX_ALL_KIND) && (is_asked || !open.is_large()) && has_fixes() {
            actions.extend(actor.fix_all());
        }
        Ok(json!(actions))
    }

    /// The settings file that ignores for a text are written to; none if it cannot be read.
    fn target(&self, open: &Open) -> Option<Target> {
        let texts = |path: &std::path::Path| text_of_settings(&self.open, path);
        let path = self.workspace.settings_for(open.path.as_deref(), &texts)?;
        let (uri, found) = match open_at(&self.open, &path) {
            Some(open) => (open.uri.clone(), Some((open.text.clone(), Some(open.version)))),
            None if fs::symlink_metadata(&path).is_err() => (uri_of(&path), None),
            None => (uri_of(&path), Some((read(&path).ok()?.text, None))),
        };
        Some(Target { uri, path, found })
    }

    fn execute(&mut self, params: Params<'_>) -> Answer {
        let command = params.text("/command")?;
        let arguments = params.get("/arguments").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let failed = |message: &str| Err(Failure::new(Failure::REQUEST_FAILED, message));
        let text = |place: usize| arguments.get(place).and_then(Value::as_str);
        match command {
            actions::EXPLAIN => explain(text(0).unwrap_or_default())
                .map(Value::from)
                .map_err(|message| Failure::new(Failure::REQUEST_FAILED, message)),
            actions::OPEN_PAGE => {
                let rule = known(text(0).unwrap_or_default());
                let rule = rule.map_err(|message| Failure::new(Failure::REQUEST_FAILED, message))?;
                let address = page::address(rule);
                if self.client.is_some_and(|client| client.shows_documents) {
                    let shown = json!({ "uri": address, "external": true });
                    self.ask("window/showDocument", &shown, Question::Other);
                } else {
                    let message = format!("{}: {address}", rule.name);
                    let shown = json!({ "type": severity::INFORMATION, "message": message });
                    self.notify("window/showMessage", &shown);
                }
                Ok(Value::Null)
            }
            actions::SHOW_REASON => {
                let Some(uri) = text(0) else { return failed("the address of the settings is missing") };
                let mut shown = json!({ "uri": uri, "takeFocus": true });
                if let Some(range) = arguments.get(1) {
                    shown["selection"] = range.clone();
                }
                self.ask("window/showDocument", &shown, Question::Other);
                Ok(Value::Null)
            }
            actions::IGNORE => self.ignore(arguments.first().unwrap_or(&Value::Null)),
            actions::FIX_ALL => {
                let Some(uri) = text(0) else { return failed("the address of the text is missing") };
                self.refresh(uri);
                let (Some(client), Some(open)) = (self.client, self.open.get(uri)) else {
                    return failed("the text is not open");
                };
                let fixes = Actor { open, client }.fix_all();
                let edit = fixes.and_then(|action| action.edit);
                if let Some(edit) = &edit {
                    self.ask("workspace/applyEdit", &json!({ "label": "imagelint", "edit": edit }), Question::Other);
                }
                Ok(Value::Bool(edit.is_some()))
            }
            other => failed(&format!("there is no command `{other}`")),
        }
    }

    /// Adds an ignore to the settings of a text: `uri`, `rule`, `reason` and, unless it is for the whole file, `pointer` or
    /// the `position` of a finding.
    fn ignore(&mut self, given: &Value) -> Answer {
        let failure = |message: String| Failure::new(Failure::REQUEST_FAILED, message);
        let text = |name: &str| given.get(name).and_then(Value::as_str);
        let rule = known(text("rule").unwrap_or_default()).map_err(failure)?;
        let reason = text("reason").filter(|reason| !reason.trim().is_empty());
        let reason = reason.ok_or_else(|| failure("the reason is empty".to_owned()))?;
        let pointer = text("pointer").map(pattern).transpose().map_err(failure)?;
        let open = text("uri").and_then(|uri| self.open.get(uri));
        let (Some(client), Some(open)) = (self.client, open) else {
            return Err(failure("the text is not open".to_owned()));
        };
        let at = Params(given).position("/position").ok();
        let offset = at.map(|at| open.lines.offset(&open.text, at, client.encoding));
        let is_it = |found: &&Found| found.finding.rule() == rule && offset.is_some_and(|offset| is_on(found, offset));
        let found = open.found().unwrap_or_default().iter().find(is_it);
        let pointer = pointer.or_else(|| found.map(|found| found.finding.location().whole_pointer()));
        let target = self.target(open).ok_or_else(|| failure("there are no settings to write to".to_owned()))?;
        let name = open.path.as_deref().and_then(|path| target.name_of(path));
        let path = crate::settings::edit::glob_of(&name.unwrap_or_default());
        let edit = target.with(&NewIgnore { path, rule: rule.name, pointer }, reason, client);
        let (edit, _) = edit.ok_or_else(|| failure(format!("{} has mistakes", target.path.display())))?;
        self.ask("workspace/applyEdit", &json!({ "label": "imagelint", "edit": edit }), Question::Other);
        Ok(Value::Null)
    }
}

/// A report of the diagnostics of a text. `id` names it, and `previous` the one that the client has.
pub(super) fn report(id: &str, previous: Option<&str>, diagnostics: &[Value]) -> Value {
    match previous {
        Some(previous) if previous == id && !id.is_empty() => json!({ "kind": "unchanged", "resultId": id }),
        _ if id.is_empty() => json!({ "kind": "full", "items": diagnostics }),
        _ => json!({ "kind": "full", "resultId": id, "items": diagnostics }),
    }
}

fn capabilities(client: Client) -> Value {
    json!({
        "positionEncoding": client.encoding.name(),
        // Changes are sent as edits.
        "textDocumentSync": { "openClose": true, "change": 2, "save": true },
        "codeActionProvider": { "codeActionKinds": [QUICK_FIX, FIX_ALL_KIND] },
        "hoverProvider": true,
        "completionProvider": { "triggerCharacters": ["\""] },
        "diagnosticProvider": { "identifier": SOURCE, "interFileDependencies": true, "workspaceDiagnostics": false },
        "executeCommandProvider": { "commands": COMMANDS },
        "workspace": { "workspaceFolders": { "supported": true, "changeNotifications": true } },
    })
}
