//! Diagnostics, pushed and pulled, and the settings that they obey.

use std::fs;

use serde_json::{Value, json};

use super::client::{Client, list, position};
use super::{FAULTY, rules};
use crate::common::{DEMO, Scratch, text};

#[test]
fn findings_are_pushed_with_their_rules_pages_and_related_places() {
    let folder = Scratch::new("lsp-pushed");
    let mut client = Client::start(&folder, json!({}));
    let diagnostics = client.check("a.json", FAULTY);
    assert_eq!(rules(&diagnostics), ["member-name-case", "enum-value"]);
    let found = &diagnostics[0];
    assert_eq!(found["range"]["start"], position(FAULTY, "\"Platform\""));
    assert_eq!((&found["severity"], &found["source"]), (&json!(1), &json!("imagelint")), "{found}");
    assert!(found["message"].as_str().is_some_and(|message| message.contains("`Platform`")), "{found}");
    let page = found["codeDescription"]["href"].as_str().expect("a link");
    assert!(page.starts_with("https://") && page.ends_with("/docs/rules/member-name-case.md"), "{page}");
    let twice = FAULTY.replace("\"Platform\"", "\"platform\": \"Linux\", \"platform\"");
    client.replace("a.json", &twice);
    let diagnostics = client.pushed("a.json");
    let twice = diagnostics.iter().find(|found| found["code"] == "duplicate-json-key").expect("a finding");
    let related = list(&twice["relatedInformation"]);
    assert_eq!((related.len(), &related[0]["message"]), (1, &json!("first here")));
    assert_eq!(related[0]["location"]["uri"], client.uri("a.json"));
    client.close("a.json");
    assert!(client.pushed_next("a.json").is_empty(), "what is closed has no diagnostics");
}

#[test]
fn what_is_not_ours_is_passed_over() {
    let folder = Scratch::new("lsp-others");
    let mut client = Client::start(&folder, json!({}));
    for (name, text) in [
        ("package.json", "{\"name\": \"web\", \"version\": \"1.0\",}"),
        ("broken.json", "{\"name\": "),
        ("notes.md", FAULTY),
        ("Cargo.toml", "pedantik = true"),
        ("empty.json", ""),
    ] {
        let item = json!({ "uri": client.uri(name), "languageId": "plaintext", "version": 0, "text": text });
        client.notify("textDocument/didOpen", json!({ "textDocument": item }));
        assert!(client.pushed_next(name).is_empty(), "{name}");
    }
    // The editor's word counts where the name says nothing.
    let item = json!({ "uri": "untitled:Untitled-1", "languageId": "json", "version": 0, "text": FAULTY });
    client.notify("textDocument/didOpen", json!({ "textDocument": item }));
    let told = client.wait(|message| message["params"]["uri"] == "untitled:Untitled-1");
    assert_eq!(rules(&list(&told["params"]["diagnostics"])), ["member-name-case", "enum-value"]);
}

#[test]
fn diagnostics_are_pulled_and_only_once() {
    let folder = Scratch::new("lsp-pulled");
    let mut client = Client::start(&folder, json!({ "textDocument": { "diagnostic": {} } }));
    assert_eq!(client.server["capabilities"]["diagnosticProvider"]["identifier"], "imagelint");
    client.open("a.json", FAULTY);
    let report = client.pulled("a.json");
    assert_eq!(
        (&report["kind"], rules(&list(&report["items"]))),
        (&json!("full"), vec!["member-name-case", "enum-value"])
    );
    let again = json!({ "textDocument": { "uri": client.uri("a.json") }, "previousResultId": report["resultId"] });
    let unchanged = client.request("textDocument/diagnostic", again.clone());
    assert_eq!((&unchanged["kind"], &unchanged["resultId"]), (&json!("unchanged"), &report["resultId"]));
    client.replace("a.json", &FAULTY.replace("BUILDNG", "BUILDING"));
    let report = client.request("textDocument/diagnostic", again);
    assert_eq!(rules(&list(&report["items"])), ["member-name-case"]);
    let report = client.pulled("closed.json");
    assert_eq!((&report["kind"], &report["items"]), (&json!("full"), &json!([])));
    assert_eq!(client.finish(), 0);
    let is_pushed = |message: &Value| message["method"] == "textDocument/publishDiagnostics";
    assert!(!client.sent.iter().any(is_pushed), "a client that pulls would show them twice");
}

#[test]
fn the_nearest_settings_are_obeyed_and_watched() {
    let folder = Scratch::new("lsp-settings");
    folder.write("imagelint.toml", "[levels]\nenum-value = \"off\"\n").write("inner/x", "");
    let watching = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let mut client = Client::start(&folder, watching);
    let question = client.told("client/registerCapability");
    assert!(question.to_string().contains("**/imagelint.toml"), "{question}");
    client.reply(&question, Value::Null);
    assert_eq!(rules(&client.check("inner/a.json", FAULTY)), ["member-name-case"]);
    let ignore = "[[ignore]]\nrule = \"member-name-case\"\npath = \"a.json\"\nreason = \"the client's spelling\"\n";
    folder.write("inner/imagelint.toml", ignore);
    let changed = json!({ "changes": [{ "uri": client.uri("inner/imagelint.toml"), "type": 1 }] });
    client.notify("workspace/didChangeWatchedFiles", changed.clone());
    assert_eq!(rules(&client.pushed("inner/a.json")), ["enum-value"]);
    // What is open in the editor counts, even before it is saved.
    client.open("inner/imagelint.toml", &format!("{ignore}[levels]\nenum-value = \"info\"\n"));
    assert_eq!(client.pushed_next("inner/imagelint.toml"), Vec::<Value>::new());
    let diagnostics = client.pushed_next("inner/a.json");
    assert_eq!((rules(&diagnostics), &diagnostics[0]["severity"]), (vec!["enum-value"], &json!(3)));
    client.close("inner/imagelint.toml");
    fs::remove_file(folder.join("inner/imagelint.toml")).expect("the file");
    client.notify("workspace/didChangeWatchedFiles", changed);
    let other = json!({ "changes": [{ "uri": client.uri("unrelated.json"), "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", other);
    client.replace("inner/a.json", FAULTY);
    assert_eq!(rules(&client.pushed("inner/a.json")), ["member-name-case"]);
}

#[test]
fn baselines_and_exclusions_are_honoured() {
    let folder = Scratch::new("lsp-baseline");
    folder.write("imagelint.toml", "baseline = \"known.json\"\nexclude = [\"old/**\"]\n").write("a.json", FAULTY);
    folder.run(&["--baseline", "known.json", "--write-baseline", "a.json"]).ends_with(0);
    let mut client = Client::start(&folder, json!({}));
    assert_eq!(rules(&client.check("a.json", FAULTY)), [""; 0]);
    assert_eq!(rules(&client.check("b.json", FAULTY)), ["member-name-case", "enum-value"]);
    assert_eq!(rules(&client.check("old/a.json", FAULTY)), [""; 0]);
    folder.write("known.json", "{}");
    client.replace("a.json", FAULTY);
    assert!(client.told("window/showMessage").to_string().contains("known.json"), "it is said that it is no baseline");
    assert_eq!(client.pushed("a.json").len(), 2);
}

#[test]
fn mistakes_in_settings_are_diagnostics() {
    let folder = Scratch::new("lsp-mistakes");
    folder.write("imagelint.toml", "pedantik = true\n");
    let mut client = Client::start(&folder, json!({}));
    client.open("a.json", FAULTY);
    let mistakes = client.pushed_next("imagelint.toml");
    assert!(
        mistakes[0]["message"].as_str().is_some_and(|text| text.contains("did you mean `pedantic`?")),
        "{mistakes:?}"
    );
    // In the editor they are those of its text.
    client.open("imagelint.toml", "[levels]\nenum-valu = \"off\"\n");
    let mistakes = client.pushed("imagelint.toml");
    assert_eq!(mistakes[0]["range"]["start"], json!({ "line": 1, "character": 0 }), "{mistakes:?}");
    client.replace("imagelint.toml", "[levels]\nenum-value = \"off\"\n");
    assert!(client.pushed("imagelint.toml").is_empty());
    client.replace("a.json", FAULTY);
    assert_eq!(rules(&client.pushed("a.json")), ["member-name-case"]);
}

#[test]
fn settings_of_the_editor_override_those_of_files() {
    let folder = Scratch::new("lsp-editor");
    folder.write("imagelint.toml", "[levels]\nmember-name-case = \"info\"\n");
    let mut client = Client::start(&folder, json!({}));
    assert_eq!(client.check("a.json", FAULTY)[0]["severity"], 3);
    let configure = |client: &mut Client, settings: Value| {
        client.notify("workspace/didChangeConfiguration", json!({ "settings": { "imagelint": settings } }));
        client.replace("a.json", FAULTY);
        client.pushed("a.json")
    };
    let found = configure(&mut client, json!({ "level": { "member-name-case": "warning" }, "trace": "off" }));
    assert_eq!(found[0]["severity"], 2);
    assert_eq!(rules(&configure(&mut client, json!({ "only": ["enum-value"] }))), ["enum-value"]);
    assert_eq!(configure(&mut client, json!({ "config": "none" }))[0]["severity"], 1);
    configure(&mut client, json!({ "level": ["unheard=off"] }));
    assert!(client.told("window/showMessage").to_string().contains("unheard"));
    // A client that is asked for them is asked again when they change.
    let mut client = Client::start(&folder, json!({ "workspace": { "configuration": true } }));
    let question = client.told("workspace/configuration");
    client.reply(&question, json!([{ "level": ["enum-value=off"] }]));
    assert_eq!(rules(&client.check("a.json", FAULTY)), ["member-name-case"]);
    client.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    let question = client.told("workspace/configuration");
    client.reply(&question, json!([null]));
    client.replace("a.json", FAULTY);
    assert_eq!(client.pushed("a.json").len(), 2);
}

#[test]
fn several_folders_have_settings_of_their_own() {
    let folder = Scratch::new("lsp-folders");
    folder.write("one/imagelint.toml", "[levels]\nenum-value = \"off\"\n");
    folder.write("two/imagelint.toml", "[levels]\nmember-name-case = \"off\"\n");
    let open = |name: &str| json!({ "uri": format!("file://{}/{name}", folder.display()), "name": name });
    let params = json!({ "capabilities": {}, "workspaceFolders": [open("one")] });
    let mut client = Client::start_with(&folder, &params);
    assert_eq!(rules(&client.check("one/a.json", FAULTY)), ["member-name-case"]);
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": [open("two")], "removed": [] } }));
    assert_eq!(rules(&client.check("two/a.json", FAULTY)), ["enum-value"]);
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": [], "removed": [open("one")] } }));
    assert_eq!(rules(&client.check("one/b.json", FAULTY)), ["member-name-case"], "the nearest counts in any case");
}

#[test]
fn positions_are_counted_as_the_client_counts() {
    let folder = Scratch::new("lsp-encodings");
    let wide = FAULTY.replace("    \"Platform\"", "    \"osVersion\": \"é😀\", \"Platform\"");
    let line = wide.lines().find(|line| line.contains("Platform")).expect("a line");
    let before = &line[..line.find("\"Platform\"").expect("a key")];
    for (offered, encoding, column) in [
        (json!(["utf-16", "utf-8"]), "utf-8", before.len()),
        (json!(["utf-16"]), "utf-16", before.encode_utf16().count()),
        (json!(["utf-32"]), "utf-32", before.chars().count()),
        (json!(null), "utf-16", before.encode_utf16().count()),
    ] {
        let mut client = Client::start(&folder, json!({ "general": { "positionEncodings": offered } }));
        assert_eq!(client.server["capabilities"]["positionEncoding"], encoding);
        let diagnostics = client.check("a.json", &wide);
        let case = diagnostics.iter().find(|found| found["code"] == "member-name-case").expect("a finding");
        assert_eq!(case["range"]["start"], json!({ "line": 4, "character": column }));
        // An edit behind the wide characters lands where it should.
        client.change("a.json", json!([{ "range": case["range"], "text": "\"platform\"" }]));
        assert_eq!(rules(&client.pushed("a.json")), ["enum-value"], "{encoding}");
    }
}

#[test]
fn the_demo_has_the_findings_of_a_check() {
    let folder = Scratch::new("lsp-demo");
    folder.copy(DEMO, "a.json");
    let ran = folder.run(&["--format", "json", "a.json"]);
    let report: Value = serde_json::from_str(&ran.stdout).expect("a report");
    let expected: Vec<Value> = list(&report["findings"]).iter().map(|found| found["message"].clone()).collect();
    let mut client = Client::start(&folder, json!({}));
    let diagnostics = client.check("a.json", &text(DEMO));
    let messages: Vec<Value> = diagnostics.iter().map(|found| found["message"].clone()).collect();
    assert_eq!(messages, expected);
}
