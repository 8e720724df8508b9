//! A client of the language server: starts the program, and speaks the protocol with it.

#![expect(clippy::needless_pass_by_value, reason = "callers write their parameters in place")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::common::program;

/// How long a message may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client with its server.
pub(crate) struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// What the server has sent, and nobody has asked for yet.
    unread: Vec<Value>,
    /// Everything that the server has sent.
    pub(crate) sent: Vec<Value>,
    folder: String,
    next_id: i64,
    version: i64,
    /// What `initialize` was answered.
    pub(crate) server: Value,
}

impl Client {
    /// Starts a server for a folder, and a client that can do this.
    pub(crate) fn start(folder: &Path, capabilities: Value) -> Self {
        let uri = format!("file://{}", folder.display());
        let params = json!({
            "processId": null, "rootUri": uri, "capabilities": capabilities,
            "workspaceFolders": [{ "uri": uri, "name": "folder" }]
        });
        Client::start_with(folder, &params)
    }

    /// Starts a server with the parameters of `initialize`.
    pub(crate) fn start_with(folder: &Path, params: &Value) -> Self {
        let mut client = Client::spawn(folder, &[]);
        client.server = client.request("initialize", params.clone());
        client.notify("initialized", json!({}));
        client
    }

    /// Starts a server that is not initialized.
    pub(crate) fn spawn(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = program()
            .arg("lsp")
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stdin = child.stdin.take();
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || {
            loop {
                let (mut length, mut line) = (0, String::new());
                while stdout.read_line(&mut line).is_ok_and(|count| count > 2) {
                    let value = line.strip_prefix("Content-Length: ").expect("the only header");
                    length = value.trim().parse().expect("a length");
                    line.clear();
                }
                let mut body = vec![0; length];
                if length == 0 || stdout.read_exact(&mut body).is_err() {
                    return;
                }
                let message = serde_json::from_slice(&body).expect("a message is JSON");
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Client {
            child,
            stdin,
            messages,
            unread: Vec::new(),
            sent: Vec::new(),
            folder: format!("file://{}", folder.display()),
            next_id: 0,
            version: 0,
            server: Value::Null,
        }
    }

    /// The address of a file in the folder.
    pub(crate) fn uri(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }

    /// Writes bytes as they are.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().expect("it is open");
        stdin.write_all(bytes).and_then(|()| stdin.flush()).expect("the server reads");
    }

    /// Sends a message.
    pub(crate) fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.write(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and returns its id.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params }));
        self.next_id
    }

    /// The answer to a request, as a whole.
    pub(crate) fn answer(&mut self, id: i64) -> Value {
        self.wait(|message| message.get("method").is_none() && message["id"] == id)
    }

    /// The result of a request.
    #[track_caller]
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        let answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Waits for a message.
    #[track_caller]
    pub(crate) fn wait(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            if let Some(place) = self.unread.iter().position(&is_it) {
                return self.unread.remove(place);
            }
            let message = self.messages.recv_timeout(PATIENCE).expect("the server sends a message in time");
            self.sent.push(message.clone());
            self.unread.push(message);
        }
    }

    /// Waits for a message of that method.
    #[track_caller]
    pub(crate) fn told(&mut self, method: &str) -> Value {
        self.wait(|message| message["method"] == method)
    }

    /// Answers a question of the server with a result.
    pub(crate) fn reply(&mut self, question: &Value, result: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "id": question["id"], "result": result }));
    }

    /// Opens a text.
    pub(crate) fn open(&mut self, name: &str, text: &str) {
        self.version += 1;
        let is_settings = Path::new(name).extension().is_some_and(|extension| extension == "toml");
        let language = if is_settings { "toml" } else { "json" };
        let item = json!({ "uri": self.uri(name), "languageId": language, "version": self.version, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": item }));
    }

    /// Makes changes of an open text.
    pub(crate) fn change(&mut self, name: &str, changes: Value) {
        self.version += 1;
        let document = json!({ "uri": self.uri(name), "version": self.version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// Replaces an open text.
    pub(crate) fn replace(&mut self, name: &str, text: &str) {
        self.change(name, json!([{ "text": text }]));
    }

    pub(crate) fn close(&mut self, name: &str) {
        let document = json!({ "uri": self.uri(name) });
        self.notify("textDocument/didClose", json!({ "textDocument": document }));
    }

    /// The diagnostics that are pushed for the last version of a text.
    #[track_caller]
    pub(crate) fn pushed(&mut self, name: &str) -> Vec<Value> {
        let (uri, version) = (self.uri(name), self.version);
        let is_it = |message: &Value| {
            let params = &message["params"];
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri
                && params["version"] == version
        };
        list(&self.wait(is_it)["params"]["diagnostics"])
    }

    /// The diagnostics of a text that may not be open, whatever version they are of.
    #[track_caller]
    pub(crate) fn pushed_next(&mut self, name: &str) -> Vec<Value> {
        let uri = self.uri(name);
        let method = "textDocument/publishDiagnostics";
        let message = self.wait(|message| message["method"] == method && message["params"]["uri"] == uri);
        list(&message["params"]["diagnostics"])
    }

    /// Opens a text and returns its diagnostics.
    #[track_caller]
    pub(crate) fn check(&mut self, name: &str, text: &str) -> Vec<Value> {
        self.open(name, text);
        self.pushed(name)
    }

    /// The diagnostics that are asked for.
    #[track_caller]
    pub(crate) fn pulled(&mut self, name: &str) -> Value {
        let document = json!({ "uri": self.uri(name) });
        self.request("textDocument/diagnostic", json!({ "textDocument": document }))
    }

    /// A request about a position.
    #[track_caller]
    pub(crate) fn at(&mut self, method: &str, name: &str, position: &Value) -> Value {
        let document = json!({ "uri": self.uri(name) });
        self.request(method, json!({ "textDocument": document, "position": position }))
    }

    /// The actions for a position of a text.
    #[track_caller]
    pub(crate) fn actions(&mut self, name: &str, at: &Value, only: Option<&str>) -> Vec<Value> {
        let mut context = json!({ "diagnostics": [] });
        if let Some(only) = only {
            context["only"] = json!([only]);
        }
        let range = json!({ "start": at, "end": at });
        let document = json!({ "uri": self.uri(name) });
        list(&self.request(
            "textDocument/codeAction",
            json!({ "textDocument": document, "range": range, "context": context }),
        ))
    }

    /// Ends the conversation in the proper order, and returns the exit status.
    pub(crate) fn finish(&mut self) -> i32 {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.status()
    }

    /// Closes standard input.
    pub(crate) fn hang_up(&mut self) {
        drop(self.stdin.take());
    }

    /// The exit status.
    pub(crate) fn status(&mut self) -> i32 {
        self.child.wait().expect("the server ends").code().expect("it was not killed")
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The items of an array.
#[track_caller]
pub(crate) fn list(value: &Value) -> Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no array: {value}")).clone()
}

/// The position at which a part of a text starts, in a text of ASCII.
pub(crate) fn position(text: &str, part: &str) -> Value {
    let at = text.find(part).unwrap_or_else(|| panic!("no {part}"));
    position_of(text, at)
}

/// The position of an offset, in a text of ASCII.
pub(crate) fn position_of(text: &str, at: usize) -> Value {
    let before = &text[..at];
    let line = before.matches('\n').count();
    json!({ "line": line, "character": at - before.rfind('\n').map_or(0, |end| end + 1) })
}

/// The text after the edits of an action in one file, in a text of ASCII.
pub(crate) fn edited(text: &str, edits: &[Value]) -> String {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let offset = |position: &Value| {
        let number = |name: &str| usize::try_from(position[name].as_u64().expect("a number")).expect("it is small");
        starts[number("line")] + number("character")
    };
    let mut edits: Vec<&Value> = edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(offset(&edit["range"]["start"])));
    let mut edited = text.to_owned();
    for edit in edits {
        let range = offset(&edit["range"]["start"])..offset(&edit["range"]["end"]);
        edited.replace_range(range, edit["newText"].as_str().expect("a text"));
    }
    edited
}
