//! Files that are written: by others at the same time, on full disks, and in runs that are killed.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{FAULTY, Ran, Scratch, program};

/// A capture with one finding, which has a fix.
const FIXABLE: &str = r#"{"requestId": "a", "image": {"Name": "one", "platform": "Linux"}}"#;

fn fixed() -> String {
    FIXABLE.replace("Name", "name")
}

/// So many captures that fixing them takes a while.
fn many(line: &str) -> String {
    format!("{line}\n").repeat(1500)
}

/// Starts the program in a folder, with nothing on standard input until it is closed.
fn start(folder: &Scratch, arguments: &[&str]) -> Child {
    let mut program = program();
    program.args(arguments).current_dir(&**folder);
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

/// The temporary files in a folder.
fn temporary(folder: &Path) -> usize {
    let names = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    names.filter(|name| name.to_string_lossy().starts_with(".imagelint-")).count()
}

/// Waits until there is a temporary file.
fn wait_for_temporary(folder: &Path) {
    let started = Instant::now();
    while temporary(folder) == 0 {
        assert!(started.elapsed() < Duration::from_secs(20), "no temporary file is made");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn an_edit_made_during_a_fix_is_kept() {
    let folder = Scratch::new("hostile/edit");
    // How long the program takes to read the file, and to write it, depends on the machine.
    let seen = [10, 20, 40, 80, 160, 320, 640].into_iter().any(|delay| {
        folder.write("a.jsonl", many(FIXABLE));
        let child = start(&folder, &["--fix", "-q", "--format", "concise", "a.jsonl"]);
        thread::sleep(Duration::from_millis(delay));
        fs::write(folder.join("a.jsonl"), "edited by another program\n").expect("an edit");
        let ran = Ran::new(child.wait_with_output().expect("the program ends"));
        assert_eq!(folder.read("a.jsonl"), "edited by another program\n", "the edit is lost after {delay} ms");
        ran.stderr.contains("1500 findings are not fixed: the file has changed meanwhile")
    });
    assert!(seen, "no edit was noticed");
}

#[cfg(unix)]
fn signal(child: &Child, signal: &str) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-s", signal, &id]).status().expect("`kill` runs").success());
}

#[cfg(unix)]
#[test]
fn a_run_that_is_interrupted_leaves_no_temporary_file() {
    let folder = Scratch::new("hostile/signals");
    // What the parent of this test ignores stays ignored.
    let is_caught = |(_, status): &(&str, i32)| ignored_signals() & 1 << (status - 129) == 0;
    for (name, status) in [("HUP", 129), ("INT", 130), ("TERM", 143)].into_iter().filter(is_caught) {
        folder.write("report.json", "old");
        let mut child = start(&folder, &["--report", "json=report.json", "-"]);
        wait_for_temporary(&folder);
        // The end of its input would end it, too.
        let stdin = child.stdin.take();
        signal(&child, name);
        let ended = child.wait_with_output().expect("the program ends");
        drop(stdin);
        assert_eq!((ended.status.code(), temporary(&folder)), (Some(status), 0), "{name}");
        assert_eq!(folder.read("report.json"), "old");
    }
}

/// The signals that this process ignores, in bits; none where the system does not say.
#[cfg(unix)]
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// As `nohup` asks for.
#[cfg(unix)]
#[test]
fn a_signal_that_is_ignored_stays_so() {
    let folder = Scratch::new("hostile/nohup");
    let command = format!("trap '' HUP; exec {} --report json=report.json -", env!("CARGO_BIN_EXE_imagelint"));
    let mut child = Command::new("sh")
        .args(["-c", &command])
        .current_dir(&*folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("a shell");
    wait_for_temporary(&folder);
    // It is caught, or not, soon after.
    thread::sleep(Duration::from_millis(50));
    signal(&child, "HUP");
    drop(child.stdin.take());
    assert_eq!(child.wait().expect("the program ends").code(), Some(0));
    assert!(folder.read("report.json").contains("\"documents\":0"));
}

#[cfg(unix)]
#[test]
fn a_fix_that_is_killed_tears_no_file() {
    let folder = Scratch::new("hostile/killed");
    let (old, new) = (many(FIXABLE), many(&fixed()));
    let mut rng = fastrand::Rng::with_seed(9);
    for _ in 0..10 {
        folder.write("a.jsonl", &old);
        let mut child = start(&folder, &["--fix", "a.jsonl"]);
        thread::sleep(Duration::from_millis(rng.u64(..400)));
        child.kill().expect("it is killed");
        child.wait().expect("it ends");
        let found = folder.read("a.jsonl");
        assert!(found == old || found == new, "{} bytes are neither the old file nor the new one", found.len());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn extended_attributes_are_kept() {
    let folder = Scratch::new("hostile/attributes");
    folder.write("a.json", FIXABLE).write("report.json", "old");
    for name in ["a.json", "report.json"] {
        xattr::set(folder.join(name), "user.origin", b"captured").expect("a file system with extended attributes");
    }
    let ran = folder.run(&["--fix", "--report", "json=report.json", "a.json"]);
    assert!(ran.says("; 1 fixed").stderr.is_empty(), "{ran:#?}");
    assert_eq!(folder.read("a.json"), fixed());
    for name in ["a.json", "report.json"] {
        let kept = xattr::get(folder.join(name), "user.origin").expect("the attribute");
        assert_eq!(kept.as_deref(), Some(b"captured".as_slice()), "{name}");
    }
}

/// A shell's limit on the size of files, in blocks of 512 bytes or more.
#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_leaves_the_old_file() {
    let folder = Scratch::new("hostile/full");
    let old = many(FIXABLE);
    folder.write("a.jsonl", &old).write("report.json", "old").copy(FAULTY, "b.json");
    let limited = |arguments: &str| {
        let command = format!("ulimit -f 2; exec {} {arguments}", env!("CARGO_BIN_EXE_imagelint"));
        Ran::new(Command::new("sh").args(["-c", &command]).current_dir(&*folder).output().expect("a shell"))
    };
    let ran = limited("--fix -q --format concise --only member-name-case a.jsonl");
    ran.says("a.jsonl: 1500 findings are not fixed: File too large").ends_with(2);
    assert!(folder.read("a.jsonl") == old);
    limited("--report html=report.json b.json").says("imagelint: report.json: File too large").ends_with(2);
    assert_eq!((folder.read("report.json").as_str(), temporary(&folder)), ("old", 0));
}

/// A disk of a few blocks, which is mounted for one shell. Those who may not mount it hear so.
#[cfg(target_os = "linux")]
#[test]
#[expect(clippy::print_stderr, reason = "nothing is left out unseen")]
fn a_disk_without_room_leaves_the_old_file() {
    let folder = Scratch::new("hostile/tmpfs");
    let old = many(FIXABLE);
    folder.write("a.jsonl", &old).copy(FAULTY, "b.json").write("disk/nothing", "");
    let program = env!("CARGO_BIN_EXE_imagelint");
    let command = format!(
        "mount -t tmpfs -o size=160k tmpfs disk || exit 99
        cp a.jsonl b.json disk && cd disk && echo old >report.json
        dd if=/dev/zero of=rest bs=4k 2>/dev/null
        {program} --fix -q --format concise --only member-name-case a.jsonl >../findings; echo fix: $?
        {program} --report html=report.json -q b.json >/dev/null; echo report: $?
        cat report.json; ls -A; cat a.jsonl >../after"
    );
    let output = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c", &command])
        .current_dir(&*folder)
        .output();
    let output = output.expect("`unshare` of util-linux runs");
    if !folder.join("after").exists() {
        eprintln!("NOTICE: no file system can be mounted; no full disk is tried: {output:?}");
        return;
    }
    let ran = Ran::new(output);
    assert_eq!(ran.stdout, "fix: 2\nreport: 2\nold\na.jsonl\nb.json\nreport.json\nrest\n", "{ran:#?}");
    ran.says("a.jsonl: 1500 findings are not fixed: No space left on device")
        .says("imagelint: report.json: No space left");
    assert!(folder.read("after") == old);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_named() {
    let folder = Scratch::new("hostile/dev-full");
    folder.copy(FAULTY, "a.json");
    folder.run(&["--report", "json=/dev/full", "a.json"]).says("imagelint: /dev/full: No space left").ends_with(2);
    let full = fs::File::create("/dev/full").expect("a device that is full");
    let output = program().arg(FAULTY).stdout(full).output().expect("the program runs");
    Ran::new(output).says("imagelint: standard output: No space left").ends_with(2);
}

/// A folder may be written by those who may not write a file in it.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "needs root, which lets somebody else run the program"]
fn a_file_that_the_user_may_not_write_is_left_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().expect("a folder");
    let set_mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    let file = folder.path().join("a.json");
    fs::write(&file, FIXABLE).expect("a file");
    set_mode(folder.path(), 0o777);
    set_mode(&file, 0o644);
    fs::copy(env!("CARGO_BIN_EXE_imagelint"), folder.path().join("imagelint")).expect("a copy");
    let output = Command::new("setpriv")
        .args(["--reuid", "61234", "--clear-groups", "./imagelint", "--fix", "a.json"])
        .current_dir(folder.path())
        .output();
    let ran = Ran::new(output.expect("`setpriv` of util-linux runs"));
    ran.says("a.json: 1 finding is not fixed: the file cannot be written: Permission denied");
    assert_eq!(fs::read_to_string(&file).expect("the file"), FIXABLE);
}
