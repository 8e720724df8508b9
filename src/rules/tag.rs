//! Tags: reserved keys, limits, and keys that differ in case only.

use crate::model::typed::shapes::{ResourceTagMap, TagMap};
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::rules::view::repeat::repeats;
use crate::text::case::starts_with_ignoring_case;
use crate::text::span::Span;

pub(super) static RULES: &[&Check] = &[&TAG_KEY_AWS, &TAG_KEY_AWS_USER, &TAG_LIMITS, &TAG_KEY_CASE_TWINS];

const TAGGING: &str = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html";

const MOST_TAGS: usize = 50;
const MOST_RESOURCE_TAGS: usize = 30;
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;

/// Whether AWS set a tag of that key itself.
fn is_set_by_aws(key: &str) -> bool {
    key.starts_with("aws:")
}

/// Whether AWS reserves a key, whose prefix may be in any case.
fn is_reserved(key: &str) -> bool {
    starts_with_ignoring_case(key, "aws:")
}

/// The span of the prefix of a reserved key.
fn prefix_span(entry: Node<'_>) -> Span {
    let key = entry.key_span();
    // If the key contains an escape before the colon, the whole key is the span.
    let plain = entry.document().text[key.range()].get(1..5).is_some_and(is_reserved);
    if plain { Span::new(key.start + 1, key.start + 5) } else { key }
}

static TAG_KEY_AWS: Check = Check {
    rule: &Rule {
        name: "tag-key-aws",
        level: Level::Info,
        summary: "tags that AWS set itself are known as such",
        why: "Keys with the prefix aws: are set by services such as CloudFormation. Responses show them, but no \
              request may set or copy them, although that is what captures are often used for.",
        help: "leave the tag out where the tags are used in a request",
        source: &[TAGGING, "service model: TagKey"],
        outranks: &[&structure::STRING_PATTERN],
        sides: Sides::Responses,
        ..Rule::BASE
    },
    on: &Each::<TagMap>(|tags, cx| {
        if tags.member() != "tags" {
            return;
        }
        for entry in tags.entries() {
            if let Some(key) = entry.key().filter(|key| is_set_by_aws(key)) {
                let message = format!("`{}` is a tag that AWS set", quoted(key));
                cx.report_at(entry.key_span(), message).at(prefix_span(entry)).collectively();
            }
        }
    }),
};

static TAG_KEY_AWS_USER: Check = Check {
    rule: &Rule {
        name: "tag-key-aws-user",
        summary: "tags that Image Builder is to create have no key of AWS",
        why: "The prefix aws: is reserved. Image Builder creates these tags in your name, and EC2 refuses them. \
              Whether that holds for the prefix in another case is not documented, so it is only noted.",
        help: "choose a key without the prefix aws:",
        source: &["https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html", "service model: TagKey"],
        outranks: &[&structure::STRING_PATTERN],
        ..Rule::BASE
    },
    on: &Each::<TagMap>(|tags, cx| {
        // A request has no tag that AWS set itself.
        if !(matches!(tags.member(), "amiTags" | "imageTags") || (cx.is_request() && tags.member() == "tags")) {
            return;
        }
        for entry in tags.entries() {
            if let Some(key) = entry.key().filter(|key| is_reserved(key)) {
                let (level, message) = if is_set_by_aws(key) {
                    (
                        Level::Error,
                        format!("key `{}` has the reserved prefix `aws:`; it cannot be created", quoted(key)),
                    )
                } else {
                    (Level::Info, format!("key `{}` differs from the reserved prefix `aws:` in case only", quoted(key)))
                };
                cx.report_at(entry.key_span(), message).level(level).at(prefix_span(entry));
            }
        }
    }),
};

static TAG_LIMITS: Check = Check {
    rule: &Rule {
        name: "tag-limits",
        summary: "a resource has at most 50 tags, a build instance 30, with keys up to 128 and values up to 256 \
                  characters",
        why: "Image Builder and EC2 refuse more. Tags that AWS set itself do not count, and lengths are in characters, \
              not bytes.",
        help: "drop tags, or shorten the key or the value",
        source: &[TAGGING, "service model: TagMap", "service model: ResourceTagMap"],
        outranks: &[&structure::ITEM_COUNT, &structure::STRING_LENGTH],
        ..Rule::BASE
    },
    on: &Each::<(TagMap, ResourceTagMap)>(|tags, cx| {
        let (most, what) = match tags.shape() {
            Shape::ResourceTagMap => (MOST_RESOURCE_TAGS, "resource tags"),
            _ => (MOST_TAGS, "tags"),
        };
        let mut count = 0;
        for entry in tags.entries() {
            let key = entry.key().unwrap_or_default();
            count += usize::from(tags.is::<ResourceTagMap>() || !is_set_by_aws(key));
            if let Some(length) = longer_than(LONGEST_KEY, key) {
                let message = format!("the key has {length} characters; at most {LONGEST_KEY} are allowed");
                cx.report_at(entry.key_span(), message);
            }
            if let Some(length) = entry.text().and_then(|text| longer_than(LONGEST_VALUE, text)) {
                let message = format!(
                    "the value of `{}` has {length} characters; at most {LONGEST_VALUE} are allowed",
                    quoted(key)
                );
                cx.report(entry, message);
            }
        }
        if count > most {
            cx.report(tags, format!("{count} {what}; the limit is {most}")).at(tags.key_span());
        }
    }),
};

/// The length of a text in Unicode scalar values, where it exceeds a limit.
fn longer_than(limit: usize, text: &str) -> Option<usize> {
    // No text has more characters than bytes.
    if text.len() <= limit {
        return None;
    }
    Some(text.chars().count()).filter(|length| *length > limit)
}

static TAG_KEY_CASE_TWINS: Check = Check {
    rule: &Rule {
        name: "tag-key-case-twins",
        level: Level::Info,
        pedantic: true,
        summary: "no two keys of tags differ in case only",
        why: "Tag keys are case-sensitive: both tags exist side by side, and policies and cost reports that name one \
              do not see the other.",
        help: "keep one spelling of the key",
        source: &[TAGGING],
        ..Rule::BASE
    },
    on: &Each::<(TagMap, ResourceTagMap)>(|tags, cx| {
        for (first, again) in repeats(tags.entries(), |entry| entry.key().map(str::to_lowercase)) {
            let (one, other) = (first.key().unwrap_or_default(), again.key().unwrap_or_default());
            // The same key twice is reported by `duplicate-json-key`.
            if one != other {
                let message = format!("`{}` and `{}` are different tags", quoted(one), quoted(other));
                cx.report_at(again.key_span(), message).label(first.key_span(), "its twin");
            }
        }
    }),
};
