//! `ParallelCluster`'s answers about images, as its API and its command print them.

use crate::model::shape::Shape;
use crate::recognise::kind::{Form, Keys, Kind};
use crate::recognise::sign::Sign::{
    self, All, Any, EveryItem, Has, HasAny, In, Is, IsString, NoMoreThan, SomeItem, Without,
};

const BASE: Kind = Kind { has_python_client: true, ..Kind::BASE };

/// The kinds, in the order in which they are tried.
pub(super) static KINDS: &[Kind] = &[
    Kind {
        name: "pcluster-describe-image",
        summary: "ParallelCluster's answer to describe-image, or an entry of list-images",
        forms: &[
            Form { shape: Shape::PclusterImage, sign: All(&[IMAGE, Without(&ENTRY)]) },
            Form { shape: Shape::PclusterImageSummary, sign: IMAGE },
        ],
        is_sure: is_own_image,
        ..BASE
    },
    Kind {
        name: "pcluster-list-images",
        summary: "ParallelCluster's answer to list-images",
        forms: &[Form { shape: Shape::PclusterListImages, sign: Any(&[SomeItem("images", &IMAGE), NO_IMAGES]) }],
        is_sure: |keys| keys.items("images").any(|image| is_own_image(&image)),
        ..BASE
    },
    Kind {
        name: "pcluster-list-official-images",
        summary: "ParallelCluster's answer to list-official-images, or an entry of it",
        forms: &[
            Form { shape: Shape::PclusterListOfficialImages, sign: SomeItem("images", &OFFICIAL_IMAGE) },
            Form { shape: Shape::PclusterOfficialImage, sign: All(&[OFFICIAL_IMAGE, Has("architecture")]) },
        ],
        ..BASE
    },
    Kind {
        name: "pcluster-delete-image",
        summary: "ParallelCluster's answer to delete-image",
        forms: &[Form {
            shape: Shape::PclusterDeleteImage,
            sign: All(&[In("image", &All(&[DELETED, IMAGE])), Without(&Has("validationMessages"))]),
        }],
        is_sure: |keys| keys.object("image").is_some_and(|image| is_own_image(&image)),
        ..BASE
    },
    Kind {
        name: "pcluster-build-image",
        summary: "ParallelCluster's answer to build-image",
        forms: &[Form { shape: Shape::PclusterBuildImage, sign: In("image", &IMAGE) }],
        is_sure: |keys| keys.object("image").is_some_and(|image| is_own_image(&image)),
        ..BASE
    },
    Kind {
        name: "pcluster-list-image-log-streams",
        summary: "ParallelCluster's answer to list-image-log-streams or list-cluster-log-streams",
        forms: &[Form { shape: Shape::PclusterLogStreams, sign: SomeItem("logStreams", &Has("logStreamArn")) }],
        ..BASE
    },
    Kind {
        name: "pcluster-get-image-log-events",
        summary: "ParallelCluster's answer to get-image-log-events or get-cluster-log-events, or an event of it",
        forms: &[
            Form {
                shape: Shape::PclusterLogEvents,
                sign: All(&[
                    EveryItem("events", &All(&[Has("message"), IsString("timestamp"), NoMoreThan(2)])),
                    HasAny(&["nextToken", "prevToken"]),
                    NoMoreThan(3),
                ]),
            },
            Form { shape: Shape::PclusterLogEvent, sign: LOG_EVENT },
        ],
        is_sure: |keys| keys.has("prevToken"),
        ..BASE
    },
    Kind {
        name: "pcluster-get-image-stack-events",
        summary: "ParallelCluster's answer to get-image-stack-events or get-cluster-stack-events, or an event of it",
        forms: &[
            Form { shape: Shape::PclusterStackEvents, sign: SomeItem("events", &STACK_EVENT) },
            Form { shape: Shape::PclusterStackEvent, sign: All(&[STACK_EVENT, Has("eventId"), PLAIN]) },
        ],
        is_sure: |keys| {
            let is_own = |event: Keys<'_>| event.has("logicalResourceId") && has_plain_names(&event);
            is_own(*keys) || keys.items("events").any(is_own)
        },
        ..BASE
    },
];

const IMAGE: Sign = Is {
    words: "two of `imageId`, `imageConfiguration`, `imageBuildStatus`, `ec2AmiInfo`, `imageBuildLogsArn` and \
            `imagebuilderImageStatus`, or one of them and one about the stack",
    test: is_image,
};

const ENTRY: Sign = Is { words: "no more of the AMI or the stack than entries of lists have", test: is_entry };

const STACK_EVENT: Sign = All(&[Has("stackId"), Has("logicalResourceId")]);

/// CloudFormation's own events have names with capitals.
const PLAIN: Sign = Is { words: "names that start in lower case", test: has_plain_names };

fn has_plain_names(keys: &Keys<'_>) -> bool {
    keys.names().all(|name| name.starts_with(|first: char| first.is_ascii_lowercase()))
}

/// Every program's log has messages with times; `ParallelCluster` writes times so.
const LOG_EVENT: Sign = Is {
    words: "`message` and `timestamp` (a date in ISO 8601), and nothing else",
    test: |keys| {
        let is_date = |text: &str| {
            let bytes = text.as_bytes();
            [(4, b'-'), (7, b'-'), (10, b'T')].iter().all(|(index, byte)| bytes.get(*index) == Some(byte))
        };
        keys.names().count() == 2 && keys.text("message").is_some() && keys.text("timestamp").is_some_and(is_date)
    },
};

const OFFICIAL_IMAGE: Sign = All(&[IsString("amiId"), Has("os")]);

const DELETED: Sign = Is {
    words: "`imageBuildStatus` that starts with `DELETE_`",
    test: |keys| keys.text("imageBuildStatus").is_some_and(|text| text.starts_with("DELETE_")),
};

/// Other services have lists of that name, too, if in another case.
const NO_IMAGES: Sign = Is {
    words: "`images` (an empty array), alone or with `nextToken`",
    test: |keys| {
        let mut names = keys.names();
        names.next() == Some("images")
            && names.all(|name| name == "nextToken")
            && keys.get("images").is_some_and(|images| images.is_array() && images.is_empty())
    },
};

/// Whether an object is an image of `ParallelCluster`, whole or in short, even if one of its members is missing.
pub(super) fn is_image(keys: &Keys<'_>) -> bool {
    const OF_IMAGE: [&str; 4] = ["imageBuildStatus", "ec2AmiInfo", "imageBuildLogsArn", "imagebuilderImageStatus"];
    // Clusters have a stack, too.
    const OF_STACK: [&str; 3] = ["cloudformationStackArn", "cloudformationStackStatus", "cloudformationStackTags"];
    let count = |names: &[&str]| names.iter().filter(|name| keys.has(name)).count();
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
