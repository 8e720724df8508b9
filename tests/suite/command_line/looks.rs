//! How findings look to people: concise lines, excerpts, colour.

use crate::common::{FAULTY, INFO, Ran, Scratch, WARNING, feed, json, program, run, text};

#[test]
fn concise_is_one_line_for_each_finding() {
    let ran = run(&["--format", "concise", FAULTY]);
    assert_eq!(
        ran.stdout,
        "tests/suite/data/error.json:11:9: error[placement-exclusive] `hostId` and `hostResourceGroupArn` exclude each other; \
         a placement has one of them or neither (at /image/infrastructureConfiguration/placement/hostId)\n"
    );
    assert!(ran.stderr.starts_with("1 file checked: 1 error, 0 warnings, 0 infos"), "{ran:#?}");
    assert_eq!(run(&["--format", "concise", "--quiet", FAULTY]).stderr, "");
}

#[test]
fn human_draws_both_labels_under_the_fault() {
    let ran = run(&["--quiet", FAULTY]);
    assert_eq!(
        ran.stdout,
        "error[placement-exclusive]: `hostId` and `hostResourceGroupArn` exclude each
  other; a placement has one of them or neither
  --> tests/suite/data/error.json:11:9
      /image/infrastructureConfiguration/placement/hostId
   |
10 |   \"tenancy\": \"host\",
11 |   \"hostId\": \"h-09da7ca2800d8ddd9\",
   |   ^^^^^^^^ this host
12 |   \"hostResourceGroupArn\": \"arn:aws:resource-groups:us-west-2:123456789012:…
   |   ---------------------- and this host resource group
13 | }
   |
   = help: keep one of the two
   = why: A build instance runs on one target: a host, or any host of a resource
          group. Image Builder refuses both.
   = source:
https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Placement.html
   = silence: imagelint ignore placement-exclusive --reason WHY \\
       tests/suite/data/error.json:/image/infrastructureConfiguration/placement/hostId

"
    );
    let linter = imagelint::Linter::new();
    let text = text(FAULTY);
    let human = imagelint::Format::named("human").expect("a format");
    assert_eq!(linter.lint(FAULTY, &text).report(human), ran.stdout, "the library renders the same");
}

#[test]
fn a_capture_on_one_line_is_shown_in_part() {
    let mut capture = json(&text(FAULTY));
    capture["image"]["description"] = "long ".repeat(100).into();
    let ran = feed(&["--quiet", "-"], capture.to_string());
    let longest = ran.stdout.lines().map(|line| line.chars().count()).max().expect("output");
    assert!(longest <= 80, "a line of {longest} characters: {ran:#?}");
    // The place is that in the file.
    ran.says("this host").says("and this host resource group").says("--> -:1:608 /image/");
}

#[test]
fn colour_is_off_where_no_terminal_shows_it() {
    run(&[FAULTY]).is_silent_on("\u{1b}");
    run(&["--color", "always", FAULTY]).says("\u{1b}");
}

#[test]
fn the_environment_forces_colour_or_does_not() {
    let forced = |force: &str, arguments: &[&str]| {
        let output = program().args(arguments).env("CLICOLOR_FORCE", force).output();
        let Ran { stdout, stderr, .. } = Ran::new(output.expect("the program runs"));
        (stdout.contains('\u{1b}'), stderr.contains('\u{1b}'))
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
fn a_hundred_findings_are_drawn_and_the_rest_counted() {
    let folder = Scratch::new("command-line/many");
    let document = serde_json::json!({ "image": { "platform": "linux" } });
    folder.write("many.json", serde_json::json!(vec![document; 130]).to_string());
    let drawn = |arguments: &[&str]| {
        let ran = folder.run(&[&["--only", "enum-value", "many.json"], arguments].concat());
        ran.ends_with(1);
        (ran.stdout.matches("error[enum-value]").count(), ran.stdout)
    };
    let (count, report) = drawn(&[]);
    assert_eq!(count, 100);
    let end = "\n\n30 more findings not shown; `--max-findings 0` shows all\n\n\
               1 file with 130 documents checked: 130 errors, 0 warnings, 0 infos";
    assert!(report.contains(end), "{report}");
    assert!(report.lines().all(|line| line.chars().count() <= 80), "{report}");
    assert_eq!(drawn(&["--max-findings", "0"]).0, 130);
    assert_eq!(drawn(&["--max-findings", "7"]).0, 7);
    assert_eq!(drawn(&["--quiet", "--max-findings", "7"]).0, 7);
}

#[test]
fn where_there_are_many_findings_the_end_names_their_rules() {
    let output = program().env("COLUMNS", "200").args(["--max-findings", "1", "corpus/invalid"]).output();
    let report = String::from_utf8(output.expect("the program runs").stdout).expect("UTF-8");
    let lines: Vec<&str> = report.lines().rev().take(13).collect();
    assert!(lines[0].contains(" files with ") && lines[0].contains(" can be fixed with `--fix"), "{lines:?}");
    let rest = lines[2].trim_start();
    assert!(rest.starts_with("and of ") && rest.ends_with(" other rules; `--statistics` lists all"), "{lines:?}");
    let count = |line: &&str| line.trim().split(' ').next().and_then(|count| count.parse().ok()).expect("a count");
    let counts: Vec<u32> = lines[3..].iter().map(count).collect();
    assert!(counts.len() == 10 && counts.is_sorted(), "{counts:?}");
}

#[test]
fn lower_levels_can_be_hidden_and_still_count() {
    for (level, shown) in [("info", 3), ("warning", 2), ("error", 1)] {
        let ran = run(&["--format", "concise", "--min-level", level, "--fail-on", "info", FAULTY, WARNING, INFO]);
        ran.ends_with(1).prints_lines(shown);
        assert!(ran.stderr.starts_with("3 files checked: 1 error, 1 warning, 1 info"), "{ran:#?}");
        let hidden = format!("; {} below `--min-level` not shown", 3 - shown);
        assert_eq!(ran.stderr.contains(&hidden), shown < 3, "{ran:#?}");
    }
    assert_eq!(run(&["--min-level", "error", "--fail-on", "info", "--quiet", INFO]).status, 1);
    assert!(run(&["--min-level", "off", INFO]).stderr.contains("possible values: error, warning, info"));
}

#[test]
fn ci_gets_the_format_that_it_shows() {
    let first_line = |name: &str, arguments: &[&str]| {
        let output = program().env(name, "true").args(arguments).arg(FAULTY).output().expect("the program runs");
        String::from_utf8(output.stdout).expect("UTF-8").lines().next().unwrap_or_default().to_owned()
    };
    assert!(first_line("GITHUB_ACTIONS", &[]).starts_with("::error file="));
    assert!(first_line("GITHUB_ACTIONS", &["--format", "human"]).starts_with("error[placement-exclusive]"));
    assert!(first_line("GITHUB_ACTIONS", &["--statistics"]).trim_start().starts_with("1  placement-exclusive"));
    assert!(first_line("GITLAB_CI", &[]).starts_with("error["), "the log of a job is for people");
    let folder = Scratch::new("command-line/gitlab");
    let report = std::fs::File::create(folder.join("report.json")).expect("a file");
    program().env("GITLAB_CI", "true").arg(FAULTY).stdout(report).status().expect("the program runs");
    assert!(json(&folder.read("report.json"))[0]["fingerprint"].is_string());
}
