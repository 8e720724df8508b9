//! Documents in, findings out: every fixture of the corpus.
//!
//! `corpus/invalid/<rule>/<case>.json` must have findings of that rule and no other; the file
//! `<case>.txt` beside it holds them and is rewritten with `BLESS=1 cargo test`.
//! `corpus/valid/<rule>/<case>.json` comes near a violation and must have no finding at all.
//! Of a rule across documents a case is a folder: one run, whose documents alone have no finding.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use imagelint::document::Text;
use imagelint::finding::{Finding, Label};
use imagelint::lint::linter::Linted;
use imagelint::report::{Format, Lines};
use imagelint::rules;
use imagelint::text::lines::Before;

mod common;
use common::{case_of, cases, fixtures, lint, linter, path, rule_of, run_case};

/// The fixtures that are cases of their own.
fn singles(folder: &str) -> impl Iterator<Item = PathBuf> {
    fixtures(folder).into_iter().filter(|fixture| case_of(fixture).is_none())
}

fn expected_text(text: &Text<'_>, findings: &[Finding]) -> String {
    let lines = Lines::new(&text.text, Before::default());
    let several = findings.iter().any(|finding| finding.document > 0);
    let place = |label: &Label| {
        let (start, end) = (lines.position(label.span.start), lines.position(label.span.end));
        let inside = label.embedded.as_ref().map(|pointer| format!(" >> {pointer}")).unwrap_or_default();
        format!("{}:{}-{}:{} {}{inside}", start.line, start.column, end.line, end.column, label.pointer)
    };
    let mut text = String::new();
    for finding in findings {
        let index = if several { format!("document {}: ", finding.document) } else { String::new() };
        writeln!(text, "{index}{}[{}] {}", finding.level.name(), finding.rule, finding.message).expect("a String");
        for label in finding.labels() {
            writeln!(text, "  at {} {}", place(label), label.text).expect("a String");
        }
        if let Some(help) = &finding.help {
            writeln!(text, "  help: {help}").expect("a String");
        }
        if let Some(fix) = &finding.fix {
            writeln!(text, "  {} fix: {}", fix.safety.name(), fix.title).expect("a String");
        }
    }
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn invalid_fixtures_have_the_findings_beside_them() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut stale = Vec::new();
    let mut foreign = Vec::new();
    let mut compare = |fixture: &Path, found: String| {
        let beside = fixture.with_extension("txt");
        if bless {
            fs::write(&beside, &found).expect("a writable corpus");
        } else if fs::read_to_string(&beside).unwrap_or_default() != found {
            stale.push(format!("{}:\n{found}", fixture.display()));
        }
    };
    for case in cases("corpus/invalid") {
        let rule = rule_of(&case);
        let found = run_case(&case, Format::Human);
        let heads = found.lines().filter(|line| line.ends_with(']') && !line.starts_with(' '));
        let (own, others): (Vec<&str>, Vec<&str>) = heads.partition(|line| line.ends_with(&format!("[{rule}]")));
        if own.is_empty() || !others.is_empty() {
            foreign.push(format!("{}:\n{found}", case.display()));
        }
        compare(&case, found);
    }
    for fixture in singles("corpus/invalid") {
        let rule = rule_of(&fixture);
        let bytes = fs::read(&fixture).expect("a fixture");
        let found = lint(&linter(rule), &bytes, |text, Linted { findings, .. }| {
            let text = expected_text(text, findings);
            if findings.is_empty() || findings.iter().any(|finding| finding.rule != rule) {
                foreign.push(format!("{}:\n{text}", fixture.display()));
            }
            text
        });
        compare(&fixture, found);
    }
    assert!(foreign.is_empty(), "fixtures without findings, or with those of other rules:\n{}", foreign.join("\n"));
    assert!(
        stale.is_empty(),
        "findings differ from those beside the fixtures (BLESS=1 rewrites them):\n{}",
        stale.join("\n")
    );
}

#[test]
fn valid_fixtures_have_no_findings() {
    let mut faulty = Vec::new();
    for case in cases("corpus/valid") {
        let found = run_case(&case, Format::Human);
        if !found.is_empty() {
            faulty.push(format!("{}:\n{found}", case.display()));
        }
    }
    let parts = fixtures("corpus/invalid").into_iter().filter(|fixture| case_of(fixture).is_some());
    for fixture in fixtures("corpus/valid").into_iter().chain(parts) {
        let bytes = fs::read(&fixture).expect("a fixture");
        lint(&linter(rule_of(&fixture)), &bytes, |text, Linted { findings, .. }| {
            if !findings.is_empty() {
                faulty.push(format!("{}:\n{}", fixture.display(), expected_text(text, findings)));
            }
        });
    }
    assert!(faulty.is_empty(), "{}", faulty.join("\n"));
}

/// People mask accounts before they share a capture; that makes no other fault of it.
#[test]
fn a_masked_account_is_noted_once() {
    let linter = linter("arn-segment");
    for mask in ["XXXXXXXXXXXX", "************", "<account-id>", "1234xxxx9012"] {
        for fixture in fixtures("corpus/valid/base") {
            let text = fs::read_to_string(&fixture).expect("a fixture of UTF-8");
            let masked = text.replace("123456789012", mask);
            let findings = linter.lint(&Text::decode(masked.as_bytes()), 0, true).findings;
            let told: Vec<_> = findings.iter().map(|finding| (finding.rule, &finding.message)).collect();
            let is_mask = |(rule, message): &(&str, &String)| *rule == "arn-segment" && message.contains(mask);
            assert!(told.iter().all(is_mask), "{mask} in {}: {told:#?}", fixture.display());
            assert!(told.len() == 1 || !fixture.ends_with("linux-ami.json"), "{told:#?}");
        }
    }
}

#[test]
fn every_rule_has_fixtures_of_both_kinds_and_every_folder_a_rule() {
    let names: BTreeSet<&str> = rules::all().map(|rule| rule.name).collect();
    assert_eq!(names.len(), rules::all().count(), "a rule's name is used twice");
    for (folder, extra) in [("corpus/invalid", None), ("corpus/valid", Some("base"))] {
        let fixtures = fixtures(folder);
        let covered: BTreeSet<&str> = fixtures.iter().map(|fixture| rule_of(fixture)).collect();
        let missing: Vec<_> = names.difference(&covered).collect();
        assert!(missing.is_empty(), "{folder} lacks fixtures for {missing:?}");
        let strange: Vec<_> = covered.difference(&names).filter(|name| Some(**name) != extra).collect();
        assert!(strange.is_empty(), "{folder} has folders of no rule: {strange:?}");
    }
}

#[test]
fn every_expectation_belongs_to_a_fixture() {
    for rule in fs::read_dir(path("corpus/invalid")).expect("the corpus") {
        for entry in fs::read_dir(rule.expect("an entry").path()).expect("a rule's folder") {
            let file = entry.expect("an entry").path();
            let is_beside = file.with_extension("json").exists() || file.with_extension("").is_dir();
            assert!(is_beside, "{} belongs to no fixture", file.display());
        }
    }
}

/// The law of fixes: applying one makes its finding go away and brings no other.
#[test]
fn a_fix_makes_exactly_its_finding_go_away() {
    let mut applied = BTreeSet::new();
    let mut faulty = Vec::new();
    for fixture in singles("corpus/invalid") {
        let rule = rule_of(&fixture);
        let linter = linter(rule);
        let bytes = fs::read(&fixture).expect("a fixture");
        let signature = |findings: &[Finding]| -> Vec<String> {
            let place = |finding: &Finding| {
                let Label { pointer, embedded, .. } = &finding.primary;
                format!("{} {} {pointer} {embedded:?}", finding.rule, finding.document)
            };
            let mut signature: Vec<String> = findings.iter().map(place).collect();
            signature.sort();
            signature
        };
        let fixed: Vec<(String, Vec<String>)> = lint(&linter, &bytes, |text, Linted { findings, .. }| {
            let fixable =
                findings.iter().enumerate().filter_map(|(index, finding)| Some((index, finding.fix.as_ref()?)));
            fixable
                .map(|(index, fix)| {
                    let mut rest = findings.clone();
                    rest.remove(index);
                    (fix.apply(&text.text), signature(&rest))
                })
                .collect()
        });
        for (text, rest) in fixed {
            applied.insert(rule.to_owned());
            lint(&linter, text.as_bytes(), |_, Linted { findings, .. }| {
                let left = signature(findings);
                if left != rest {
                    faulty.push(format!("{}: {left:?} is left, {rest:?} was expected\n{text}", fixture.display()));
                }
            });
        }
    }
    assert!(faulty.is_empty(), "{}", faulty.join("\n"));
    assert!(applied.len() > 8, "only {applied:?} attach fixes");
}
