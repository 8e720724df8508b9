//! What holds of every text, whatever is in it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use imagelint::Checked;

/// What is planted as a secret: no word of imagelint, in letters and digits that no escape changes.
pub const CANARY: &str = "qZ7canary4Kv";

/// Every span is inside the text, on boundaries of characters, and findings are in the order of the text.
pub fn assert_spans(checked: &Checked<'_>, bytes: &[u8]) {
    let text = checked.text();
    // Offsets in the file count a byte order mark, which the text is without.
    let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let inside = |range: Range<usize>| assert!(text.get(range.clone()).is_some(), "{range:?} in\n{text}");
    for finding in checked.findings() {
        assert!(!finding.message().is_empty());
        for label in finding.labels() {
            let (start, end) = (label.location().start(), label.location().end());
            inside(start.offset - mark..end.offset - mark);
            assert!(start.line >= 1 && start.column >= 1 && start.line <= end.line, "{start:?} to {end:?}");
        }
        finding.fix().iter().flat_map(|fix| &fix.edits).for_each(|edit| inside(edit.range()));
    }
}

/// A report is of the language of its format, and shows no control characters.
pub fn assert_report(format: &str, report: &str) {
    let json = |text: &str| {
        let parsed = serde_json::from_str::<serde_json::Value>(text);
        assert!(parsed.is_ok(), "{format}: {parsed:?}\n{text}");
    };
    match format {
        "json" | "sarif" | "gitlab" | "rdjson" => json(report),
        "json-lines" => report.lines().for_each(json),
        "checkstyle" | "junit" => assert_xml(report),
        _ => {}
    }
    let obeyed = report.find(|char: char| char.is_control() && char != '\n' && char != '\t');
    assert!(obeyed.is_none(), "{format} has a control character at {obeyed:?}:\n{report}");
}

fn assert_xml(report: &str) {
    let mut reader = quick_xml::Reader::from_str(report);
    reader.config_mut().check_comments = true;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return,
            Ok(_) => {}
            Err(error) => panic!("{error}:\n{report}"),
        }
    }
}

/// The canary as it stands in a text: plain, and in base64 behind a multiple of three bytes and the rest.
static CANARIES: LazyLock<[String; 4]> = LazyLock::new(|| {
    let in_base64 = |ahead: usize| {
        let encoded = STANDARD.encode(format!("{}{CANARY}", &"..."[..ahead]));
        encoded[(ahead * 8).div_ceil(6)..encoded.len() - 4].to_owned()
    };
    [CANARY.to_owned(), in_base64(0), in_base64(1), in_base64(2)]
});

/// Whether a text has the canary in it, plain or in base64.
pub fn betrays(text: &str) -> bool {
    CANARIES.iter().any(|canary| text.contains(canary))
}

/// A report on a text with a canary does not have it.
pub fn assert_keeps_secret(format: &str, report: &str, planted: &[u8]) {
    if betrays(report) {
        let line = report.lines().find(|line| betrays(line));
        panic!("{format}: {}\n{}", line.unwrap_or_default(), String::from_utf8_lossy(planted));
    }
}

/// How many findings of each rule there are.
pub fn counts(checked: &Checked<'_>) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for finding in checked.findings() {
        *counts.entry(finding.rule().name).or_default() += 1;
    }
    counts
}
