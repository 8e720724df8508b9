//! Image tests and vulnerability scans: the settings of both, and the state of the scan.

use crate::finding::Level;
use crate::model::shape::Shape;
use crate::rule::Rule;
use crate::rule::node::Node;
use crate::rules::product::{Product, product};
use crate::rules::source::IMAGE_DETAILS;
use crate::rules::state::status;

pub(super) static RULES: &[&Rule] = &[
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

/// The type of a scan of the output AMI; the other, and the default, scans the test instance.
const ON_DEMAND: &str = "ON_DEMAND_AMI_CVE";
const TEST_INSTANCE: &str = "TEST_INSTANCE_CVE";

static TESTS_TIMEOUT_IGNORED: Rule = Rule {
    name: "tests-timeout-ignored",
    level: Level::Info,
    pedantic: true,
    on: &[Shape::ImageTestsConfiguration],
    summary: "the timeout of image tests is left at its default, 720",
    why: "The service stores the number but does not act on it, so another one promises what does not happen.",
    help: "leave `timeoutMinutes` out; a step of a test workflow has a timeout that counts",
    source: &["https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageTestsConfiguration.html"],
    check: |tests, cx| {
        let timeout = tests.get("timeoutMinutes").and_then(|node| Some((node, node.integer()?)));
        if let Some((node, minutes)) = timeout.filter(|(_, minutes)| *minutes != 720 && (60..=1440).contains(minutes)) {
            cx.report(node, format!("`timeoutMinutes` is `{minutes}`, which is ignored; the default is 720"));
        }
    },
    ..Rule::BASE
};

static SCAN_WITHOUT_TESTS: Rule = Rule {
    name: "scan-without-tests",
    on: &[Shape::Image, Shape::ImagePipeline],
    summary: "scanning goes with image tests",
    why: "Vulnerability scans are part of the test stage. Where image tests are off there is nothing to scan.",
    help: "set `imageTestsEnabled` to true, or turn scanning off",
    source: &[CONFIGURATION, "service model: ImageScanningConfiguration.imageScanningEnabled"],
    check: |build, cx| {
        let scanning =
            build.get("imageScanningConfiguration").and_then(|scanning| scanning.get("imageScanningEnabled"));
        let tests = build.get("imageTestsConfiguration").and_then(|tests| tests.get("imageTestsEnabled"));
        if let (Some(scanning), Some(tests)) = (scanning, tests)
            && (scanning.boolean(), tests.boolean()) == (Some(true), Some(false))
        {
            let message = "scanning is enabled, but image tests are not; scans run during image tests";
            cx.report(scanning, message).says("scanning on").label(tests.span(), "tests off");
        }
    },
    ..Rule::BASE
};

static SCAN_STATE_DISABLED: Rule = Rule {
    name: "scan-state-disabled",
    level: Level::Warning,
    on: &[Shape::Image],
    summary: "an image has a scan state only where scanning is enabled",
    why: "Only enabled scans have a state. Captures may be shortened, so settings that are absent are no more than \
          worth a note.",
    help: "the state and the settings come from two captures, or one of them was edited",
    source: &[IMAGE_DETAILS, STATE],
    check: |image, cx| {
        let state = image.get("scanState");
        let Some((state, status)) = state.and_then(|state| Some((state, state.get_text("status")?))) else {
            return;
        };
        let configuration = image.get("imageScanningConfiguration");
        let enabled = configuration.and_then(|configuration| configuration.get("imageScanningEnabled"));
        match enabled {
            Some(enabled) if enabled.boolean() == Some(false) => {
                let message = format!("scan state `{status}`, but scanning is not enabled");
                cx.report(state, message).at(state.key_span()).label(enabled.span(), "scanning off");
            }
            None if configuration.is_none_or(|configuration| configuration.value().as_object().is_some()) => {
                let message = format!("scan state `{status}`, but no `imageScanningEnabled` beside it");
                cx.report(state, message).level(Level::Info).at(state.key_span());
            }
            _ => {}
        }
    },
    ..Rule::BASE
};

static SCAN_STATE_TERMINAL: Rule = Rule {
    name: "scan-state-terminal",
    level: Level::Warning,
    on: &[Shape::Image],
    summary: "the scan of a finished image has ended too",
    why: "A scan that is unfinished when its image reaches a final state is given up and becomes ABANDONED. Only \
          on-demand scans without a condition are started without waiting for them.",
    help: "the scan ends as COMPLETED, ABANDONED, FAILED or TIMED_OUT",
    source: &[STATE, "service model: ImageScanState.status"],
    check: |image, cx| {
        let of_scan = image.get("scanState").and_then(|scan| scan.get_with_text("status"));
        let (Some((node, scan @ ("PENDING" | "SCANNING" | "COLLECTING"))), Some((state, reached))) =
            (of_scan, status(image))
        else {
            return;
        };
        let is_final = matches!(reached, "AVAILABLE" | "FAILED" | "CANCELLED" | "DEPRECATED" | "DISABLED" | "DELETED");
        if is_final && !image.get("imageScanningConfiguration").is_some_and(is_not_awaited) {
            let message = format!("the scan is `{scan}` although the image is `{reached}`; an ended one was expected");
            cx.report(node, message).label(state.span(), "the image is done");
        }
    },
    ..Rule::BASE
};

/// Whether the build starts a scan and goes on without its result.
fn is_not_awaited(scanning: Node<'_>) -> bool {
    scanning.get("scanResultCondition").is_none() && scan_types(scanning).any(|(_, scan)| scan == ON_DEMAND)
}

fn scan_types(scanning: Node<'_>) -> impl Iterator<Item = (Node<'_>, &str)> {
    let types = scanning.get("imageScanningTypes").into_iter().flat_map(Node::items);
    types.filter_map(|node| Some((node, node.text()?)))
}

static SCAN_STATE_REASON: Rule = Rule {
    name: "scan-state-reason",
    level: Level::Info,
    pedantic: true,
    on: &[Shape::ImageScanState],
    summary: "a scan that did not complete has a reason",
    why: "The reason is the only place that tells why a scan failed, timed out or was given up.",
    help: "look for the reason in the console, or in the capture that this one was shortened from",
    source: &[STATE, "service model: ImageScanState.reason"],
    check: |state, cx| {
        let status = state.get("status").filter(|_| state.get("reason").is_none());
        if let Some(node) = status
            && let Some(status @ ("FAILED" | "TIMED_OUT" | "ABANDONED")) = node.text()
        {
            cx.report(state, format!("the scan is `{status}`, but there is no `reason`")).at(node.span());
        }
    },
    ..Rule::BASE
};

static ECR_SCAN_ON_AMI: Rule = Rule {
    name: "ecr-scan-on-ami",
    level: Level::Warning,
    on: &[Shape::Image, Shape::ImagePipeline],
    summary: "only scans of container images have an ECR repository",
    why: "The repository is where a container image is pushed for its scan. An AMI is scanned on the test instance or \
          by itself.",
    help: "drop `ecrConfiguration`",
    source: &[CONFIGURATION, "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_EcrConfiguration.html"],
    check: |build, cx| {
        let repository = build.get("imageScanningConfiguration").and_then(repository);
        if let (Some(repository), Some((Product::Amis, reason))) = (repository, product(build)) {
            let message = "`ecrConfiguration` is for scans of container images; an AMI is built here";
            cx.report(repository, message).at(repository.key_span()).label(reason, "makes an AMI");
        }
    },
    ..Rule::BASE
};

/// The settings of the repository, where any is set.
fn repository(scanning: Node<'_>) -> Option<Node<'_>> {
    let is_set = |ecr: &Node<'_>| ecr.get("repositoryName").is_some() || ecr.get("containerTags").is_some();
    scanning.get("ecrConfiguration").filter(is_set)
}

static SCAN_TYPE_CONTAINER: Rule = Rule {
    name: "scan-type-container",
    on: &[Shape::Image, Shape::ImagePipeline],
    summary: "on-demand scans of AMIs go with an image recipe",
    why: "An on-demand scan looks at the output AMI, and a container recipe makes none.",
    help: "drop `imageScanningTypes`: container images are scanned in their ECR repository",
    source: &[CONFIGURATION, "service model: ImageScanningConfiguration.imageScanningTypes"],
    check: |build, cx| {
        let Some(scanning) = build.get("imageScanningConfiguration") else {
            return;
        };
        let on_demand = scan_types(scanning).find(|(_, scan)| *scan == ON_DEMAND);
        if let (Some((node, scan)), Some((Product::Containers, reason))) = (on_demand, product(build)) {
            let message = format!("`{scan}` scans an AMI; a container image is built here");
            cx.report(node, message).label(reason, "makes a container image");
        }
    },
    ..Rule::BASE
};

static SCAN_CONDITION_TYPE: Rule = Rule {
    name: "scan-condition-type",
    on: &[Shape::ImageScanningConfiguration],
    summary: "`scanResultCondition` goes with scans of type ON_DEMAND_AMI_CVE",
    why: "Only the results of an on-demand scan can fail a build. The type is TEST_INSTANCE_CVE unless set.",
    help: "set `imageScanningTypes` to [\"ON_DEMAND_AMI_CVE\"], or drop the condition",
    source: &[CONFIGURATION, "service model: ImageScanningConfiguration.scanResultCondition"],
    check: |scanning, cx| {
        let Some(condition) = scanning.get("scanResultCondition") else {
            return;
        };
        match scanning.get("imageScanningTypes") {
            None => {
                let message = format!("`scanResultCondition` needs scan type `{ON_DEMAND}`; no type is set");
                cx.report(condition, message).at(condition.key_span());
            }
            // Types that do not exist, or too many, are `enum-value`'s and `item-count`'s.
            Some(types) if types.items().map(Node::text).eq([Some(TEST_INSTANCE)]) => {
                let message = format!("`scanResultCondition` needs scan type `{ON_DEMAND}`; found `{TEST_INSTANCE}`");
                cx.report(condition, message).at(condition.key_span()).label(types.key_span(), "this type");
            }
            Some(_) => {}
        }
    },
    ..Rule::BASE
};

static SCAN_CONFIG_INERT: Rule = Rule {
    name: "scan-config-inert",
    level: Level::Info,
    on: &[Shape::ImageScanningConfiguration],
    summary: "scanning settings go with scanning enabled",
    why: "Repository, type and condition say how to scan. They do nothing while `imageScanningEnabled` is not true.",
    help: "set `imageScanningEnabled` to true, or drop the settings",
    source: &[CONFIGURATION],
    check: |scanning, cx| {
        let enabled = scanning.find("imageScanningEnabled");
        // A value of another type is `value-type`'s.
        if enabled.is_some_and(|enabled| enabled.boolean() != Some(false)) {
            return;
        }
        let settings = [repository(scanning), scanning.get("imageScanningTypes"), scanning.get("scanResultCondition")];
        let Some(first) = settings.iter().flatten().next() else {
            return;
        };
        let found = if enabled.is_some() { "is false" } else { "is absent" };
        let message = format!("`{}` has no effect: `imageScanningEnabled` {found}", first.member());
        let finding = cx.report(scanning, message).at(scanning.key_span());
        for setting in settings.into_iter().flatten() {
            finding.label(setting.key_span(), "no effect");
        }
        if let Some(enabled) = enabled {
            finding.label(enabled.span(), "scanning off");
        }
    },
    ..Rule::BASE
};
