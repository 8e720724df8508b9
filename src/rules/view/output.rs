//! The outputs of an image: whether they name images.

use crate::model::typed::shapes::{Ami, Container, OutputResources};
use crate::rule::prelude::*;
use crate::rules::view::image::status;

/// Whether an output AMI names no image, although its own state does not explain that.
pub(crate) fn is_hollow_ami(ami: &Node<'_, Ami>) -> bool {
    let is_explained = || matches!(status(*ami), Some((_, "PENDING" | "FAILED" | "CANCELLED")));
    // A value that is not an object is reported by `value-type`.
    ami.is_object() && ami.get(member::Image).is_none() && !is_explained()
}

/// Whether an output container names no image.
pub(crate) fn is_hollow_container(container: &Node<'_, Container>) -> bool {
    container.is_object() && container.get(member::ImageUris).is_none()
}

/// Whether a list of outputs names an image.
pub(crate) fn has_output(outputs: Node<'_, OutputResources>) -> bool {
    let mut amis = outputs.items_of(member::Amis);
    let mut containers = outputs.items_of(member::Containers);
    amis.any(|ami| !is_hollow_ami(&ami)) || containers.any(|container| !is_hollow_container(&container))
}
