//! `ParallelCluster`'s answers about images, as its API and its command print them.

use crate::model::shape::Shape;
use crate::recognise::kind::{Form, Keys, Kind};

const BASE: Kind = Kind { has_python_client: true, ..Kind::BASE };

/// The kinds, in the order in which they are tried.
pub(super) static KINDS: &[Kind] = &[
    Kind {
        name: "pcluster-describe-image",
        summary: "ParallelCluster's answer to describe-image, or an entry of list-images",
        recognised: "one of `imageId`, `imageBuildStatus`, `imageConfiguration` and `ec2AmiInfo`, with another or with one about the stack",
        forms: &[
            Form { shape: Shape::PclusterImage, test: |keys| is_image(keys) && !is_entry(keys) },
            Form { shape: Shape::PclusterImageSummary, test: |keys| is_image(keys) && is_entry(keys) },
        ],
        is_sure: is_own_image,
        ..BASE
    },
    Kind {
        name: "pcluster-list-images",
        summary: "ParallelCluster's answer to list-images",
        recognised: "`images` whose items are ParallelCluster's, or which is empty and alone",
        forms: &[Form { shape: Shape::PclusterListImages, test: is_list_images }],
        is_sure: |keys| keys.items("images").any(|image| is_own_image(&image)),
        ..BASE
    },
    Kind {
        name: "pcluster-list-official-images",
        summary: "ParallelCluster's answer to list-official-images, or an entry of it",
        recognised: "`images` whose items have `amiId` and `os`, or the two with `architecture`",
        forms: &[
            Form {
                shape: Shape::PclusterListOfficialImages,
                test: |keys| keys.items("images").any(|item| is_official_image(&item)),
            },
            Form {
                shape: Shape::PclusterOfficialImage,
                test: |keys| is_official_image(keys) && keys.has("architecture"),
            },
        ],
        ..BASE
    },
    Kind {
        name: "pcluster-delete-image",
        summary: "ParallelCluster's answer to delete-image",
        recognised: "`image` of ParallelCluster whose `imageBuildStatus` starts with DELETE_",
        forms: &[Form { shape: Shape::PclusterDeleteImage, test: is_delete_image }],
        is_sure: |keys| keys.object("image").is_some_and(|image| is_own_image(&image)),
        ..BASE
    },
    Kind {
        name: "pcluster-build-image",
        summary: "ParallelCluster's answer to build-image",
        recognised: "`image` of ParallelCluster",
        forms: &[Form {
            shape: Shape::PclusterBuildImage,
            test: |keys| keys.object("image").is_some_and(|image| is_image(&image)),
        }],
        is_sure: |keys| keys.object("image").is_some_and(|image| is_own_image(&image)),
        ..BASE
    },
    Kind {
        name: "pcluster-list-image-log-streams",
        summary: "ParallelCluster's answer to list-image-log-streams or list-cluster-log-streams",
        recognised: "`logStreams` whose items have `logStreamArn`",
        forms: &[Form {
            shape: Shape::PclusterLogStreams,
            test: |keys| keys.items("logStreams").any(|stream| stream.has("logStreamArn")),
        }],
        ..BASE
    },
    Kind {
        name: "pcluster-get-image-log-events",
        summary: "ParallelCluster's answer to get-image-log-events or get-cluster-log-events",
        recognised: "`events` of nothing but `message` and a textual `timestamp`, with `nextToken` or `prevToken`",
        forms: &[Form { shape: Shape::PclusterLogEvents, test: is_log_events }],
        is_sure: |keys| keys.has("prevToken"),
        ..BASE
    },
    Kind {
        name: "pcluster-get-image-stack-events",
        summary: "ParallelCluster's answer to get-image-stack-events or get-cluster-stack-events",
        recognised: "`events` whose items have `stackId` and `logicalResourceId`",
        forms: &[Form {
            shape: Shape::PclusterStackEvents,
            test: |keys| keys.items("events").any(|event| event.has("stackId") && event.has("logicalResourceId")),
        }],
        // CloudFormation's own events have names with capitals.
        is_sure: |keys| {
            let is_plain = |name: &str| name.starts_with(|first: char| first.is_ascii_lowercase());
            keys.items("events").any(|event| event.has("logicalResourceId") && event.names().all(is_plain))
        },
        ..BASE
    },
];

/// Whether an object is an image of `ParallelCluster`, whole or in short, be one of its members lost.
pub(super) fn is_image(keys: &Keys<'_>) -> bool {
    const OF_IMAGE: [&str; 4] = ["imageBuildStatus", "ec2AmiInfo", "imageBuildLogsArn", "imagebuilderImageStatus"];
    // Clusters have a stack, too.
    const OF_STACK: [&str; 3] = ["cloudformationStackArn", "cloudformationStackStatus", "cloudformationStackTags"];
    let count = |told: &[&str]| told.iter().filter(|name| keys.has(name)).count();
    // Requests to build an image have their configuration as text, other services other ids.
    let id = usize::from(keys.text("imageId").is_some());
    let configuration = usize::from(keys.object("imageConfiguration").is_some());
    let own = id + configuration + count(&OF_IMAGE);
    own > 0 && own + count(&OF_STACK) >= 2
}

/// Whether an image has what no other program's images have.
fn is_own_image(keys: &Keys<'_>) -> bool {
    keys.text("imageBuildStatus").is_some() || keys.object("ec2AmiInfo").is_some()
}

/// Whether an image has what entries of lists have of the AMI or the stack, and no more.
fn is_entry(keys: &Keys<'_>) -> bool {
    let members = Shape::PclusterImage.members().iter().map(|member| member.name);
    let mut details = members.filter(|name| Shape::PclusterImageSummary.member(name).is_none());
    let is_short = match keys.object("ec2AmiInfo") {
        Some(ami) => ami.has("amiId") && ami.names().count() == 1,
        None => keys.has("cloudformationStackArn") && keys.has("cloudformationStackStatus"),
    };
    is_short && !details.any(|name| keys.has(name))
}

fn is_list_images(keys: &Keys<'_>) -> bool {
    // Other services have lists of that name, too, if in another case.
    let is_empty = || {
        let mut names = keys.names();
        names.next() == Some("images")
            && names.all(|name| name == "nextToken")
            && keys.get("images").is_some_and(|images| images.is_array() && images.len() == 0)
    };
    keys.items("images").any(|image| is_image(&image)) || is_empty()
}

fn is_official_image(keys: &Keys<'_>) -> bool {
    keys.text("amiId").is_some() && keys.has("os")
}

fn is_delete_image(keys: &Keys<'_>) -> bool {
    let is_deleted = |image: &Keys<'_>| image.text("imageBuildStatus").is_some_and(|text| text.starts_with("DELETE_"));
    keys.object("image").is_some_and(|image| is_image(&image) && is_deleted(&image)) && !keys.has("validationMessages")
}

fn is_log_events(keys: &Keys<'_>) -> bool {
    let is_event =
        |event: Keys<'_>| event.has("message") && event.text("timestamp").is_some() && event.names().count() == 2;
    (keys.has("nextToken") || keys.has("prevToken"))
        && keys.names().count() <= 3
        && keys.items("events").next().is_some()
        && keys.items("events").all(is_event)
}
