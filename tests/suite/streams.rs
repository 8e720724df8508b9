//! Several documents in one input: JSON Lines, one after the other, arrays, compressed, from
//! standard input, and larger than what is read at once.

use serde_json::{Value, json};

use crate::common::{self, DEMO, FAULTY, Scratch, feed, gzip, text};

/// The findings of a JSON report.
fn findings(report: &str) -> Vec<Value> {
    common::json(report)["findings"].as_array().expect("findings").clone()
}

/// The findings in a file with these bytes.
fn lint(folder: &Scratch, name: &str, bytes: impl AsRef<[u8]>) -> Vec<Value> {
    folder.write(name, bytes);
    findings(&folder.run(&["--format", "json", name]).stdout)
}

/// The findings in a standard input.
fn lint_input(bytes: impl AsRef<[u8]>) -> Vec<Value> {
    findings(&feed(&["--format", "json", "-"], bytes).stdout)
}

/// Clean, faulty, clean and another faulty document.
fn documents() -> Vec<Value> {
    let clean = "corpus/valid/base/linux-ami.json";
    [clean, DEMO, clean, FAULTY].map(|file| common::json(&text(file))).to_vec()
}

/// So many documents that they are read in several blocks. Padding, which is cheap to lint, makes most of them: of some
/// a batch holds several, others are larger than one.
fn many() -> Vec<Value> {
    let mut documents = documents();
    for (document, padding) in documents.iter_mut().zip([4000, 4000, 60_000, 60_000]) {
        document["ResponseMetadata"] = json!({"HTTPHeaders": {"x-padding": "é".repeat(padding)}});
    }
    let times = (6 << 20) / lines(&documents).len() + 1;
    documents.iter().cloned().cycle().take(times * documents.len()).collect()
}

fn lines(documents: &[Value]) -> String {
    documents.iter().map(|document| format!("{document}\n")).collect()
}

/// What must be the same however the documents were put together.
fn facts(findings: &[Value]) -> Vec<String> {
    let fact =
        |finding: &Value| ["document", "rule", "pointer", "message"].map(|name| finding[name].to_string()).join(" ");
    findings.iter().map(fact).collect()
}

fn of_rule<'f>(findings: &'f [Value], rule: &str) -> Vec<&'f Value> {
    findings.iter().filter(|finding| finding["rule"] == rule).collect()
}

#[test]
fn every_way_to_put_documents_together_has_the_same_findings() {
    let folder = Scratch::new("streams/ways");
    let documents = documents();
    let in_lines = lines(&documents);
    let pretty: String = documents.iter().map(|document| format!("{document:#}\n")).collect();
    let compressed = gzip(&in_lines);
    let expected = facts(&lint(&folder, "all.jsonl", &in_lines));
    assert!(expected.iter().any(|fact| fact.starts_with('1')) && expected.iter().any(|fact| fact.starts_with('3')));
    assert!(!expected.iter().any(|fact| fact.starts_with(['0', '2'])), "{expected:?}");
    let array = Value::from(documents.clone());
    let ways: [(&str, Vec<u8>); 13] = [
        ("all.ndjson", in_lines.clone().into()),
        ("lines.json", in_lines.clone().into()),
        ("crlf.jsonl", in_lines.replace('\n', "\r\n").into()),
        ("blank-lines.jsonl", in_lines.replace('\n', "\n\n \n").into()),
        ("mark.jsonl", format!("\u{feff}{in_lines}").into()),
        ("pretty.jsonl", pretty.clone().into()),
        ("pretty.json", pretty.into()),
        ("one-line.json", in_lines.replace('\n', " ").into()),
        ("array.json", array.to_string().into()),
        ("pretty-array.json", format!("{array:#}").into()),
        ("array.jsonl", array.to_string().into()),
        ("all.jsonl.gz", compressed.clone()),
        ("unexpectedly-compressed.json", compressed),
    ];
    for (name, bytes) in ways {
        assert_eq!(facts(&lint(&folder, name, &bytes)), expected, "{name}");
        assert_eq!(facts(&lint_input(&bytes)), expected, "{name} from standard input");
    }
}

#[test]
fn findings_have_the_line_and_offset_in_the_file() {
    let folder = Scratch::new("streams/places");
    let text = lines(&documents());
    let mut wildcards = 0;
    for finding in lint(&folder, "all.jsonl", &text) {
        let (start, end) = (&finding["range"]["start"], &finding["range"]["end"]);
        assert_eq!(start["line"].as_u64(), finding["document"].as_u64().map(|index| index + 1));
        let offset = |place: &Value| usize::try_from(place["offset"].as_u64().expect("a number")).expect("small");
        let line_start = text[..offset(start)].rfind('\n').map_or(0, |at| at + 1);
        let column = text[line_start..offset(start)].chars().count() + 1;
        assert_eq!(start["column"], json!(column));
        if finding["rule"] == "version-wildcard-order" {
            wildcards += 1;
            assert_eq!(&text[offset(start)..offset(end)], "1");
        }
    }
    assert_eq!(wildcards, 1);
}

#[test]
fn columns_count_from_the_start_of_the_line_in_the_file() {
    let folder = Scratch::new("streams/columns");
    let faulty = r#"{"image": {"name": "é", "state": {"status": "BUILDNG"}}}"#;
    let line = format!("[{faulty}, {faulty},\n {faulty}, {faulty}]\n{faulty}");
    let places = |name: &str, text: &str| -> Vec<[Value; 2]> {
        let found = lint(&folder, name, text);
        let place = |finding: &Value| ["line", "column"].map(|part| finding["range"]["start"][part].clone());
        of_rule(&found, "enum-value").into_iter().map(place).collect()
    };
    assert_eq!(
        places("documents.jsonl", &line),
        [[1, 46], [1, 104], [2, 46], [2, 104], [3, 45]].map(|place| place.map(Value::from))
    );
    // The items before it fill several blocks.
    let clean = json!({"image": {}, "ResponseMetadata": {"HTTPHeaders": {"x-padding": "é".repeat(4000)}}}).to_string();
    let before = format!("[{}", format!("{clean},").repeat((6 << 20) / clean.len()));
    let last = places("large.json", &format!("{before}{faulty}]"));
    assert_eq!(last, [[1, before.chars().count() + 45].map(Value::from)]);
}

#[test]
fn a_broken_document_costs_no_other() {
    let folder = Scratch::new("streams/broken");
    let [clean, faulty, ..] = &documents()[..] else { panic!("four documents") };
    let (clean, faulty) = (clean.to_string(), faulty.to_string());
    let expected = facts(&lint(&folder, "whole.jsonl", format!("{clean}\n{faulty}\n")));
    // Cut in a string, after a comma, after a colon, in a number, and a line of something else.
    let comma = clean.find("\",").expect("a string and a comma") + 2;
    let colon = clean.find("\":").expect("a key") + 2;
    for broken in [
        &clean[..clean.len() / 2],
        &clean[..comma],
        "{\"image\": {\"version\": 1",
        "\"INFO\": fetched",
        "]",
        "\"",
        "{'a': 1}",
    ] {
        let mut found = lint(&folder, "broken.jsonl", format!("{broken}\n{faulty}\n{clean}\n"));
        let syntax = of_rule(&found, "syntax");
        assert_eq!(syntax.len(), 1, "{broken}: {found:#?}");
        assert_eq!(syntax[0]["range"]["start"]["line"], 1, "{broken}");
        found.retain(|finding| finding["rule"] != "syntax");
        assert_eq!(facts(&found), expected, "{broken}");
    }
    // After a colon the next line may be the value; the one after it is not lost.
    let found = lint(&folder, "colon.jsonl", format!("{}\n{clean}\n{faulty}\n", &clean[..colon]));
    assert_eq!(of_rule(&found, "syntax").len(), 1);
    assert_eq!(found.len(), expected.len() + 1);
}

#[test]
fn bad_bytes_cost_one_document() {
    let folder = Scratch::new("streams/bytes");
    let [clean, faulty, ..] = &documents()[..] else { panic!("four documents") };
    let bytes =
        [format!("{clean}\n").as_bytes(), b"{\"image\": \"\xff\"}\n", format!("{faulty}\n").as_bytes()].concat();
    let found = lint(&folder, "bytes.jsonl", &bytes);
    let [encoding] = of_rule(&found, "encoding")[..] else { panic!("one finding of the bytes: {found:#?}") };
    assert_eq!((&encoding["document"], &encoding["range"]["start"]["line"]), (&json!(1), &json!(2)));
    assert!(of_rule(&found, "placement-exclusive").iter().any(|finding| finding["document"] == 2));
}

#[test]
fn documents_of_others_are_reported_in_a_named_file_and_skipped_in_a_directory() {
    let folder = Scratch::new("streams/unknown");
    let text = format!("{{\"level\":\"info\"}}\n{}\n{{\"level\":\"warn\"}}\n", documents()[0]);
    let found = lint(&folder, "mixed.jsonl", &text);
    assert_eq!((found.len(), of_rule(&found, "unknown-kind").len()), (2, 2), "{found:#?}");
    let met = || common::json(&folder.run(&["--format", "json", "."]).stdout);
    let report = met();
    assert_eq!(report["findings"], json!([]));
    assert_eq!((&report["summary"]["files"], &report["summary"]["documents"]), (&json!(1), &json!(1)));
    folder.write("logs.jsonl", "{\"level\":\"info\"}\n{\"level\":\"warn\"}\n");
    let report = met();
    assert_eq!((&report["summary"]["files"], &report["summary"]["skipped"]), (&json!(1), &json!(1)));
}

#[test]
fn large_inputs_are_checked_to_their_end() {
    let folder = Scratch::new("streams/large");
    let many = many();
    let (text, array) = (lines(&many), Value::from(many.clone()));
    let found = lint(&folder, "all.jsonl", &text);
    assert_eq!(of_rule(&found, "placement-exclusive").len(), many.len() / 2);
    assert_eq!(found.last().expect("findings")["range"]["start"]["line"], json!(many.len()));
    let expected = facts(&found);
    assert!(facts(&lint(&folder, "lines.json", &text)) == expected);
    assert!(facts(&lint(&folder, "array.json", format!("{array:#}"))) == expected);
    assert!(facts(&lint_input(array.to_string())) == expected);
}

#[test]
fn faults_between_the_items_of_a_large_array_are_found() {
    let folder = Scratch::new("streams/array");
    let items: Vec<String> = many().iter().step_by(2).map(Value::to_string).collect();
    let faults = |text: String| -> Vec<String> {
        let found = lint(&folder, "array.json", text);
        assert_eq!(of_rule(&found, "syntax").len(), found.len(), "{:#?}", found.first());
        found.iter().map(|finding| finding["message"].as_str().expect("a text").to_owned()).collect()
    };
    let whole = items.join(",\n");
    assert!(whole.len() > 3 << 20, "{} bytes fit into one block", whole.len());
    assert_eq!(faults(format!("[{whole}]")), [""; 0]);
    let (first, rest) = items.split_at(items.len() / 2);
    let [missing] = &faults(format!("[{}\n{}]", first.join(","), rest.join(",")))[..] else { panic!("one finding") };
    assert!(missing.contains("comma is missing"), "{missing}");
    assert_eq!(faults(format!("[{whole},]")).len(), 1);
    let [cut] = &faults(format!("[{whole}"))[..] else { panic!("one finding") };
    assert!(cut.contains("ends before the array"), "{cut}");
    assert_eq!(faults(format!("[{whole}] x")).len(), 1);
}

/// Memory does not grow with the input. The program is looked at while it waits for more.
#[cfg(target_os = "linux")]
#[test]
fn memory_stays_small() {
    use std::io::Write as _;
    use std::process::Stdio;

    let mut child = common::program()
        .args(["--format", "concise", "--only", "placement-exclusive", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let block = lines(&many());
    let mut most = 0;
    for _ in 0..10 {
        stdin.write_all(block.as_bytes()).expect("the program reads");
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("a running process");
        // What it allocated; the program itself is far smaller where it is optimised.
        let taken = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("a size");
        most = most.max(taken.trim().trim_end_matches(" kB").parse::<usize>().expect("a number"));
    }
    drop(stdin);
    assert_eq!(child.wait().expect("the program ends").code(), Some(1));
    assert!(10 * block.len() > 60 << 20, "{} bytes say nothing", 10 * block.len());
    assert!(most < 20 << 10, "{most} kB at most");
}

/// In a small array, which is read whole, and in one of more than 2 MiB, which is read in blocks.
#[test]
fn the_document_behind_a_missing_comma_is_linted_like_the_others() {
    let item = r#"{"image":{"platform":"linux"},"requestId":"0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"}"#;
    for (count, padding) in [(4, 0), (2000, 1500)] {
        let half = vec![item.to_owned() + &" ".repeat(padding); count / 2].join(",\n");
        let found = lint_input(format!("[{half}\n{half}]"));
        let of = |rule: &str| found.iter().filter(|finding| finding["rule"] == rule).count();
        assert_eq!((of("syntax"), of("enum-value"), of("state-missing")), (1, count, count));
    }
}
