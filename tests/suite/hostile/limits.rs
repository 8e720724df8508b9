//! Machines with few threads, files and memory, and inputs that want more than there is.

use std::fs;
use std::process::{Command, Output};

use crate::common::{FAULTY, Ran, Scratch, path, program, text};

/// Runs the program with `prlimit`. The limit on processes does not hold for root, so somebody else runs it then.
#[cfg(target_os = "linux")]
fn limited(limits: &[&str], arguments: &[&str]) -> Output {
    // A folder that everybody may read, whatever the one of the repository is.
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("imagelint");
    fs::copy(env!("CARGO_BIN_EXE_imagelint"), &copy).expect("a copy");
    for index in 0..40 {
        let lines = common_lines().repeat(5);
        fs::write(folder.path().join(format!("{index}.jsonl")), lines).expect("a file");
    }
    let id = Command::new("id").arg("-u").output().expect("`id` runs");
    let mut command = if id.stdout == b"0\n" {
        let mode = |mode| std::os::unix::fs::PermissionsExt::from_mode(mode);
        fs::set_permissions(folder.path(), mode(0o755)).expect("a mode");
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "61235", "--clear-groups", "prlimit"]);
        command
    } else {
        Command::new("prlimit")
    };
    command.args(limits).arg("./imagelint").args(arguments).current_dir(folder.path());
    command.output().expect("`setpriv` and `prlimit` of util-linux run")
}

fn common_lines() -> String {
    crate::common::json(&text(FAULTY)).to_string() + "\n"
}

#[cfg(target_os = "linux")]
#[test]
fn few_threads_are_enough() {
    for processes in 1..5 {
        let limit = format!("--nproc={processes}");
        for arguments in [&["--format", "concise", "-q", "."][..], &["--fix", "--format", "concise", "-q", "."]] {
            let ran = Ran::new(limited(&[&limit], arguments));
            ran.prints_lines(40 * 5).ends_with(1);
            assert_eq!(ran.stderr, "", "{limit}");
        }
    }
}

#[test]
fn a_number_of_threads_that_nobody_has_is_cut() {
    let output = program().env("RAYON_NUM_THREADS", "100000").arg("corpus/valid/base").output();
    Ran::new(output.expect("the program runs")).says(" checked: 0 errors").ends_with(0);
}

#[cfg(target_os = "linux")]
#[test]
fn few_open_files_are_enough() {
    Ran::new(limited(&["--nofile=24"], &["--format", "concise", "-q", "."])).prints_lines(40 * 5).ends_with(1);
}

/// More than its stack could hold if the parser descended.
#[cfg(target_os = "linux")]
#[test]
fn deep_nesting_needs_no_stack() {
    let folder = Scratch::new("hostile/deep");
    folder.write("deep.json", "[".repeat(1 << 20)).write("objects.json", "{\"a\":".repeat(1 << 20));
    let output = Command::new("prlimit")
        .args(["--stack=1048576", env!("CARGO_BIN_EXE_imagelint"), "--format", "concise", "deep.json", "objects.json"])
        .current_dir(&*folder)
        .output();
    Ran::new(output.expect("`prlimit` of util-linux runs")).says("2 files checked: 2 errors").ends_with(1);
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_are_walked_once() {
    use std::os::unix::fs::symlink;

    let folder = Scratch::new("hostile/circle");
    folder.copy(FAULTY, "a/b/image.json").copy(FAULTY, "a/b/c.d/image.json");
    for (to, link) in [(".", "a/here"), ("..", "a/up"), ("../..", "a/b/top"), ("..", "a/b/c.d/back")] {
        symlink(to, folder.join(link)).expect("a link");
    }
    for pattern in ["**/*.json", "./a/**/*.json", "a/**", "a/**/image.json", "a/b*/**/i*.json", "."] {
        let ran = folder.run(&["--format", "concise", "-q", pattern]);
        ran.prints_lines(2).says("a/b/image.json:").says("a/b/c.d/image.json:").ends_with(1);
    }
}

#[cfg(unix)]
#[test]
fn nobody_is_waited_for() {
    let folder = Scratch::new("hostile/pipes");
    let pipe = folder.make_pipe("pipe.json").to_string_lossy().into_owned();
    folder.copy(FAULTY, "image.json");
    for pattern in ["*.json", "**/*.json", "."] {
        folder.run(&["--format", "concise", "-q", pattern]).prints_lines(1).ends_with(1);
    }
    for file in [pipe.as_str(), "/dev/zero"] {
        let refused = format!("{file}: not a regular file");
        folder.run(&["--config", file, "image.json"]).says(&refused).ends_with(2);
        folder.run(&["--baseline", file, "image.json"]).says(&refused).ends_with(2);
        let house = format!("[[house-schema]]\nfile = \"{file}\"\nkinds = [\"get-image\"]\n");
        folder.write("imagelint.toml", house).run(&["image.json"]).says("not a regular file").ends_with(2);
        folder.write("imagelint.toml", "");
    }
}

#[test]
fn many_and_large_globs_are_obeyed() {
    let folder = Scratch::new("hostile/globs");
    folder.copy(FAULTY, "kept/image.json").copy(FAULTY, "left/299/image.json");
    let long = "y".repeat(400);
    let globs: Vec<String> = (0..300).map(|index| format!("\"{{left,{long}}}/{index}/*\"")).collect();
    folder.write("imagelint.toml", format!("exclude = [{}]\n", globs.join(", ")));
    folder.run(&["--format", "concise", "-q", "."]).says("kept/image.json:").prints_lines(1).ends_with(1);
    let large = "?".repeat(4 << 20);
    for setting in ["exclude = [\"GLOB\"]", "[[ignore]]\nrule = \"syntax\"\nreason = \"x\"\npath = \"GLOB\""] {
        folder.write("imagelint.toml", setting.replace("GLOB", &large));
        folder.run(&["."]).says("this glob of 4194304 bytes is too long").ends_with(2);
    }
}

#[cfg(unix)]
#[test]
fn a_working_directory_that_is_gone_is_no_need() {
    let folder = Scratch::new("hostile/gone");
    folder.write("gone/a", "");
    let faulty = path(FAULTY);
    let program = env!("CARGO_BIN_EXE_imagelint");
    let command = format!("rm a; rmdir ../gone; exec {program} -q --format concise {}", faulty.display());
    let output = Command::new("sh").args(["-c", &command]).current_dir(folder.join("gone")).output();
    Ran::new(output.expect("a shell")).says("error[placement-exclusive]").ends_with(1);
}

/// The most memory that a running process had, in kilobytes.
#[cfg(target_os = "linux")]
fn peak(child: &std::process::Child) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("a running process");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    peak.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[cfg(target_os = "linux")]
#[test]
fn a_document_beyond_the_limit_costs_no_memory_and_no_other_document() {
    use std::io::Write as _;
    use std::process::Stdio;

    let mut child = program()
        .args(["--format", "concise", "-q", "--max-document-size", "4MiB", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let line = common_lines();
    stdin.write_all(format!("{line}{{\"image\": \"").as_bytes()).expect("the program reads");
    let (text, brackets) = ("é {\\\"".repeat(1 << 17), "[".repeat(1 << 20));
    for _ in 0..48 {
        stdin.write_all(text.as_bytes()).expect("the program reads");
    }
    stdin.write_all(format!("\"}}\n{line}").as_bytes()).expect("the program reads");
    for _ in 0..24 {
        stdin.write_all(brackets.as_bytes()).expect("the program reads");
    }
    let peak = peak(&child);
    stdin.write_all(format!("1\n{line}").as_bytes()).expect("the program reads");
    drop(stdin);
    let ran = Ran::new(child.wait_with_output().expect("the program ends"));
    let places: Vec<&str> = ran.stdout.lines().filter_map(|line| line.split(" `").next()).collect();
    let column = line.find("\"hostId\"").expect("a member") + 1;
    let faulty = |line: usize| format!("-:{line}:{column}: error[placement-exclusive]");
    let large =
        |line: usize| format!("-:{line}:1: error[document-size] the document is larger than the limit of 4 MiB");
    assert_eq!(places[0], faulty(1));
    assert!(places[1].starts_with(&large(2)), "{ran:#?}");
    assert_eq!(places[2], faulty(3));
    assert!(places[3].starts_with(&large(4)), "{ran:#?}");
    assert_eq!(places[4..], [faulty(5)]);
    assert!(peak < 40 << 10, "{peak} kB at most");
}

#[test]
fn documents_beyond_the_limit_are_told_in_every_input() {
    let folder = Scratch::new("hostile/large");
    let large = format!("{{\"image\": \"{}\"}}", "x".repeat(5 << 19));
    let small = format!("{{\"image\": \"{}\"}}", "x".repeat(2000));
    let finding =
        |limit: &str| format!("1:1: error[document-size] the document is larger than the limit of {limit}; it");
    for (name, bytes, size, limit) in [
        ("small.json", small.clone().into_bytes(), "1000", "1000 B"),
        ("small.jsonl", small.clone().into_bytes(), "1KiB", "1 KiB"),
        ("large.json", large.clone().into_bytes(), "2 MiB", "2 MiB"),
        ("bomb.json.gz", crate::common::gzip(&large), "1MiB", "1 MiB"),
        ("wide.json", large.encode_utf16().flat_map(u16::to_le_bytes).collect(), "2MiB", "2 MiB"),
        ("deep.json", format!("{{\"a\":{}", "[".repeat(5 << 19)).into_bytes(), "2MiB", "2 MiB"),
    ] {
        folder.write(name, bytes);
        let arguments = ["--format", "concise", "--max-document-size"];
        let ran = folder.run(&[&arguments[..], &[size, name]].concat());
        ran.says(&finding(limit)).says("1 file checked: 1 error").prints_lines(1).ends_with(1);
        folder.run(&["--max-document-size", "0", name]).is_silent_on("document-size");
        // A fix leaves it as it is.
        folder.run(&["--fix", "--max-document-size", size, name]).says("document-size").ends_with(1);
    }
    // The limit is one for documents, not for files.
    folder.write("many.jsonl", format!("{small}\n{small}\n")).write("two.json", format!("[{small},{small}]"));
    for name in ["many.jsonl", "two.json"] {
        folder.run(&["--max-document-size", "3000B", name]).is_silent_on("document-size");
    }
    folder.run(&["--max-document-size", "64 wide", "."]).says("`64 wide` is no size such as `64MiB`").ends_with(2);
    folder.write("imagelint.toml", "max-document-size = 1024\n").run(&["small.json"]).says("document-size");
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_without_end_is_one_document() {
    let ran = crate::common::run(&["--format", "concise", "--max-document-size", "4MiB", "/dev/zero"]);
    ran.says("/dev/zero:1:1: error[document-size]").prints_lines(1).ends_with(1);
}
