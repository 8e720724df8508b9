//! Ids of EC2 resources: a prefix and hexadecimal digits, which the service model does not check.

use crate::aws::resource_id::{IdFault, fault};
use crate::document::secret::quoted;
use crate::finding::Level;
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::context::Context;
use crate::rule::node::Node;

pub(super) static RULES: &[&Rule] = &[&AMI_ID_FORM, &RESOURCE_ID_FORM];

const LONG_IDS: &str = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html";

/// Reports a text that is not that prefix and digits; an empty one is `string-length`'s.
fn check_id<'d>(node: Node<'d>, prefix: &str, cx: &mut Context<'d>) {
    let text = node.text().filter(|text| !text.is_empty());
    let Some((text, fault)) = text.and_then(|text| Some((text, fault(text, prefix)?))) else {
        return;
    };
    let id = quoted(text);
    // The service model takes launch template ids of the long form only.
    let lengths = if prefix == "lt-" { "17" } else { "8 or 17" };
    let message = match fault {
        IdFault::Prefix => format!("`{id}` does not start with `{prefix}`"),
        IdFault::Masked => {
            cx.report(node, format!("`{id}` is masked")).level(Level::Info);
            return;
        }
        IdFault::Character(other) => {
            format!("`{id}` has `{other}` after `{prefix}`; {lengths} hexadecimal digits were expected")
        }
        IdFault::Length(1) => format!("`{id}` has 1 digit after `{prefix}`; {lengths} were expected"),
        IdFault::Length(count) => format!("`{id}` has {count} digits after `{prefix}`; {lengths} were expected"),
        IdFault::Case => format!("`{id}` has upper-case digits; lower-case ones were expected"),
    };
    cx.report(node, message);
}

static AMI_ID_FORM: Rule = Rule {
    name: "ami-id-form",
    level: Level::Warning,
    on: &[
        Shape::Ami,
        Shape::ImageRecipe,
        Shape::ImageRecipeSummary,
        Shape::InstanceConfiguration,
        Shape::ContainerRecipeSummary,
        Shape::PclusterAmiSummary,
        Shape::PclusterOfficialImage,
    ],
    summary: "an AMI id is `ami-` and 8 or 17 hexadecimal digits",
    why: "Any text passes the service model here. An id of another length was shortened or made up, and no AMI \
          has it; one that was masked is only noted.",
    help: "copy the id of the AMI; its digits are 0-9 and a-f in lower case",
    source: &[LONG_IDS, "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Ami.html"],
    check: |holder, cx| {
        let (member, any) = match holder.shape() {
            Shape::Ami => ("image", true),
            Shape::InstanceConfiguration => ("image", false),
            Shape::ContainerRecipeSummary => ("instanceImage", false),
            Shape::PclusterAmiSummary | Shape::PclusterOfficialImage => ("amiId", true),
            _ => ("parentImage", false),
        };
        // Where an image may be named in other ways too, only what starts as an id is meant as one.
        let is_meant = |node: &Node<'_>| any || node.text().is_some_and(|text| text.starts_with("ami-"));
        if let Some(node) = holder.get(member).filter(is_meant) {
            check_id(node, "ami-", cx);
        }
    },
    ..Rule::BASE
};

static RESOURCE_ID_FORM: Rule = Rule {
    name: "resource-id-form",
    level: Level::Warning,
    on: &[
        Shape::InfrastructureConfiguration,
        Shape::Placement,
        Shape::EbsInstanceBlockDeviceSpecification,
        Shape::LaunchTemplateConfiguration,
        Shape::FastLaunchLaunchTemplateSpecification,
    ],
    summary: "ids of EC2 resources are their prefix and 8 or 17 hexadecimal digits",
    why: "Security groups, subnets, hosts, snapshots and launch templates each have their own prefix. Any text passes \
          the service model, save for launch templates.",
    help: "copy the id of the resource; its digits are 0-9 and a-f in lower case",
    source: &[
        LONG_IDS,
        "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_InfrastructureConfiguration.html",
        "service model: LaunchTemplateId",
    ],
    outranks: &["string-pattern"],
    check: |holder, cx| {
        let (member, prefix) = match holder.shape() {
            Shape::InfrastructureConfiguration => {
                for group in holder.get("securityGroupIds").into_iter().flat_map(Node::items) {
                    check_id(group, "sg-", cx);
                }
                ("subnetId", "subnet-")
            }
            Shape::Placement => ("hostId", "h-"),
            Shape::EbsInstanceBlockDeviceSpecification => ("snapshotId", "snap-"),
            _ => ("launchTemplateId", "lt-"),
        };
        let Some(node) = holder.get(member) else {
            return;
        };
        check_id(node, prefix, cx);
    },
    ..Rule::BASE
};
