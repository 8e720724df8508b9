//! Image tests and vulnerability scans: the settings of both, and the state of the scan.

use crate::model::typed::shapes::{
    CreateImagePipelineRequest, CreateImageRequest, EcrConfiguration, Image, ImagePipeline, ImageScanState,
    ImageScanningConfiguration, ImageTestsConfiguration, UpdateImagePipelineRequest,
};
use crate::rule::prelude::*;
use crate::rules::view::image::status;
use crate::rules::view::product::{Product, product};
use crate::rules::view::source::IMAGE_DETAILS;

/// What is built, and what asks for it.
type Build = (Image, ImagePipeline, CreateImagePipelineRequest, UpdateImagePipelineRequest, CreateImageRequest);

pub(super) static RULES: &[&Check] = &[
    &TESTS_TIMEOUT_IGNORED,
    &SCAN_WITHOUT_TESTS,
    &SCAN_STATE_DISABLED,
    &SCAN_STATE_TERMINAL,
    &SCAN_STATE_REASON,
    &ECR_SCAN_ON_AMI,
    &SCAN_TYPE_CONTAINER,
    &SCAN_CONDITION_TYPE,
    &SCAN_CONFIG_INERT,
];

const CONFIGURATION: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageScanningConfiguration.html";

const STATE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageScanState.html";

/// The type of a scan of the output AMI. The default is a scan of the test instance, [`TEST_INSTANCE`].
const ON_DEMAND: &str = "ON_DEMAND_AMI_CVE";
const TEST_INSTANCE: &str = "TEST_INSTANCE_CVE";

static TESTS_TIMEOUT_IGNORED: Check = Check {
    rule: &Rule {
        name: "tests-timeout-ignored",
        level: Level::Info,
        pedantic: true,
        summary: "the timeout of image tests is left at its default, 720",
        why: "The service stores the number but does not act on it, so another one promises what does not happen.",
        help: "leave `timeoutMinutes` out; a step of a test workflow has a timeout that counts",
        source: &["https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageTestsConfiguration.html"],
        ..Rule::BASE
    },
    on: &Each::<ImageTestsConfiguration>(|tests, cx| {
        let timeout = tests.get(member::TimeoutMinutes).and_then(Node::with_integer);
        if let Some((node, minutes)) = timeout.filter(|(_, minutes)| *minutes != 720 && (60..=1440).contains(minutes)) {
            cx.report(node, format!("`timeoutMinutes` is `{minutes}`, which is ignored; the default is 720"));
        }
    }),
};

static SCAN_WITHOUT_TESTS: Check = Check {
    rule: &Rule {
        name: "scan-without-tests",
        summary: "scanning goes with image tests",
        why: "Vulnerability scans are part of the test stage. Where image tests are off there is nothing to scan.",
        help: "set `imageTestsEnabled` to true, or turn scanning off",
        source: &[CONFIGURATION, "service model: ImageScanningConfiguration.imageScanningEnabled"],
        ..Rule::BASE
    },
    on: &Each::<Build>(|build, cx| {
        let scanning = build
            .get(member::ImageScanningConfiguration)
            .and_then(|scanning| scanning.get(member::ImageScanningEnabled));
        let tests = build.get(member::ImageTestsConfiguration).and_then(|tests| tests.get(member::ImageTestsEnabled));
        if let (Some(scanning), Some(tests)) = (scanning, tests)
            && (scanning.boolean(), tests.boolean()) == (Some(true), Some(false))
        {
            let message = "scanning is enabled, but image tests are not; scans run during image tests";
            cx.report(scanning, message).says("scanning on").label(tests.span(), "tests off");
        }
    }),
};

static SCAN_STATE_DISABLED: Check = Check {
    rule: &Rule {
        name: "scan-state-disabled",
        level: Level::Warning,
        summary: "an image has a scan state only where scanning is enabled",
        why: "Only enabled scans have a state. Captures may be shortened, so settings that are absent are no more than \
              worth a note.",
        help: "the state and the settings come from two captures, or one of them was edited",
        source: &[IMAGE_DETAILS, STATE],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        let state = image.get(member::ScanState);
        let Some((state, status)) = state.and_then(|state| Some((state, state.get_text(member::Status)?))) else {
            return;
        };
        let configuration = image.get(member::ImageScanningConfiguration);
        let enabled = configuration.and_then(|configuration| configuration.get(member::ImageScanningEnabled));
        match enabled {
            Some(enabled) if enabled.boolean() == Some(false) => {
                let message = format!("scan state `{status}`, but scanning is not enabled");
                cx.report(state, message).at(state.key_span()).label(enabled.span(), "scanning off");
            }
            None if configuration.is_none_or(Node::is_object) => {
                let message = format!("scan state `{status}`, but no `imageScanningEnabled` beside it");
                cx.report(state, message).level(Level::Info).at(state.key_span());
            }
            _ => {}
        }
    }),
};

static SCAN_STATE_TERMINAL: Check = Check {
    rule: &Rule {
        name: "scan-state-terminal",
        level: Level::Warning,
        summary: "the scan of an available image has ended too",
        why: "An image becomes available after its scan has ended; one that is unfinished then is given up and becomes \
              ABANDONED. Only on-demand scans without a condition are started without waiting for them. The scan of an \
              image that failed or was cancelled may never have begun, and stays PENDING.",
        help: "the scan ends as COMPLETED, ABANDONED, FAILED or TIMED_OUT",
        source: &[STATE, "service model: ImageScanState.status"],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        let scan_status = image.get(member::ScanState).and_then(|scan| scan.get_with_text(member::Status));
        let (Some((node, scan @ ("PENDING" | "SCANNING" | "COLLECTING"))), Some((state, "AVAILABLE"))) =
            (scan_status, status(image))
        else {
            return;
        };
        if !image.get(member::ImageScanningConfiguration).is_some_and(is_not_awaited) {
            let message =
                format!("the scan is `{scan}` although the image is `AVAILABLE`; one that has ended was expected");
            cx.report(node, message).label(state.span(), "the image is done");
        }
    }),
};

/// Whether the build starts a scan and does not wait for its result.
fn is_not_awaited(scanning: Node<'_, ImageScanningConfiguration>) -> bool {
    scanning.get(member::ScanResultCondition).is_none() && scan_types(scanning).any(|(_, scan)| scan == ON_DEMAND)
}

fn scan_types(scanning: Node<'_, ImageScanningConfiguration>) -> impl Iterator<Item = (Node<'_>, &str)> {
    let types = scanning.items_of(member::ImageScanningTypes);
    types.filter_map(|node| Some((node, node.text()?)))
}

static SCAN_STATE_REASON: Check = Check {
    rule: &Rule {
        name: "scan-state-reason",
        level: Level::Info,
        pedantic: true,
        summary: "a scan that did not complete has a reason",
        why: "The reason is the only place that says why a scan failed, timed out or was given up.",
        help: "look for the reason in the console, or in the capture that this one was shortened from",
        source: &[STATE, "service model: ImageScanState.reason"],
        ..Rule::BASE
    },
    on: &Each::<ImageScanState>(|state, cx| {
        let status = state.get(member::Status).filter(|_| state.get(member::Reason).is_none());
        if let Some(node) = status
            && let Some(status @ ("FAILED" | "TIMED_OUT" | "ABANDONED")) = node.text()
        {
            cx.report(state, format!("the scan is `{status}`, but there is no `reason`")).at(node.span());
        }
    }),
};

static ECR_SCAN_ON_AMI: Check = Check {
    rule: &Rule {
        name: "ecr-scan-on-ami",
        level: Level::Warning,
        summary: "only scans of container images have an ECR repository",
        why: "The repository is where a container image is pushed for its scan. An AMI is scanned on the test instance \
              or by itself.",
        help: "drop `ecrConfiguration`",
        source: &[
            CONFIGURATION,
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_EcrConfiguration.html",
        ],
        ..Rule::BASE
    },
    on: &Each::<Build>(|build, cx| {
        let repository = build.get(member::ImageScanningConfiguration).and_then(repository);
        if let (Some(repository), Some((Product::Amis, reason))) = (repository, product(build)) {
            let message = "`ecrConfiguration` is for scans of container images; an AMI is built here";
            cx.report(repository, message).at(repository.key_span()).label(reason, "makes an AMI");
        }
    }),
};

/// The settings of the repository, if there are any.
fn repository(scanning: Node<'_, ImageScanningConfiguration>) -> Option<Node<'_, EcrConfiguration>> {
    let is_set = |ecr: &Node<'_, EcrConfiguration>| {
        ecr.get(member::RepositoryName).is_some() || ecr.get(member::ContainerTags).is_some()
    };
    scanning.get(member::EcrConfiguration).filter(is_set)
}

static SCAN_TYPE_CONTAINER: Check = Check {
    rule: &Rule {
        name: "scan-type-container",
        summary: "on-demand scans of AMIs go with an image recipe",
        why: "An on-demand scan looks at the output AMI, and a container recipe makes none.",
        help: "drop `imageScanningTypes`: container images are scanned in their ECR repository",
        source: &[CONFIGURATION, "service model: ImageScanningConfiguration.imageScanningTypes"],
        ..Rule::BASE
    },
    on: &Each::<Build>(|build, cx| {
        let Some(scanning) = build.get(member::ImageScanningConfiguration) else {
            return;
        };
        let on_demand = scan_types(scanning).find(|(_, scan)| *scan == ON_DEMAND);
        if let (Some((node, scan)), Some((Product::Containers, reason))) = (on_demand, product(build)) {
            let message = format!("`{scan}` scans an AMI; a container image is built here");
            cx.report(node, message).label(reason, "makes a container image");
        }
    }),
};

static SCAN_CONDITION_TYPE: Check = Check {
    rule: &Rule {
        name: "scan-condition-type",
        summary: "`scanResultCondition` goes with scans of type ON_DEMAND_AMI_CVE",
        why: "Only the results of an on-demand scan can fail a build. The type is TEST_INSTANCE_CVE unless set.",
        help: "set `imageScanningTypes` to [\"ON_DEMAND_AMI_CVE\"], or drop the condition",
        source: &[CONFIGURATION, "service model: ImageScanningConfiguration.scanResultCondition"],
        ..Rule::BASE
    },
    on: &Each::<ImageScanningConfiguration>(|scanning, cx| {
        let Some(condition) = scanning.get(member::ScanResultCondition) else {
            return;
        };
        match scanning.get(member::ImageScanningTypes) {
            None => {
                let message = format!("`scanResultCondition` needs scan type `{ON_DEMAND}`; no type is set");
                cx.report(condition, message).at(condition.key_span());
            }
            // Unknown types are reported by `enum-value`, too many types by `item-count`.
            Some(types) if types.items().map(Node::text).eq([Some(TEST_INSTANCE)]) => {
                let message = format!("`scanResultCondition` needs scan type `{ON_DEMAND}`; found `{TEST_INSTANCE}`");
                cx.report(condition, message).at(condition.key_span()).label(types.key_span(), "this type");
            }
            Some(_) => {}
        }
    }),
};

static SCAN_CONFIG_INERT: Check = Check {
    rule: &Rule {
        name: "scan-config-inert",
        level: Level::Info,
        summary: "scanning settings go with scanning enabled",
        why: "Repository, type and condition say how to scan. They do nothing while `imageScanningEnabled` is not \
              true.",
        help: "set `imageScanningEnabled` to true, or drop the settings",
        source: &[CONFIGURATION],
        ..Rule::BASE
    },
    on: &Each::<ImageScanningConfiguration>(|scanning, cx| {
        let enabled = scanning.find(member::ImageScanningEnabled);
        // A value of another type is reported by `value-type`.
        if enabled.is_some_and(|enabled| enabled.boolean() != Some(false)) {
            return;
        }
        let settings = [
            repository(scanning).map(Node::any),
            scanning.get(member::ImageScanningTypes).map(Node::any),
            scanning.get(member::ScanResultCondition).map(Node::any),
        ];
        let Some(first) = settings.iter().flatten().next() else {
            return;
        };
        let found = if enabled.is_some() { "is false" } else { "is absent" };
        let message = format!("`{}` has no effect: `imageScanningEnabled` {found}", first.member());
        let finding = cx.report(scanning, message).at(first.key_span());
        finding.says("no effect");
        for setting in settings.into_iter().flatten().skip(1) {
            finding.label(setting.key_span(), "no effect");
        }
        if let Some(enabled) = enabled {
            finding.label(enabled.span(), "scanning off");
        }
    }),
};
