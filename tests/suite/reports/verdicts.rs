//! Verdicts and keys: what engines for bulk read, a line for every document.

use serde_json::{Value, json};

use super::{misspelt, report_in};
use crate::common::{self, CLEAN, Scratch, WARNING, feed, gzip, path, run, run_in, text};

/// The lines of a report.
fn lines(report: &str) -> Vec<Value> {
    report.lines().map(common::json).collect()
}

/// Some members of each line.
fn members(lines: &[Value], names: &[&str]) -> Vec<Value> {
    lines.iter().map(|line| names.iter().map(|name| line[name].clone()).collect()).collect()
}

#[test]
fn verdicts_fit_their_schema() {
    let schema = common::json(&text("schemas/verdict.json"));
    let validator = jsonschema::validator_for(&schema).expect("the schema compiles");
    let all = lines(&run(&["--format", "verdicts", "--pedantic", "corpus", "no/such.json", "schemas"]).stdout);
    for line in &all {
        let errors: Vec<String> = validator.iter_errors(line).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{line}: {errors:?}");
    }
    for member in ["kind", "across", "error"] {
        assert!(all.iter().any(|line| line.get(member).is_some()), "{member}");
    }
}

#[test]
fn every_document_has_a_verdict_in_order() {
    let folder = Scratch::new("reports/verdicts");
    let others = r#"{"name": "web"}"#;
    let (bad, good) = (misspelt(), common::json(&text(CLEAN)));
    let log = format!("{bad}\n{others}\n[{bad}, {good}]\n{{\"image\": {{\"platform\": \"lin\n{good}\n");
    folder.write("a.json", others).write("b.jsonl", &log).write("c.jsonl.gz", gzip(&log));
    let ran = folder.run(&["--format", "verdicts", "."]);
    ran.ends_with(1);
    assert_eq!(ran.stderr, "");
    let found = members(&lines(&ran.stdout), &["file", "document", "line", "kind", "checked", "ok"]);
    let in_log = |file: &str| {
        let line = |document: usize, line: usize, kind: Option<&str>, checked: bool, ok: bool| {
            json!([file, document, line, kind, checked, ok])
        };
        [
            line(0, 1, Some("get-image"), true, false),
            line(1, 2, None, false, true),
            line(2, 3, Some("get-image"), true, false),
            line(3, 3, Some("get-image"), true, true),
            line(4, 4, None, true, false),
            line(5, 5, Some("get-image"), true, true),
        ]
    };
    let expected: Vec<Value> = std::iter::once(json!(["a.json", 0, 1, null, false, true]))
        .chain(in_log("b.jsonl"))
        .chain(in_log("c.jsonl.gz"))
        .collect();
    assert_eq!(found, expected, "{}", ran.stdout);
}

#[test]
fn a_verdict_names_what_its_document_describes() {
    let arn = "arn:aws:imagebuilder:us-west-2:123456789012:image/web-server/1.2.3/4";
    let request = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
    for (document, kind, id) in [
        (json!({ "image": { "arn": arn }, "requestId": request }), "get-image", Some(arn)),
        (json!({ "imageBuildVersionArn": arn, "requestId": request }), "create-image", Some(arn)),
        (
            json!({ "imageSummaryList": [{ "arn": arn }], "requestId": request }),
            "list-image-build-versions",
            Some(request),
        ),
        (
            json!({ "workflowExecutionId": "wf-1", "imageBuildVersionArn": arn, "steps": [] }),
            "list-workflow-step-executions",
            Some("wf-1"),
        ),
        (json!({ "image": { "arn": "web" }, "requestId": "secret" }), "get-image", None),
        (json!({ "statusCode": 200, "body": json!({ "image": { "arn": arn } }).to_string() }), "get-image", Some(arn)),
        (json!({ "image": { "Arn": arn, "State": { "Status": "AVAILABLE" } } }), "get-image", Some(arn)),
    ] {
        let found = lines(&feed(&["--format", "verdicts", "-"], document.to_string()).stdout);
        assert_eq!(members(&found, &["kind", "id"]), [json!([kind, id])], "{document}");
    }
    let token = "AKIAIOSFODNN7EXAMPLE";
    let named = json!({ "image": { "arn": arn.replace("web-server", token) } }).to_string();
    for arguments in [&["--format", "verdicts", "-"][..], &["keys", "-"]] {
        feed(arguments, &named).says("arn:aws:imagebuilder").is_silent_on(token);
    }
}

#[test]
fn the_status_is_that_of_other_formats() {
    for arguments in [&[WARNING][..], &["--fail-on", "warning", WARNING], &["no/such.json"], &[CLEAN, WARNING]] {
        let with = |format: &str| run(&[&["--format", format], arguments].concat());
        let verdicts = with("verdicts");
        assert_eq!(verdicts.status, with("json").status, "{arguments:?}");
        let silent = verdicts.stderr.lines().all(|line| line.starts_with("imagelint: no/such.json: "));
        assert!(silent, "{verdicts:#?}");
    }
    let verdict =
        |level: &str| lines(&run(&["--format", "verdicts", "--fail-on", level, WARNING]).stdout)[0]["ok"].clone();
    assert_eq!((verdict("error"), verdict("warning"), verdict("never")), (json!(true), json!(false), json!(true)));
}

/// Whatever is in a record, it says nothing of another one: so rows of a table can be told apart.
#[test]
fn records_of_a_sequence_are_checked_each_for_itself() {
    let good = common::json(&text(CLEAN)).to_string();
    let records = ["{\"image\": {\"platform\": \"li", &good, "", "{\n\"image\": [", "]", &good];
    let sequence: String = records.iter().map(|record| format!("\u{1e}\n{record}\n")).collect();
    let found = lines(&feed(&["--format", "verdicts", "-"], &sequence).stdout);
    let expected = [json!([2, false]), json!([4, true]), json!([8, false]), json!([11, false]), json!([13, true])];
    assert_eq!(members(&found, &["line", "ok"]), expected);
    let folder = Scratch::new("reports/sequence");
    // More than one block.
    let many = format!("{}{}", sequence.repeat(20), " ".repeat(2 << 20)) + &sequence;
    folder.write("rows", &many).write("rows.gz", gzip(&many));
    let [plain, compressed] = ["rows", "rows.gz"].map(|file| report_in(&folder, "verdicts", &[file]));
    assert_eq!(plain.lines().count() % expected.len(), 0);
    assert_eq!(plain.lines().filter(|line| line.contains("\"ok\":true")).count(), plain.lines().count() / 5 * 2);
    assert_eq!(compressed.replace("rows.gz", "rows"), plain);
}

#[test]
fn comparisons_come_last_and_can_be_left_out() {
    let folder = path("corpus/invalid/x-same-arn/two-dates");
    let check = |arguments: &[&str]| run_in(&folder, &[&["--format", "verdicts"], arguments, &["."]].concat());
    let found = lines(&check(&[]).stdout);
    assert_eq!(members(&found, &["file", "across", "infos"])[2], json!(["tuesday.json", true, 1]));
    let finding = &found[2]["findings"][0];
    let key = "arn:aws:imagebuilder:us-west-2:123456789012:image/web-server/1.2.3/4";
    assert_eq!((&finding["key"], &finding["other"]["file"]), (&json!(key), &json!("monday.json")));
    assert_eq!(lines(&check(&["--no-across"]).stdout), &found[..2]);
    run_in(&folder, &["--no-across", "--fail-on", "info", "."]).ends_with(0);
}

#[test]
fn keys_bring_together_what_is_compared() {
    let folder = path("corpus/invalid");
    let across: Vec<&str> =
        ["x-same-arn", "x-summary-image", "x-steps-counts", "x-workflow-image", "x-workflow-times"].to_vec();
    let ran = run_in(&folder, &[&["keys"], &across[..]].concat());
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    let keys = lines(&ran.stdout);
    let verdicts = lines(&run_in(&folder, &[&["--format", "verdicts"], &across[..]].concat()).stdout);
    let place = |line: &Value| (line["file"].clone(), line["document"].clone());
    let documents: Vec<_> = verdicts.iter().filter(|line| line.get("kind").is_some()).map(place).collect();
    assert_eq!(keys.iter().map(place).collect::<Vec<_>>(), documents, "a line for every document");
    let mut findings = 0;
    for line in verdicts.iter().filter(|line| line.get("across").is_some()) {
        for finding in line["findings"].as_array().expect("findings") {
            findings += 1;
            let has_key = |file: &Value| {
                let entries = keys.iter().filter(|line| line["file"] == *file);
                let mut entries = entries.flat_map(|line| line["keys"].as_array().expect("keys"));
                entries.any(|entry| (&entry["rule"], &entry["key"]) == (&finding["rule"], &finding["key"]))
            };
            assert!(has_key(&line["file"]) && has_key(&finding["other"]["file"]), "{finding}");
        }
    }
    assert!(findings >= 5, "{findings}");
}

#[test]
fn keys_say_what_they_are_compared_with() {
    let image = "corpus/invalid/x-same-arn/two-dates/monday.json";
    let keys = lines(&run(&["keys", &path(image).display().to_string()]).stdout)[0]["keys"].clone();
    let found: Vec<_> = keys.as_array().expect("keys").iter().map(|key| (&key["rule"], &key["with"])).collect();
    assert!(found.contains(&(&json!("x-same-arn"), &Value::Null)), "an image is compared with images: {keys}");
    assert!(found.contains(&(&json!("x-summary-image"), &json!("entry"))), "{keys}");
    assert!(keys[0].get("count").is_none(), "{keys}");
}

#[test]
fn keys_are_told_once_for_each_rule_that_runs() {
    let arn = "arn:aws:imagebuilder:us-west-2:123456789012:image/web-server/1.2.3/4";
    let entry = json!({ "arn": arn, "name": "web-server" });
    let list = json!({ "imageSummaryList": [entry, entry] }).to_string();
    let keys = |arguments: &[&str]| feed(&[&["keys"], arguments, &["-"]].concat(), format!("{list}\n{{}}\n")).stdout;
    let expected = json!([{ "rule": "x-summary-image", "key": arn, "side": "entry", "with": "image", "count": 2 }]);
    assert_eq!(members(&lines(&keys(&[])), &["line", "keys"]), [json!([1, expected]), json!([2, []])]);
    assert_eq!(lines(&keys(&["--level", "x-summary-image=off"]))[0]["keys"], json!([]));
    run(&["keys", "no/such.json"]).says("imagelint: no/such.json: ").ends_with(2);
    run(&["keys", "--kind", "get-imag"]).says("did you mean `get-image`").ends_with(2);
}

#[test]
fn paths_can_come_from_a_file() {
    let folder = Scratch::new("reports/files-from");
    let names = ["a.json", "b c.json", "-d.json"];
    for name in &names {
        folder.write(name, misspelt().to_string());
    }
    folder.write("lines", names.join("\n") + "\n").write("nul", names.join("\0")).write("none", "");
    let files = |arguments: &[&str], stdin: &str| {
        let all = [&["--format", "verdicts", "--files-from"], arguments].concat();
        let ran = common::feed_in(&folder, &all, stdin);
        members(&lines(&ran.stdout), &["file"]).into_iter().map(|one| one[0].clone()).collect::<Vec<_>>()
    };
    let all = ["-d.json", "a.json", "b c.json"];
    assert_eq!(files(&["lines"], ""), all);
    assert_eq!(files(&["nul"], ""), all);
    assert_eq!(files(&["-"], "a.json\r\nb c.json"), all[1..]);
    assert_eq!(files(&["nul", "a.json"], ""), all);
    assert!(files(&["none"], "").is_empty());
    folder.run(&["--files-from", "gone"]).says("imagelint: gone: ").ends_with(2);
}

#[test]
fn json_has_excerpts_if_asked() {
    let folder = Scratch::new("reports/excerpts");
    let password = "correct-horse-battery-9";
    let mut image = misspelt();
    image["image"]["dbPassword"] = json!(password);
    folder.write("a.json", image.to_string()).write("b.json", "{");
    for format in ["json", "json-lines"] {
        let ran = folder.run(&["--format", format, "--excerpts", "--quiet", "a.json", "b.json"]);
        let found: Vec<Value> = match format {
            "json" => common::json(&ran.stdout)["findings"].as_array().expect("findings").clone(),
            _ => lines(&ran.stdout),
        };
        assert!(
            found.len() > 2
                && found.iter().all(|finding| finding["excerpt"].as_str().is_some_and(|text| {
                    text.starts_with(finding["severity"].as_str().unwrap_or("?"))
                        && text.contains('^')
                        && !text.contains("why:")
                })),
            "{found:#?}"
        );
        ran.says("unknown value `linux`").is_silent_on(password);
    }
    folder.run(&["--format", "json", "--quiet", "a.json"]).is_silent_on("excerpt");
}
