//! What a terminal shows: colour and links.

use std::process::{Command, Stdio};

use crate::common::{FAULTY, Scratch, WARNING};

/// Runs the program as a shell does whose terminal shows colour and links. Returns what the terminal shows.
fn on_terminal(folder: &Scratch, arguments: &str) -> String {
    let command = format!("\"$IMAGELINT\" {arguments}");
    let output = Command::new("script")
        .args(["--quiet", "--command", &command, "/dev/null"])
        .current_dir(&**folder)
        .env("IMAGELINT", env!("CARGO_BIN_EXE_imagelint"))
        .env("SHELL", "/bin/sh")
        .envs([("TERM", "xterm-256color"), ("FORCE_HYPERLINK", "1")])
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .expect("`script` of util-linux runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
#[ignore = "needs `script` of util-linux, which makes a terminal"]
fn each_stream_shows_colour_as_it_can() {
    let folder = Scratch::new("command-line/colour");
    folder.write("imagelint.toml", "levls = {}\n").copy(FAULTY, "a.json").copy(FAULTY, "b.json");
    let colored = |text: &str| text.contains("\u{1b}[");
    for (arguments, to_stdout, to_stderr) in [
        ("--config imagelint.toml a.json", false, true),
        ("--nonsense", false, true),
        ("--config none --fix - <b.json", false, true),
        ("--config none a.json", true, false),
        ("--help", true, false),
    ] {
        let shown = on_terminal(&folder, &format!("{arguments} 2>other"));
        assert_eq!((colored(&shown), colored(&folder.read("other"))), (to_stdout, false), "{arguments}: {shown}");
        let shown = on_terminal(&folder, &format!("{arguments} >other"));
        assert_eq!((colored(&shown), colored(&folder.read("other"))), (to_stderr, false), "{arguments}: {shown}");
    }
}

#[test]
#[ignore = "needs `script` of util-linux, which makes a terminal"]
fn names_of_rules_are_links_where_a_terminal_shows_them() {
    let folder = Scratch::new("command-line/links");
    folder.copy(WARNING, "warning.json");
    let link = "\u{1b}]8;;https://docs.aws.amazon.com/imagebuilder/";
    let report = on_terminal(&folder, "--config none warning.json");
    assert!(report.contains(link) && report.contains("\u{1b}\\name-arn-slug\u{1b}]8;;\u{1b}\\"), "{report:?}");
    for arguments in ["--color never", "--format concise"] {
        let report = on_terminal(&folder, &format!("--config none {arguments} warning.json"));
        assert!(report.contains("name-arn-slug") && !report.contains('\u{1b}'), "{arguments}: {report:?}");
    }
    on_terminal(&folder, "--config none --report human=report.txt warning.json");
    assert!(!folder.read("report.txt").contains('\u{1b}'));
}
