//! The command line, run as a process.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use clap::ValueEnum;
use imagelint::cli;
use imagelint::report::format::human::Style;
use imagelint::run::stdio::Streams;
use serde_json::Value;

mod common;
use common::{fixtures, path, run, run_in, stdout, unread};

fn imagelint(arguments: &[&str]) -> Output {
    run(arguments, b"")
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("UTF-8")
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("the process was not killed")
}

/// A folder for one test, made anew.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a scratch folder");
    folder
}

const FAULTY: &str = "corpus/invalid/placement-exclusive/both.json";
const CLEAN: &str = "corpus/valid/placement-exclusive/host.json";
const WARNING: &str = "corpus/invalid/name-arn-slug/recipe.json";

/// All formats, as the command line lists them.
const FORMATS: [&str; 11] =
    ["human", "concise", "json", "json-lines", "sarif", "github", "gitlab", "junit", "checkstyle", "markdown", "html"];

#[test]
fn every_format_is_tested() {
    let help = imagelint(&["check", "--help"]);
    for format in imagelint::report::Format::value_variants() {
        let name = format.to_possible_value().expect("no format is hidden").get_name().to_owned();
        assert!(FORMATS.contains(&name.as_str()) && stdout(&help).contains(&name), "{name}");
    }
}

#[test]
fn the_exit_status_tells_what_was_found() {
    assert_eq!(status(&imagelint(&[CLEAN])), 0);
    assert_eq!(status(&imagelint(&[FAULTY])), 1);
    assert_eq!(status(&imagelint(&["check", FAULTY])), 1);
    assert_eq!(status(&imagelint(&[WARNING])), 0, "warnings do not fail by default");
    assert_eq!(status(&imagelint(&["--fail-on", "warning", WARNING])), 1, "the level is inclusive");
    assert_eq!(status(&imagelint(&["--fail-on", "info", "corpus/invalid/null-member/last.json"])), 1);
    for format in FORMATS {
        assert_eq!(status(&imagelint(&["--format", format, FAULTY])), 1, "{format}");
        assert_eq!(status(&imagelint(&["--format", format, CLEAN])), 0, "{format}");
        assert_eq!(status(&imagelint(&["--format", format, "no/such/file.json"])), 2, "{format}");
    }
    assert_eq!(status(&imagelint(&["--nonsense"])), 2);
    assert_eq!(status(&imagelint(&["no/such/file.json"])), 2);
}

#[test]
fn concise_is_one_line_for_each_finding() {
    let output = imagelint(&["--format", "concise", FAULTY]);
    assert_eq!(
        stdout(&output),
        "corpus/invalid/placement-exclusive/both.json:28:9: error[placement-exclusive] `placement` names both a host \
         and a host resource group; one or neither is allowed\n"
    );
    assert!(stderr(&output).starts_with("1 file checked: 1 error, 0 warnings, 0 infos; "), "{}", stderr(&output));
    assert_eq!(stderr(&imagelint(&["--format", "concise", "--quiet", FAULTY])), "");
}

#[test]
fn human_draws_both_labels_under_the_fault() {
    let output = imagelint(&["--quiet", FAULTY]);
    assert_eq!(
        stdout(&output),
        "error[placement-exclusive]

  × `placement` names both a host and a host resource group; one or neither is allowed
    ╭─[corpus/invalid/placement-exclusive/both.json:28:9]
 27 │         \"tenancy\": \"host\",
 28 │         \"hostId\": \"h-0123456789abcdef0\",
    ·         ────┬───
    ·             ╰── this host
 29 │         \"hostResourceGroupArn\": \"arn:aws:resource-groups:us-west-2:123456789012:group/hosts\"
    ·         ───────────┬──────────
    ·                    ╰── and this host resource group
 30 │       }
    ╰────
  help: keep one of the two
        source: https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Placement.html

"
    );
}

#[test]
fn a_minified_capture_is_shown_in_part() {
    let text = fs::read_to_string(path(FAULTY)).expect("a fixture");
    let value: Value = serde_json::from_str(&text).expect("a fixture is JSON");
    let output = run(&["--quiet", "-"], value.to_string().as_bytes());
    let longest = stdout(&output).lines().map(|line| line.chars().count()).max().expect("output");
    assert!(longest < 200, "a line of {longest} characters:\n{}", stdout(&output));
    assert!(stdout(&output).contains("this host") && stdout(&output).contains("and this host resource group"));
    assert!(stdout(&output).contains("[-:1:"), "the place is that in the file:\n{}", stdout(&output));
}

#[test]
fn a_secret_is_never_printed() {
    for format in FORMATS {
        let output = imagelint(&["--format", format, "corpus/invalid/presigned-url"]);
        assert!(stdout(&output).contains("presigned"), "{format}");
        assert!(stdout(&output).contains("presigned-url/pcluster.json"), "{format}");
        for secret in ["AKIAIOSFODNN7EXAMPLE", "0123456789abcdef0123456789abcdef", "abcdefghij"] {
            assert!(!stdout(&output).contains(secret), "{format} prints {secret}:\n{}", stdout(&output));
        }
    }
    for format in FORMATS {
        let output = imagelint(&["--format", format, "corpus/invalid/component-parameter-secret"]);
        assert!(stdout(&output).contains("DbPassword"), "{format}");
        for secret in ["hunter2", "ghp_", "wJalr", "MIIEv"] {
            assert!(!stdout(&output).contains(secret), "{format} prints {secret}:\n{}", stdout(&output));
        }
    }
    // Nor when another rule quotes the value or shows its line.
    let text = "{\"image\": {\"state\": {\"status\": \"https://b.s3.amazonaws.com/k?X-Amz-Signature=5ecre7\"}}}";
    let output = run(&["-"], text.as_bytes());
    assert!(stdout(&output).contains("enum-value"));
    assert!(!stdout(&output).contains("5ecre7"), "{}", stdout(&output));
}

#[test]
fn a_secret_is_masked_whatever_rules_run() {
    let image = |parameters: &str| {
        format!(
            "{{\"image\": {{\"imageRecipe\": {{\"components\": [{{\"parameters\":\n[{parameters}]}}]}},\n\
             \"state\": {{\"status\": \"BUILDNG\"}}}}}}"
        )
    };
    // The value stands in the line before the fault, and is a fault itself: no list, twice, misspelt, in a list.
    let cases = [
        ("{\"name\": \"DbPassword\", \"value\": [\"hunter2\"]}", "enum-value"),
        ("{\"value\": [[\"hunter2\"]], \"name\": \"DbPassword\"}", "value-type"),
        ("{\"name\": \"DbPassword\", \"value\": \"hunter2\"}", "value-type"),
        ("{\"name\": \"DbPassword\", \"Value\": [\"hunter2\"]}", "member-name-case"),
        ("{\"name\": \"token\"}, {\"name\": \"token\", \"value\": [\"hunter2\"]}", "component-parameter-duplicate"),
    ];
    for (parameters, rule) in cases {
        for format in FORMATS {
            for arguments in [&["--only", rule][..], &["--level", "component-parameter-secret=off"]] {
                let arguments = [&["--format", format], arguments, &["-"]].concat();
                let output = run(&arguments, image(parameters).as_bytes());
                assert!(stdout(&output).contains(rule), "{arguments:?}: {}", stdout(&output));
                assert!(!stdout(&output).contains("hunter2"), "{arguments:?} prints it:\n{}", stdout(&output));
            }
        }
    }
}

#[test]
fn a_secret_beside_the_faulty_document_is_masked() {
    let query = "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F1&X-Amz-Signature=hunter2";
    let undecodable =
        [format!("{{\"log\": \"https://b.example.org/x?{query}\", \"").as_bytes(), b"\xff\": 1}"].concat();
    let clean = "{\"image\": {\"state\": {\"status\": \"BUILDING\"}, \"imageRecipe\": {\"components\": \
                 [{\"parameters\": [{\"name\": \"DbPassword\", \"value\": [\"hunter2\"]}]}]}}}";
    let faulty = "{\"image\": {\"state\": {\"status\": \"BUILDNG\"}}}";
    let second = format!("[{clean}, {faulty}]").into_bytes();
    for (bytes, rule) in [(undecodable, "encoding"), (second, "enum-value")] {
        for format in FORMATS {
            let output = run(&["--format", format, "--only", rule, "-"], &bytes);
            assert!(stdout(&output).contains(rule), "{format}: {}", stdout(&output));
            assert!(!stdout(&output).contains("hunter2"), "{format} prints it:\n{}", stdout(&output));
        }
    }
}

#[test]
fn json_fits_its_own_schema() {
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(path("schemas/report.json")).expect("the schema")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema compiles");
    for arguments in [&["corpus"][..], &[CLEAN], &["corpus/invalid/encoding", "--pedantic"], &["no/such/file.json"]] {
        let output = imagelint(&[&["--format", "json"], arguments].concat());
        let report: Value = serde_json::from_str(stdout(&output)).expect("the report is JSON");
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn offsets_count_from_the_start_of_the_file() {
    let folder = scratch("offsets");
    let text = "{\"image\": {\"platform\": \"linux\", \"state\": {\"status\": \"BUILDING\"}}}";
    fs::write(folder.join("bom.json"), [b"\xef\xbb\xbf", text.as_bytes()].concat()).expect("a file");
    let output = imagelint(&["--format", "json", folder.join("bom.json").to_str().expect("UTF-8")]);
    let report: Value = serde_json::from_str(stdout(&output)).expect("the report is JSON");
    let start = &report["findings"][0]["range"]["start"];
    assert_eq!(start["offset"], 3 + text.find("\"linux\"").expect("it is there"));
    assert_eq!(start["column"], 24, "the mark is no column");
}

#[test]
fn standard_input_is_a_file_like_others() {
    let faulty = fs::read(path(FAULTY)).expect("a fixture");
    let output = run(&["--format", "concise", "-", CLEAN], &faulty);
    assert!(stdout(&output).starts_with("-:28:9: error[placement-exclusive]"), "{}", stdout(&output));
    assert!(stderr(&output).starts_with("2 files checked"));
    assert_eq!(status(&output), 1);
    assert_eq!(status(&run(&["-"], b"[1, 2")), 1);
}

#[test]
fn a_directory_is_searched_and_strangers_passed_over() {
    let folder = scratch("directory");
    fs::create_dir_all(folder.join("deep/.hidden")).expect("folders");
    for (name, text) in [
        ("deep/image.json", fs::read_to_string(path(FAULTY)).expect("a fixture")),
        ("package.json", "{\"name\": \"web\"}".to_owned()),
        ("notes.txt", "{".to_owned()),
        ("deep/.hidden/image.json", "{".to_owned()),
        ("ignored.json", "{".to_owned()),
        (".gitignore", "ignored.json\n".to_owned()),
        ("tsconfig.json", "{\n  // a comment\n  \"strict\": true,\n}".to_owned()),
    ] {
        fs::write(folder.join(name), text).expect("a file");
    }
    let output = imagelint(&["--format", "concise", folder.to_str().expect("UTF-8")]);
    assert_eq!(stdout(&output).lines().count(), 1, "{}", stdout(&output));
    assert!(stdout(&output).contains("deep/image.json:28:9: error[placement-exclusive]"));
    assert!(
        stderr(&output).contains("1 file checked: 1 error, 0 warnings, 0 infos; 2 files skipped; "),
        "{}",
        stderr(&output)
    );
    // Named, the stranger is a finding.
    let output = imagelint(&["--format", "concise", folder.join("package.json").to_str().expect("UTF-8")]);
    assert!(stdout(&output).contains(":1:1: error[unknown-kind]"), "{}", stdout(&output));
}

#[cfg(unix)]
#[test]
fn a_pipe_in_a_directory_is_not_waited_for() {
    let folder = scratch("pipe-in-a-directory");
    assert!(Command::new("mkfifo").arg(folder.join("pipe.json")).status().expect("mkfifo runs").success());
    fs::copy(path(CLEAN), folder.join("clean.json")).expect("a copy");
    let output = imagelint(&[folder.to_str().expect("UTF-8")]);
    assert!(stdout(&output).starts_with("1 file checked"), "{output:?}");
}

#[test]
fn a_directory_with_nothing_to_check_is_told() {
    let folder = scratch("barren");
    fs::create_dir(folder.join("full")).expect("a folder");
    fs::copy(path(CLEAN), folder.join("full/image.json")).expect("a copy");
    fs::create_dir(folder.join("barren")).expect("a folder");
    fs::write(folder.join("barren/notes.txt"), "").expect("a file");
    let output = run_in(&folder, &["barren", "full"], b"");
    assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
    assert!(stderr(&output).starts_with("imagelint: barren holds no file *.json, "), "{}", stderr(&output));
    assert_eq!(status(&output), 0);
    assert_eq!(stderr(&run_in(&folder, &["."], b"")), "");
    assert_eq!(stderr(&run_in(&folder, &["--quiet", "barren"], b"")), "");
}

/// An SNS notification around a message.
fn notification(message: &str) -> String {
    let topic = "arn:aws:sns:us-west-2:123456789012:alarms";
    serde_json::json!({ "Type": "Notification", "TopicArn": topic, "Message": message }).to_string()
}

#[test]
fn notifications_of_other_senders_are_passed_over_unless_named() {
    let folder = scratch("notifications");
    let messages = [
        ("alarm.json", "{\"AlarmName\": \"build host\"}", ":1:13: error[unknown-kind]"),
        ("text.json", "The build host is back.", ":1:13: info[sns-message-json]"),
        ("cut.json", "{\"semver\": 12379400392853802", ":1:42: info[sns-message-json]"),
    ];
    for (name, message, _) in messages {
        fs::write(folder.join(name), notification(message)).expect("a file");
    }
    let output = imagelint(&["--format", "concise", folder.to_str().expect("UTF-8")]);
    assert_eq!((status(&output), stdout(&output)), (0, ""));
    assert!(stderr(&output).contains("; 3 files skipped; "), "{}", stderr(&output));
    for (name, _, finding) in messages {
        let output = imagelint(&["--format", "concise", folder.join(name).to_str().expect("UTF-8")]);
        assert_eq!(stdout(&output).lines().count(), 1, "{}", stdout(&output));
        assert!(stdout(&output).contains(finding), "{}", stdout(&output));
    }
}

#[test]
fn a_broken_capture_met_in_a_directory_is_reported() {
    let folder = scratch("broken");
    fs::write(folder.join("cut.json"), "{\"image\": {\"arn\": \"arn:aws:imagebuilder").expect("a file");
    fs::write(
        folder.join("comma.json"),
        "{\"image\": {\"platform\": \"linux\", \"tags\": {}, \"imageSource\": \"CUSTOM\",}}",
    )
    .expect("a file");
    let output = imagelint(&["--format", "concise", folder.to_str().expect("UTF-8")]);
    assert!(stdout(&output).contains("cut.json:1:19: error[syntax]"), "{}", stdout(&output));
    assert!(stdout(&output).contains("comma.json:1:68: error[syntax]"), "{}", stdout(&output));
    assert!(
        stdout(&output).contains("comma.json:1:24: error[enum-value]"),
        "the rest is checked, too: {}",
        stdout(&output)
    );
}

#[test]
fn patterns_are_expanded() {
    let output = imagelint(&["--format", "concise", "corpus/invalid/placement-[et]*/*.json"]);
    assert!(stderr(&output).starts_with("4 files checked: 4 errors"), "{}", stderr(&output));
}

#[test]
fn hidden_files_are_checked_only_when_they_are_named() {
    let folder = scratch("hidden");
    fs::create_dir(folder.join("sub")).expect("a folder");
    for name in [".image.json", "sub/.image.jsonl", "image.json"] {
        fs::copy(path(FAULTY), folder.join(name)).expect("a copy");
    }
    for (argument, checked) in [
        (".", "image.json"),
        ("*.json", "image.json"),
        ("**/*.json*", "image.json"),
        (".*.json", ".image.json"),
        ("s*/.im*", "sub/.image.jsonl"),
        ("sub/.image.jsonl", "sub/.image.jsonl"),
    ] {
        let output = run_in(&folder, &["--format", "concise", argument], b"");
        assert_eq!(stdout(&output).lines().count(), 1, "{argument}: {}", stdout(&output));
        assert!(stdout(&output).starts_with(&format!("{checked}:28:9: ")), "{argument}: {}", stdout(&output));
    }
}

#[test]
fn a_file_named_in_several_ways_is_checked_once() {
    let whole = path(FAULTY);
    let whole = whole.to_str().expect("UTF-8");
    let folder = Path::new(FAULTY).parent().expect("a folder").to_str().expect("UTF-8");
    let alone = stdout(&imagelint(&["--format", "concise", folder])).to_owned();
    for way in [FAULTY, &format!("./{FAULTY}"), &format!("./{folder}"), whole] {
        let output = imagelint(&["--format", "concise", folder, way]);
        assert_eq!(stdout(&output).replace(whole, FAULTY), alone, "{way}");
    }
}

#[test]
fn a_path_that_cannot_be_read_does_not_stop_the_others() {
    let output = imagelint(&["--format", "concise", "no/such/file.json", FAULTY]);
    assert!(stderr(&output).contains("imagelint: no/such/file.json: "), "{}", stderr(&output));
    assert!(stderr(&output).contains("1 file unreadable"), "{}", stderr(&output));
    assert!(stdout(&output).contains("error[placement-exclusive]"));
    assert_eq!(status(&output), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_one_like_others() {
    use std::os::unix::ffi::OsStrExt;
    let folder = scratch("names");
    let name = OsStr::from_bytes(b"bad\xff.json");
    fs::copy(path(FAULTY), folder.join(name)).expect("a copy");
    let missing = OsStr::from_bytes(b"\xff.json");
    let program = || Command::new(env!("CARGO_BIN_EXE_imagelint"));
    let output = program().args(["--format", "concise"]).args([name, missing]).current_dir(&folder).output();
    let output = output.expect("the binary runs");
    assert!(stdout(&output).starts_with("bad\u{fffd}.json:28:9: error"), "{}", stdout(&output));
    assert!(stderr(&output).contains("imagelint: \u{fffd}.json: No such file"), "{}", stderr(&output));
    assert_eq!(status(&output), 2);
    assert_eq!(status(&run_in(&folder, &["."], b"")), 1);
    assert_eq!(status(&run_in(&folder, &["*"], b"")), 2, "patterns match text only");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let output = unread(&["corpus/invalid"]);
    assert_eq!((status(&output), stderr(&output)), (0, ""));
}

#[test]
fn a_closed_pipe_keeps_no_file_from_being_written() {
    let folder = scratch("closed");
    let file = folder.join("report.json");
    let report = format!("json={}", file.display());
    for format in ["human", "concise", "json"] {
        let output = unread(&["--quiet", "--report", &report, "--format", format, "corpus/invalid"]);
        assert_eq!((status(&output), stderr(&output)), (1, ""), "{format}");
        let written = fs::read_to_string(&file).expect("the report");
        assert!(written == stdout(&imagelint(&["--format", "json", "corpus/invalid"])), "{format}");
    }
    let file = folder.join("baseline.json");
    let baseline = ["--write-baseline", "--baseline", file.to_str().expect("UTF-8")];
    assert_eq!(status(&unread(&[&baseline[..], &["corpus/invalid"]].concat())), 0);
    let known = imagelint(&["--quiet", "--baseline", baseline[2], "corpus/invalid"]);
    assert_eq!((status(&known), stdout(&known)), (0, ""), "the baseline holds everything");
}

#[cfg(unix)]
#[test]
fn a_pipe_for_a_report_may_be_closed_early() {
    let pipe = scratch("pipe").join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
    let named = format!("json={}", pipe.display());
    let reader = std::thread::spawn(move || drop(fs::File::open(pipe)));
    let output = imagelint(&["--quiet", "--report", &named, "corpus/invalid"]);
    reader.join().expect("the reader ends");
    assert_eq!((status(&output), stderr(&output)), (1, ""));
    assert!(stdout(&output).contains("[version-wildcard-order]"), "the other report goes on");
}

#[test]
fn reports_overwrite_neither_captures_nor_each_other() {
    let folder = scratch("overwritten");
    let capture = fs::read_to_string(path(FAULTY)).expect("a fixture");
    fs::write(folder.join("a.json"), &capture).expect("a file");
    let whole = folder.join("a.json");
    let whole = format!("json={}", whole.display());
    assert_eq!(status(&run_in(&folder, &["--write-baseline", "."], b"")), 0);
    for (arguments, reason) in [
        (&["--report", "json=a.json", "a.json"][..], "a.json: it is a file to check"),
        (&["--report", &whole, "*.json"], "a.json: it is a file to check"),
        (&["--report", "json=x.json", "--report", "sarif=./x.json", "."], "./x.json: another one does"),
        (&["--baseline", "imagelint-baseline.json", "--report", "json=imagelint-baseline.json"], "it is the baseline"),
    ] {
        let output = run_in(&folder, arguments, b"");
        assert_eq!((status(&output), stdout(&output)), (2, ""), "{arguments:?}");
        assert!(stderr(&output).starts_with("imagelint: no report can go to "), "{}", stderr(&output));
        assert!(stderr(&output).contains(reason), "{arguments:?}: {}", stderr(&output));
    }
    assert!(fs::read_to_string(folder.join("a.json")).expect("it is there") == capture);
    assert!(!folder.join("x.json").exists());
    for _ in 0..2 {
        // The report of the run before lies in the directory.
        assert_eq!(status(&run_in(&folder, &["--report", "json=report.json", "."], b"")), 1);
    }
}

#[test]
fn the_order_does_not_depend_on_threads() {
    let one = imagelint(&["--format", "json", "--threads", "1", "corpus"]);
    let four = imagelint(&["--format", "json", "--threads", "4", "corpus"]);
    assert_eq!(stdout(&one), stdout(&four));
    let report: Value = serde_json::from_str(stdout(&one)).expect("JSON");
    let findings = report["findings"].as_array().expect("findings");
    assert!(findings.len() > 100);
    let keys: Vec<_> = findings
        .iter()
        .map(|finding| {
            let text = |name: &str| finding[name].as_str().expect("text").to_owned();
            (PathBuf::from(text("file")), finding["range"]["start"]["offset"].as_u64(), text("rule"))
        })
        .collect();
    let across = keys.iter().position(|(.., rule)| rule.starts_with("x-")).expect("documents that contradict others");
    for keys in [&keys[..across], &keys[across..]] {
        let sorted =
            keys.windows(2).all(|pair| pair[0].0 < pair[1].0 || (pair[0].0 == pair[1].0 && pair[0].1 <= pair[1].1));
        assert!(sorted, "findings are ordered by path and place, those across documents after all others");
    }
    assert!(keys[across..].iter().all(|(.., rule)| rule.starts_with("x-")));
}

#[test]
fn threads_are_no_more_than_a_system_bears() {
    assert_eq!(status(&imagelint(&["--threads", "256", FAULTY])), 1);
    let output = imagelint(&["--threads", "10000", FAULTY]);
    assert_eq!((status(&output), stdout(&output)), (2, ""));
    assert!(stderr(&output).contains("10000 is not in 0..=256"), "{}", stderr(&output));
}

#[test]
fn levels_are_set_by_rule() {
    let with = |arguments: &[&str]| {
        let output = imagelint(&[&["--format", "concise", "--quiet"], arguments].concat());
        (status(&output), stdout(&output).to_owned())
    };
    assert_eq!(with(&["--level", "placement-exclusive=off", FAULTY]), (0, String::new()));
    let (code, text) = with(&["--level", "placement-exclusive=info", FAULTY]);
    assert!(code == 0 && text.contains("info[placement-exclusive]"), "{text}");
    let (code, text) = with(&["--level", "name-arn-slug=error", WARNING]);
    assert!(code == 1 && text.contains("error[name-arn-slug]"), "{text}");
    let request_id = "corpus/invalid/request-id-shape/word.json";
    assert_eq!(with(&[request_id]).1, "", "off by default");
    assert!(with(&["--pedantic", request_id]).1.contains("info[request-id-shape]"));
    assert!(
        with(&["--only", "request-id-shape", request_id]).1.contains("info[request-id-shape]"),
        "asked for by name"
    );
    assert_eq!(with(&["--only", "step-count-sum", FAULTY]), (0, String::new()));
    let (code, text) = with(&["--only", "step-count-sum", "--only", "placement-exclusive", FAULTY]);
    assert!(code == 1 && text.lines().count() == 1, "{text}");
}

#[test]
fn mistakes_in_arguments_are_explained() {
    for (arguments, expected) in [
        (&["--only", "placement-exclusiv", FAULTY][..], "did you mean `placement-exclusive`?"),
        (&["--level", "placement-exclusive=fatal", FAULTY], "the levels are error, warning, info and off"),
        (&["--level", "placement-exclusive", FAULTY], "is not RULE=LEVEL"),
        (
            &["--level", "enum-valu=wran", FAULTY],
            "imagelint: there is no rule `enum-valu`; did you mean `enum-value`?\n",
        ),
        (&["--level", "enum-valu=wran", FAULTY], "imagelint: there is no level `wran`; the levels are error, "),
        (&["--kind", "get-imag", FAULTY], "did you mean `get-image`?"),
        (&["--format", "jsn", FAULTY], "'json'"),
        (&["--report", "jsn=x", FAULTY], "there is no format `jsn`; did you mean `json`?"),
        (&["--report", "pdf=x", FAULTY], "there is no format `pdf`; the formats are human, concise, json, "),
        (&["explain", "nothing-like-it"], "`imagelint rules` lists them"),
    ] {
        let output = imagelint(arguments);
        assert_eq!(status(&output), 2);
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
}

#[test]
fn a_command_that_is_taken_for_a_path_is_told() {
    for (arguments, command) in
        [(&["--config", "none", "rules"][..], "rules"), (&["chek", FAULTY], "check"), (&["--fix", "kind"], "kinds")]
    {
        let output = imagelint(arguments);
        let expected =
            format!(": there is no such file; did you mean the command `{command}`? a command comes first\n");
        assert!(stderr(&output).contains(&expected), "{arguments:?}: {}", stderr(&output));
        assert_eq!(status(&output), 2, "{arguments:?}");
    }
    assert!(stdout(&imagelint(&["chek", FAULTY])).contains("[placement-exclusive]"), "the others are checked");
    let output = imagelint(&["check.json", "no/rules", "nothing"]);
    assert!(!stderr(&output).contains("command"), "{}", stderr(&output));
    let folder = scratch("commands");
    fs::create_dir(folder.join("rules")).expect("a folder");
    assert_eq!(status(&run_in(&folder, &["--config", "none", "rules"], b"")), 0, "it is a folder");
}

#[test]
fn a_kind_can_be_forced() {
    let output = run(&["--format", "concise", "--quiet", "--kind", "get-image", "-"], b"{\"colour\": 1}");
    assert!(stdout(&output).contains("info[unknown-member]"), "{}", stdout(&output));
    let output = run(&["--format", "concise", "--quiet", "-"], b"{\"nextToken\": \"a\"}");
    assert!(stdout(&output).contains("error[unknown-kind]"));
}

#[test]
fn rules_explain_and_kinds_tell_what_there_is() {
    let rules: Value = serde_json::from_str(stdout(&imagelint(&["rules", "--format", "json"]))).expect("JSON");
    let names: Vec<&str> = rules.as_array().expect("rules").iter().filter_map(|rule| rule["name"].as_str()).collect();
    assert_eq!(names, imagelint::rules::all().map(|rule| rule.name).collect::<Vec<_>>());
    let listed = imagelint(&["rules"]);
    for name in names {
        assert!(stdout(&listed).contains(name));
        let explained = imagelint(&["explain", name]);
        assert!(stdout(&explained).contains("## What to do") && stdout(&explained).contains("## Source"), "{name}");
    }
    assert!(stdout(&imagelint(&["kinds"])).contains("get-image\n"));
    let kinds: Value = serde_json::from_str(stdout(&imagelint(&["kinds", "--format", "json"]))).expect("JSON");
    let kinds = kinds.as_array().expect("kinds");
    assert!(kinds.len() > 50);
    let envelope =
        kinds.iter().find(|kind| kind["summary"] == "an HTTP archive (HAR)").expect("envelopes are listed, too");
    assert!(envelope.get("name").is_none() && envelope["recognised"] == "`log` with `entries`", "{envelope}");
}

#[test]
fn the_version_names_the_model() {
    let version = imagelint(&["--version"]);
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(path("schemas/imagebuilder.json")).expect("the schema"))
            .expect("JSON");
    let field = |name: &str| schema["x-model"][name].as_str().expect("x-model").to_owned();
    let model = format!("botocore {} ({})", field("version"), field("date"));
    assert!(stdout(&version).contains(&model), "{}", stdout(&version));
}

#[test]
fn colour_is_off_when_nobody_sees_it() {
    assert!(!stdout(&imagelint(&[FAULTY])).contains('\u{1b}'));
    assert!(stdout(&imagelint(&["--color", "always", FAULTY])).contains('\u{1b}'));
}

#[test]
fn the_environment_forces_colour_or_does_not() {
    let forced = |force: &str, arguments: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_imagelint"));
        program.args(arguments).current_dir(path("")).env("CLICOLOR_FORCE", force).env_remove("NO_COLOR");
        let output = program.output().expect("the binary runs");
        (stdout(&output).contains('\u{1b}'), stderr(&output).contains('\u{1b}'))
    };
    for force in ["", "0"] {
        assert_eq!(forced(force, &[FAULTY]), (false, false), "{force:?}");
    }
    assert_eq!(forced("1", &[FAULTY]), (true, false));
    assert_eq!(forced("1", &["--nonsense"]), (false, true));
    assert_eq!(forced("1", &["--color", "never", "--nonsense"]), (false, false));
    assert_eq!(forced("1", &["--help"]), (true, false));
    assert_eq!(forced("1", &["--help", "--color=never"]), (false, false));
    assert_eq!(forced("1", &["--color=never", FAULTY]), (false, false));
}

#[test]
fn each_stream_shows_colour_as_it_can() {
    let folder = scratch("colour");
    fs::write(folder.join("imagelint.toml"), "levls = {}\n").expect("a file");
    let settings = folder.join("imagelint.toml");
    let colored = |arguments: &[&str], color: bool, stderr_color: bool| {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let faulty = fs::read(path(FAULTY)).expect("a fixture");
        let mut streams = Streams {
            stdin: &mut &faulty[..],
            stdout: &mut stdout,
            stderr: &mut stderr,
            style: Style { color, links: false, width: 100 },
            stderr_style: Style { color: stderr_color, links: false, width: 100 },
            is_watched: false,
        };
        let arguments = [&["imagelint"], arguments].concat();
        cli::run(arguments.into_iter().map(OsString::from), &mut streams);
        [stdout, stderr].map(|text| text.contains(&0x1b))
    };
    let settings = ["--config", settings.to_str().expect("UTF-8"), "-"];
    for to_stderr in [&settings[..], &["--nonsense"], &["--config", "none", "--fix", "-"]] {
        assert_eq!(colored(to_stderr, true, false), [false, false], "{to_stderr:?}");
        assert_eq!(colored(to_stderr, false, true), [false, true], "{to_stderr:?}");
    }
    for to_stdout in [&["--config", "none", "-"][..], &["--help"]] {
        assert_eq!(colored(to_stdout, true, false), [true, false], "{to_stdout:?}");
        assert_eq!(colored(to_stdout, false, true), [false, false], "{to_stdout:?}");
    }
}

#[test]
fn names_of_rules_are_links_where_a_terminal_shows_them() {
    let printed = |arguments: &[&str]| {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let mut streams = Streams {
            stdin: &mut io::empty(),
            stdout: &mut stdout,
            stderr: &mut stderr,
            style: Style { color: false, links: true, width: 100 },
            stderr_style: Style { color: false, links: true, width: 100 },
            is_watched: false,
        };
        let arguments = [&["imagelint", "--config", "none"], arguments].concat();
        cli::run(arguments.into_iter().map(OsString::from), &mut streams);
        String::from_utf8(stdout).expect("UTF-8")
    };
    let warning = path(WARNING);
    let warning = warning.to_str().expect("UTF-8");
    let report = printed(&[warning]);
    let linked = "warning[\u{1b}]8;;https://docs.aws.amazon.com/imagebuilder/";
    assert!(report.starts_with(linked) && report.contains("\u{1b}\\name-arn-slug\u{1b}]8;;\u{1b}\\]"), "{report}");
    for arguments in [&["--color", "never", warning][..], &["--format", "concise", warning]] {
        assert!(!printed(arguments).contains('\u{1b}'), "{arguments:?}");
    }
    let file = scratch("links").join("report.txt");
    printed(&["--report", &format!("human={}", file.display()), warning]);
    assert!(!fs::read_to_string(file).expect("the report").contains('\u{1b}'));
}

#[test]
fn the_demo_shows_its_faults() {
    let output = imagelint(&["--format", "concise", "--quiet", "corpus/demo/get-image.json"]);
    for rule in
        ["version-node-limit", "enum-value", "member-name-case", "version-wildcard-order", "placement-exclusive"]
    {
        assert!(stdout(&output).contains(rule), "{rule} is not shown:\n{}", stdout(&output));
    }
    assert!(fixtures("corpus/demo").len() == 1);
}

#[test]
fn the_readme_shows_real_output() {
    let output = imagelint(&["--quiet", "--only", "version-wildcard-order", "corpus/demo/get-image.json"]);
    let readme = fs::read_to_string(path("README.md")).expect("the README");
    assert!(readme.contains(stdout(&output).trim_end()), "the README's picture is stale:\n{}", stdout(&output));
}

#[test]
fn shells_get_their_completions_and_man_its_page() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = imagelint(&["completions", shell]);
        assert_eq!(status(&output), 0);
        assert!(stdout(&output).contains("fail-on"), "{shell}: the options are missing");
    }
    assert_eq!(status(&imagelint(&["completions", "cmd"])), 2);
}

#[test]
fn every_page_that_a_manual_page_refers_to_is_printed() {
    let output = imagelint(&["man"]);
    let page = stdout(&output);
    assert!(page.contains(".TH imagelint 1") && page.contains("Exit status"), "{page}");
    assert!(page.contains("\\fBimagelint\\fR [OPTIONS] [PATHS]..."), "{page}");
    let named: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("imagelint\\-")?.strip_suffix("(1)")).collect();
    assert!(named.contains(&"check") && named.contains(&"man"), "{named:?}");
    for command in named {
        let output = imagelint(&["man", command]);
        let page = stdout(&output);
        assert!(page.contains(&format!(".TH imagelint-{command} 1")), "{command}: {page}");
        assert!(page.contains(&format!("\\fBimagelint {command}\\fR")), "{command}: {page}");
    }
    let output = imagelint(&["man", "chek"]);
    assert_eq!(status(&output), 2);
    assert!(stderr(&output).contains("there is no command `chek`; did you mean `check`?"), "{}", stderr(&output));
}

#[test]
fn named_files_of_no_known_kind_can_be_passed_over() {
    assert_eq!(status(&imagelint(&["schemas/report.json"])), 1);
    let output = imagelint(&["--skip-unknown", "schemas/report.json", FAULTY]);
    assert_eq!(status(&output), 1);
    assert!(stdout(&output).contains("1 file checked") && stdout(&output).contains("1 file skipped"));
    assert_eq!(status(&imagelint(&["--skip-unknown", "schemas/report.json", CLEAN])), 0);
}

#[test]
fn statistics_count_the_findings_of_each_rule() {
    let output =
        imagelint(&["--statistics", "--only", "placement-exclusive,placement-target-tenancy", "corpus/invalid"]);
    assert_eq!(status(&output), 1);
    let counts: Vec<(usize, &str)> = stdout(&output)
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?.parse().ok()?, words.next()?))
        })
        .collect();
    assert_eq!(counts.len(), 2, "{}", stdout(&output));
    assert!(counts.is_sorted_by(|one, other| one.0 >= other.0), "{counts:?}");
    let found = imagelint(&["--format", "concise", "-q", "--only", "placement-exclusive", "corpus/invalid"]);
    assert!(counts.contains(&(stdout(&found).lines().count(), "placement-exclusive")), "{counts:?}");
    assert_eq!(status(&imagelint(&["--statistics", "--format", "json", FAULTY])), 2);
}

#[test]
fn standard_input_can_be_named() {
    let bytes = fs::read(path(FAULTY)).expect("a fixture");
    let output = run(&["--format", "concise", "-q", "--stdin-filename", "captures/image.json", "-"], &bytes);
    assert!(stdout(&output).lines().all(|line| line.starts_with("captures/image.json:")), "{}", stdout(&output));
    let one_line: Value = serde_json::from_slice(&bytes).expect("JSON");
    let lines =
        run(&["--format", "json", "--stdin-filename", "a.jsonl", "-"], format!("{one_line}\n").repeat(2).as_bytes());
    assert!(stdout(&lines).contains("\"document\":1"));
}

#[test]
fn the_query_of_a_presigned_url_stays_out_of_pointers() {
    let query = "X-Amz-Credential=AKIAIOSFODNN7%2Fs3&X-Amz-Signature=b5769cc5cd2293a7";
    let capture = format!(r#"{{"image": {{"state": {{}}, "https://bucket.example.org/key?{query}": 1}}}}"#);
    for format in FORMATS {
        let output = run(&["--pedantic", "--format", format, "-"], capture.as_bytes());
        assert!(!stdout(&output).contains("b5769cc5cd2293a7"), "{format}: {}", stdout(&output));
    }
}
