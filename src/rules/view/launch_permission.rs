//! The groups in launch permissions.

use crate::model::typed::shapes::LaunchPermissionConfiguration;
use crate::rule::prelude::*;

/// The group `all` in a launch permission, which makes the AMI public.
pub(crate) fn public_group(permission: Node<'_, LaunchPermissionConfiguration>) -> Option<Node<'_>> {
    permission.get(member::UserGroups)?.items().find(|group| group.text() == Some("all"))
}
