//! What tells images: the response to GetImage, an image alone, a build, and an entry of a list.

use crate::model::shape::Shape;
use crate::recognise::kind::relatives::is_sns_image;
use crate::recognise::kind::{Keys, is_own_arn, pcluster};
use crate::recognise::sign::Sign::{self, HasAny, Is};

pub(super) const IMAGE: Sign = Is { words: "`image` (an Image Builder ARN in it, if any)", test: is_get_image };

fn is_get_image(keys: &Keys<'_>) -> bool {
    match keys.get("image") {
        Some(image) if image.is_object() => {
            let image = keys.object("image");
            if image.is_some_and(|image| image.text("arn").is_some_and(is_own_arn)) {
                return true;
            }
            if image.is_some_and(|image| pcluster::is_image(&image.loosely())) {
                return false;
            }
            let arn = image.as_ref().and_then(|image| image.text("arn"));
            // Other services return an `image`, too; without an ARN nothing else may be said beside it.
            match arn {
                Some(arn) => !arn.starts_with("arn:") || keys.only(GET_IMAGE),
                None => {
                    let is_told = |image: &Keys<'_>| {
                        image.has_any(&["outputResources", "imageRecipe", "containerRecipe"])
                            || ((keys.only(GET_IMAGE) || image.has_any(&["state", "version"]))
                                && image.is_mostly(Shape::Image))
                    };
                    image.is_some_and(|image| is_told(&image))
                }
            }
        }
        Some(_) => keys.has("requestId") && keys.only(GET_IMAGE),
        None => false,
    }
}

pub(super) const GET_IMAGE: &[&str] = &["image", "Image", "latestVersionReferences"];

/// What an image, or a notification of one, has and an entry of a list lacks.
pub(super) const WHOLE: Sign = HasAny(&["imageRecipe", "containerRecipe", "infrastructureConfiguration", "semver"]);

/// What an entry of `ListImageBuildVersions` has and one of `ListImages` lacks.
pub(super) const BUILT: Sign = HasAny(&["state", "outputResources", "tags"]);

/// A notification is an image of another serialisation.
pub(super) const OF_NOTIFICATION: Sign =
    Is { words: "what a notification has", test: |keys| keys.has("semver") || is_sns_image(keys) };

pub(super) const BUILD: Sign = Is { words: "a build at the end of the ARN", test: has_build };

fn has_build(keys: &Keys<'_>) -> bool {
    let last = keys.text("arn").and_then(|arn| arn.rsplit('/').next());
    last.is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether an image has parts that images of other programs hardly have.
pub(super) fn has_own_parts(image: &Keys<'_>) -> bool {
    const OF_MANY: [&str; 10] =
        ["arn", "name", "version", "type", "platform", "tags", "state", "dateCreated", "workflows", "osVersion"];
    let is_own = |name: &str| Shape::Image.member(name).is_some() && !OF_MANY.contains(&name);
    image.object("state").is_some_and(|state| state.text("status").is_some()) || image.names().any(is_own)
}
