//! EBS volume types and their limits in EC2.

use std::ops::RangeInclusive;

/// A volume type.
#[derive(Debug)]
pub(crate) struct VolumeType {
    /// The name in `volumeType`.
    pub name: &'static str,
    /// The sizes, in GiB.
    pub size: RangeInclusive<i128>,
    /// The IOPS that can be set; None where EC2 derives them from the size.
    pub iops: Option<Iops>,
    /// The throughput that can be set, in MiB/s; None where EC2 derives it from the size.
    pub throughput: Option<RangeInclusive<i128>>,
    /// Whether it is a hard disk type, which cannot be a boot volume.
    pub is_data_disk: bool,
}

/// The IOPS that can be set for a volume type.
#[derive(Debug)]
pub(crate) struct Iops {
    /// The minimum and the maximum.
    pub range: RangeInclusive<i128>,
    /// The maximum per GiB.
    pub per_gib: i128,
    /// Whether they must be set.
    pub required: bool,
}

/// The IOPS of a gp3 volume of any size for which none are set.
pub(crate) const BASELINE_IOPS: i128 = 3000;

/// Every volume type (EC2 API reference, `CreateVolume` and `EbsBlockDevice`).
pub(crate) static VOLUME_TYPES: [VolumeType; 7] = [
    VolumeType {
        name: "gp3",
        size: 1..=65_536,
        iops: Some(Iops { range: BASELINE_IOPS..=80_000, per_gib: 500, required: false }),
        throughput: Some(125..=2000),
        is_data_disk: false,
    },
    VolumeType { name: "gp2", size: 1..=16_384, iops: None, throughput: None, is_data_disk: false },
    VolumeType {
        name: "io1",
        size: 4..=16_384,
        iops: Some(Iops { range: 100..=64_000, per_gib: 50, required: true }),
        throughput: None,
        is_data_disk: false,
    },
    VolumeType {
        name: "io2",
        size: 4..=65_536,
        iops: Some(Iops { range: 100..=256_000, per_gib: 1000, required: true }),
        throughput: None,
        is_data_disk: false,
    },
    VolumeType { name: "st1", size: 125..=16_384, iops: None, throughput: None, is_data_disk: true },
    VolumeType { name: "sc1", size: 125..=16_384, iops: None, throughput: None, is_data_disk: true },
    VolumeType { name: "standard", size: 1..=1024, iops: None, throughput: None, is_data_disk: false },
];

/// The volume type of that name.
pub(crate) fn volume_type(name: &str) -> Option<&'static VolumeType> {
    VOLUME_TYPES.iter().find(|volume| volume.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::shape::{Kind, Shape};

    #[test]
    fn the_limits_of_every_volume_type_of_the_model_are_known() {
        let Kind::Text { values, .. } = Shape::EbsVolumeType.kind() else { panic!("an enum") };
        assert!(VOLUME_TYPES.iter().all(|volume| values.contains(&volume.name)));
        assert!(values.iter().all(|name| volume_type(name).is_some()), "{values:?}");
    }

    #[test]
    fn the_types_that_take_iops_are_ssds() {
        let takers = VOLUME_TYPES.iter().filter(|volume| volume.iops.is_some()).map(|volume| volume.name);
        assert_eq!(takers.collect::<Vec<_>>(), ["gp3", "io1", "io2"]);
        assert!(VOLUME_TYPES.iter().all(|volume| !(volume.is_data_disk && volume.iops.is_some())));
        assert!(volume_type("GP3").is_none());
    }
}
