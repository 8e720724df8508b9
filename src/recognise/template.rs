//! CloudFormation templates: they have resources of Image Builder, and are no documents of its API.

use crate::document::{Member, Value};

/// The resources of Image Builder in a template of CloudFormation, by their logical ids with their types; none in
/// anything else.
pub(crate) fn resources(value: Value<'_>) -> impl Iterator<Item = (&str, &str)> {
    let resources = value.member("Resources").map(Member::value);
    resources.into_iter().flat_map(Value::members).filter_map(|resource| {
        let kind = resource.value().member("Type")?.value().text()?;
        kind.starts_with("AWS::ImageBuilder::").then(|| (resource.name(), kind))
    })
}
