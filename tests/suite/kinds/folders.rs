//! Which documents in a folder are checked: those that have a mark of Image Builder.

use serde_json::json;

use crate::common::Scratch;

/// A concise report on a folder.
fn concise(folder: &Scratch) -> String {
    let ran = folder.run(&["--format", "concise", "--quiet", "."]);
    assert_ne!(ran.status, 2, "{ran:#?}");
    ran.stdout
}

#[test]
fn documents_of_others_are_skipped_in_a_folder() {
    let folder = Scratch::new("kinds/others");
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
        json!({"amiId": "ami-00605eba35535a508", "os": "linux", "architecture": "x86_64"}),
        json!({"awsAccountId": "123456789012", "severity": {"label": "HIGH"}, "title": "x"}),
        json!({"aggregationType": "daily", "responses": []}),
        json!({"imageArn": "arn:aws:appstream:us-west-2:123456789012:image/x", "requestId": "x"}),
        json!({"policy": "strict", "requestId": "x"}),
        json!({"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "message": "no"}),
        json!({"name": "TypeError", "message": "x is not a function", "code": "TypeError"}),
        json!({"status_code": 400, "data": {"Error": {"Code": "ResourceNotFoundException", "Message": "x"}, "ResponseMetadata": {"HTTPStatusCode": 400}}}),
        json!({"Images": [{"ImageId": "ami-00605eba35535a508", "State": "available"}]}),
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
            "arn:aws:ec2:us-west-2:123456789012:instance/i-0a301c05c9b35d2d2",
        ),
        event("aws.tag", "Tag Change on Resource", "arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1"),
        notice("CPU is high"),
        notice("{\"AlarmName\":\"cpu\",\"NewStateValue\":\"ALARM\"}"),
        json!({"Records": [record]}),
        record,
    ];
    for (index, document) in foreign.iter().enumerate() {
        folder.write(format!("{index:02}.json"), document.to_string());
    }
    assert_eq!(concise(&folder), "");
}

#[test]
fn documents_of_ours_are_checked_in_a_folder_even_without_an_arn() {
    let folder = Scratch::new("kinds/ours");
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
        folder.write(format!("{index:02}.json"), document.to_string());
    }
    let lines = concise(&folder);
    for (index, document) in own.iter().enumerate() {
        assert!(lines.contains(&format!("{index:02}.json:1:")), "nothing is said of {document}\n{lines}");
    }
}

#[test]
fn errors_that_name_image_builder_are_reported_in_a_folder() {
    let folder = Scratch::new("kinds/errors");
    for (name, text) in [
        ("boto3", r#"{"Error": {"Code": "ForbiddenException", "Message": "not allowed: imagebuilder:GetImage"}}"#),
        ("typed", r#"{"__type": "com.amazonaws.imagebuilder#ForbiddenException", "message": "no"}"#),
        ("text", "\nAn error occurred (ForbiddenException) when calling the GetImage operation: no\n"),
        ("anybody", r#"{"message": "no"}"#),
        ("other", "An error occurred (AccessDenied) when calling the ListBuckets operation: no\n"),
    ] {
        folder.write(format!("{name}.json"), text);
    }
    let lines = concise(&folder);
    assert_eq!(lines.lines().count(), 3, "{lines}");
    assert!(
        lines.lines().all(|line| line.contains("[error-document]") && line.contains("`ForbiddenException`")),
        "{lines}"
    );
    assert!(!lines.contains("anybody"));
}

#[test]
fn the_names_of_recordings_and_the_printed_syntax_of_answers_show_whose_they_are() {
    let folder = Scratch::new("kinds/recordings");
    let tagged = r#"{"status_code": 200, "data": {"ResponseMetadata": {"HTTPStatusCode": 200}}}"#;
    folder.write("imagebuilder.TagResource_1.json", tagged);
    folder.write("ec2.CreateTags_1.json", tagged);
    for (name, text) in [
        ("policy", r#"{"requestId": "string", "policy": "string"}"#),
        ("imported", r#"{"clientToken": "string", "imageArn": "string", "requestId": "string"}"#),
        ("resource", r#"{"data": "string", "resourceArn": "string", "url": "string"}"#),
        ("of-others", r#"{"tags": {"string": "string"}}"#),
    ] {
        folder.write(format!("{name}.json"), text);
    }
    let checked = folder.run(&["--format", "concise", "."]);
    assert_eq!(checked.stdout.matches("[skeleton-placeholder]").count(), 3, "{}", checked.stdout);
    assert!(checked.stderr.contains("4 files checked"), "{}", checked.stderr);
}
