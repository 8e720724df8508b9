//! A document is edited at random in a conversation with the language server: every request is answered, nothing fails
//! inside, no secret is told, and the diagnostics in the end are those of a server that knows the last text only.
#![no_main]

use imagelint::fuzzing::Session;
use imagelint_fuzz::{CANARY, mutate, mutate_in_place, plant, rng};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::{Value, json};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_in_place(data, size, max_size, seed)
});

const URI: &str = "file:///nowhere/a.json";

/// Sends a message, and returns what comes back.
fn send(session: &mut Session, message: &Value) -> Vec<Value> {
    let messages = session.send(&message.to_string());
    for message in &messages {
        assert_ne!(message["error"]["code"], -32603, "{message}");
    }
    if let Some(id) = message.get("id") {
        assert_eq!(messages.iter().filter(|answer| answer["id"] == *id).count(), 1, "{message}");
    }
    messages
}

fn opened(encoding: &str, text: &str) -> (Session, Vec<Value>) {
    let mut session = Session::default();
    let capabilities = json!({ "general": { "positionEncodings": [encoding] } });
    send(&mut session, &json!({ "id": 0, "method": "initialize", "params": { "capabilities": capabilities } }));
    let item = json!({ "uri": URI, "languageId": "json", "version": 0, "text": text });
    let open = json!({ "method": "textDocument/didOpen", "params": { "textDocument": item } });
    let messages = send(&mut session, &open);
    (session, messages)
}

/// The diagnostics that come last.
fn last(messages: &[Value]) -> Option<Value> {
    let pushed = messages.iter().rev().find(|message| message["method"] == "textDocument/publishDiagnostics");
    pushed.map(|message| message["params"]["diagnostics"].clone())
}

fuzz_target!(|data: &[u8]| {
    let mut rng = rng(data);
    let planted = plant(data, &mut rng);
    let Ok(first) = std::str::from_utf8(planted.as_deref().unwrap_or(data)) else { return };
    let encoding = ["utf-8", "utf-16", "utf-32"][rng.usize(..3)];
    let (mut session, mut messages) = opened(encoding, first);
    let mut text = first.to_owned();
    for version in 1..6 {
        let mut position = || json!({ "line": rng.u32(..9), "character": rng.u32(..99) });
        let (start, end) = (position(), position());
        let document = json!({ "uri": URI, "version": version });
        let at = json!({ "textDocument": document, "position": start });
        for method in ["hover", "completion", "diagnostic"] {
            let method = format!("textDocument/{method}");
            messages.extend(send(&mut session, &json!({ "id": 1, "method": method, "params": at })));
        }
        let range = json!({ "start": start, "end": end });
        let params = json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } });
        messages.extend(send(&mut session, &json!({ "id": 2, "method": "textDocument/codeAction", "params": params })));
        if version == 1 && planted.is_some() {
            // Later on, the secret may have become a name.
            messages.iter().for_each(|message| assert!(!message.to_string().contains(CANARY), "{message}"));
        }
        // A part is replaced, and then all of it, so that the text is known.
        let mut bytes = text.clone().into_bytes();
        mutate(&mut bytes, &mut rng);
        text = String::from_utf8(bytes).unwrap_or(text);
        let changes = json!([{ "range": range, "text": "\"é😀" }, { "text": text }]);
        let params = json!({ "textDocument": document, "contentChanges": changes });
        messages.extend(send(&mut session, &json!({ "method": "textDocument/didChange", "params": params })));
    }
    let (_, fresh) = opened(encoding, &text);
    assert_eq!(last(&messages), last(&fresh), "{text}");
});
