//! What an image says about itself: its status, its build type, its platform.

use crate::aws::platform::Platform;
use crate::model::typed::shapes::{Image, ImageState};
use crate::rule::prelude::*;

/// The statuses of an image that is being built, in their order.
pub(crate) const STAGES: [&str; 6] = ["PENDING", "CREATING", "BUILDING", "TESTING", "DISTRIBUTING", "INTEGRATING"];

/// The status of an image or an AMI, with its node.
pub(crate) fn status<S: Has<member::State, Value = ImageState>>(resource: Node<'_, S>) -> Option<(Node<'_>, &str)> {
    resource.get(member::State)?.get_with_text(member::Status)
}

/// The build type of an image, if it is an import.
pub(crate) fn import_type(image: Node<'_, Image>) -> Option<Node<'_>> {
    image.get(member::BuildType).filter(|node| node.text().is_some_and(|text| text.starts_with("IMPORT")))
}

/// The platform that a node holds; None where it is unknown.
pub(crate) fn existing_platform(node: Node<'_>) -> Option<(Node<'_>, Platform)> {
    Some((node, Platform::named(node.text()?)?))
}
