//! The workflows that an image or a pipeline names: their stages, groups, parameters and families.

use crate::finding::fix::Fix;
use crate::model::typed::shapes::{
    CreateImagePipelineRequest, CreateImageRequest, ImagePipeline, UpdateImagePipelineRequest, WorkflowBuildVersionArn,
    WorkflowConfiguration, WorkflowConfigurationList, WorkflowExecutionsList, WorkflowParameterList,
    WorkflowVersionArnOrBuildVersionArn, WorkflowWildcardVersionArn,
};
use crate::rule::prelude::*;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::product::{Product, product};
use crate::rules::view::repeat::report_repeated_parameters;
use crate::rules::view::source::IMAGE_DETAILS;
use crate::rules::view::workflow::{STAGES, stage};
use crate::text::suggest;

pub(super) static RULES: &[&Check] = &[
    &PARALLEL_GROUP_NON_TEST,
    &WORKFLOW_ON_FAILURE_NON_TEST,
    &BUILD_WORKFLOW_COUNT,
    &TEST_WORKFLOW_COUNT,
    &WORKFLOW_OUTPUT_KIND,
    &WORKFLOW_PARAMETER_DUPLICATE,
    &WORKFLOW_ORDER,
    &WORKFLOW_MANAGED_KNOWN,
    &WORKFLOW_MANAGED_VERSION,
];

const CONFIGURATION: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_WorkflowConfiguration.html";

const PIPELINE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/pipeline-workflows.html";

const MANAGE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-image-workflows.html";

/// The account in the ARNs of the workflows that Amazon provides.
const AMAZON: &str = "aws";

/// The workflows that Amazon provides: their names, their types, and what they are for.
const MANAGED: [(&str, &str, Product); 6] = [
    ("build-image", STAGES[0], Product::Amis),
    ("test-image", STAGES[1], Product::Amis),
    ("distribute-image", STAGES[2], Product::Amis),
    ("build-container", STAGES[0], Product::Containers),
    ("test-container", STAGES[1], Product::Containers),
    ("distribute-container", STAGES[2], Product::Containers),
];

const TEST: &str = "workflow/test";

/// A member of the configuration of a build or distribution workflow, with the ARN and the type in it. None
/// for test workflows and unknown types.
fn get_in_non_test<'d>(
    configuration: Node<'d, WorkflowConfiguration>,
    member: Slot<WorkflowConfiguration>,
    cx: &Context<'d>,
) -> Option<(Node<'d>, Node<'d>, &'d str)> {
    let node = configuration.get_in(member)?;
    let (arn, kind) = arn_and_type(configuration, cx)?;
    (kind != TEST && STAGES.contains(&kind)).then_some((node, arn, kind))
}

/// The ARN of a workflow configuration, and the type in it.
fn arn_and_type<'d>(configuration: Node<'d, WorkflowConfiguration>, cx: &Context<'d>) -> Option<(Node<'d>, &'d str)> {
    let arn = configuration.get(member::WorkflowArn)?;
    Some((arn, image_builder_arn(arn, cx)?.1.kind))
}

static PARALLEL_GROUP_NON_TEST: Check = Check {
    rule: &Rule {
        name: "parallel-group-non-test",
        level: Level::Warning,
        summary: "only test workflows are in parallel groups",
        why: "Test workflows of one group run at the same time. The member only applies to them; on others it does \
              nothing.",
        help: "remove `parallelGroup`",
        source: &[CONFIGURATION, "service model: WorkflowConfiguration.parallelGroup"],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<WorkflowConfiguration>(|configuration, cx| {
        if let Some((group, arn, kind)) = get_in_non_test(configuration, Slot::of(member::ParallelGroup), cx) {
            let message = format!("`parallelGroup` on a {} workflow; only test workflows have one", stage(kind));
            let finding = cx.report(group, message).at(group.key_span());
            finding.label(arn.slice(kind), "no test workflow").fix(configuration.removal(group));
        }
    }),
};

static WORKFLOW_ON_FAILURE_NON_TEST: Check = Check {
    rule: &Rule {
        name: "workflow-on-failure-non-test",
        summary: "only test workflows have `onFailure`",
        why: "A build goes on after a failed test workflow where `onFailure` says so. It can be set for test workflows \
              only: after a failed build or distribution workflow there is nothing to go on with.",
        help: "remove `onFailure`",
        source: &[CONFIGURATION, "service model: WorkflowConfiguration.onFailure"],
        ..Rule::BASE
    },
    on: &Each::<WorkflowConfiguration>(|configuration, cx| {
        if let Some((on_failure, arn, kind)) = get_in_non_test(configuration, Slot::of(member::OnFailure), cx) {
            let message = format!("`onFailure` on a {} workflow; only test workflows have it", stage(kind));
            cx.report(on_failure, message).at(on_failure.key_span()).label(arn.slice(kind), "no test workflow");
        }
    }),
};

/// The ARNs in a list that name workflows of one type.
fn arns_of_type<'d>(
    workflows: Node<'d, WorkflowConfigurationList>,
    kind: &str,
    cx: &Context<'d>,
) -> impl Iterator<Item = Node<'d>> {
    let stages = workflows.items().filter_map(|item| arn_and_type(item, cx));
    stages.filter(move |(_, found)| *found == kind).map(|(arn, _)| arn)
}

static BUILD_WORKFLOW_COUNT: Check = Check {
    rule: &Rule {
        name: "build-workflow-count",
        level: Level::Warning,
        summary: "there is at most one build workflow, and one distribution workflow",
        why: "Test workflows may be many. What builds and what distributes an image is one workflow each.",
        help: "keep one workflow of that stage",
        source: &[PIPELINE],
        ..Rule::BASE
    },
    on: &Each::<WorkflowConfigurationList>(|workflows, cx| {
        for kind in STAGES.into_iter().filter(|kind| *kind != TEST) {
            let mut found = arns_of_type(workflows, kind, cx);
            let (Some(first), Some(second)) = (found.next(), found.next()) else {
                continue;
            };
            let message = format!("{} {} workflows; at most 1 is allowed", 2 + found.count(), stage(kind));
            let finding = cx.report(workflows, message).at(workflows.key_span());
            finding.label(first.span(), "the first").label(second.span(), "the second");
        }
    }),
};

static TEST_WORKFLOW_COUNT: Check = Check {
    rule: &Rule {
        name: "test-workflow-count",
        level: Level::Warning,
        summary: "there are at most ten test workflows",
        why: "Image Builder takes up to ten test workflows for an image or a pipeline.",
        help: "join test workflows, or drop some",
        source: &[PIPELINE],
        ..Rule::BASE
    },
    on: &Each::<WorkflowConfigurationList>(|workflows, cx| {
        const MOST: usize = 10;
        let mut tests = arns_of_type(workflows, TEST, cx);
        let Some(exceeding) = tests.nth(MOST) else {
            return;
        };
        let message = format!("{} test workflows; at most {MOST} are allowed", MOST + 1 + tests.count());
        cx.report(workflows, message).at(workflows.key_span()).label(exceeding.span(), "one too many");
    }),
};

static WORKFLOW_OUTPUT_KIND: Check = Check {
    rule: &Rule {
        name: "workflow-output-kind",
        level: Level::Warning,
        summary: "Amazon's workflows are those for what is built",
        why: "Amazon provides one family of workflows for AMIs (build-image, test-image, distribute-image) and one for \
              container images (build-container, test-container, distribute-container).",
        help: "take the workflow of the other family, or check the image's type",
        source: &[MANAGE, IMAGE_DETAILS],
        ..Rule::BASE
    },
    on: &Each::<(WorkflowConfigurationList, WorkflowExecutionsList)>(|workflows, cx| {
        let configured = workflows.any().cast::<WorkflowConfigurationList>().map(Node::items).unwrap_or_default();
        let configured = configured.filter_map(|item| item.get(member::WorkflowArn));
        let executed = workflows.any().cast::<WorkflowExecutionsList>().map(Node::items).unwrap_or_default();
        let executed = executed.filter_map(|item| item.get(member::WorkflowBuildVersionArn));
        let built = cx.parent().and_then(product);
        let mut expected = built;
        for node in configured.chain(executed) {
            let Some((family, name)) = amazon_family(node, cx) else {
                continue;
            };
            let Some((other, reason)) = expected else {
                expected = Some((family, node.slice(name)));
                continue;
            };
            if family != other {
                let (family, other) = (family.described(), other.described());
                let (message, says) = if built.is_some() {
                    (format!("`{name}` is for {family}; {other} are built here"), "what is built")
                } else {
                    (format!("`{name}` is for {family}, listed with a workflow for {other}"), "the other family")
                };
                cx.report(node, message).at(node.slice(name)).label(reason, says);
            }
        }
    }),
};

/// What a workflow provided by Amazon produces, and its name.
fn amazon_family<'d>(node: Node<'d>, cx: &Context<'d>) -> Option<(Product, &'d str)> {
    let (arn, workflow) = image_builder_arn(node, cx)?;
    let (_, _, family) = MANAGED.into_iter().find(|(name, ..)| *name == workflow.name)?;
    (arn.account == AMAZON).then_some((family, workflow.name))
}

static WORKFLOW_PARAMETER_DUPLICATE: Check = Check {
    rule: &Rule {
        name: "workflow-parameter-duplicate",
        level: Level::Warning,
        summary: "a workflow's parameter is set once",
        why: "A parameter has one list of values. Which of two entries counts is not documented.",
        help: "keep one entry per name",
        source: &[
            "service model: WorkflowParameter.name",
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_WorkflowParameter.html",
        ],
        ..Rule::BASE
    },
    on: &Each::<WorkflowParameterList>(report_repeated_parameters),
};

static WORKFLOW_ORDER: Check = Check {
    rule: &Rule {
        name: "workflow-order",
        level: Level::Info,
        pedantic: true,
        summary: "workflows are listed in the order of their stages",
        why: "Build, test and distribution follow each other whatever the list says; its order only ranks test \
              workflows.",
        help: "list build workflows first, then test workflows, then distribution workflows",
        source: &[MANAGE],
        ..Rule::BASE
    },
    on: &Each::<WorkflowConfigurationList>(|workflows, cx| {
        let rank = |item| {
            let (arn, kind) = arn_and_type(item, cx)?;
            Some((STAGES.iter().position(|stage| *stage == kind)?, arn))
        };
        let ranked = || workflows.items().filter_map(rank);
        let descends = ranked().zip(ranked().skip(1)).find(|((before, _), (after, _))| after < before);
        if let Some(((before, earlier), (after, later))) = descends {
            let (before, after) = (stage(STAGES[before]), stage(STAGES[after]));
            let message = format!("a {after} workflow is listed after a {before} workflow, but runs before it");
            let finding = cx.report(workflows, message).at(workflows.key_span());
            finding.label(earlier.span(), "runs later").label(later.span(), "runs earlier");
        }
    }),
};

static WORKFLOW_MANAGED_KNOWN: Check = Check {
    rule: &Rule {
        name: "workflow-managed-known",
        level: Level::Info,
        summary: "a workflow of Amazon's is one that Amazon provides for that stage",
        why: "Account `aws` owns one workflow for each stage and kind of output: build-image, test-image and \
              distribute-image for AMIs, and three for container images. Amazon may add others, so another name is \
              only noted.",
        help: "the names are build-image, test-image, distribute-image, build-container, test-container and \
               distribute-container",
        source: &[
            IMAGE_DETAILS,
            MANAGE,
            "https://docs.aws.amazon.com/cdk/api/v2/docs/@aws-cdk_aws-imagebuilder-alpha.AmazonManagedWorkflow.html",
        ],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<(WorkflowVersionArnOrBuildVersionArn, WorkflowBuildVersionArn, WorkflowWildcardVersionArn)>(
        |node, cx| {
            let named = image_builder_arn(node, cx).filter(|(arn, workflow)| {
                arn.account == AMAZON && STAGES.contains(&workflow.kind) && workflow.has_valid_name()
            });
            let Some((_, workflow)) = named else {
                return;
            };
            let (found, name) = (stage(workflow.kind), workflow.name);
            match MANAGED.into_iter().find(|(known, ..)| *known == name) {
                Some((_, kind, _)) if kind == workflow.kind => {}
                Some((_, kind, _)) => {
                    let message =
                        format!("`{name}` of Amazon is a {} workflow; the ARN has `{}`", stage(kind), workflow.kind);
                    cx.report(node, message).at(node.slice(workflow.kind));
                }
                None => {
                    let of_stage = MANAGED.into_iter().filter(|(_, kind, _)| *kind == workflow.kind);
                    let near = suggest::nearest(name, of_stage.map(|(known, ..)| known));
                    let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    let message = format!("Amazon has no {found} workflow `{}`{meant}", quoted(name));
                    let fix = near.map(|near| Fix::risky(format!("write `{near}`"), node.slice(name), near));
                    cx.report(node, message).at(node.slice(name)).fix(fix);
                }
            }
        },
    ),
};

static WORKFLOW_MANAGED_VERSION: Check = Check {
    rule: &Rule {
        name: "workflow-managed-version",
        level: Level::Warning,
        summary: "a pipeline names Amazon's workflows in version x.x.x",
        why: "Image Builder refuses a pipeline that asks for another version of a workflow of Amazon's, so a capture \
              of a pipeline has x.x.x there; so has a request for an image, which has the same list. The capture of an \
              image shows the build that it was resolved to.",
        help: "write x.x.x; each build takes the latest version",
        source: &[
            "observed: the service refuses pipelines with another version, as aws/aws-cdk#29910 quotes",
            "service model: WorkflowConfiguration.workflowArn",
        ],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<Asked>(|build, cx| {
        let level = if cx.is_request() { Level::Error } else { Level::Warning };
        let taker = if build.is::<CreateImageRequest>() { "a request for an image" } else { "a pipeline" };
        for workflow in build.items_of(member::Workflows) {
            let Some(node) = workflow.get(member::WorkflowArn) else {
                continue;
            };
            let named = image_builder_arn(node, cx)
                .filter(|(arn, resource)| arn.account == AMAZON && STAGES.contains(&resource.kind));
            let version = named.and_then(|(_, resource)| resource.version);
            let Some(version) = version.filter(|version| version.is_well_formed() && version.text != LATEST) else {
                continue;
            };
            let place = node.slice(version.text);
            let message = format!(
                "`workflowArn` names version `{}` of a workflow of Amazon's; {taker} takes `{LATEST}` only",
                version.text
            );
            cx.report(node, message).level(level).at(place).fix(Fix::risky(format!("write `{LATEST}`"), place, LATEST));
        }
    }),
};

/// What says which workflows to run.
type Asked = (ImagePipeline, CreateImagePipelineRequest, UpdateImagePipelineRequest, CreateImageRequest);

/// The version that stands for the latest one.
const LATEST: &str = "x.x.x";
