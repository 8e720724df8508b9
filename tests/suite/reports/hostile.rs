//! What documents and files' names hold is text in every report, and nothing else.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::read_back::{Fact, facts};
use super::report_in;
use crate::common::{self, Scratch};

/// It must not end a cell, a command or an attribute.
#[test]
fn markup_in_names_and_values_stays_text() {
    let folder = Scratch::new("reports/markup");
    let name = "a,b:100%|`<i>\"&'\u{1}\u{ffff}\n::error::x.json";
    let status = "x|`<img src=x>*a*\\| [b](c) \u{1b}\u{ffff} ]]> & \"'";
    let image = json!({ "image": { "state": { "status": status }, "name\u{2}|<b>": null } });
    folder.write(name, image.to_string());
    let expected = facts("json", &report_in(&folder, "json", &["."]));
    assert!(expected.iter().any(|fact| fact.4 == "enum-value"), "{expected:?}");
    let rules = |facts: &[Fact]| facts.iter().map(|fact| fact.4.clone()).collect::<BTreeSet<_>>();
    for format in ["sarif", "gitlab", "github", "checkstyle", "junit", "markdown"] {
        let report = report_in(&folder, format, &["."]);
        assert_eq!(rules(&facts(format, &report)), rules(&expected), "{format}:\n{report}");
        assert!(!report.contains('\u{1b}'), "{format}");
    }
    let file_in = |format: &str| facts(format, &report_in(&folder, format, &["."])).remove(0).0;
    assert_eq!(
        file_in("github"),
        name.replace('\u{1}', "\\u{1}").replace('\u{ffff}', "\\u{ffff}").replace('\n', "\\u{a}")
    );
    assert_eq!(file_in("gitlab"), name);
    assert!(file_in("sarif").starts_with("a%2Cb%3A100%25%7C%60%3Ci%3E"), "{}", file_in("sarif"));
}

/// Characters that a terminal or a browser would obey.
const CONTROLS: &str = "\u{7f}\u{9b}31m\u{61c}\u{202e}\u{2028}\u{2066}";

#[test]
fn terminals_and_browsers_get_no_control_characters() {
    let folder = Scratch::new("reports/controls");
    let gone = "\u{1b}]0;gone.json";
    let image = json!({ "image": {
        "platform": "linux", "buildType": "SCHEDULED", "name": format!("日本 {CONTROLS}"), CONTROLS: 1
    } });
    folder
        .write(format!("\u{1b}[31m\n{CONTROLS}.json"), image.to_string().replace("\",\"", "\",\r\""))
        .write("raw.json", "{\"image\":{\"platform\":\"li\u{1b}[31mnux\u{7}\"}}");
    std::os::unix::fs::symlink("nowhere", folder.join(gone)).expect("a link");
    let is_control = |char: char| char != '\n' && (char.is_control() || CONTROLS.contains(char) && char > '\u{7f}');
    for format in imagelint::Format::all().map(imagelint::Format::name).filter(|name| *name != "html") {
        let ran = folder.run(&["--format", format, ".", gone]);
        for text in [ran.stdout, ran.stderr] {
            assert_eq!(text.find(is_control).map(|at| &text[at..]), None, "{format}");
        }
    }
    let page = report_in(&folder, "html", &[".", gone]);
    assert!(!page.contains(|char: char| CONTROLS.contains(char) && char > '\u{7e}' || char == '\u{1b}'));
    let entries = common::json(&report_in(&folder, "gitlab", &["."]));
    let path = |entry: &Value| entry["location"]["path"].as_str().expect("a path").to_owned();
    assert_eq!(path(&entries[0]), format!("\u{1b}[31m\n{CONTROLS}.json"), "JSON reads it back as it is");
    let report = report_in(&folder, "human", &["raw.json"]);
    assert!(report.contains("{\"image\":{\"platform\":\"li?[31mnux?\"}}"), "{report}");
    assert!(report_in(&folder, "concise", &["."]).starts_with("\\u{1b}[31m\\u{a}\\u{7f}"));
}
