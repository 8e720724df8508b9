//! Where output goes: closed pipes, and reports that are written to files.

use crate::common::{FAULTY, SOME, Scratch, run, text, unread};

#[test]
fn a_closed_pipe_ends_quietly() {
    let ran = unread(&["corpus/invalid"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (1, ""));
}

#[test]
fn files_are_written_when_nobody_reads_standard_output() {
    let folder = Scratch::new("command-line/closed");
    let report = format!("json={}", folder.argument("report.json"));
    let expected = run(&["--format", "json", SOME]).stdout;
    for format in ["human", "concise", "json"] {
        let ran = unread(&["--quiet", "--report", &report, "--format", format, SOME]);
        assert_eq!((ran.status, ran.stderr.as_str()), (1, ""), "{format}");
        assert!(folder.read("report.json") == expected, "{format}");
    }
    assert_eq!(unread(&["--report", &report, SOME]).stderr, "");
    let baseline = folder.argument("baseline.json");
    unread(&["--write-baseline", "--baseline", &baseline, SOME]).ends_with(0);
    let known = run(&["--quiet", "--baseline", &baseline, SOME]);
    assert_eq!((known.status, known.stdout.as_str()), (0, ""), "the baseline holds everything");
}

#[cfg(unix)]
#[test]
fn a_pipe_for_a_report_may_be_closed_early() {
    let folder = Scratch::new("command-line/pipe");
    let pipe = folder.make_pipe("pipe");
    let named = format!("json={}", pipe.display());
    let reader = std::thread::spawn(move || drop(std::fs::File::open(pipe)));
    let ran = run(&["--quiet", "--max-findings", "0", "--report", &named, "corpus/invalid"]);
    reader.join().expect("the reader ends");
    assert_eq!((ran.status, ran.stderr.as_str()), (1, ""));
    assert!(ran.stdout.contains("[version-wildcard-order]"), "the other report goes on");
}

#[test]
fn reports_overwrite_neither_captures_nor_each_other() {
    let folder = Scratch::new("command-line/overwritten");
    folder.copy(FAULTY, "a.json");
    let whole = format!("json={}", folder.argument("a.json"));
    folder.run(&["--write-baseline", "."]).ends_with(0);
    for (arguments, reason) in [
        (&["--report", "json=a.json", "a.json"][..], "a.json: it is a file to check"),
        (&["--report", &whole, "*.json"], "a.json: it is a file to check"),
        (&["--report", "json=x.json", "--report", "sarif=./x.json", "."], "./x.json: another one does"),
        (&["--baseline", "imagelint-baseline.json", "--report", "json=imagelint-baseline.json"], "it is the baseline"),
    ] {
        let ran = folder.run(arguments);
        assert!(ran.stderr.starts_with("imagelint: no report can go to "), "{ran:#?}");
        ran.says(reason).prints_lines(0).ends_with(2);
    }
    assert!(folder.read("a.json") == text(FAULTY));
    assert!(!folder.join("x.json").exists());
    for _ in 0..2 {
        // The report of the run before is in the directory.
        folder.run(&["--report", "json=report.json", "."]).ends_with(1);
    }
}
