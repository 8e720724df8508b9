//! Where the build instance is placed: hosts and tenancy.

use crate::finding::Span;
use crate::fix::Fix;
use crate::node::Node;
use crate::rule::Rule;
use crate::shape::Shape;

pub(super) static RULES: &[&Rule] = &[&PLACEMENT_EXCLUSIVE, &PLACEMENT_TARGET_TENANCY];

const SOURCE: &[&str] = &[
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Placement.html",
    "service model: Placement.hostId",
];

static PLACEMENT_EXCLUSIVE: Rule = Rule {
    name: "placement-exclusive",
    on: &[Shape::Placement],
    summary: "`hostId` and `hostResourceGroupArn` exclude each other",
    why: "A build instance runs on one target: a host, or any host of a resource group. Image Builder refuses both.",
    help: "keep one of the two",
    source: SOURCE,
    check: |placement, cx| {
        if let (Some(host), Some(group)) = (placement.get("hostId"), placement.get("hostResourceGroupArn")) {
            let message = "`placement` names both a host and a host resource group; one or neither is allowed";
            let finding = cx.report(placement, message);
            finding.at(host.key_span()).says("this host").label(group.key_span(), "and this host resource group");
        }
    },
    ..Rule::BASE
};

static PLACEMENT_TARGET_TENANCY: Rule = Rule {
    name: "placement-target-tenancy",
    on: &[Shape::Placement],
    summary: "a host or host resource group goes with tenancy `host`",
    why: "A target applies to dedicated hosts only. Without tenancy `host`, which is not the default, it means nothing.",
    help: "set `tenancy` to `host`, or drop the target",
    source: SOURCE,
    check: |placement, cx| {
        let target = placement.get("hostId").or_else(|| placement.get("hostResourceGroupArn"));
        let tenancy = placement.get("tenancy");
        // Another spelling of `host` is `enum-value`'s.
        let is_host = tenancy.and_then(Node::text).is_some_and(|tenancy| tenancy.eq_ignore_ascii_case("host"));
        let Some(target) = target.filter(|_| !is_host) else {
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
                let start = Span::new(target.key_span().start, target.key_span().start);
                let fix = Fix::risky("set tenancy `host`", start, "\"tenancy\": \"host\", ");
                let message = format!("`{}` needs tenancy `host`; there is no tenancy", target.member());
                cx.report(target, message).at(target.key_span()).fix(fix);
            }
        }
    },
    ..Rule::BASE
};
