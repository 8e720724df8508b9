//! What the tests share: reading fixtures, linting them and running the program.
#![allow(dead_code, unreachable_pub, reason = "a module of each test file, none of which uses all of it")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::sync::Arc;

use imagelint::document::Text;
use imagelint::finding::Level;
use imagelint::lint::house::HouseSchema;
use imagelint::lint::levels::Levels;
use imagelint::lint::linter::{Linted, Linter};
use imagelint::report::format::human::Style;
use imagelint::report::{Format, Output, Report};
use imagelint::run::input::discover;
use imagelint::run::session::Run;
use imagelint::settings::{Flags, Settings};

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

/// The rule that a fixture in `<rule>/<case>.json` or `<rule>/<case>/<part>.json` is about.
pub fn rule_of(fixture: &Path) -> &str {
    let kind =
        |folder: &&Path| folder.parent().is_some_and(|kind| kind.ends_with("invalid") || kind.ends_with("valid"));
    let folder = fixture.ancestors().find(kind).expect("fixtures are in a rule's folder");
    folder.file_name().and_then(|name| name.to_str()).expect("rules have plain names")
}

/// The folder that a fixture is checked with, where it is one of several documents of a case.
pub fn case_of(fixture: &Path) -> Option<&Path> {
    let folder = fixture.parent()?;
    (folder.file_name()?.to_str()? != rule_of(fixture)).then_some(folder)
}

/// The folders below a folder of the corpus that are cases of several documents.
pub fn cases(folder: &str) -> BTreeSet<PathBuf> {
    fixtures(folder).iter().filter_map(|fixture| Some(case_of(fixture)?.to_owned())).collect()
}

/// The report on a case of several documents, whose paths are relative to it.
pub fn run_case(case: &Path, format: Format) -> String {
    let rule = rule_of(case);
    let settings = Settings::read(Flags { config: Some("none".to_owned()), ..Flags::default() });
    let settings = settings.unwrap_or_else(|_| panic!("no settings are read"));
    let style = Style { color: false, links: false, width: 100 };
    let reports = [Report { format, style, root: PathBuf::new(), fail_on: Level::Error, quiet: true }];
    let inputs = discover(&[case.to_owned()]).inputs;
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    {
        let mut outputs = [Output::new(&reports[0], &mut stdout)];
        let run =
            Run { linter: &linter(rule), settings: &settings, reports: &reports, baseline: None, is_watched: false };
        let summary = run.run(&inputs, &mut outputs, &mut io::empty(), &mut stderr).expect("a Vec takes all");
        outputs[0].close(&summary).expect("a Vec takes all");
        assert!(summary.skipped == 0, "{}: {summary:?}", case.display());
    }
    assert!(stderr.is_empty(), "{}", String::from_utf8_lossy(&stderr));
    let text = String::from_utf8(stdout).expect("UTF-8");
    text.replace(&format!("{}/", case.display()), "")
}

/// The schema that stands for a team's own in the corpus.
fn house_schema() -> Arc<HouseSchema> {
    let kinds = vec![imagelint::recognise::kind::kind("get-image").expect("the kind")];
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
pub fn run(arguments: &[&str], stdin: &[u8]) -> process::Output {
    run_in(&path(""), arguments, stdin)
}

/// Runs the program in a folder.
pub fn run_in(folder: &Path, arguments: &[&str], stdin: &[u8]) -> process::Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_imagelint"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("a pipe").write_all(stdin).expect("the input is taken");
    child.wait_with_output().expect("the process ends")
}

/// What a run printed.
pub fn stdout(output: &process::Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("UTF-8")
}

/// Runs the program in the repository's folder, with a standard output that nobody reads.
pub fn unread(arguments: &[&str]) -> process::Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_imagelint"))
        .args(arguments)
        .current_dir(path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    drop(child.stdout.take());
    child.wait_with_output().expect("the process ends")
}
