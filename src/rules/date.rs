//! Dates: their form, their zone and their order.

use std::ops::RangeInclusive;

use crate::aws::timestamp::{Fault, Timestamp};
use crate::model::typed::shapes::{
    DateTime, DateTimeTimestamp, DistributionConfiguration, DistributionConfigurationSummary, Image, ImagePipeline,
    InfrastructureConfiguration, InfrastructureConfigurationSummary, LifecyclePolicy, LifecyclePolicySummary,
    PclusterTime,
};
use crate::rule::prelude::*;
use crate::rules::view::date::{MOST_SECONDS, epoch, formatted, is_before};
use crate::rules::view::source::IMAGE;

pub(super) static RULES: &[&Check] = &[&DATE_FORM, &DATE_ZONE, &DATE_ORDER, &DATE_PARENTS, &TIMESTAMP_FORM];

/// The message about a field that is out of range for the calendar or the clock.
fn out_of_range_message(field: &str, found: &str, text: &str, range: RangeInclusive<i64>) -> String {
    let (least, greatest) = range.into_inner();
    format!("{field} `{found}` of `{}` does not exist; one from {least} to {greatest} was expected", quoted(text))
}

static DATE_FORM: Check = Check {
    rule: &Rule {
        name: "date-form",
        level: Level::Warning,
        summary: "a date reads YYYY-MM-DDThh:mm:ss, a fraction or none, and a zone, and exists",
        why: "The service model allows any text, but every response carries ISO 8601 here, such as \
              2026-09-03T05:44:21.121Z, and so do ParallelCluster's answers; notifications read Mar 2, 2022 7:09:50 \
              AM. Programs that read the capture fail on other forms, and on a 30th of February.",
        help: "write YYYY-MM-DDThh:mm:ss.fffZ",
        source: &["observed: every published response writes dates in ISO 8601", "service model: DateTime"],
        ..Rule::BASE
    },
    on: &Each::<(DateTime, PclusterTime)>(|date, cx| {
        let Some(text) = date.text() else {
            return;
        };
        match Timestamp::from_iso(text) {
            Ok(_) => {}
            Err(Fault::Range { field, text: found, least, greatest }) => {
                let message = out_of_range_message(field, found, text, least..=greatest);
                cx.report(date, message).at(date.slice(found));
            }
            Err(Fault::Form) if cx.is_notification() => {
                if Timestamp::from_american(text).is_none() {
                    let message = format!(
                        "`{}` does not read `Mar 2, 2022 7:09:50 AM`, as dates do in notifications",
                        quoted(text)
                    );
                    cx.report(date, message)
                        .help("write <month> <day>, <year> <hour>:<minute>:<second> AM or PM, or ISO 8601");
                }
            }
            Err(Fault::Form) if is_of_python(cx) && Timestamp::from_iso_or_spaced(text).is_ok() => {}
            Err(Fault::Form) => {
                let message = format!(
                    "`{}` does not read YYYY-MM-DDThh:mm:ss.fffZ, as ISO 8601 dates do in responses",
                    quoted(text)
                );
                let finding = cx.report(date, message);
                if Timestamp::from_american(text).is_some() {
                    finding
                        .help("notifications write dates this way, responses do not; write YYYY-MM-DDThh:mm:ss.fffZ");
                }
            }
        }
    }),
};

/// Whether a client in Python printed the document, which writes dates with a space.
fn is_of_python(cx: &Context<'_>) -> bool {
    cx.kind().has_python_client && cx.root().keys().any(|key| key.contains('_'))
}

static DATE_ZONE: Check = Check {
    rule: &Rule {
        name: "date-zone",
        level: Level::Info,
        summary: "a date names its zone",
        why: "Responses name the zone of their dates, most often as Z. Without a zone each reader takes the date for \
              one of its own, and comparisons go wrong by hours.",
        help: "append Z, if the date is in UTC",
        source: &[
            "observed: the dates of every published response name their zone, most often as Z",
            "service model: DateTime",
        ],
        ..Rule::BASE
    },
    on: &Each::<(DateTime, PclusterTime)>(|date, cx| {
        let Some(text) = date.text().filter(|text| !text.ends_with('Z')) else {
            return;
        };
        if Timestamp::from_iso(text).is_ok_and(|moment| !moment.is_zoned()) {
            cx.report(date, format!("`{}` has no zone; Z or an offset such as +00:00 was expected", quoted(text)));
        }
    }),
};

static DATE_ORDER: Check = Check {
    rule: &Rule {
        name: "date-order",
        summary: "nothing is updated before it is created",
        why: "What is updated was there before. `dateUpdated` starts out as the date of creation, and a date before \
              that contradicts it.",
        help: "one of the two dates was edited",
        source: &[
            "derived: nothing is updated before it exists",
            "service model: InfrastructureConfiguration.dateUpdated",
            "service model: DistributionConfiguration.dateUpdated",
        ],
        ..Rule::BASE
    },
    on: &Each::<(
        InfrastructureConfiguration,
        InfrastructureConfigurationSummary,
        DistributionConfiguration,
        DistributionConfigurationSummary,
        ImagePipeline,
        LifecyclePolicy,
        LifecyclePolicySummary,
    )>(|resource, cx| {
        let (Some(created), Some(updated)) = (resource.get(member::DateCreated), resource.get(member::DateUpdated))
        else {
            return;
        };
        if is_before(updated, created) {
            let message = format!("`dateUpdated` {} precedes `dateCreated` {}", formatted(updated), formatted(created));
            cx.report(updated, message).says("updated").label(created.span(), "created");
        }
    }),
};

/// The date of creation of a recipe or a configuration.
fn creation<S>(parent: Node<'_, S>) -> Option<Node<'_>>
where
    S: Has<member::DateCreated, Value = Any>,
{
    parent.get(member::DateCreated)
}

static DATE_PARENTS: Check = Check {
    rule: &Rule {
        name: "date-parents",
        level: Level::Warning,
        summary: "an image is younger than its recipe and its configurations",
        why: "An image is built from a recipe and configurations that are there when the build starts. One that was \
              created later belongs to another image, or took the place of one that was deleted.",
        help: "the document was put together from two captures, or one of the dates was edited",
        source: &["service model: Image.dateCreated", IMAGE],
        ..Rule::BASE
    },
    on: &Each::<Image>(|image, cx| {
        let Some(image_created) = image.get(member::DateCreated) else {
            return;
        };
        let parents = [
            (image.get(member::ImageRecipe).and_then(creation), "recipe"),
            (image.get(member::ContainerRecipe).and_then(creation), "recipe"),
            (image.get(member::InfrastructureConfiguration).and_then(creation), "infrastructure configuration"),
            (image.get(member::DistributionConfiguration).and_then(creation), "distribution configuration"),
        ];
        let parents = parents.into_iter().filter_map(|(created, name)| Some((created?, name)));
        let younger: Vec<_> = parents.filter(|(created, _)| is_before(image_created, *created)).collect();
        match younger[..] {
            [] => {}
            [(created, name)] => {
                let message = format!(
                    "the {name} was created at {}, after the image at {}",
                    formatted(created),
                    formatted(image_created)
                );
                cx.report(created, message).label(image_created.span(), "the image");
            }
            // The date that they have in common is the wrong one.
            [..] => {
                let message = format!(
                    "the image was created at {}, before its recipe or configurations",
                    formatted(image_created)
                );
                let finding = cx.report(image_created, message);
                for (created, name) in younger {
                    finding.label(created.span(), format!("the {name}"));
                }
            }
        }
    }),
};

static TIMESTAMP_FORM: Check = Check {
    rule: &Rule {
        name: "timestamp-form",
        level: Level::Info,
        summary: "a timestamp is a number of seconds since 1970, or ISO 8601 text",
        why: "The service sends such members as seconds since 1970; the AWS CLI and boto3 turn them into ISO 8601 \
              text. Milliseconds, which many languages count in, come out as a year far in the future.",
        help: "write seconds since 1970 as a number, such as 1767730377.0, or ISO 8601 text",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ListImageScanFindings.html",
            IMAGE,
            "service model: Image.deprecationTime",
        ],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<DateTimeTimestamp>(|node, cx| {
        let Some(text) = node.text() else {
            if let Some(number) = epoch(node).filter(|number| *number > MOST_SECONDS) {
                let written = &node.document().text[node.span().range()];
                let milliseconds = Timestamp::from_epoch(number / 1000.0).filter(|_| number / 1000.0 <= MOST_SECONDS);
                let message = match milliseconds {
                    Some(moment) => format!("`{written}` reads as milliseconds ({moment}); seconds were expected"),
                    None => format!("`{written}` is no number of seconds since 1970"),
                };
                let fix = Fix::risky("divide by 1000", node.span(), (number / 1000.0).to_string());
                cx.report(node, message).level(Level::Warning).fix(milliseconds.map(|_| fix));
            }
            return;
        };
        match Timestamp::from_iso_or_spaced(text) {
            Ok(_) => {}
            Err(Fault::Range { field, text: found, least, greatest }) => {
                let message = out_of_range_message(field, found, text, least..=greatest);
                cx.report(node, message).at(node.slice(found));
            }
            Err(Fault::Form) if cx.is_notification() && Timestamp::from_american(text).is_some() => {}
            Err(Fault::Form) if text.parse::<f64>().is_ok_and(f64::is_finite) => {
                cx.report(node, format!("the number `{}` is in quotes; a bare number was expected", quoted(text)));
            }
            Err(Fault::Form) => {
                let message = format!("`{}` is neither seconds since 1970 nor an ISO 8601 date and time", quoted(text));
                cx.report(node, message);
            }
        }
    }),
};
