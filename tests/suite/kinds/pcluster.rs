//! The answers of ParallelCluster: which documents are recognised as one, however its members are spelt.

use imagelint::Linter;
use serde_json::{Map, Value, json};

use super::kinds;
use crate::common::{self, fixtures};

/// The kind of the first document in a text.
fn kind(text: &str) -> Option<&'static str> {
    kinds(text).first().copied()
}

/// The clean answers of the corpus; their names start with those of their kinds.
fn answers() -> Vec<(String, Value)> {
    let answers = fixtures("corpus/valid/base").into_iter().filter_map(|path| {
        let name = path.file_stem()?.to_str()?.to_owned();
        name.starts_with("pcluster-").then(|| {
            let text = std::fs::read_to_string(&path).expect("a fixture");
            (name, common::json(&text))
        })
    });
    answers.collect()
}

#[test]
fn answers_are_told_from_one_another() {
    let answers = answers();
    assert!(answers.len() > 15, "only {} answers", answers.len());
    for (name, answer) in answers {
        let expected = match name.as_str() {
            "pcluster-list-images-entry" | "pcluster-list-images-entry-stack" => "pcluster-describe-image",
            _ => &name,
        };
        let kind = kind(&answer.to_string()).unwrap_or_else(|| panic!("{name} is not recognised"));
        assert!(expected.starts_with(kind), "{name} is taken for {kind}");
    }
}

#[test]
fn an_image_is_recognised_without_any_one_member() {
    for name in ["pcluster-describe-image-ami", "pcluster-describe-image-stack"] {
        let (_, answer) = answers().into_iter().find(|(other, _)| other == name).expect("a fixture");
        for member in answer.as_object().expect("an object").keys() {
            let mut rest = answer.clone();
            rest.as_object_mut().expect("an object").remove(member);
            assert_eq!(kind(&rest.to_string()), Some("pcluster-describe-image"), "{name} without {member}");
        }
    }
}

/// A value with the names of its members in snake case, as the Python client prints them.
fn snake_case(value: &Value) -> Value {
    let key = |key: &str| {
        let snake = |char: char| {
            if char.is_ascii_uppercase() { format!("_{}", char.to_ascii_lowercase()) } else { char.to_string() }
        };
        key.chars().map(snake).collect::<String>()
    };
    match value {
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (key(name), snake_case(value))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(snake_case).collect()),
        other => other.clone(),
    }
}

#[test]
fn what_the_python_client_prints_is_one_finding_and_its_fix_restores_the_answer() {
    let linter = Linter::new();
    let mut fixed = 0;
    for (name, answer) in answers() {
        let printed = snake_case(&answer);
        if printed == answer {
            continue;
        }
        let text = printed.to_string();
        assert_eq!(kind(&text), kind(&answer.to_string()), "{name}");
        let checked = linter.lint("-", &text);
        let [finding] = checked.findings() else { panic!("{name}: {:#?}", checked.findings()) };
        assert_eq!(finding.rule().name, "sdk-dump", "{name}");
        let restored = finding.fix().expect("there is a fix").apply(&text);
        assert_eq!(common::json(&restored), answer, "{name}");
        fixed += 1;
    }
    assert!(fixed > 8, "only {fixed} answers");
}

#[test]
fn answers_of_others_are_not_taken_for_any() {
    let others = [
        json!({"Images": [{"ImageId": "ami-0c4d8e2f6a1b3957d", "State": "available", "Architecture": "x86_64"}]}),
        json!({"Images": []}),
        json!({"images": [], "failures": []}),
        json!({"images": [{"registryId": "123456789012", "imageId": {"imageTag": "latest"}, "imageManifest": "{}"}]}),
        json!({"images": [{"id": "sha256:0123", "os": "linux", "architecture": "amd64"}]}),
        json!({"imageDetails": [{"registryId": "123456789012", "imageDigest": "sha256:0123"}]}),
        json!({"imageId": "genomics", "imageConfiguration": "Build:\n  InstanceType: c5.xlarge\n"}),
        json!({"logStreams": [{"logStreamName": "1", "arn": "arn:aws:logs:us-east-2:123456789012:log-group:a"}]}),
        json!({"events": [{"timestamp": 1_790_000_000_000_u64, "message": "m"}], "nextToken": "f/1"}),
        json!({"events": [{"timestamp": "2026-10-02", "message": "m", "ingestionTime": 1}], "nextToken": "f/1"}),
        json!({"events": []}),
        json!({"clusterName": "hpc", "cloudFormationStackStatus": "CREATE_COMPLETE", "clusterStatus": "CREATE_COMPLETE",
            "cloudformationStackArn": "arn:aws:cloudformation:us-east-2:123456789012:stack/hpc/1", "region": "us-east-2"}),
    ];
    for other in others {
        let kind = kind(&other.to_string());
        assert!(!kind.is_some_and(|kind| kind.starts_with("pcluster")), "{other} is taken for {kind:?}");
    }
}
