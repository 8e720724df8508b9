//! Rules across documents on the command line: which documents are compared, wherever they are read from.

use std::path::Path;

use serde_json::{Value, json};

use crate::common::{self, Ran, Scratch, feed_in, gzip, path, run_in, text};

const RULES: [&str; 7] = [
    "x-steps-counts",
    "x-workflow-image",
    "x-workflow-times",
    "x-same-arn",
    "x-summary-image",
    "x-request-response",
    "x-request-version",
];

/// A concise report on standard output, and nothing on standard error.
fn concise(folder: &Path, arguments: &[&str], stdin: &str) -> String {
    let Ran { stdout, stderr, .. } = feed_in(folder, &[&["--format", "concise", "--quiet"], arguments].concat(), stdin);
    assert_eq!(stderr, "");
    stdout
}

/// A document out of a case of the corpus.
fn fixture(name: &str) -> Value {
    common::json(&text(&format!("corpus/{name}")))
}

/// Two captures of one build that were created at different times.
fn captures() -> [Value; 2] {
    ["monday", "tuesday"].map(|day| fixture(&format!("invalid/x-same-arn/two-dates/{day}.json")))
}

/// The column of the value of a member of the object at a pointer in a document that is on one line.
fn column_of(document: &Value, pointer: &str, member: &str) -> usize {
    let mut marked = document.clone();
    let value = marked.pointer_mut(pointer).and_then(|object| object.get_mut(member)).expect("the member");
    *value = json!("here");
    let marked = marked.to_string();
    marked[..marked.find("\"here\"").expect("the mark")].chars().count() + 1
}

#[test]
fn findings_label_both_files_in_json() {
    let case = "corpus/invalid/x-summary-image/name";
    let report = common::json(&run_in(&path(case), &["--format", "json", "."]).stdout);
    let finding = &report["findings"][0];
    assert_eq!((&finding["rule"], &finding["file"]), (&json!("x-summary-image"), &json!("list.json")));
    assert_eq!(finding["pointer"], "/imageSummaryList/0/name");
    let there = &finding["labels"][1];
    assert_eq!((&there["file"], &there["pointer"]), (&json!("image.json"), &json!("/image/name")));
    let text = text(&format!("{case}/image.json"));
    let offset = |end: &str| usize::try_from(there["range"][end]["offset"].as_u64().expect("a number")).expect("small");
    assert_eq!(&text[offset("start")..offset("end")], "\"web_server\"");
    assert_eq!((&report["summary"]["files"], &report["summary"]["warnings"]), (&json!(2), &json!(1)));
}

#[test]
fn the_report_does_not_depend_on_threads_or_on_the_order_of_arguments() {
    let folder = path("corpus");
    let only: Vec<&str> = RULES.into_iter().flat_map(|rule| ["--only", rule]).collect();
    let with = |rest: &[&str]| concise(&folder, &[&only[..], rest].concat(), "");
    let one = with(&["--threads", "1", "invalid", "valid"]);
    assert!(one.contains("[x-same-arn]"), "{one}");
    assert_eq!(with(&["--threads", "4", "valid", "invalid"]), one);
}

#[test]
fn documents_of_one_file_are_compared() {
    let folder = Scratch::new("across/lines");
    let [one, two] = captures();
    let lines = format!("{one}\n{{\"x\":1}}\n{two}\n");
    folder
        .write("a.jsonl", &lines)
        .write("b.json", json!([one, two]).to_string())
        .write("c.jsonl.gz", gzip(&lines))
        .write("d.json", format!("\u{feff}{lines}"));
    let [there, here] = [&one, &two].map(|document| column_of(document, "/image", "dateCreated"));
    let check = |name: &str, stdin: &str| concise(&folder, &["--only", "x-same-arn", name], stdin);
    for (name, stdin) in [("a.jsonl", ""), ("c.jsonl.gz", ""), ("d.json", ""), ("-", &lines)] {
        let found = check(name, stdin);
        assert!(found.starts_with(&format!("{name}:3:{here}: info[x-same-arn] ")), "{found}");
        assert!(found.ends_with(&format!(", see {name}:1:{there})\n")), "{found}");
        assert_eq!(found.lines().count(), 1, "{found}");
    }
    let found = check("b.json", "");
    assert!(found.starts_with("b.json:1:") && found.contains(", see b.json:1:"), "{found}");
}

#[test]
fn a_note_says_that_there_are_too_many_documents_to_compare_all() {
    let folder = Scratch::new("across/much");
    let [one, two] = captures();
    let log = [one.to_string(), " ".repeat(5 << 20), two.to_string()].join("\n");
    folder.write("log.jsonl", &log).write("log.jsonl.gz", gzip(&log));
    // Padding, which is cheap to lint, makes most of them.
    let mut padded = one;
    padded["ResponseMetadata"] = json!({ "HTTPHeaders": { "x-padding": "é".repeat(4000) } });
    let line = format!("{padded}\n");
    let many = line.repeat((5 << 20) / line.len());
    let note = "imagelint: only the first documents were compared (rules `x-…`); there are too many to compare all\n";
    for (name, stdin, findings, noted) in
        [("log.jsonl", "", 1, ""), ("log.jsonl.gz", "", 0, note), ("-", &many, 0, note)]
    {
        let ran = feed_in(&folder, &["--only", "x-same-arn", "--format", "concise", "--quiet", name], stdin);
        assert_eq!(ran.stderr, noted, "{name}");
        ran.prints_lines(findings);
    }
}

#[test]
fn other_encodings_and_envelopes_are_compared() {
    let folder = Scratch::new("across/envelopes");
    let [one, two] = captures();
    let utf16: Vec<u8> = format!("\u{feff}{one}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    folder.write("a.json", utf16);
    folder.write("b.json", json!({ "statusCode": 200, "body": two.to_string() }).to_string());
    let report = common::json(&folder.run(&["--format", "json", "--only", "x-same-arn", "."]).stdout);
    let [finding] = &report["findings"].as_array().expect("findings")[..] else { panic!("{report:#}") };
    assert_eq!((&finding["pointer"], &finding["embeddedPointer"]), (&json!("/body"), &json!("/image/dateCreated")));
    assert_eq!(finding["labels"][1]["file"], "a.json");
}

#[test]
fn levels_apply() {
    let folder = path("corpus/invalid/x-same-arn/two-dates");
    let check = |arguments: &[&str]| run_in(&folder, &[&["--format", "concise", "--quiet"], arguments].concat());
    check(&["--level", "x-same-arn=off", "."]).prints_lines(0).ends_with(0);
    check(&["--level", "x-same-arn=error", "."]).says("error[x-same-arn]").ends_with(1);
    check(&["."]).says("info[x-same-arn]").ends_with(0);
    check(&["--fail-on", "info", "."]).ends_with(1);
    check(&["--only", "x-summary-image", "."]).prints_lines(0);
}

#[test]
fn an_arn_that_many_documents_share_is_reported_three_times() {
    let folder = Scratch::new("across/shared");
    for index in 0..20 {
        let mut capture = captures()[0].clone();
        capture["image"]["dateCreated"] = json!(format!("2026-09-{:02}T05:44:21.121Z", index + 1));
        folder.write(format!("{index:02}.json"), capture.to_string());
    }
    let found = concise(&folder, &["--only", "x-same-arn", "."], "");
    assert_eq!(found.lines().count(), 3, "{found}");
    assert!(found.contains("; 16 more documents disagree (at /image/dateCreated, see 00.json:"), "{found}");
}

#[test]
fn a_request_is_reported_once_and_only_if_no_capture_of_its_recipe_agrees() {
    let folder = Scratch::new("across/requests");
    let [request, response] =
        ["request", "response"].map(|name| fixture(&format!("invalid/x-request-response/recipe/{name}.json")));
    folder.write("recipe.json", request.to_string());
    for name in ["first", "second"] {
        folder.write(format!("{name}.json"), response.to_string());
    }
    let check = || concise(&folder, &["--only", "x-request-response", "."], "");
    let found = check();
    assert_eq!(found.lines().count(), 1, "{found}");
    assert!(found.starts_with("recipe.json:1:") && found.contains(", see first.json:1:"), "{found}");
    let mut agreeing = response;
    for member in ["parentImage", "components", "blockDeviceMappings"] {
        agreeing["imageRecipe"][member] = request[member].clone();
    }
    folder.write("third.json", agreeing.to_string());
    assert_eq!(check(), "");
}

#[test]
fn of_two_requests_for_one_recipe_neither_is_compared() {
    let folder = Scratch::new("across/two-requests");
    let [request, response] =
        ["request", "response"].map(|name| fixture(&format!("invalid/x-request-response/recipe/{name}.json")));
    folder.write("response.json", response.to_string());
    for (name, count) in [("one.json", 1), ("two.json", 0)] {
        folder.write(name, request.to_string());
        let found = concise(&folder, &["--only", "x-request-response", "."], "");
        assert_eq!(found.lines().count(), count, "{found}");
    }
}

#[test]
fn an_id_that_many_documents_share_is_not_compared() {
    let folder = Scratch::new("across/made-up");
    let [execution, steps] =
        ["execution", "steps"].map(|name| fixture(&format!("invalid/x-steps-counts/one-more/{name}.json")));
    folder.write("execution.json", execution.to_string());
    for count in 1..=4 {
        folder.write(format!("steps-{count}.json"), steps.to_string());
        let found = concise(&folder, &["--only", "x-steps-counts", "."], "");
        assert_eq!(found.lines().count(), if count < 4 { count } else { 0 }, "{found}");
    }
}

#[test]
fn a_page_of_steps_is_not_taken_for_all() {
    let folder = Scratch::new("across/pages");
    let execution = fixture("valid/x-steps-counts/agreeing/execution.json");
    let mut first = fixture("valid/x-steps-counts/agreeing/steps.json");
    let mut second = first.clone();
    first["nextToken"] = json!("eyJtYXJrZXIiOiJ4In0=");
    let steps = first["steps"].as_array_mut().expect("steps");
    second["steps"] = steps.split_off(steps.len() / 2).into();
    folder.write("execution.json", execution.to_string()).write("second.json", second.to_string());
    let only = ["--only", "x-steps-counts", "."];
    assert_eq!(concise(&folder, &only, ""), "", "the last page looks like a whole list");
    folder.write("first.json", first.to_string());
    assert_eq!(concise(&folder, &only, ""), "");
}

#[test]
fn a_secret_beside_the_place_in_the_other_file_is_masked() {
    let folder = Scratch::new("across/secrets");
    let [mut one, mut two] = captures();
    for capture in [&mut one, &mut two] {
        let secret =
            "https://logs.s3.us-west-2.amazonaws.com/a?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE&X-Amz-Signature=0123abcd";
        capture["image"]["tags"] = json!({ "log": secret });
    }
    folder.write("a.json", one.to_string()).write("b.json", format!("{two:#}"));
    let ran = folder.run(&["--only", "x-same-arn", "."]);
    ran.says("::: a.json:1:").says("--> b.json:").is_silent_on("AKIA").is_silent_on("0123abcd");
}
