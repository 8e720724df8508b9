//! Masked values: noted once, and no other rule is misled by them.

use std::collections::HashSet;
use std::fs;

use imagelint::{Finding, Linter};
use serde_json::Value;

use crate::common::{fixtures, json, path};

fn described(findings: &[Finding]) -> String {
    let line =
        |finding: &Finding| format!("{} {} {}", finding.rule().name, finding.location().pointer(), finding.message());
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Whether all that is found is one note about masks, for each document; of a request they are placeholders.
fn is_noted_once(findings: &[Finding]) -> bool {
    let documents: HashSet<usize> = findings.iter().map(Finding::document).collect();
    let is_note = |finding: &Finding| matches!(finding.rule().name, "masked-value" | "request-placeholder");
    findings.iter().all(is_note) && findings.len() == documents.len().max(1)
}

/// People mask accounts before they share a capture; that makes no other fault of it.
#[test]
fn a_masked_account_is_noted_once() {
    let linter = Linter::new();
    for mask in ["XXXXXXXXXXXX", "************", "<account-id>", "1234xxxx9012", "{{123456789012}}"] {
        for fixture in fixtures("corpus/valid/base") {
            let text = fs::read_to_string(&fixture).expect("a fixture of UTF-8");
            let masked = text.replace("123456789012", mask);
            let checked = linter.lint("-", &masked);
            let findings = checked.findings();
            let is_clean = findings.is_empty() && (masked == text || !fixture.ends_with("linux-ami.json"));
            assert!(is_clean || is_noted_once(findings), "{mask} in {}:\n{}", fixture.display(), described(findings));
        }
    }
}

#[test]
fn a_masked_region_is_noted_once() {
    let linter = Linter::new();
    for mask in ["<region>", "{{us-west-2}}", "REDACTED", "xx-xxxx-x", "***"] {
        for fixture in fixtures("corpus/valid/base") {
            let text = fs::read_to_string(&fixture).expect("a fixture of UTF-8");
            let masked = text.replace("us-west-2a", mask).replace("us-west-2", mask);
            let checked = linter.lint("-", &masked);
            let findings = checked.findings();
            let is_fine = findings.is_empty() || is_noted_once(findings);
            assert!(is_fine, "{mask} in {}:\n{}", fixture.display(), described(findings));
        }
    }
}

/// Calls a function for a document with each of its strings masked in turn.
fn with_each_string_masked(document: &Value, mask: &str, each: &mut dyn FnMut(&str, &Value)) {
    fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| {
                pointers(value, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }),
            Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| {
                pointers(item, format!("{at}/{index}"), found);
            }),
            Value::String(_) => found.push(at),
            _ => {}
        }
    }
    let mut found = Vec::new();
    pointers(document, String::new(), &mut found);
    for pointer in found {
        let mut masked = document.clone();
        *masked.pointer_mut(&pointer).expect("a pointer into the document") = mask.into();
        each(&pointer, &masked);
    }
}

/// The law of masks: whatever value of a clean capture is masked, no rule but `masked-value` speaks of it.
#[test]
fn masking_any_value_makes_no_other_fault() {
    let linter = Linter::new();
    let mut wrong = Vec::new();
    for name in ["linux-ami", "container", "windows-fast-launch", "govcloud", "iso-import", "failed-build", "pipeline"]
    {
        let file = path("corpus/valid/base").join(name).with_extension("json");
        let document = json(&fs::read_to_string(file).expect("a fixture"));
        with_each_string_masked(&document, "REDACTED", &mut |pointer, masked| {
            let text = masked.to_string();
            let checked = linter.lint("-", &text);
            let findings = checked.findings();
            if findings.iter().any(|finding| finding.rule().name != "masked-value") {
                wrong.push(format!("{name} {pointer}:\n{}", described(findings)));
            }
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A mask hides no fault of another part of the same value.
#[test]
fn what_is_not_masked_is_checked() {
    for (arn, rule) in [
        ("arn:aws:imagebuilder:us-west-2:XXXXXXXXXXXX:images/web-server/1.2.3/4", "arn-segment"),
        ("arn:aws:imagebuilder:<region>:123456789012:image/web-server/1.2.3", "arn-version-level"),
        ("arn:aws:imagebuilder:us-west-2:***:image-recipe/web-server/1.2.3", "arn-resource-type"),
        ("arn:aws:imagebuilder:moon-base-1:REDACTED:image/web-server/1.2.3/4", "arn-partition-region"),
    ] {
        let capture = format!(r#"{{"image": {{"arn": "{arn}", "state": {{"status": "AVAILABLE"}}}}}}"#);
        let mut rules: Vec<&str> = imagelint::lint(&capture).iter().map(|finding| finding.rule().name).collect();
        rules.sort_unstable();
        let mut expected = [rule, "masked-value"];
        expected.sort_unstable();
        assert_eq!(rules, expected, "{arn}");
    }
}
