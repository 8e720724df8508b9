//! `[[ignore]]` entries: findings that are not reported, by rule, path and pointer.

use serde_json::json;

use super::captures;
use crate::common::{FAULTY, text};

#[test]
fn ignores_drop_findings_by_rule_path_and_pointer() {
    let scratch = captures("settings/ignore");
    let ignore = |fields: &str| format!("[[ignore]]\nrule = \"placement-exclusive\"\nreason = \"a sample\"\n{fields}");
    scratch.settings(&ignore(""));
    scratch.run(&[]).says("2 files checked: 0 errors").ends_with(0);
    scratch.settings(&ignore("path = \"captures/*.json\""));
    scratch.run(&[]).says("captures/old/old.json").is_silent_on("captures/new.json").ends_with(1);
    scratch.run_inside("captures/old", &["../new.json"]).ends_with(0);
    scratch.run_inside("captures", &["--config", "../imagelint.toml", "new.json"]).ends_with(0);
    for pointer in ["/image/*/placement/hostId", "/**/hostId", "/image/**", "/**/image/**/placement/**/*", "/**"] {
        scratch.settings(&ignore(&format!("pointer = \"{pointer}\"")));
        scratch.run(&[]).ends_with(0);
    }
    for pointer in ["", "/image/*/hostId", "/*", "/**/placement", "/**/image/hostId", "/image/**/host*"] {
        scratch.settings(&ignore(&format!("pointer = \"{pointer}\"")));
        scratch.run(&[]).says("2 errors").ends_with(1);
    }
}

#[test]
fn ignores_reach_into_json_that_a_string_holds() {
    let scratch = captures("settings/embedded");
    scratch.write("call.json", json!({ "statusCode": 200, "body": text(FAULTY) }).to_string());
    scratch.run(&["call.json"]).says("placement-exclusive").ends_with(1);
    let pointer = "/body/image/infrastructureConfiguration/placement/hostId";
    let settings =
        format!("[[ignore]]\nrule = \"placement-exclusive\"\nreason = \"a sample\"\npointer = \"{pointer}\"");
    scratch.settings(&settings).run(&["call.json"]).is_silent_on("placement-exclusive").ends_with(0);
}

#[test]
fn ignores_that_match_nothing_are_named_and_fail_nothing() {
    let scratch = captures("settings/unused");
    let settings = "[[ignore]]\nrule = \"arn-segment\"\nreason = \"was faulty once\"\n";
    scratch.settings(settings);
    let unused = "this ignore of `arn-segment` matches no finding";
    scratch
        .run(&["captures", "--level", "placement-exclusive=off"])
        .says(unused)
        .says("imagelint.toml:2:8")
        .ends_with(0);
    scratch.run(&["captures/new.json"]).is_silent_on("matches no finding");
    scratch.run(&["--quiet"]).is_silent_on("matches no finding");
    scratch.run(&["--only", "placement-exclusive"]).is_silent_on("matches no finding");
    let named = |path: &str| format!("{settings}path = \"{path}\"\n");
    scratch.settings(&named("captures/new.json")).run(&["captures/new.json"]).says(unused);
    scratch.settings(&named("captures/new.json")).run(&["captures/old"]).is_silent_on("matches no finding");
    for gone in ["captures/gone.json", "captures"] {
        let note = format!("this ignore of `arn-segment` is for `{gone}`, which is no file");
        scratch.settings(&named(gone)).run(&["captures/old"]).says(&note);
    }
    for gone in ["captures/gone*", "gone/**", "captures/*/*.jsonl"] {
        let note = format!("this ignore of `arn-segment` is for `{gone}`, which matches no file");
        scratch.settings(&named(gone)).run(&["captures/old"]).says(&note);
        // Who names files asks about these only.
        scratch.run(&["captures/new.json"]).is_silent_on("this ignore");
    }
    scratch.settings(&named("captures/*.json")).run(&["captures/old"]).is_silent_on("this ignore");
    let dated =
        |date: &str| format!("[[ignore]]\nrule = \"placement-exclusive\"\nreason = \"a sample\"\nexpires = {date}\n");
    scratch.settings(&dated("2999-12-31")).run(&[]).is_silent_on("expired").ends_with(0);
    scratch.settings(&dated("2020-02-29")).run(&[]).says("has expired on 2020-02-29").says("2 errors").ends_with(1);
}
