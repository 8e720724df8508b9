//! Which files are checked: named, found in directories, matched by patterns, read from standard input.

use serde_json::json;

use crate::common::{self, CLEAN, DEMO, FAULTY, Ran, Scratch, feed, path, program, run, text};

const CONCISE: [&str; 2] = ["--format", "concise"];

/// A concise report on a folder or something in it.
fn concise(folder: &Scratch, name: &str) -> Ran {
    run(&[&CONCISE[..], &[&folder.argument(name)]].concat())
}

#[test]
fn standard_input_is_a_file_like_others() {
    let ran = feed(&[&CONCISE[..], &["-", CLEAN]].concat(), text(FAULTY));
    assert!(ran.stdout.starts_with("-:11:9: error[placement-exclusive]"), "{ran:#?}");
    ran.says("2 files checked").ends_with(1);
    feed(&["-"], b"[1, 2").ends_with(1);
}

#[test]
fn standard_input_can_be_named() {
    let ran = feed(&[&CONCISE[..], &["-q", "--stdin-filename", "captures/image.json", "-"]].concat(), text(FAULTY));
    assert!(ran.stdout.starts_with("captures/image.json:11:9: "), "{ran:#?}");
    ran.prints_lines(1);
    let lines = common::json(&text(FAULTY)).to_string() + "\n";
    feed(&["--format", "json", "--stdin-filename", "a.jsonl", "-"], lines.repeat(2)).says("\"document\":1");
}

#[test]
fn a_directory_is_searched_and_files_of_others_are_skipped() {
    let folder = Scratch::new("command-line/directory");
    folder
        .copy(FAULTY, "deep/image.json")
        .write("package.json", "{\"name\": \"web\"}")
        .write("notes.txt", "{")
        .write("deep/.hidden/image.json", "{")
        .write("ignored.json", "{")
        .write(".gitignore", "ignored.json\n")
        .write("tsconfig.json", "{\n  // a comment\n  \"strict\": true,\n}");
    let ran = concise(&folder, "");
    ran.says("deep/image.json:11:9: error[placement-exclusive]").prints_lines(1);
    ran.says("1 file checked: 1 error, 0 warnings, 0 infos; 2 files skipped");
    let listed = folder.run(&["--verbose", "."]).stderr;
    let skipped = listed.lines().filter(|line| line.ends_with(": nothing in it is from Image Builder; it is skipped"));
    assert_eq!(skipped.count(), 2, "{listed}");
    // When it is named, the file of another program is a finding.
    concise(&folder, "package.json").says(":1:1: error[unknown-kind]");
}

#[cfg(unix)]
#[test]
fn a_pipe_in_a_directory_is_not_waited_for() {
    let folder = Scratch::new("command-line/pipe-in-a-directory");
    folder.make_pipe("pipe.json");
    folder.copy(CLEAN, "clean.json");
    let ran = run(&[&folder.argument("")]);
    assert!(ran.stdout.starts_with("1 file checked"), "{ran:#?}");
}

#[test]
fn a_directory_with_nothing_to_check_is_named() {
    let folder = Scratch::new("command-line/barren");
    folder.copy(CLEAN, "full/image.json").write("barren/notes.txt", "");
    let ran = folder.run(&["barren", "full"]);
    assert_eq!(ran.stderr.lines().count(), 1, "{ran:#?}");
    assert!(ran.stderr.starts_with("imagelint: barren holds no file *.json, "), "{ran:#?}");
    ran.ends_with(0);
    assert_eq!(folder.run(&["."]).stderr, "");
    assert_eq!(folder.run(&["--quiet", "barren"]).stderr, "");
}

#[test]
fn notifications_of_other_senders_are_skipped_unless_they_are_named() {
    let folder = Scratch::new("command-line/notifications");
    let messages = [
        ("alarm.json", "{\"AlarmName\": \"build host\"}", ":1:13: error[unknown-kind]"),
        ("text.json", "The build host is back.", ":1:13: info[sns-message-json]"),
        ("cut.json", "{\"semver\": 12379400392853802", ":1:42: info[sns-message-json]"),
    ];
    let topic = "arn:aws:sns:us-west-2:123456789012:alarms";
    for (name, message, _) in messages {
        let notification = json!({ "Type": "Notification", "TopicArn": topic, "Message": message });
        folder.write(name, notification.to_string());
    }
    concise(&folder, "").says("; 3 files skipped").prints_lines(0).ends_with(0);
    for (name, _, finding) in messages {
        concise(&folder, name).says(finding).prints_lines(1);
    }
}

#[test]
fn a_broken_capture_in_a_directory_is_reported() {
    let folder = Scratch::new("command-line/broken");
    folder
        .write("cut.json", "{\"image\": {\"arn\": \"arn:aws:imagebuilder")
        .write("comma.json", "{\"image\": {\"platform\": \"linux\", \"tags\": {}, \"imageSource\": \"CUSTOM\",}}");
    concise(&folder, "")
        .says("cut.json:1:19: error[syntax]")
        .says("comma.json:1:68: error[syntax]")
        .says("comma.json:1:24: error[enum-value]");
}

#[test]
fn text_that_is_no_json_and_bears_no_mark_is_skipped_and_counted() {
    let folder = Scratch::new("command-line/foreign-text");
    let foreign: [(&str, &[u8]); 8] = [
        ("template.json", b"{\"name\": {{name}}}"),
        ("cut.json", b"{\"name\": [1, 2"),
        ("empty.json", b""),
        ("latin.json", b"{\"name\": \"caf\xe9\"}"),
        ("utf16.json", b"\xff\xfe{\0}\0"),
        ("comma.json", b"[{\"a\": 1}\n{\"a\": 2}]"),
        ("yaml.json", b"name: web\nversion: 1\n"),
        ("fence.json", b"```json\n{\"a\": 1}\n```\n"),
    ];
    for (name, text) in foreign {
        folder.write(name, text);
    }
    concise(&folder, "").says("0 files checked").says("; 8 files skipped").prints_lines(0).ends_with(0);
    let cut = folder.argument("cut.json");
    run(&["--skip-unknown", &cut]).says("1 file skipped").ends_with(0);
    concise(&folder, "cut.json").says("error[syntax]").ends_with(1);
}

#[test]
fn a_mark_counts_however_it_is_escaped() {
    let folder = Scratch::new("command-line/escaped-marks");
    let cut = |arn: &str| format!("{{\"image\": {{\"arn\": \"{arn}");
    folder
        .write("letter.json", cut("arn:aws:\\u0069magebuilder:us-west-2"))
        .write("colon.json", cut("arn:aws\\u003aimagebuilder\\u003A"))
        .write("slash.json", cut("\\/aws\\/imagebuilder"))
        .write("whole.json", r#"{"image": {"arn": "arn:aws:\u0069\u006dagebuilder:us-west-2:1:image/a/1.0.0/1"}}"#)
        .write("latin.json", b"{\"name\": \"caf\xe9\", \"arn\": \"arn:aws:imagebuilder:us-west-2\"}")
        .write("other.json", cut("\\u0069magemaker"));
    concise(&folder, "").says("5 files checked").says("; 1 file skipped");
}

#[test]
fn a_document_that_is_cut_off_is_reported_where_others_of_its_file_are_ours() {
    let folder = Scratch::new("command-line/cut-line");
    let clean = common::json(&text(CLEAN)).to_string();
    folder.write("a.jsonl", format!("{clean}\n{{\"ima\n")).write("b.jsonl", format!("{{\"ima\n{clean}\n"));
    folder.write("c.jsonl", "{\"a\": 1}\n{\"ima\n");
    concise(&folder, "").says("a.jsonl:2:").says("b.jsonl:1:").prints_lines(2).says("; 1 file skipped");
}

#[test]
fn skipped_files_are_listed_on_request() {
    let folder = Scratch::new("command-line/verbose");
    folder.copy(CLEAN, "ours.json").write("package.json", "{\"name\": \"web\"}").write("cut.json", "{");
    let ran = folder.run(&["--verbose", "."]);
    ran.says("imagelint: cut.json: nothing in it is from Image Builder; it is skipped\n");
    ran.says("imagelint: package.json: nothing in it is").is_silent_on("ours.json").ends_with(0);
    folder.run(&["."]).is_silent_on("package.json");
}

#[test]
fn patterns_are_expanded() {
    let folder = Scratch::new("command-line/patterns");
    for name in ["one/a.json", "two/b.json", "three/c.json", "four/d.json"] {
        folder.copy(FAULTY, name);
    }
    let ran = folder.run(&[&CONCISE[..], &["[ot]*/?.json"]].concat());
    let files: Vec<&str> = ran.stdout.lines().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(files, ["one/a.json", "three/c.json", "two/b.json"]);
    ran.says("3 files checked: 3 errors");
}

#[test]
fn hidden_files_are_checked_only_when_they_are_named() {
    let folder = Scratch::new("command-line/hidden");
    for name in [".image.json", "sub/.image.jsonl", "image.json"] {
        folder.copy(FAULTY, name);
    }
    for (argument, checked) in [
        (".", "image.json"),
        ("*.json", "image.json"),
        ("**/*.json*", "image.json"),
        (".*.json", ".image.json"),
        ("s*/.im*", "sub/.image.jsonl"),
        ("sub/.image.jsonl", "sub/.image.jsonl"),
    ] {
        let ran = folder.run(&[&CONCISE[..], &[argument]].concat());
        ran.prints_lines(1);
        assert!(ran.stdout.starts_with(&format!("{checked}:11:9: ")), "{argument}: {ran:#?}");
    }
}

#[test]
fn hidden_and_ignored_files_are_searched_on_request() {
    let folder = Scratch::new("command-line/unfiltered");
    for name in [".image.json", "sub/.deep/image.json", "ignored.json", "by-name.json", "image.json"] {
        folder.copy(FAULTY, name);
    }
    folder.write(".gitignore", "ignored.json\n").write(".ignore", "by-name.json\n");
    let checked = |arguments: &[&str]| {
        let ran = folder.run(&[&CONCISE[..], arguments].concat());
        ran.stdout.lines().filter_map(|line| line.split(':').next().map(str::to_owned)).collect::<Vec<_>>()
    };
    let (hidden, ignored) = ([".image.json", "sub/.deep/image.json"], ["by-name.json", "ignored.json"]);
    assert_eq!(checked(&["."]), ["image.json"]);
    assert_eq!(checked(&["--hidden", "."]), [hidden[0], "image.json", hidden[1]]);
    assert_eq!(checked(&["--no-ignore", "."]), [ignored[0], ignored[1], "image.json"]);
    assert_eq!(
        checked(&["--hidden", "--no-ignore", "."]),
        [hidden[0], ignored[0], ignored[1], "image.json", hidden[1]]
    );
    assert_eq!(checked(&["--hidden", "sub/*/*.json"]), [hidden[1]]);
    let nothing = |arguments: &[&str]| folder.run(&[arguments, &["barren"]].concat()).stderr;
    folder.write("barren/notes.txt", "");
    assert!(nothing(&[]).ends_with("that is neither hidden nor ignored by git\n"));
    assert!(nothing(&["--hidden"]).ends_with("that is not ignored by git\n"));
    assert!(nothing(&["--hidden", "--no-ignore"]).ends_with("even compressed (.gz)\n"));
}

#[test]
fn the_schema_that_an_editor_knows_a_file_by_is_no_member() {
    let folder = Scratch::new("command-line/schema-member");
    let mut capture = common::json(&text("corpus/valid/base/linux-ami.json"));
    capture["$schema"] = "./get-image.schema.json".into();
    folder.write("response.json", capture.to_string()).write("bare.json", {
        let mut image = capture["image"].clone();
        image["$schema"] = "image.schema.json".into();
        image.to_string()
    });
    concise(&folder, "").says("2 files checked").is_silent_on("$schema");
}

#[test]
fn a_file_named_in_several_ways_is_checked_once() {
    let (folder, file) = ("corpus/demo", DEMO);
    let whole = path(file).into_os_string().into_string().expect("a path of UTF-8");
    let alone = run(&[&CONCISE[..], &[folder]].concat()).stdout;
    for way in [file, "./corpus/demo/get-image.json", "./corpus/demo", &whole] {
        let both = run(&[&CONCISE[..], &[folder, way]].concat()).stdout;
        assert_eq!(both.replace(&whole, file), alone, "{way}");
    }
}

#[test]
fn a_path_that_cannot_be_read_does_not_stop_the_others() {
    let ran = run(&[&CONCISE[..], &["no/such/file.json", FAULTY]].concat());
    ran.says("imagelint: no/such/file.json: ").says("1 file unreadable").ends_with(2);
    assert!(ran.stdout.contains("error[placement-exclusive]"), "{ran:#?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_one_like_others() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = Scratch::new("command-line/names");
    let [name, missing] = [b"bad\xff.json".as_slice(), b"\xff.json"].map(OsStr::from_bytes);
    folder.copy(FAULTY, name);
    let output = program().args(CONCISE).args([name, missing]).current_dir(&*folder).output();
    let ran = Ran::new(output.expect("the program runs"));
    assert!(ran.stdout.starts_with("bad\u{fffd}.json:11:9: error"), "{ran:#?}");
    ran.says("imagelint: \u{fffd}.json: No such file").ends_with(2);
    folder.run(&["."]).ends_with(1);
    // Patterns match text only.
    folder.run(&["*"]).ends_with(2);
}
