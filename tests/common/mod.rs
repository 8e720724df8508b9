//! What the tests share: reading fixtures and linting them.
#![allow(dead_code, unreachable_pub, reason = "a module of each test file, none of which uses all of it")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use imagelint::check::Run;
use imagelint::cli::Streams;
use imagelint::discover::discover;
use imagelint::document::Text;
use imagelint::lint::{Linted, Linter};
use imagelint::report::human::Style;
use imagelint::report::{Format, Report};
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
    let linter = linter(rule);
    let report = Report { format, style: Style { color: false, width: 100 } };
    let (inputs, _) = discover(&[case.display().to_string()]);
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut streams =
        Streams { stdin: &mut io::empty(), stdout: &mut stdout, stderr: &mut stderr, color: false, width: 100 };
    let summary = Run { linter: &linter, report: &report }.run(&inputs, &mut streams).expect("a Vec takes all");
    assert!(stderr.is_empty() && summary.skipped == 0, "{}: {summary:?}", case.display());
    let text = String::from_utf8(stdout).expect("UTF-8") + &report.closing(&summary);
    text.replace(&format!("{}/", case.display()), "")
}

/// A linter at default levels that also runs the rule named, be it off by default.
pub fn linter(rule: &str) -> Linter {
    let mut levels = Levels::default();
    if let Some(rule) = imagelint::rules::find(rule).filter(|rule| rule.pedantic) {
        levels.set(&format!("{}={}", rule.name, rule.level.name())).expect("the rule and its level exist");
    }
    Linter::new(levels, None)
}

/// Lints bytes as a file that was named and hands the text, with its findings, to a function.
pub fn lint<T>(linter: &Linter, bytes: &[u8], use_findings: impl FnOnce(&Text<'_>, &Linted) -> T) -> T {
    let text = Text::decode(bytes);
    let linted = linter.lint(&text, 0, true);
    assert!(linted.checked > 0, "a named file is never passed over");
    use_findings(&text, &linted)
}
