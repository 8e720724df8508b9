//! How findings look to people: concise lines, excerpts, colour.

use crate::common::{FAULTY, Ran, feed, json, program, run, text};

#[test]
fn concise_is_one_line_for_each_finding() {
    let ran = run(&["--format", "concise", FAULTY]);
    assert_eq!(
        ran.stdout,
        "tests/suite/data/error.json:11:9: error[placement-exclusive] `hostId` and `hostResourceGroupArn` exclude each other; \
         a placement has one of them or neither (at /image/infrastructureConfiguration/placement/hostId)\n"
    );
    assert!(ran.stderr.starts_with("1 file checked: 1 error, 0 warnings, 0 infos; "), "{ran:#?}");
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
