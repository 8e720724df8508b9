//! Parts of responses that name no resource of their own: states, and the entries of some lists.

use crate::model::shape::Shape;
use crate::recognise::kind::{Form, Keys, Kind};

/// The kinds of parts, in the order in which they are tried.
pub(super) static PARTS: &[Kind] = &[
    Kind {
        name: "image-state",
        summary: "the state of an image, out of an image or an event",
        recognised: "`status`, one that images have, with `reason` or `failureContext` and nothing else",
        forms: &[Form { shape: Shape::ImageState, test: is_image_state }],
        ..Kind::BASE
    },
    Kind {
        name: "image-scan-finding",
        summary: "an entry of ListImageScanFindings",
        recognised: "`imageBuildVersionArn` or `awsAccountId`, with `packageVulnerabilityDetails` or `severity`",
        forms: &[Form { shape: Shape::ImageScanFinding, test: is_scan_finding }],
        ..Kind::BASE
    },
    Kind {
        name: "image-scan-finding-aggregation",
        summary: "an entry of ListImageScanFindingAggregations",
        recognised: "one of `accountAggregation`, `imageAggregation`, `imagePipelineAggregation` and `vulnerabilityIdAggregation`",
        forms: &[Form { shape: Shape::ImageScanFindingAggregation, test: is_aggregation }],
        ..Kind::BASE
    },
    Kind {
        name: "image-package",
        summary: "an entry of ListImagePackages",
        recognised: "`packageName` and `packageVersion`, and nothing else",
        forms: &[Form {
            shape: Shape::ImagePackage,
            test: |keys| keys.has("packageName") && keys.has("packageVersion") && keys.names().count() == 2,
        }],
        ..Kind::BASE
    },
    Kind {
        name: "lifecycle-execution-resource",
        summary: "an entry of ListLifecycleExecutionResources",
        recognised: "`resourceId` with `action`, an object",
        forms: &[Form {
            shape: Shape::LifecycleExecutionResource,
            test: |keys| keys.has("resourceId") && keys.object("action").is_some_and(|action| action.has("name")),
        }],
        ..Kind::BASE
    },
    Kind {
        name: "get-marketplace-resource",
        summary: "the GetMarketplaceResource response",
        recognised: "`resourceArn` with `url` or `data`, and nothing else",
        forms: &[Form {
            shape: Shape::GetMarketplaceResourceResponse,
            test: |keys| {
                let is_told = keys.has("url") || keys.has("data");
                keys.has("resourceArn") && is_told && keys.only(&["resourceArn", "url", "data"])
            },
        }],
        ..Kind::BASE
    },
    Kind {
        name: "list-tags-for-resource",
        summary: "the ListTagsForResource response",
        recognised: "`tags`, an object, and nothing else",
        forms: &[Form {
            shape: Shape::ListTagsForResourceResponse,
            test: |keys| keys.object("tags").is_some() && keys.only(&["tags"]),
        }],
        ..Kind::BASE
    },
];

fn is_image_state(keys: &Keys<'_>) -> bool {
    let is_told = match keys.get("failureContext") {
        Some(context) if context.is_object() => true,
        _ => keys.has("reason") && keys.text("status").is_some_and(|text| Shape::ImageStatus.has_value(text)),
    };
    keys.has("status") && is_told && keys.only(&["status", "reason", "failureContext"])
}

fn is_scan_finding(keys: &Keys<'_>) -> bool {
    let is_told = keys.has("packageVulnerabilityDetails") || keys.has("severity");
    let is_own = keys.has("imageBuildVersionArn") || keys.has("awsAccountId");
    is_told && is_own && !keys.has("findingArn") && keys.is_mostly(Shape::ImageScanFinding)
}

pub(super) fn is_aggregation(keys: &Keys<'_>) -> bool {
    let members = Shape::ImageScanFindingAggregation.members();
    keys.names().count() == 1 && members.iter().any(|member| keys.object(member.name).is_some())
}
