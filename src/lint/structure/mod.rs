//! The structural checks of one node against its shape, and the rules they report under.

mod dump;
mod newer;

use std::borrow::Cow;

use jsonc_parser::ast::{ObjectProp, StringLit};

use crate::aws::arn::Arn;
use crate::aws::mask::is_blank;
use crate::document::secret::{may_be_quoted, quoted};
use crate::document::{key_of, member, name_of, type_name};
use crate::finding::fix::Fix;
use crate::finding::{Level, Span};
use crate::model::shape::{Bounds, Kind, Member, Pattern, Shape, folds_alike, within_edits};
use crate::rule::Rule;
use crate::rule::context::Context;
use crate::rule::node::Node;

pub(crate) use dump::dumps;
pub(crate) use newer::{newer_member, newer_payload};

use crate::rules::structure::{
    ENUM_VALUE, ITEM_COUNT, MEMBER_NAME_CASE, NULL_MEMBER, NUMBER_RANGE, REQUIRED_MEMBER, STRING_LENGTH,
    STRING_PATTERN, UNKNOWN_MEMBER, VALUE_TYPE,
};
use dump::{is_pascal_case, is_snake_case};
use newer::newer_value;

/// Reports a value of the wrong JSON type.
pub(crate) fn wrong_type<'d>(node: Node<'d>, context: &mut Context<'d>) {
    let expected = match node.exact_shape().kind() {
        Kind::Structure { .. } | Kind::Map { .. } => "an object",
        Kind::List { .. } => "an array",
        Kind::Text { .. } => "a string",
        Kind::Integer { .. } => "an integer",
        Kind::Number { .. } => "a number",
        Kind::Boolean => "a boolean",
        Kind::Timestamp => "a number of seconds or an ISO 8601 string",
        Kind::Any => "any value",
    };
    let found = type_name(node.value());
    let message = match (node.key(), short(node)) {
        (Some(key), Some(short)) => format!("`{}` is {found}, `{short}`; {expected} was expected", quoted(key)),
        (Some(key), None) => format!("`{}` is {found}; {expected} was expected", quoted(key)),
        (None, _) => format!("found {found}; {expected} was expected"),
    };
    speak(&VALUE_TYPE, context);
    context.report(node, message);
}

/// A short value as a message shows it.
fn short(node: Node<'_>) -> Option<Cow<'_, str>> {
    const LONGEST: usize = 40;
    let raw = &node.document().text[node.span().range()];
    let is_short = raw.len() <= LONGEST && node.value().as_object().is_none() && may_be_quoted(node.exact_shape());
    is_short.then(|| quoted(node.text().unwrap_or(raw)))
}

/// Reports a null.
pub(crate) fn null<'d>(node: Node<'d>, context: &mut Context<'d>) {
    speak(&NULL_MEMBER, context);
    match node.key() {
        Some(key) if context.parent().is_some_and(|parent| parent.exact_shape().requires(node.member())) => {
            speak(&REQUIRED_MEMBER, context);
            context.report(node, format!("`{}` is null; it is a required member", quoted(key)));
        }
        Some(key) => {
            let fix = context.parent().and_then(|parent| parent.removal(node));
            let message = format!("`{}` is null; the service leaves absent members out", quoted(key));
            context.report(node, message).fix(fix);
        }
        None => {
            context.report(node, "null where a value was expected; the service returns none");
        }
    }
}

/// Checks a string against the enum, pattern and length of its shape.
pub(crate) fn text(node: Node<'_>, text: &str, context: &mut Context<'_>) {
    check_text(node.exact_shape(), text, node.span(), context);
}

/// Checks the key of a map's entry.
pub(crate) fn map_key(key: &StringLit<'_>, shape: Shape, context: &mut Context<'_>) {
    check_text(shape, &key.value, key.range.into(), context);
}

fn check_text(shape: Shape, text: &str, span: Span, context: &mut Context<'_>) {
    // Where the length is at fault, a longer text says nothing.
    const LONGEST_WHOLE: usize = 80;
    let Kind::Text { values, pattern, length } = shape.kind() else {
        return;
    };
    // One fault, one finding: a text of the wrong length is not matched against the pattern, too.
    if !values.is_empty() {
        if values.contains(&text) {
            newer_value(shape, text, span, context);
        } else {
            enum_value(shape, values, text, span, context);
        }
    } else if let Some(count) = outside(text, *length) {
        let (keyword, expected) = if count < length.min {
            ("minLength", format!("at least {} are expected", length.min))
        } else {
            ("maxLength", format!("at most {} are allowed", length.max))
        };
        let message = match count {
            0 => "the string is empty".to_owned(),
            _ if text.len() > LONGEST_WHOLE => format!("the string has {count} characters; {expected}"),
            _ => format!("{} has {count} characters; {expected}", described(shape, text)),
        };
        speak(&STRING_LENGTH, context);
        context.report_at(span, message).level(shape.level(keyword).unwrap_or(STRING_LENGTH.level));
    } else if let Some(pattern) =
        pattern.filter(|pattern| !pattern.is_match(text) && !is_match_but_masked(pattern, text))
    {
        speak(&STRING_PATTERN, context);
        let level = shape.level("pattern").unwrap_or(STRING_PATTERN.level);
        let message = format!("{} does not match the pattern of {}", described(shape, text), shape.name());
        context.report_at(span, message).level(level).help(format!("expected: {}", pattern.source()));
    }
}

/// Whether a text is an id that was masked, or the ARN of an account that was and would match otherwise.
fn is_match_but_masked(pattern: &Pattern, text: &str) -> bool {
    let unmasked = || Arn::parse(text)?.unmasked();
    is_blank(text) || unmasked().is_some_and(|text| pattern.is_match(&text))
}

/// The length of a text in Unicode scalar values, where it lies outside the bounds.
fn outside(text: &str, bounds: Bounds) -> Option<usize> {
    // No text has more characters than bytes, nor fewer than a quarter of them.
    if text.len() <= bounds.max && text.len() / 4 >= bounds.min {
        return None;
    }
    let count = text.chars().count();
    (count < bounds.min || count > bounds.max).then_some(count)
}

/// The subject of a message about a text.
fn described(shape: Shape, text: &str) -> String {
    if may_be_quoted(shape) { format!("`{}`", quoted(text)) } else { "the string".to_owned() }
}

fn enum_value(shape: Shape, values: &[&'static str], text: &str, span: Span, context: &mut Context<'_>) {
    speak(&ENUM_VALUE, context);
    let edits = if text.len() >= 10 { 2 } else { 1 };
    let near = values
        .iter()
        .find(|value| folds_alike(text, value))
        .or_else(|| values.iter().find(|value| within_edits(text, value, edits)));
    let listed = values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
    if let Some(near) = near {
        let message = format!("unknown value `{}`; did you mean `{near}`?", quoted(text));
        let finding = context.report_at(span, message);
        finding.help(format!("the values are {listed}; they are case-sensitive"));
    } else {
        let message = format!("`{}` is not among the values that the model knows", quoted(text));
        let finding = context.report_at(span, message);
        finding.level(Level::Info).help(format!("newer than {}? The values known are {listed}", shape.model()));
    }
}

/// The brace that opens an object.
fn opening(node: Node<'_>) -> Span {
    Span::new(node.span().start, node.span().start + 1)
}

/// Checks a number against the bounds of its shape, on its text: no value is too large for that.
pub(crate) fn number<'d>(node: Node<'d>, text: &str, context: &mut Context<'d>) {
    let (minimum, maximum) = match node.exact_shape().kind() {
        Kind::Integer { minimum, maximum } => {
            if text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
                speak(&VALUE_TYPE, context);
                context.report(node, format!("`{text}` has a fraction or an exponent; an integer was expected"));
                return;
            }
            (*minimum, *maximum)
        }
        Kind::Number { minimum, maximum } => (*minimum, *maximum),
        _ => return,
    };
    let below = minimum.is_some_and(|minimum| compare(text, minimum).is_lt());
    let above = maximum.is_some_and(|maximum| compare(text, maximum).is_gt());
    if below || above {
        let expected = match (minimum, maximum) {
            (Some(minimum), Some(maximum)) => format!("{minimum} to {maximum}"),
            (Some(minimum), None) => format!("{minimum} or more"),
            (_, Some(maximum)) => format!("{maximum} or less"),
            (None, None) => return,
        };
        speak(&NUMBER_RANGE, context);
        context.report(node, format!("`{text}` is outside the range; {expected} was expected"));
    }
}

/// Compares the text of a JSON number with a bound; integers exactly, however long they are.
fn compare(text: &str, bound: i64) -> std::cmp::Ordering {
    if let Ok(integer) = text.parse::<i128>() {
        return integer.cmp(&i128::from(bound));
    }
    #[expect(clippy::cast_precision_loss, reason = "the bounds of the model are small")]
    let bound = bound as f64;
    text.parse::<f64>().map_or(std::cmp::Ordering::Equal, |number| number.total_cmp(&bound))
}

/// Checks how many entries a list or map has.
pub(crate) fn count<'d>(node: Node<'d>, count: usize, bounds: Bounds, context: &mut Context<'d>) {
    if count < bounds.min || count > bounds.max {
        let name = node.key().map_or_else(|| node.exact_shape().name().to_owned(), |key| format!("`{}`", quoted(key)));
        let expected = if count < bounds.min {
            format!("at least {} are expected", bounds.min)
        } else {
            format!("at most {} are allowed", bounds.max)
        };
        speak(&ITEM_COUNT, context);
        context.report(node, format!("{name} has {count} entries; {expected}")).at(node.key_span());
    }
}

/// Checks that a structure has what it must have; a misspelt member stands for the one it means.
pub(crate) fn required<'d>(node: Node<'d>, required: &[&'static str], context: &mut Context<'d>) {
    let Some(object) = node.value().as_object() else {
        return;
    };
    for name in required {
        let means = |property: &ObjectProp<'_>| {
            let key = name_of(property);
            node.exact_shape().member(key).is_none()
                && node.exact_shape().near_member(key).is_some_and(|near| near.name == *name)
        };
        if member(object, name).is_none() && !object.properties.iter().any(means) {
            speak(&REQUIRED_MEMBER, context);
            let message = format!("{} lacks its required member `{name}`", node.shape().name());
            context.report(node, message).at(opening(node)).says(format!("no `{name}` in this object"));
        }
    }
}

/// Reports a key that is no member, and tells which member it means where that can be told.
pub(crate) fn unknown<'d>(
    node: Node<'d>,
    property: &'d ObjectProp<'d>,
    context: &mut Context<'d>,
) -> Option<&'static Member> {
    const MANY: usize = 200;
    let key = key_of(property);
    let shape = node.exact_shape();
    let near = shape.near_member(&key.value);
    if let Some(near) = near {
        node.document().misspelt.set(true);
        let properties = || node.value().as_object().into_iter().flat_map(|object| &object.properties);
        let taken = properties().any(|property| name_of(property) == near.name);
        // Of two misspelt ones neither can be told to be the member.
        let means = |property: &&ObjectProp<'_>| {
            shape.near_member(name_of(property)).is_some_and(|meant| meant.name == near.name)
        };
        // No structure has so many members; to compare all keys with all would take long.
        let is_alone = !taken && properties().take(MANY).count() < MANY && properties().filter(means).count() == 1;
        let is_recased = is_snake_case(&key.value) || is_pascal_case(&key.value, near.name);
        if is_alone && is_recased {
            context.note_recased(key, near.name);
        } else {
            misspelt(key, near.name, is_alone, context);
        }
        // Beside the member itself, the misspelt one stands for nothing.
        return (!taken).then_some(near);
    }
    speak(&UNKNOWN_MEMBER, context);
    let message = format!("`{}` is not a member of {} in {}", quoted(&key.value), node.shape().name(), shape.model());
    context.report_at(key.range.into(), message);
    None
}

fn misspelt(key: &StringLit<'_>, name: &'static str, is_alone: bool, context: &mut Context<'_>) {
    let rename = || Fix::safe(format!("rename it to `{name}`"), key.range.into(), format!("\"{name}\""));
    speak(&MEMBER_NAME_CASE, context);
    let message = format!("unknown member `{}`; did you mean `{name}`?", quoted(&key.value));
    context.report_at(key.range.into(), message).fix(is_alone.then(rename));
}

fn speak(rule: &'static Rule, context: &mut Context<'_>) {
    context.speak_for(rule.name, rule.level);
}
