//! Secrets are never printed, whatever is wrong with them or near them.

use super::formats;
use crate::common::{feed, run};

const QUERY: &str = "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F1&X-Amz-Signature=hunter2";

#[test]
fn a_secret_is_never_printed() {
    let cases = [
        (
            "presigned-url",
            "presigned-url/pcluster.json",
            &["AKIAIOSFODNN7EXAMPLE", "0123456789abcdef0123456789abcdef", "abcdefghij"][..],
        ),
        ("component-parameter-secret", "DbPassword", &["hunter2", "ghp_", "wJalr", "MIIEv"]),
    ];
    for (rule, expected, secrets) in cases {
        for format in formats() {
            let ran = run(&["--format", format, &format!("corpus/invalid/{rule}")]);
            ran.says(expected);
            for secret in secrets {
                ran.is_silent_on(secret);
            }
        }
    }
}

#[test]
fn a_secret_is_masked_where_another_rule_quotes_it_or_shows_its_line() {
    let text = format!("{{\"image\": {{\"state\": {{\"status\": \"https://b.s3.amazonaws.com/k?{QUERY}\"}}}}}}");
    feed(&["-"], text).says("enum-value").is_silent_on("hunter2");
}

#[test]
fn a_secret_is_masked_whatever_rules_run() {
    let image = |parameters: &str| {
        format!(
            "{{\"image\": {{\"imageRecipe\": {{\"components\": [{{\"parameters\":\n[{parameters}]}}]}},\n\
             \"state\": {{\"status\": \"BUILDNG\"}}}}}}"
        )
    };
    // The value stands in the line before the fault, and is a fault itself: no list, twice, misspelt, in a list.
    let cases = [
        ("{\"name\": \"DbPassword\", \"value\": [\"hunter2\"]}", "enum-value"),
        ("{\"value\": [[\"hunter2\"]], \"name\": \"DbPassword\"}", "value-type"),
        ("{\"name\": \"DbPassword\", \"value\": \"hunter2\"}", "value-type"),
        ("{\"name\": \"DbPassword\", \"Value\": [\"hunter2\"]}", "member-name-case"),
        ("{\"name\": \"token\"}, {\"name\": \"token\", \"value\": [\"hunter2\"]}", "component-parameter-duplicate"),
    ];
    for (parameters, rule) in cases {
        for format in formats() {
            for arguments in [&["--only", rule][..], &["--level", "component-parameter-secret=off"]] {
                let arguments = [&["--format", format], arguments, &["-"]].concat();
                feed(&arguments, image(parameters)).says(rule).is_silent_on("hunter2");
            }
        }
    }
}

#[test]
fn a_secret_beside_the_faulty_document_is_masked() {
    let undecodable =
        [format!("{{\"log\": \"https://b.example.org/x?{QUERY}\", \"").as_bytes(), b"\xff\": 1}"].concat();
    let clean = "{\"image\": {\"state\": {\"status\": \"BUILDING\"}, \"imageRecipe\": {\"components\": \
                 [{\"parameters\": [{\"name\": \"DbPassword\", \"value\": [\"hunter2\"]}]}]}}}";
    let faulty = "{\"image\": {\"state\": {\"status\": \"BUILDNG\"}}}";
    let second = format!("[{clean}, {faulty}]").into_bytes();
    for (bytes, rule) in [(undecodable, "encoding"), (second, "enum-value")] {
        for format in formats() {
            feed(&["--format", format, "--only", rule, "-"], &bytes).says(rule).is_silent_on("hunter2");
        }
    }
}

#[test]
fn the_query_of_a_presigned_url_stays_out_of_pointers() {
    let capture = format!(r#"{{"image": {{"state": {{}}, "https://bucket.example.org/key?{QUERY}": 1}}}}"#);
    for format in formats() {
        feed(&["--pedantic", "--format", format, "-"], &capture).is_silent_on("hunter2");
    }
}
