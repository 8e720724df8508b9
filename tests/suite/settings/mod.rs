//! `imagelint.toml`: found, read, obeyed and shown.

mod baseline;
mod house_schemas;
mod ignores;
mod mistakes;
mod model;
mod scopes;
mod silencing;

use crate::common::{FAULTY, Ran, Scratch, feed_in, is_stale, path, run, run_in, text};

/// A folder with two copies of one faulty capture in it.
fn captures(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    scratch.copy(FAULTY, "captures/new.json").copy(FAULTY, "captures/old/old.json");
    scratch
}

impl Scratch {
    /// Writes the settings.
    fn settings(&self, text: &str) -> &Self {
        self.write("imagelint.toml", text)
    }

    /// Runs the program in a folder inside this one.
    fn run_inside(&self, folder: &str, arguments: &[&str]) -> Ran {
        run_in(&self.join(folder), arguments)
    }
}

const CONCISE: [&str; 2] = ["--format", "concise"];

#[test]
fn the_nearest_file_counts_unless_another_is_named() {
    let scratch = captures("settings/nearest");
    scratch.settings("[levels]\nplacement-exclusive = \"warning\"\n");
    scratch.run(&CONCISE).says("warning[placement-exclusive]").ends_with(0);
    scratch.run_inside("captures/old", &CONCISE).says("warning[placement-exclusive]").ends_with(0);
    scratch.write("captures/imagelint.toml", "[levels]\nplacement-exclusive = \"info\"\n");
    scratch.run_inside("captures/old", &CONCISE).says("info[placement-exclusive]").ends_with(0);
    let named = [&CONCISE[..], &["--config", "../../imagelint.toml"]].concat();
    scratch.run_inside("captures/old", &named).says("warning[placement-exclusive]");
    let none = [&CONCISE[..], &["--config", "none"]].concat();
    scratch.run(&none).says("error[placement-exclusive]").ends_with(1);
    scratch.run(&["--config", "nowhere.toml"]).says("nowhere.toml: ").ends_with(2);
}

#[test]
fn the_command_line_overrides_the_file() {
    let scratch = captures("settings/precedence");
    scratch.settings("fail-on = \"info\"\n[levels]\nplacement-exclusive = \"warning\"\n");
    scratch.run(&CONCISE).says("warning[placement-exclusive]").ends_with(1);
    scratch.run(&["--fail-on", "error"]).ends_with(0);
    scratch.run(&["--fail-on", "never", "--level", "placement-exclusive=error"]).says("2 errors").ends_with(0);
    scratch.run(&["--fail-on", "never", "no/such/file.json"]).ends_with(2);
    scratch.run(&["--level", "placement-exclusive=off"]).is_silent_on("placement-exclusive").ends_with(0);
    let misspelt = scratch.run(&["--level", "placement-exclusive=warn"]);
    misspelt.says("there is no level `warn`; did you mean `warning`?").ends_with(2);
    scratch.settings("[levels]\nplacement-exclusive = \"off\"\n");
    scratch.run(&[]).is_silent_on("placement-exclusive").ends_with(0);
    scratch.run(&["--only", "placement-exclusive"]).says("error[placement-exclusive]").ends_with(1);
}

#[test]
fn excluded_paths_are_not_checked() {
    let scratch = captures("settings/exclude");
    scratch.settings("exclude = [\"captures/old\", \"**/n?w.json\"]\n");
    scratch.run(&[]).says("0 files checked").ends_with(0);
    scratch.run_inside("captures", &["old"]).says("0 files checked").ends_with(0);
    scratch.run(&["captures/new.json"]).says("captures/new.json is not checked: the settings exclude it").ends_with(0);
    scratch.settings("exclude = [\"./captures/\"]\n").run(&[]).says("0 files checked").ends_with(0);
    scratch.settings("exclude = [\"*.json\"]\n");
    scratch.run(&[]).says("2 files checked");
}

#[test]
fn files_on_own_paths_must_be_ours() {
    let scratch = captures("settings/own");
    for folder in ["captures", "others"] {
        scratch.write(format!("{folder}/package.json"), "{\"name\": \"web\"}");
        scratch.write(format!("{folder}/cut.json"), "{\"name\": ").write(format!("{folder}/empty.json"), "");
    }
    scratch.settings("own = [\"captures/**\"]\n");
    let lines = |arguments: &[&str]| {
        let ran = scratch.run(&[&["--format", "concise", "--only", "syntax,unknown-kind"], arguments].concat());
        let mut lines: Vec<String> = ran.stdout.lines().map(str::to_owned).collect();
        lines.sort();
        lines.iter().map(|line| line[..line.find(']').unwrap_or(0)].replace(": error", "")).collect::<Vec<_>>()
    };
    let own =
        ["captures/cut.json:1:8[syntax", "captures/empty.json:1:1[syntax", "captures/package.json:1:1[unknown-kind"];
    assert_eq!(lines(&["."]), own);
    assert_eq!(lines(&["--skip-unknown", "captures/package.json", "others/package.json"]), own[2..]);
    scratch.run(&["config"]).says("own = [\n  \"captures/**\", # imagelint.toml:1\n]");
    assert!(lines(&["--config", "none", "."]).is_empty());
}

#[test]
fn standard_input_is_excluded_by_the_name_it_is_given() {
    let scratch = captures("settings/exclude-stdin");
    scratch.settings("exclude = [\"captures/old\"]\n");
    let text = text(FAULTY);
    let run = |name: &str, arguments: &[&str]| {
        feed_in(&scratch, &[&["--stdin-filename", name, "-"], arguments].concat(), &text)
    };
    run("captures/new.json", &[]).says("[placement-exclusive]").ends_with(1);
    let note = "captures/old/old.json is not checked: the settings exclude it";
    run("captures/old/old.json", &[]).says(note).says("0 files checked").ends_with(0);
    let fixed = run("captures/old/old.json", &["--fix"]);
    assert!(fixed.stdout == text, "it is passed on as it is, and nothing else");
    fixed.says(note).ends_with(0);
}

#[test]
fn the_settings_are_shown_with_where_they_come_from() {
    let scratch = captures("settings/config");
    scratch.run(&["config", "--config", "none"]).says("max-document-size = \"256MiB\" # default");
    scratch.run(&["config", "--config", "none"]).says("fail-on = \"error\" # default").ends_with(0);
    let written = "pedantic = true\nexclude = [\"old\"]\n\n[levels]\narn-segment = \"off\"\nname-arn-slug = \"info\"\n\n\
                   [[ignore]]\nrule = \"syntax\"\nreason = \"a \\\"sample\\\"\"\nexpires = 2999-01-01\n";
    scratch.settings(written);
    let shown = scratch.run_inside("captures", &["config", "--level", "name-arn-slug=error", "--fail-on", "warning"]);
    shown
        .says("# settings file: ../imagelint.toml\n")
        .says("fail-on = \"warning\" # command line\n")
        .says("pedantic = true # ../imagelint.toml:1\n")
        .says("  \"old\", # ../imagelint.toml:2\n")
        .says("arn-segment = \"off\" # ../imagelint.toml:5\n")
        .says("name-arn-slug = \"error\" # command line\n")
        .is_silent_on("name-arn-slug = \"info\"")
        .says("[[ignore]] # ../imagelint.toml:9\nrule = \"syntax\"\nreason = \"a \\\"sample\\\"\"\nexpires = 2999-01-01\n");
    // What is shown is an `imagelint.toml` with the same effect.
    let again = scratch.settings(&shown.stdout).run(&["config"]);
    again
        .says("name-arn-slug = \"error\" # imagelint.toml:")
        .says("fail-on = \"warning\" # imagelint.toml:2")
        .ends_with(0);
}

#[test]
fn the_schema_of_the_settings_is_current() {
    let is_stale = is_stale(&path("schemas/settings.json"), &run(&["config", "--schema"]).stdout);
    assert!(!is_stale, "schemas/settings.json is stale (BLESS=1 rewrites it)");
}
