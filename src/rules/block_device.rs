//! Block device mappings: devices and what is mapped to them.

use crate::aws::ebs::volume_type;
use crate::model::typed::shapes::{Image, InstanceBlockDeviceMapping, InstanceBlockDeviceMappings};
use crate::rule::prelude::*;
use crate::rules::view::image::status;
use crate::rules::view::repeat::repeats;

pub(super) static RULES: &[&Check] = &[
    &BDM_DUPLICATE_DEVICE,
    &BDM_DEVICE_NAME,
    &BDM_EBS_VIRTUAL,
    &BDM_NO_DEVICE_CONFLICT,
    &BDM_VIRTUAL_NAME,
    &BDM_EMPTY,
    &EBS_HDD_ROOT,
];

const EC2_MAPPING: &str = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_BlockDeviceMapping.html";
const DEVICE_NAMES: &str = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html";
const MAPPING: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_InstanceBlockDeviceMapping.html";

static BDM_DUPLICATE_DEVICE: Check = Check {
    rule: &Rule {
        name: "bdm-duplicate-device",
        summary: "a device is mapped once",
        why: "A device holds one volume. EC2 refuses a request that maps two to the same name.",
        help: "give one of the two another device name, or drop it",
        source: &[MAPPING, EC2_MAPPING],
        ..Rule::BASE
    },
    on: &Each::<InstanceBlockDeviceMappings>(|mappings, cx| {
        let devices = mappings.items().filter_map(|mapping| mapping.get(member::DeviceName));
        for (first, again) in repeats(devices, |device| device.text().filter(|name| !name.is_empty())) {
            let name = quoted(again.text().unwrap_or_default());
            let finding = cx.report(again, format!("device `{name}` is mapped twice"));
            finding.says("again").label(first.span(), "the first");
        }
    }),
};

static BDM_DEVICE_NAME: Check = Check {
    rule: &Rule {
        name: "bdm-device-name",
        level: Level::Warning,
        summary: "a mapping names a device as EC2 does",
        why: "The name tells EC2 where to attach the volume. A title or a drive letter attaches it nowhere.",
        help: "device names read /dev/xvda, /dev/sda1, /dev/sdf, and xvdf on Windows",
        source: &[MAPPING, DEVICE_NAMES],
        ..Rule::BASE
    },
    on: &Each::<InstanceBlockDeviceMapping>(|mapping, cx| match mapping.find(member::DeviceName) {
        Some(device) => {
            let name = device.text().filter(|name| !name.is_empty() && !is_device_name(name));
            if let Some(name) = name {
                cx.report(device, format!("`{}` is not a device name such as `/dev/xvda` or `xvdf`", quoted(name)));
            }
        }
        None if !mapping.is_empty() => {
            // An image that was built shows that EC2 knew the device.
            let is_available = cx.ancestor::<Image>().and_then(status).is_some_and(|(_, text)| text == "AVAILABLE");
            let level = if is_available { Level::Info } else { Level::Warning };
            let finding = cx.report(mapping, "the mapping lacks `deviceName`, the device that it is for");
            finding.level(level).at(mapping.opening()).says("no `deviceName` in this object");
        }
        None => {}
    }),
};

fn is_device_name(name: &str) -> bool {
    let letters = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase());
    let letter_and_number = |text: &str| {
        let mut bytes = text.bytes();
        bytes.next().is_some_and(|byte| byte.is_ascii_lowercase()) && bytes.all(|byte| byte.is_ascii_digit())
    };
    name.strip_prefix("/dev/").is_some_and(|device| !device.is_empty())
        || name.strip_prefix("xvd").is_some_and(letters)
        || name.strip_prefix("sd").is_some_and(letter_and_number)
}

static BDM_EBS_VIRTUAL: Check = Check {
    rule: &Rule {
        name: "bdm-ebs-virtual",
        level: Level::Warning,
        summary: "a device is an EBS volume or an instance store volume",
        why: "A virtual name stands for a disk of the host, `ebs` for a volume of EBS. One device cannot be both.",
        help: "keep `ebs`, or keep `virtualName`",
        source: &[EC2_MAPPING, MAPPING],
        ..Rule::BASE
    },
    on: &Each::<InstanceBlockDeviceMapping>(|mapping, cx| {
        if let (Some(ebs), Some(virtual_name)) = (mapping.get(member::Ebs), mapping.get(member::VirtualName)) {
            let finding = cx.report(
                mapping,
                "`ebs` and `virtualName` make one device both an EBS volume and an instance store volume",
            );
            finding.at(ebs.key_span()).says("an EBS volume").label(virtual_name.key_span(), "an instance store volume");
        }
    }),
};

static BDM_NO_DEVICE_CONFLICT: Check = Check {
    rule: &Rule {
        name: "bdm-no-device-conflict",
        level: Level::Warning,
        summary: "a mapping that removes a device maps nothing to it",
        why: "`noDevice` takes the device out of the base image's mapping, whatever its value: the empty string does \
              so too. What else the mapping says is lost.",
        help: "drop `noDevice` to keep the volume, or keep it alone to remove the device",
        source: &[MAPPING, EC2_MAPPING],
        outranks: &[BDM_EBS_VIRTUAL.rule],
        ..Rule::BASE
    },
    on: &Each::<InstanceBlockDeviceMapping>(|mapping, cx| {
        let Some(no_device) = mapping.find(member::NoDevice) else {
            return;
        };
        if let Some(mapped) = mapping.get(member::Ebs).map(Node::any).or_else(|| mapping.get(member::VirtualName)) {
            let message = format!("`noDevice` removes the device, so `{}` is lost", mapped.member());
            let finding = cx.report(mapping, message);
            finding.at(no_device.key_span()).says("removes the device").label(mapped.key_span(), "is lost");
        }
    }),
};

static BDM_VIRTUAL_NAME: Check = Check {
    rule: &Rule {
        name: "bdm-virtual-name",
        level: Level::Warning,
        summary: "a virtual name is `ephemeral` and a number",
        why: "Instance store volumes are numbered from 0; EC2 knows them by no other names.",
        help: "write ephemeral0, ephemeral1 and so on",
        source: &[EC2_MAPPING, MAPPING],
        ..Rule::BASE
    },
    on: &Each::<InstanceBlockDeviceMapping>(|mapping, cx| {
        let Some(virtual_name) = mapping.get(member::VirtualName) else {
            return;
        };
        let Some(name) = virtual_name.text().filter(|name| !name.is_empty()) else {
            return;
        };
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !name.strip_prefix("ephemeral").is_some_and(is_number) {
            cx.report(virtual_name, format!("virtual name `{}`; `ephemeral<number>` was expected", quoted(name)));
        }
    }),
};

static BDM_EMPTY: Check = Check {
    rule: &Rule {
        name: "bdm-empty",
        level: Level::Info,
        pedantic: true,
        summary: "a mapping says something of its device",
        why: "A mapping with nothing but a device name leaves the device as the base image has it.",
        help: "drop the mapping, or say what it changes",
        source: &[MAPPING, "service model: InstanceBlockDeviceMapping"],
        ..Rule::BASE
    },
    on: &Each::<InstanceBlockDeviceMapping>(|mapping, cx| {
        let changes = mapping
            .get(member::Ebs)
            .map(Node::any)
            .or_else(|| mapping.get(member::VirtualName))
            .or_else(|| mapping.find(member::NoDevice));
        if let (Some(device), None) = (mapping.get(member::DeviceName), changes) {
            let name = quoted(device.text().unwrap_or_default());
            cx.report(device, format!("the mapping of `{name}` changes nothing"));
        }
    }),
};

/// Whether a device has one of the usual names of root devices.
fn is_root(device: &str) -> bool {
    matches!(device.strip_prefix("/dev/").unwrap_or(device), "xvda" | "sda1")
}

static EBS_HDD_ROOT: Check = Check {
    rule: &Rule {
        name: "ebs-hdd-root",
        level: Level::Warning,
        summary: "a root device is no st1 or sc1 volume",
        why: "Instances do not boot from st1 and sc1 volumes. The root device is the first of a list that has one of \
              its usual names, /dev/xvda and /dev/sda1; an image may have it elsewhere.",
        help: "use gp3 for the root device",
        source: &["https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html", DEVICE_NAMES],
        ..Rule::BASE
    },
    on: &Each::<InstanceBlockDeviceMappings>(|mappings, cx| {
        let mut named =
            mappings.items().filter_map(|mapping| Some((mapping, mapping.get_with_text(member::DeviceName)?)));
        let Some((mapping, (device, name))) = named.find(|(_, (_, name))| is_root(name)) else {
            return;
        };
        let Some(kind) = mapping.get(member::Ebs).and_then(|ebs| ebs.get(member::VolumeType)) else {
            return;
        };
        if let Some(volume) = kind.text().and_then(volume_type).filter(|volume| volume.is_data_disk) {
            let message =
                format!("root device `{name}` has volume type `{}`, which no instance boots from", volume.name);
            cx.report(kind, message).label(device.span(), "the root device");
        }
    }),
};
