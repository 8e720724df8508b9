//! EBS volumes: the limits of their types, and the encryption of volumes from snapshots.

use std::ops::RangeInclusive;

use crate::aws::ebs::{BASELINE_IOPS, VOLUME_TYPES, VolumeType, volume_type};
use crate::model::shape::Kind;
use crate::model::typed::shapes::EbsInstanceBlockDeviceSpecification;
use crate::rule::prelude::*;
use crate::rules::structure;

pub(super) static RULES: &[&Check] = &[
    &EBS_IOPS_TYPE,
    &EBS_IOPS_REQUIRED,
    &EBS_IOPS_RANGE,
    &EBS_IOPS_SIZE_RATIO,
    &EBS_THROUGHPUT_TYPE,
    &EBS_THROUGHPUT_RATIO,
    &EBS_SERVICE_LIMIT,
    &EBS_SIZE_RANGE,
    &EBS_SNAPSHOT_ENCRYPTED,
];

type Ebs = EbsInstanceBlockDeviceSpecification;

const EC2_DEVICE: &str = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EbsBlockDevice.html";
const CREATE_VOLUME: &str = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html";
const EBS: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_EbsInstanceBlockDeviceSpecification.html";

/// The volume type with its node; an unknown type is reported by `enum-value`.
fn volume_type_of(ebs: Node<'_, Ebs>) -> Option<(Node<'_>, &'static VolumeType)> {
    let node = ebs.get(member::VolumeType)?;
    Some((node, volume_type(node.text()?)?))
}

/// The maximum in the service model of Image Builder.
fn model_maximum(node: Node<'_>) -> Option<i128> {
    match node.shape().kind() {
        Kind::Integer { maximum, .. } => maximum.map(i128::from),
        _ => None,
    }
}

fn removal(ebs: Node<'_, Ebs>, node: Node<'_>) -> Option<Fix> {
    ebs.removal(node).map(Fix::made_unsafe)
}

static EBS_IOPS_TYPE: Check = Check {
    rule: &Rule {
        name: "ebs-iops-type",
        summary: "only gp3, io1 and io2 volumes are given iops",
        why: "The iops of other types follow from their size, and EC2 refuses a number of one's own. Without a volume \
              type it is not certain what the number meets, so that is a warning.",
        help: "use gp3, io1 or io2, or drop `iops`",
        source: &[CREATE_VOLUME, EBS],
        outranks: &[&structure::NUMBER_RANGE],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<Ebs>(|ebs, cx| {
        let Some((iops, _)) = ebs.get(member::Iops).and_then(Node::with_integer) else {
            return;
        };
        match (ebs.get(member::VolumeType), volume_type_of(ebs)) {
            (None, _) => {
                // Reported on the volume, so that it does not replace a finding of `number-range` on `iops`.
                let message = "`iops` is set without `volumeType`; only gp3, io1 and io2 volumes are given iops";
                cx.report(ebs, message).level(Level::Warning).at(iops.key_span()).fix(removal(ebs, iops));
            }
            (_, Some((kind, volume))) if volume.iops.is_none() => {
                let message =
                    format!("`iops` is set, but `{}` volumes are given none; only gp3, io1 and io2 are", volume.name);
                cx.report(iops, message).label(kind.span(), "the volume type").fix(removal(ebs, iops));
            }
            _ => {}
        }
    }),
};

static EBS_IOPS_REQUIRED: Check = Check {
    rule: &Rule {
        name: "ebs-iops-required",
        summary: "io1 and io2 volumes are given iops",
        why: "Provisioned IOPS volumes have no default: EC2 refuses to create one without the number.",
        help: "set `iops`, or use gp3",
        source: &[CREATE_VOLUME, EC2_DEVICE, "service model: EbsInstanceBlockDeviceSpecification.iops"],
        ..Rule::BASE
    },
    on: &Each::<Ebs>(|ebs, cx| {
        let Some((kind, volume)) = volume_type_of(ebs) else {
            return;
        };
        if volume.iops.as_ref().is_some_and(|iops| iops.required) && ebs.find(member::Iops).is_none() {
            cx.report(kind, format!("`{}` volumes need `iops`, which is absent", volume.name));
        }
    }),
};

static EBS_IOPS_RANGE: Check = Check {
    rule: &Rule {
        name: "ebs-iops-range",
        summary: "iops lie in the range of the volume type",
        why: "The service model takes 100 to 64000 for all types; gp3 starts at 3000, and io1 ends at 64000. What gp3 \
              and io2 take beyond 64000 Image Builder does not.",
        help: "gp3 takes 3000 and more, io1 and io2 take 100 and more",
        source: &[EC2_DEVICE, "service model: EbsIopsInteger"],
        outranks: &[EBS_IOPS_SIZE_RATIO.rule, &structure::NUMBER_RANGE],
        ..Rule::BASE
    },
    on: &Each::<Ebs>(|ebs, cx| {
        let (Some((node, iops)), Some((kind, volume))) =
            (ebs.get(member::Iops).and_then(Node::with_integer), volume_type_of(ebs))
        else {
            return;
        };
        let Some(range) = volume.iops.as_ref().map(|iops| &iops.range) else {
            return;
        };
        let found = if iops < *range.start() {
            format!("start at {} iops", range.start())
        } else if iops > *range.end() && model_maximum(node).is_some_and(|maximum| *range.end() <= maximum) {
            format!("end at {} iops", range.end())
        } else {
            return;
        };
        let message = format!("`{}` volumes {found}; found {iops}", volume.name);
        cx.report(node, message).label(kind.span(), "the volume type");
    }),
};

static EBS_IOPS_SIZE_RATIO: Check = Check {
    rule: &Rule {
        name: "ebs-iops-size-ratio",
        level: Level::Warning,
        summary: "a volume is large enough for its iops",
        why: "EC2 allows 50 iops per GiB for io1, 500 for gp3 and 1000 for io2; gp3 has 3000 at any size.",
        help: "enlarge the volume, or ask for fewer iops",
        source: &[EC2_DEVICE, "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html"],
        ..Rule::BASE
    },
    on: &Each::<Ebs>(|ebs, cx| {
        let (Some((node, iops)), Some((size_node, size))) = (
            ebs.get(member::Iops).and_then(Node::with_integer),
            ebs.get(member::VolumeSize).and_then(Node::with_integer),
        ) else {
            return;
        };
        let Some((volume, limits)) = volume_type_of(ebs).and_then(|(_, volume)| Some((volume, volume.iops.as_ref()?)))
        else {
            return;
        };
        // A size out of range is reported by `ebs-size-range` or `number-range`.
        if !volume.size.contains(&size) {
            return;
        }
        let baseline = if limits.required { 0 } else { BASELINE_IOPS };
        let most = (limits.per_gib * size).max(baseline);
        if iops > most {
            let message = format!(
                "{iops} iops on {size} GiB; `{}` allows {} per GiB, here up to {most}",
                volume.name, limits.per_gib
            );
            cx.report(node, message).label(size_node.span(), "the size");
        }
    }),
};

static EBS_THROUGHPUT_TYPE: Check = Check {
    rule: &Rule {
        name: "ebs-throughput-type",
        summary: "only gp3 volumes are given a throughput",
        why: "The throughput of other types follows from their size and iops, and EC2 refuses a number of one's own.",
        help: "use gp3, or drop `throughput`",
        source: &[EBS, EC2_DEVICE],
        outranks: &[&structure::NUMBER_RANGE],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<Ebs>(|ebs, cx| {
        let (Some((node, _)), Some((kind, volume))) =
            (ebs.get(member::Throughput).and_then(Node::with_integer), volume_type_of(ebs))
        else {
            return;
        };
        if volume.throughput.is_none() {
            let message = format!("`throughput` is set, but `{}` volumes are given none; only gp3 are", volume.name);
            cx.report(node, message).label(kind.span(), "the volume type").fix(removal(ebs, node));
        }
    }),
};

static EBS_THROUGHPUT_RATIO: Check = Check {
    rule: &Rule {
        name: "ebs-throughput-ratio",
        level: Level::Warning,
        summary: "a gp3 volume has the iops that its throughput needs",
        why: "EC2 gives gp3 up to 0.25 MiB/s per provisioned iops. A volume that is given no iops has 3000, enough for \
              750 MiB/s.",
        help: "raise `iops` to four times the throughput, or lower the throughput",
        source: &[CREATE_VOLUME, "https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html"],
        ..Rule::BASE
    },
    on: &Each::<Ebs>(|ebs, cx| {
        let (Some((node, throughput)), Some((_, volume))) =
            (ebs.get(member::Throughput).and_then(Node::with_integer), volume_type_of(ebs))
        else {
            return;
        };
        // A throughput out of range is reported by `number-range`, iops below the baseline by
        // `ebs-iops-range`.
        if !volume.throughput.as_ref().is_some_and(|range| range.contains(&throughput)) {
            return;
        }
        let given = ebs.find(member::Iops);
        let iops = match given {
            Some(node) => match node.integer() {
                Some(iops) => iops.max(BASELINE_IOPS),
                None => return,
            },
            None => BASELINE_IOPS,
        };
        let needed = throughput * 4;
        if needed > iops {
            let message =
                format!("{throughput} MiB/s needs {needed} iops (0.25 MiB/s per iops); the volume has {iops}");
            let finding = cx.report(node, message);
            if let Some(given) = given {
                finding.label(given.span(), "its iops");
            }
        }
    }),
};

/// The range that EC2 accepts for a property of a volume type; None where it cannot be set.
type AcceptedRange = fn(&VolumeType) -> Option<&RangeInclusive<i128>>;

/// The properties of a volume that have a range, with what follows their numbers and the ranges that EC2 accepts.
const PROPERTIES: [(Slot<Ebs>, &str, AcceptedRange); 3] = [
    (Slot::of(member::VolumeSize), " GiB", |volume| Some(&volume.size)),
    (Slot::of(member::Iops), "", |volume| volume.iops.as_ref().map(|iops| &iops.range)),
    (Slot::of(member::Throughput), " MiB/s", |volume| volume.throughput.as_ref()),
];

static EBS_SERVICE_LIMIT: Check = Check {
    rule: &Rule {
        name: "ebs-service-limit",
        level: Level::Info,
        sides: Sides::Responses,
        summary: "a volume keeps to Image Builder's limits as well as to EC2's",
        why: "EC2's limits for some volume types are above those in the service model of Image Builder. Such a volume \
              is possible in EC2; whether a recipe can ask for it is not documented.",
        help: "EC2 takes the number; Image Builder may refuse it when a recipe is created",
        source: &[EC2_DEVICE, "service model: EbsVolumeSizeInteger", "service model: EbsIopsInteger"],
        excuses: &[&structure::NUMBER_RANGE],
        ..Rule::BASE
    },
    on: &Each::<Ebs>(|ebs, cx| {
        for (slot, unit, range) in PROPERTIES {
            let Some((node, value)) = ebs.get_in(slot).and_then(Node::with_integer) else {
                continue;
            };
            let Some(limit) = model_maximum(node).filter(|limit| value > *limit) else {
                continue;
            };
            // 0 where the property cannot be set.
            let most_of = |volume: &VolumeType| range(volume).map_or(0, |range| *range.end());
            let (most, of) = match volume_type_of(ebs) {
                Some((_, volume)) => (most_of(volume), format!("`{}`", volume.name)),
                None => (VOLUME_TYPES.iter().map(most_of).max().unwrap_or_default(), "some volume types".to_owned()),
            };
            if value <= most {
                let name = slot.name();
                let message = format!(
                    "`{name}` is {value}{unit}, within EC2's limit of {most} for {of}, but above Image Builder's \
                     {limit}"
                );
                cx.report(node, message);
            }
        }
    }),
};

static EBS_SIZE_RANGE: Check = Check {
    rule: &Rule {
        name: "ebs-size-range",
        summary: "a volume's size lies in the range of its type",
        why: "The service model takes 1 to 16000 GiB for all types; io1 and io2 start at 4 GiB, st1 and sc1 at 125 \
              GiB, and standard ends at 1024 GiB.",
        help: "choose a size that the type allows, or another type",
        source: &[CREATE_VOLUME, EC2_DEVICE],
        outranks: &[&structure::NUMBER_RANGE],
        ..Rule::BASE
    },
    on: &Each::<Ebs>(|ebs, cx| {
        let (Some((node, size)), Some((kind, volume))) =
            (ebs.get(member::VolumeSize).and_then(Node::with_integer), volume_type_of(ebs))
        else {
            return;
        };
        // Only limits that are stricter than the service model's, which `number-range` checks.
        let (least, most) = (*volume.size.start(), *volume.size.end());
        let found = if size < least && least > 1 {
            format!("start at {least} GiB")
        } else if size > most && model_maximum(node).is_some_and(|maximum| most < maximum) {
            format!("end at {most} GiB")
        } else {
            return;
        };
        let message = format!("`{}` volumes {found}; found {size}", volume.name);
        cx.report(node, message).label(kind.span(), "the volume type");
    }),
};

pub(super) static EBS_SNAPSHOT_ENCRYPTED: Check = Check {
    rule: &Rule {
        name: "ebs-snapshot-encrypted",
        level: Level::Info,
        summary: "a volume from a snapshot is as encrypted as the snapshot",
        why: "The volume of an encrypted snapshot is encrypted, and nothing turns that off. For a snapshot that is not \
              encrypted `false` is right, unless the account encrypts by default. The capture does not say which it \
              is.",
        help: "drop `encrypted`, or set it to true to encrypt the volume; right where the snapshot is not encrypted",
        source: &[EC2_DEVICE, EBS],
        ..Rule::BASE
    },
    on: &Each::<Ebs>(|ebs, cx| {
        if let (Some(snapshot), Some(encrypted)) = (ebs.get(member::SnapshotId), ebs.get(member::Encrypted))
            && encrypted.boolean() == Some(false)
        {
            let message = "`encrypted` is false beside `snapshotId`; if that snapshot is encrypted, so is the volume";
            cx.report(encrypted, message).label(snapshot.key_span(), "this snapshot decides");
        }
    }),
};
