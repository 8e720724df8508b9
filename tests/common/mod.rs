//! What the tests share: reading fixtures, linting them and running the program.
#![allow(dead_code, unreachable_pub, reason = "a module of each test file, none of which uses all of it")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use imagelint::document::Text;
use imagelint::finding::Level;
use imagelint::house::HouseSchema;
use imagelint::lint::{Linted, Linter};
use imagelint::settings::Levels;

/// The path of something in the repository.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// Every fixture below a folder of the corpus, sorted.
pub fn fixtures(folder: &str) -> Vec<PathBuf> {
    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("a directory entry").path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    collect(&path(folder), &mut found);
    found.sort();
    assert!(!found.is_empty(), "{folder} holds no fixture");
    found
}

/// The rule that a fixture in `<rule>/<case>.json` is about.
pub fn rule_of(fixture: &Path) -> &str {
    fixture.parent().and_then(Path::file_name).and_then(|name| name.to_str()).expect("fixtures are in a rule's folder")
}

/// The schema that stands for a team's own in the corpus.
fn house_schema() -> Arc<HouseSchema> {
    let kinds = vec![imagelint::kind::kind("get-image").expect("the kind")];
    let schema = HouseSchema::load(&path("corpus/house-schema.json"), "team.json", kinds, Level::Error);
    Arc::new(schema.expect("the schema can be used"))
}

/// A linter at default levels that also runs the rule named, be it off by default.
pub fn linter(rule: &str) -> Linter {
    let mut levels = Levels::default();
    // It speaks of every captured error, whatever else is wrong with it or right.
    if rule == "error-status" {
        levels.set("error-document=off").expect("the rule exists");
    }
    if let Some(rule) = imagelint::rules::find(rule).filter(|rule| rule.pedantic) {
        levels.set(&format!("{}={}", rule.name, rule.level.name())).expect("the rule and its level exist");
    }
    let schemas = (rule == "house-schema").then(house_schema);
    Linter::new(levels, None).with_house_schemas(schemas)
}

/// Lints bytes as a file that was named and hands the text, with its findings, to a function.
pub fn lint<T>(linter: &Linter, bytes: &[u8], use_findings: impl FnOnce(&Text<'_>, &Linted) -> T) -> T {
    let text = Text::decode(bytes);
    let linted = linter.lint(&text, 0, true);
    assert!(linted.checked > 0, "a named file is never passed over");
    use_findings(&text, &linted)
}

/// Runs the program in the repository's folder.
pub fn run(arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_imagelint"))
        .args(arguments)
        .current_dir(path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("a pipe").write_all(stdin).expect("the input is taken");
    child.wait_with_output().expect("the process ends")
}

/// What a run printed.
pub fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("UTF-8")
}
