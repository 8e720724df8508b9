//! Build instances: their types, metadata options, agent and working directory.

use crate::aws::instance_type::{is_known, is_mac, is_well_formed};
use crate::aws::platform::Platform;
use crate::model::shape::MODEL;
use crate::model::typed::shapes::{
    ContainerRecipe, HttpTokens, Image, ImageRecipe, InfrastructureConfiguration, InstanceType, InstanceTypeList,
    SystemsManagerAgent,
};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::image::{STAGES, runs_tests, status};

pub(super) static RULES: &[&Check] = &[
    &SYSTEMS_MANAGER_AGENT_WINDOWS,
    &WORKING_DIRECTORY_PLATFORM,
    &MACOS_INSTANCE_TYPE,
    &INSTANCE_TYPE_KNOWN,
    &INSTANCE_TYPES_SINGLE,
    &METADATA_HOP_LIMIT_CONTAINER,
    &METADATA_TOKENS_VALUE,
    &IMDSV2_RECOMMENDED,
];

const INFRASTRUCTURE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/create-infra-config.html";
const BEST_PRACTICES: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/security-best-practices.html";
const METADATA: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_InstanceMetadataOptions.html";

static SYSTEMS_MANAGER_AGENT_WINDOWS: Check = Check {
    rule: &Rule {
        name: "systems-manager-agent-windows",
        level: Level::Warning,
        summary: "the Systems Manager agent is not uninstalled from Windows images",
        why: "The setting applies to Linux and macOS only, and requests that set it for a Windows base image are \
              rejected. A false changes nothing and is not reported.",
        help: "leave `systemsManagerAgent` out of Windows recipes",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_SystemsManagerAgent.html",
            "service model: SystemsManagerAgent",
        ],
        ..Rule::BASE
    },
    on: &Each::<SystemsManagerAgent>(|agent, cx| {
        if let (Some(parent), Some(node)) = (windows_parent(cx), agent.get(member::UninstallAfterBuild)) {
            let message = "`systemsManagerAgent` is given for a Windows base image; it is for Linux and macOS only";
            cx.report(node, message).level(Level::Error).label(parent.span(), "the base image");
            return;
        }
        let uninstall = agent.get(member::UninstallAfterBuild).filter(|node| node.boolean() == Some(true));
        let platform = cx.nearest(agent, member::Platform).filter(|platform| platform.text() == Some("Windows"));
        if let (Some(node), Some(platform)) = (uninstall, platform) {
            let message = "`uninstallAfterBuild` is `true` for `Windows`; it applies to Linux and macOS only";
            cx.report(node, message).label(platform.span(), "the platform");
        }
    }),
};

/// The base image of a request, if it is an image of Amazon's for Windows.
fn windows_parent<'d>(cx: &Context<'d>) -> Option<Node<'d>> {
    let parent = cx.root().get_if_any(member::ParentImage).filter(|_| cx.is_request())?;
    let named = cx.arn(parent)?.resource?;
    (Platform::of_words(named.name) == Some(Platform::Windows)).then_some(parent)
}

static WORKING_DIRECTORY_PLATFORM: Check = Check {
    rule: &Rule {
        name: "working-directory-platform",
        level: Level::Warning,
        summary: "the working directory is an absolute path of the recipe's platform",
        why: "Image Builder keeps its files there while it builds: /tmp on Linux and macOS, C:/ on Windows unless the \
              recipe says otherwise. A path of the other platform is not found or lands elsewhere.",
        help: "write a path such as /tmp, for Windows one with a drive such as C:/build",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageRecipe.html",
            "service model: ImageRecipe.workingDirectory",
        ],
        ..Rule::BASE
    },
    on: &Each::<(ImageRecipe, ContainerRecipe)>(|recipe, cx| {
        let Some((node, path)) = recipe.get_with_text(member::WorkingDirectory) else {
            return;
        };
        let Some((platform, name)) =
            cx.nearest(recipe, member::Platform).and_then(|platform| Some((platform, platform.text()?)))
        else {
            return;
        };
        let has_drive = matches!(path.as_bytes(), [drive, b':', ..] if drive.is_ascii_alphabetic());
        let (fault, example) = match name {
            "Windows" if path.starts_with('/') => ("has no drive", "C:/"),
            "Linux" | "macOS" if has_drive || path.contains('\\') => ("is a Windows path", "/tmp"),
            "Linux" | "macOS" if !path.is_empty() && !path.starts_with('/') => ("is relative", "/tmp"),
            _ => return,
        };
        let path = quoted(path);
        let message = format!("working directory `{path}` {fault}; `{name}` needs a path such as `{example}`");
        cx.report(node, message).label(platform.span(), "the platform");
    }),
};

static MACOS_INSTANCE_TYPE: Check = Check {
    rule: &Rule {
        name: "macos-instance-type",
        level: Level::Warning,
        summary: "macOS images are built on Mac instances, and nothing else is",
        why: "macOS runs on bare metal Mac instances only, such as mac2.metal, and these run no other system.",
        help: "list only types of the image's platform; those for macOS read mac….metal",
        source: &[
            "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-mac-instances.html",
            "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html",
        ],
        outranks: &[INSTANCE_TYPE_KNOWN.rule],
        ..Rule::BASE
    },
    on: &Each::<InstanceType>(|node, cx| {
        let Some(kind) = node.text().filter(|kind| is_well_formed(kind)) else {
            return;
        };
        let Some(platform) = cx.nearest(node, member::Platform) else {
            return;
        };
        let message = match platform.text() {
            Some("macOS") if !is_bare_metal_mac(kind) => {
                format!("`{}` cannot run macOS; a type such as `mac2.metal` was expected", quoted(kind))
            }
            Some(other @ ("Linux" | "Windows")) if is_mac(kind) => {
                format!("`{}` runs macOS only; the image is for `{other}`", quoted(kind))
            }
            _ => return,
        };
        cx.report(node, message).label(platform.span(), "the platform");
    }),
};

fn is_bare_metal_mac(kind: &str) -> bool {
    is_mac(kind) && kind.split_once('.').is_some_and(|(_, size)| size == "metal")
}

static INSTANCE_TYPE_KNOWN: Check = Check {
    rule: &Rule {
        name: "instance-type-known",
        level: Level::Info,
        summary: "an instance type reads <family>.<size> and is one that EC2 has",
        why: "A type of another form is a typing error. One of the right form may be newer than the service model that \
              imagelint knows, so it is only noted.",
        help: "compare with the list of instance types of EC2",
        source: &[
            "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html",
            "https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html",
            "service model: ec2 2016-11-15, InstanceType",
        ],
        ..Rule::BASE
    },
    on: &Each::<InstanceType>(|node, cx| {
        let Some(kind) = node.text().filter(|kind| !is_known(kind)) else {
            return;
        };
        if is_well_formed(kind) {
            cx.report(node, format!("instance type `{}` is not in the model of EC2 in {MODEL}", quoted(kind)));
            return;
        }
        let form = "<family>.<size> in lower case, such as `m5.large`, was expected";
        let message = format!("`{}` is not an instance type; {form}", quoted(kind).escape_debug());
        cx.report(node, message).level(Level::Warning);
    }),
};

static INSTANCE_TYPES_SINGLE: Check = Check {
    rule: &Rule {
        name: "instance-types-single",
        level: Level::Info,
        pedantic: true,
        summary: "builds have more than one instance type to choose from",
        why: "Image Builder picks one of the types by what is available. With only one in the list a build fails when \
              that one is short.",
        help: "add a second type of about the same size",
        source: &[INFRASTRUCTURE],
        ..Rule::BASE
    },
    on: &Each::<InstanceTypeList>(|list, cx| {
        let mut items = list.items();
        if let (Some(only), None) = (items.next(), items.next())
            && let Some(kind) = only.text()
        {
            cx.report(only, format!("`{}` is the only instance type; two or more are recommended", quoted(kind)));
        }
    }),
};

/// Whether an image of that status was built.
fn is_past_building(status: &str) -> bool {
    let built = STAGES.iter().skip_while(|stage| **stage != "BUILDING").skip(1);
    built.chain(&["AVAILABLE", "DEPRECATED", "DISABLED", "DELETED"]).any(|built| *built == status)
}

static METADATA_HOP_LIMIT_CONTAINER: Check = Check {
    rule: &Rule {
        name: "metadata-hop-limit-container",
        summary: "container builds that require tokens let metadata responses make two hops",
        why: "Within a container the network of the container is a hop of its own. With a limit of 1, the token never \
              reaches the build. Without a limit the default of EC2 applies, which may be 1; once the image is past \
              BUILDING it was enough.",
        help: "set `httpPutResponseHopLimit` to 2 or more",
        source: &[METADATA, "service model: InstanceMetadataOptions.httpPutResponseHopLimit"],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        let is_docker = |kind: &Node<'_>| kind.text() == Some("DOCKER");
        let container =
            image.get(member::Type).filter(is_docker).or_else(|| image.get(member::ContainerRecipe).map(Node::any));
        let options =
            image.get(member::InfrastructureConfiguration).and_then(|node| node.get(member::InstanceMetadataOptions));
        let (Some(container), Some(options)) = (container, options) else {
            return;
        };
        let Some(tokens) = options.get(member::HttpTokens).filter(|tokens| tokens.text() == Some("required")) else {
            return;
        };
        let limit = options.get(member::HttpPutResponseHopLimit);
        let finding = match limit {
            Some(limit) if limit.integer() == Some(1) => {
                let message = "`httpPutResponseHopLimit` is 1; container builds that require tokens need at least 2";
                let fix = Fix::risky("set the limit to 2", limit.span(), "2");
                cx.report(limit, message).label(tokens.span(), "tokens are required").fix(fix)
            }
            Some(_) => return,
            None if status(image).is_some_and(|(_, text)| is_past_building(text)) => return,
            None => {
                let message = "tokens are required and there is no `httpPutResponseHopLimit`; container builds need at \
                               least 2";
                let addition = options.addition(&[("httpPutResponseHopLimit", "2".to_owned())]);
                let fix = addition.map(|edit| Fix::of("set the limit to 2", edit).made_unsafe());
                cx.report(tokens, message).level(Level::Info).fix(fix)
            }
        };
        let place = if container.member() == "type" { container.span() } else { container.key_span() };
        finding.label(place, "a container is built");
    }),
};

static METADATA_TOKENS_VALUE: Check = Check {
    rule: &Rule {
        name: "metadata-tokens-value",
        summary: "`httpTokens` is `optional` or `required`",
        why: "These are the two modes of the metadata service. The pattern of the service model has no anchors and \
              lets texts such as not-required pass.",
        help: "write `required`, or `optional` where something still needs IMDSv1",
        source: &[METADATA, "service model: HttpTokens"],
        outranks: &[&structure::STRING_PATTERN],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<HttpTokens>(|node, cx| {
        const MODES: [&str; 2] = ["optional", "required"];
        let Some(text) = node.text().filter(|text| !MODES.contains(text)) else {
            return;
        };
        let lower = MODES.into_iter().find(|mode| mode.eq_ignore_ascii_case(text));
        let fix = lower.map(|lower| Fix::safe(format!("write `{lower}`"), node.span(), format!("\"{lower}\"")));
        let message = format!("`httpTokens` is `{}`; `optional` or `required` was expected", quoted(text));
        cx.report(node, message).fix(fix);
    }),
};

static IMDSV2_RECOMMENDED: Check = Check {
    rule: &Rule {
        name: "imdsv2-recommended",
        level: Level::Info,
        pedantic: true,
        summary: "build instances require tokens for their metadata",
        why: "IMDSv1 answers any process on the instance that sends a plain request. AWS recommends IMDSv2, with \
              tokens, for build and test instances. An instance of an Auto Scaling group is built on with its own \
              options; the test instance has those of the configuration.",
        help: "set `httpTokens` to `required`",
        source: &[BEST_PRACTICES, METADATA],
        ..Rule::BASE
    },
    on: &Each::<InfrastructureConfiguration>(|infrastructure, cx| {
        if infrastructure.is_empty() {
            return;
        }
        let options = infrastructure.get(member::InstanceMetadataOptions);
        if options.is_some_and(|options| !options.is_object()) {
            return;
        }
        match options.and_then(|options| options.get(member::HttpTokens)) {
            Some(tokens) if tokens.text() == Some("optional") => {
                cx.report(tokens, "`httpTokens` is `optional`, so that IMDSv1 is accepted; `required` is recommended");
            }
            Some(_) => {}
            // An instance of an Auto Scaling group has options of its own, but only for the build.
            None if infrastructure.get(member::ParentInstance).is_some()
                && !cx.ancestor::<Image>().is_some_and(runs_tests) => {}
            None => {
                let message = "the configuration sets no `httpTokens`; `required` is recommended";
                let place = options.map_or(infrastructure.any(), Node::any);
                cx.report(place, message).at(place.key_span());
            }
        }
    }),
};
