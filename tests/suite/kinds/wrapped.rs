//! What tools leave of a response, or wrap around it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use imagelint::Linter;
use serde_json::{Value, json};

use super::{Shapes, kinds};
use crate::common::Scratch;

const IMAGE: &str = "arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1";

/// A response with one fault: the platform in lower case.
fn faulty() -> Value {
    json!({"requestId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
        "image": {"arn": IMAGE, "name": "web", "version": "1.0.0/1", "platform": "linux", "state": {"status": "BUILDING"}}})
}

/// The place of the one fault of a document around [`faulty`], and the place in the string that holds it.
fn place(document: &Value) -> (String, Option<String>) {
    let text = document.to_string();
    let linter = Linter::new();
    let checked = linter.lint("-", &text);
    let [finding] = checked.findings() else { panic!("{document}: {:#?}", checked.findings()) };
    assert_eq!(finding.rule().name, "enum-value", "{document}");
    (finding.location().pointer().to_owned(), finding.location().embedded_pointer().map(str::to_owned))
}

#[test]
fn recorders_and_state_machines_are_unwrapped() {
    let text = faulty().to_string();
    let encoded = STANDARD.encode(&text);
    let request = json!({"method": "GET", "url": "/GetImage"});
    let stub = |body: &str, value: &Value| json!({"request": request, "response": {"status": 200, body: value}});
    let (arn, machine) = (
        "arn:aws:states:us-west-2:123456789012:execution:bake:1",
        "arn:aws:states:us-west-2:123456789012:stateMachine:bake",
    );
    let execution = |input: &str, output: &str| json!({"executionArn": arn, "stateMachineArn": machine, "input": input, "output": output});
    let mixed = json!({"comment": "x", "baked": faulty()}).to_string();
    let log =
        |message: &str| json!({"events": [{"timestamp": 1, "message": "START"}, {"timestamp": 2, "message": message}]});
    for (document, pointer, embedded) in [
        (stub("jsonBody", &faulty()), "/response/jsonBody/image/platform", None),
        (stub("body", &json!(text)), "/response/body", Some("/image/platform")),
        (stub("base64Body", &json!(encoded)), "/response/base64Body", Some("/image/platform")),
        (
            json!({"mappings": [stub("body", &json!("{\"up\":true}")), stub("jsonBody", &faulty())]}),
            "/mappings/1/response/jsonBody/image/platform",
            None,
        ),
        (
            json!({"scope": "https://example.org", "method": "GET", "path": "/GetImage", "response": faulty()}),
            "/response/image/platform",
            None,
        ),
        (json!({"isBase64Encoded": true, "statusCode": 200, "body": encoded}), "/body", Some("/image/platform")),
        (
            json!({"log": {"entries": [{"response": {"content": {"encoding": "base64", "text": encoded}}}]}}),
            "/log/entries/0/response/content/text",
            Some("/image/platform"),
        ),
        (json!({"comment": "x", "baked": faulty()}), "/baked/image/platform", None),
        (json!({"input": {}, "baked": {"Result": faulty()}}), "/baked/Result/image/platform", None),
        (json!({"baked": {"result": {"Payload": faulty()}}}), "/baked/result/Payload/image/platform", None),
        (json!({"baked": [{"region": "x"}, faulty()]}), "/baked/1/image/platform", None),
        (execution("{\"message\":\"go\"}", &mixed), "/output", Some("/baked/image/platform")),
        (execution(&text, "{}"), "/input", Some("/image/platform")),
        (log(&text), "/events/1/message", Some("/image/platform")),
        (json!(text), "", Some("/image/platform")),
        (json!(json!(text).to_string()), "", Some("/image/platform")),
        (json!(["{\"up\":true}", text]), "/1", Some("/image/platform")),
    ] {
        assert_eq!(place(&document), (pointer.to_owned(), embedded.map(str::to_owned)), "{document}");
    }
}

#[test]
fn a_failed_call_is_reported_once_whatever_cloudtrail_keeps_of_it() {
    let record = json!({"eventSource": "imagebuilder.amazonaws.com", "eventName": "GetImage", "errorCode": "ForbiddenException",
        "responseElements": {"message": "no"}});
    let findings = imagelint::lint(&json!({"Records": [record]}).to_string());
    let [finding] = &findings[..] else { panic!("{findings:#?}") };
    assert_eq!(finding.location().pointer(), "/Records/0");
    assert!(finding.message().starts_with("`GetImage` failed with `ForbiddenException`"), "{}", finding.message());
}

#[test]
fn answers_are_known_by_what_they_name() {
    for (document, expected) in [
        (json!({"imageBuildVersionArn": IMAGE}), "create-image"),
        (json!({"requestId": "x", "imageBuildVersionArn": IMAGE, "newMember": 1}), "create-image"),
        (json!({"requestId": "x", "policy": "{\"Action\":\"imagebuilder:GetImage\"}", "newMember": 1}), "get-policy"),
        (json!({"resourceArn": IMAGE}), "start-resource-state-update"),
        (json!({"ResponseMetadata": {"HTTPStatusCode": 200}}), "tag-resource"),
        (json!({"$schema": "https://example.org", "image": {"arn": IMAGE}}), "get-image"),
        (json!({"component": {"arn": IMAGE.replace("image/", "component/")}, "newMember": 1}), "get-component"),
        (
            json!({"requestId": "x", "image": {"arn": IMAGE.replace("imagebuilder", "ec2")}, "latestVersionReferences": {}}),
            "get-image",
        ),
        (json!({"arn": IMAGE.replace("imagebuilder", "imagebuidler"), "state": {"status": "BUILDING"}}), "get-image"),
    ] {
        assert_eq!(kinds(&document.to_string()), [expected], "{document}");
    }
}

/// Other programs have members of these names, too.
#[test]
fn others_with_the_same_names_are_not_taken_for_ours() {
    for other in [
        json!({"bomFormat": "CycloneDX", "components": [{"type": "library", "name": "web"}]}),
        json!({"components": {"schemas": {}}, "openapi": "3.1.0"}),
        json!({"containers": [{"containerArn": "arn:aws:ecs:us-west-2:123456789012:container/1"}]}),
        json!({"containers": [{"name": "web", "image": "web:1"}]}),
        json!({"amis": {"us-west-2": "ami-0123456789abcdef0"}}),
        json!({"distributions": [{"id": "E1", "region": "us-west-2"}]}),
        json!({"region": "us-west-2", "accountId": "123456789012", "name": "prod"}),
        json!({"componentArn": "arn:aws:greengrass:us-west-2:123456789012:components:web"}),
        json!({"StackId": "x", "EventId": "1", "LogicalResourceId": "y", "StackName": "web"}),
        json!({"message": "built", "timestamp": "2026-09-03 05:44:21,121"}),
        json!({"events": [{"timestamp": 1, "message": "{\"up\":true}"}]}),
        json!({"executionArn": "x", "stateMachineArn": "y", "input": "{\"message\":\"go\"}", "output": "{}"}),
        json!({"build": {"message": "done"}, "deploy": {"tags": {"a": "b"}}}),
        json!({"requestId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"}),
        json!(["web", "{\"up\":true}"]),
        json!("web"),
    ] {
        assert_eq!(kinds(&other.to_string()), Vec::<&str>::new(), "{other}");
    }
}

/// `--query` leaves no ARN in some; then something else in the file must tell whose it is.
#[test]
fn parts_of_an_image_in_a_folder_need_a_mark() {
    let folder = Scratch::new("kinds/parts");
    let ami =
        json!({"region": "us-west2", "image": "ami-0c4d8e2f6a1b3957d", "name": "web", "accountId": "123456789012"});
    folder.write("bare.json", json!([ami]).to_string());
    let mut marked = ami.clone();
    marked["description"] = json!(format!("of {IMAGE}"));
    folder.write("marked.json", json!([marked]).to_string());
    folder.write("output.json", json!({"outputResources": {"amis": [ami]}}).to_string());
    folder.write(
        "component.json",
        json!([{"componentArn": "arn:aws:imagebuilder:us-west2:aws:component/web/1.0.0/1"}]).to_string(),
    );
    let ran = folder.run(&["--format", "concise", "--quiet", "."]);
    let files: Vec<&str> = ran.stdout.lines().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(files, ["component.json", "marked.json", "output.json"], "{ran:#?}");
}

#[test]
fn skeletons_of_all_kinds_with_names_of_their_own_are_reported_in_a_folder() {
    // Any service may answer so.
    const OF_MANY: [&str; 1] = ["ListTagsForResource"];
    fn skeleton(value: &Value) -> Value {
        match value {
            Value::String(_) => json!("string"),
            Value::Number(_) => json!(123),
            Value::Array(items) => items.iter().map(skeleton).collect(),
            Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), skeleton(value))).collect(),
            other => other.clone(),
        }
    }
    let folder = Scratch::new("kinds/skeletons");
    let shapes = Shapes::read();
    for (operation, response) in shapes.responses() {
        folder.write(format!("{operation}.json"), skeleton(&response).to_string());
    }
    let ran = folder.run(&["--format", "concise", "--verbose", "."]);
    for (operation, _) in shapes.responses() {
        let name = format!("{operation}.json");
        if OF_MANY.contains(&operation) {
            assert!(ran.stderr.contains(&format!("{name}: nothing in it")), "{operation}: {}", ran.stderr);
            continue;
        }
        let lines: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with(&name)).collect();
        assert!(matches!(lines[..], [line] if line.contains("[skeleton-placeholder]")), "{operation}: {lines:#?}");
    }
}
