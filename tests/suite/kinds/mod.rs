//! Which kinds documents are recognised as.

mod folders;
mod pcluster;
mod requests;
mod wrapped;

use std::collections::BTreeMap;

use imagelint::{Finding, Linter};
use serde_json::{Map, Value, json};

use crate::common::{json, text};

/// The names of the kinds that a text holds, envelopes included.
fn kinds(text: &str) -> Vec<&'static str> {
    Linter::new().lint("-", text).kinds()
}

/// The shapes of the service model by their names, as JSON Schemas.
struct Shapes(Map<String, Value>);

impl Shapes {
    fn read() -> Self {
        let Value::Object(shapes) = json(&text("schemas/imagebuilder.json"))["$defs"].take() else {
            panic!("`$defs` is an object");
        };
        Shapes(shapes)
    }

    /// The responses of operations by the operations' names.
    fn responses(&self) -> BTreeMap<&str, Value> {
        let names = self.0.keys().map(String::as_str);
        names
            .filter_map(|name| name.strip_suffix("Response").map(|operation| (operation, self.instance(name))))
            .collect()
    }

    /// A value of a shape with all its members; of one that contains itself, without the inner one.
    fn instance(&self, name: &str) -> Value {
        self.value(&self.0[name], 0)
    }

    fn value(&self, schema: &Value, depth: usize) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.strip_prefix("#/$defs/").expect("references are to shapes");
            return self.value(&self.0[name], depth);
        }
        if let Some(values) = schema["enum"].as_array() {
            return values[0].clone();
        }
        // A timestamp may be a number or a text.
        let types = &schema["type"];
        match types.as_str().or_else(|| types[0].as_str()) {
            Some("object") => match schema["properties"].as_object() {
                Some(members) => {
                    let members = members.iter().filter(|_| depth < 6);
                    members.map(|(name, member)| (name.clone(), self.value(member, depth + 1))).collect()
                }
                None => json!({ "key": self.value(&schema["additionalProperties"], depth + 1) }),
            },
            Some("array") => json!([self.value(&schema["items"], depth + 1)]),
            Some("string") => json!("text"),
            Some("boolean") => json!(true),
            Some("integer" | "number") => json!(1),
            _ => panic!("a value of {schema}"),
        }
    }
}

/// The kind of the response of an operation: its name, but for those that cannot be distinguished.
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
    let shapes = Shapes::read();
    let responses = shapes.responses();
    assert!(responses.len() > 55, "only {} operations", responses.len());
    for (operation, response) in responses {
        let kind = kind_of_operation(operation);
        assert_eq!(kinds(&response.to_string()), [kind.as_str()], "{response:#}");
        let mut by_boto3 = response;
        by_boto3["ResponseMetadata"] = json!({"HTTPStatusCode": 200});
        assert_eq!(kinds(&by_boto3.to_string()), [kind.as_str()], "{operation} by boto3");
    }
}

#[test]
fn empty_lists_are_recognised() {
    let shapes = Shapes::read();
    for (operation, mut list) in shapes.responses() {
        if !operation.starts_with("List") {
            continue;
        }
        for value in list.as_object_mut().expect("a response is an object").values_mut() {
            if let Some(items) = value.as_array_mut() {
                items.clear();
            }
        }
        assert_eq!(kinds(&list.to_string()), [kind_of_operation(operation)], "{list:#}");
    }
}

#[test]
fn entries_of_lists_are_recognised_alone() {
    const IMAGE_BUILDER: &str = "arn:aws:imagebuilder:us-west-2:123456789012:";
    let shapes = Shapes::read();
    for (shape, resource, kind) in [
        ("Image", "image/web/1.0.0/1", "get-image"),
        ("ImageVersion", "image/web/1.0.0", "get-image"),
        ("ImageSummary", "image/web/1.0.0/1", "get-image"),
        ("ImageRecipeSummary", "image-recipe/web/1.0.0", "get-image-recipe"),
        ("ContainerRecipeSummary", "container-recipe/web/1.0.0", "get-container-recipe"),
        ("InfrastructureConfigurationSummary", "infrastructure-configuration/web", "get-infrastructure-configuration"),
        ("DistributionConfigurationSummary", "distribution-configuration/web", "get-distribution-configuration"),
        ("ImagePipeline", "image-pipeline/web", "get-image-pipeline"),
        ("ComponentVersion", "component/web/1.0.0", "get-component"),
        ("ComponentSummary", "component/web/1.0.0/1", "get-component"),
        ("WorkflowVersion", "workflow/test/web/1.0.0", "get-workflow"),
        ("WorkflowSummary", "workflow/test/web/1.0.0/1", "get-workflow"),
        ("LifecyclePolicySummary", "lifecycle-policy/web", "get-lifecycle-policy"),
        ("LifecycleExecution", "", "get-lifecycle-execution"),
        ("LifecycleExecutionResource", "", "lifecycle-execution-resource"),
        ("ImagePackage", "", "image-package"),
        ("ImageScanFinding", "", "image-scan-finding"),
        ("WorkflowExecutionMetadata", "", "workflow-execution"),
        ("WorkflowStepMetadata", "", "workflow-step-execution"),
        ("WorkflowStepExecution", "", "workflow-step-execution"),
        ("ImageState", "", "image-state"),
    ] {
        let mut entry = shapes.instance(shape);
        if !resource.is_empty() {
            entry["arn"] = json!(format!("{IMAGE_BUILDER}{resource}"));
        }
        let entry = entry.to_string();
        let linter = Linter::new();
        let checked = linter.lint("-", &entry);
        assert_eq!(checked.kinds(), [kind], "{shape}");
        let is_unknown = |finding: &&Finding| {
            ["unknown-member", "member-name-case"].contains(&finding.rule().name)
                && finding.location().pointer().matches('/').count() == 1
        };
        let unknown: Vec<_> = checked.findings().iter().filter(is_unknown).map(Finding::message).collect();
        assert!(unknown.is_empty(), "{shape} is taken for a shape without some of its members: {unknown:#?}");
    }
}
