//! Hovers and completion.

use serde_json::{Value, json};

use super::FAULTY;
use super::client::{Client, edited, list, position, position_of};
use crate::common::Scratch;

fn hover(client: &mut Client, text: &str, part: &str) -> String {
    let hover = client.at("textDocument/hover", "a.json", &position(text, part));
    hover["contents"]["value"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_hover_says_what_the_model_says() {
    let folder = Scratch::new("lsp-hover");
    let markdown = json!({ "textDocument": { "hover": { "contentFormat": ["markdown", "plaintext"] } } });
    let mut client = Client::start(&folder, markdown);
    client.check("a.json", FAULTY);
    for (part, expected) in [
        (
            "Platform",
            &["**`platform`**, a member of `Image`", "one of `Windows`, `Linux`", "botocore has it since"][..],
        ),
        ("Linux", &["`platform`"]),
        ("BUILDNG", &["**`status`**", "`BUILDING`", "# enum-value", "/docs/rules/enum-value.md"]),
        ("\"image\"", &["**`image`**", "type: object `Image` with"]),
        ("requestId", &["type: text `NonEmptyString`, 1 to 1024 characters"]),
        (
            "arn:aws:",
            &["- partition: `aws`", "- Region: `us-west-2`", "- type: `image`", "- name: `web`", "- build: `1`"],
        ),
    ] {
        let said = hover(&mut client, FAULTY, part);
        for expected in expected {
            assert!(said.contains(expected), "no {expected:?} on {part}:\n{said}");
        }
    }
    let versions = FAULTY.replace("\"Platform\"", "\"version\": \"1.0.0/1\",\n    \"Platform\"");
    client.replace("a.json", &versions);
    let said = hover(&mut client, &versions, "1.0.0/1\"");
    assert!(said.contains("- build: `1`"), "{said}");
    let said = hover(&mut client, &versions, "1.0.0/1\",");
    assert!(said.contains("- major: `1`\n- minor: `0`"), "{said}");
    let at = client.at("textDocument/hover", "a.json", &position(FAULTY, "Platform"));
    assert_eq!((&at["contents"]["kind"], &at["range"]["start"]["line"]), (&json!("markdown"), &json!(4)));
    // Not every client shows Markdown.
    let mut client = Client::start(&folder, json!({}));
    client.check("a.json", FAULTY);
    let at = client.at("textDocument/hover", "a.json", &position(FAULTY, "Platform"));
    assert_eq!(at["contents"]["kind"], "plaintext");
    let said = at["contents"]["value"].as_str().expect("a text");
    assert!(said.starts_with("platform, a member of Image\n"), "{said}");
}

#[test]
fn a_hover_reaches_into_strings_and_passes_over_others() {
    let folder = Scratch::new("lsp-hover-inside");
    let mut client = Client::start(&folder, json!({}));
    let one_line = FAULTY.replace('\n', "");
    let wrapped = format!("{{\"statusCode\": 200, \"body\": {}}}", Value::from(one_line));
    client.check("a.json", &wrapped);
    let said = hover(&mut client, &wrapped, "BUILDNG");
    assert!(said.contains("status, a member of ImageState"), "{said}");
    client.replace("a.json", "{\"name\": \"web\", \"version\": \"1.0.0\"}");
    let position = json!({ "line": 0, "character": 3 });
    assert_eq!(client.at("textDocument/hover", "a.json", &position), Value::Null);
    assert_eq!(client.at("textDocument/completion", "a.json", &position), Value::Null);
}

/// The items at `|` in a text, and the text without it.
fn complete(client: &mut Client, marked: &str) -> (Vec<Value>, String) {
    let at = marked.find('|').expect("a mark");
    let text = marked.replace('|', "");
    client.replace("a.json", &text);
    let list_of = client.at("textDocument/completion", "a.json", &position_of(&text, at));
    (if list_of.is_null() { Vec::new() } else { list(&list_of["items"]) }, text)
}

fn labels(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["label"].as_str().expect("a label")).collect()
}

fn chosen(text: &str, items: &[Value], label: &str) -> String {
    let item = items.iter().find(|item| item["label"] == label).unwrap_or_else(|| panic!("no {label} in {items:#?}"));
    let more = item["additionalTextEdits"].as_array().cloned().unwrap_or_default();
    edited(text, &[vec![item["textEdit"].clone()], more].concat())
}

const START: &str = "{\"image\": {\"arn\": \"arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1\"";

#[test]
fn members_that_are_absent_are_offered_required_ones_first() {
    let folder = Scratch::new("lsp-members");
    let mut client = Client::start(&folder, json!({}));
    client.check("a.json", FAULTY);
    for (marked, chosen_text) in [
        (format!("{START}, \"pla|\"}}}}"), format!("{START}, \"platform\": \"\"}}}}")),
        (format!("{START}, |}}}}"), format!("{START}, \"platform\": \"\"}}}}")),
        (format!("{START} |}}}}"), format!("{START}, \"platform\": \"\"}}}}")),
        (format!("{START}, \"pla|"), format!("{START}, \"platform\": \"\"")),
        (format!("{START}, \"|\": \"Linux\"}}}}"), format!("{START}, \"platform\": \"Linux\"}}}}")),
        (
            format!("{START}, \"p|\n\"osVersion\": \"x\"}}}}"),
            format!("{START}, \"platform\": \"\",\n\"osVersion\": \"x\"}}}}"),
        ),
    ] {
        let (items, text) = complete(&mut client, &marked);
        assert!(!labels(&items).contains(&"arn"), "it is there already");
        assert_eq!(chosen(&text, &items, "platform").replace(" ,", ","), chosen_text, "{marked}");
    }
    let marked = format!("{START}, \"imageRecipe\": {{\"components\": [{{|}}]}}}}}}");
    let (items, _) = complete(&mut client, &marked);
    assert_eq!(labels(&items), ["componentArn", "parameters"], "the required one comes first");
    let mut client = Client::start(
        &folder,
        json!({ "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } } }),
    );
    client.check("a.json", FAULTY);
    let (items, text) = complete(&mut client, &format!("{START}, |}}}}"));
    assert!(chosen(&text, &items, "imageRecipe").contains("\"imageRecipe\": {$0\\}"));
}

#[test]
fn values_are_those_of_the_model_and_of_the_text() {
    let folder = Scratch::new("lsp-values");
    let mut client = Client::start(&folder, json!({}));
    client.check("a.json", FAULTY);
    let (items, text) = complete(&mut client, &format!("{START}, \"platform\": \"L|\"}}}}"));
    assert_eq!(labels(&items), ["Windows", "Linux", "macOS"]);
    assert_eq!(chosen(&text, &items, "Linux"), format!("{START}, \"platform\": \"Linux\"}}}}"));
    let (items, _) = complete(&mut client, &format!("{START}, \"enhancedImageMetadataEnabled\": |}}}}"));
    assert_eq!(labels(&items), ["true", "false"]);
    let (items, _) = complete(&mut client, &format!("{START}, \"version\": \"|\"}}}}"));
    assert_eq!(labels(&items), ["1.0.0", "1.0.0/1"]);
    let recipe = "arn:aws:imagebuilder:us-west-2:123456789012:image-recipe/web/1.0.0";
    let marked = format!("{START}, \"imageRecipe\": {{\"arn\": \"|\"}}, \"tags\": {{\"recipe\": \"{recipe}\"}}}}}}");
    let (items, _) = complete(&mut client, &marked);
    assert!(labels(&items).contains(&recipe), "{items:?}");
}
