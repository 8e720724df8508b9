//! `kinds` with paths: of which kind documents are, and the oldest botocore that knows all of each.

use serde_json::json;

use crate::common::{self, Scratch, feed, run};

/// A response whose newest member came with botocore 1.43.122.
const IMAGE: &str = r#"{"image": {
    "state": {"status": "DISABLED", "failureContext": {"imageStatus": "DISABLED"}},
    "imageScanningConfiguration": {"imageScanningTypes": ["TEST_INSTANCE_CVE"]}
}}"#;

#[test]
fn a_document_needs_the_release_that_added_the_newest_part_of_it() {
    let folder = Scratch::new("command-line/kinds");
    for (document, lines) in [
        (
            IMAGE,
            "get-image\n    needs botocore 1.43.122, 2026-10-29: `/image/imageScanningConfiguration/imageScanningTypes`\n",
        ),
        (
            r#"{"workflowExecutions": [{"status": "CANCELLED"}, {"status": "CANCELLED"}]}"#,
            "list-workflow-executions\n    needs botocore 1.33.13, 2023-12-12: `/workflowExecutions/0/status` (`CANCELLED`)\n",
        ),
        (
            r#"{"workflowExecutions": [{"status": "FAILED"}]}"#,
            "list-workflow-executions\n    needs botocore 1.29.103, 2023-03-30: the document as a whole\n",
        ),
        // A misspelt member is the one that it means; what nobody knows is listed apart.
        (
            r#"{"image": {"ImageSource": "CUSTOM", "colour": 1, "state": {"status": "GONE"}}}"#,
            "get-image\n    needs botocore 1.29.51, 2023-01-17: `/image/ImageSource`\n    no botocore up to 1.",
        ),
    ] {
        folder.write("a.json", document);
        let ran = folder.run(&["kinds", "a.json"]);
        assert!(ran.stdout.starts_with(&format!("a.json:1:1: {lines}")), "{ran:#?}");
        ran.ends_with(0);
    }
    folder.run(&["kinds", "a.json"]).says(" knows `/image/state/status` (`GONE`), `/image/colour`\n");
}

#[test]
fn payloads_of_envelopes_and_strings_have_pointers_of_their_own() {
    let folder = Scratch::new("command-line/kinds-of-envelopes");
    let image = common::json(IMAGE);
    folder.write("lines.jsonl", format!("{image}\n{}\n", json!({ "statusCode": 200, "body": image.to_string() })));
    let entries = common::json(&folder.run(&["kinds", "--format", "json", "lines.jsonl"]).stdout);
    let needs = json!({
        "botocore": "1.43.122", "date": "2026-10-29",
        "because": [{ "pointer": "/image/imageScanningConfiguration/imageScanningTypes" }]
    });
    let entry = |document: usize, column: usize| {
        json!({
            "path": "lines.jsonl", "line": document + 1, "column": column, "document": document, "kind": "get-image",
            "needs": needs
        })
    };
    assert_eq!(entries, json!([entry(0, 1), entry(1, 9)]));
}

#[test]
fn what_is_no_image_builder_document_has_no_kind() {
    let folder = Scratch::new("command-line/kinds-of-others");
    folder.write("package.json", r#"{"name": "web"}"#).write("broken.json", "{").write("event.json", EVENT);
    folder.run(&["kinds", "package.json"]).says("package.json:1:1: no kind that is known\n").ends_with(0);
    folder.run(&["kinds", "broken.json"]).says("broken.json:1:1: no kind that is known\n");
    // botocore reads no events.
    let ran = folder.run(&["kinds", "event.json"]);
    assert_eq!(ran.stdout.lines().count(), 1, "{ran:#?}");
    folder.run(&["kinds", "."]).is_silent_on("package.json").says("event.json:1:1: ");
    feed(&["kinds", "-"], IMAGE).says("-:1:1: get-image\n").ends_with(0);
    run(&["kinds", "no/such/file.json"]).says("imagelint: no/such/file.json: ").ends_with(2);
}

const EVENT: &str = r#"{
    "source": "aws.imagebuilder",
    "detail-type": "EC2 Image Builder Image State Change",
    "detail": { "previous-state": { "status": "TESTING" }, "state": { "status": "AVAILABLE" } }
}"#;
