//! Lets every step of writing every kind of file fail once: the old file stays or the new one is there, never none and
//! never a half, no temporary file is left, and the user is told.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::run_program;
use crate::report::Style;
use crate::run::atomic_file::Step;
use crate::run::atomic_file::failing::{fail, is_pending};
use crate::run::stdio::Streams;

const STEPS: [Step; 7] =
    [Step::Create, Step::SetAttributes, Step::Write, Step::Flush, Step::Sync, Step::Compare, Step::Rename];

/// A capture with a fix, larger than what is buffered.
fn capture() -> String {
    let padding = "x".repeat(20_000);
    format!(r#"{{"requestId": "{padding}", "image": {{"Name": "one", "platform": "Linux"}}}}"#)
}

/// Runs the program. Returns the exit status and what it prints to standard error.
fn run(arguments: &[OsString]) -> (ExitCode, String) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        format: crate::report::FORMATS[0],
        stdin: &mut &b""[..],
        stdout: &mut stdout,
        stderr: &mut stderr,
        style: Style::PLAIN,
        stderr_style: Style::PLAIN,
        is_unread: Arc::default(),
        is_terminal: false,
        is_watched: false,
    };
    let program = [OsString::from("imagelint"), "--config".into(), "none".into()];
    let status = run_program(program.iter().chain(arguments).cloned(), &mut streams);
    (status, String::from_utf8(stderr).expect("messages are UTF-8"))
}

/// Lets steps fail while a run writes a file that has `old` as its contents, after so many of their kind.
fn each_step_fails(name: &str, file: &str, old: &str, arguments: &dyn Fn(&Path) -> Vec<OsString>, passed: usize) {
    for step in STEPS {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let folder = folder.path();
        fs::write(folder.join("a.json"), capture()).expect("a file");
        let target = folder.join(file);
        fs::write(&target, old).expect("a file");
        let files = || fs::read_dir(folder).expect("the folder").count();
        let before = files();
        fail(&target, step, passed);
        let (status, messages) = run(&arguments(folder));
        if is_pending(&target) {
            // There are no such many of this step.
            assert!(passed > 0, "{name}: {step:?} is not taken");
            continue;
        }
        let place = format!("{name}: {step:?} after {passed}: {messages}");
        assert_eq!(format!("{status:?}"), format!("{:?}", ExitCode::from(2)), "{place}");
        assert!(messages.contains("the disk is on fire") && messages.contains(file), "{place}");
        assert!(fs::read_to_string(&target).expect("the file") == old, "{place}");
        assert_eq!(files(), before, "{place}");
    }
}

#[test]
fn a_fix_that_cannot_be_written_leaves_the_file() {
    let fix = |folder: &Path| vec!["--fix".into(), folder.join("a.json").into()];
    each_step_fails("fix", "a.json", &capture(), &fix, 0);
}

#[test]
fn a_baseline_that_cannot_be_written_stays_as_it_was() {
    let old = "{\"version\": 1, \"files\": {}}";
    let write = |folder: &Path| {
        let baseline = folder.join("base.json");
        vec!["--write-baseline".into(), "--baseline".into(), baseline.into(), folder.join("a.json").into()]
    };
    // The file is created once before the run, to see whether it can be.
    (0..2).for_each(|passed| each_step_fails("baseline", "base.json", old, &write, passed));
}

#[test]
fn a_report_that_cannot_be_written_stays_as_it_was() {
    let report = |folder: &Path| {
        let mut report = OsString::from("json=");
        report.push(folder.join("report.json"));
        vec!["--report".into(), report, folder.join("a.json").into()]
    };
    (0..2).for_each(|passed| each_step_fails("report", "report.json", "old", &report, passed));
}
