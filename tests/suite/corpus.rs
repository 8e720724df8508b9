//! Documents in, findings out: every fixture of the corpus.
//!
//! `corpus/invalid/<rule>/<case>.json` must have findings of that rule and no other; `expected.txt` beside
//! the cases holds them, under a heading for each case, and is rewritten with `BLESS=1 cargo test`.
//! `corpus/valid/<rule>/<case>.json` comes near a violation and must have no finding at all.
//! Of a rule across documents a case is a folder: one run, whose documents alone have no finding.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use imagelint::{Checked, Finding, Linter, Location, Settings};
use rayon::prelude::*;

use crate::common::{fixtures, is_stale, json, path, rule_of, run_in};

const EXPECTED: &str = "expected.txt";

/// The folder that a fixture is checked with, where it is one of several documents of a case.
fn case_of(fixture: &Path) -> Option<&Path> {
    let folder = fixture.parent()?;
    (folder.file_name()?.to_str()? != rule_of(fixture)).then_some(folder)
}

/// The cases below a folder of the corpus by their rules, in order of name: files, and folders of documents
/// that are checked together.
fn cases(folder: &str) -> BTreeMap<String, BTreeSet<PathBuf>> {
    let mut cases: BTreeMap<String, BTreeSet<PathBuf>> = BTreeMap::new();
    for fixture in fixtures(folder) {
        let case = case_of(&fixture).unwrap_or(&fixture).to_owned();
        cases.entry(rule_of(&fixture).to_owned()).or_default().insert(case);
    }
    cases
}

/// The documents of the corpus that are checked one by one: the single ones, and those of the cases that are
/// folders.
fn documents(folder: &str) -> (Vec<PathBuf>, Vec<PathBuf>) {
    fixtures(folder).into_iter().partition(|fixture| case_of(fixture).is_none())
}

/// Levels at which a rule reports, even if it is off by default, and another does not hide its findings.
fn levels(rule: &str) -> Vec<(&str, &str)> {
    let rule = imagelint::rules().find(|known| known.name == rule);
    let Some(rule) = rule else { return Vec::new() };
    let mut levels = Vec::new();
    if rule.pedantic {
        levels.push((rule.name, rule.level.name()));
    }
    // Such captures are in another spelling, too.
    if matches!(rule.name, "sdk-dump-cut" | "member-name-case") {
        levels.push(("sdk-dump", "off"));
    }
    // It reports every captured error, right or wrong.
    if rule.name == "error-status" {
        levels.push(("error-document", "off"));
    }
    levels
}

/// Settings under which a rule's cases are checked.
fn settings(rule: &str) -> Settings {
    let mut text = String::from("[levels]\n");
    for (rule, level) in levels(rule) {
        writeln!(text, "{rule} = \"{level}\"").expect("a String");
    }
    if rule == "document-size" {
        text.insert_str(0, "max-document-size = 100\n");
    }
    if rule == "house-schema" {
        text.push_str("[[house-schema]]\nfile = \"house-schema.json\"\nkinds = [\"get-image\"]\n");
    }
    let file = path("corpus/imagelint.toml");
    Settings::parse(file.to_str().expect("a path of UTF-8"), &text).expect("the settings are good")
}

/// Lints a fixture as its rule's cases are checked, and hands over what comes of it.
fn lint<T>(fixture: &Path, settings: &Settings, use_checked: impl FnOnce(&Checked<'_>) -> T) -> T {
    let bytes = fs::read(fixture).expect("a fixture");
    let linter = Linter::with_settings(settings);
    let checked = linter.lint("-", &bytes);
    assert!(checked.documents() > 0, "{}: a named file is never skipped", fixture.display());
    use_checked(&checked)
}

/// A faulty fixture with what is found under its rule's settings.
struct Faulty {
    fixture: PathBuf,
    /// Without a byte order mark.
    text: String,
    findings: Vec<Finding>,
}

/// The faulty fixtures that are checked one by one.
static FAULTY: LazyLock<Vec<Faulty>> = LazyLock::new(|| {
    let faulty = |fixture: PathBuf| {
        let (text, findings) = lint(&fixture, &settings(rule_of(&fixture)), |checked| {
            (checked.text().to_owned(), checked.findings().to_vec())
        });
        Faulty { fixture, text, findings }
    };
    documents("corpus/invalid").0.into_par_iter().map(faulty).collect()
});

/// The report on a case of several documents.
fn report(case: &Path) -> String {
    let levels: Vec<String> =
        levels(rule_of(case)).iter().map(|(rule, level)| format!("--level={rule}={level}")).collect();
    let levels = levels.iter().map(String::as_str);
    let arguments: Vec<&str> = ["--config", "none", "--quiet", "--color", "never"].into_iter().chain(levels).collect();
    let with = |format: &str| run_in(case, &[&arguments[..], &["--format", format, "."]].concat());
    let summary = &json(&with("json").stdout)["summary"];
    assert_eq!(summary["skipped"], 0, "{}: {summary}", case.display());
    let human = with("human");
    assert_eq!(human.stderr, "", "{}", case.display());
    human.stdout
}

/// Findings as `expected.txt` holds them.
fn expected_text(findings: &[Finding]) -> String {
    let has_several = findings.iter().any(|finding| finding.document() > 0);
    let place = |location: &Location| {
        let (start, end) = (location.start(), location.end());
        let inside = location.embedded_pointer().map(|pointer| format!(" >> {pointer}")).unwrap_or_default();
        format!("{}:{}-{}:{} {}{inside}", start.line, start.column, end.line, end.column, location.pointer())
    };
    let mut lines = Vec::new();
    for finding in findings {
        let index = if has_several { format!("document {}: ", finding.document()) } else { String::new() };
        lines.push(format!("{index}{}[{}] {}", finding.level().name(), finding.rule().name, finding.message()));
        for label in finding.labels() {
            lines.push(format!("  at {} {}", place(label.location()), label.text()));
        }
        if finding.help() != finding.rule().help {
            lines.push(format!("  help: {}", finding.help()));
        }
        if let Some(fix) = finding.fix() {
            lines.push(format!("  {} fix: {}", fix.safety.name(), fix.title));
        }
    }
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// What is found in a case, and whether there is a finding, and all are of the case's rule.
fn found(case: &Path) -> (String, bool) {
    let rule = rule_of(case);
    if let Some(Faulty { findings, .. }) = FAULTY.iter().find(|faulty| faulty.fixture == case) {
        let are_own = findings.iter().all(|finding| finding.rule().name == rule);
        return (expected_text(findings), are_own && !findings.is_empty());
    }
    let report = report(case);
    let is_head = |line: &&str| ["error[", "warning[", "info["].iter().any(|level| line.starts_with(level));
    let mut heads = report.lines().filter(is_head).peekable();
    let is_sound = heads.peek().is_some() && heads.all(|head| head.contains(&format!("[{rule}]: ")));
    (report, is_sound)
}

/// The first lines that differ between two texts.
fn first_difference(committed: &str, found: &str) -> String {
    let line = |text: &str, index: usize| text.lines().nth(index).map(str::to_owned);
    let lines = committed.lines().count().max(found.lines().count());
    let pairs = (0..lines).map(|index| (index, line(committed, index), line(found, index)));
    let mut differences = pairs.filter(|(_, committed, found)| committed != found);
    match differences.next() {
        Some((index, committed, found)) => format!("line {} is {committed:?}; {found:?} is found", index + 1),
        None => "the ends of lines differ".to_owned(),
    }
}

#[test]
fn invalid_fixtures_have_the_expected_findings() {
    let (mut stale, mut foreign) = (Vec::new(), Vec::new());
    for (rule, cases) in cases("corpus/invalid") {
        let mut expected = String::new();
        for case in cases {
            let (found, is_sound) = found(&case);
            if !is_sound {
                foreign.push(format!("{}:\n{found}", case.display()));
            }
            let name = case.file_name().expect("cases have names").to_string_lossy();
            write!(expected, "== {name}\n{found}").expect("a String");
        }
        let file = path("corpus/invalid").join(rule).join(EXPECTED);
        let committed = fs::read_to_string(&file).unwrap_or_default();
        if is_stale(&file, &expected) {
            stale.push(format!("{}: {}", file.display(), first_difference(&committed, &expected)));
        }
    }
    assert!(foreign.is_empty(), "fixtures without findings, or with those of other rules:\n{}", foreign.join("\n"));
    assert!(stale.is_empty(), "other findings than expected (BLESS=1 rewrites them):\n{}", stale.join("\n"));
}

/// Neither a file of expected findings without a case, nor a fixture of another ending.
#[test]
fn the_corpus_holds_no_file_that_is_not_checked() {
    let mut known: BTreeSet<PathBuf> = fixtures("corpus").into_iter().collect();
    known.extend(cases("corpus/invalid").keys().map(|rule| path("corpus/invalid").join(rule).join(EXPECTED)));
    let mut strange = Vec::new();
    let mut folders = vec![path("corpus")];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        let (inner, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|entry| entry.is_dir());
        folders.extend(inner);
        strange.extend(files.into_iter().filter(|file| !known.contains(file)));
    }
    strange.sort();
    assert!(strange.is_empty(), "{} files that no test reads: {strange:#?}", strange.len());
}

#[test]
fn valid_fixtures_have_no_findings() {
    let mut faulty = Vec::new();
    let (singles, parts) = documents("corpus/valid");
    // Each document of a case alone is right, even if together they are wrong.
    let alone = singles.into_iter().chain(parts).chain(documents("corpus/invalid").1);
    for fixture in alone {
        lint(&fixture, &settings(rule_of(&fixture)), |checked| {
            if !checked.findings().is_empty() {
                faulty.push(format!("{}:\n{}", fixture.display(), expected_text(checked.findings())));
            }
        });
    }
    for case in cases("corpus/valid").into_values().flatten().filter(|case| case.is_dir()) {
        let found = report(&case);
        if !found.is_empty() {
            faulty.push(format!("{}:\n{found}", case.display()));
        }
    }
    assert!(faulty.is_empty(), "{}", faulty.join("\n"));
}

/// More precise words never make a mistake smaller: what is an error by the model alone is one among all rules.
#[test]
fn no_rule_lowers_the_level_of_what_it_replaces() {
    let model = ["enum-value", "string-pattern", "string-length", "number-range", "item-count", "required-member"];
    let others = imagelint::rules().filter(|rule| !model.contains(&rule.name) && rule.name != "house-schema");
    let off: String = others.map(|rule| format!("{} = \"off\"\n", rule.name)).collect();
    let alone = Settings::parse("imagelint.toml", &format!("[levels]\n{off}")).expect("the settings are good");
    let (mut judged, mut lowered) = (0, Vec::new());
    for fixture in documents("corpus/invalid").0 {
        let all = Settings::parse("imagelint.toml", "").expect("the settings are good");
        let place = |finding: &Finding, location: &Location| {
            (finding.document(), location.pointer().to_owned(), location.embedded_pointer().map(str::to_owned))
        };
        let ends = |settings: &Settings| -> Vec<_> {
            lint(&fixture, settings, |checked| {
                let labels = checked
                    .findings()
                    .iter()
                    .flat_map(|finding| finding.labels().map(move |label| (finding, label.location())));
                labels.map(|(one, at)| (place(one, at), one.level(), one.rule().name)).collect()
            })
        };
        let found = ends(&all);
        // These say that the model is wrong about the value, or that there is none.
        let excusing = ["skeleton-placeholder", "masked-value", "ebs-service-limit", "step-status-known"];
        let excusing =
            [&excusing[..], &["pcluster-ami-state", "ou-arn-tail", "policy-json", "resource-name-shape"]].concat();
        if found.iter().any(|(_, _, rule)| excusing.contains(rule)) {
            continue;
        }
        for (place, level, rule) in ends(&alone) {
            judged += 1;
            if !found.iter().any(|(other, found, _)| *other == place && *found >= level) {
                lowered.push(format!("{}: {rule} at {place:?}", fixture.display()));
            }
        }
    }
    assert!(judged > 50, "only {judged} findings were judged");
    assert!(lowered.is_empty(), "{}", lowered.join("\n"));
}

/// Messages stand alone: where no excerpt is shown, the name of the member says what they are about.
#[test]
fn every_message_names_its_member() {
    // These are about the text or the whole document.
    const OF_DOCUMENTS: [&str; 5] = ["syntax", "document-size", "encoding", "error-document", "dry-run"];
    let (mut judged, mut nameless) = (0, Vec::new());
    for Faulty { fixture, findings, .. } in &*FAULTY {
        let of_member = |finding: &&Finding| !OF_DOCUMENTS.contains(&finding.rule().name);
        for finding in findings.iter().filter(of_member) {
            let location = finding.location();
            let pointer = location.embedded_pointer().unwrap_or(location.pointer());
            let is_name = |token: &&str| !token.is_empty() && token.parse::<usize>().is_err();
            let Some(token) = pointer.split('/').rfind(is_name) else { continue };
            judged += 1;
            // Long names are cut.
            let start: String = token.replace("~1", "/").replace("~0", "~").chars().take(40).collect();
            // A message may have the name in the API's spelling.
            let folded = |text: &str| text.replace('_', "").to_lowercase();
            if !folded(finding.message()).contains(&folded(&start)) {
                nameless.push(format!("{}: {pointer}: {}", fixture.display(), finding.message()));
            }
        }
    }
    assert!(judged > 500, "only {judged} messages were judged");
    assert!(nameless.is_empty(), "{}", nameless.join("\n"));
}

#[test]
fn every_rule_has_fixtures_of_both_kinds_and_every_folder_a_rule() {
    let names: BTreeSet<&str> = imagelint::rules().map(|rule| rule.name).collect();
    assert_eq!(names.len(), imagelint::rules().count(), "a rule's name is used twice");
    for (folder, extra) in [("corpus/invalid", None), ("corpus/valid", Some("base"))] {
        let cases = cases(folder);
        let covered: BTreeSet<&str> = cases.keys().map(String::as_str).collect();
        let missing: Vec<_> = names.difference(&covered).collect();
        assert!(missing.is_empty(), "{folder} lacks fixtures for {missing:?}");
        let strange: Vec<_> = covered.difference(&names).filter(|name| Some(**name) != extra).collect();
        assert!(strange.is_empty(), "{folder} has folders of no rule: {strange:?}");
    }
}

/// What tells findings of one text apart, sorted.
fn signature<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Vec<String> {
    let place = |finding: &Finding| {
        let location = finding.location();
        let (pointer, embedded) = (location.pointer(), location.embedded_pointer());
        format!("{} {} {pointer} {embedded:?}", finding.rule().name, finding.document())
    };
    let mut signature: Vec<String> = findings.into_iter().map(place).collect();
    signature.sort();
    signature
}

/// A rule says of itself that it fixes if and only if some finding of it in the corpus has such a fix.
#[test]
fn rules_fix_what_they_say_that_they_fix() {
    let mut found: BTreeMap<&str, BTreeSet<&str>> =
        imagelint::rules().map(|rule| (rule.name, BTreeSet::new())).collect();
    let said: BTreeMap<&str, BTreeSet<&str>> =
        imagelint::rules().map(|rule| (rule.name, rule.fixes.iter().map(|safety| safety.name()).collect())).collect();
    let findings = FAULTY.iter().flat_map(|faulty| &faulty.findings);
    for (finding, fix) in findings.filter_map(|finding| Some((finding, finding.fix()?))) {
        found.entry(finding.rule().name).or_default().insert(fix.safety.name());
    }
    assert!(found.values().flatten().count() > 50, "the corpus has hardly a fix");
    let wrong = said.iter().filter(|(rule, fixes)| found[**rule] != **fixes);
    let wrong: Vec<String> = wrong.map(|(rule, fixes)| format!("{rule}: {fixes:?}, not {:?}", found[rule])).collect();
    assert!(wrong.is_empty(), "what rules say of their fixes:\n{}", wrong.join("\n"));
}

/// The law of fixes: applying one makes its finding go away and brings no other.
#[test]
fn a_fix_makes_exactly_its_finding_go_away() {
    let mut applied = BTreeSet::new();
    let mut faulty = Vec::new();
    for Faulty { fixture, text, findings } in &*FAULTY {
        let settings = settings(rule_of(fixture));
        for (index, fix) in findings.iter().enumerate().filter_map(|(index, finding)| Some((index, finding.fix()?))) {
            let rest = signature(findings[..index].iter().chain(&findings[index + 1..]));
            let text = fix.apply(text);
            applied.insert(rule_of(fixture).to_owned());
            let left = signature(Linter::with_settings(&settings).lint("-", &text).findings());
            if left != rest {
                faulty.push(format!("{}: {left:?} is left, {rest:?} was expected\n{text}", fixture.display()));
            }
        }
    }
    assert!(faulty.is_empty(), "{}", faulty.join("\n"));
    assert!(applied.len() > 8, "only {applied:?} attach fixes");
}
