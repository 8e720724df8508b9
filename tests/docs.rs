//! The pages in `docs/` are those that the rules and their fixtures make; `BLESS=1 cargo test`
//! rewrites them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use imagelint::catalogue::page::{Example, page};
use imagelint::document::Document;
use imagelint::finding::{Finding, Span};
use imagelint::lint::linter::Linted;
use imagelint::report::Format;
use imagelint::rules::{self, THEMES};
use serde_json::Value;

mod common;
use common::{cases, fixtures, lint, linter, path, rule_of, run_case};

/// The pages by file name.
fn pages() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut index = String::from(
        "# Rules\n\nGenerated from the rules and their fixtures. *Fix*: whether findings carry an edit that is safe to make \
         unasked, or one that needs a decision.\n",
    );
    for theme in THEMES {
        write!(index, "\n## {}\n\n| rule | level | fix | |\n| --- | --- | --- | --- |\n", theme.name)
            .expect("a String");
        for rule in theme.rules {
            let (examples, fix) = examples(rule.name);
            pages.insert(format!("{}.md", rule.name), page(rule, Some((&examples.0, &examples.1))));
            let level =
                if rule.pedantic { format!("{}, off", rule.level.name()) } else { rule.level.name().to_owned() };
            writeln!(index, "| [{0}]({0}.md) | {level} | {fix} | {1} |", rule.name, rule.summary.replace('|', "\\|"))
                .expect("a String");
        }
    }
    pages.insert("README.md".to_owned(), index);
    pages
}

/// The examples out of a rule's first fixtures, and the fix that its findings carry.
fn examples(rule: &str) -> ((Example, Example), &'static str) {
    let linter = linter(rule);
    let mut fix = "";
    let mut bad = None;
    let folder = format!("corpus/invalid/{rule}");
    if let Some(case) = cases(&folder).first() {
        bad = Some(example_of(case));
    }
    for fixture in fixtures(&folder) {
        let bytes = fs::read(&fixture).expect("a fixture");
        assert_eq!(rule_of(&fixture), rule);
        lint(&linter, &bytes, |text, Linted { findings, .. }| {
            for finding in findings {
                fix = finding.fix.as_ref().map_or(fix, |fix| fix.safety.name());
                bad.get_or_insert_with(|| Example::bad(&Document::parse(&text.text), finding));
            }
        });
    }
    let bad = bad.unwrap_or_else(|| panic!("{rule}: no fixture has a finding"));
    let good = fixtures(&format!("corpus/valid/{rule}")).first().map(|fixture| {
        let bytes = fs::read(fixture).expect("a fixture");
        lint(&linter, &bytes, |text, _| Example::good(&Document::parse(&text.text), &bad.pointer))
    });
    ((bad, good.expect("every rule has a valid fixture")), fix)
}

/// The example out of a case of several documents.
fn example_of(case: &Path) -> Example {
    let report: Value = serde_json::from_str(&run_case(case, Format::Json)).expect("a report");
    let first = &report["findings"][0];
    let text = |member: &str| first[member].as_str().expect("a text");
    let rule = rules::find(text("rule")).expect("a rule");
    let offset = |end: &str| usize::try_from(first["range"][end]["offset"].as_u64().expect("an offset"));
    let span = Span::new(offset("start").expect("it fits"), offset("end").expect("it fits"));
    let document = fs::read_to_string(case.join(text("file"))).expect("a fixture");
    Example::bad(&Document::parse(&document), &Finding::new(rule.name, rule.level, span, text("message")))
}

#[test]
fn the_pages_are_current() {
    let folder = path("docs/rules");
    let bless = std::env::var_os("BLESS").is_some();
    let pages = pages();
    if bless {
        fs::create_dir_all(&folder).expect("a folder");
    }
    let mut stale = Vec::new();
    for (name, page) in &pages {
        let file = folder.join(name);
        if bless {
            fs::write(&file, page).expect("a writable folder");
        } else if fs::read_to_string(&file).ok().as_ref() != Some(page) {
            stale.push(name.clone());
        }
    }
    for entry in fs::read_dir(&folder).expect("docs/rules") {
        let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
        if !pages.contains_key(&name) {
            stale.push(name);
        }
    }
    assert!(stale.is_empty(), "stale in docs/rules (BLESS=1 cargo test rewrites them): {stale:?}");
}

#[test]
fn explain_prints_the_page() {
    if std::env::var_os("BLESS").is_some() {
        return; // The pages are embedded at build time: the next run has the new ones.
    }
    for rule in rules::all() {
        let committed = fs::read_to_string(path(&format!("docs/rules/{}.md", rule.name))).expect("a page");
        assert_eq!(imagelint::catalogue::page::of(rule), committed);
    }
}
