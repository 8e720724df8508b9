//! The laws of fixes, on every fixture.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use imagelint::Linter;
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::common::{self, Scratch, feed, fixtures, pedantic};
use crate::mutated::changed_texts;
use crate::mutated::laws::counts;

const FIX: [&str; 4] = ["--fix", "--unsafe-fixes", "--pedantic", "--config=none"];

/// How many findings a text has of each rule.
type Counts = BTreeMap<&'static str, usize>;

/// A text before and after all its fixes, with the findings of all rules.
struct Fixed {
    fixture: PathBuf,
    before: String,
    after: String,
    were: Counts,
    are: Counts,
}

impl Fixed {
    fn new(linter: &Linter<'_>, fixture: PathBuf, before: String, after: String) -> Self {
        let [were, are] = [&before, &after].map(|text| counts(&linter.lint("-", text)));
        Fixed { fixture, before, after, were, are }
    }
}

/// The texts of files after `--fix`, and how many findings were fixed.
fn fix(folder: &Scratch, texts: &[String]) -> (Vec<String>, u64) {
    let names: Vec<String> = (0..texts.len()).map(|index| format!("{index:05}.json")).collect();
    for (name, text) in names.iter().zip(texts) {
        folder.write(name, text);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let report = common::json(&folder.run(&[&FIX[..], &["--format", "json"], &names].concat()).stdout);
    assert_eq!(folder.count(), names.len(), "nothing else is left in the folder");
    let fixed = report["summary"]["fixed"].as_u64().expect("a count");
    (names.iter().map(|name| folder.read(name)).collect(), fixed)
}

/// Those fixtures in which something is fixed, after that was done to all of them at once.
static FIXED: LazyLock<Vec<Fixed>> = LazyLock::new(|| {
    let settings = pedantic();
    let linter = Linter::with_settings(&settings);
    // Fixes are made in files of UTF-8 only.
    let texts: Vec<(PathBuf, String)> = fixtures("corpus")
        .into_iter()
        .filter_map(|fixture| fs::read_to_string(&fixture).ok().map(|text| (fixture, text)))
        .collect();
    let fixed = |name: &str, texts: Vec<(PathBuf, String)>| {
        let (fixtures, before): (Vec<PathBuf>, Vec<String>) = texts.into_iter().unzip();
        let (after, count) = fix(&Scratch::new(name), &before);
        let texts = fixtures.into_iter().zip(before).zip(after).filter(|((_, before), after)| before != after);
        let texts = texts.map(|((fixture, before), after)| Fixed::new(&linter, fixture, before, after));
        (texts.collect::<Vec<Fixed>>(), count)
    };
    // What is wrong with a text that cannot be read shows only once that is fixed.
    let usual = Linter::new();
    let hides = |text: &str| hides_findings(&counts(&usual.lint("-", text)));
    let (unread, texts) = texts.into_iter().partition(|(_, text)| hides(text));
    let ((mended, _), (mut fixed, count)) = (fixed("fixes/unread", unread), fixed("fixes/corpus", texts));
    assert!(fixed.len() > 40, "only {} fixtures can be fixed", fixed.len());
    let sum = |counts: &Counts| counts.values().sum::<usize>();
    let gone: usize = fixed.iter().map(|text| sum(&text.were) - sum(&text.are)).sum();
    assert_eq!(gone as u64, count, "as many findings are gone as were fixed");
    assert!(mended.len() > 5, "only {} fixtures are mended", mended.len());
    fixed.extend(mended);
    fixed
});

/// Whether a fault of syntax hides what else is wrong with a text.
fn hides_findings(counts: &Counts) -> bool {
    counts.contains_key("syntax")
}

/// Asserts that a text has fewer findings than before, none of a new rule, and is JSON if it was.
fn assert_better(Fixed { fixture, before, after, were, are }: &Fixed) {
    let name = if fixture.as_os_str().is_empty() { before.into() } else { fixture.to_string_lossy() };
    assert!(are.values().sum::<usize>() < were.values().sum(), "{name}");
    for (rule, count) in are {
        let was = were.get(rule).copied().unwrap_or_default();
        assert!(*count <= was, "{name}: {count} findings of `{rule}`, not {was}");
    }
    if serde_json::from_str::<Value>(before).is_ok() {
        let parsed = serde_json::from_str::<Value>(after);
        assert!(parsed.is_ok(), "{name}: {parsed:?}\n{after}");
    }
}

#[test]
fn fixes_leave_fewer_findings_and_none_of_a_new_rule() {
    FIXED.iter().filter(|text| !hides_findings(&text.were)).for_each(assert_better);
}

/// The same laws for fixtures that are changed at random.
#[test]
fn fixes_of_changed_documents_are_never_worse_and_made_once() {
    let before = changed_texts(2000);
    let (after, _) = fix(&Scratch::new("fixes/changed"), &before);
    let fixed: Vec<_> = before.iter().zip(&after).filter(|(before, after)| before != after).collect();
    assert!(fixed.len() > 20, "only {} of {} can be fixed", fixed.len(), before.len());
    let settings = pedantic();
    fixed.par_iter().for_each_init(
        || Linter::with_settings(&settings),
        |linter, (before, after)| {
            let fixed = Fixed::new(linter, PathBuf::new(), (*before).clone(), (*after).clone());
            // What is wrong with a text that cannot be read shows only once that is fixed.
            if !hides_findings(&fixed.were) {
                assert_better(&fixed);
            }
        },
    );
    let (again, count) = fix(&Scratch::new("fixes/changed-again"), &after);
    assert_eq!(count, 0);
    assert!(again == after);
}

#[test]
fn fixes_leave_nothing_to_fix() {
    let texts: Vec<String> = FIXED.iter().map(|text| text.after.clone()).collect();
    let (again, count) = fix(&Scratch::new("fixes/again"), &texts);
    assert_eq!(count, 0);
    assert!(again == texts);
}

#[test]
fn what_lies_outside_of_the_edits_stays_byte_for_byte() {
    let settings = pedantic();
    let linter = Linter::with_settings(&settings);
    for Fixed { fixture, before, after, .. } in &*FIXED {
        let checked = linter.lint("-", before);
        // Edits are for the text without a byte order mark.
        let (before, after) = (checked.text(), after.trim_start_matches('\u{feff}'));
        let fixes = checked.findings().iter().filter_map(|finding| finding.fix());
        let edits: BTreeSet<(usize, usize)> =
            fixes.flat_map(|fix| &fix.edits).map(|edit| (edit.range().start, edit.range().end)).collect();
        let (mut kept, mut found) = (0, 0);
        for end in edits.iter().map(|(start, _)| *start).chain([before.len()]) {
            if kept < end {
                let piece = &before[kept..end];
                let at = after[found..].find(piece);
                found += at.unwrap_or_else(|| panic!("{}: {piece:?} is gone", fixture.display())) + piece.len();
            }
            let ends = edits.iter().filter(|(start, _)| *start <= end).map(|(_, end)| *end);
            kept = ends.max().unwrap_or(0).max(end);
        }
        assert_eq!(found, after.len(), "{}: the end is another", fixture.display());
    }
}

/// A message of a queue with a text in it.
fn queue(body: &str) -> String {
    json!({"Messages": [{"ReceiptHandle": "handle", "Body": body}]}).to_string()
}

/// The text in a message of a queue.
fn body(text: &str) -> String {
    common::json(text)["Messages"][0]["Body"].as_str().expect("a body").to_owned()
}

/// A layout: its name, how a document is written in it, and how that is read back.
type Layout = (&'static str, fn(&str) -> String, fn(&str) -> Value);

const LAYOUTS: [Layout; 6] = [
    ("minified", |text| common::json(text).to_string(), common::json),
    ("CRLF", |text| text.replace('\n', "\r\n"), common::json),
    ("array", |text| format!("[{text}, {{}}]"), |text| common::json(text)[0].clone()),
    (
        "JSON Lines",
        |text| format!("{}\n{{}}\n", common::json(text)),
        |text| common::json(text.lines().next().expect("a line")),
    ),
    ("embedded", queue, |text| common::json(&body(text))),
    ("doubly embedded", |text| queue(&queue(text)), |text| common::json(&body(&body(text)))),
];

#[test]
fn fixes_are_the_same_in_every_layout() {
    // What a document means does not depend on what stands around it only where that is JSON once.
    let is_plain = |text: &&Fixed| {
        serde_json::from_str::<Value>(&text.before).is_ok_and(|value| value.is_object())
            && !text.were.contains_key("duplicate-json-key")
    };
    let plain: Vec<&Fixed> = FIXED.iter().filter(is_plain).collect();
    for (layout, write, read) in LAYOUTS {
        let texts: Vec<String> = plain.iter().map(|text| write(&text.before)).collect();
        let (fixed, _) = fix(&Scratch::new(&format!("fixes/layout-{layout}")), &texts);
        for (Fixed { fixture, after, .. }, fixed) in plain.iter().zip(fixed) {
            assert_eq!(read(&fixed), common::json(after), "{}, {layout}", fixture.display());
            let has_lone = fixed.replace("\r\n", "").contains('\n');
            assert!(layout != "CRLF" || !has_lone, "{}: line ends are mixed", fixture.display());
        }
    }
}

/// A text after all its fixes.
fn fixed(text: &str) -> String {
    feed(&[&FIX[..], &["-"]].concat(), text).stdout
}

#[test]
fn members_are_added_in_the_style_around_them() {
    let minified =
        r#"{"requestId":"a","image":{"infrastructureConfiguration":{"placement":{"hostId":"h-09da7ca2800d8ddd9"}}}}"#;
    for (text, expected) in [
        (minified.to_owned(), r#"{"hostId":"h-09da7ca2800d8ddd9","tenancy":"host"}"#),
        (minified.replace(':', ": "), r#""hostId": "h-09da7ca2800d8ddd9", "tenancy": "host"}"#),
        (
            format!("{:#}", common::json(minified)).replace('\n', "\r\n"),
            "\"hostId\": \"h-09da7ca2800d8ddd9\",\r\n        \"tenancy\": \"host\"\r\n      }",
        ),
    ] {
        let fixed = fixed(&text);
        assert!(fixed.contains(expected), "{fixed}");
    }
}

#[test]
fn two_misspelt_members_of_one_name_are_not_fixed() {
    let text =
        r#"{"requestId":"a","image":{"Name":"one","NAME":"two","platform":"Linux","state":{"status":"BUILDING"}}}"#;
    assert_eq!(counts(&Linter::new().lint("-", text))["member-name-case"], 2);
    assert_eq!(fixed(text), text);
}
