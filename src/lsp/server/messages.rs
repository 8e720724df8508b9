//! The messages that the server sends.

use serde_json::{Value, json};

use crate::lsp::protocol::severity;
use crate::lsp::server::{Answer, Failure, Question, Server};

impl Server {
    /// Says something to the user, once.
    pub(super) fn say(&mut self, message: &str) {
        if self.said.insert(message.to_owned()) {
            let message = format!("imagelint: {message}");
            self.notify("window/showMessage", &json!({ "type": severity::WARNING, "message": message }));
        }
    }

    /// Writes to the log of the editor.
    pub(super) fn log(&mut self, level: u8, message: &str) {
        self.notify("window/logMessage", &json!({ "type": level, "message": message }));
    }

    /// Sends a notification.
    pub(super) fn notify(&mut self, method: &str, params: &Value) {
        self.messages.push(json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Asks the client something.
    pub(super) fn ask(&mut self, method: &str, params: &Value, question: Question) {
        let id = self.next_question;
        self.next_question += 1;
        self.questions.insert(id, question);
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        if !params.is_null() {
            message["params"] = params.clone();
        }
        self.messages.push(message);
    }

    /// Sends the answer to a request.
    pub(super) fn answer(&mut self, id: &Value, answer: Answer) {
        self.messages.push(match answer {
            Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
            Err(Failure { code, message, data: None }) => {
                json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
            }
            Err(Failure { code, message, data: Some(data) }) => {
                json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message, "data": data } })
            }
        });
    }
}
