//! What documents are taken for, and what is no document of Image Builder.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use imagelint::document::Document;
use imagelint::model::shape::{Kind, Shape};
use imagelint::recognise::kind::kinds;
use imagelint::recognise::payload::recognise;
use serde_json::{Map, Value, json};

/// The names of the kinds that a text holds, envelopes included.
fn recognised(text: &str) -> Vec<&'static str> {
    let document = Document::parse(text);
    recognise(&document, None).payloads.iter().map(|payload| payload.kind.name).collect()
}

/// A value of a shape with all its members; of one that contains itself, without the inner one.
fn instance(shape: Shape, depth: usize) -> Value {
    match shape.kind() {
        Kind::Structure { members, .. } => {
            let members = members.iter().filter(|_| depth < 6);
            members
                .map(|member| (member.name.to_owned(), instance(member.shape, depth + 1)))
                .collect::<Map<_, _>>()
                .into()
        }
        Kind::List { item, .. } => json!([instance(*item, depth + 1)]),
        Kind::Map { value, .. } => json!({ "key": instance(*value, depth + 1) }),
        Kind::Text { values, .. } => json!(values.first().unwrap_or(&"text")),
        Kind::Integer { .. } | Kind::Number { .. } | Kind::Timestamp => json!(1),
        Kind::Boolean => json!(true),
        Kind::Any => json!({}),
    }
}

/// The kind of the response of an operation: its name, but for those that cannot be told apart.
fn kind_of_operation(operation: &str) -> String {
    match operation {
        "GetImagePolicy" | "GetImageRecipePolicy" | "GetContainerRecipePolicy" | "GetComponentPolicy" => "get-policy",
        "ListImagePipelineImages" => "list-image-build-versions",
        "GetWorkflowExecution" => "workflow-execution",
        "GetWorkflowStepExecution" => "workflow-step-execution",
        "StartImagePipelineExecution"
        | "CancelImageCreation"
        | "RetryImage"
        | "DistributeImage"
        | "ImportDiskImage"
        | "DeleteImage" => "create-image",
        "ImportComponent" | "DeleteComponent" => "create-component",
        "PutImagePolicy" => "import-vm-image",
        "PutImageRecipePolicy" | "DeleteImageRecipe" => "create-image-recipe",
        "PutContainerRecipePolicy" | "DeleteContainerRecipe" => "create-container-recipe",
        "DeleteInfrastructureConfiguration" => "create-infrastructure-configuration",
        "DeleteDistributionConfiguration" => "create-distribution-configuration",
        "DeleteImagePipeline" => "create-image-pipeline",
        "UpdateLifecyclePolicy" | "DeleteLifecyclePolicy" => "update-lifecycle-policy",
        "CancelLifecycleExecution" => "start-resource-state-update",
        name => {
            let upper = |char: char| {
                if char.is_ascii_uppercase() { format!("-{}", char.to_ascii_lowercase()) } else { char.into() }
            };
            let kebab: String = name.chars().map(upper).collect();
            return kebab.trim_start_matches('-').replace("update-", "create-");
        }
    }
    .to_owned()
}

#[test]
fn every_response_is_recognised() {
    let mut operations = 0;
    for (shape, _) in Shape::all() {
        let Some(operation) = shape.name().strip_suffix("Response") else {
            continue;
        };
        operations += 1;
        let kind = kind_of_operation(operation);
        let whole = instance(shape, 0);
        assert_eq!(recognised(&whole.to_string()), [kind.as_str()], "{whole:#}");
        let mut by_boto3 = whole.clone();
        by_boto3["ResponseMetadata"] = json!({"HTTPStatusCode": 200});
        assert_eq!(recognised(&by_boto3.to_string()), [kind.as_str()], "{operation} by boto3");
    }
    assert!(operations > 55, "only {operations} operations");
}

#[test]
fn empty_lists_are_recognised() {
    for (shape, _) in Shape::all() {
        let Some(operation) = shape.name().strip_suffix("Response").filter(|name| name.starts_with("List")) else {
            continue;
        };
        let mut list = instance(shape, 0);
        for value in list.as_object_mut().expect("a response is an object").values_mut() {
            if let Some(items) = value.as_array_mut() {
                items.clear();
            }
        }
        assert_eq!(recognised(&list.to_string()), [kind_of_operation(operation)], "{list:#}");
    }
}

#[test]
fn entries_of_lists_are_recognised_alone() {
    const IMAGE: &str = "arn:aws:imagebuilder:us-west-2:123456789012:";
    for (shape, resource, kind) in [
        (Shape::Image, "image/web/1.0.0/1", "get-image"),
        (Shape::ImageVersion, "image/web/1.0.0", "get-image"),
        (Shape::ImageSummary, "image/web/1.0.0/1", "get-image"),
        (Shape::ImageRecipeSummary, "image-recipe/web/1.0.0", "get-image-recipe"),
        (Shape::ContainerRecipeSummary, "container-recipe/web/1.0.0", "get-container-recipe"),
        (
            Shape::InfrastructureConfigurationSummary,
            "infrastructure-configuration/web",
            "get-infrastructure-configuration",
        ),
        (Shape::DistributionConfigurationSummary, "distribution-configuration/web", "get-distribution-configuration"),
        (Shape::ImagePipeline, "image-pipeline/web", "get-image-pipeline"),
        (Shape::ComponentVersion, "component/web/1.0.0", "get-component"),
        (Shape::ComponentSummary, "component/web/1.0.0/1", "get-component"),
        (Shape::WorkflowVersion, "workflow/test/web/1.0.0", "get-workflow"),
        (Shape::WorkflowSummary, "workflow/test/web/1.0.0/1", "get-workflow"),
        (Shape::LifecyclePolicySummary, "lifecycle-policy/web", "get-lifecycle-policy"),
        (Shape::LifecycleExecution, "", "get-lifecycle-execution"),
        (Shape::LifecycleExecutionResource, "", "lifecycle-execution-resource"),
        (Shape::ImagePackage, "", "image-package"),
        (Shape::ImageScanFinding, "", "image-scan-finding"),
        (Shape::WorkflowExecutionMetadata, "", "workflow-execution"),
        (Shape::WorkflowStepMetadata, "", "workflow-step-execution"),
        (Shape::WorkflowStepExecution, "", "workflow-step-execution"),
        (Shape::ImageState, "", "image-state"),
    ] {
        let mut entry = instance(shape, 0);
        if !resource.is_empty() {
            entry["arn"] = json!(format!("{IMAGE}{resource}"));
        }
        let document = entry.to_string();
        let document = Document::parse(&document);
        let contents = recognise(&document, None);
        let [payload] = contents.payloads.as_slice() else {
            panic!("{}: {:?}", shape.name(), contents.payloads);
        };
        assert_eq!(payload.kind.name, kind, "{}", shape.name());
        let unknown: Vec<_> =
            shape.members().iter().filter(|member| payload.shape.member(member.name).is_none()).collect();
        assert!(unknown.is_empty(), "{} is taken for {}", shape.name(), payload.shape.name());
    }
}

#[test]
fn every_kind_has_a_name_of_its_own() {
    let mut names: Vec<&str> = kinds().map(|kind| kind.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "two kinds share a name: {names:?}");
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

/// What imagelint prints of the files in a folder.
fn concise(folder: &PathBuf) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_imagelint"))
        .args(["--format", "concise", "--quiet"])
        .arg(folder)
        .output()
        .expect("imagelint runs");
    assert_ne!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn documents_of_others_are_passed_over_in_a_folder() {
    let folder = folder("foreign");
    let event = |source: &str, kind: &str, resource: &str| {
        json!({"version": "0", "id": "1", "detail-type": kind, "source": source, "account": "123456789012", "time": "2026-09-03T05:44:21Z",
            "region": "us-west-2", "resources": [resource], "detail": {"state": "running"}})
    };
    let notice = |message: &str| json!({"Type": "Notification", "TopicArn": "arn:aws:sns:us-west-2:123456789012:alarms", "Message": message});
    let record = json!({"eventVersion": "1.11", "eventSource": "ec2.amazonaws.com", "eventName": "RunInstances", "awsRegion": "us-west-2", "responseElements": {"requestId": "1"}});
    let foreign = [
        json!({"name": "web", "version": "1.0.0", "message": "hello", "scripts": {"test": "true"}, "workflow": "x", "description": "y"}),
        json!({"compilerOptions": {"strict": true}, "include": ["src"]}),
        json!({"format_version": "1.2", "planned_values": {"root_module": {}}, "resource_changes": [], "configuration": {}}),
        json!({"image": {"registryId": "123456789012", "repositoryName": "web", "imageId": {"imageDigest": "sha256:0"}, "imageManifest": "{}"}}),
        json!({"image": {"repository": "example.org/web", "version": "1.2.3", "pullPolicy": "Always"}, "replicas": 2}),
        json!({"image": {"name": "web", "version": "1", "tags": []}}),
        json!({"image": {"name": "ruby:3.4", "entrypoint": ["/bin/sh"]}}),
        json!({"image": {"state": "active", "name": "debian"}, "links": {}}),
        json!({"image": {}}),
        json!({"name": "my-imagebuilder-thing", "version": "1", "message": "hello"}),
        json!({"workflow": {"name": "imagebuilder", "version": "1"}}),
        json!({"imagePipeline": "imagebuilder:latest"}),
        json!({"policy": "https://imagebuilder.example.com"}),
        json!({"componentSummaryList": [{"id": 1}]}),
        json!({"imageRecipe": "carbonara"}),
        json!({"image_recipe": {"version": "1.0.0", "parent_image": "arn:aws:imagebuilder:us-west-2:aws:image/amazon-linux-2023-x86/x.x.x"},
            "infrastructure_configuration": {"instance_types": ["t3.micro"]}}),
        json!({"ImagePipeline": {"Type": "AWS::ImageBuilder::ImagePipeline"}}),
        json!({"component": {"bom-ref": "web", "type": "application", "name": "web", "version": "4.17"}}),
        json!({"workflow": {"id": 1, "name": "CI", "path": ".github", "state": "active"}}),
        json!({"StepExecutionId": "8a0b", "StepName": "run", "Action": "aws:runCommand", "StepStatus": "Success"}),
        json!({"steps": [{"stepExecutionId": 17, "status": "COMPLETED"}]}),
        json!({"action": "block", "workflowExecutionId": "wf-1", "status": "pending"}),
        json!({"stepExecutionId": "step-execution-1", "status": "succeeded"}),
        json!({"workflowExecutions": [{"id": "c7", "status": "EXECUTING"}]}),
        json!({"events": [{"EventId": "1", "StackId": "arn:aws:cloudformation:us-west-2:123456789012:stack/a/b", "LogicalResourceId": "x"}]}),
        json!({"imageId": "sha256:1", "imageConfiguration": {"labels": {}}}),
        json!({"amiId": "ami-0123456789abcdef0", "os": "linux", "architecture": "x86_64"}),
        json!({"awsAccountId": "123456789012", "severity": {"label": "HIGH"}, "title": "x"}),
        json!({"aggregationType": "daily", "responses": []}),
        json!({"imageArn": "arn:aws:appstream:us-west-2:123456789012:image/x", "requestId": "x"}),
        json!({"policy": "strict", "requestId": "x"}),
        json!({"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "message": "no"}),
        json!({"name": "TypeError", "message": "x is not a function", "code": "TypeError"}),
        json!({"status_code": 400, "data": {"Error": {"Code": "ResourceNotFoundException", "Message": "x"}, "ResponseMetadata": {"HTTPStatusCode": 400}}}),
        json!({"stepExecutionId": "step-01234567-89ab-cdef-0123-456789abcdef", "action": "RESUME", "clientToken": "x",
            "imageBuildVersionArn": "arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1"}),
        json!({"Images": [{"ImageId": "ami-0123456789abcdef0", "State": "available"}]}),
        json!({"Steps": [{"Id": "s-1", "Name": "build", "Status": {"State": "COMPLETED"}}]}),
        json!({"Workflow": {"Name": "nightly", "Graph": {}}}),
        json!({"component": {"arn": "arn:aws:proton:us-west-2:123456789012:component/web", "name": "web", "description": "x"}}),
        json!({"aggregationType": "ACCOUNT", "responses": [{"accountAggregation": {"accountId": "123456789012"}}]}),
        json!({"findings": [{"findingArn": "arn:aws:inspector2:us-west-2:123456789012:finding/1", "packageVulnerabilityDetails": {}}]}),
        json!({"Policy": "{\"Version\":\"2012-10-17\"}"}),
        json!({"tags": {"team": "web"}}),
        json!({"message": "all is well"}),
        json!({"status": "FAILED", "reason": "the tests failed"}),
        json!({"packageName": "web", "packageVersion": "1"}),
        json!({"log": {"entries": [{"response": {"content": {"text": "{\"ok\":true}"}}}]}}),
        json!({"clusterName": "web", "clusterStatus": "CREATE_COMPLETE", "cloudformationStackStatus": "CREATE_COMPLETE", "region": "us-west-2",
            "cloudformationStackArn": "arn:aws:cloudformation:us-west-2:123456789012:stack/web/1", "version": "3.13.0"}),
        json!({"interactions": [{"response": {"body": {"string": "{\"message\":\"not found\"}"}}}]}),
        json!({"statusCode": 200, "body": "{\"ok\":true}"}),
        event(
            "aws.ec2",
            "EC2 Instance State-change Notification",
            "arn:aws:ec2:us-west-2:123456789012:instance/i-0123456789abcdef0",
        ),
        event("aws.tag", "Tag Change on Resource", "arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1"),
        notice("CPU is high"),
        notice("{\"AlarmName\":\"cpu\",\"NewStateValue\":\"ALARM\"}"),
        json!({"Records": [record]}),
        record,
    ];
    for (index, document) in foreign.iter().enumerate() {
        fs::write(folder.join(format!("{index:02}.json")), document.to_string()).expect("a file");
    }
    assert_eq!(concise(&folder), "");
}

#[test]
fn documents_of_ours_are_checked_in_a_folder_even_without_an_arn() {
    let folder = folder("own");
    let own = [
        json!({"image": {"state": {"status": "AVAILABEL"}}}),
        json!({"image": {"platform": "linux"}}),
        json!({"imageRecipe": {"components": [{"componentARN": "x"}]}}),
        json!({"infrastructureConfiguration": {"instanceTypes": ["t3.micro"], "instanceProfileName": "my profile"}}),
        json!({"image": {"buildType": "SCHEDULED", "platform": "linux"}}),
        json!({"requestId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "image": {"name": "web", "platform": "linux"}}),
        json!({"imageSummaryList": [{"platform": "linux"}]}),
        json!({"stepExecutionId": "step-01234567-89ab-cdef-0123-456789abcdef", "status": "DONNE", "action": "Reboot"}),
        json!({"workflowExecutionId": "wf-01234567-89ab-cdef-0123-456789abcdef", "status": "COMPLETE"}),
        json!({"workflowExecutions": [{"workflowExecutionId": "wf-01234567-89ab-cdef-0123-456789abcdef", "status": "COMPLETE"}],
            "imageBuildVersionArn": "arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1", "message": "all"}),
        json!({"lifecycleExecutionId": "lce-1"}),
        json!({"lifecycleExecution": {"lifecycleExecutionId": "lce-01234567-89ab-cdef-0123-456789abcdef", "state": {"status": "DONE"}}}),
        json!({"requestId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "image": "web"}),
        json!({"requestId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "imageVersionList": [], "nextToken": ""}),
        json!({"aggregationType": "account", "responses": [{"accountAggregation": {"accountId": "12345"}}]}),
        json!({"Component": {"Arn": "arn:aws:imagebuilder:us-west-2:123456789012:component/web/1.0.0/1", "Name": "web", "Version": "1.0.0"}}),
        json!({"ClientToken": "x", "ImageBuildVersionArn": "arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1",
            "RequestId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"}),
        json!({"image_id": "web", "image_build_status": "BUILD_COMPLETED", "region": "us-west-2"}),
        json!({"message": "refused", "configurationValidationErrors": [{"level": "BAD", "type": "x", "message": "y"}]}),
        json!({"events": [{"eventId": "1", "stackId": "x", "logicalResourceId": "y", "stackName": "web"}]}),
        json!({"imageId": "web", "imageBuildStatus": "BUILD_COMPLETED", "region": "us-west-2"}),
        json!({"detail-type": "relayed", "detail": {"Type": "Notification", "TopicArn": "arn:aws:sns:us-west-2:123456789012:builds",
            "Message": "{\"arn\":\"arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1\",\"semver\":\"x\",\"buildVersion\":1}"}}),
        json!({"requestId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "componentArn": "arn:aws:imagebuilder:us-west-2:123456789012:componet/web/1.0.0/1"}),
        json!({"lifecyclePolicyArn": "arn:aws:imagebuilder:us-west-2:123456789012:lifecycle-polcy/web"}),
    ];
    for (index, document) in own.iter().enumerate() {
        fs::write(folder.join(format!("{index:02}.json")), document.to_string()).expect("a file");
    }
    let lines = concise(&folder);
    for (index, document) in own.iter().enumerate() {
        assert!(lines.contains(&format!("{index:02}.json:1:")), "nothing is said of {document}\n{lines}");
    }
}

#[test]
fn errors_that_name_image_builder_are_reported_in_a_folder() {
    let folder = folder("errors");
    for (name, text) in [
        ("boto3", r#"{"Error": {"Code": "ForbiddenException", "Message": "not allowed: imagebuilder:GetImage"}}"#),
        ("typed", r#"{"__type": "com.amazonaws.imagebuilder#ForbiddenException", "message": "no"}"#),
        ("text", "\nAn error occurred (ForbiddenException) when calling the GetImage operation: no\n"),
        ("anybody", r#"{"message": "no"}"#),
    ] {
        fs::write(folder.join(name).with_extension("json"), text).expect("a file");
    }
    let lines = concise(&folder);
    assert_eq!(lines.lines().count(), 3, "{lines}");
    assert!(
        lines.lines().all(|line| line.contains("[error-document]") && line.contains("`ForbiddenException`")),
        "{lines}"
    );
    assert!(!lines.contains("anybody"));
}
