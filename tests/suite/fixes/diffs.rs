//! `--diff`: the fixes as a unified diff.

use std::fs;

use super::{FAULTY, faulty};
use crate::common::{Scratch, feed, fixtures, run_in};

#[test]
fn a_diff_is_printed_and_nothing_written() {
    let folder = faulty("fixes/diff");
    let line = "\t\"image\": { \"Name\": \"one\", \"platform\": \"linux\",\r\n";
    let changed = format!("-{line}+{}", line.replace("Name", "name"));
    let ran = folder.run(&["--diff", "a.json"]);
    assert!(ran.stdout.starts_with("--- a/a.json\n+++ b/a.json\n@@ ") && ran.stdout.contains(&changed), "{ran:#?}");
    assert_eq!((ran.status, ran.stderr.as_str()), (1, "1 finding in 1 file can be fixed\n"));
    assert_eq!(folder.read("a.json"), FAULTY);
    let ran = feed(&["--diff", "-"], FAULTY);
    assert!(ran.stdout.starts_with("--- -\n+++ -\n") && ran.stdout.contains(&changed), "{ran:#?}");
    ran.ends_with(1);
    folder.run(&["--fix", "a.json"]);
    folder.run(&["--diff", "--quiet", "a.json"]).is_silent();
}

#[test]
fn a_diff_goes_with_no_report() {
    let folder = faulty("fixes/usage");
    folder.run(&["--diff", "none.json"]).ends_with(2);
    // It goes with the other two.
    folder.run(&["--unsafe-fixes", "a.json"]).ends_with(2);
    for report in [["--format", "json"], ["--report", "json=report.json"]] {
        let ran = folder.run(&["--diff", report[0], report[1]]);
        ran.says("cannot be used with").prints_lines(0).ends_with(2);
    }
}

#[test]
#[ignore = "needs git and patch"]
fn a_diff_is_one_that_git_and_patch_apply() {
    let texts = [
        FAULTY.to_owned(),
        FAULTY.replace("\r\n", "\r"),
        FAULTY.replace("\r\n", "\r").trim_end().to_owned(),
        FAULTY.replace("\r\n", "\n").trim_end().to_owned(),
        format!("{}\r", FAULTY.trim_end()),
    ];
    let fixed: Vec<String> = texts.iter().map(|text| feed(&["--fix", "-"], text).stdout).collect();
    assert!(texts.iter().zip(&fixed).all(|(text, fixed)| fixed.len() == text.len() && fixed != text));
    let folders = ["some captures/ü", "tab\there", "line\n+++ b/other.json", "\"quoted\" \\ \u{1b}[31m\u{202e}"];
    // Other systems have no such names.
    let folders = if cfg!(unix) { &folders[..] } else { &folders[..1] };
    let files: Vec<(String, usize)> = folders
        .iter()
        .flat_map(|folder| (0..texts.len()).map(move |index| (format!("{folder}/{index}.json"), index)))
        .collect();
    for (tool, arguments) in [("git", &["apply", "--no-index"][..]), ("patch", &["--binary", "-p1"])] {
        let folder = Scratch::new(&format!("fixes/{tool}"));
        for (name, index) in &files {
            folder.write(name, &texts[*index]);
        }
        let diff = folder.run(&["--diff", "--quiet", "."]).stdout;
        let heads: Vec<&str> = diff.split('\n').filter(|line| line.starts_with("+++ ")).collect();
        assert_eq!(heads.len(), files.len(), "{heads:#?}");
        assert!(!heads.concat().contains(|char: char| char.is_control() && char != '\t' || char == '\u{202e}'));
        folder.write("fixes.diff", &diff);
        let applied = std::process::Command::new(tool)
            .args(arguments)
            .stdin(fs::File::open(folder.join("fixes.diff")).expect("the diff"))
            .current_dir(&*folder)
            .env("GIT_CEILING_DIRECTORIES", &*folder)
            .output()
            .unwrap_or_else(|error| panic!("{tool} does not run: {error}"));
        assert!(applied.status.success(), "{tool}: {applied:?}\n{diff}");
        for (name, index) in &files {
            assert_eq!(folder.read(name), fixed[*index], "{tool}: {name:?}");
        }
    }
}

#[test]
fn a_diff_names_files_from_the_working_directory() {
    let outside = faulty("fixes/names");
    outside.write("inside/a.json", FAULTY).write("inside/sub/b.txt", "");
    let outside = outside.canonicalize().expect("a folder");
    let inside = outside.join("inside");
    let diff = |path: &str| run_in(&inside, &["--diff", path]).stdout;
    let whole = inside.join("a.json").into_os_string().into_string().expect("a path of UTF-8");
    for path in [&whole, "a.json", "./a.json", "sub/../a.json", "../inside/a.json"] {
        assert!(diff(path).starts_with("--- a/a.json\n+++ b/a.json\n"), "{path}: {}", diff(path));
    }
    // Without the prefix this would be made in the file of that name in the folder.
    assert!(diff("../a.json").starts_with("--- a/../a.json\n+++ b/../a.json\n"), "{}", diff("../a.json"));
    let whole = outside.join("a.json").into_os_string().into_string().expect("a path of UTF-8");
    assert!(diff(&whole).starts_with(&format!("--- {whole}\n+++ {whole}\n")), "{}", diff(&whole));
}

#[test]
fn a_diff_shows_no_secret() {
    let folder = Scratch::new("fixes/secret");
    fs::copy(fixtures("corpus/invalid/presigned-url").remove(0), folder.join("a.json")).expect("a copy");
    let ran = folder.run(&["--diff", "--unsafe-fixes", "a.json"]);
    ran.says("\n-").says("****").is_silent_on("X-Amz-Signature=").ends_with(1);
}
