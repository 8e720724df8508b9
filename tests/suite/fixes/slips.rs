//! Fixes of syntax: what editors and people leave in JSON is mended as a whole, and no value changes.

use std::fs;

use fastrand::Rng;
use imagelint::{Finding, Linter, Safety};
use serde_json::Value;

use super::{FAULTY, faulty};
use crate::common::{Scratch, feed, fixtures, run};

/// A text with slips at random places between its tokens, and typographic quotes around some of its strings. None of
/// them changes what it means.
fn with_slips(text: &str, rng: &mut Rng) -> String {
    let between =
        ["\u{a0}", "\u{feff}", "\u{3000}", "/* a \"comment\", } */", " // to the end\n", "\n  // a line\n", "/**/"];
    let mut slips = String::new();
    let (mut in_string, mut escaped, mut closing) = (false, false, '"');
    for (at, char) in text.char_indices() {
        let slip = if rng.u8(..8) == 0 { between[rng.usize(..between.len())] } else { "" };
        match char {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' if in_string => {
                in_string = false;
                slips.extend([closing]);
                continue;
            }
            '"' => {
                let length = text[at + 1..].find('"').unwrap_or_default();
                let is_plain = !text[at + 1..][..length].contains(|char| "\\“”„‟«»‘’'".contains(char));
                in_string = true;
                let quotes = ['"', '“', '„', '«', '‘'][if is_plain { rng.usize(..5) } else { 0 }];
                closing = match quotes {
                    '“' | '„' => '”',
                    '«' => '»',
                    '‘' => '’',
                    quote => quote,
                };
                slips.push_str(slip);
                slips.push(quotes);
                continue;
            }
            '}' | ']' if !in_string && rng.bool() => {
                let is_empty = slips.trim_end().ends_with(['{', '[', '/', '\u{a0}', '\u{feff}', '\u{3000}']);
                slips.push_str(if is_empty || slips.contains("//") { "" } else { "," });
                slips.push_str(slip);
            }
            ',' | ':' | '{' | '[' if !in_string => {
                slips.push(char);
                slips.push_str(slip);
                continue;
            }
            _ => {}
        }
        slips.push(char);
    }
    slips
}

fn syntax(findings: &[Finding]) -> Option<&Finding> {
    findings.iter().find(|finding| finding.rule().name == "syntax")
}

#[test]
fn mending_changes_no_value() {
    let mut rng = Rng::with_seed(5);
    let linter = Linter::new();
    let (mut slipped, mut mended) = (0, 0);
    for fixture in fixtures("corpus/valid/base") {
        let text = fs::read_to_string(&fixture).unwrap_or_default();
        let Ok(value @ Value::Object(_)) = serde_json::from_str::<Value>(&text) else { continue };
        for _ in 0..20 {
            let slips = with_slips(&text, &mut rng);
            let checked = linter.lint("-", &slips);
            let Some(finding) = syntax(checked.findings()) else { continue };
            slipped += 1;
            let Some(fix) = finding.fix() else { continue };
            let after = fix.apply(checked.text());
            let parsed = serde_json::from_str::<Value>(&after);
            assert!(parsed.is_ok_and(|parsed| parsed == value), "{}:\n{slips}\nto\n{after}", fixture.display());
            mended += 1;
        }
    }
    assert!(slipped > 300 && mended * 10 > slipped * 9, "{mended} of {slipped} are mended");
}

#[test]
fn what_leaves_a_doubt_is_not_mended() {
    for text in [
        "{\"image\": {\"name\": “the “new” web”, \"state\": {\"status\": \"BUILDING\"}}}",
        "{\"image\": {\"name\": \"a ”new” web,\n \"state\": {\"status\": \"BUILDING\"}}}",
        "{\"image\": {\"name\": \"web\", \"state\": {\"status\": \"BUILDING\"}}, \"requestId\": 1/**/2}",
        "{\"image\": {\"name\": \"web\", \"state\": {\"status\": \"BUILDING\"}}, \"requestId\": 1\u{feff}2}",
        "{\"image\": {\"name\": \"web\",, \"state\": {\"status\": \"BUILDING\"},}}",
        "{\"image\": {\"name\": \"web\", \"tags\": {,}, \"state\": {\"status\": \"BUILDING\"}}}",
        "{\"image\": {\"name\": \"web\", \"state\": {\"status\": \"BUILDING\"}, }, \"requestId\": x}",
        "{\"image\": {\"name\": \"web\", \"state\": {\"status\": \"BUILDING\"}} /* no end",
    ] {
        let checked = Linter::new().lint("-", text);
        let finding = syntax(checked.findings()).unwrap_or_else(|| panic!("no fault: {text}"));
        assert!(finding.fix().is_none(), "{text} to {:?}", finding.fix().map(|fix| fix.apply(text)));
    }
}

#[test]
fn a_comment_is_lost_only_when_that_is_asked_for() {
    let text = "{\"image\": {\"name\": \"web\", /* why */ \"state\": {\"status\": \"BUILDING\"},}}";
    let checked = Linter::new().lint("-", text);
    let fix = syntax(checked.findings()).and_then(Finding::fix).expect("a fix");
    assert_eq!((fix.safety, &*fix.title), (Safety::Unsafe, "remove the trailing comma and remove the comment"));
    assert_eq!(feed(&["--fix", "-"], text).stdout, text);
    let mended = "{\"image\": {\"name\": \"web\", \"state\": {\"status\": \"BUILDING\"}}}";
    assert_eq!(feed(&["--fix", "--unsafe-fixes", "-"], text).stdout, mended);
}

#[test]
fn what_a_syntax_fault_hid_is_fixed_after_it() {
    let text = FAULTY.replace("\"one\"", "“one”").replace("}}}}", "},}},}");
    let ran = feed(&["--fix", "-"], &text);
    assert_eq!(ran.stdout, super::fixed());
    assert!(ran.stderr.contains("; 2 fixed; "), "{ran:#?}");
    // An array that cannot be read is one document, and many once it can.
    let lines =
        format!("[{0},\n{0},]", "{\"requestId\": \"a\", \"image\": {\"Name\": «one», \"platform\": \"Linux\"}}");
    let ran = feed(&["--fix", "-"], &lines);
    assert_eq!(ran.stdout, lines.replace(['«', '»'], "\"").replace("Name", "name").replace(",]", "]"));
    assert!(ran.stderr.contains("2 documents checked: 0 errors, 0 warnings, 2 infos; 3 fixed"), "{ran:#?}");
}

#[test]
fn fixes_that_have_to_wait_say_why() {
    let folder = faulty("fixes/waiting");
    let commented = FAULTY.replace("\"one\",", "\"one\", // the first\r\n");
    folder.write("commented.json", &commented).write("broken.json", FAULTY.replace("\"one\"", "one"));
    let ran = folder.run(&["--fix", "commented.json", "broken.json"]);
    ran.says(
        "imagelint: commented.json: 1 finding is not fixed: the document is not JSON, see line 3; `--unsafe-fixes` would \
         remove the comment\n",
    );
    ran.says(
        "imagelint: broken.json: the rest of the document is neither checked nor fixed: it is not JSON, see line 3\n",
    );
    assert_eq!(folder.read("commented.json"), commented);
    folder.run(&["--fix", "--unsafe-fixes", "commented.json"]).is_silent_on("commented.json: 1 finding is not fixed");
    assert!(folder.read("commented.json").contains("\"name\": \"one\",\r\n"));
}

#[test]
fn a_fix_is_shown_as_a_diff_that_fits_and_holds_no_secret() {
    let folder = Scratch::new("fixes/shown");
    let long = "long ".repeat(60);
    folder.write(
        "a.json",
        format!(
            "{{\"image\": {{\"description\": \"{long}\", \"platform\": \"linux\", \"note\": \"aws_secret_access_key=\
             {}\", \"state\": {{\"status\": \"BUILDING\"}}}}}}",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
        ),
    );
    let report = run(&["--only", "enum-value", &folder.join("a.json").display().to_string()]).stdout;
    let changed = |sign: &str| {
        let lines: Vec<&str> = report.lines().filter(|line| line.starts_with(&format!("1 {sign} "))).collect();
        assert_eq!(lines.len(), 1, "{report}");
        assert!(lines[0].chars().count() <= 100 && !report.contains("wJalrX"), "{report}");
        lines[0].to_owned()
    };
    assert!(changed("-").contains("\"linux\"") && changed("+").contains("\"Linux\""), "{report}");
}
