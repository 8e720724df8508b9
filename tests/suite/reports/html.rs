//! The html report, read as a browser reads it.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::everything;
use crate::common::{self, CLEAN, feed, path};

/// The page of a report.
fn page(arguments: &[&str], stdin: &str) -> Html {
    parse(&feed(&[&["--format", "html"], arguments].concat(), stdin).stdout)
}

/// A page, which must be HTML without errors.
fn parse(page: &str) -> Html {
    let page = Html::parse_document(page);
    assert_eq!(page.errors, Vec::<&str>::new(), "the page is HTML without errors");
    page
}

fn select<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    element.select(&Selector::parse(selector).expect("a selector")).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect()
}

/// The texts of the elements that match, without what stands before them.
fn texts(element: ElementRef<'_>, selector: &str, before: &str) -> Vec<String> {
    select(element, selector).into_iter().map(|found| text(found).trim_start_matches(before).to_owned()).collect()
}

/// A text as the page shows it: what stands in backquotes is set as code.
fn plain(value: &Value) -> String {
    value.as_str().unwrap_or_default().replace('`', "")
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

#[test]
fn the_page_holds_the_facts_of_the_json_report() {
    let report = common::json(&everything("json"));
    let findings = report["findings"].as_array().expect("findings");
    let page = parse(&everything("html"));
    let entries = select(page.root_element(), ".finding");
    assert_eq!(entries.len(), findings.len());
    for (entry, finding) in entries.into_iter().zip(findings) {
        let data = |name: &str| entry.attr(name).unwrap_or_default().to_owned();
        let all = |selector: &str, before: &str| texts(entry, selector, before).join("\n").replace('`', "");
        let list = |value: &Value, member: &str| -> Vec<String> {
            let values = value.as_array().into_iter().flatten();
            values.map(|value| plain(&value[member])).filter(|text| !text.is_empty()).collect()
        };
        let start = &finding["range"]["start"];
        // Others than pages are said in words.
        let is_page = |source: &String| source.starts_with("https:");
        let sources = finding["source"].as_array().expect("sources").iter().map(plain).filter(is_page);
        let shown = texts(entry, ".source", "source ").into_iter().filter(is_page);
        let expected = [
            ("level", plain(&finding["severity"]), data("data-level")),
            ("file", plain(&finding["file"]), data("data-file")),
            ("line", start["line"].to_string(), data("data-line")),
            ("column", start["column"].to_string(), data("data-column")),
            ("document", finding["document"].to_string(), data("data-document")),
            ("rule", plain(&finding["rule"]), all(".rule", "")),
            ("message", plain(&finding["message"]), all(".message", "")),
            ("pointer", plain(&finding["pointer"]), all(".pointer .outer", "")),
            ("embedded pointer", plain(&finding["embeddedPointer"]), all(".pointer .embedded", "")),
            ("help", plain(&finding["help"]), all(".help", "help ")),
            ("pages", sources.collect::<String>(), shown.collect::<String>()),
            ("fix", plain(&finding["fix"]["title"]), all(".fix .title", "")),
        ];
        for (what, expected, found) in expected {
            assert_eq!(found, expected, "{what} of {finding}");
        }
        let mut notes = texts(entry, ".note > :not(.number)", "╰ ");
        notes.extend(texts(entry, ".elsewhere .says", ""));
        assert_eq!(sorted(notes), sorted(list(&finding["labels"], "message")), "labels of {finding}");
        marks_the_fault(entry, finding);
    }
    let counts: Vec<String> = texts(page.root_element(), ".levels b", "");
    assert_eq!(counts, ["errors", "warnings", "infos"].map(|level| report["summary"][level].to_string()));
}

/// The text that is marked is the one at the finding's range, as far as that is shown.
fn marks_the_fault(entry: ElementRef<'_>, finding: &Value) {
    let file = fs::read(path(finding["file"].as_str().expect("a file"))).expect("a fixture");
    let offset =
        |end: &str| usize::try_from(finding["range"][end]["offset"].as_u64().expect("an offset")).expect("small");
    let at = std::str::from_utf8(&file[offset("start")..offset("end")]);
    let marked = texts(entry, "mark.primary", "").concat();
    let (Ok(at), false) = (at, marked.contains('*')) else { return };
    let first = at.lines().next().unwrap_or_default();
    if !first.is_empty() && !first.contains(char::is_control) {
        let shown = marked.trim_end_matches('…');
        assert!(!shown.is_empty() && first.starts_with(shown), "{marked} is marked: {finding}");
    }
}

#[test]
fn what_documents_hold_is_text_on_the_page() {
    let attack = r#"</script></style><img src=x onerror=alert(1)> & 'one' \"two\" <!--"#;
    let document = format!(
        "{{\"image\": {{\"platform\": \"{attack}\", \"<b>\": 1,\n\t\"state\": {{\"status\": \"\u{202e}\"}}}}}}"
    );
    let page = page(&["-"], &document);
    let root = page.root_element();
    assert!(select(root, "img, b b, code b").is_empty(), "no element comes from the document");
    assert_eq!(select(root, "script, style").len(), 2);
    let excerpt = texts(root, ".excerpt", "").concat();
    assert!(excerpt.contains("</script></style><img src=x onerror=alert(1)> & 'one'"), "{excerpt}");
    assert!(!excerpt.contains('\u{202e}') && excerpt.contains("\\u{202e}"), "writing is not turned round: {excerpt}");
}

#[test]
fn the_page_asks_for_nothing() {
    let page = page(&["corpus/demo"], "");
    let root = page.root_element();
    assert!(select(root, "[src], link, img, iframe, [style]").is_empty());
    let policy = select(root, "meta[http-equiv=Content-Security-Policy]")[0].attr("content").unwrap_or_default();
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
    for (element, directive) in [("style", "style-src"), ("script", "script-src")] {
        let hash = STANDARD.encode(Sha256::digest(text(select(root, element)[0])));
        assert!(policy.contains(&format!("{directive} 'sha256-{hash}';")), "the hash of the {element} is {hash}");
    }
    for link in select(root, "a:not(.skip)") {
        assert!(link.attr("href").unwrap_or_default().starts_with("https://"), "{}", link.html());
        assert_eq!(link.attr("rel"), Some("noopener noreferrer"));
    }
}

#[test]
fn a_clean_run_says_so() {
    let page = page(&[CLEAN], "");
    assert_eq!(texts(page.root_element(), "#summary p", ""), ["Passes: nothing found", "1 file checked"]);
}
