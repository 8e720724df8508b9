//! Findings are silenced by commands that write `imagelint.toml`.

use serde_json::json;

use super::captures;
use crate::common::{DEMO, FAULTY, Ran, Scratch, program, text};

const POINTER: &str = "/image/infrastructureConfiguration/placement/hostId";

#[test]
fn the_command_adds_an_ignore_and_keeps_the_rest() {
    let scratch = captures("silencing/keeps");
    let before = "# ours\nfail-on   = 'info' # low\n\n[[ignore]] # first\nrule = \"syntax\"\nreason = \"r\"\n\n\
                  [levels]\narn-segment = \"off\"\n# the end\n";
    scratch.settings(before);
    let target = format!("captures/new.json:{POINTER}");
    let ran = scratch.run(&["ignore", "placement-exclusive", &target, "--reason", "a \"sample\""]);
    ran.says("imagelint.toml: `placement-exclusive` is ignored in `captures/new.json` at `/image/").ends_with(0);
    let entry = format!(
        "\n[[ignore]]\nrule = \"placement-exclusive\"\npath = \"captures/new.json\"\npointer = \"{POINTER}\"\n\
         reason = 'a \"sample\"'\n"
    );
    let first = before.find("\n[levels]").expect("a table");
    assert_eq!(scratch.read("imagelint.toml"), format!("{}{entry}{}", &before[..first], &before[first..]));
    scratch.run(&["captures"]).says("captures/old/old.json").is_silent_on("captures/new.json");
    // Once more, it gets another reason and a last day.
    let again = ["ignore", "placement-exclusive", &target, "--reason", "later", "--expires", "2999-01-01"];
    scratch.run(&again).ends_with(0);
    let renewed = entry.replace("'a \"sample\"'\n", "\"later\"\nexpires = 2999-01-01\n");
    assert_eq!(scratch.read("imagelint.toml"), format!("{}{renewed}{}", &before[..first], &before[first..]));
}

#[test]
fn the_file_is_made_or_added_to_as_it_is() {
    let scratch = captures("silencing/forms");
    let ignore = || scratch.run(&["ignore", "placement-exclusive", "captures", "--reason", "old"]);
    ignore().ends_with(0);
    let entry = "[[ignore]]\nrule = \"placement-exclusive\"\npath = \"captures/**\"\nreason = \"old\"\n";
    assert_eq!(scratch.read("imagelint.toml"), entry);
    scratch.run(&["--quiet"]).is_silent();
    let inline = "ignore = [{ rule = \"syntax\", reason = \"r\" }]\n";
    for (before, after) in [
        ("", entry.to_owned()),
        ("# a comment\n", format!("# a comment\n\n{entry}")),
        ("pedantic = false", format!("pedantic = false\n\n{entry}")),
        ("\u{feff}[levels]\r\n", format!("\u{feff}[levels]\r\n\r\n{}", entry.replace('\n', "\r\n"))),
        (
            inline,
            inline.replace("}]", "}, { rule = \"placement-exclusive\", path = \"captures/**\", reason = \"old\" }]"),
        ),
    ] {
        scratch.settings(before);
        ignore().ends_with(0);
        assert_eq!(scratch.read("imagelint.toml"), after, "{before:?}");
        scratch.run(&["--quiet"]).is_silent();
    }
}

#[test]
fn it_is_written_to_the_settings_of_the_file() {
    let scratch = captures("silencing/nearest");
    scratch.settings("").write("captures/old/imagelint.toml", "").write("other.toml", "");
    let ignore = |folder: &str, target: &str, more: &[&str]| {
        let arguments = [&["ignore", "placement-exclusive", target, "--reason", "old"], more].concat();
        scratch.run_inside(folder, &arguments).ends_with(0);
    };
    ignore("", "captures/old/old.json", &[]);
    assert!(scratch.read("captures/old/imagelint.toml").contains("path = \"old.json\"\n"));
    ignore("captures/old", "../new.json", &[]);
    assert!(scratch.read("imagelint.toml").contains("path = \"captures/new.json\"\n"));
    scratch.run(&["--quiet"]).is_silent();
    ignore("captures", "*.json", &["--config", "../other.toml"]);
    assert!(scratch.read("other.toml").contains("path = \"captures/*.json\"\n"));
    ignore("", "-:/image", &[]);
    assert!(scratch.read("imagelint.toml").contains("path = \"-\"\npointer = \"/image\"\n"));
}

#[test]
fn what_would_silence_nothing_is_refused() {
    let scratch = captures("silencing/refused");
    let ignore = |arguments: &[&str]| scratch.run(&[&["ignore"], arguments].concat());
    let target = "captures/new.json";
    ignore(&["syntx", target, "--reason", "r"]).says("did you mean `syntax`?").ends_with(2);
    ignore(&["syntax", target]).says("--reason").ends_with(2);
    ignore(&["syntax", target, "--reason", " "]).says("the reason is empty").ends_with(2);
    ignore(&["syntax", target, "--reason", "r", "--expires", "soon"]).says("`soon` is no date").ends_with(2);
    ignore(&["syntax", target, "--reason", "r", "--expires", "2020-01-01"]).says("is past").ends_with(2);
    ignore(&["syntax", "captures/new.json:/a~2", "--reason", "r"]).says("is no pattern for pointers").ends_with(2);
    scratch.run(&["--write-ignores"]).says("--reason").ends_with(2);
    scratch.run(&["--reason", "r"]).says("--write-ignores").ends_with(2);
    scratch.run(&["--write-ignores", "--reason", "r", "--isolated"]).says("needs an `imagelint.toml`").ends_with(2);
    assert!(!scratch.join("imagelint.toml").exists());
    scratch.settings("fail-on = 3\n");
    ignore(&["syntax", target, "--reason", "r"]).says("a string was expected").ends_with(2);
    assert_eq!(scratch.read("imagelint.toml"), "fail-on = 3\n");
}

#[test]
fn all_findings_of_a_run_are_silenced_at_once() {
    let scratch = captures("silencing/all");
    scratch.copy(DEMO, "captures/old/demo[1].json").write("captures/old/imagelint.toml", "# old ones\n");
    let write = ["--write-ignores", "--reason", "before us", "--expires", "2999-01-01"];
    let ran = scratch.run(&write);
    ran.says("error[placement-exclusive]").says("imagelint: imagelint.toml: 1 ignore written\n").ends_with(0);
    let written = scratch.read("captures/old/imagelint.toml");
    assert!(written.starts_with("# old ones\n") && written.contains("path = \"demo[[]1[]].json\"\n"), "{written}");
    scratch.run(&["--quiet"]).is_silent();
    scratch.run(&write).ends_with(0);
    assert_eq!(scratch.read("captures/old/imagelint.toml"), written, "what is silenced is not written again");
    // What is new is still reported.
    scratch.copy(FAULTY, "captures/next.json");
    scratch.run(&["--quiet"]).says("captures/next.json").ends_with(1);
}

/// The commands that a report in the format `human` ends its findings with, as a shell takes them.
fn commands(report: &str) -> Vec<String> {
    let mut lines = report.lines();
    let mut commands = Vec::new();
    while let Some(line) = lines.next() {
        let Some((_, start)) = line.split_once("= silence: ") else { continue };
        let mut command = start.to_owned();
        while command.ends_with('\\') {
            command = command + "\n" + lines.next().expect("it goes on");
        }
        commands.push(command);
    }
    commands
}

/// Every finding ends in a command that silences it, whatever its file and its pointer are named.
#[cfg(unix)]
#[test]
fn every_finding_says_how_it_is_silenced() {
    let scratch = Scratch::new("silencing/commands");
    let tags =
        r#"{"image": {"tags": {"a b": 1, "it's": 2, "$(x)": 3, "e/~f": 4, "*": 5, "c:/d": 6, "\u001b[31m": 7}}}"#;
    scratch
        .copy(DEMO, "demo [1].json")
        .write("it's.json", tags)
        .write("-dash.json", tags)
        .write("a:b.json", tags)
        .write("{a,b}.json", tags)
        .write("bell\u{7}.json", tags)
        .write("cut.json", "{\"image\": {")
        .write("string.json", json!({ "statusCode": 200, "body": text(FAULTY) }).to_string());
    let silence = |more: &[&str]| -> Ran {
        let arguments = [&["--max-findings", "0", "."], more].concat();
        let ran = scratch.run(&arguments);
        let findings = ran.stdout.lines().filter(|line| line.starts_with("error[") || line.contains(" --> ")).count();
        let commands = commands(&ran.stdout);
        assert!(commands.len() > 50 && findings >= commands.len(), "{findings}, {}", commands.len());
        let mut path = std::path::Path::new(env!("CARGO_BIN_EXE_imagelint")).parent().expect("a folder").to_owned();
        path.push("");
        for command in &commands {
            let mut shell = std::process::Command::new("sh");
            shell.args(["-c", command]).current_dir(&*scratch);
            shell.env("PATH", format!("{}:{}", path.display(), std::env::var("PATH").unwrap_or_default()));
            let ran = Ran::new(shell.output().expect("a shell"));
            assert_eq!(ran.status, 0, "{command}\n{ran:?}");
        }
        scratch.run(&[&["--quiet", "."], more].concat())
    };
    scratch.write("my settings.toml", "");
    silence(&["--config", "my settings.toml"]).is_silent();
    silence(&[]).is_silent();
    let mut isolated = program();
    let isolated = isolated.args(["--isolated", "."]).current_dir(&*scratch).output();
    Ran::new(isolated.expect("the program runs")).is_silent_on("= silence").ends_with(1);
}
