//! Parts of responses that name no resource of their own: states, and the entries of some lists.

use crate::model::shape::Shape;
use crate::recognise::kind::{Form, Keys, Kind};
use crate::recognise::sign::Sign::{self, All, Any, Has, HasAny, In, Is, IsObject, Mostly, NoMoreThan, Only, Without};

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
        name: "get-marketplace-resource",
        summary: "the GetMarketplaceResource response",
        forms: &[Form {
            shape: Shape::GetMarketplaceResourceResponse,
            sign: All(&[Has("resourceArn"), HasAny(&["url", "data"]), Only(&["resourceArn", "url", "data"])]),
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
