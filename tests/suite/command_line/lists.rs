//! What the program says of itself: rules, kinds, its version, its manual.

use crate::common::{json, run, text};

#[test]
fn every_rule_is_listed_and_explained() {
    let listed = json(&run(&["rules", "--format", "json"]).stdout);
    let names: Vec<&str> = listed.as_array().expect("rules").iter().filter_map(|rule| rule["name"].as_str()).collect();
    assert_eq!(names, imagelint::rules().map(|rule| rule.name).collect::<Vec<_>>());
    let listed = run(&["rules"]);
    for name in names {
        listed.says(name);
        let page = imagelint::explain(name).expect("a page");
        assert!(page.starts_with(&format!("# {name}\n")), "{page}");
        assert!(page.contains("## What to do") && page.contains("## Source"), "{page}");
    }
    let page = imagelint::explain("placement-exclusive").expect("a page");
    assert_eq!(run(&["explain", "placement-exclusive"]).stdout, page);
}

#[test]
fn every_kind_is_listed() {
    run(&["kinds"]).says("get-image\n");
    let kinds = json(&run(&["kinds", "--format", "json"]).stdout);
    let kinds = kinds.as_array().expect("kinds");
    assert!(kinds.len() > 50);
    let mut names: Vec<&str> = kinds.iter().filter_map(|kind| kind["name"].as_str()).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "two kinds share a name: {names:?}");
    let envelope = kinds.iter().find(|kind| kind["summary"] == "an HTTP archive (HAR)");
    let envelope = envelope.expect("envelopes are listed, too");
    assert!(envelope.get("name").is_none() && envelope["recognised"] == "`log` with `entries`", "{envelope}");
}

#[test]
fn the_schema_of_a_kind_is_printed() {
    let schema = imagelint::schema("get-image").expect("a schema");
    assert_eq!(run(&["schema", "get-image"]).stdout, schema);
    run(&["schema", "--help"]).says("A schema cannot see how values relate");
    run(&["schema", "get-imag"]).says("did you mean `get-image`?").ends_with(2);
}

#[test]
fn the_version_names_the_model() {
    let schema = json(&text("schemas/imagebuilder.json"));
    let field = |name: &str| schema["x-model"][name].as_str().expect("x-model").to_owned();
    run(&["--version"]).says(&format!("botocore {} ({})", field("version"), field("date")));
}

#[test]
fn every_page_that_a_manual_page_refers_to_is_printed() {
    let page = run(&["man"]).stdout;
    assert!(page.contains(".TH imagelint 1"), "{page}");
    assert!(page.contains("\\fBimagelint\\fR [OPTIONS] [PATHS]..."), "{page}");
    for page in [&page, &run(&["man", "check"]).stdout] {
        for section in ["EXIT STATUS", "EXAMPLES", "FILES", "ENVIRONMENT"] {
            assert!(page.contains(&format!(".SH \"{section}\"")) || page.contains(&format!(".SH {section}")), "{page}");
        }
    }
    let commands: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("imagelint\\-")?.strip_suffix("(1)")).collect();
    assert!(commands.contains(&"check") && commands.contains(&"man"), "{commands:?}");
    for command in commands {
        let ran = run(&["man", command]);
        ran.says(&format!(".TH imagelint-{command} 1")).says(&format!("\\fBimagelint {command}\\fR"));
    }
    run(&["man", "chek"]).says("there is no command `chek`; did you mean `check`?").ends_with(2);
}
