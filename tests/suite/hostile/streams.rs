//! Streams that are closed, and what a terminal or a log makes of what is printed.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::json;

use crate::common::{self, CLEAN, FAULTY, Ran, Scratch, WARNING, program, text, unread};

#[test]
fn a_closed_pipe_does_not_change_the_status() {
    for format in ["human", "concise", "json"] {
        for (arguments, status) in [
            (&[FAULTY][..], 1),
            (&[CLEAN], 0),
            (&[WARNING], 0),
            (&["--fail-on", "warning", WARNING], 1),
            (&[FAULTY, "no/such/file.json"], 2),
        ] {
            unread(&[&["--format", format], arguments].concat()).ends_with(status);
        }
    }
    unread(&["--diff", common::DEMO]).ends_with(1);
    unread(&["rules"]).ends_with(0);
}

#[test]
fn an_endless_input_ends_when_nobody_reads_what_is_found() {
    let mut child = program()
        .args(["--format", "concise", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("a pipe");
    // Much is read, and little of it has findings: those take the time.
    let line = common::json(&text(FAULTY)).to_string();
    let lines = format!("{line}\n{{\"image\": \"{}\"}}\n", "x".repeat(256 << 10));
    let feeder = thread::spawn(move || while stdin.write_all(lines.as_bytes()).is_ok() {});
    assert_eq!(child.wait().expect("the program ends").code(), Some(1));
    feeder.join().expect("the input is closed");
}

#[cfg(unix)]
#[test]
fn streams_may_be_closed_from_the_start() {
    for (file, status) in [(FAULTY, 1), (CLEAN, 0)] {
        let command = format!("exec {} {file} <&- >&- 2>&-", env!("CARGO_BIN_EXE_imagelint"));
        let ended = Command::new("sh").args(["-c", &command]).current_dir(common::path("")).status();
        assert_eq!(ended.expect("a shell").code(), Some(status));
    }
}

/// GitHub and Azure take such lines of a log for commands.
#[cfg(unix)]
#[test]
fn no_name_of_a_file_is_a_command_of_a_log() {
    let folder = Scratch::new("hostile/commands");
    let names = ["::error file=a::b.json", "##vso[task.complete]c.json", " ::notice::d.json", "a\n::error::e.json"];
    for name in names {
        folder.copy(FAULTY, name);
    }
    for arguments in [&["--format", "concise", "."][..], &["--verbose", "."], &["kinds", "."]] {
        let ran = folder.run(arguments);
        for line in ran.stdout.lines().chain(ran.stderr.lines()) {
            assert!(!line.trim_start().starts_with("::") && !line.trim_start().starts_with("##"), "{line}");
        }
    }
    folder.run(&["--format", "concise", "."]).says("./::error file=a::b.json:11:9: error[").prints_lines(names.len());
}

#[test]
fn every_document_of_a_file_has_a_number_of_its_own() {
    let folder = Scratch::new("hostile/numbers");
    let one = r#"{"image": {"platform": "linux"}, "requestId": "a"}"#;
    let padding = " ".repeat(24 << 10);
    let lines = format!("{one}\n[{one}, {one}]\n{one}{padding}\n[{one}]\n{one}\n");
    let expected = [[1, 0], [2, 1], [2, 2], [3, 3], [4, 4], [5, 5]].map(|place| json!(place));
    // Small, and in several blocks with many batches.
    for (name, repeats) in [("small.jsonl", 1), ("large.jsonl", 200)] {
        folder.write(name, lines.repeat(repeats));
        let report = common::json(&folder.run(&["--only", "enum-value", "--format", "json", name]).stdout);
        let findings = report["findings"].as_array().expect("findings");
        assert_eq!(findings.len(), 6 * repeats);
        for (index, finding) in findings.iter().enumerate() {
            let place = [&finding["range"]["start"]["line"], &finding["document"]];
            let repeated = |number: u64, each: u64| number + each * (index / 6) as u64;
            let [line, number] = [0, 1].map(|part| expected[index % 6][part].as_u64().expect("a number"));
            assert_eq!(place, [&json!(repeated(line, 5)), &json!(repeated(number, 6))], "finding {index}");
        }
    }
    let report = common::json(&folder.run(&["--format", "gitlab", "small.jsonl"]).stdout);
    let entries = report.as_array().expect("entries");
    let fingerprints: std::collections::HashSet<_> =
        entries.iter().map(|entry| entry["fingerprint"].as_str()).collect();
    assert_eq!(fingerprints.len(), entries.len());
    // A baseline and the fixes count in the same way.
    folder.run(&["--write-baseline", "small.jsonl"]).ends_with(0);
    let again = folder.run(&["--baseline", "imagelint-baseline.json", "small.jsonl"]);
    again.says("1 file with 6 documents checked: 0 errors").is_silent_on("no longer").ends_with(0);
    let kinds = common::json(&folder.run(&["kinds", "--format", "json", "small.jsonl"]).stdout);
    let numbers: Vec<_> = kinds.as_array().expect("kinds").iter().map(|kind| kind["document"].as_u64()).collect();
    assert_eq!(numbers, (0..6).map(Some).collect::<Vec<_>>());
}

#[cfg(unix)]
#[test]
#[ignore = "needs `script` of util-linux, which makes a terminal"]
fn a_diff_obeys_no_control_character_on_a_terminal() {
    let folder = Scratch::new("hostile/diff");
    let (escape, turn) = ("\u{1b}[31m", "\u{202e}");
    let line = r#"{"requestId": "a", "image": {"Name": "one", "platform": "Linux"}}"#;
    folder.write("a.jsonl", format!("{{\"{escape}{turn}\"}}\n{line}\n"));
    let piped = folder.run(&["--diff", "a.jsonl"]);
    piped.says(escape).says(turn).ends_with(1);
    let command = format!("{} --diff a.jsonl", env!("CARGO_BIN_EXE_imagelint"));
    let output = Command::new("script")
        .args(["--quiet", "--command", &command, "/dev/null"])
        .current_dir(&*folder)
        .stdin(Stdio::null())
        .output();
    let shown = Ran::new(output.expect("`script` of util-linux runs"));
    shown.says("\\u{1b}[31m\\u{202e}").is_silent_on(escape).is_silent_on(turn);
}
