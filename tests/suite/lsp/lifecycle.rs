//! The start and the end of a conversation, and what must not end it.

use serde_json::{Value, json};

use super::client::Client;
use super::{FAULTY, rules};
use crate::common::{Scratch, path, run};

#[test]
fn a_conversation_ends_as_it_should_or_is_reported() {
    let mut client = Client::start(&path(""), json!({}));
    assert_eq!(client.server["serverInfo"]["name"], "imagelint");
    assert_eq!(client.finish(), 0);
    let mut client = Client::start(&path(""), json!({}));
    client.notify("exit", Value::Null);
    assert_eq!(client.status(), 1, "without `shutdown`");
    let mut client = Client::start(&path(""), json!({}));
    client.hang_up();
    assert_eq!(client.status(), 1, "the client is gone");
    run(&["lsp", "--help"]).says("Language Server Protocol").ends_with(0);
}

#[test]
fn requests_out_of_order_are_refused() {
    let code = |answer: &Value| answer["error"]["code"].as_i64();
    let mut client = Client::spawn(&path(""), &["--stdio"]);
    let id = client.ask("textDocument/hover", json!({}));
    assert_eq!(code(&client.answer(id)), Some(-32002));
    client.request("initialize", json!({ "capabilities": {} }));
    for (method, params, expected) in [
        ("initialize", json!({ "capabilities": {} }), -32600),
        ("textDocument/unheard", json!({}), -32601),
        ("textDocument/hover", json!({ "position": "here" }), -32602),
        ("workspace/executeCommand", json!({ "command": "imagelint.unheard" }), -32803),
        ("workspace/executeCommand", json!({ "command": "imagelint.explain", "arguments": ["unheard"] }), -32803),
    ] {
        let id = client.ask(method, params);
        let answer = client.answer(id);
        assert_eq!(code(&answer), Some(expected), "{method}: {answer}");
    }
    client.request("shutdown", Value::Null);
    let id = client.ask("textDocument/hover", json!({}));
    assert_eq!(code(&client.answer(id)), Some(-32600));
    client.notify("exit", Value::Null);
    assert_eq!(client.status(), 0);
}

#[test]
fn nothing_that_a_client_sends_ends_the_server() {
    let mut client = Client::start(&path(""), json!({}));
    for frame in [
        "noise\r\n\r\n",
        "Content-Length: nine\r\n\r\n",
        "Content-Length: 99999999999999999999\r\n\r\n",
        "Content-Length: 1\r\n\r\n{",
        "Content-Length: 2\r\n\r\n[]",
        "Content-Length: 7\r\nContent-Type: x\r\n\r\n{\"id\":1",
    ] {
        client.write(frame.as_bytes());
    }
    let error = client.wait(|message| message["id"].is_null() && message.get("error").is_some());
    assert_eq!(error["error"]["code"], -32700);
    for method in ["textDocument/didOpen", "textDocument/didChange", "$/unheard", "workspace/didChangeWatchedFiles"] {
        client.notify(method, json!({ "textDocument": 7 }));
    }
    client.send(&json!({ "jsonrpc": "2.0", "id": 77, "result": 1 }));
    let nowhere = json!({ "line": u32::MAX, "character": u32::MAX });
    assert_eq!(client.at("textDocument/hover", "closed.json", &nowhere), Value::Null);
    client.open("a.json", FAULTY);
    for method in ["textDocument/hover", "textDocument/completion"] {
        client.at(method, "a.json", &nowhere);
    }
    client.change(
        "a.json",
        json!([{ "range": { "start": nowhere, "end": { "line": 0, "character": 0 } }, "text": "x" }]),
    );
    assert_eq!(rules(&client.pushed("a.json")), [""; 0], "all of it is replaced by an `x`, which nobody claims");
    assert_eq!(client.finish(), 0);
}

#[test]
fn a_large_text_is_checked_beside_the_conversation() {
    let folder = Scratch::new("lsp-large");
    let mut client = Client::start(&folder, json!({ "textDocument": { "diagnostic": {} } }));
    // Mostly white space: what counts is the size.
    let line = format!("{}{}\n", FAULTY.replace('\n', " "), " ".repeat(3 << 10));
    client.open("a.jsonl", &line.repeat(400));
    let document = json!({ "uri": client.uri("a.jsonl") });
    let waiting = client.ask("textDocument/diagnostic", json!({ "textDocument": document }));
    let nowhere = json!({ "line": 0, "character": 0 });
    client.change("a.jsonl", json!([{ "range": { "start": nowhere, "end": nowhere }, "text": " " }]));
    let error = &client.answer(waiting)["error"];
    assert_eq!((&error["code"], &error["data"]["retriggerRequest"]), (&json!(-32802), &json!(true)));
    let waiting = client.ask("textDocument/diagnostic", json!({ "textDocument": document }));
    // Other requests do not wait for it.
    let hover = client.at("textDocument/hover", "closed.json", &nowhere);
    assert_eq!((hover, client.sent.iter().any(|message| message["id"] == waiting)), (Value::Null, false));
    let report = client.answer(waiting);
    assert_eq!(report["result"]["items"].as_array().map(Vec::len), Some(800));
    assert_eq!(client.finish(), 0);
}

#[test]
fn a_request_that_is_cancelled_before_its_turn_is_not_answered_with_a_result() {
    let mut client = Client::start(&path(""), json!({}));
    client.open("a.json", FAULTY);
    let document = json!({ "uri": client.uri("a.json") });
    let message =
        |id: i64| json!({ "id": id, "method": "textDocument/diagnostic", "params": { "textDocument": document } });
    let cancel = json!({ "method": "$/cancelRequest", "params": { "id": 901 } });
    let frame = |message: Value| format!("Content-Length: {}\r\n\r\n{message}", message.to_string().len());
    let frames: String = [message(900), message(901), cancel, message(902)].into_iter().map(frame).collect();
    client.write(frames.as_bytes());
    assert!(client.answer(900)["result"].is_object() && client.answer(902)["result"].is_object());
    // It may have been faster than its cancellation.
    let answer = client.answer(901);
    assert!(answer["error"]["code"] == -32800 || answer["result"].is_object(), "{answer}");
}
