//! `--fix`: what is done with files, and with which not.

use std::fs;

use super::{FAULTY, faulty, fixed};
use crate::common::{Scratch, feed, gzip, json};

#[test]
fn safe_fixes_are_made_and_what_remains_is_reported() {
    let folder = faulty("fixes/safe");
    let ran = folder.run(&["--fix", "a.json"]);
    assert_eq!(folder.read("a.json"), fixed());
    ran.says("enum-value").says("placement-target-tenancy").says("; 1 fixed; ").ends_with(1);
    ran.is_silent_on("member-name-case");
    let ran = folder.run(&["--fix", "--unsafe-fixes", "--format", "json", "a.json"]);
    assert_eq!(json(&ran.stdout)["summary"]["fixed"], 2);
    assert!(folder.read("a.json").contains("\"h-09da7ca2800d8ddd9\", \"tenancy\": \"host\"}"));
    assert_eq!(folder.count(), 1, "no temporary file stays");
}

#[test]
fn standard_input_is_fixed_to_standard_output() {
    let ran = feed(&["--fix", "-"], FAULTY);
    assert_eq!(ran.stdout, fixed());
    assert!(ran.stderr.contains("enum-value") && ran.stderr.contains("1 fixed"), "{ran:#?}");
    ran.ends_with(1);
    let ran = feed(&["--fix", "-"], "{ no JSON");
    assert_eq!((ran.status, ran.stdout.as_str()), (1, "{ no JSON"));
}

#[test]
fn rules_that_are_off_fix_nothing() {
    let folder = faulty("fixes/off");
    folder.run(&["--fix", "--level", "member-name-case=off", "a.json"]);
    assert_eq!(folder.read("a.json"), FAULTY);
}

#[test]
fn files_in_other_encodings_are_left_alone_and_named() {
    let folder = Scratch::new("fixes/encodings");
    let utf16: Vec<u8> = FAULTY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files = [("wide.json", utf16, "not UTF-8"), ("packed.json.gz", gzip(FAULTY), "compressed")];
    for (name, bytes, _) in &files {
        folder.write(name, bytes);
    }
    let ran = folder.run(&["--fix", "."]);
    for (name, bytes, why) in files {
        assert_eq!(fs::read(folder.join(name)).expect("the file"), bytes);
        ran.says(&format!("imagelint: {name}: 1 finding is not fixed: the file is {why}"));
    }
}

#[test]
fn documents_that_are_not_json_do_not_keep_others_from_being_fixed() {
    let folder = Scratch::new("fixes/lines");
    let good = r#"{"requestId":"a","image":{"Name":"one","platform":"Linux"}}"#;
    let bad = r#"{"requestId":"a","image":{"Name":"one","platform":Linux}}"#;
    folder.write("a.jsonl", format!("{good}\n{bad}\n\n  {good}"));
    folder.run(&["--fix", "a.jsonl"]).says("; 2 fixed");
    let fixed = good.replace("Name", "name");
    assert_eq!(folder.read("a.jsonl"), format!("{fixed}\n{bad}\n\n  {fixed}"));
}

#[test]
fn what_a_killed_run_left_is_named() {
    let folder = faulty("fixes/left");
    let left = ".imagelint-a1b2c3.tmp";
    folder.write(left, "{");
    let named = "imagelint: ./.imagelint-a1b2c3.tmp: left by an interrupted run; it can be deleted\n";
    // Where nothing is written, nothing is said of it.
    folder.run(&["--diff", "a.json"]).is_silent_on(named);
    folder.run(&["--fix", "a.json"]).says(named);
    fs::remove_file(folder.join(left)).expect("the file");
    folder.run(&["--fix", "a.json"]).is_silent_on("broke off");
}

#[cfg(unix)]
#[test]
fn links_and_read_only_files_are_left_alone_and_permissions_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = Scratch::new("fixes/unix");
    folder.write("outside.json", FAULTY);
    for (name, mode) in [("tree/fixed.json", 0o640), ("tree/locked.json", 0o444)] {
        folder.write(name, FAULTY);
        fs::set_permissions(folder.join(name), fs::Permissions::from_mode(mode)).expect("permissions");
    }
    symlink("../outside.json", folder.join("tree/link.json")).expect("a link");
    let ran = folder.run(&["--diff", "tree"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (1, "3 findings in 3 files can be fixed\n"), "nothing is written");
    for name in ["fixed", "link", "locked"] {
        ran.says(&format!("+++ b/tree/{name}.json\n"));
    }
    folder
        .run(&["--fix", "tree"])
        .says("tree/link.json: 1 finding is not fixed: the file is a symbolic link")
        .says("tree/locked.json: 1 finding is not fixed: the file is read-only")
        .says("; 1 fixed; ");
    assert_eq!(folder.read("outside.json"), FAULTY);
    assert!(folder.join("tree/link.json").is_symlink());
    assert_eq!(folder.read("tree/locked.json"), FAULTY);
    assert_eq!(folder.read("tree/fixed.json"), fixed());
    let mode = fs::metadata(folder.join("tree/fixed.json")).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[cfg(unix)]
#[test]
fn hard_links_are_not_parted() {
    let folder = faulty("fixes/hard-links");
    fs::hard_link(folder.join("a.json"), folder.join("b.json")).expect("a link");
    let ran = folder.run(&["--fix", "."]);
    for name in ["a.json", "b.json"] {
        ran.says(&format!("imagelint: {name}: 1 finding is not fixed: the file has 2 hard links, which"));
        assert_eq!(folder.read(name), FAULTY);
    }
}

/// Only root can give files away; for others the owner is their own, and stays so.
#[cfg(unix)]
#[test]
fn owners_are_kept() {
    use std::os::unix::fs::{MetadataExt, chown};

    let folder = faulty("fixes/owners");
    folder.write("report.json", "");
    let ids = |name: &str| fs::metadata(folder.join(name)).map(|file| (file.uid(), file.gid())).expect("the file");
    let before = ["a.json", "report.json"].map(|name| {
        let given = chown(folder.join(name), Some(65534), Some(65534));
        assert!(given.is_err() || ids(name) == (65534, 65534));
        ids(name)
    });
    folder.run(&["--fix", "--report", "json=report.json", "a.json"]).says("; 1 fixed; ");
    assert_eq!(["a.json", "report.json"].map(ids), before);
}

#[cfg(unix)]
#[test]
fn no_link_leads_fixes_out_of_the_working_directory() {
    use std::os::unix::fs::symlink;

    use crate::common::run_in;

    let folder = faulty("fixes/out");
    folder.write("inside/real/a.json", FAULTY);
    let inside = folder.join("inside");
    symlink(&*folder, inside.join("out")).expect("a link");
    symlink("real", inside.join("in")).expect("a link");
    let ran = run_in(&inside, &["--fix", "out/a.json", "out"]);
    ran.says("leads out of the working directory").ends_with(1);
    assert_eq!(folder.read("a.json"), FAULTY);
    run_in(&inside, &["--fix", "in/a.json", "../a.json"]);
    for file in ["a.json", "inside/real/a.json"] {
        assert_eq!(folder.read(file), fixed(), "{file}");
    }
}
