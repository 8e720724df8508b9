//! Parts of responses that name no resource of their own: states, the entries of some lists, and what scripts query
//! out of an image.

use crate::document::Value;
use crate::model::shape::Shape;
use crate::recognise::kind::{Form, Keys, Kind, is_own_arn};
use crate::recognise::sign::Sign::{
    self, All, Any, EveryItem, Has, HasAny, In, Is, IsObject, IsString, Mostly, NoMoreThan, Only, OwnArn, SomeItem,
    Without,
};

/// The kinds of parts, in the order in which they are tried.
pub(super) static PARTS: &[Kind] = &[
    Kind {
        name: "image-state",
        summary: "the state of an image, out of an image or an event",
        forms: &[Form {
            shape: Shape::ImageState,
            sign: Any(&[
                All(&[Has("status"), IsObject("failureContext"), ONLY_STATE]),
                All(&[Has("reason"), STATUS, ONLY_STATE]),
            ]),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "image-scan-finding",
        summary: "an entry of ListImageScanFindings",
        forms: &[Form {
            shape: Shape::ImageScanFinding,
            sign: All(&[
                HasAny(&["imageBuildVersionArn", "awsAccountId"]),
                HasAny(&["packageVulnerabilityDetails", "severity"]),
                Without(&Has("findingArn")),
                Mostly(Shape::ImageScanFinding),
            ]),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "image-scan-finding-aggregation",
        summary: "an entry of ListImageScanFindingAggregations",
        forms: &[Form { shape: Shape::ImageScanFindingAggregation, sign: AGGREGATION }],
        ..Kind::BASE
    },
    Kind {
        name: "image-package",
        summary: "an entry of ListImagePackages",
        forms: &[Form {
            shape: Shape::ImagePackage,
            sign: All(&[Has("packageName"), Has("packageVersion"), NoMoreThan(2)]),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "lifecycle-execution-resource",
        summary: "an entry of ListLifecycleExecutionResources",
        forms: &[Form {
            shape: Shape::LifecycleExecutionResource,
            sign: All(&[Has("resourceId"), In("action", &Has("name"))]),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "output-resources",
        summary: "the output of an image: its AMIs or its container images",
        forms: &[Form {
            shape: Shape::OutputResources,
            sign: All(&[
                Only(&["amis", "containers"]),
                Any(&[SomeItem("amis", &AMI), SomeItem("containers", &CONTAINER), NO_AMIS]),
            ]),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "image-parts",
        summary: "members out of an image, as `--query` of the AWS CLI leaves them",
        forms: &[Form {
            shape: Shape::ImageParts,
            sign: All(&[
                Only(&["outputResources", "amis", "containers", "components", "distributions", "blockDeviceMappings"]),
                Any(&[
                    In("outputResources", &Any(&[Has("amis"), Has("containers")])),
                    SomeItem("amis", &AMI),
                    SomeItem("containers", &CONTAINER),
                    EveryItem("components", &COMPONENT),
                    SomeItem("distributions", &DISTRIBUTION),
                    SomeItem("blockDeviceMappings", &BLOCK_DEVICE),
                ]),
            ]),
        }],
        is_sure: |keys| {
            keys.object("outputResources").is_some_and(|output| output.items("amis").any(|ami| is_ami(&ami)))
        },
        ..Kind::BASE
    },
    Kind {
        name: "ami",
        summary: "an AMI out of the output of an image",
        forms: &[Form { shape: Shape::Ami, sign: AMI }],
        ..Kind::BASE
    },
    Kind {
        name: "container",
        summary: "the container images in a region, out of the output of an image",
        forms: &[Form { shape: Shape::Container, sign: CONTAINER }],
        ..Kind::BASE
    },
    Kind {
        name: "component-configuration",
        summary: "an entry of the `components` of a recipe",
        forms: &[Form { shape: Shape::ComponentConfiguration, sign: COMPONENT }],
        ..Kind::BASE
    },
    Kind {
        name: "distribution",
        summary: "an entry of the `distributions` of a distribution configuration",
        forms: &[Form { shape: Shape::Distribution, sign: DISTRIBUTION }],
        ..Kind::BASE
    },
    Kind {
        name: "block-device-mapping",
        summary: "an entry of the `blockDeviceMappings` of a recipe",
        forms: &[Form { shape: Shape::InstanceBlockDeviceMapping, sign: BLOCK_DEVICE }],
        ..Kind::BASE
    },
    Kind {
        name: "get-marketplace-resource",
        summary: "the GetMarketplaceResource response",
        forms: &[Form {
            shape: Shape::GetMarketplaceResourceResponse,
            sign: All(&[
                HasAny(&["url", "data"]),
                Any(&[All(&[Has("resourceArn"), Only(&["resourceArn", "url", "data"])]), OwnArn("resourceArn")]),
            ]),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "list-tags-for-resource",
        summary: "the ListTagsForResource response",
        forms: &[Form { shape: Shape::ListTagsForResourceResponse, sign: All(&[IsObject("tags"), Only(&["tags"])]) }],
        ..Kind::BASE
    },
];

/// The lists of parts that scripts query, each with the kind of its items.
const LISTS: &[(&str, Shape)] = &[
    ("ami", Shape::AmiList),
    ("container", Shape::ContainerList),
    ("component-configuration", Shape::ComponentConfigurationList),
    ("distribution", Shape::DistributionList),
    ("block-device-mapping", Shape::InstanceBlockDeviceMappings),
];

/// What an array is a list of, if that is parts of an image, in any spelling: the kind of its items, and its own shape.
pub(in crate::recognise) fn of_list(array: Value<'_>) -> Option<(&'static Kind, Shape)> {
    if !array.items().all(Value::is_object) {
        return None;
    }
    let of = |folded| {
        let keys = || array.items().filter_map(move |item| Keys::new(item, folded));
        LISTS.iter().find_map(|(name, shape)| {
            let kind = PARTS.iter().find(|kind| kind.name == *name)?;
            let form = kind.forms.first()?;
            let is_list = keys().all(|item| item.is_mostly(form.shape)) && keys().any(|item| form.sign.is_on(&item));
            is_list.then_some((kind, *shape))
        })
    };
    of(false).or_else(|| of(true))
}

const ONLY_STATE: Sign = Only(&["status", "reason", "failureContext"]);

const STATUS: Sign = Is {
    words: "a `status` that images have",
    test: |keys| keys.text("status").is_some_and(|text| Shape::ImageStatus.has_value(text)),
};

const AGGREGATION: Sign =
    Is { words: "one member of `ImageScanFindingAggregation`, an object, and nothing else", test: is_aggregation };

pub(super) fn is_aggregation(keys: &Keys<'_>) -> bool {
    let members = Shape::ImageScanFindingAggregation.members();
    keys.names().count() == 1 && members.iter().any(|member| keys.object(member.name).is_some())
}

const AMI: Sign = Is { words: "`image` of an AMI, or the `state` of one, with `region` or `accountId`", test: is_ami };

/// Whether an object is an AMI of an image's output: the AMI's id is in `image`, unless it could not be copied.
fn is_ami(keys: &Keys<'_>) -> bool {
    let has_place = keys.has("region") || keys.has("accountId");
    let has_id = || keys.text("image").is_some_and(|image| image.starts_with("ami"));
    let status = || keys.object("state")?.text("status");
    let has_state = || status().is_some_and(|status| Shape::ImageStatus.has_value(status));
    has_place && (has_id() || has_state()) && keys.is_mostly(Shape::Ami)
}

/// A list of no containers may be another service's.
const NO_AMIS: Sign = Is {
    words: "`amis` (an empty array)",
    test: |keys| keys.get("amis").is_some_and(|amis| amis.is_array() && amis.is_empty()),
};

const CONTAINER: Sign = Is {
    words: "`imageUris` (an array) and `region`",
    test: |keys| keys.get("imageUris").is_some_and(Value::is_array) && keys.only(&["imageUris", "region"]),
};

const COMPONENT: Sign = Is {
    words: "`componentArn` of Image Builder, alone or with `parameters`",
    test: |keys| {
        keys.text("componentArn").is_some_and(is_own_arn)
            && !keys.has("requestId")
            && keys.only(&["componentArn", "parameters"])
    },
};

const DISTRIBUTION: Sign = All(&[IsString("region"), DISTRIBUTED, Mostly(Shape::Distribution)]);

/// What a distribution does in its Region.
pub(super) const DISTRIBUTED: Sign = HasAny(&[
    "amiDistributionConfiguration",
    "containerDistributionConfiguration",
    "fastLaunchConfigurations",
    "launchTemplateConfigurations",
    "licenseConfigurationArns",
    "s3ExportConfiguration",
    "ssmParameterConfigurations",
]);

const BLOCK_DEVICE: Sign = All(&[
    Any(&[IsString("deviceName"), In("ebs", &Mostly(Shape::EbsInstanceBlockDeviceSpecification))]),
    HasAny(&["ebs", "virtualName", "noDevice"]),
    Only(&["deviceName", "ebs", "virtualName", "noDevice"]),
]);
