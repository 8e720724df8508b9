//! What holds of every request: tokens, dry runs, placeholders, files, members of responses.

use crate::model::typed::shapes::{
    CreateComponentRequest, CreateContainerRecipeRequest, CreateDistributionConfigurationRequest,
    CreateImagePipelineRequest, CreateImageRecipeRequest, CreateInfrastructureConfigurationRequest,
    CreateLifecyclePolicyRequest, CreateWorkflowRequest, DistributeImageRequest, Distribution, DistributionList,
    Filter, ImageScanFindingsFilter, Payload, Schedule, UpdateImagePipelineRequest, UpdateLifecyclePolicyRequest,
};
use crate::rule::prelude::*;
use crate::rules::{Entry, distribution, policy, structure, user_data};
use crate::text::suggest;

pub(super) static RULES: &[Entry] = &[
    Entry::Rule(REQUEST_RESPONSE_MEMBER),
    Entry::Rule(UPDATE_FIXED_MEMBER),
    Entry::Check(&CLIENT_TOKEN_STORED),
    Entry::Check(&REQUEST_DRY_RUN),
    Entry::Check(&PLACEHOLDER),
    Entry::Check(&CLI_FILE_REFERENCE),
    Entry::Check(&UPDATE_RESETS),
    Entry::Check(&DISTRIBUTION_KIND_EXCLUSIVE),
    Entry::Check(&DISTRIBUTION_LIST_EMPTY),
    Entry::Check(&SCHEDULE_INCOMPLETE),
    Entry::Check(&IMAGE_TAGS_UNSCHEDULED),
    Entry::Check(&DISTRIBUTE_SOURCE_FORM),
    Entry::Check(&FILTER_NAME_KNOWN),
];

/// The rule on members that only responses have.
pub(crate) static REQUEST_RESPONSE_MEMBER: &Rule = &Rule {
    name: "request-response-member",
    summary: "a request has no member that only the response has",
    why: "A request that was made of a response keeps what the service says about the resource, such as its ARN, its \
          dates and its owner. Clients refuse the call for each of them. What the response calls `version` the request \
          calls `semanticVersion`.",
    help: "leave the member out, or name it as the request does",
    source: &["service model: imagebuilder 2019-12-02, the inputs of its operations"],
    outranks: &[&structure::UNKNOWN_MEMBER],
    ..Rule::BASE
};

/// The rule on what an update cannot change.
pub(crate) static UPDATE_FIXED_MEMBER: &Rule = &Rule {
    name: "update-fixed-member",
    summary: "an update has no member that it cannot change",
    why: "The name of a resource stays as it was created, tags are changed by TagResource and UntagResource, and \
          versions are those of new resources. Clients refuse an update that has one of them.",
    help: "leave the member out; tags have operations of their own",
    source: &[
        "service model: UpdateInfrastructureConfigurationRequest",
        "service model: UpdateDistributionConfigurationRequest",
        "service model: UpdateImagePipelineRequest",
        "service model: UpdateLifecyclePolicyRequest",
    ],
    outranks: &[&structure::UNKNOWN_MEMBER],
    ..Rule::BASE
};

static CLIENT_TOKEN_STORED: Check = Check {
    rule: &Rule {
        name: "client-token-stored",
        level: Level::Warning,
        summary: "no client token is stored with a request",
        why: "The token tells the service that a call is a repetition of another. With a stored one every later call \
              answers with the first result and does nothing. Clients make a new one where there is none.",
        help: "leave `clientToken` out",
        source: &[
            "service model: CreateImageRecipeRequest.clientToken",
            "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Run_Instance_Idempotency.html",
        ],
        fixes: Rule::SAFELY,
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<Payload>(|root, cx| {
        // A record of CloudTrail shows the token of one call.
        if cx.is_recorded() {
            return;
        }
        if let Some(token) =
            root.get_if_any(member::ClientToken).filter(|token| token.text().is_some_and(|text| !text.is_empty()))
        {
            let message = "`clientToken` is stored: a second call with it does nothing";
            cx.report(token, message).at(token.key_span()).fix(root.removal(token));
        }
    }),
};

static REQUEST_DRY_RUN: Check = Check {
    rule: &Rule {
        name: "request-dry-run",
        level: Level::Info,
        summary: "a stored request is no dry run",
        why: "With `dryRun` the service checks the request and creates nothing: the call ends in an error, \
              DryRunOperationException.",
        help: "leave `dryRun` out where the resource is wanted",
        source: &["service model: CreateComponentRequest.dryRun"],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<(
        CreateComponentRequest,
        CreateContainerRecipeRequest,
        CreateDistributionConfigurationRequest,
        CreateImagePipelineRequest,
        CreateImageRecipeRequest,
        CreateInfrastructureConfigurationRequest,
        CreateLifecyclePolicyRequest,
        CreateWorkflowRequest,
    )>(|request, cx| {
        let run = request.get(member::DryRun).filter(|run| run.boolean() == Some(true));
        if let Some(run) = run.filter(|_| !cx.is_recorded()) {
            cx.report(run, "`dryRun` is `true`: nothing is created").fix(request.removal(run));
        }
    }),
};

/// The rule on placeholders, which is the only one that reports faults of them.
pub(crate) static REQUEST_PLACEHOLDER: &Rule = &Rule {
    name: "request-placeholder",
    level: Level::Info,
    summary: "what a template fills in is known as such",
    why: "Requests are kept as templates, with `${NAME}`, `<name>`, `{{ name }}`, `REPLACE_ME` or `NAME_OF_THIS` in the \
          place of values. Such a value cannot be checked: all other rules are silent on it, and this one names the \
          first of them. Variables of Image Builder and free texts are no placeholders.",
    help: "nothing to do, if a program fills it in before the request is sent",
    source: &["observed: in requests that are kept in public repositories"],
    sides: Sides::Requests,
    ..Rule::BASE
};

static PLACEHOLDER: Check = Check {
    rule: REQUEST_PLACEHOLDER,
    on: &Each::<Payload>(|_, cx| {
        // What is masked in a record no template fills in.
        if cx.is_recorded() {
            return;
        }
        let masks: Vec<_> = cx.masks().collect();
        for (node, range) in masks {
            let text = quoted(&node.written_text().unwrap_or_default()[range.clone()]);
            let message = format!("`{}` has the placeholder `{text}`", node.member_or_list());
            cx.report(node, message).at(node.part(range)).collectively();
        }
    }),
};

static CLI_FILE_REFERENCE: Check = Check {
    rule: &Rule {
        name: "cli-file-reference",
        level: Level::Warning,
        summary: "no value inside a request names a file of the command line",
        why: "The AWS CLI opens `file://` and `fileb://` where they stand for a whole option. Inside JSON it does not: \
              the words themselves are sent.",
        help: "put the contents of the file here, or give the option by itself",
        source: &["https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html"],
        outranks: &[user_data::USER_DATA_BASE64.rule, policy::POLICY_JSON.rule],
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<Payload>(|root, cx| {
        let nodes: Vec<_> = cx.descendants(root).collect();
        for node in nodes {
            let scheme = |text: &str| ["file://", "fileb://"].into_iter().find(|scheme| text.starts_with(scheme));
            if let Some(scheme) = node.text().and_then(scheme) {
                let message = format!("`{}` begins with `{scheme}`, which is sent as it is", node.member_or_list());
                cx.report(node, message).at(node.part(0..scheme.len()));
            }
        }
    }),
};

static UPDATE_RESETS: Check = Check {
    rule: &Rule {
        name: "update-resets",
        level: Level::Info,
        pedantic: true,
        summary: "an update repeats what is to stay",
        why: "An update replaces the whole configuration. What it leaves out is reset: a pipeline loses its schedule \
              and its distribution, and what was disabled is enabled again.",
        help: "repeat the member with the value that it has",
        source: &[
            "service model: UpdateImagePipelineRequest.schedule",
            "service model: UpdateImagePipelineRequest.status",
            "service model: UpdateLifecyclePolicyRequest.status",
        ],
        ..Rule::BASE
    },
    on: &Each::<(UpdateImagePipelineRequest, UpdateLifecyclePolicyRequest)>(|update, cx| {
        let names: &[&str] = match update.exact_shape() {
            Shape::UpdateImagePipelineRequest => &["schedule", "status", "distributionConfigurationArn"],
            _ => &["status"],
        };
        let missing: Vec<String> = names
            .iter()
            .filter(|name| !update.keys().any(|key| key == **name))
            .map(|name| format!("`{name}`"))
            .collect();
        if !missing.is_empty() {
            let message = format!("the update leaves out {}, which it resets", missing.join(", "));
            cx.report(update, message).at(update.heading());
        }
    }),
};

static DISTRIBUTION_KIND_EXCLUSIVE: Check = Check {
    rule: &Rule {
        name: "distribution-kind-exclusive",
        summary: "an entry distributes AMIs or container images",
        why: "The settings of one entry are for one kind of image; with both the configuration cannot be created.",
        help: "keep the settings for one kind in an entry",
        source: &[
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-imagebuilder-distributionconfiguration-distribution.html",
        ],
        outranks: &[distribution::DISTRIBUTION_KIND.rule],
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<Distribution>(|entry, cx| {
        let amis = entry.get(member::AmiDistributionConfiguration);
        let containers = entry.get(member::ContainerDistributionConfiguration);
        if let (Some(amis), Some(containers)) = (amis, containers) {
            let message = "an entry has `amiDistributionConfiguration` and `containerDistributionConfiguration`; one of \
                           them was expected";
            let finding = cx.report(containers, message).at(containers.key_span());
            finding.says("for container images").label(amis.key_span(), "for AMIs");
        }
    }),
};

static DISTRIBUTION_LIST_EMPTY: Check = Check {
    rule: &Rule {
        name: "distribution-list-empty",
        level: Level::Info,
        summary: "a distribution configuration distributes to a region",
        why: "The model takes an empty list. A configuration with one does nothing, and an update with one wipes what \
              there was.",
        help: "add an entry for each region",
        source: &["service model: DistributionList"],
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<DistributionList>(|list, cx| {
        if list.items().next().is_none() {
            cx.report(list, "`distributions` is empty; the configuration does nothing").at(list.key_span());
        }
    }),
};

static SCHEDULE_INCOMPLETE: Check = Check {
    rule: &Rule {
        name: "schedule-incomplete",
        level: Level::Warning,
        summary: "a schedule has an expression",
        why: "The time zone, the condition and the policy of a schedule say how it runs. When it runs is in \
              `scheduleExpression`, and without one it never does.",
        help: "add `scheduleExpression`, or drop the schedule",
        source: &["service model: Schedule"],
        sides: Sides::Requests,
        ..Rule::BASE
    },
    on: &Each::<Schedule>(|schedule, cx| {
        if !schedule.is_empty() && schedule.find(member::ScheduleExpression).is_none() {
            cx.report(schedule, "`schedule` has no `scheduleExpression`").at(schedule.heading());
        }
    }),
};

static IMAGE_TAGS_UNSCHEDULED: Check = Check {
    rule: &Rule {
        name: "image-tags-unscheduled",
        level: Level::Info,
        summary: "a pipeline with `imageTags` has a schedule",
        why: "These tags are set on images of scheduled runs only. An image of a run that is started by hand has those \
              of that call.",
        help: "add a schedule, or give the tags with each run",
        source: &["service model: CreateImagePipelineRequest.imageTags"],
        ..Rule::BASE
    },
    on: &Each::<(CreateImagePipelineRequest, UpdateImagePipelineRequest)>(|pipeline, cx| {
        if let (Some(tags), None) = (pipeline.get(member::ImageTags), pipeline.get(member::Schedule)) {
            cx.report(tags, "`imageTags` are for scheduled runs; there is no `schedule`").at(tags.key_span());
        }
    }),
};

static DISTRIBUTE_SOURCE_FORM: Check = Check {
    rule: &Rule {
        name: "distribute-source-form",
        level: Level::Warning,
        summary: "the image to distribute is named by an id, a parameter or an ARN",
        why: "DistributeImage takes the id of an AMI, an SSM parameter after `ssm:`, or the ARN of an image. A name \
              alone leads to no image.",
        help: "write ami-…, ssm:<parameter> or the ARN of an image",
        source: &["service model: DistributeImageRequest.sourceImage"],
        ..Rule::BASE
    },
    on: &Each::<DistributeImageRequest>(|request, cx| {
        let Some((source, text)) = request.get_with_text(member::SourceImage) else {
            return;
        };
        let is_image = || text.starts_with("arn:") && text.contains(":imagebuilder:") && text.contains(":image/");
        if !(text.is_empty() || text.starts_with("ami-") || text.starts_with("ssm:") || is_image()) {
            let message = format!(
                "`sourceImage` is `{}`; an AMI id, an `ssm:` parameter or the ARN of an image was expected",
                quoted(text)
            );
            cx.report(source, message);
        }
    }),
};

static FILTER_NAME_KNOWN: Check = Check {
    rule: &Rule {
        name: "filter-name-known",
        level: Level::Warning,
        summary: "a list is filtered by what its operation filters by",
        why: "Each List operation has filters of its own, and their names are case-sensitive. One that the operation \
              does not have filters nothing, or makes it refuse the call.",
        help: "take one of the filters of the operation",
        source: &[
            "service model: ListComponentsRequest.filters",
            "service model: ListContainerRecipesRequest.filters",
            "service model: ListDistributionConfigurationsRequest.filters",
            "service model: ListImageBuildVersionsRequest.filters",
            "service model: ListImagePipelineImagesRequest.filters",
            "service model: ListImagePipelinesRequest.filters",
            "service model: ListImageRecipesRequest.filters",
            "service model: ListImageScanFindingAggregationsRequest.filter",
            "service model: ListImageScanFindingsRequest.filters",
            "service model: ListImagesRequest.filters",
            "service model: ListInfrastructureConfigurationsRequest.filters",
            "service model: ListLifecyclePoliciesRequest.filters",
            "service model: ListWorkflowsRequest.filters",
        ],
        outranks: &[&structure::STRING_PATTERN],
        ..Rule::BASE
    },
    on: &Each::<(Filter, ImageScanFindingsFilter)>(|filter, cx| {
        let request = cx.root().exact_shape();
        let Some((_, known)) = FILTERS.iter().find(|(shape, _)| *shape == request) else {
            return;
        };
        let Some((node, name)) = filter.get_with_text(member::Name).filter(|(_, name)| !name.is_empty()) else {
            return;
        };
        if !known.contains(&name) {
            let operation = request.name().trim_end_matches("Request");
            let otherwise = match suggest::nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its filters are {}", known.join(", ")),
            };
            cx.report(node, format!("{operation} has no filter of `name` `{}`; {otherwise}", quoted(name)));
        }
    }),
};

/// The names of the filters of each operation that has some.
const FILTERS: [(Shape, &[&str]); 13] = [
    (
        Shape::ListComponentsRequest,
        &["description", "name", "platform", "productCodes", "status", "supportedOsVersion", "type", "version"],
    ),
    (Shape::ListContainerRecipesRequest, &["containerType", "name", "parentImage", "platform"]),
    (Shape::ListDistributionConfigurationsRequest, &["name"]),
    (Shape::ListImageBuildVersionsRequest, OF_IMAGES),
    (Shape::ListImagePipelineImagesRequest, &["name", "version"]),
    (
        Shape::ListImagePipelinesRequest,
        &[
            "description",
            "distributionConfigurationArn",
            "imageRecipeArn",
            "infrastructureConfigurationArn",
            "name",
            "status",
        ],
    ),
    (Shape::ListImageRecipesRequest, &["name", "parentImage", "platform"]),
    (Shape::ListImageScanFindingAggregationsRequest, &["imageBuildVersionArn", "imagePipelineArn", "vulnerabilityId"]),
    (Shape::ListImageScanFindingsRequest, &["imageBuildVersionArn", "imagePipelineArn", "vulnerabilityId", "severity"]),
    (Shape::ListImagesRequest, OF_IMAGES),
    (Shape::ListInfrastructureConfigurationsRequest, &["name"]),
    (Shape::ListLifecyclePoliciesRequest, &["name", "resourceType", "status"]),
    (Shape::ListWorkflowsRequest, &["name", "version", "description", "type"]),
];

/// The filters of lists of images.
const OF_IMAGES: &[&str] = &["name", "osVersion", "platform", "type", "version"];
