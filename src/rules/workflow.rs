//! The workflows that an image or a pipeline names: their stages, groups, parameters and families.

use crate::model::typed::shapes::{
    WorkflowConfiguration, WorkflowConfigurationList, WorkflowExecutionsList, WorkflowParameterList,
};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::product::{Product, product};
use crate::rules::view::repeat::report_repeated_parameters;
use crate::rules::view::source::IMAGE_DETAILS;
use crate::rules::view::workflow::{STAGES, stage};

pub(super) static RULES: &[&Check] = &[
    &PARALLEL_GROUP_NON_TEST,
    &WORKFLOW_ON_FAILURE_NON_TEST,
    &BUILD_WORKFLOW_COUNT,
    &TEST_WORKFLOW_COUNT,
    &WORKFLOW_OUTPUT_KIND,
    &WORKFLOW_PARAMETER_DUPLICATE,
    &WORKFLOW_ORDER,
];

const CONFIGURATION: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_WorkflowConfiguration.html";

const PIPELINE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/pipeline-workflows.html";

const MANAGE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-image-workflows.html";

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
        summary: "only test workflows are in parallel groups",
        why: "Test workflows of one group run at the same time. Build and distribution workflows have no groups.",
        help: "remove `parallelGroup`",
        source: &[CONFIGURATION, "service model: WorkflowConfiguration.parallelGroup"],
        outranks: &[&structure::STRING_PATTERN, &structure::STRING_LENGTH],
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
        level: Level::Warning,
        summary: "only test workflows have `onFailure`",
        why: "A build goes on after a failed test workflow where `onFailure` says so. After a failed build or distribution \
              workflow there is nothing to go on with. This is no error, since the service may return a default.",
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
        let configured = workflows.any().cast::<WorkflowConfigurationList>().into_iter().flat_map(Node::items);
        let configured = configured.filter_map(|item| item.get(member::WorkflowArn));
        let executed = workflows.any().cast::<WorkflowExecutionsList>().into_iter().flat_map(Node::items);
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
    let family = match workflow.name {
        "build-image" | "test-image" | "distribute-image" => Product::Amis,
        "build-container" | "test-container" | "distribute-container" => Product::Containers,
        _ => return None,
    };
    (arn.account == "aws").then_some((family, workflow.name))
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
        why: "Build, test and distribution follow each other whatever the list says; its order only ranks test workflows.",
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
