//! Where the build instance is placed: hosts, tenancy and zones.

use crate::aws::arn::Arn;
use crate::aws::partition;
use crate::model::typed::shapes::{Image, Placement};
use crate::rule::prelude::*;
use crate::rules::view::image::runs_tests;

pub(super) static RULES: &[&Check] = &[
    &PLACEMENT_EXCLUSIVE,
    &PLACEMENT_TARGET_TENANCY,
    &PLACEMENT_HOST_AUTO,
    &PLACEMENT_AZ_REGION,
    &HOST_RESOURCE_GROUP_ARN,
    &MACOS_DEDICATED_HOST,
];

const SOURCE: &[&str] = &[
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Placement.html",
    "service model: Placement.hostId",
];

static PLACEMENT_EXCLUSIVE: Check = Check {
    rule: &Rule {
        name: "placement-exclusive",
        summary: "`hostId` and `hostResourceGroupArn` exclude each other",
        why: "A build instance runs on one target: a host, or any host of a resource group. Image Builder refuses \
              both.",
        help: "keep one of the two",
        source: SOURCE,
        ..Rule::BASE
    },
    on: &Each::<Placement>(|placement, cx| {
        let host = placement.get(member::HostId).filter(is_filled);
        let group = placement.get(member::HostResourceGroupArn).filter(is_filled);
        if let (Some(host), Some(group)) = (host, group) {
            let message =
                "`hostId` and `hostResourceGroupArn` exclude each other; a placement has one of them or neither";
            let finding = cx.report(placement, message);
            finding.at(host.key_span()).says("this host").label(group.key_span(), "and this host resource group");
        }
    }),
};

/// The host that a placement names, or else its host resource group.
fn target(placement: Node<'_, Placement>) -> Option<Node<'_>> {
    let group = || placement.get(member::HostResourceGroupArn).filter(is_filled);
    placement.get(member::HostId).filter(is_filled).or_else(group)
}

/// Whether a node holds anything but the empty string.
fn is_filled(node: &Node<'_>) -> bool {
    node.text() != Some("")
}

/// Whether a tenancy is `host`, ignoring case; another spelling is reported by `enum-value`.
fn is_host(tenancy: Option<Node<'_>>) -> bool {
    tenancy.and_then(Node::text).is_some_and(|tenancy| tenancy.eq_ignore_ascii_case("host"))
}

static PLACEMENT_TARGET_TENANCY: Check = Check {
    rule: &Rule {
        name: "placement-target-tenancy",
        summary: "a host or host resource group goes with tenancy `host`",
        why: "Image Builder documents that a target only applies if the tenancy is `host`. EC2 takes a host resource \
              group without a tenancy for that, which is why the absence of one is worth a note there, and for a host \
              a warning.",
        help: "set `tenancy` to `host`, or drop the target",
        source: &[
            "service model: Placement.hostId",
            "service model: Placement.hostResourceGroupArn",
            "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Placement.html",
        ],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<Placement>(|placement, cx| {
        let tenancy = placement.get(member::Tenancy);
        let Some(target) = target(placement).filter(|_| !is_host(tenancy)) else {
            return;
        };
        match tenancy {
            Some(tenancy) => {
                let found = tenancy.text().unwrap_or_default();
                let fix = Fix::risky("set tenancy `host`", tenancy.span(), "\"host\"");
                let message = format!("`{}` needs tenancy `host`; found `{found}`", target.member());
                let finding = cx.report(target, message);
                finding.at(target.key_span()).says("this target").label(tenancy.span(), "this tenancy").fix(fix);
            }
            None => {
                let addition = placement.addition(&[("tenancy", "\"host\"".to_owned())]);
                let fix = addition.map(|edit| Fix::of("set tenancy `host`", edit).made_unsafe());
                let level = if target.member() == "hostId" { Level::Warning } else { Level::Info };
                let message = format!("`{}` applies if `tenancy` is `host`; there is no tenancy", target.member());
                cx.report(target, message).level(level).at(target.key_span()).fix(fix);
            }
        }
    }),
};

static PLACEMENT_HOST_AUTO: Check = Check {
    rule: &Rule {
        name: "placement-host-auto",
        level: Level::Info,
        pedantic: true,
        summary: "tenancy `host` names a host or a host resource group",
        why: "Without a target EC2 picks a host of the account that allows automatic placement. The build fails when \
              there is none.",
        help: "name a `hostId` or a `hostResourceGroupArn`, or make sure that a host allows automatic placement",
        source: SOURCE,
        ..Rule::BASE
    },
    on: &Each::<Placement>(|placement, cx| {
        let tenancy = placement.get(member::Tenancy).filter(|tenancy| is_host(Some(*tenancy)));
        if let (Some(tenancy), None) = (tenancy, target(placement)) {
            cx.report(tenancy, "tenancy `host` without a target: EC2 picks a host that allows automatic placement");
        }
    }),
};

static PLACEMENT_AZ_REGION: Check = Check {
    rule: &Rule {
        name: "placement-az-region",
        level: Level::Warning,
        summary: "the Availability Zone has the name of a zone, in the configuration's region",
        why: "Instances start in the region of their infrastructure configuration. The names of all its zones, local \
              and Wavelength zones included, start with the region's name; ids such as usw2-az1 are not accepted as \
              names.",
        help: "name a zone of the region, such as us-west-2a in us-west-2",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Placement.html",
            "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html",
        ],
        ..Rule::BASE
    },
    on: &Each::<Placement>(|placement, cx| {
        let Some((node, zone)) = placement.get_with_text(member::AvailabilityZone) else {
            return;
        };
        let Some(owner) = cx.nearest(placement, member::Arn).and_then(|arn| cx.arn(arn)) else {
            return;
        };
        let region = owner.arn.region;
        if partition::of_region(region).is_none() || zone.is_empty() {
            return;
        }
        let rest = zone.strip_prefix(region);
        if rest.is_some_and(is_zone_suffix) {
            return;
        }
        let zone = quoted(zone);
        let message = if zone.split_once("-az").is_some_and(|(_, number)| number.parse::<u8>().is_ok()) {
            format!("`availabilityZone` `{zone}` is the id of a zone; a name such as `{region}a` was expected")
        } else {
            match rest {
                Some("") => format!("`availabilityZone` `{zone}` is a region; a zone such as `{region}a` was expected"),
                Some(_) => {
                    format!("`availabilityZone` `{zone}` is no zone's name; one such as `{region}a` was expected")
                }
                None => format!("`availabilityZone` `{zone}` is not in `{region}`"),
            }
        };
        cx.report(node, message).label(owner.node.slice(region), "the region of the owner");
    }),
};

/// Whether a text follows the region in the name of a zone: a letter, or the place and number of a local or Wavelength
/// zone, as in us-west-2-lax-1a and us-east-1-wl1-bos-wlz-1.
fn is_zone_suffix(text: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    match text.strip_prefix('-') {
        Some(place) => place.split('-').count() > 1 && place.split('-').all(is_part),
        None => matches!(text.as_bytes(), [b'a'..=b'z']),
    }
}

static HOST_RESOURCE_GROUP_ARN: Check = Check {
    rule: &Rule {
        name: "host-resource-group-arn",
        level: Level::Warning,
        summary: "`hostResourceGroupArn` is the ARN of a resource group",
        why: "Host resource groups are groups of AWS Resource Groups that License Manager fills with hosts. The ARN of \
              a host, or of anything else, does not name one.",
        help: "an ARN of a group reads arn:<partition>:resource-groups:<region>:<account>:group/<name>",
        source: &[
            "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Placement.html",
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Placement.html",
        ],
        ..Rule::BASE
    },
    on: &Each::<Placement>(|placement, cx| {
        let Some((node, text)) = placement.get_with_text(member::HostResourceGroupArn) else {
            return;
        };
        let is_group = |arn: Arn<'_>| {
            let name = arn.resource.strip_prefix("group/").unwrap_or_default();
            arn.service == "resource-groups" && !arn.region.is_empty() && arn.names_account() && !name.is_empty()
        };
        if Arn::parse(text).is_some_and(is_group) {
            return;
        }
        let message = format!("`{}` is not the ARN of a resource group", quoted(text));
        let finding = cx.report(node, message);
        if text.contains("host/h-") || text.starts_with("h-") {
            finding.help("a host is named by its id in `hostId`");
        }
    }),
};

static MACOS_DEDICATED_HOST: Check = Check {
    rule: &Rule {
        name: "macos-dedicated-host",
        level: Level::Warning,
        summary: "macOS images are built on dedicated hosts",
        why: "Mac instances exist as bare metal on dedicated hosts only; no other tenancy can start one. A build on an \
              instance of an Auto Scaling group starts none, but its tests do.",
        help: "set `placement.tenancy` to `host`",
        source: &["https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-mac-instances.html"],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        let platform = image.get(member::Platform).filter(|platform| platform.text() == Some("macOS"));
        let infrastructure = image.get(member::InfrastructureConfiguration).filter(|node| node.is_object());
        let (Some(platform), Some(infrastructure)) = (platform, infrastructure) else {
            return;
        };
        let placement = infrastructure.get(member::Placement);
        // An instance of an Auto Scaling group is already placed, but that of the tests is not.
        let is_placed = infrastructure.get(member::ParentInstance).is_some() && !runs_tests(image);
        if is_placed || placement.is_some_and(|node| !node.is_object()) {
            return;
        }
        let tenancy = placement.and_then(|placement| placement.get(member::Tenancy));
        // A target without tenancy `host` is reported by `placement-target-tenancy`.
        if is_host(tenancy) || placement.and_then(target).is_some() {
            return;
        }
        let Some(tenancy) = tenancy else {
            let place = placement.map_or(infrastructure.any(), Node::any);
            let finding = cx.report(place, "macOS builds need tenancy `host`; there is no tenancy");
            finding.at(place.key_span()).label(platform.span(), "the platform");
            return;
        };
        let message =
            format!("macOS builds need tenancy `host`; found `{}`", quoted(tenancy.text().unwrap_or_default()));
        cx.report(tenancy, message).label(platform.span(), "the platform");
    }),
};
