//! Fixes: their laws on every fixture in many layouts, and what the command line does with files.

use std::cell::Cell;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use imagelint::document::Text;
use imagelint::finding::Finding;
use imagelint::lint::fixer::{Judge, Mended, mend};
use imagelint::lint::levels::Levels;
use imagelint::lint::linter::Linter;
use imagelint::text::lines::Before;
use serde_json::{Value, json};

mod common;
use common::{fixtures, path, run_in};

struct All(Linter);

impl Judge for All {
    fn lint(&self, text: &str) -> Vec<Finding> {
        let text = Text { text: text.into(), base: 0, before: Before::default(), finding: None };
        self.0.lint(&text, 0, true).findings
    }

    fn wanted(&self, findings: &[Finding]) -> Vec<Finding> {
        findings.iter().filter(|finding| finding.fix.is_some()).cloned().collect()
    }
}

fn all() -> All {
    All(Linter::new(Levels::new(true), None))
}

/// The texts of all fixtures that are UTF-8.
fn texts() -> Vec<(PathBuf, String)> {
    let fixtures = fixtures("corpus").into_iter();
    fixtures.filter_map(|fixture| Some((fixture.clone(), fs::read_to_string(fixture).ok()?))).collect()
}

/// Those in which something is fixed, with what comes of it.
fn fixable(all: &All) -> Vec<(PathBuf, String, Mended)> {
    let mended = texts().into_iter().map(|(fixture, text)| {
        let mended = mend(&text, 0, all);
        (fixture, text, mended)
    });
    let fixable: Vec<_> = mended.filter(|(_, _, mended)| mended.fixed > 0).collect();
    assert!(fixable.len() > 40, "only {} fixtures can be fixed", fixable.len());
    fixable
}

fn count(findings: &[Finding], rule: &str) -> usize {
    findings.iter().filter(|finding| finding.rule == rule).count()
}

#[test]
fn fixes_leave_fewer_findings_none_of_a_new_rule_and_nothing_to_fix() {
    let all = all();
    for (fixture, text, mended) in fixable(&all) {
        let (before, after) = (all.lint(&text), all.lint(&mended.text));
        assert_eq!(before.len(), after.len() + mended.fixed, "{}", fixture.display());
        for finding in &after {
            let (left, was) = (count(&after, finding.rule), count(&before, finding.rule));
            assert!(left <= was, "{}: {left} findings of `{}`, not {was}", fixture.display(), finding.rule);
        }
        if serde_json::from_str::<Value>(&text).is_ok() {
            let parsed = serde_json::from_str::<Value>(&mended.text);
            assert!(parsed.is_ok(), "{}: {parsed:?}\n{}", fixture.display(), mended.text);
        }
        let again = mend(&mended.text, 0, &all);
        assert_eq!((again.fixed, &again.text), (0, &mended.text), "{}", fixture.display());
    }
}

#[test]
fn what_lies_outside_of_the_edits_stays_byte_for_byte() {
    let all = all();
    for (fixture, text, mended) in fixable(&all) {
        let mut spans: Vec<_> = all.wanted(&all.lint(&text)).into_iter().filter_map(|finding| finding.fix).collect();
        let mut spans: Vec<_> = spans.iter_mut().flat_map(|fix| &fix.edits).map(|edit| edit.span).collect();
        spans.sort();
        let (mut kept, mut found) = (0, 0);
        for end in spans.iter().map(|span| span.start).chain([text.len()]) {
            if kept < end {
                let piece = &text[kept..end];
                let at = mended.text[found..].find(piece);
                found += at.unwrap_or_else(|| panic!("{}: {piece:?} is gone", fixture.display())) + piece.len();
            }
            kept = spans.iter().filter(|span| span.start <= end).map(|span| span.end).max().unwrap_or(0).max(end);
        }
        assert_eq!(found, mended.text.len(), "{}: the end is another", fixture.display());
    }
}

/// The document that a layout holds.
type Unpack<'a> = &'a dyn Fn(&str) -> Value;

#[test]
fn fixes_are_the_same_in_every_layout() {
    fn queue(body: &str) -> String {
        json!({"Messages": [{"ReceiptHandle": "handle", "Body": body}]}).to_string()
    }
    let all = all();
    for (fixture, text, mended) in fixable(&all) {
        // What a document means does not depend on what stands around it only where that is JSON once.
        let Ok(value) = serde_json::from_str::<Value>(&text) else { continue };
        if !value.is_object() || count(&all.lint(&text), "duplicate-json-key") > 0 {
            continue;
        }
        let meant: Value = serde_json::from_str(&mended.text).expect("the law above");
        let unpacked = |text: &str| -> Value {
            let value: Value = serde_json::from_str(text).expect("JSON");
            let body = value["Messages"][0]["Body"].as_str().expect("a body");
            serde_json::from_str(body).expect("the body is JSON")
        };
        let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        let body = |text: &str| unpacked(text)["Messages"][0]["Body"].as_str().expect("a body").to_owned();
        let layouts: [(&str, String, Unpack<'_>); 6] = [
            ("minified", value.to_string(), &read),
            ("CRLF", text.replace('\n', "\r\n"), &read),
            ("array", format!("[{text}, {{}}]"), &|text| read(text)[0].clone()),
            ("JSON Lines", format!("{value}\n{{}}\n"), &|text| read(text.lines().next().expect("a line"))),
            ("embedded", queue(&text), &unpacked),
            ("doubly embedded", queue(&queue(&text)), &|text| read(&body(text))),
        ];
        for (layout, text, unpacked) in layouts {
            let mended = mend(&text, 0, &all);
            assert_eq!(unpacked(&mended.text), meant, "{}, {layout}: {:?}", fixture.display(), mended.refused);
            let lone = mended.text.replace("\r\n", "").contains('\n');
            assert!(layout != "CRLF" || !lone, "{}: line ends are mixed", fixture.display());
        }
    }
}

#[test]
fn members_are_added_in_the_style_around_them() {
    let all = all();
    let fixed = |text: &str| mend(text, 0, &all).text;
    let minified =
        r#"{"requestId":"a","image":{"infrastructureConfiguration":{"placement":{"hostId":"h-0123456789abcdef0"}}}}"#;
    assert!(fixed(minified).contains(r#"{"hostId":"h-0123456789abcdef0","tenancy":"host"}"#), "{}", fixed(minified));
    let value: Value = serde_json::from_str(minified).expect("JSON");
    let pretty = format!("{value:#}").replace('\n', "\r\n");
    let added = "\"hostId\": \"h-0123456789abcdef0\",\r\n        \"tenancy\": \"host\"\r\n      }";
    assert!(fixed(&pretty).contains(added), "{}", fixed(&pretty));
    let spaced = minified.replace(':', ": ");
    assert!(fixed(&spaced).contains(r#""hostId": "h-0123456789abcdef0", "tenancy": "host"}"#), "{}", fixed(&spaced));
}

#[test]
fn two_misspelt_members_of_one_name_are_left_to_people() {
    let text =
        r#"{"requestId":"a","image":{"Name":"one","NAME":"two","platform":"Linux","state":{"status":"BUILDING"}}}"#;
    let all = all();
    assert_eq!(count(&all.lint(text), "member-name-case"), 2);
    assert_eq!(mend(text, 0, &all).text, text);
}

/// Finds every `a` and would make it `bb`; every `b` is worse; every `x` can go, and every `y` stays.
/// A `c` can become a `d`, which is worse as long as there is an `x`.
#[derive(Default)]
struct Letters {
    lints: Cell<usize>,
}

impl Judge for Letters {
    fn lint(&self, text: &str) -> Vec<Finding> {
        self.lints.set(self.lints.get() + 1);
        let has_x = text.contains('x');
        let finding = |(at, char): (usize, char)| {
            let (rule, fixed) = match char {
                'a' => ("syntax", Some("bb")),
                'b' => ("encoding", Some("b")),
                'c' => ("unknown-kind", Some("d")),
                'd' if has_x => ("encoding", None),
                'x' => ("null-member", Some("")),
                'y' => ("null-member", None),
                _ => return None,
            };
            let span = imagelint::text::span::Span::new(at, at + 1);
            let mut finding = Finding::new(rule, imagelint::finding::Level::Error, span, "");
            finding.fix(fixed.map(|fixed| imagelint::finding::fix::Fix::safe("", span, fixed)));
            Some(finding)
        };
        text.char_indices().filter_map(finding).collect()
    }

    fn wanted(&self, findings: &[Finding]) -> Vec<Finding> {
        findings.iter().filter(|finding| finding.fix.is_some()).cloned().collect()
    }
}

#[test]
fn a_fix_that_does_harm_is_refused_and_the_others_are_made() {
    let mended = mend("[\"x.a.x.x.a.x\"]", 0, &Letters::default());
    assert_eq!((mended.text.as_str(), mended.fixed, mended.refused.len()), ("[\".a...a.\"]", 4, 2));
}

#[test]
fn a_fix_that_did_harm_is_made_once_others_are() {
    let mended = mend("[\"c.a.x\"]", 0, &Letters::default());
    assert_eq!((mended.text.as_str(), mended.fixed, mended.refused.len()), ("[\"d.a.\"]", 2, 1));
}

/// Held against each other one by one, so many would take minutes.
#[test]
fn many_fixes_in_one_text_take_no_longer_for_each() {
    let started = Instant::now();
    // Which of many fixes do harm is found by halves; each of these is tried a few times.
    for (refused, made, lints) in [(0, 100_000, 2), (1, 3_000, 40), (300, 300, 2_000)] {
        let letters = Letters::default();
        let text = |x: &str| {
            let parts = (0..made).map(|index| format!("{}{x}.y.", if index < refused { "a." } else { "" }));
            format!("[\"{}\"]", parts.collect::<String>())
        };
        let mended = mend(&text("x"), 0, &letters);
        assert_eq!((mended.fixed, mended.refused.len(), mended.text), (made, refused, text("")));
        assert!(letters.lints.get() <= lints, "{} lints for {refused} refused", letters.lints.get());
    }
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
}

fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().expect("it was not killed"), text(&output.stdout), text(&output.stderr))
}

fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fix").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a scratch folder");
    folder
}

/// A document with one safe fix (a misspelt member), one unsafe one and an error without any.
const FAULTY: &str = concat!(
    "\u{feff}{\r\n\t\"requestId\" :\"a\",\r\n\t\"image\": { \"Name\": \"one\", \"platform\": \"linux\",\r\n",
    "\t\"infrastructureConfiguration\": {\"placement\": {\"hostId\": \"h-0123456789abcdef0\"}}}}\r\n\r\n"
);

fn faulty(folder: &Path) -> PathBuf {
    let file = folder.join("a.json");
    fs::write(&file, FAULTY).expect("a file");
    file
}

#[test]
fn fix_makes_safe_fixes_and_reports_what_remains() {
    let folder = scratch("safe");
    let file = faulty(&folder);
    let (status, stdout, _) = told(&run_in(&folder, &["--fix", "a.json"], b""));
    assert_eq!(fs::read_to_string(&file).expect("the file"), FAULTY.replace("\"Name\"", "\"name\""));
    assert_eq!(status, 1, "an error remains");
    assert!(stdout.contains("enum-value") && stdout.contains("placement-target-tenancy"), "{stdout}");
    assert!(!stdout.contains("member-name-case") && stdout.contains("; 1 fixed; "), "{stdout}");
    let (_, stdout, _) = told(&run_in(&folder, &["--fix", "--unsafe-fixes", "--format", "json", "a.json"], b""));
    let report: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(report["summary"]["fixed"], 1);
    assert!(fs::read_to_string(&file).expect("the file").contains("\"h-0123456789abcdef0\", \"tenancy\": \"host\"}"));
    let left: Vec<_> = fs::read_dir(&folder).expect("the folder").collect();
    assert_eq!(left.len(), 1, "no temporary file stays");
}

#[test]
fn a_diff_is_printed_and_nothing_written() {
    let folder = scratch("diff");
    let file = faulty(&folder);
    let (status, stdout, stderr) = told(&run_in(&folder, &["--diff", "a.json"], b""));
    let line = "\t\"image\": { \"Name\": \"one\", \"platform\": \"linux\",\r\n";
    let changed = format!("-{line}+{}", line.replace("Name", "name"));
    assert!(stdout.starts_with("--- a/a.json\n+++ b/a.json\n@@ ") && stdout.contains(&changed), "{stdout}");
    assert_eq!((status, stderr.as_str()), (1, "1 finding in 1 file can be fixed\n"));
    assert_eq!(fs::read_to_string(&file).expect("the file"), FAULTY);
    let (status, stdout, _) = told(&run_in(&folder, &["--diff", "-"], FAULTY.as_bytes()));
    assert!(stdout.starts_with("--- -\n+++ -\n") && stdout.contains(&changed), "{stdout}");
    assert_eq!(status, 1);
    run_in(&folder, &["--fix", "a.json"], b"");
    assert_eq!(told(&run_in(&folder, &["--diff", "--quiet", "a.json"], b"")), (0, String::new(), String::new()));
    assert_eq!(told(&run_in(&folder, &["--diff", "none.json"], b"")).0, 2);
    assert_eq!(told(&run_in(&folder, &["--unsafe-fixes", "a.json"], b"")).0, 2, "it goes with the others");
    for report in [["--format", "json"], ["--report", "json=report.json"]] {
        let (status, stdout, stderr) = told(&run_in(&folder, &["--diff", report[0], report[1]], b""));
        assert_eq!((status, stdout.as_str()), (2, ""), "there is no report to go with it");
        assert!(stderr.contains("cannot be used with"), "{stderr}");
    }
}

#[test]
fn a_diff_is_one_that_patch_and_git_apply() {
    let texts = [
        FAULTY.to_owned(),
        FAULTY.replace("\r\n", "\r"),
        FAULTY.replace("\r\n", "\r").trim_end().to_owned(),
        FAULTY.replace("\r\n", "\n").trim_end().to_owned(),
        format!("{}\r", FAULTY.trim_end()),
    ];
    let folders = ["some captures/ü", "tab\there", "line\n+++ b/other.json", "\"quoted\" \\ \u{1b}[31m\u{202e}"];
    // Other systems have no such names.
    let folders = if cfg!(unix) { &folders[..] } else { &folders[..1] };
    for tool in [&["git", "apply", "--no-index"][..], &["patch", "--binary", "-p1"]] {
        let folder = scratch("apply");
        for inner in folders {
            fs::create_dir_all(folder.join(inner)).expect("a folder");
            for (index, text) in texts.iter().enumerate() {
                fs::write(folder.join(inner).join(format!("{index}.json")), text).expect("a file");
            }
        }
        let diff = run_in(&folder, &["--diff", "--quiet", "."], b"").stdout;
        let shown = String::from_utf8(diff.clone()).expect("UTF-8");
        let heads: Vec<&str> = shown.split('\n').filter(|line| line.starts_with("+++ ")).collect();
        assert_eq!(heads.len(), folders.len() * texts.len(), "{heads:#?}");
        assert!(!heads.concat().contains(|char: char| char.is_control() && char != '\t' || char == '\u{202e}'));
        fs::write(folder.join("fixes.diff"), &diff).expect("a file");
        let applied = Command::new(tool[0])
            .args(&tool[1..])
            .stdin(fs::File::open(folder.join("fixes.diff")).expect("it"))
            .current_dir(&folder)
            .env("GIT_CEILING_DIRECTORIES", &folder)
            .output()
            .expect("the tool runs");
        assert!(applied.status.success(), "{tool:?}: {applied:?}\n{shown}");
        for inner in folders {
            for (index, text) in texts.iter().enumerate() {
                let mended = run_in(&folder, &["--fix", "-"], text.as_bytes()).stdout;
                assert!(mended.len() == text.len() && mended != text.as_bytes());
                let patched = fs::read(folder.join(inner).join(format!("{index}.json"))).expect("the file");
                assert_eq!(patched, mended, "{tool:?}: {inner:?} {index}");
            }
        }
    }
}

#[test]
fn a_diff_names_files_from_the_working_directory() {
    let outside = scratch("names").canonicalize().expect("a folder");
    let folder = outside.join("inside");
    fs::create_dir_all(folder.join("sub")).expect("a folder");
    faulty(&outside);
    let file = faulty(&folder);
    let file = file.to_str().expect("UTF-8");
    for path in [file, "a.json", "./a.json", "sub/../a.json", "../inside/a.json"] {
        let (_, stdout, _) = told(&run_in(&folder, &["--diff", path], b""));
        assert!(stdout.starts_with("--- a/a.json\n+++ b/a.json\n"), "{path}: {stdout}");
    }
    // Without the prefix this would be made in the file of that name in the folder.
    let (_, stdout, _) = told(&run_in(&folder, &["--diff", "../a.json"], b""));
    assert!(stdout.starts_with("--- a/../a.json\n+++ b/../a.json\n"), "{stdout}");
    let absolute = outside.join("a.json").display().to_string();
    let (_, stdout, _) = told(&run_in(&folder, &["--diff", &absolute], b""));
    assert!(stdout.starts_with(&format!("--- {absolute}\n+++ {absolute}\n")), "{stdout}");
}

#[test]
fn standard_input_is_fixed_to_standard_output() {
    let folder = scratch("stdin");
    let (status, stdout, stderr) = told(&run_in(&folder, &["--fix", "-"], FAULTY.as_bytes()));
    assert_eq!(stdout, FAULTY.replace("\"Name\"", "\"name\""));
    assert!(stderr.contains("enum-value") && stderr.contains("1 fixed"), "{stderr}");
    assert_eq!(status, 1);
    let (status, stdout, _) = told(&run_in(&folder, &["--fix", "-"], b"{ no JSON"));
    assert_eq!((status, stdout.as_str()), (1, "{ no JSON"));
}

#[test]
fn rules_that_are_off_fix_nothing() {
    let folder = scratch("off");
    let file = faulty(&folder);
    run_in(&folder, &["--fix", "--level", "member-name-case=off", "a.json"], b"");
    assert_eq!(fs::read_to_string(file).expect("the file"), FAULTY);
}

#[test]
fn files_in_other_encodings_are_left_alone_and_told() {
    let folder = scratch("encodings");
    let utf16: Vec<u8> = FAULTY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.join("wide.json"), &utf16).expect("a file");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(FAULTY.as_bytes()).expect("a vector takes all");
    let packed = packed.finish().expect("a vector takes all");
    fs::write(folder.join("packed.json.gz"), &packed).expect("a file");
    let (_, _, stderr) = told(&run_in(&folder, &["--fix", "."], b""));
    for (name, bytes, why) in [("wide.json", utf16, "not UTF-8"), ("packed.json.gz", packed, "compressed")] {
        assert_eq!(fs::read(folder.join(name)).expect("the file"), bytes);
        let note = format!("imagelint: {name}: 1 finding is not fixed: the file is {why}");
        assert!(stderr.contains(&note), "{stderr}");
    }
}

#[test]
fn documents_that_are_not_json_do_not_keep_others_from_being_fixed() {
    let folder = scratch("lines");
    let file = folder.join("a.jsonl");
    let good = r#"{"requestId":"a","image":{"Name":"one","platform":"Linux"}}"#;
    let bad = r#"{"requestId":"a","image":{"Name":"one","platform":"Linux",}}"#;
    fs::write(&file, format!("{good}\n{bad}\n\n  {good}")).expect("a file");
    let (_, stdout, _) = told(&run_in(&folder, &["--fix", "a.jsonl"], b""));
    let mended = good.replace("Name", "name");
    assert_eq!(fs::read_to_string(&file).expect("the file"), format!("{mended}\n{bad}\n\n  {mended}"));
    assert!(stdout.contains("; 2 fixed; "), "{stdout}");
}

#[test]
fn a_diff_shows_no_secret() {
    let folder = scratch("secret");
    let fixture = fixtures("corpus/invalid/presigned-url").remove(0);
    fs::copy(fixture, folder.join("a.json")).expect("a file");
    let (status, stdout, _) = told(&run_in(&folder, &["--diff", "--unsafe-fixes", "a.json"], b""));
    assert_eq!(status, 1);
    assert!(stdout.contains("\n-") && stdout.contains("****"), "{stdout}");
    assert!(!stdout.contains("X-Amz-Signature="), "{stdout}");
}

#[cfg(unix)]
#[test]
fn links_and_read_only_files_are_left_alone_and_permissions_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = scratch("unix");
    let outside = folder.join("outside.json");
    fs::write(&outside, FAULTY).expect("a file");
    let tree = folder.join("tree");
    fs::create_dir(&tree).expect("a folder");
    symlink("../outside.json", tree.join("link.json")).expect("a link");
    let set = |file: &Path, mode| fs::set_permissions(file, fs::Permissions::from_mode(mode)).expect("permissions");
    for (name, mode) in [("fixed.json", 0o640), ("locked.json", 0o444)] {
        fs::write(tree.join(name), FAULTY).expect("a file");
        set(&tree.join(name), mode);
    }
    let (status, diff, stderr) = told(&run_in(&folder, &["--diff", "tree"], b""));
    assert_eq!((status, stderr.as_str()), (1, "3 findings in 3 files can be fixed\n"), "nothing is to be written");
    assert!(
        ["fixed", "link", "locked"].iter().all(|name| diff.contains(&format!("+++ b/tree/{name}.json\n"))),
        "{diff}"
    );
    let (_, stdout, stderr) = told(&run_in(&folder, &["--fix", "tree"], b""));
    assert!(stderr.contains("tree/link.json: 1 finding is not fixed: the file is a symbolic link"), "{stderr}");
    assert!(stderr.contains("tree/locked.json: 1 finding is not fixed: the file is read-only"), "{stderr}");
    assert!(stdout.contains("; 1 fixed; "), "{stdout}");
    assert_eq!(fs::read_to_string(&outside).expect("the file"), FAULTY);
    assert!(tree.join("link.json").is_symlink());
    assert_eq!(fs::read_to_string(tree.join("locked.json")).expect("the file"), FAULTY);
    let fixed = tree.join("fixed.json");
    assert!(fs::read_to_string(&fixed).expect("the file").contains("\"name\""));
    assert_eq!(fs::metadata(&fixed).expect("the file").permissions().mode() & 0o777, 0o640);
}

#[cfg(unix)]
#[test]
fn owners_are_kept_and_hard_links_not_parted() {
    use std::os::unix::fs::{MetadataExt, chown};
    let folder = scratch("owners");
    let file = faulty(&folder);
    fs::hard_link(&file, folder.join("b.json")).expect("a link");
    let (_, _, stderr) = told(&run_in(&folder, &["--fix", "."], b""));
    for name in ["a.json", "b.json"] {
        let note = format!("imagelint: {name}: 1 finding is not fixed: the file has 2 names (hard links), which");
        assert!(stderr.contains(&note), "{stderr}");
        assert_eq!(fs::read_to_string(folder.join(name)).expect("the file"), FAULTY);
    }
    fs::remove_file(folder.join("b.json")).expect("the file");
    let report = folder.join("report.json");
    fs::write(&report, "").expect("a file");
    // Only a privileged user can give files away; for others the owner is their own and stays so.
    let owner = chown(&file, Some(65534), Some(65534)).and_then(|()| chown(&report, Some(65534), Some(65534)));
    let ids = |file: &Path| fs::metadata(file).map(|file| (file.uid(), file.gid())).expect("the file");
    let before = ids(&file);
    assert!(owner.is_err() || before == (65534, 65534));
    let (_, stdout, _) = told(&run_in(&folder, &["--fix", "--report", "json=report.json", "a.json"], b""));
    assert!(stdout.contains("; 1 fixed; "), "{stdout}");
    assert_eq!((ids(&file), ids(&report)), (before, before));
}

#[test]
fn what_a_killed_run_left_is_named() {
    let folder = scratch("left");
    faulty(&folder);
    let left = folder.join(".imagelint-a1b2c3.tmp");
    fs::write(&left, "{").expect("a file");
    let named = "imagelint: ./.imagelint-a1b2c3.tmp: a run that broke off left this; it can be deleted\n";
    assert!(!told(&run_in(&folder, &["--diff", "a.json"], b"")).2.contains(named), "nothing is written");
    let (_, _, stderr) = told(&run_in(&folder, &["--fix", "a.json"], b""));
    assert!(stderr.contains(named), "{stderr}");
    fs::remove_file(left).expect("the file");
    assert!(!told(&run_in(&folder, &["--fix", "a.json"], b"")).2.contains("broke off"));
}

#[cfg(unix)]
#[test]
fn no_link_leads_fixes_out_of_the_working_directory() {
    let folder = scratch("out");
    let inside = folder.join("inside");
    fs::create_dir_all(inside.join("real")).expect("a folder");
    faulty(&folder);
    fs::copy(folder.join("a.json"), inside.join("real/a.json")).expect("a copy");
    std::os::unix::fs::symlink(&folder, inside.join("out")).expect("a link");
    std::os::unix::fs::symlink("real", inside.join("in")).expect("a link");
    let (status, _, stderr) = told(&run_in(&inside, &["--fix", "out/a.json", "out"], b""));
    assert!(status == 1 && stderr.contains("leads out of the working directory"), "{stderr}");
    assert_eq!(fs::read_to_string(folder.join("a.json")).expect("the file"), FAULTY);
    run_in(&inside, &["--fix", "in/a.json", "../a.json"], b"");
    for file in ["a.json", "inside/real/a.json"] {
        assert_ne!(fs::read_to_string(folder.join(file)).expect("the file"), FAULTY, "{file}");
    }
}

#[test]
fn the_corpus_is_fixed_file_by_file() {
    let folder = scratch("corpus");
    let mut count = 0;
    for (fixture, _) in texts() {
        let name = fixture.strip_prefix(path("corpus")).expect("a fixture").to_string_lossy().replace('/', "_");
        fs::copy(&fixture, folder.join(name)).expect("a copy");
        count += 1;
    }
    let fix = ["--fix", "--unsafe-fixes", "--pedantic", "--format", "json", "."];
    let report = |output: &Output| serde_json::from_slice::<Value>(&output.stdout).expect("JSON");
    let first = run_in(&folder, &fix, b"");
    assert!(report(&first)["summary"]["fixed"].as_u64() > Some(40));
    assert_eq!(report(&run_in(&folder, &fix, b""))["summary"]["fixed"], 0, "the second time there is nothing to do");
    assert_eq!(fs::read_dir(&folder).expect("the folder").count(), count);
}
