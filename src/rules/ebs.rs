//! EBS volumes: what their types allow, and what snapshots do.

use crate::aws::ebs::{BASELINE_IOPS, VOLUME_TYPES, VolumeType, volume_type};
use crate::finding::Level;
use crate::finding::fix::Fix;
use crate::model::shape::{Kind, Shape};
use crate::rule::Rule;
use crate::rule::node::Node;

pub(super) static RULES: &[&Rule] = &[
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

const ON: &[Shape] = &[Shape::EbsInstanceBlockDeviceSpecification];
const EC2_DEVICE: &str = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EbsBlockDevice.html";
const CREATE_VOLUME: &str = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html";
const EBS: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_EbsInstanceBlockDeviceSpecification.html";

fn number<'d>(ebs: Node<'d>, member: &str) -> Option<(Node<'d>, i128)> {
    let node = ebs.get(member)?;
    Some((node, node.integer()?))
}

/// The volume type with its node; one that EC2 does not have is `enum-value`'s.
fn kind_of(ebs: Node<'_>) -> Option<(Node<'_>, &'static VolumeType)> {
    let node = ebs.get("volumeType")?;
    Some((node, volume_type(node.text()?)?))
}

/// The greatest number that the service model of Image Builder takes.
fn model_maximum(node: Node<'_>) -> Option<i128> {
    match node.shape().kind() {
        Kind::Integer { maximum, .. } => maximum.map(i128::from),
        _ => None,
    }
}

fn removal(ebs: Node<'_>, node: Node<'_>) -> Option<Fix> {
    ebs.removal(node).map(Fix::made_unsafe)
}

static EBS_IOPS_TYPE: Rule = Rule {
    name: "ebs-iops-type",
    on: ON,
    summary: "only gp3, io1 and io2 volumes are given iops",
    why: "The iops of other types follow from their size, and EC2 refuses a number of one's own. Without a volume \
          type it is not certain what the number meets, so that is a warning.",
    help: "use gp3, io1 or io2, or drop `iops`",
    source: &[CREATE_VOLUME, EBS],
    outranks: &["number-range"],
    check: |ebs, cx| {
        let Some((iops, _)) = number(ebs, "iops") else {
            return;
        };
        match (ebs.get("volumeType"), kind_of(ebs)) {
            (None, _) => {
                // About the volume: a number out of bounds is still a fault of its own.
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
    },
    ..Rule::BASE
};

static EBS_IOPS_REQUIRED: Rule = Rule {
    name: "ebs-iops-required",
    on: ON,
    summary: "io1 and io2 volumes are given iops",
    why: "Provisioned IOPS volumes have no default: EC2 refuses to create one without the number.",
    help: "set `iops`, or use gp3",
    source: &[CREATE_VOLUME, EC2_DEVICE, "service model: EbsInstanceBlockDeviceSpecification.iops"],
    check: |ebs, cx| {
        let Some((kind, volume)) = kind_of(ebs) else {
            return;
        };
        if volume.iops.as_ref().is_some_and(|iops| iops.required) && ebs.find("iops").is_none() {
            cx.report(kind, format!("`{}` volumes need `iops`, which is absent", volume.name));
        }
    },
    ..Rule::BASE
};

static EBS_IOPS_RANGE: Rule = Rule {
    name: "ebs-iops-range",
    on: ON,
    summary: "iops lie in the range of the volume type",
    why: "The service model takes 100 to 64000 for all types; gp3 starts at 3000, and io1 ends at 64000. What gp3 and \
          io2 take beyond 64000 Image Builder does not.",
    help: "gp3 takes 3000 and more, io1 and io2 take 100 and more",
    source: &[EC2_DEVICE, "service model: EbsIopsInteger"],
    outranks: &["ebs-iops-size-ratio", "number-range"],
    check: |ebs, cx| {
        let (Some((node, iops)), Some((kind, volume))) = (number(ebs, "iops"), kind_of(ebs)) else {
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
    },
    ..Rule::BASE
};

static EBS_IOPS_SIZE_RATIO: Rule = Rule {
    name: "ebs-iops-size-ratio",
    level: Level::Warning,
    on: ON,
    summary: "a volume is large enough for its iops",
    why: "EC2 allows 50 iops per GiB for io1, 500 for gp3 and 1000 for io2; gp3 has 3000 at any size.",
    help: "enlarge the volume, or ask for fewer iops",
    source: &[EC2_DEVICE, "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html"],
    check: |ebs, cx| {
        let (Some((node, iops)), Some((size_node, size))) = (number(ebs, "iops"), number(ebs, "volumeSize")) else {
            return;
        };
        let Some((volume, limits)) = kind_of(ebs).and_then(|(_, volume)| Some((volume, volume.iops.as_ref()?))) else {
            return;
        };
        // A size out of bounds is another rule's.
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
    },
    ..Rule::BASE
};

static EBS_THROUGHPUT_TYPE: Rule = Rule {
    name: "ebs-throughput-type",
    on: ON,
    summary: "only gp3 volumes are given a throughput",
    why: "The throughput of other types follows from their size and iops, and EC2 refuses a number of one's own.",
    help: "use gp3, or drop `throughput`",
    source: &[EBS, EC2_DEVICE],
    outranks: &["number-range"],
    check: |ebs, cx| {
        let (Some((node, _)), Some((kind, volume))) = (number(ebs, "throughput"), kind_of(ebs)) else {
            return;
        };
        if volume.throughput.is_none() {
            let message = format!("`throughput` is set, but `{}` volumes are given none; only gp3 are", volume.name);
            cx.report(node, message).label(kind.span(), "the volume type").fix(removal(ebs, node));
        }
    },
    ..Rule::BASE
};

static EBS_THROUGHPUT_RATIO: Rule = Rule {
    name: "ebs-throughput-ratio",
    level: Level::Warning,
    on: ON,
    summary: "a gp3 volume has the iops that its throughput needs",
    why: "EC2 gives gp3 up to 0.25 MiB/s per provisioned iops. A volume that is given no iops has 3000, enough for \
          750 MiB/s.",
    help: "raise `iops` to four times the throughput, or lower the throughput",
    source: &[CREATE_VOLUME, "https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html"],
    check: |ebs, cx| {
        let (Some((node, throughput)), Some((_, volume))) = (number(ebs, "throughput"), kind_of(ebs)) else {
            return;
        };
        // What no gp3 volume has is `number-range`'s, and iops below the baseline `ebs-iops-range`'s.
        if !volume.throughput.as_ref().is_some_and(|range| range.contains(&throughput)) {
            return;
        }
        let given = ebs.find("iops");
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
    },
    ..Rule::BASE
};

static EBS_SERVICE_LIMIT: Rule = Rule {
    name: "ebs-service-limit",
    level: Level::Info,
    on: ON,
    summary: "a volume keeps to Image Builder's limits as well as to EC2's",
    why: "EC2 raised its limits in 2025, and the service model of Image Builder has not followed. Such a volume is \
          possible, but a recipe may not be able to ask for it.",
    help: "EC2 takes the number; Image Builder may refuse it when a recipe is created",
    source: &[EC2_DEVICE, "service model: EbsVolumeSizeInteger", "service model: EbsIopsInteger"],
    outranks: &["number-range"],
    check: |ebs, cx| {
        for (member, unit) in [("volumeSize", "GiB"), ("iops", "iops"), ("throughput", "MiB/s")] {
            let Some((node, value)) = number(ebs, member) else {
                continue;
            };
            let Some(limit) = model_maximum(node).filter(|limit| value > *limit) else {
                continue;
            };
            let most = match kind_of(ebs) {
                Some((_, volume)) => ec2_maximum(volume, member),
                None => VOLUME_TYPES.iter().map(|volume| ec2_maximum(volume, member)).max().unwrap_or_default(),
            };
            if value <= most {
                let message =
                    format!("{value} {unit} is within EC2's limit of {most}, but above Image Builder's {limit}");
                cx.report(node, message);
            }
        }
    },
    ..Rule::BASE
};

/// The most that EC2 takes for a member of a volume type; 0 where it takes nothing.
fn ec2_maximum(volume: &VolumeType, member: &str) -> i128 {
    let range = match member {
        "volumeSize" => Some(&volume.size),
        "iops" => volume.iops.as_ref().map(|iops| &iops.range),
        _ => volume.throughput.as_ref(),
    };
    range.map_or(0, |range| *range.end())
}

static EBS_SIZE_RANGE: Rule = Rule {
    name: "ebs-size-range",
    on: ON,
    summary: "a volume's size lies in the range of its type",
    why: "The service model takes 1 to 16000 GiB for all types; io1 and io2 start at 4 GiB, st1 and sc1 at 125 GiB, \
          and standard ends at 1024 GiB.",
    help: "choose a size that the type allows, or another type",
    source: &[CREATE_VOLUME, EC2_DEVICE],
    outranks: &["number-range"],
    check: |ebs, cx| {
        let (Some((node, size)), Some((kind, volume))) = (number(ebs, "volumeSize"), kind_of(ebs)) else {
            return;
        };
        // Only where the type is stricter than the model, which checks the rest.
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
    },
    ..Rule::BASE
};

static EBS_SNAPSHOT_ENCRYPTED: Rule = Rule {
    name: "ebs-snapshot-encrypted",
    level: Level::Info,
    on: ON,
    summary: "a volume from a snapshot is as encrypted as the snapshot",
    why: "The volume of an encrypted snapshot is encrypted, and nothing turns that off; for one that is not encrypted \
          `false` says nothing new.",
    help: "drop `encrypted`, or set it to true to encrypt the volume",
    source: &[EC2_DEVICE, EBS],
    check: |ebs, cx| {
        if let (Some(snapshot), Some(encrypted)) = (ebs.get("snapshotId"), ebs.get("encrypted"))
            && encrypted.boolean() == Some(false)
        {
            let message = "`encrypted` is false beside a snapshot, whose encryption cannot be turned off";
            cx.report(encrypted, message).label(snapshot.key_span(), "the snapshot decides");
        }
    },
    ..Rule::BASE
};
