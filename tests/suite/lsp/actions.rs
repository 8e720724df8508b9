//! Code actions and commands.

use serde_json::{Value, json};

use super::client::{Client, edited, list, position};
use super::{FAULTY, rules};
use crate::common::Scratch;

/// A client that takes edits of several documents and shows documents.
fn able() -> Value {
    let edits = json!({ "documentChanges": true, "resourceOperations": ["create"] });
    json!({ "workspace": { "workspaceEdit": edits }, "window": { "showDocument": { "support": true } } })
}

fn titled<'a>(actions: &'a [Value], part: &str) -> &'a Value {
    let is_it = |action: &&Value| action["title"].as_str().is_some_and(|title| title.contains(part));
    actions.iter().find(is_it).unwrap_or_else(|| panic!("no {part:?} in {actions:#?}"))
}

#[test]
fn a_safe_fix_is_preferred_and_an_unsafe_one_says_so() {
    let folder = Scratch::new("lsp-fixes");
    let mut client = Client::start(&folder, json!({}));
    client.check("a.json", FAULTY);
    let actions = client.actions("a.json", &position(FAULTY, "Platform"), None);
    let fix = titled(&actions, "(member-name-case)");
    assert_eq!((&fix["kind"], &fix["isPreferred"]), (&json!("quickfix"), &json!(true)));
    assert_eq!(fix["diagnostics"][0]["code"], "member-name-case");
    let fixed = edited(FAULTY, &list(&fix["edit"]["changes"][client.uri("a.json")]));
    assert_eq!(fixed, FAULTY.replace("Platform", "platform"));
    let actions = client.actions("a.json", &position(FAULTY, "BUILDNG"), Some("quickfix"));
    let fix = titled(&actions, "unsafe");
    assert_eq!(fix["isPreferred"], Value::Null, "{fix}");
    let fixed = edited(FAULTY, &list(&fix["edit"]["changes"][client.uri("a.json")]));
    assert_eq!(fixed, FAULTY.replace("BUILDNG", "BUILDING"));
    let elsewhere = client.actions("a.json", &position(FAULTY, "requestId"), Some("quickfix"));
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    assert!(client.actions("a.json", &position(FAULTY, "Platform"), Some("refactor")).is_empty());
}

#[test]
fn all_safe_fixes_are_made_at_once() {
    let folder = Scratch::new("lsp-fix-all");
    let mut client = Client::start(&folder, able());
    let faulty = FAULTY.replace("\"state\"", "\"Name\": \"web\",\n    \"state\"");
    client.check("a.json", &faulty);
    for only in ["source.fixAll", "source.fixAll.imagelint", "source"] {
        let actions = client.actions("a.json", &json!({ "line": 0, "character": 0 }), Some(only));
        assert_eq!(actions.len(), 1, "{actions:?}");
        let change = &actions[0]["edit"]["documentChanges"][0];
        assert_eq!(change["textDocument"], json!({ "uri": client.uri("a.json"), "version": 1 }));
        let edits = list(&change["edits"]);
        let expected = faulty.replace("Platform", "platform").replace("Name", "name");
        assert_eq!((edits.len(), edited(&faulty, &edits)), (2, expected), "no more is sent than what changes");
    }
    let command = json!({ "command": "imagelint.fixAll", "arguments": [client.uri("a.json")] });
    assert_eq!(client.request("workspace/executeCommand", command.clone()), true);
    let question = client.told("workspace/applyEdit");
    assert_eq!(list(&question["params"]["edit"]["documentChanges"][0]["edits"]).len(), 2);
    client.replace("a.json", &FAULTY.replace("Platform", "platform"));
    assert_eq!(client.request("workspace/executeCommand", command), false);
}

#[test]
fn an_ignore_is_written_to_the_settings() {
    let folder = Scratch::new("lsp-ignores");
    let mut client = Client::start(&folder, able());
    client.check("[a].json", FAULTY);
    let at = position(FAULTY, "BUILDNG");
    let actions = client.actions("[a].json", &at, None);
    let ignore = titled(&actions, "ignore `enum-value` here");
    let changes = list(&ignore["edit"]["documentChanges"]);
    assert_eq!((&changes[0]["kind"], &changes[0]["uri"]), (&json!("create"), &json!(client.uri("imagelint.toml"))));
    let settings = edited("", &list(&changes[1]["edits"]));
    assert!(
        settings.contains("pointer = \"/image/state/status\"") && settings.contains("path = \"[[]a[]].json\""),
        "{settings}"
    );
    // The client is asked to show the reason, which is to be written.
    let command = &ignore["command"];
    assert_eq!(command["command"], "imagelint.showReason");
    client.request(
        "workspace/executeCommand",
        json!({ "command": "imagelint.showReason", "arguments": command["arguments"] }),
    );
    let shown = client.told("window/showDocument");
    let line = usize::try_from(shown["params"]["selection"]["start"]["line"].as_u64().expect("a line")).expect("small");
    assert!(settings.lines().nth(line).is_some_and(|line| line.starts_with("reason = ")), "{settings}\n{shown}");
    // In the editor it counts at once; what stands in the file already stays.
    let settings = format!("# kept\n{settings}");
    client.open("imagelint.toml", &settings);
    assert_eq!(rules(&client.pushed_next("[a].json")), ["member-name-case"]);
    let actions = client.actions("[a].json", &position(FAULTY, "Platform"), None);
    let change = &titled(&actions, "ignore `member-name-case` here")["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({ "uri": client.uri("imagelint.toml"), "version": 2 }));
    let settings = edited(&settings, &list(&change["edits"]));
    assert!(settings.starts_with("# kept\n") && settings.matches("[[ignore]]").count() == 2, "{settings}");
    client.replace("imagelint.toml", &settings);
    assert_eq!(rules(&client.pushed_next("[a].json")), [""; 0]);
}

#[test]
fn an_ignore_with_a_reason_is_a_command() {
    let folder = Scratch::new("lsp-ignore-command");
    folder.write("imagelint.toml", "pedantic = false\n");
    let mut client = Client::start(&folder, json!({}));
    client.check("a.json", FAULTY);
    let mut given = json!({ "uri": client.uri("a.json"), "rule": "enum-value", "reason": " " });
    let id = client.ask("workspace/executeCommand", json!({ "command": "imagelint.ignore", "arguments": [given] }));
    assert_eq!(client.answer(id)["error"]["message"], "the reason is empty");
    given["reason"] = "a made-up state".into();
    client.request("workspace/executeCommand", json!({ "command": "imagelint.ignore", "arguments": [given] }));
    let question = client.told("workspace/applyEdit");
    let edits = list(&question["params"]["edit"]["changes"][client.uri("imagelint.toml")]);
    let settings = edited("pedantic = false\n", &edits);
    assert!(settings.contains("reason = \"a made-up state\"") && !settings.contains("pointer"), "{settings}");
}

#[test]
fn the_page_of_a_rule_is_opened_and_returned() {
    let folder = Scratch::new("lsp-pages");
    let open = json!({ "command": "imagelint.openRulePage", "arguments": ["enum-value"] });
    let mut client = Client::start(&folder, able());
    client.check("a.json", FAULTY);
    let actions = client.actions("a.json", &position(FAULTY, "BUILDNG"), None);
    let page = titled(&actions, "open the page of `enum-value`");
    assert_eq!(page["command"]["command"], open["command"]);
    client.request("workspace/executeCommand", open.clone());
    let shown = client.told("window/showDocument");
    assert!(shown["params"]["uri"].as_str().is_some_and(|uri| uri.ends_with("enum-value.md")), "{shown}");
    assert_eq!(shown["params"]["external"], true);
    let explained = client
        .request("workspace/executeCommand", json!({ "command": "imagelint.explain", "arguments": ["enum-value"] }));
    assert_eq!(explained, imagelint::explain("enum-value").expect("a page"));
    // A client that shows none is told the address.
    let mut client = Client::start(&folder, json!({}));
    client.request("workspace/executeCommand", open);
    assert!(client.told("window/showMessage").to_string().contains("enum-value.md"));
}
