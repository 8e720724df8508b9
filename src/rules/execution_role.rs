//! The execution role of workflows and logs, and the log groups that depend on it.

use crate::aws::arn::is_amazon;
use crate::aws::partition;
use crate::aws::slug::slug;
use crate::model::typed::shapes::{
    CreateImagePipelineRequest, CreateImageRequest, DistributeImageRequest, Image, ImagePipeline, ImageSummary,
    ImportDiskImageRequest, UpdateImagePipelineRequest, UpdateLifecyclePolicyRequest, WorkflowConfiguration,
};
use crate::rule::prelude::*;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::image::import_type;

pub(super) static RULES: &[&Check] =
    &[&WORKFLOW_EXECUTION_ROLE, &EXECUTION_ROLE_ACCOUNT, &LOG_GROUP_ROLE, &LOG_GROUP_DEFAULT];

/// The shapes that have an execution role, and an ARN of their own or of what they are for.
type Acting = (
    Image,
    ImagePipeline,
    CreateImageRequest,
    CreateImagePipelineRequest,
    UpdateImagePipelineRequest,
    UpdateLifecyclePolicyRequest,
    ImportDiskImageRequest,
    DistributeImageRequest,
);

/// What is built, or what asks for it.
type Asked = (Image, ImagePipeline, CreateImageRequest, CreateImagePipelineRequest, UpdateImagePipelineRequest);

const CREATE_IMAGE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateImage.html";

/// The prefix of the log groups that Image Builder's service-linked role may write to.
const OWN_LOG_GROUPS: &str = "/aws/imagebuilder/";

static WORKFLOW_EXECUTION_ROLE: Check = Check {
    rule: &Rule {
        name: "workflow-execution-role",
        level: Level::Warning,
        summary: "workflows go with an execution role",
        why: "Named workflows replace the default ones and act with a role of yours. Imports do without: they fall \
              back on the service-linked role. For workflows of Amazon's alone it is only noted: captures of builds \
              that asked for none name them, too.",
        help: "add `executionRole`, the name or ARN of an IAM role",
        source: &[CREATE_IMAGE, "service model: CreateImageRequest.executionRole"],
        ..Rule::BASE
    },
    on: &Each::<Asked>(|build, cx| {
        if build.any().cast::<Image>().and_then(import_type).is_some() || build.get(member::ExecutionRole).is_some() {
            return;
        }
        if let Some(workflows) = build.get(member::Workflows).filter(|workflows| workflows.items().next().is_some()) {
            let message = "`workflows` need an `executionRole`; there is none";
            let is_amazons = |workflow: Node<'_, WorkflowConfiguration>| {
                let arn = workflow.get(member::WorkflowArn).and_then(|arn| image_builder_arn(arn, cx));
                arn.is_some_and(|(arn, _)| is_amazon(arn.account))
            };
            let level = match workflows.items().all(is_amazons) {
                _ if cx.is_request() => Level::Error,
                true => Level::Info,
                false => Level::Warning,
            };
            cx.report(workflows, message).level(level).at(workflows.key_span());
        }
    }),
};

static EXECUTION_ROLE_ACCOUNT: Check = Check {
    rule: &Rule {
        name: "execution-role-account",
        level: Level::Warning,
        summary: "the execution role is in the account and partition of what it builds",
        why: "Image Builder takes on the role in the account that the build runs in. No page says that the role must \
              belong to it, but a service is passed roles of its own account only, and no role is valid across \
              partitions. A request has no ARN of its own; its configurations stand for it, which cannot be shared.",
        help: "name a role of the image's own account and partition",
        source: &[
            "derived: the user who starts the build passes the role, and roles are passed within an account",
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
            "service model: CreateImageRequest.executionRole",
        ],
        ..Rule::BASE
    },
    on: &Each::<Acting>(|build, cx| {
        let (Some(node), Some(own)) = (build.get(member::ExecutionRole), own_arn(build)) else {
            return;
        };
        let role = cx.arn(node).map(|role| role.arn).filter(|role| role.service == "iam");
        let (Some(role), Some((build_arn, resource))) = (role, image_builder_arn(own, cx)) else {
            return;
        };
        let known = |name: &str| partition::named(name).is_some();
        let (what, found, expected) =
            if role.partition != build_arn.partition && known(role.partition) && known(build_arn.partition) {
                ("partition", role.partition, build_arn.partition)
            } else if role.account != build_arn.account && role.has_account_id() && build_arn.has_account_id() {
                ("account", role.account, build_arn.account)
            } else {
                return;
            };
        let described = resource.described();
        let message = format!("the execution role is in {what} `{found}`, the {described} in `{expected}`");
        let finding = cx.report(node, message).at(node.slice(found));
        finding.label(own.slice(expected), format!("the {what} of the {described}"));
    }),
};

/// The ARN of what a role acts for; of a request, that of a configuration in the same account.
fn own_arn(build: Node<'_, Acting>) -> Option<Node<'_>> {
    build
        .get_if_any(member::Arn)
        .or_else(|| build.get_if_any(member::LifecyclePolicyArn))
        .or_else(|| build.get_if_any(member::InfrastructureConfigurationArn))
        .or_else(|| build.get_if_any(member::DistributionConfigurationArn))
}

static LOG_GROUP_ROLE: Check = Check {
    rule: &Rule {
        name: "log-group-role",
        level: Level::Warning,
        summary: "log groups outside /aws/imagebuilder/ go with an execution role",
        why: "The service-linked role writes to log groups below /aws/imagebuilder/ only; others need a role of yours. \
              Imports of virtual machines take no other log group at all.",
        help: "add an `executionRole` that may write to the log group, or move the group below /aws/imagebuilder/",
        source: &[
            CREATE_IMAGE,
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImportVmImage.html",
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_PipelineLoggingConfiguration.html",
        ],
        ..Rule::BASE
    },
    on: &Each::<Asked>(|build, cx| {
        let imported = build.any().cast::<Image>().and_then(import_type);
        let imported = imported.filter(|source| source.text() == Some("IMPORT"));
        if imported.is_none() && build.get(member::ExecutionRole).is_some() {
            return;
        }
        for node in log_groups(build).into_iter().flatten() {
            let Some(name) = node.text().filter(|name| !name.starts_with(OWN_LOG_GROUPS)) else {
                continue;
            };
            let name = quoted(name);
            match imported {
                Some(source) => {
                    let message = format!("log group `{name}` of an import is not below `{OWN_LOG_GROUPS}`");
                    let finding = cx.report(node, message).level(Level::Error).label(source.span(), "an import");
                    finding.help("move the log group below /aws/imagebuilder/");
                }
                None => {
                    let message =
                        format!("log group `{name}` is not below `{OWN_LOG_GROUPS}` and there is no `executionRole`");
                    let level = if cx.is_request() { Level::Error } else { Level::Warning };
                    cx.report(node, message).level(level);
                }
            }
        }
    }),
};

/// The log groups that an image or a pipeline names.
fn log_groups(build: Node<'_, Asked>) -> [Option<Node<'_>>; 2] {
    if let Some(image) = build.any().cast::<Image>() {
        return [image.get(member::LoggingConfiguration).and_then(|logging| logging.get(member::LogGroupName)), None];
    }
    if let Some(request) = build.any().cast::<CreateImageRequest>() {
        return [request.get(member::LoggingConfiguration).and_then(|logging| logging.get(member::LogGroupName)), None];
    }
    let pipeline = build.any();
    let logging = pipeline
        .cast::<ImagePipeline>()
        .and_then(|pipeline| pipeline.get(member::LoggingConfiguration))
        .or_else(|| pipeline.cast::<CreateImagePipelineRequest>()?.get(member::LoggingConfiguration))
        .or_else(|| pipeline.cast::<UpdateImagePipelineRequest>()?.get(member::LoggingConfiguration));
    [
        logging.and_then(|logging| logging.get(member::ImageLogGroupName)),
        logging.and_then(|logging| logging.get(member::PipelineLogGroupName)),
    ]
}

static LOG_GROUP_DEFAULT: Check = Check {
    rule: &Rule {
        name: "log-group-default",
        level: Level::Info,
        pedantic: true,
        summary: "a log group below /aws/imagebuilder/ is the image's own",
        why: "An image logs to /aws/imagebuilder/<image name> unless `loggingConfiguration` names another group. \
              Another name there looks like the group of another image.",
        help: "rename the group, or leave `loggingConfiguration` out",
        source: &["https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageLoggingConfiguration.html"],
        ..Rule::BASE
    },
    on: &Each::<(Image, ImageSummary)>(|image, cx| {
        let group = image.get(member::LoggingConfiguration).and_then(|logging| logging.get(member::LogGroupName));
        let (Some(group), Some(name)) = (group, image.get(member::Name)) else {
            return;
        };
        let rest = group.text().and_then(|group| group.strip_prefix(OWN_LOG_GROUPS));
        let (Some(rest), Some(text)) = (rest, name.text()) else {
            return;
        };
        if let Some(slug) = slug(text).filter(|slug| rest != text && rest != slug) {
            let message = format!(
                "log group `{OWN_LOG_GROUPS}{}` is not the default of this image, `{OWN_LOG_GROUPS}{slug}`",
                quoted(rest)
            );
            cx.report(group, message).label(name.span(), "the image's name");
        }
    }),
};
