//! Whether a capture may be newer than the model, so that what the model lacks may exist.

use crate::aws::timestamp::Timestamp;
use crate::document::secret::quoted;
use crate::document::{Content, Value};
use crate::model::shape::folds_alike;
use crate::rule::Tree;

/// Why a capture may be newer than a model of that date; none if nothing in it says so.
pub(super) fn newer_than(tree: &Tree<'_>, model_date: &str) -> Option<String> {
    if let Some(unknown) = tree.unknown_members().iter().find(|unknown| unknown.near.is_none()) {
        return Some(format!("it has the member `{}`, which the model lacks", quoted(unknown.written.name())));
    }
    let release = Timestamp::from_iso(&format!("{model_date}T23:59:59.999999999Z")).ok()?;
    let (name, date) = later_date(tree.document().root()?, release)?;
    Some(format!("its `{}` is {date}", quoted(name)))
}

/// The first date in a value after a moment, with the name of its member.
fn later_date(value: Value<'_>, moment: Timestamp) -> Option<(&str, Timestamp)> {
    match value.content() {
        Content::Object => value.members().find_map(|member| {
            let starts_date = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
            let value = member.value();
            let may_be_date = value.number().is_some() || value.text().is_some_and(starts_date);
            let own = (may_be_date && happened(member.name())).then(|| timestamp(value)).flatten();
            let later = own.filter(|date| moment.is_before(*date)).map(|date| (member.name(), date));
            later.or_else(|| later_date(member.value(), moment))
        }),
        Content::Array => value.items().find_map(|item| later_date(item, moment)),
        _ => None,
    }
}

/// Whether a member has the date of something that has happened. Others look ahead, such as `deprecationTime`.
fn happened(name: &str) -> bool {
    const NAMES: [&str; 19] = [
        "dateCreated",
        "dateUpdated",
        "dateLastRun",
        "startTime",
        "endTime",
        "firstObservedAt",
        "updatedAt",
        "vendorCreatedAt",
        "vendorUpdatedAt",
        "time",
        "eventTime",
        "creationTime",
        "cloudformationStackCreationTime",
        "timestamp",
        "firstEventTimestamp",
        "lastEventTimestamp",
        "lastIngestionTime",
        "ingestionTime",
        "startedDateTime",
    ];
    NAMES.iter().any(|known| folds_alike(name, known))
}

/// The date and time that a value holds. Logs write milliseconds since 1970, responses seconds.
fn timestamp(value: Value<'_>) -> Option<Timestamp> {
    const MOST_SECONDS: f64 = 1e11;
    if let Some(text) = value.text() {
        return Timestamp::from_iso_or_spaced(text).ok().or_else(|| Timestamp::from_american(text));
    }
    let number: f64 = value.number()?.parse().ok()?;
    Timestamp::from_epoch(if number > MOST_SECONDS { number / 1000.0 } else { number })
}
