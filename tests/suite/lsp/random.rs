//! Long sessions: edits at random, and secrets in what is edited.

use std::collections::BTreeMap;

use fastrand::Rng;
use serde_json::{Value, json};

use super::FAULTY;
use super::client::{Client, list, position_of};
use crate::common::{DEMO, Scratch, text};

/// What people and their tools write.
const PIECES: [&str; 16] =
    ["\"", "{", "}", "[", "]", ",", ":", "x", "1", " ", "\n", "\"platform\": ", "\"linux\"", "é", "😀", "\r\n"];

/// The position of an offset in units of UTF-16.
fn position(text: &str, at: usize) -> Value {
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    json!({ "line": before.matches('\n').count(), "character": before[start..].encode_utf16().count() })
}

#[test]
fn after_a_thousand_edits_the_diagnostics_are_those_of_a_fresh_check() {
    let folder = Scratch::new("lsp-random");
    for (name, start, seed) in [("a.json", text(DEMO), 7), ("b.jsonl", FAULTY.replace('\n', " ") + "\n" + FAULTY, 8)] {
        let mut rng = Rng::with_seed(seed);
        let mut client = Client::start(&folder, json!({}));
        let mut text = start;
        client.check(name, &text);
        let original = text.clone();
        for edit in 0..1000 {
            let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            // Not inside of a line end: there, a client has no position.
            let is_good = |at: &usize| !text[..*at].ends_with('\r');
            let boundaries: Vec<usize> = boundaries.into_iter().filter(is_good).collect();
            let start = rng.usize(..boundaries.len());
            let end = (start + rng.usize(..4)).min(boundaries.len() - 1);
            let piece = PIECES[rng.usize(..PIECES.len())];
            let (start, end) = (boundaries[start], boundaries[end]);
            let range = json!({ "start": position(&text, start), "end": position(&text, end) });
            let mut changes = vec![json!({ "range": range, "text": piece })];
            text.replace_range(start..end, piece);
            // Most edits of people are undone or mended, so that there is something to find.
            if edit % 50 == 49 {
                changes.push(json!({ "text": original }));
                text.clone_from(&original);
            }
            client.change(name, Value::from(changes));
            if edit % 10 == 0 {
                let boundary = text.char_indices().map(|(at, _)| at).nth(rng.usize(..text.len() / 4)).unwrap_or(0);
                let at = position(&text, boundary);
                client.at("textDocument/hover", name, &at);
                client.at("textDocument/completion", name, &at);
                client.actions(name, &at, None);
            }
        }
        for last in ["", "\"platform\": \"linux\", "] {
            let at = text.find("\"image\"").map_or(0, |at| at + "\"image\": {".len());
            let at_position = position(&text, at);
            client.change(name, json!([{ "range": { "start": at_position, "end": at_position }, "text": last }]));
            text.insert_str(at, last);
            let found = client.pushed(name);
            folder.write(name, &text);
            let ran = folder.run(&["--format", "json", "--skip-unknown", name]);
            let report: Value = serde_json::from_str(&ran.stdout).expect("a report");
            let expected = list(&report["findings"]);
            let of_report = |found: &Value| (found["rule"].to_string(), found["message"].to_string());
            let of_server = |found: &Value| (found["code"].to_string(), found["message"].to_string());
            let mut expected: Vec<_> = expected.iter().map(of_report).collect();
            let mut found: Vec<_> = found.iter().map(of_server).collect();
            expected.sort();
            found.sort();
            assert!(!found.is_empty());
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(client.finish(), 0);
    }
}

#[test]
fn no_message_has_a_secret_in_it() {
    const SECRET: &str = "hunter2hunter2";
    let folder = Scratch::new("lsp-secrets");
    let parameters = format!("[{{\"name\": \"DbPassword\", \"value\": [\"{SECRET}\"], \"Value\": \"{SECRET}\"}}]");
    let query =
        format!("https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F1&X-Amz-Signature={SECRET}");
    let faulty = format!(
        "{{\"image\": {{\"Arn\": \"arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1\", \"Platform\": \"linux\", \
         \"tags\": {{\"url\": \"{query}\", \"password\": \"{SECRET}\"}}, \"state\": {{\"status\": \"{query}\"}},\n\
         \"imageRecipe\": {{\"arn\": \"\", \"components\": [{{\"parameters\": {parameters}}}]}}}}}}"
    );
    let edits = json!({ "workspaceEdit": { "documentChanges": true } });
    let mut client = Client::start(&folder, json!({ "workspace": edits }));
    let diagnostics = client.check("a.json", &faulty);
    assert!(diagnostics.len() > 3, "{diagnostics:?}");
    let places: Vec<usize> = (0..faulty.len()).step_by(7).collect();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for at in places {
        let at = position_of(&faulty, at);
        for method in ["textDocument/hover", "textDocument/completion"] {
            *seen.entry(method).or_default() += usize::from(!client.at(method, "a.json", &at).is_null());
        }
        *seen.entry("actions").or_default() += client.actions("a.json", &at, None).len();
    }
    assert!(seen.values().all(|count| *count > 10), "{seen:?}");
    // Broken, and in a string, too.
    client.replace("a.json", &faulty[..faulty.len() - 3]);
    client.pushed("a.json");
    let wrapped = json!({ "statusCode": 200, "body": faulty }).to_string();
    client.replace("a.json", &wrapped);
    client.pushed("a.json");
    for at in (0..wrapped.len()).step_by(29) {
        client.at("textDocument/hover", "a.json", &position_of(&wrapped, at));
    }
    client.finish();
    for message in &client.sent {
        assert!(!message.to_string().contains(SECRET), "{message:#}");
    }
}
