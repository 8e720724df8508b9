//! Several documents in one input: JSON Lines, one after the other, arrays, compressed, from
//! standard input, and larger than what is read at once.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use fastrand::Rng;
use flate2::Compression;
use flate2::write::GzEncoder;
use imagelint::document::split::Splitter;
use serde_json::Value;

mod common;
use common::{fixtures, path};

fn imagelint(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_imagelint"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    // The program may end before it has read everything.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("the writer ends");
    output
}

fn findings(output: &Output) -> Vec<Value> {
    let report: Value = serde_json::from_slice(&output.stdout).expect("a JSON report");
    report["findings"].as_array().expect("findings").clone()
}

fn lint_file(folder: &Path, name: &str, bytes: &[u8]) -> Vec<Value> {
    let file = folder.join(name);
    fs::write(&file, bytes).expect("a writable folder");
    findings(&imagelint(&["--format", "json", file.to_str().expect("UTF-8")], b""))
}

fn folder(name: &str) -> std::path::PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("streams").join(name);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Clean, faulty, clean and another faulty document.
fn documents() -> Vec<Value> {
    let names = ["valid/base/linux-ami.json", "demo/get-image.json", "valid/base/linux-ami.json"];
    let names = names.into_iter().chain(["invalid/placement-exclusive/host-and-group.json"]);
    names
        .map(|name| {
            let file = path("corpus").join(name);
            let file = if file.exists() { file } else { fixtures("corpus/invalid/placement-exclusive").remove(0) };
            serde_json::from_str(&fs::read_to_string(file).expect("a fixture")).expect("JSON")
        })
        .collect()
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

#[test]
fn every_way_to_put_documents_together_has_the_same_findings() {
    let folder = folder("ways");
    let documents = documents();
    let pretty: String = documents.iter().map(|document| format!("{document:#}\n")).collect();
    let compressed = {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(lines(&documents).as_bytes()).expect("a Vec takes all");
        encoder.finish().expect("a Vec takes all")
    };
    let expected = facts(&lint_file(&folder, "all.jsonl", lines(&documents).as_bytes()));
    assert!(expected.iter().any(|fact| fact.starts_with('1')) && expected.iter().any(|fact| fact.starts_with('3')));
    assert!(!expected.iter().any(|fact| fact.starts_with(['0', '2'])), "{expected:?}");
    let array = Value::from(documents.clone());
    let bom = [b"\xEF\xBB\xBF", lines(&documents).as_bytes()].concat();
    for (name, bytes) in [
        ("all.ndjson", lines(&documents).into_bytes()),
        ("lines.json", lines(&documents).into_bytes()),
        ("crlf.jsonl", lines(&documents).replace('\n', "\r\n").into_bytes()),
        ("blank-lines.jsonl", lines(&documents).replace('\n', "\n\n \n").into_bytes()),
        ("bom.jsonl", bom),
        ("pretty.jsonl", pretty.clone().into_bytes()),
        ("pretty.json", pretty.into_bytes()),
        ("one-line.json", lines(&documents).replace('\n', " ").into_bytes()),
        ("array.json", array.to_string().into_bytes()),
        ("pretty-array.json", format!("{array:#}").into_bytes()),
        ("array.jsonl", array.to_string().into_bytes()),
        ("all.jsonl.gz", compressed.clone()),
        ("unexpectedly-compressed.json", compressed),
    ] {
        assert_eq!(facts(&lint_file(&folder, name, &bytes)), expected, "{name}");
        assert_eq!(facts(&findings(&imagelint(&["--format", "json", "-"], &bytes))), expected, "{name} from stdin");
    }
}

#[test]
fn findings_have_the_line_and_offset_in_the_file() {
    let folder = folder("places");
    let text = lines(&documents());
    for finding in lint_file(&folder, "all.jsonl", text.as_bytes()) {
        let (start, end) = (&finding["range"]["start"], &finding["range"]["end"]);
        assert_eq!(start["line"].as_u64(), finding["document"].as_u64().map(|index| index + 1));
        let offset = |place: &Value| usize::try_from(place["offset"].as_u64().expect("a number")).expect("small");
        let line_start = text[..offset(start)].rfind('\n').map_or(0, |at| at + 1);
        let column = text[line_start..offset(start)].chars().count() + 1;
        assert_eq!(start["column"].as_u64(), Some(column as u64));
        if finding["rule"] == "version-wildcard-order" {
            assert_eq!(&text[offset(start)..offset(end)], "1");
        }
    }
}

#[test]
fn columns_count_from_the_start_of_the_line_in_the_file() {
    let folder = folder("columns");
    let faulty = r#"{"image": {"name": "é", "state": {"status": "BUILDNG"}}}"#;
    let line = format!("[{faulty}, {faulty},\n {faulty}, {faulty}]\n{faulty}");
    let places = |name: &str, text: &str| -> Vec<[Value; 2]> {
        let found = lint_file(&folder, name, text.as_bytes()).into_iter();
        let misspelt = found.filter(|finding| finding["rule"] == "enum-value");
        misspelt.map(|mut finding| ["line", "column"].map(|part| finding["range"]["start"][part].take())).collect()
    };
    assert_eq!(
        places("documents.jsonl", &line),
        [[1, 46], [1, 104], [2, 46], [2, 104], [3, 45]].map(|place| place.map(Value::from))
    );
    // As many as are read in several blocks.
    let large = format!("[{}{faulty}]", format!("{faulty},").repeat(50_000));
    let last = places("large.json", &large).pop().expect("a finding");
    assert_eq!(last, [1, 50_000 * 57 + 46].map(Value::from));
}

#[test]
fn a_broken_document_costs_no_other() {
    let folder = folder("broken");
    let [clean, faulty, ..] = &documents()[..] else { panic!("four documents") };
    let (clean, faulty) = (clean.to_string(), faulty.to_string());
    let at_rest = facts(&lint_file(&folder, "whole.jsonl", format!("{clean}\n{faulty}\n").as_bytes()));
    // Cut in a string, after a comma, after a colon, in a number, and a line of something else.
    let comma = clean.find("\",").expect("a string and a comma") + 2;
    let colon = clean.find("\":").expect("a key") + 2;
    for broken in [
        &clean[..clean.len() / 2],
        &clean[..comma],
        "{\"image\": {\"version\": 1",
        "INFO fetched",
        "]",
        "\"",
        "{'a': 1}",
    ] {
        let text = format!("{broken}\n{faulty}\n{clean}\n");
        let found = lint_file(&folder, "broken.jsonl", text.as_bytes());
        let syntax: Vec<&Value> = found.iter().filter(|finding| finding["rule"] == "syntax").collect();
        assert_eq!(syntax.len(), 1, "{broken}: {found:#?}");
        assert_eq!(syntax[0]["range"]["start"]["line"], 1, "{broken}");
        let rest: Vec<Value> = found.into_iter().filter(|finding| finding["rule"] != "syntax").collect();
        assert_eq!(facts(&rest), at_rest, "{broken}");
    }
    // After a colon the next line may be the value; the one after it is not lost.
    let text = format!("{}\n{clean}\n{faulty}\n", &clean[..colon]);
    let found = lint_file(&folder, "colon.jsonl", text.as_bytes());
    assert_eq!(found.iter().filter(|finding| finding["rule"] == "syntax").count(), 1);
    assert_eq!(found.len(), at_rest.len() + 1);
}

#[test]
fn bad_bytes_cost_one_document() {
    let folder = folder("bytes");
    let [clean, faulty, ..] = &documents()[..] else { panic!("four documents") };
    let bytes =
        [format!("{clean}\n").as_bytes(), b"{\"image\": \"\xff\"}\n", format!("{faulty}\n").as_bytes()].concat();
    let found = lint_file(&folder, "bytes.jsonl", &bytes);
    let encoding = found.iter().find(|finding| finding["rule"] == "encoding").expect("a finding about the bytes");
    assert_eq!((&encoding["document"], &encoding["range"]["start"]["line"]), (&Value::from(1), &Value::from(2)));
    assert!(found.iter().any(|finding| finding["document"] == 2 && finding["rule"] == "placement-exclusive"));
}

#[test]
fn documents_that_are_none_of_ours_are_told_when_named_and_passed_over_when_met() {
    let folder = folder("unknown");
    let text = format!("{{\"level\":\"info\"}}\n{}\n{{\"level\":\"warn\"}}\n", documents()[0]);
    let found = lint_file(&folder, "mixed.jsonl", text.as_bytes());
    assert_eq!(facts(&found).len(), 2);
    assert!(found.iter().all(|finding| finding["rule"] == "unknown-kind"), "{found:#?}");
    let met = imagelint(&["--format", "json", folder.to_str().expect("UTF-8")], b"");
    assert!(findings(&met).is_empty());
    let summary: Value = serde_json::from_slice(&met.stdout).expect("a report");
    assert_eq!((&summary["summary"]["files"], &summary["summary"]["documents"]), (&Value::from(1), &Value::from(1)));
    fs::write(folder.join("logs.jsonl"), "{\"level\":\"info\"}\n{\"level\":\"warn\"}\n").expect("a writable folder");
    let met = imagelint(&["--format", "json", folder.to_str().expect("UTF-8")], b"");
    let summary: Value = serde_json::from_slice(&met.stdout).expect("a report");
    assert_eq!((&summary["summary"]["files"], &summary["summary"]["skipped"]), (&Value::from(1), &Value::from(1)));
}

/// So many documents that they are read in several blocks.
fn many() -> Vec<Value> {
    documents().into_iter().cycle().take(1600).collect()
}

#[test]
fn large_inputs_are_checked_to_their_end() {
    let folder = folder("large");
    let many = many();
    let (text, array) = (lines(&many), Value::from(many.clone()));
    assert!(text.len() > 5 << 20, "{} bytes fit into few blocks", text.len());
    let expected = facts(&lint_file(&folder, "all.jsonl", text.as_bytes()));
    assert_eq!(expected.iter().filter(|fact| fact.contains("placement-exclusive")).count(), 800);
    assert_eq!(facts(&lint_file(&folder, "lines.json", text.as_bytes())), expected);
    assert_eq!(facts(&lint_file(&folder, "array.json", format!("{array:#}").as_bytes())), expected);
    assert_eq!(facts(&findings(&imagelint(&["--format", "json", "-"], array.to_string().as_bytes()))), expected);
    let last = lint_file(&folder, "all.jsonl", text.as_bytes()).pop().expect("findings");
    assert_eq!(last["range"]["start"]["line"], 1600);
}

#[test]
fn faults_between_the_items_of_a_large_array_are_found() {
    let folder = folder("array");
    let items: Vec<String> = many().iter().step_by(2).map(Value::to_string).collect();
    let faults = |text: String| {
        let found = lint_file(&folder, "array.json", text.as_bytes());
        assert!(found.iter().all(|finding| finding["rule"] == "syntax"), "{:#?}", found.first());
        found.into_iter().map(|finding| finding["message"].as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    let whole = items.join(",\n");
    assert!(whole.len() > 4 << 20);
    assert!(faults(format!("[{whole}]")).is_empty());
    let [missing] = &faults(format!("[{}\n{}]", items[..400].join(","), items[400..].join(",")))[..] else {
        panic!("one")
    };
    assert!(missing.contains("comma is missing"), "{missing}");
    assert_eq!(faults(format!("[{whole},]")).len(), 1);
    let [cut] = &faults(format!("[{whole}"))[..] else { panic!("one finding") };
    assert!(cut.contains("ends before the array"), "{cut}");
    assert_eq!(faults(format!("[{whole}] x")).len(), 1);
}

/// Where documents are found must not depend on where the bytes are cut for reading.
#[test]
fn documents_are_split_the_same_however_they_are_read() {
    let mut rng = Rng::with_seed(7);
    let pieces = [
        "{\"a\": [1, {\"b\": \"}{\\\"\"}]}",
        "\n",
        "\n\n ",
        "{\n \"a\": \"x\\\\\"\n}",
        "{\"a\": \"cut",
        "{\"a\":",
        "[1]",
        "7",
        "\"s\"",
    ];
    for round in 0..2000 {
        let text: String = (0..rng.usize(1..12)).map(|_| pieces[rng.usize(..pieces.len())]).collect();
        let text = if round % 3 == 0 { format!("[{}", text.replace('\n', ",\n")) } else { text };
        let whole: Vec<_> =
            Splitter::default().split(text.as_bytes(), true).into_iter().map(|piece| piece.range).collect();
        let (mut splitter, mut buffer, mut offset, mut found) = (Splitter::default(), Vec::new(), 0, Vec::new());
        let mut rest = text.as_bytes();
        loop {
            let (next, later) = rest.split_at(rng.usize(..=rest.len().min(9)));
            rest = later;
            buffer.extend_from_slice(next);
            let pieces = splitter.split(&buffer, rest.is_empty());
            found.extend(pieces.into_iter().map(|piece| piece.range.start + offset..piece.range.end + offset));
            if rest.is_empty() {
                break;
            }
            let done = splitter.rest();
            buffer.drain(..done);
            offset += done;
        }
        assert_eq!(found, whole, "{text:?}");
    }
}

/// Memory does not grow with the input. The program is looked at while it waits for more.
#[cfg(target_os = "linux")]
#[test]
fn memory_stays_small() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_imagelint"))
        .args(["--format", "concise", "--only", "placement-exclusive", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let block = lines(&many());
    for _ in 0..10 {
        stdin.write_all(block.as_bytes()).expect("the program reads");
    }
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("a running process");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    let kilobytes: usize = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    drop(stdin);
    assert_eq!(child.wait().expect("the program ends").code(), Some(1));
    assert!(10 * block.len() > 60 << 20, "{} bytes say nothing", 10 * block.len());
    assert!(kilobytes < 32 << 10, "{kilobytes} kB at most");
}
