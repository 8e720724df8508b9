//! The html report in a real browser. `IMAGELINT_BROWSER` names a headless Chromium; CI sets it.
//! Pictures of the page are left in `target/tmp/html`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

mod devtools;
use devtools::Browser;

/// A page of findings of every level in several files, open in the browser.
fn open(name: &str, arguments: &[&str]) -> Browser {
    let program = std::env::var_os("IMAGELINT_BROWSER").expect("IMAGELINT_BROWSER names a browser");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("html");
    fs::create_dir_all(&folder).expect("a scratch folder");
    let file = folder.join(format!("{name}.html"));
    let output = Command::new(env!("CARGO_BIN_EXE_imagelint"))
        .args(["--format", "html"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output();
    fs::write(&file, output.expect("the program runs").stdout).expect("the page");
    let mut browser = Browser::start(&program, &folder.join(format!("{name}.profile")));
    browser.open(&format!("file://{}", file.display()));
    browser
}

const SOME: &[&str] = &[
    "corpus/demo",
    "corpus/invalid/placement-exclusive",
    "corpus/invalid/name-arn-slug",
    "corpus/invalid/enum-value",
    "corpus/invalid/null-member",
];

fn picture(browser: &mut Browser, name: &str) {
    let file: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("html").join(format!("{name}.png"));
    fs::write(file, browser.screenshot()).expect("the picture");
}

/// How many findings are to be seen.
fn shown(browser: &mut Browser) -> u64 {
    browser.evaluate("document.querySelectorAll('.finding:not([hidden])').length").as_u64().expect("a count")
}

/// Which of the findings has the focus.
fn focused(browser: &mut Browser) -> Value {
    browser.evaluate("findings().indexOf(document.activeElement.closest('.finding'))")
}

#[test]
#[ignore = "needs a browser, which IMAGELINT_BROWSER names"]
fn filters_narrow_the_list() {
    let mut browser = open("filters", SOME);
    picture(&mut browser, "light");
    let all = shown(&mut browser);
    let of = |level: &str| format!("document.querySelectorAll('.finding[data-level={level}]').length");
    let warnings = browser.evaluate(&of("warning")).as_u64().expect("a count");
    assert!(warnings > 0 && warnings < all);

    browser.evaluate("document.querySelector('.levels [value=warning]').click()");
    assert_eq!(shown(&mut browser), all - warnings, "without the warnings");
    assert_eq!(browser.evaluate("location.hash"), "#levels=error%2Cinfo", "the view can be shared");
    browser.evaluate("document.querySelector('.levels [value=warning]').click()");

    browser.evaluate("document.querySelector('#rules [value=placement-exclusive]').click()");
    let rules = "[...new Set([...document.querySelectorAll('.finding:not([hidden])')].map(f => f.dataset.rule))]";
    assert_eq!(browser.evaluate(rules), json!(["placement-exclusive"]));
    browser.press("/");
    browser.press("z");
    browser.press("q");
    assert_eq!(shown(&mut browser), 0, "nothing holds this text");
    assert_eq!(browser.evaluate("document.querySelector('output').textContent"), format!("0 of {all} findings"));
    browser.evaluate("[...document.querySelectorAll('button')].find(b => b.textContent === 'Show all').click()");
    assert_eq!(shown(&mut browser), all);
    assert_eq!(browser.evaluate("location.hash"), "");
    assert_eq!(browser.complaints(), Vec::<Value>::new());
}

#[test]
#[ignore = "needs a browser, which IMAGELINT_BROWSER names"]
fn findings_group_by_file_and_by_rule() {
    let mut browser = open("groups", SOME);
    let all = shown(&mut browser);
    let heads = "[...document.querySelectorAll('.group h2')].map(head => head.textContent)";
    let files = browser.evaluate(heads);
    assert_eq!(files[0], "corpus/demo/get-image.json");
    browser.evaluate("document.querySelector('.grouping [value=rule]').click()");
    let rules = browser.evaluate(heads);
    assert!(rules.as_array().expect("heads").contains(&json!("placement-exclusive")), "{rules}");
    assert_eq!(shown(&mut browser), all, "no finding is lost");
    picture(&mut browser, "by-rule");
    browser.press("g");
    assert_eq!(browser.evaluate(heads), files);
    assert_eq!(browser.complaints(), Vec::<Value>::new());
}

#[test]
#[ignore = "needs a browser, which IMAGELINT_BROWSER names"]
fn keys_move_between_findings() {
    let mut browser = open("keys", SOME);
    browser.evaluate("globalThis.findings = () => [...document.querySelectorAll('.finding')]");
    for (key, expected) in [("j", 0), ("j", 1), ("ArrowDown", 2), ("k", 1), ("ArrowUp", 0), ("k", 0)] {
        browser.press(key);
        assert_eq!(focused(&mut browser), expected, "{key}");
    }
    let is_open = "document.activeElement.parentElement.open";
    assert_eq!(browser.evaluate(is_open), true);
    browser.press("Enter");
    assert_eq!(browser.evaluate(is_open), false);
    let outline = "getComputedStyle(document.activeElement).outlineStyle";
    assert_eq!(browser.evaluate(outline), "solid", "the focus is seen");
    browser.press("/");
    assert_eq!(browser.evaluate("document.activeElement.type"), "search");
    browser.press("j");
    assert_eq!(browser.evaluate("document.activeElement.value"), "j", "in the field keys are text");
    browser.press("Escape");
    assert_eq!(browser.evaluate("location.hash"), "", "the text is gone");
    assert_eq!(browser.evaluate("document.activeElement.localName"), "summary");
    let unnamed =
        "[...document.querySelectorAll('button, input')].filter(e => !(e.ariaLabel || e.textContent.trim())).length";
    assert_eq!(browser.evaluate(unnamed), 0, "every control has a name");
    assert_eq!(browser.complaints(), Vec::<Value>::new());
}

#[test]
#[ignore = "needs a browser, which IMAGELINT_BROWSER names"]
fn the_page_fits_the_dark_a_narrow_screen_and_paper() {
    let mut browser = open("looks", SOME);
    let background = "getComputedStyle(document.body).backgroundColor";
    let light = browser.evaluate(background);
    browser.media("screen", "dark");
    assert_ne!(browser.evaluate(background), light);
    picture(&mut browser, "dark");

    browser.resize(360, 900);
    assert_eq!(browser.evaluate("document.documentElement.scrollWidth"), 360, "nothing sticks out");
    picture(&mut browser, "narrow");

    browser.resize(800, 1100);
    browser.evaluate("document.querySelectorAll('details').forEach(details => details.open = false)");
    browser.media("print", "dark");
    assert_eq!(browser.evaluate(background), "rgb(255, 255, 255)");
    let controls = "['#controls', '#rules'].map(id => getComputedStyle(document.querySelector(id)).display)";
    assert_eq!(browser.evaluate(controls), json!(["none", "none"]));
    browser.evaluate("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(browser.evaluate("document.querySelectorAll('main details:not([open])').length"), 0, "all is printed");
    picture(&mut browser, "print");
    assert!(browser.pdf().starts_with(b"%PDF"));
    assert_eq!(browser.complaints(), Vec::<Value>::new());
}

#[test]
#[ignore = "needs a browser, which IMAGELINT_BROWSER names"]
fn thousands_of_findings_start_closed_and_can_be_filtered() {
    let mut browser = open("many", &["--pedantic", "corpus"]);
    let all = shown(&mut browser);
    assert!(all > 1000, "{all} findings");
    assert_eq!(browser.evaluate("document.querySelectorAll('.finding[open]').length"), 0);
    browser.evaluate(
        "(() => { const search = document.querySelector('#controls input');
           search.value = 'placement'; search.dispatchEvent(new Event('input')); })()",
    );
    assert!(shown(&mut browser) < all);
    picture(&mut browser, "many");
    assert_eq!(browser.complaints(), Vec::<Value>::new());
}

#[test]
#[ignore = "needs a browser, which IMAGELINT_BROWSER names"]
fn without_the_script_the_page_is_a_list() {
    let mut browser = open("plain", SOME);
    browser.without_script();
    assert_eq!(browser.evaluate("document.querySelectorAll('main > .finding[open]').length > 0"), true);
    assert_eq!(
        browser.evaluate("document.querySelectorAll('button, input').length"),
        0,
        "no control that does nothing"
    );
    let above = "document.querySelector('#summary').offsetTop < document.querySelector('main').offsetTop";
    assert_eq!(browser.evaluate(above), true, "the counts come first");
    picture(&mut browser, "plain");
}

/// axe-core, which `IMAGELINT_AXE` names, judges what it can of accessibility.
#[test]
#[ignore = "needs a browser and axe-core, which IMAGELINT_BROWSER and IMAGELINT_AXE name"]
fn axe_finds_no_violation() {
    let Some(axe) = std::env::var_os("IMAGELINT_AXE") else { return };
    let axe = fs::read_to_string(axe).expect("axe-core");
    let mut browser = open("axe", SOME);
    browser.evaluate(&format!("{axe}; 0"));
    let violations = "axe.run().then(({ violations }) =>
        violations.map(({ id, nodes }) => [id, nodes.length, nodes[0].html.slice(0, 200)]))";
    for (scheme, width) in [("light", 1280), ("dark", 1280), ("light", 360)] {
        browser.media("screen", scheme);
        browser.resize(width, 900);
        for by in ["file", "rule"] {
            browser.evaluate(&format!("document.querySelector('.grouping [value={by}]').click()"));
            assert_eq!(browser.evaluate(violations), json!([]), "{scheme}, {width} columns, by {by}");
        }
    }
}

#[test]
#[ignore = "needs a browser, which IMAGELINT_BROWSER names"]
fn the_finding_that_has_the_focus_keeps_it() {
    let mut browser = open("focus", SOME);
    for _ in 0..7 {
        browser.press("j");
    }
    let focused = "(f => [f.dataset.file, f.dataset.line, f.dataset.rule])(document.activeElement.closest('.finding'))";
    let before = browser.evaluate(focused);
    browser.press("g");
    assert_eq!(browser.evaluate(focused), before, "by rule");
    browser.press("g");
    assert_eq!(browser.evaluate(focused), before, "by file");
    browser.evaluate("document.querySelector('.skip').click()");
    assert_eq!(browser.evaluate("document.activeElement.id"), "findings");
    assert_eq!(browser.evaluate("location.hash"), "", "the view stays");
}
