//! Requests that something else carries: values of options, records of CloudTrail, state machines.

use imagelint::Linter;
use serde_json::{Value, json};

use super::kinds;
use crate::common::Scratch;

const RECIPE: &str = "arn:aws:imagebuilder:us-west-2:123456789012:image-recipe/web/1.0.0";
const COMPONENT: &str = "arn:aws:imagebuilder:us-west-2:123456789012:component/agent/1.0.0";

/// The rules that report something of a document, with the pointers.
fn found(document: &Value) -> Vec<(&'static str, String)> {
    let text = document.to_string();
    let linter = Linter::new();
    let checked = linter.lint("-", &text);
    let place = |location: imagelint::Location| {
        location.embedded_pointer().map_or_else(|| location.pointer().to_owned(), str::to_owned)
    };
    checked.findings().iter().map(|finding| (finding.rule().name, place(finding.location().clone()))).collect()
}

fn machine(operation: &str, key: &str, request: &Value) -> Value {
    let resource = format!("arn:aws:states:::aws-sdk:imagebuilder:{operation}");
    json!({"StartAt": "Call", "States": {"Call": {"Type": "Task", "Resource": resource, key: request, "End": true}}})
}

#[test]
fn the_list_of_an_option_is_one_document() {
    let ebs = json!([{"deviceName": "/dev/xvda", "ebs": {"volumeSize": 8}}]);
    let details = json!([{"action": {"type": "DELETE"}, "filter": {"type": "COUNT", "value": 3}}]);
    let regions = json!([{"region": "us-west-2", "licenseConfigurationArns": []}]);
    for (document, expected) in [
        (json!([{"componentArn": COMPONENT}, {"componentArn": "${COMPONENT}"}]), &["components-option"][..]),
        (ebs, &["block-device-mappings-option"]),
        (regions, &["distributions-option"]),
        (json!([{"workflowArn": COMPONENT.replace("component", "workflow/test")}]), &["workflows-option"]),
        (details, &["policy-details-option"]),
        (json!({"tagMap": {"Team": "web"}}), &["resource-selection-option"]),
        (json!({"scheduleExpression": "cron(0 3 ? * 1 *)", "timezone": "Etc/UTC"}), &["schedule-option"]),
        (json!({"s3Logs": {"s3BucketName": "logs"}}), &["logging-option"]),
        // Another program's, or answers.
        (json!({"s3Logs": {"status": "ENABLED", "location": "logs/builds"}}), &[]),
        (json!({"scheduleExpression": "rate(1 day)", "timezone": "Etc/UTC", "target": {}}), &[]),
        (json!([{}, {"componentArn": COMPONENT}]), &["components-option"]),
        (json!([{"componentArn": COMPONENT}, {"up": true}, {"up": false}]), &["component-configuration"]),
        (json!([{"requestId": "1", "componentArn": COMPONENT}]), &["put-component-policy"]),
        (json!([{"workflowArn": "arn:aws:omics:us-west-2:123456789012:workflow/1"}]), &[]),
    ] {
        assert_eq!(kinds(&document.to_string()), expected, "{document}");
    }
    let twice = json!([{"componentArn": COMPONENT}, {"componentArn": COMPONENT}]);
    assert_eq!(found(&twice), [("component-duplicate", "/1/componentArn".to_owned())]);
}

#[test]
fn what_is_checked_of_a_list_follows_the_kind_that_is_forced() {
    let folder = Scratch::new("kinds/options");
    folder.write("list.json", json!([{"componentArn": COMPONENT, "parameters": 1}]).to_string());
    for (kind, expected) in [("components-option", "at /0/parameters"), ("component-configuration", "at /parameters")] {
        let ran = folder.run(&["--kind", kind, "--format", "concise", "--quiet", "list.json"]);
        assert!(ran.stdout.contains(expected), "{kind}: {}", ran.stdout);
    }
    let listed = folder.run(&["kinds", "list.json"]).stdout;
    assert!(listed.contains("components-option") && listed.lines().count() == 1, "{listed}");
}

#[test]
fn records_hold_the_requests_that_they_name() {
    let record = |name: &str, parameters: &Value| {
        json!({"eventSource": "imagebuilder.amazonaws.com", "eventName": name, "awsRegion": "us-west-2",
            "requestParameters": parameters, "responseElements": null})
    };
    let faulty = json!({"name": "a", "parentImage": "ami-0123456789abcdef0", "clientToken": "x-1"});
    let place = "/requestParameters/name".to_owned();
    assert_eq!(found(&record("CreateImageRecipe", &faulty)), [("resource-name-shape", place)]);
    // What is left out, hidden or encoded, and what no request is recorded of.
    let resource = "arn%3Aaws%3Aimagebuilder%3Aus-west-2%3A123456789012%3Aimage-recipe%2Fweb%2F1.0.0";
    for (name, parameters) in [
        ("CreateImage", json!(null)),
        ("CreateImage", json!({"clientToken": "x-1"})),
        ("CreateComponent", json!({"name": "agent", "platform": "Linux", "dryRun": true})),
        ("CreateComponent", json!({"data": "HIDDEN_DUE_TO_SECURITY_REASONS", "platform": "Linux"})),
        ("TagResource", json!({"resourceArn": resource, "tags": {"Team": "web"}})),
        ("NewOperation", json!({"name": "a"})),
    ] {
        assert_eq!(found(&record(name, &parameters)), [], "{name} {parameters}");
    }
    let mut failed = record("CreateImageRecipe", &faulty);
    failed["errorCode"] = json!("InvalidParameterValueException");
    assert!(found(&failed).iter().all(|(rule, _)| *rule != "resource-name-shape"), "{:?}", found(&failed));
}

#[test]
fn tasks_of_state_machines_are_requests() {
    let request = json!({"ImageRecipeArn": RECIPE, "InfrastructureConfigurationArn.$": "$.infrastructure",
        "Tags": {"Team": "web", "Build.$": "$$.Execution.Id"}, "ImageTestsConfiguration": "{% $tests %}"});
    for key in ["Parameters", "Arguments"] {
        let document = machine("createImage", key, &request);
        assert_eq!(kinds(&document.to_string()), ["state-machine", "create-image-request"], "{document}");
        let rules: Vec<_> = found(&document).into_iter().map(|(rule, _)| rule).collect();
        assert_eq!(rules, ["request-placeholder"], "{document}");
    }
    let wrong = json!({"ImageRecipeArn": RECIPE, "InfrastructureConfigurationArn.$": "$.infrastructure",
        "ImageTestsConfiguration": {"TimeoutMinutes": 30}, "tags.$": "$.tags"});
    let expected = [
        ("request-placeholder", "/States/Call/Parameters/InfrastructureConfigurationArn.$".to_owned()),
        ("number-range", "/States/Call/Parameters/ImageTestsConfiguration/TimeoutMinutes".to_owned()),
        ("member-name-case", "/States/Call/Parameters/tags.$".to_owned()),
    ];
    let mut faults = found(&machine("createImage", "Parameters", &wrong));
    faults.sort_by_key(|(rule, _)| expected.iter().position(|(other, _)| other == rule));
    assert_eq!(faults, expected);
    // Inside others, and in the string that `describe-state-machine` prints.
    let inner = machine("createImage", "Arguments", &json!({"ImageRecipeArn": RECIPE}));
    let each = json!({"StartAt": "Each", "States": {"Each": {"Type": "Map", "ItemProcessor": inner.clone()}}});
    let both = json!({"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "Branches": [each.clone()]}}});
    let printed = json!({"stateMachineArn": "arn:aws:states:us-west-2:123456789012:stateMachine:bake", "definition": both.to_string()});
    for document in [inner, each, both, printed] {
        let rules: Vec<_> = found(&document).into_iter().map(|(rule, _)| rule).collect();
        assert_eq!(rules, ["required-member"], "{document}");
    }
    // A task of another service.
    let other = json!({"StartAt": "Call", "States": {"Call": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:ec2:describeImages"}}});
    assert!(kinds(&other.to_string()).is_empty());
}

#[test]
fn templates_of_cloudformation_are_told_for_what_they_are() {
    let resource = |of: &str| json!({"Resources": {"Recipe": {"Type": of, "Properties": {"Name": "web"}}}}).to_string();
    let message = |text: &str| imagelint::lint(text)[0].message().to_owned();
    let own = message(&resource("AWS::ImageBuilder::ImageRecipe"));
    assert!(own.contains("CloudFormation template") && own.contains("`Recipe`"), "{own}");
    assert!(!message(&resource("AWS::S3::Bucket")).contains("CloudFormation"));
}
