//! Compares members of two documents that should be the same in both.

use crate::aws::arn::Arn;
use crate::rule::pair::Contrast;
use crate::rule::prelude::*;
use crate::rules::view::date::{formatted, is_before};

/// Reports two texts that differ. `other` names the document of the second one in the message.
pub(crate) fn compare_texts(here: Option<Node<'_>>, there: Option<Node<'_>>, other: &str, contrast: &mut Contrast) {
    let (Some(here), Some(there)) = (here, there) else {
        return;
    };
    let (Some(one), Some(two)) = (here.text(), there.text()) else {
        return;
    };
    if one != two && !here.has_mask() && !there.has_mask() {
        contrast.report(here.span(), "differs", || {
            let member = here.member();
            let (one, two) = differing_parts(one, two);
            format!("`{member}` is `{}`, but `{}` in {other}", quoted(one), quoted(two))
        });
        contrast.against(there.span(), "from this");
    }
}

/// Reports two settings that differ, texts, numbers or booleans.
pub(crate) fn compare_values(here: Option<Node<'_>>, there: Option<Node<'_>>, other: &str, contrast: &mut Contrast) {
    let (Some(here), Some(there)) = (here, there) else {
        return;
    };
    compare_texts(Some(here), Some(there), other, contrast);
    let numbers_differ = here.integer().zip(there.integer()).is_some_and(|(one, other)| one != other);
    let switches_differ = here.boolean().zip(there.boolean()).is_some_and(|(one, other)| one != other);
    if numbers_differ || switches_differ {
        contrast.report(here.span(), "differs", || {
            let written = |node: Node<'_>| node.document().text[node.span().range()].to_owned();
            format!("`{}` is `{}`, but `{}` in {other}", here.member(), written(here), written(there))
        });
        contrast.against(there.span(), "from this");
    }
}

/// Reports two dates of creation that are different points in time.
pub(crate) fn compare_dates(here: Option<Node<'_>>, there: Option<Node<'_>>, other: &str, contrast: &mut Contrast) {
    let (Some(here), Some(there)) = (here, there) else {
        return;
    };
    if is_before(here, there) || is_before(there, here) {
        contrast.report(here.span(), "differs", || {
            format!("`dateCreated` is {}, but {} in {other}", formatted(here), formatted(there))
        });
        contrast.against(there.span(), "from this");
    }
}

/// The parts in which two texts differ: for ARNs of one account and region, the resources.
fn differing_parts<'t>(one: &'t str, other: &'t str) -> (&'t str, &'t str) {
    match (Arn::parse(one), Arn::parse(other)) {
        (Some(one), Some(other)) if one.account == other.account && one.region == other.region => {
            (one.resource, other.resource)
        }
        _ => (one, other),
    }
}
