//! Pipelines: their recipe, their schedule, and how failures disable it.

use crate::aws::cron;
use crate::aws::schedule::{Expression, unit_after};
use crate::aws::time_zone;
use crate::model::typed::shapes::{
    CreateImagePipelineRequest, CreateImageRequest, ImagePipeline, Schedule, Timezone, UpdateImagePipelineRequest,
};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::date::is_after;

pub(super) static RULES: &[&Check] = &[
    &PIPELINE_RECIPE_EXCLUSIVE,
    &SCHEDULE_EXPRESSION,
    &SCHEDULE_CRON_RANGE,
    &SCHEDULE_CRON_DAYS,
    &SCHEDULE_TIMEZONE,
    &PIPELINE_AUTO_DISABLE,
    &PIPELINE_NEXT_RUN,
];

const PIPELINE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImagePipeline.html";

const SCHEDULE: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Schedule.html";

const CRON: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/cron-expressions.html";

/// The number of failures after which a pipeline is disabled, if its schedule sets none.
const DEFAULT_FAILURE_COUNT: i128 = 5;

static PIPELINE_RECIPE_EXCLUSIVE: Check = Check {
    rule: &Rule {
        name: "pipeline-recipe-exclusive",
        summary: "a pipeline has an image recipe or a container recipe",
        why: "A pipeline builds AMIs or container images, never both, and the one recipe it has decides. Captures \
              without an infrastructure configuration count as shortened.",
        help: "name the one recipe that the pipeline was created with",
        source: &[
            "service model: CreateImagePipelineRequest.imageRecipeArn",
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateImagePipeline.html",
        ],
        ..Rule::BASE
    },
    on: &Each::<(ImagePipeline, CreateImagePipelineRequest, UpdateImagePipelineRequest, CreateImageRequest)>(
        |pipeline, cx| {
            let what = if pipeline.is::<CreateImageRequest>() { "an image" } else { "a pipeline" };
            let named = |recipe: Node<'_>| recipe.text() != Some("");
            let image = pipeline.get(member::ImageRecipeArn).filter(|recipe| named(*recipe));
            let container = pipeline.get(member::ContainerRecipeArn).filter(|recipe| named(*recipe));
            match (image, container) {
                (Some(image), Some(container)) => {
                    let message = format!(
                        "`imageRecipeArn` and `containerRecipeArn` exclude each other; {what} is built from one recipe"
                    );
                    let finding = cx.report(pipeline, message).at(image.key_span()).says("makes AMIs");
                    finding.label(container.key_span(), "makes container images");
                }
                (None, None) => {
                    if let Some(infrastructure) = pipeline.get(member::InfrastructureConfigurationArn) {
                        let what = what.trim_start_matches("an ").trim_start_matches("a ");
                        let message = format!(
                            "the {what} has neither `imageRecipeArn` nor `containerRecipeArn`; one was expected"
                        );
                        let finding = cx.report(pipeline, message).at(pipeline.heading());
                        finding.label(infrastructure.key_span(), "builds on this");
                        finding.help("add the ARN of the recipe that the pipeline was created with");
                    }
                }
                _ => {}
            }
        },
    ),
};

static SCHEDULE_EXPRESSION: Check = Check {
    rule: &Rule {
        name: "schedule-expression",
        level: Level::Warning,
        summary: "a schedule is cron(…) with six fields or rate(…) with a number and its unit",
        why: "Image Builder reads minute, hour, day, month, day of the week and year; other cron dialects leave the \
              year out. A rate has the singular after 1 and the plural after more. Until February 2021 cron \
              expressions had five fields, so those are no more than worth a note where the pipeline may be as old as \
              that.",
        help: "write cron(<minute> <hour> <day> <month> <day of the week> <year>), or rate(<number> <unit>)",
        source: &[CRON, SCHEDULE],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<Schedule>(|schedule, cx| {
        let expression = schedule.get_with_text(member::ScheduleExpression);
        let Some((node, text)) = expression.filter(|(_, text)| !text.is_empty()) else {
            return;
        };
        match Expression::parse(text) {
            Some(Expression::Cron(fields)) => check_cron(node, cx, fields),
            Some(Expression::Rate(rate)) => check_rate(node, cx, rate),
            None => {
                let expected = "cron(<six fields>) or rate(<number> <unit>) was expected";
                cx.report(node, format!("schedule `{}`; {expected}", quoted(text)));
            }
        }
    }),
};

/// The end of the month in which the service began to ask for the year in cron expressions.
const LAST_OF_FIVE_FIELDS: &str = "2021-02-28T23:59:59Z";

fn check_cron<'d>(node: Node<'d>, cx: &mut Reporter<'_, 'd>, fields: &'d str) {
    let count = fields.split_whitespace().count();
    if count == cron::FIELDS.len() {
        return;
    }
    let no_year = count + 1 == cron::FIELDS.len();
    let missing = if no_year { ", the last for the year" } else { "" };
    let created = cx.ancestor::<ImagePipeline>().and_then(|pipeline| pipeline.get(member::DateCreated));
    let is_new = cx.is_request() || created.is_some_and(|created| is_after(created, LAST_OF_FIVE_FIELDS));
    let level = if no_year && !is_new { Level::Info } else { Level::Warning };
    let (found, expected) = (counted(count, "field"), cron::FIELDS.len());
    let message = format!("`{}` has {found}; {expected} were expected{missing}", quoted(fields));
    cx.report(node, message).level(level).at(node.slice(fields));
}

fn check_rate<'d>(node: Node<'d>, cx: &mut Reporter<'_, 'd>, rate: &'d str) {
    let mut words = rate.split_whitespace();
    let (Some(number), Some(unit), None) = (words.next(), words.next(), words.next()) else {
        let message = format!("rate `{}`; a number and a unit were expected, such as `1 day`", quoted(rate));
        cx.report(node, message).at(node.slice(rate));
        return;
    };
    let Some(count) = number.parse().ok().filter(|count| *count > 0) else {
        let message = format!("rate of `{}`; a whole number above 0 was expected", quoted(number));
        cx.report(node, message).at(node.slice(number));
        return;
    };
    match unit_after(count, unit) {
        None => {
            let message = format!("unit `{}`; `minutes`, `hours` or `days` was expected", quoted(unit));
            cx.report(node, message).at(node.slice(unit));
        }
        Some(expected) if expected != unit => {
            let message = format!("rate({number} …) takes `{expected}`, not `{unit}`");
            let fix = Fix::safe(format!("write `{expected}`"), node.slice(unit), expected);
            cx.report(node, message).at(node.slice(unit)).fix(fix);
        }
        Some(_) => {}
    }
}

/// The fields of a schedule's cron expression; None where it has not as many as it should, which
/// `schedule-expression` reports.
fn cron_fields(schedule: Node<'_, Schedule>) -> Option<(Node<'_>, [&str; 6])> {
    let (node, text) = schedule.get_with_text(member::ScheduleExpression)?;
    let Expression::Cron(text) = Expression::parse(text)? else {
        return None;
    };
    let mut words = text.split_whitespace();
    let fields = [words.next()?, words.next()?, words.next()?, words.next()?, words.next()?, words.next()?];
    words.next().is_none().then_some((node, fields))
}

static SCHEDULE_CRON_RANGE: Check = Check {
    rule: &Rule {
        name: "schedule-cron-range",
        summary: "each field of a cron expression holds values and wildcards that the field has",
        why: "Hours end at 23, days of the week count from 1 for Sunday to 7 for Saturday, and `L`, `W`, `#` and `?` \
              mean something in the fields for days only. A pipeline with another value is not scheduled.",
        help: "minute 0-59, hour 0-23, day of the month 1-31, month 1-12 or JAN-DEC, day of the week 1-7 or SUN-SAT, \
               year 1970-2199",
        source: &[CRON, SCHEDULE],
        ..Rule::BASE
    },
    on: &Each::<Schedule>(|schedule, cx| {
        let Some((node, fields)) = cron_fields(schedule) else {
            return;
        };
        for (field, text) in cron::FIELDS.iter().zip(fields) {
            let Some(fault) = field.fault(text) else {
                continue;
            };
            let (name, values, part) = (field.name, field.values, quoted(fault.part()));
            let message = match fault {
                cron::Fault::Value(_) => format!("{name} `{part}` in `scheduleExpression`; {values} was expected"),
                cron::Fault::Wildcard(_) => {
                    format!(
                        "`{part}` in the {name} of `scheduleExpression`; {values} was expected, and that field has no \
                         `{part}`"
                    )
                }
                cron::Fault::Step(_) => {
                    let most = field.longest_step();
                    format!("step `{part}` in the {name} of `scheduleExpression`; 1 to {most} was expected")
                }
                cron::Fault::Week(_) => {
                    format!("week `{part}` after `#` in the {name} of `scheduleExpression`; 1 to 5 was expected")
                }
            };
            let place = if fault.part().is_empty() { text } else { fault.part() };
            cx.report(node, message).at(node.slice(place));
        }
    }),
};

static SCHEDULE_CRON_DAYS: Check = Check {
    rule: &Rule {
        name: "schedule-cron-days",
        level: Level::Warning,
        summary: "a cron expression gives the day of the month or the day of the week, and `?` for the other",
        why: "The two cannot be given together, and `*` counts as given. The user guide asks for `?` in one of them, \
              although samples on its own pages have none.",
        help: "write `?` for the one that does not matter",
        source: &[CRON, SCHEDULE],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<Schedule>(|schedule, cx| {
        let Some((node, [_, _, day, _, weekday, _])) = cron_fields(schedule) else {
            return;
        };
        if (day == "?") != (weekday == "?") {
            return;
        }
        let message = if day == "?" {
            "`scheduleExpression` has `?` for the day of the month and for the day of the week; one of them was \
             expected"
                .to_owned()
        } else {
            format!(
                "`scheduleExpression` has `{}` for the day of the month and `{}` for the day of the week; one of them \
                 was expected to be `?`",
                quoted(day),
                quoted(weekday)
            )
        };
        let finding = cx.report(node, message).at_part(node.slice(day));
        finding.says("the day of the month").label(node.slice(weekday), "the day of the week");
        // With `*` for one, the other alone decides.
        let any = [weekday, day].into_iter().find(|field| *field == "*");
        finding.fix(any.map(|any| Fix::risky("write `?` in place of `*`", node.slice(any), "?")));
    }),
};

static SCHEDULE_TIMEZONE: Check = Check {
    rule: &Rule {
        name: "schedule-timezone",
        level: Level::Warning,
        summary: "the time zone of a schedule has an IANA name",
        why: "Schedules follow the IANA database, whose names read Area/City. Abbreviations such as PST and the names \
              that Windows uses are none of it.",
        help: "write a name such as `Europe/Berlin` or `Etc/UTC`, with its capitals; without one the schedule is in \
               UTC",
        source: &["service model: Schedule.timezone", SCHEDULE],
        outranks: &[&structure::STRING_PATTERN, &structure::STRING_LENGTH],
        ..Rule::BASE
    },
    on: &Each::<Timezone>(|zone, cx| {
        let Some(name) = zone.text().filter(|name| !name.is_empty() && !time_zone::is_known(name)) else {
            return;
        };
        let message = match time_zone::nearest(name) {
            Some(near) => format!("`{}` is no IANA time zone; `{near}` comes near", quoted(name)),
            None => format!("`{}` is no IANA time zone; a name such as `Europe/Berlin` was expected", quoted(name)),
        };
        cx.report(zone, message);
    }),
};

static PIPELINE_AUTO_DISABLE: Check = Check {
    rule: &Rule {
        name: "pipeline-auto-disable",
        level: Level::Warning,
        summary: "a pipeline whose scheduled builds fail too often in a row is disabled",
        why: "Image Builder disables a pipeline after as many failures of scheduled builds in a row as the policy of \
              its schedule says, or 5 without one. Of the documentation's texts one has the failures reach that count, \
              another exceed it, so that only more of them are reported. An update or a build that succeeds sets them \
              back to 0.",
        help: "the status is `DISABLED` then; status and failures come from two captures, or one of them was edited",
        source: &[PIPELINE, "service model: AutoDisablePolicy", "service model: ImagePipeline.consecutiveFailures"],
        ..Rule::BASE
    },
    on: &Each::<ImagePipeline>(|pipeline, cx| {
        let (Some(schedule), Some(failures), Some(status)) =
            (pipeline.get(member::Schedule), pipeline.get(member::ConsecutiveFailures), pipeline.get(member::Status))
        else {
            return;
        };
        let limit = schedule.get(member::AutoDisablePolicy).and_then(|policy| policy.get(member::FailureCount));
        let Some(most) = limit.map_or(Some(DEFAULT_FAILURE_COUNT), Node::integer) else {
            return;
        };
        let exceeding = failures.integer().filter(|failures| *failures > most);
        if let (Some(count), Some("ENABLED")) = (exceeding, status.text()) {
            let default = if limit.is_none() { ", the default," } else { "" };
            let message = format!(
                "{count} builds failed in a row, but the pipeline is `ENABLED`; no more than {most}{default} \
                 were expected"
            );
            let finding = cx.report(status, message).says("still enabled").label(failures.span(), "the failures");
            if let Some(limit) = limit {
                finding.label(limit.span(), "the limit");
            }
        }
    }),
};

static PIPELINE_NEXT_RUN: Check = Check {
    rule: &Rule {
        name: "pipeline-next-run",
        level: Level::Info,
        pedantic: true,
        summary: "only an enabled pipeline with a schedule has a next run",
        why: "Without a schedule a pipeline runs when it is started, and a disabled one does not run on its schedule: \
              neither has a date to come.",
        help: "drop `dateNextRun`, or bring back the schedule or status that it belongs to",
        source: &["service model: ImagePipeline.dateNextRun", PIPELINE],
        ..Rule::BASE
    },
    on: &Each::<ImagePipeline>(|pipeline, cx| {
        let Some(next_run) = pipeline.get(member::DateNextRun) else {
            return;
        };
        let disabled = pipeline.get(member::Status).filter(|status| status.text() == Some("DISABLED"));
        if pipeline.get(member::Schedule).is_none() {
            cx.report(next_run, "`dateNextRun` is set, but the pipeline has no `schedule`").at(next_run.key_span());
        } else if let Some(disabled) = disabled {
            let finding =
                cx.report(next_run, "`dateNextRun` is set, but the pipeline is `DISABLED`").at(next_run.key_span());
            finding.label(disabled.span(), "does not run");
        }
    }),
};
