//! Which settings are for which file: those of the nearest `imagelint.toml` above it, and overrides in it.

use super::captures;
use crate::common::{FAULTY, Ran, Scratch, feed_in, text};

const CONCISE: [&str; 3] = ["--format", "concise", "--quiet"];

/// A repository with two packages, whose settings differ, and a file that has none above it but those at the top.
fn monorepo(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    for file in ["top.json", "one/a.json", "one/deep/b.json", "two/c.json", "two/old/d.json"] {
        scratch.copy(FAULTY, file);
    }
    let level = |level: &str| format!("[levels]\nplacement-exclusive = \"{level}\"\n");
    scratch.write("imagelint.toml", format!("fail-on = \"info\"\nmodel = \"1.43.11\"\n{}", level("warning")));
    scratch.write("one/imagelint.toml", format!("fail-on = \"never\"\n{}", level("info")));
    scratch.write("two/imagelint.toml", "exclude = [\"old\"]\n");
    scratch
}

/// The path and the level of each finding.
fn findings(ran: &Ran) -> Vec<String> {
    let lines = ran.stdout.lines().map(|line| line.split(['[', ':']).collect::<Vec<_>>());
    lines.map(|parts| format!("{}:{}", parts[0], parts[3])).collect()
}

#[test]
fn each_file_has_the_settings_of_the_nearest_file_above_it() {
    let scratch = monorepo("settings/monorepo");
    let all = ["one/a.json: info", "one/deep/b.json: info", "top.json: warning", "two/c.json: error"];
    assert_eq!(findings(scratch.run(&CONCISE).ends_with(1)), all);
    assert_eq!(findings(&scratch.run(&[&CONCISE[..], &["--threads", "1"]].concat())), all);
    let files = [&CONCISE[..], &["two/old/d.json", "one/deep/b.json", "two/c.json"]].concat();
    assert_eq!(findings(&scratch.run(&files)), ["one/deep/b.json: info", "two/c.json: error"]);
    // From elsewhere, the settings of the files are the same; those of the run are the ones above.
    let inside = scratch.run_inside("two", &[&CONCISE[..], &["../one", "."]].concat());
    assert_eq!(findings(inside.ends_with(1)), ["../one/a.json: info", "../one/deep/b.json: info", "c.json: error"]);
    scratch.run_inside("one", &[&CONCISE[..], &["../two"]].concat()).ends_with(0);
    // Flags override each of them, and another file replaces all.
    let flag = [&CONCISE[..], &["--level", "placement-exclusive=warning"]].concat();
    assert!(findings(&scratch.run(&flag)).iter().all(|finding| finding.ends_with("warning")));
    let named = findings(&scratch.run(&[&CONCISE[..], &["--config", "one/imagelint.toml"]].concat()));
    assert!(named.len() == 5 && named.iter().all(|finding| finding.ends_with("info")), "{named:?}");
    for none in [&["--isolated"][..], &["--config", "none"]] {
        let isolated = findings(scratch.run(&[&CONCISE[..], none].concat()).ends_with(1));
        assert!(isolated.len() == 5 && isolated.iter().all(|finding| finding.ends_with("error")), "{isolated:?}");
    }
    scratch.run(&["--isolated", "--config", "imagelint.toml"]).ends_with(2);
}

#[test]
fn standard_input_has_the_settings_of_the_file_it_is_named_after() {
    let scratch = monorepo("settings/monorepo-stdin");
    let run = |name: &str| {
        let arguments = [&CONCISE[..], &["--stdin-filename", name, "-"]].concat();
        findings(&feed_in(&scratch, &arguments, text(FAULTY)))
    };
    assert_eq!(run("one/new.json"), ["one/new.json: info"]);
    assert_eq!(run("two/old/new.json"), [""; 0]);
    assert_eq!(run("three/new.json"), ["three/new.json: warning"]);
    let unnamed = feed_in(&scratch, &[&CONCISE[..], &["-"]].concat(), text(FAULTY));
    assert_eq!(findings(&unnamed), ["-: warning"]);
}

#[test]
fn mistakes_in_any_of_the_files_are_shown() {
    let scratch = monorepo("settings/monorepo-mistakes");
    scratch.write("two/imagelint.toml", "exclud = []\n");
    scratch.run(&[]).says("did you mean `exclude`?").says(" --> two/imagelint.toml:1:1").ends_with(2);
    scratch.run(&["one"]).is_silent_on("error[settings]").ends_with(1);
}

#[test]
fn fixes_and_comparisons_obey_the_settings_of_their_file() {
    let scratch = Scratch::new("settings/monorepo-fixes");
    let capture = r#"{"requestId": "a", "image": {"Name": "one", "platform": "Linux"}}"#;
    scratch.write("one/a.json", capture).write("two/a.json", capture);
    scratch.write("one/imagelint.toml", "[levels]\nmember-name-case = \"off\"\n");
    scratch.run(&["--fix", "."]);
    assert_eq!(scratch.read("one/a.json"), capture);
    assert_eq!(scratch.read("two/a.json"), capture.replace("Name", "name"));
}

#[test]
fn overrides_set_levels_in_some_files() {
    let scratch = captures("settings/override");
    let entry = |path: &str, level: &str| {
        format!("[[override]]\npath = \"{path}\"\nlevels = {{ placement-exclusive = \"{level}\" }}\n")
    };
    let run = |settings: &str, arguments: &[&str]| {
        scratch.settings(settings);
        findings(&scratch.run(&[&CONCISE[..], arguments].concat()))
    };
    let old = entry("captures/old", "info");
    assert_eq!(run(&old, &[]), ["captures/new.json: error", "captures/old/old.json: info"]);
    let both = format!("{}{old}", entry("**/*.json", "warning"));
    assert_eq!(run(&both, &[]), ["captures/new.json: warning", "captures/old/old.json: info"]);
    let off = format!("[levels]\nplacement-exclusive = \"off\"\n{}", entry("captures/*.json", "warning"));
    assert_eq!(run(&off, &[]), ["captures/new.json: warning"]);
    let flag = ["--level", "placement-exclusive=error"];
    assert_eq!(run(&both, &flag), ["captures/new.json: error", "captures/old/old.json: error"]);
    let settings = imagelint::Settings::parse(&scratch.argument("imagelint.toml"), &old).expect("settings");
    let linter = imagelint::Linter::with_settings(&settings);
    let fails = |name: &str| linter.lint(&scratch.argument(name), &text(FAULTY)).fails();
    assert!(fails("captures/new.json") && !fails("captures/old/old.json"));
}

#[test]
fn the_settings_of_a_file_are_shown() {
    let scratch = monorepo("settings/config-file");
    let ignore = |path: &str| format!("[[ignore]]\nrule = \"syntax\"\npath = \"{path}\"\nreason = \"{path}\"\n");
    let level = |path: &str| format!("[[override]]\npath = \"{path}\"\nlevels = {{ arn-segment = \"info\" }}\n");
    let settings = ["a.json", "b.json"].map(|path| ignore(path) + &level(path)).concat();
    scratch.write("one/imagelint.toml", format!("fail-on = \"never\"\n{settings}"));
    let shown = scratch.run(&["config", "one/a.json"]);
    shown
        .says("# settings file: one/imagelint.toml\n# settings file of the run: imagelint.toml\n")
        .says("fail-on = \"info\" # imagelint.toml:1\n")
        .says("model = \"1.43.11\" # imagelint.toml:2\n")
        .says("[levels]\narn-segment = \"info\" # one/imagelint.toml:8\n")
        .says("reason = \"a.json\"")
        .is_silent_on("b.json")
        .ends_with(0);
    scratch.run(&["config", "two/old/d.json"]).says("# this file is excluded\n");
    scratch.run(&["config", "three/new.json"]).says("# settings file: imagelint.toml\nfail-on");
    // Without a file, all of the working directory's.
    let shown = scratch.run_inside("one", &["config"]);
    shown.says("fail-on = \"never\"").says("[[override]] # imagelint.toml:6\npath = \"a.json\"\nlevels = { arn-");
}
