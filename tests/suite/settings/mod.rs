//! `imagelint.toml`: found, read, complained of, obeyed and shown.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use toml::de::{DeTable, DeValue};

mod common;
use common::{path, run_in};

/// A folder for one test, made anew, with two copies of one faulty capture in it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("settings").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("captures/old")).expect("a scratch folder");
        for copy in ["captures/new.json", "captures/old/old.json"] {
            fs::copy(path("corpus/invalid/placement-exclusive/both.json"), folder.join(copy)).expect("a copy");
        }
        Scratch(folder)
    }

    fn write(&self, name: &str, text: &str) -> &Self {
        fs::write(self.0.join(name), text).expect("a file");
        self
    }

    fn settings(&self, text: &str) -> &Self {
        self.write("imagelint.toml", text)
    }

    /// Runs in a folder inside this one.
    fn run_in(&self, folder: &str, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_imagelint"))
            .args(arguments)
            .current_dir(self.0.join(folder))
            .output()
            .expect("the binary runs");
        Ran::new(&output)
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_in("", arguments)
    }
}

#[derive(Debug)]
struct Ran {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn new(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_owned()).expect("UTF-8");
        let status = output.status.code().expect("the process was not killed");
        Ran { status, stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    #[track_caller]
    fn says(&self, text: &str) -> &Self {
        assert!(self.stdout.contains(text) || self.stderr.contains(text), "no {text:?} in {self:#?}");
        self
    }

    #[track_caller]
    fn is_silent_on(&self, text: &str) -> &Self {
        assert!(!self.stdout.contains(text) && !self.stderr.contains(text), "{text:?} in {self:#?}");
        self
    }

    #[track_caller]
    fn ends_with(&self, status: i32) -> &Self {
        assert_eq!(self.status, status, "{self:#?}");
        self
    }
}

const CONCISE: [&str; 2] = ["--format", "concise"];

#[test]
fn the_nearest_file_counts_unless_another_is_named() {
    let scratch = Scratch::new("nearest");
    scratch.settings("[levels]\nplacement-exclusive = \"warning\"\n");
    scratch.run(&CONCISE).says("warning[placement-exclusive]").ends_with(0);
    scratch.run_in("captures/old", &CONCISE).says("warning[placement-exclusive]").ends_with(0);
    scratch.write("captures/imagelint.toml", "[levels]\nplacement-exclusive = \"info\"\n");
    scratch.run_in("captures/old", &CONCISE).says("info[placement-exclusive]").ends_with(0);
    let named = [&CONCISE[..], &["--config", "../../imagelint.toml"]].concat();
    scratch.run_in("captures/old", &named).says("warning[placement-exclusive]");
    let none = [&CONCISE[..], &["--config", "none"]].concat();
    scratch.run(&none).says("error[placement-exclusive]").ends_with(1);
    scratch.run(&["--config", "nowhere.toml"]).says("nowhere.toml: ").ends_with(2);
}

#[test]
fn the_command_line_overrides_the_file() {
    let scratch = Scratch::new("precedence");
    scratch.settings("fail-on = \"info\"\n[levels]\nplacement-exclusive = \"warning\"\n");
    scratch.run(&CONCISE).says("warning[placement-exclusive]").ends_with(1);
    scratch.run(&["--fail-on", "error"]).ends_with(0);
    scratch.run(&["--level", "placement-exclusive=off"]).is_silent_on("placement-exclusive").ends_with(0);
    let misspelt = scratch.run(&["--level", "placement-exclusive=warn"]);
    misspelt.says("there is no level `warn`; did you mean `warning`?").ends_with(2);
    scratch.settings("[levels]\nplacement-exclusive = \"off\"\n");
    scratch.run(&[]).is_silent_on("placement-exclusive").ends_with(0);
    scratch.run(&["--only", "placement-exclusive"]).says("error[placement-exclusive]").ends_with(1);
}

#[test]
fn excluded_paths_are_not_checked() {
    let scratch = Scratch::new("exclude");
    scratch.settings("exclude = [\"captures/old\", \"**/n?w.json\"]\n");
    scratch.run(&[]).says("0 files checked").ends_with(0);
    scratch.run_in("captures", &["old"]).says("0 files checked").ends_with(0);
    scratch.run(&["captures/new.json"]).says("captures/new.json is not checked: the settings exclude it").ends_with(0);
    scratch.settings("exclude = [\"./captures/\"]\n").run(&[]).says("0 files checked").ends_with(0);
    scratch.settings("exclude = [\"*.json\"]\n");
    scratch.run(&[]).says("2 files checked");
}

#[test]
fn standard_input_is_excluded_by_the_name_it_is_given() {
    let scratch = Scratch::new("exclude-stdin");
    scratch.settings("exclude = [\"captures/old\"]\n");
    let text = fs::read(scratch.0.join("captures/new.json")).expect("a capture");
    let run = |name: &str, arguments: &[&str]| {
        run_in(&scratch.0, &[&["--stdin-filename", name, "-"], arguments].concat(), &text)
    };
    Ran::new(&run("captures/new.json", &[])).ends_with(1).says("[placement-exclusive]");
    let excluded = Ran::new(&run("captures/old/old.json", &[]));
    excluded.ends_with(0).says("captures/old/old.json is not checked: the settings exclude it").says("0 files checked");
    let fixed = run("captures/old/old.json", &["--fix"]);
    assert!(fixed.stdout == text, "it is passed on as it is, and nothing else");
    Ran::new(&fixed).ends_with(0).says("is not checked");
}

#[test]
fn ignores_drop_findings_by_rule_path_and_pointer() {
    let scratch = Scratch::new("ignore");
    let ignore = |fields: &str| format!("[[ignore]]\nrule = \"placement-exclusive\"\nreason = \"a sample\"\n{fields}");
    scratch.settings(&ignore(""));
    scratch.run(&[]).says("2 files checked: 0 errors").ends_with(0);
    scratch.settings(&ignore("path = \"captures/*.json\""));
    scratch.run(&[]).says("captures/old/old.json").is_silent_on("captures/new.json").ends_with(1);
    scratch.run_in("captures/old", &["../new.json"]).ends_with(0);
    scratch.run_in("captures", &["--config", "../imagelint.toml", "new.json"]).ends_with(0);
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
    let scratch = Scratch::new("embedded");
    let capture = fs::read_to_string(path("corpus/invalid/placement-exclusive/both.json")).expect("the fixture");
    scratch.write("call.json", &serde_json::json!({ "statusCode": 200, "body": capture }).to_string());
    scratch.run(&["call.json"]).says("placement-exclusive").ends_with(1);
    let pointer = "/body/image/infrastructureConfiguration/placement/hostId";
    let settings =
        format!("[[ignore]]\nrule = \"placement-exclusive\"\nreason = \"a sample\"\npointer = \"{pointer}\"");
    scratch.settings(&settings).run(&["call.json"]).is_silent_on("placement-exclusive").ends_with(0);
}

#[test]
fn ignores_that_do_nothing_are_told_and_fail_nothing() {
    let scratch = Scratch::new("unused");
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
        let told = format!("this ignore of `arn-segment` is for `{gone}`, which is no file");
        scratch.settings(&named(gone)).run(&["captures/old"]).says(&told);
    }
    scratch.settings(&named("captures/gone*")).run(&["captures/old"]).is_silent_on("this ignore");
    let dated =
        |date: &str| format!("[[ignore]]\nrule = \"placement-exclusive\"\nreason = \"a sample\"\nexpires = {date}\n");
    scratch.settings(&dated("2999-12-31")).run(&[]).is_silent_on("expired").ends_with(0);
    scratch.settings(&dated("2020-02-29")).run(&[]).says("has expired on 2020-02-29").says("2 errors").ends_with(1);
}

#[test]
fn the_settings_are_shown_with_where_they_come_from() {
    let scratch = Scratch::new("config");
    scratch.run(&["config", "--config", "none"]).says("fail-on = \"error\" # default").ends_with(0);
    let written = "pedantic = true\nexclude = [\"old\"]\n\n[levels]\narn-segment = \"off\"\nname-arn-slug = \"info\"\n\n\
                   [[ignore]]\nrule = \"syntax\"\nreason = \"a \\\"sample\\\"\"\nexpires = 2999-01-01\n";
    scratch.settings(written);
    let shown = scratch.run_in("captures", &["config", "--level", "name-arn-slug=error", "--fail-on", "warning"]);
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

/// One image, whose parts came with four releases.
const IMAGES: &str = r#"{"image": {
    "state": {"status": "DISABLED", "failureContext": {"imageStatus": "DISABLED"}},
    "scanState": {"status": "COMPLETED"},
    "imageScanningConfiguration": {"imageScanningTypes": ["TEST_INSTANCE_CVE"]}
}}"#;

#[test]
fn what_is_newer_than_the_model_asked_for_is_noted() {
    let scratch = Scratch::new("model");
    scratch
        .write("image.json", IMAGES)
        .write("executions.json", r#"{"workflowExecutions": [{"status": "CANCELLED"}]}"#);
    let only = ["--only", "unknown-member,enum-value,unknown-kind"];
    let run = |model: &str, file: &str| {
        scratch.settings(&format!("model = \"{model}\"\n")).run(&[&only[..], &CONCISE, &[file]].concat())
    };
    let told = |model: &str, file: &str| {
        let ran = run(model, file);
        ran.ends_with(0);
        let lines = ran.stdout.lines().map(|line| line.split("; it was added in ").collect::<Vec<_>>().join(" <- "));
        lines.collect::<Vec<_>>()
    };
    assert_eq!(told("1.44.5", "image.json"), [""; 0]);
    assert_eq!(told("1.43.122", "image.json"), [""; 0], "the release that brought the newest of it");
    let scanning = |model: &str| {
        format!(
            "image.json:4:36: info[unknown-member] `imageScanningTypes` is not in the model of botocore {model} \
             <- 1.43.122 (2026-10-29)"
        )
    };
    assert_eq!(told("1.43.121", "image.json"), [scanning("1.43.121")]);
    let context = "image.json:2:37: info[unknown-member] `failureContext` is not in the model of botocore 1.29.103 \
                   <- 1.43.94 (2026-09-14)";
    let status = "image.json:2:25: info[enum-value] `DISABLED` is not in the model of botocore 1.29.103 \
                  <- 1.32.2 (2023-11-16)";
    let all = [status, context, &scanning("1.29.103")];
    assert_eq!(told("1.29.103", "image.json"), all, "and nothing of what is in a member that is told");
    let before_scans = told("1.29.102", "image.json");
    assert!(before_scans.iter().any(|line| line.contains("`imageScanningConfiguration`")), "{before_scans:#?}");
    assert!(!before_scans.iter().any(|line| line.contains("imageScanningTypes")), "it is told of its owner");

    let kind = "executions.json:1:1: info[unknown-member] `ListWorkflowExecutionsResponse` is not in the model of botocore \
                1.29.102 <- 1.29.103 (2023-03-30)";
    assert_eq!(told("1.29.102", "executions.json"), [kind], "and nothing of what is in it");
    let value = "executions.json:1:36: info[enum-value] `CANCELLED` is not in the model of botocore 1.33.12 \
                 <- 1.33.13 (2023-12-12)";
    assert_eq!(told("1.33.12", "executions.json"), [value]);
    assert_eq!(told("1.33.13", "executions.json"), [""; 0]);

    let notification = path("corpus/valid/base/notification-windows.json");
    let told = told("1.13.29", notification.to_str().expect("UTF-8"));
    assert!(told.iter().any(|line| line.contains("`osVersion` is not in the model of botocore 1.13.29")), "{told:#?}");
    scratch.write("misspelt.json", r#"{"image": {"ImageSource": "CUSTOM", "state": {"status": "AVAILABLE"}}}"#);
    run("1.29.50", "misspelt.json").says("`imageSource` is not in the model of botocore 1.29.50");

    let overridden = [&CONCISE[..], &["--model", "1.44.5", "image.json"]].concat();
    scratch.settings("model = \"1.29.103\"\n").run(&overridden).is_silent_on("it was added");
    scratch.run(&["config"]).says("model = \"1.29.103\" # imagelint.toml:1\n").ends_with(0);
    scratch.run(&["config", "--model", "1.43.11"]).says("model = \"1.43.11\" # command line\n").ends_with(0);
    scratch.run(&["config", "--config", "none"]).says("\" # default\n").says("model = \"1.").ends_with(0);
    scratch.run(&["--model", "999.0.0"]).says("the newest model known here is botocore 1.").ends_with(2);
}

const TEAM: &str = r#"{"properties": {"image": {"$ref": "parts/image.json"}}}"#;
const IMAGE: &str = r##"{"required": ["tags"], "properties": {"name": {"pattern": "^team-"}, "state": {"$ref": "#/$defs/state"}},
    "$defs": {"state": {"additionalProperties": false}}}"##;
const HOUSE: &str = "[[house-schema]]\nfile = \"team #1.json\"\nkinds = [\"get-image\"]\n";

#[test]
fn house_schemas_are_checked_beside_the_rules() {
    let scratch = Scratch::new("house");
    fs::create_dir_all(scratch.0.join("parts")).expect("a folder");
    scratch.write("team #1.json", TEAM).write("parts/image.json", IMAGE).settings(HOUSE);
    let file = "captures/new.json";
    let ran = scratch.run_in("captures", &["new.json", "--format", "concise"]);
    ran.says("new.json:3:12: error[house-schema] member `tags` is missing")
        .says("new.json:6:13: error[house-schema] `Web server` does not match the pattern `^team-`")
        .says("new.json:10:7: error[house-schema] member `status` is not expected here")
        .says("placement-exclusive")
        .ends_with(1);
    scratch.run(&[file]).says("`team #1.json` asks for this at `/properties/image/$ref/required`");
    scratch.run(&[file, "--only", "placement-exclusive"]).is_silent_on("house-schema");
    scratch.run(&[file, "--level", "house-schema=off"]).is_silent_on("house-schema");
    scratch.settings(&format!("{HOUSE}level = \"info\"\n")).run(&[file]).says("info[house-schema]");
    scratch.settings(&HOUSE.replace("get-image", "list-images")).run(&[file]).is_silent_on("house-schema");
}

#[test]
fn house_schemas_say_what_each_alternative_asks_for() {
    let scratch = Scratch::new("house-alternatives");
    scratch.settings(HOUSE);
    let says = |image: &str, text: &str| {
        // Saved by an editor that starts files with a byte order mark.
        scratch.write("team #1.json", &format!("\u{feff}{{\"properties\": {{\"image\": {image}}}}}"));
        let ran = scratch.run(&["captures/new.json", "--format", "concise", "--only", "house-schema"]);
        let said: Vec<&str> = ran.stdout.lines().collect();
        assert_eq!(said, [format!("captures/new.json:{text}")], "{ran:#?}");
    };
    let named = r#"{"properties": {"name": {"pattern": "^team-"}}}"#;
    says(
        &format!(r#"{{"oneOf": [{{"required": ["tags"]}}, {named}, {{"type": "null"}}]}}"#),
        "3:12: error[house-schema] this object fits none of the alternatives: member `tags` is missing; or at \
         `/name` `Web server` does not match the pattern `^team-`; or this is an object; null was expected",
    );
    says(
        r#"{"allOf": [{"required": ["tags"]}, {"required": ["tags"]}]}"#,
        "3:12: error[house-schema] member `tags` is missing",
    );
    says(r#"{"type": "array"}"#, "3:12: error[house-schema] this is an object; an array was expected");
    scratch.write("team #1.json", "false");
    let ran = scratch.run(&["captures/new.json", "--only", "house-schema"]);
    ran.says("this object is not expected here").says("help: `team #1.json` is `false`: it allows no document");
}

#[test]
fn house_schemas_point_into_strings_and_keep_secrets() {
    let scratch = Scratch::new("house-secrets");
    let mut capture: Value =
        serde_json::from_slice(&fs::read(path("corpus/valid/placement-exclusive/host.json")).expect("the fixture"))
            .expect("JSON");
    let secret = "hunter2-hunter2-hunter2";
    capture["image"]["imageRecipe"]["components"][0]["parameters"] =
        serde_json::json!([{ "name": "AdminPassword", "value": [secret] }]);
    let within = |names: &[&str], schema: Value| {
        names.iter().rev().fold(schema, |schema, name| match *name {
            "*" => serde_json::json!({ "items": schema }),
            name => serde_json::json!({ "properties": { name: schema } }),
        })
    };
    let values = ["image", "imageRecipe", "components", "*", "parameters", "*", "value", "*"];
    let schema = within(&values, serde_json::json!({ "pattern": "^vault:" }));
    scratch.write("team #1.json", &schema.to_string());
    scratch.settings(HOUSE).write("call.json", &serde_json::json!({ "body": capture.to_string() }).to_string());
    let ran = scratch.run(&["call.json", "--format", "json"]);
    ran.says("this value does not match the pattern `^vault:`")
        .says("\"embeddedPointer\":\"/image/imageRecipe/components/0/parameters/0/value/0\"")
        .is_silent_on(secret);
    scratch.run(&["call.json"]).says("house-schema").is_silent_on(secret);
}

#[test]
fn house_schemas_that_cannot_be_used_are_mistakes() {
    let scratch = Scratch::new("house-mistakes");
    scratch.settings(HOUSE);
    let told = |schema: &str, text: &str| {
        let ran = scratch.write("team #1.json", schema).run(&["--quiet"]);
        let flat = ran.stderr.replace("\n  │ ", " ");
        assert!(flat.contains(text) && flat.contains("imagelint.toml:2:8"), "{ran:#?}");
        ran.ends_with(2);
    };
    told("{", "`team #1.json`: EOF");
    let types = "is none of `array`, `boolean`, `integer`, `null`, `number`, `object`, `string`";
    let no_schema = "`team #1.json` is no usable JSON Schema:";
    for (schema, fault) in [
        (r#"{"type": "strin"}"#, format!("at `/type`, `strin` {types}")),
        (r#"{"type": 3}"#, format!("at `/type`, `3` {types}")),
        (r#"{"items": {"type": ["string", "strng"]}}"#, format!("at `/items/type/1`, `strng` {types}")),
        (r#"{"required": "a"}"#, "at `/required`, `a` is a string; an array was expected".into()),
        (r#"{"properties": {"a": []}}"#, "at `/properties/a`, this is an array; a boolean or an object was".into()),
        ("[]", "this is an array; a boolean or an object was expected".into()),
    ] {
        told(schema, &format!("{no_schema} {fault}"));
    }
    scratch.write("part.json", r#"{"type": "strin"}"#);
    told(
        r#"{"$ref": "part.json"}"#,
        &format!("part.json` cannot be used: it is no JSON Schema: at `/type`, `strin` {types}"),
    );
    told(r#"{"$ref": "gone.json"}"#, "gone.json` cannot be used: No such file");
    told(
        r#"{"$ref": "https://example.com/a.json"}"#,
        "`https://example.com/a.json` cannot be used: house schemas refer",
    );
}

/// Texts of settings, whether they are good, and a part of what is said of those that are not. What
/// the last column says is beyond a schema is known to the reader alone.
const TEXTS: &[(&str, &str, bool)] = &[
    ("", "", false),
    ("fail-on = \"info\"\npedantic = true\nexclude = [\"a/**\", \"{b,c}.json\"]", "", false),
    ("[levels]\narn-segment = \"off\"\nsyntax = \"info\"", "", false),
    (
        "[[ignore]]\nrule = \"syntax\"\nreason = \"r\"\npath = \"a\"\npointer = \"/a~0/**\"\nexpires = 2999-01-01",
        "",
        false,
    ),
    ("[[ignore]]\nrule = \"syntax\"\nreason = \"r\"\nexpires = \"2999-02-28\"", "", false),
    ("fial-on = \"info\"", "there is no key `fial-on`; did you mean `fail-on`?", false),
    ("fail-on = \"off\"", "there is no level `off`; the levels here are", false),
    ("fail-on = \"warn\"", "did you mean `warning`?", false),
    ("fail-on = 3", "`fail-on` holds an integer; a string was expected", false),
    ("pedantic = \"yes\"", "`pedantic` holds a string; true or false was expected", false),
    ("exclude = \"a\"", "an array of strings was expected", false),
    ("exclude = [\"\"]", "an empty glob matches no path", false),
    ("exclude = [\"a[\"]", "`a[` is no glob", true),
    ("baseline = \"old/known.json\"", "", false),
    ("baseline = true", "`baseline` holds a boolean; a string was expected", false),
    ("baseline = \"\"", "an empty path names no file", false),
    ("[levels]\narn-segmnt = \"off\"", "did you mean `arn-segment`?", false),
    ("[levels]\narn-segment = \"eror\"", "did you mean `error`?", false),
    ("[levels]\narn-segment = true", "a level was expected", false),
    ("[ignore]\nrule = \"syntax\"", "each headed `[[ignore]]`", false),
    ("[[ignore]]\nrule = \"syntax\"", "`reason` is missing", false),
    ("[[ignore]]\nreason = \"r\"", "`rule` is missing", false),
    ("[[ignore]]\nrule = \"syntax\"\nreason = \" \"", "the reason is empty", false),
    ("[[ignore]]\nrule = \"syntx\"\nreason = \"r\"", "did you mean `syntax`?", false),
    ("[[ignore]]\nrule = \"syntax\"\nreason = \"r\"\npointer = \"a\"", "`a` is no pattern for pointers", false),
    ("[[ignore]]\nrule = \"syntax\"\nreason = \"r\"\npointer = \"/a~2\"", "is no pattern for pointers", false),
    ("[[ignore]]\nrule = \"syntax\"\nreason = \"r\"\nexpires = 2999-01-01T00:00:00Z", "is no date", false),
    ("[[ignore]]\nrule = \"syntax\"\nreason = \"r\"\nexpires = \"2999-02-30\"", "is no date", false),
    ("[[ignore]]\nrule = \"syntax\"\nreason = \"r\"\nuntil = 2999-01-01", "there is no key `until`", false),
    ("[[house-schema]]\nkinds = [\"get-image\"]", "`file` is missing", false),
    ("[[house-schema]]\nfile = \"any.json\"\nkinds = []", "`kinds` is empty", false),
    ("[[house-schema]]\nfile = \"any.json\"\nkinds = [\"get-imag\"]", "did you mean `get-image`?", false),
    ("[[house-schema]]\nfile = \"any.json\"\nkinds = [\"get-image\"]\nlevel = \"info\"", "", false),
    ("model = \"1.43.11\"", "", false),
    ("model = \"+1.43.11\"", "`+1.43.11` is no version of botocore, such as `1.", false),
    ("model = 1.43", "`model` holds a float; a string was expected", false),
    ("model = \"1.43\"", "`1.43` is no version of botocore, such as `1.", false),
    ("model = \"999.0.0\"", "the newest model known here is botocore 1.", true),
    ("model = \"1.13.28\"", "botocore has Image Builder since 1.13.29 (2019-12-02), not in 1.13.28", true),
    ("[[house-schema]]\nfile = \"gone.json\"\nkinds = [\"get-image\"]", "`gone.json`: ", true),
];

#[test]
fn mistakes_are_shown_where_they_are_and_the_schema_agrees() {
    let scratch = Scratch::new("mistakes");
    scratch.write("any.json", "true");
    let schema = serde_json::from_str(&imagelint::settings::schema::schema()).expect("JSON");
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a JSON Schema");
    for (text, told, beyond_schema) in TEXTS {
        let ran = scratch.settings(text).run(&["config"]);
        ran.says(told).ends_with(if told.is_empty() { 0 } else { 2 });
        if !told.is_empty() {
            ran.says("error[settings]").says("[imagelint.toml:");
        }
        let table = DeTable::parse(text).expect("TOML");
        let valid = validator.is_valid(&to_json(&DeValue::Table(table.into_inner())));
        assert_eq!(valid, told.is_empty() || *beyond_schema, "the schema's verdict on\n{text}");
    }
}

#[test]
fn what_is_no_toml_is_told_with_its_place() {
    let scratch = Scratch::new("no-toml");
    scratch.settings("fail-on = \"error\"\nfail-on = \"info\"\n");
    scratch.run(&[]).says("duplicate key").says("imagelint.toml:2:1").ends_with(2);
    fs::write(scratch.0.join("imagelint.toml"), b"fail-on = \"\xff\"").expect("a file");
    scratch.run(&[]).says("is not UTF-8").says("imagelint.toml:1:12").ends_with(2);
}

#[test]
fn the_schema_of_the_settings_is_current() {
    let file = path("schemas/settings.json");
    let printed = Scratch::new("schema").run(&["config", "--schema"]).stdout;
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, &printed).expect("a writable folder");
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == printed, "schemas/settings.json is stale (BLESS=1 cargo test rewrites it)");
}

/// TOML as editors hand it to a JSON Schema: dates are strings.
fn to_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::Table(table) => {
            table.iter().map(|(key, value)| (key.get_ref().to_string(), to_json(value.get_ref()))).collect()
        }
        DeValue::Array(array) => array.iter().map(|item| to_json(item.get_ref())).collect(),
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Boolean(flag) => Value::from(*flag),
        DeValue::Integer(number) => Value::from(number.as_str().parse::<i64>().expect("a number")),
        DeValue::Float(number) => Value::from(number.as_str().parse::<f64>().expect("a number")),
        DeValue::Datetime(date) => Value::from(date.to_string()),
    }
}
