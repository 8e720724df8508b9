//! Partitions, regions and accounts of ARNs, and whether the ARNs of one document agree on them.

use crate::aws::arn::{Arn, Resource};
use crate::aws::partition;
use crate::finding::fault::Fault;
use crate::finding::fix::Fix;
use crate::model::typed::shapes::{self, ImageBuilderArn, ParentImage, Payload};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::arn::{AnyArn, image_builder_arn};
use crate::rules::view::own_arn::Contradiction;
use crate::text::span::Span;

pub(super) static RULES: &[&Check] = &[
    &ARN_PARTITION_KNOWN,
    &ARN_PARTITION_REGION,
    &ARN_PARTITION_AGREEMENT,
    &ARN_REGION_AGREEMENT,
    &ARN_ACCOUNT_AGREEMENT,
];

/// The partitions and their Regions, in the data that AWS's own SDK for Python reads.
const PARTITIONS: &str = "https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json";
/// What a partition separates.
const BOUNDARIES: &str =
    "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html";
/// Sharing across accounts and Regions.
const SHARING: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-shared-resources.html";

pub(super) static ARN_PARTITION_KNOWN: Check = Check {
    rule: &Rule {
        name: "arn-partition-known",
        level: Level::Warning,
        summary: "an ARN's partition is one of AWS's",
        why: "The service model's patterns accept whatever starts with `aws`; these are the partitions that exist.",
        help: "the partitions are aws, aws-cn, aws-us-gov, aws-iso, aws-iso-b, aws-iso-e, aws-iso-f and aws-eusc",
        source: &[PARTITIONS, BOUNDARIES],
        outranks: &[&structure::STRING_PATTERN],
        ..Rule::BASE
    },
    on: &Each::<Payload>(|_, cx| {
        let mut known = "";
        for ArnNode { node, arn, .. } in cx.arns().filter(|other| other.arn.partition.starts_with("aws")) {
            if arn.partition == known {
                continue;
            }
            if partition::named(arn.partition).is_some() {
                known = arn.partition;
            } else {
                cx.report(
                    node,
                    format!(
                        "unknown partition `{}`; one such as `aws` or `aws-cn` was expected",
                        quoted(arn.partition)
                    ),
                )
                .at(node.slice(arn.partition));
            }
        }
    }),
};

pub(super) static ARN_PARTITION_REGION: Check = Check {
    rule: &Rule {
        name: "arn-partition-region",
        level: Level::Warning,
        summary: "an ARN's region belongs to its partition",
        why: "Every region belongs to one partition, and its name shows which: us-gov-west-1 is in aws-us-gov.",
        help: "region names read <area>-<direction>-<number>, such as us-west-2",
        source: &[PARTITIONS, BOUNDARIES],
        outranks: &[ARN_REGION_AGREEMENT.rule, &structure::STRING_PATTERN],
        fixes: Rule::EITHER_WAY,
        ..Rule::BASE
    },
    on: &Each::<Payload>(|_, cx| {
        let mut agreeing = ("", "");
        for ArnNode { node, arn, .. } in cx.arns() {
            if agreeing == (arn.partition, arn.region) {
                continue;
            }
            let Some(named) = partition::named(arn.partition).filter(|_| !arn.region.is_empty()) else {
                continue;
            };
            match partition::of_region(arn.region) {
                None => {
                    let (region, near) = (node.slice(arn.region), partition::nearest_region(arn.region));
                    let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    let message = format!("`{}` is not a region of any partition{meant}", quoted(arn.region));
                    let fix = near.map(|near| Fix::risky(format!("write `{near}`"), region, near));
                    cx.report(node, message).at(region).fix(fix);
                }
                Some(expected) if expected != named => {
                    let message =
                        format!("`{}` belongs to partition `{}`, not `{}`", arn.region, expected.name, named.name);
                    // Fixed only where all other ARNs are in the partition of the region.
                    let agrees =
                        |other: ArnNode<'_>| other.arn.text == arn.text || other.arn.partition == expected.name;
                    let fix = cx.arns().all(agrees).then(|| {
                        Fix::safe(format!("write `{}`", expected.name), node.slice(arn.partition), expected.name)
                    });
                    let finding = cx.report(node, message).help("either the partition or the region was edited");
                    finding.at(node.slice(arn.region)).label(node.slice(arn.partition), "the partition").fix(fix);
                }
                Some(_) => agreeing = (arn.partition, arn.region),
            }
        }
    }),
};

pub(super) static ARN_PARTITION_AGREEMENT: Check = Check {
    rule: &Rule {
        name: "arn-partition-agreement",
        summary: "all ARNs of a document are in one partition",
        why: "Nothing crosses the border of a partition: no role, no key, no copy of an image.",
        help: "the document was put together from captures of two partitions",
        source: &[PARTITIONS, BOUNDARIES],
        outranks: &[ARN_REGION_AGREEMENT.rule],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<Payload>(|_, cx| {
        // A `versionlessArn` that differs from the image's ARN is reported by `sns-versionless-arn`.
        let known = |arn: &ArnNode<'_>| {
            partition::named(arn.arn.partition).is_some() && arn.node.key() != Some("versionlessArn")
        };
        let Some(first) = cx.arns().find(known) else {
            return;
        };
        let mut others = cx.arns().filter(|other| other.arn.partition != first.arn.partition).filter(known);
        let Some(other) = others.next() else {
            return;
        };
        // An ARN that differs from all others is the one that was edited, most often the resource's own.
        let is_alone = |odd: ArnNode<'_>, partition: &str| {
            let rest = || cx.arns().filter(known).filter(|arn| arn.node != odd.node);
            rest().nth(1).is_some() && rest().all(|arn| arn.arn.partition == partition)
        };
        let (odd, rest) = if is_alone(first, other.arn.partition) { (first, other) } else { (other, first) };
        let (found, expected) = (odd.arn.partition, rest.arn.partition);
        if !is_alone(odd, expected) {
            let message = format!("ARNs of partitions `{expected}` and `{found}` in one document");
            let finding = cx.report(odd.node, message);
            finding.at(odd.node.slice(found)).label(rest.node.slice(expected), "the first ARN");
            return;
        }
        report_odd_partition(odd, expected, cx).label(rest.node.slice(expected), "another ARN");
    }),
};

/// Reports the one ARN whose partition is not that of all others. Where its region is in that partition, too, the
/// region follows from it.
fn report_odd_partition<'f, 'd>(odd: ArnNode<'d>, expected: &str, cx: &'f mut Reporter<'_, 'd>) -> &'f mut Fault {
    let found = odd.arn.partition;
    let place = odd.node.slice(found);
    let region = partition::of_region(odd.arn.region).map(|region| region.name);
    let span = if region == Some(found) { Span::new(place.start, odd.node.slice(odd.arn.region).end) } else { place };
    let fix = (region == Some(expected)).then(|| Fix::safe(format!("write `{expected}`"), place, expected));
    let message = format!(
        "`{}` has partition `{found}`, but all other ARNs of the document have `{expected}`",
        odd.node.member()
    );
    cx.report(odd.node, message).at_part(span).explains().fix(fix)
}

pub(super) static ARN_REGION_AGREEMENT: Check = Check {
    rule: &Rule {
        name: "arn-region-agreement",
        level: Level::Warning,
        summary: "Image Builder resources are in the region of the resource that refers to them",
        why: "Image Builder's resources are regional: an image, its recipe, components, configurations, pipeline and \
              workflows are all in one region. Output AMIs, keys and licenses of other regions are not meant. Where \
              all of them agree on another region, the resource's own ARN is reported.",
        help: "the document was put together from captures of two regions",
        source: &[SHARING, PARTITIONS],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<AnyArn>(|node, cx| {
        if let Some(contradiction) = Contradiction::of_region(node.any(), cx) {
            let (found, agreed) = contradiction.values();
            // A region of another partition is reported by `arn-partition-agreement`.
            if partition::of_region(found).zip(partition::of_region(agreed)).is_some_and(|(one, two)| one == two) {
                contradiction.report(cx);
            }
            return;
        }
        let Some((owner, arn, resource)) = with_owner(node.any(), cx) else {
            return;
        };
        let known = |region: &str| partition::of_region(region).is_some();
        if arn.region != owner.arn.region && known(arn.region) && known(owner.arn.region) {
            let described = if node.is::<ParentImage>() { "base image".to_owned() } else { resource.described() };
            let message = format!(
                "this {described} is in `{}`, the {} in `{}`",
                arn.region,
                owner.resource.map(Resource::described).unwrap_or_default(),
                owner.arn.region
            );
            let place = owner.node.slice(owner.arn.region);
            cx.report(node, message).at(node.slice(arn.region)).label(place, "the region of the owner");
        }
    }),
};

/// What stands for the own ARN that a request lacks: the first resource that cannot be shared, or else the first one of
/// a customer's.
fn asker<'d>(cx: &Context<'d>) -> Option<ArnNode<'d>> {
    const UNSHARED: [&str; 3] = ["infrastructure-configuration", "distribution-configuration", "image-pipeline"];
    let own = || cx.arns().filter(|other| other.arn.is_customers() && other.resource.is_some());
    let first = own().next();
    own().find(|other| other.resource.is_some_and(|resource| UNSHARED.contains(&resource.kind))).or(first)
}

/// The ARN of the resource around a node, and the Image Builder ARN of the node, if that is another one.
fn with_owner<'d>(node: Node<'d>, cx: &Context<'d>) -> Option<(ArnNode<'d>, &'d Arn<'d>, &'d Resource<'d>)> {
    let (arn, resource) = image_builder_arn(node, cx)?;
    let owner = if cx.is_request() {
        asker(cx).filter(|_| arn.is_customers())
    } else {
        cx.owner().filter(|owner| owner.resource.is_some())
    }?;
    (owner.node.span() != node.span()).then_some((owner, arn, resource))
}

pub(super) static ARN_ACCOUNT_AGREEMENT: Check = Check {
    rule: &Rule {
        name: "arn-account-agreement",
        level: Level::Warning,
        summary: "an image's configurations and pipeline belong to the image's account",
        why: "Infrastructure and distribution configurations and pipelines cannot be shared with another account. \
              Recipes can, so another account there is only noted; components, base images and workflows are not \
              compared. Where all of them agree on another account, the image's own ARN is reported.",
        help: "the document was put together from captures of two accounts",
        source: &[SHARING],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<(ImageBuilderArn, shapes::Arn)>(|node, cx| {
        if let Some(contradiction) = Contradiction::of_account(node.any(), cx) {
            contradiction.report(cx);
            return;
        }
        let Some((owner, arn, resource)) = with_owner(node.any(), cx) else {
            return;
        };
        let level = match resource.kind {
            "infrastructure-configuration" | "distribution-configuration" | "image-pipeline" => Level::Warning,
            "image-recipe" | "container-recipe" => Level::Info,
            _ => return,
        };
        if arn.account != owner.arn.account && arn.is_customers() && owner.arn.is_customers() {
            let message = format!(
                "this {} belongs to account `{}`, the {} to `{}`",
                resource.described(),
                arn.account,
                owner.resource.map(Resource::described).unwrap_or_default(),
                owner.arn.account
            );
            let place = owner.account_span();
            cx.report(node, message).level(level).at(node.slice(arn.account)).label(place, "the owner");
        }
    }),
};
