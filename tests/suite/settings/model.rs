//! `model`: what is newer than the service model of a version of botocore is noted.

use super::{CONCISE, captures};
use crate::common::{Ran, Scratch};

/// One image, whose parts came with four releases.
const IMAGE: &str = r#"{"image": {
    "state": {"status": "DISABLED", "failureContext": {"imageStatus": "DISABLED"}},
    "scanState": {"status": "COMPLETED"},
    "imageScanningConfiguration": {"imageScanningTypes": ["TEST_INSTANCE_CVE"]}
}}"#;
const EXECUTIONS: &str = r#"{"workflowExecutions": [{"status": "CANCELLED"}]}"#;

/// A run under settings that ask for a model.
fn run(scratch: &Scratch, model: &str, file: &str) -> Ran {
    let only = ["--only", "unknown-member,enum-value,unknown-kind", file];
    let ran = scratch.settings(&format!("model = \"{model}\"\n")).run(&[&CONCISE[..], &only].concat());
    ran.ends_with(0);
    ran
}

#[test]
fn what_is_newer_than_the_model_asked_for_is_noted() {
    let scratch = captures("settings/model");
    scratch.write("image.json", IMAGE).write("executions.json", EXECUTIONS);
    let image = "image.json";
    let executions = "executions.json";
    let scanning = (4, 36, "unknown-member", "imageScanningTypes", "1.43.122 (2026-10-29)");
    let context = (2, 37, "unknown-member", "failureContext", "1.43.94 (2026-09-14)");
    let status = (2, 25, "enum-value", "DISABLED", "1.32.2 (2023-11-16)");
    let kind = (1, 1, "unknown-member", "ListWorkflowExecutionsResponse", "1.29.103 (2023-03-30)");
    let value = (1, 36, "enum-value", "CANCELLED", "1.33.13 (2023-12-12)");
    for (model, file, notes) in [
        ("1.44.5", image, &[][..]),
        // The release that brought the newest member of it.
        ("1.43.122", image, &[]),
        ("1.43.121", image, &[scanning]),
        // Nothing in a member that is noted is noted itself.
        ("1.29.103", image, &[status, context, scanning]),
        ("1.33.13", executions, &[]),
        ("1.33.12", executions, &[value]),
        // The whole kind is newer.
        ("1.29.102", executions, &[kind]),
    ] {
        let ran = run(&scratch, model, file);
        let expected: String = notes
            .iter()
            .map(|(line, column, rule, name, release)| {
                // Of a value the member is named as well.
                let member = if *rule == "enum-value" { "`status`: " } else { "" };
                format!(
                    "{file}:{line}:{column}: info[{rule}] {member}`{name}` is not in the model of botocore {model}; it was \
                     added in {release}\n"
                )
            })
            .collect();
        let without_pointer = |line: &str| line.split(" (at /").next().unwrap_or_default().to_owned() + "\n";
        assert_eq!(ran.stdout.lines().map(without_pointer).collect::<String>(), expected, "{model}");
    }
    let before_scans = run(&scratch, "1.29.102", image);
    before_scans.says("`imageScanningConfiguration`").is_silent_on("imageScanningTypes");
}

#[test]
fn members_of_notifications_and_misspelt_members_are_noted() {
    let scratch = captures("settings/model-members");
    scratch
        .copy("corpus/valid/base/notification-windows.json", "notification.json")
        .write("misspelt.json", r#"{"image": {"ImageSource": "CUSTOM", "state": {"status": "AVAILABLE"}}}"#);
    for (model, file, member) in
        [("1.13.29", "notification.json", "osVersion"), ("1.29.50", "misspelt.json", "imageSource")]
    {
        run(&scratch, model, file).says(&format!("`{member}` is not in the model of botocore {model}"));
    }
}

#[test]
fn the_model_on_the_command_line_overrides_the_one_in_the_settings() {
    let scratch = captures("settings/model-overridden");
    scratch.write("image.json", IMAGE).settings("model = \"1.29.103\"\n");
    scratch.run(&["image.json"]).says("it was added");
    scratch.run(&["--model", "1.44.5", "image.json"]).is_silent_on("it was added");
    scratch.run(&["config"]).says("model = \"1.29.103\" # imagelint.toml:1\n").ends_with(0);
    scratch.run(&["config", "--model", "1.43.11"]).says("model = \"1.43.11\" # command line\n").ends_with(0);
    scratch.run(&["config", "--config", "none"]).says("\" # default\n").says("model = \"1.").ends_with(0);
    scratch.run(&["--model", "999.0.0"]).says("the newest model known here is botocore 1.").ends_with(2);
}
