//! The command line: what is checked and what comes of it.

mod canaries;
#[cfg(unix)]
mod completions;
mod inputs;
mod kinds;
mod lists;
mod looks;
mod outputs;
mod secrets;
#[cfg(target_os = "linux")]
mod terminal;

use crate::common::{CLEAN, DEMO, FAULTY, INFO, Scratch, WARNING, feed, fixtures, json, run, text};

/// The names of all formats.
fn formats() -> impl Iterator<Item = &'static str> {
    imagelint::Format::all().map(imagelint::Format::name)
}

#[test]
fn the_help_lists_every_format() {
    let help = run(&["check", "--help"]);
    for format in imagelint::Format::all() {
        help.says(format.name());
    }
    assert!(formats().count() > 10);
}

#[test]
fn the_exit_status_says_what_was_found() {
    for (status, arguments) in [
        (0, &[CLEAN][..]),
        (1, &[FAULTY]),
        (1, &["check", FAULTY]),
        (0, &[WARNING]),
        (1, &["--fail-on", "warning", WARNING]),
        (0, &["--fail-on", "warning", INFO]),
        (1, &["--fail-on", "info", INFO]),
        (2, &["--nonsense"]),
        (2, &["no/such/file.json"]),
    ] {
        run(arguments).ends_with(status);
    }
    for format in formats() {
        for (status, file) in [(0, CLEAN), (1, FAULTY), (2, "no/such/file.json")] {
            run(&["--format", format, file]).ends_with(status);
        }
    }
}

#[test]
fn the_number_of_threads_has_a_limit() {
    run(&["--threads", "256", FAULTY]).ends_with(1);
    let ran = run(&["--threads", "10000", FAULTY]);
    ran.says("10000 is not in 0..=256").prints_lines(0).ends_with(2);
}

#[test]
fn levels_are_set_by_rule() {
    let with = |arguments: &[&str]| run(&[&["--format", "concise", "--quiet"], arguments].concat());
    with(&["--level", "placement-exclusive=off", FAULTY]).prints_lines(0).ends_with(0);
    with(&["--level", "placement-exclusive=info", FAULTY]).says("info[placement-exclusive]").ends_with(0);
    with(&["--level", "name-arn-slug=error", WARNING]).says("error[name-arn-slug]").ends_with(1);
    with(&["--only", "step-count-sum", FAULTY]).prints_lines(0).ends_with(0);
    with(&["--only", "step-count-sum", "--only", "placement-exclusive", FAULTY]).prints_lines(1).ends_with(1);
}

#[test]
fn pedantic_rules_run_when_they_are_asked_for() {
    let with = |arguments: &[&str]| {
        let arguments = [&["--format", "concise", "--quiet"], arguments, &["-"]].concat();
        feed(&arguments, "{\"requestId\": \"a\", \"image\": {\"state\": {\"status\": \"BUILDING\"}}}")
    };
    with(&[]).prints_lines(0);
    with(&["--pedantic"]).says("info[request-id-shape]");
    with(&["--only", "request-id-shape"]).says("info[request-id-shape]");
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
        (&["--report", "pdf=x", FAULTY], "there is no format `pdf`; the formats are human, concise, compact, json, "),
        (&["explain", "nothing-like-it"], "`imagelint rules` lists them"),
    ] {
        run(arguments).says(expected).prints_lines(0).ends_with(2);
    }
}

#[test]
fn a_path_that_may_be_meant_as_a_command_is_explained() {
    for (arguments, command) in
        [(&["--config", "none", "rules"][..], "rules"), (&["chek", FAULTY], "check"), (&["--fix", "kind"], "kinds")]
    {
        let expected =
            format!(": there is no such file; did you mean the command `{command}`? a command comes first\n");
        run(arguments).says(&expected).ends_with(2);
    }
    let others = run(&["chek", FAULTY]);
    assert!(others.stdout.contains("[placement-exclusive]"), "the others are checked: {others:#?}");
    run(&["check.json", "no/rules", "nothing"]).is_silent_on("command");
    let folder = Scratch::new("command-line/commands");
    folder.write("rules/notes.txt", "");
    folder.run(&["--config", "none", "rules"]).ends_with(0);
}

#[test]
fn a_kind_can_be_forced() {
    let with = |arguments: &[&str], text: &str| {
        feed(&[&["--format", "concise", "--quiet"], arguments, &["-"]].concat(), text).stdout
    };
    assert!(with(&["--kind", "get-image"], "{\"colour\": 1}").contains("info[unknown-member]"));
    assert!(with(&[], "{\"nextToken\": \"a\"}").contains("error[unknown-kind]"));
}

#[test]
fn named_files_of_no_known_kind_can_be_skipped() {
    run(&["schemas/report.json"]).ends_with(1);
    let ran = run(&["--skip-unknown", "schemas/report.json", FAULTY]);
    ran.says("1 file checked").says("1 file skipped").ends_with(1);
    run(&["--skip-unknown", "schemas/report.json", CLEAN]).ends_with(0);
}

#[test]
fn standard_input_of_no_known_kind_can_be_skipped() {
    for text in ["{}", "{\"Buckets\": 7}", "{\"Buckets\":", "\u{1e}{}\u{1e}[1]"] {
        feed(&["-"], text).ends_with(1);
        feed(&["--skip-unknown", "-"], text).says("1 file skipped").ends_with(0);
        let ran = feed(&["--skip-unknown", "--format", "verdicts", "-"], text);
        assert!(ran.stdout.contains("\"checked\":false,\"ok\":true"), "{ran:#?}");
    }
    let stream = format!("{{}}\n{}\n", json(&text(FAULTY)));
    feed(&["--skip-unknown", "--format", "concise", "-"], stream).prints_lines(1).says("-:2:").ends_with(1);
}

#[test]
fn statistics_count_the_findings_of_each_rule() {
    let only = ["--only", "placement-exclusive,placement-target-tenancy", "corpus/invalid"];
    let ran = run(&[&["--statistics"], &only[..]].concat());
    ran.ends_with(1);
    let counts: Vec<(usize, &str)> = ran
        .stdout
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?.parse().ok()?, words.next()?))
        })
        .collect();
    assert_eq!(counts.len(), 2, "{ran:#?}");
    assert!(counts.is_sorted_by(|one, other| one.0 >= other.0), "{counts:?}");
    let found = run(&["--format", "concise", "-q", "--only", "placement-exclusive", "corpus/invalid"]);
    assert!(counts.contains(&(found.stdout.lines().count(), "placement-exclusive")), "{counts:?}");
    run(&["--statistics", "--format", "json", FAULTY]).ends_with(2);
}

#[test]
fn the_demo_shows_its_faults() {
    let ran = run(&["--format", "concise", "--quiet", DEMO]);
    for rule in
        ["version-node-limit", "enum-value", "member-name-case", "version-wildcard-order", "placement-exclusive"]
    {
        ran.says(rule);
    }
    assert_eq!(fixtures("corpus/demo").len(), 1);
}
