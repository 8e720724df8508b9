//! Holds the order of the layers: a file names only what is in its own layer or in a lower one.

use regex::Regex;

use crate::repository::sources;

/// From top to bottom. `lib.rs` and `main.rs` stand above them.
const LAYERS: [&str; 18] = [
    "cli",
    "fuzzing",
    "lsp",
    "run",
    "library",
    "settings",
    "report",
    "catalogue",
    "lint",
    "rules",
    "rule",
    "recognise",
    "document",
    "model",
    "finding",
    "aws",
    "text",
    "files",
];

#[test]
fn no_file_names_a_higher_layer() {
    let name = Regex::new(r"\bcrate::(\w+)").expect("a regular expression");
    let level = |layer: &str| LAYERS.iter().position(|known| *known == layer);
    let mut wrong = Vec::new();
    for (file, text) in sources().iter().filter(|(file, _)| !matches!(file.as_str(), "lib.rs" | "main.rs")) {
        let layer = file.split(['/', '.']).next().unwrap_or_default();
        let own = level(layer).unwrap_or_else(|| panic!("src/{file} is in no layer"));
        for (index, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            // What is no layer is an item of `lib.rs`.
            let is_higher = |name: &str| level(name).is_none_or(|named| named < own);
            if name.captures_iter(code).any(|found| is_higher(&found[1])) {
                wrong.push(format!("src/{file}:{}: {}", index + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "a lower layer names a higher one:\n{}", wrong.join("\n"));
}

/// What several themes need is in `rules/view/`; a file of rules shows the others its rules only.
#[test]
fn no_file_of_rules_shares_more_than_rules() {
    let shared = Regex::new(r"^pub\(super\) (?:const|enum|fn|struct|trait|type) ").expect("a regular expression");
    let mut wrong = Vec::new();
    for (file, text) in sources().iter().filter(|(file, _)| file.starts_with("rules/")) {
        let lines = text.lines().enumerate().filter(|(_, line)| shared.is_match(line));
        wrong.extend(lines.map(|(index, line)| format!("src/{file}:{}: {line}", index + 1)));
    }
    assert!(wrong.is_empty(), "belongs in src/rules/view/:\n{}", wrong.join("\n"));
}
