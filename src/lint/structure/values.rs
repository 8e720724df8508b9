//! Checks values: types, nulls, strings, numbers and counts.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::aws::arn::Arn;
use crate::aws::mask::is_blank;
use crate::document::Member;
use crate::document::secret::{may_be_quoted, quoted};
use crate::finding::Level;
use crate::lint::structure::Structure;
use crate::model::shape::{Bounds, Kind, Pattern, Shape, folds_alike, within_edits};
use crate::rule::{Entry, Node, Tree};
use crate::rules::structure::{
    ENUM_VALUE, ITEM_COUNT, NULL_MEMBER, NUMBER_RANGE, REQUIRED_MEMBER, STRING_LENGTH, STRING_PATTERN, VALUE_TYPE,
};
use crate::text::span::Span;

/// Reports a value of the wrong JSON type.
pub(super) fn wrong_type(structure: &mut Structure<'_, '_, '_>, entry: &Entry<'_>) {
    let expected = match entry.shape.kind() {
        Kind::Structure { .. } | Kind::Map { .. } => "an object",
        Kind::List { .. } => "an array",
        Kind::Text { .. } => "a string",
        Kind::Integer { .. } => "an integer",
        Kind::Number { .. } => "a number",
        Kind::Boolean => "a boolean",
        Kind::Timestamp => "a number of seconds or an ISO 8601 string",
        Kind::Any => "any value",
    };
    let found = entry.value.type_name();
    let key = entry.written.map(|written| quoted(written.name()));
    let message = match (key, short(structure.tree, entry)) {
        (Some(key), Some(short)) => format!("`{key}` is {found}, `{short}`; {expected} was expected"),
        (Some(key), None) => format!("`{key}` is {found}; {expected} was expected"),
        (None, _) => format!("found {found}; {expected} was expected"),
    };
    structure.report(&VALUE_TYPE, entry.value.span(), message);
}

/// The value for a message, if it is short and may be quoted.
fn short<'d>(tree: &Tree<'d>, entry: &Entry<'d>) -> Option<Cow<'d, str>> {
    const LONGEST: usize = 40;
    let raw = &tree.document().text[entry.value.span().range()];
    let is_short = raw.len() <= LONGEST && !entry.value.is_object() && may_be_quoted(entry.shape);
    is_short.then(|| quoted(entry.value.text().unwrap_or(raw)))
}

/// Reports a null.
pub(super) fn null(structure: &mut Structure<'_, '_, '_>, index: u32) {
    let tree = structure.tree;
    let entry = tree.entry(index);
    let span = entry.value.span();
    let Some(written) = entry.written else {
        structure.report(&NULL_MEMBER, span, "null where a value was expected; the service returns none");
        return;
    };
    let key = quoted(written.name());
    if tree.entry(entry.parent).shape.requires(entry.member) {
        structure.report(&REQUIRED_MEMBER, span, format!("`{key}` is null; it is a required member"));
        return;
    }
    let fix = Node::new(tree, entry.parent).removal(Node::new(tree, index));
    let message = format!("`{key}` is null; the service leaves absent members out");
    structure.report(&NULL_MEMBER, span, message).fix(fix);
}

/// Checks a string against the enum, pattern and length of its shape.
pub(super) fn text(structure: &mut Structure<'_, '_, '_>, shape: Shape, text: &str, span: Span) {
    // A message about the length does not quote a text longer than this.
    const LONGEST_WHOLE: usize = 80;
    let Kind::Text { values, pattern, length } = shape.kind() else {
        return;
    };
    // A text of the wrong length is not matched against the pattern, too: that would report one fault twice.
    if !values.is_empty() {
        if !values.contains(&text) {
            enum_value(structure, shape, values, text, span);
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
        let level = shape.level(keyword).unwrap_or(STRING_LENGTH.level);
        structure.report(&STRING_LENGTH, span, message).level(level);
    } else if let Some(pattern) =
        pattern.filter(|pattern| !pattern.is_match(text) && !is_match_but_masked(pattern, text))
    {
        let level = shape.level("pattern").unwrap_or(STRING_PATTERN.level);
        let message = format!("{} does not match the pattern of {}", described(shape, text), shape.name());
        let help = format!("expected: {}", pattern.source());
        structure.report(&STRING_PATTERN, span, message).level(level).help(help);
    }
}

/// Whether a text fails to match only because an id, or the account in an ARN, is masked.
fn is_match_but_masked(pattern: &Pattern, text: &str) -> bool {
    let unmasked = || Arn::parse(text)?.unmasked();
    is_blank(text) || unmasked().is_some_and(|text| pattern.is_match(&text))
}

/// The length of a text in Unicode scalar values, if it is outside the bounds.
fn outside(text: &str, bounds: Bounds) -> Option<usize> {
    // A text of n bytes has at least n / 4 and at most n characters: most texts need not be counted.
    if text.len() <= bounds.max && text.len() / 4 >= bounds.min {
        return None;
    }
    let count = text.chars().count();
    (count < bounds.min || count > bounds.max).then_some(count)
}

/// How a message names a text: quoted, unless it must not be printed.
fn described(shape: Shape, text: &str) -> String {
    if may_be_quoted(shape) { format!("`{}`", quoted(text)) } else { "the string".to_owned() }
}

fn enum_value(structure: &mut Structure<'_, '_, '_>, shape: Shape, values: &[&'static str], text: &str, span: Span) {
    let edits = if text.len() >= 10 { 2 } else { 1 };
    let near = values
        .iter()
        .find(|value| folds_alike(text, value))
        .or_else(|| values.iter().find(|value| within_edits(text, value, edits)));
    let listed = values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
    if let Some(near) = near {
        let message = format!("unknown value `{}`; did you mean `{near}`?", quoted(text));
        let help = format!("the values are {listed}; they are case-sensitive");
        structure.report(&ENUM_VALUE, span, message).help(help);
    } else {
        let message = format!("`{}` is not among the values that the model knows", quoted(text));
        let help = format!("newer than {}? The values known are {listed}", shape.model());
        structure.report(&ENUM_VALUE, span, message).level(Level::Info).help(help);
    }
}

/// Checks a number against the bounds of its shape. Works on its text, so that no number is too large.
pub(super) fn number(structure: &mut Structure<'_, '_, '_>, entry: &Entry<'_>) {
    let text = entry.value.number().unwrap_or_default();
    let (minimum, maximum) = match entry.shape.kind() {
        Kind::Integer { minimum, maximum } => {
            if text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
                let message = format!("`{text}` has a fraction or an exponent; an integer was expected");
                structure.report(&VALUE_TYPE, entry.value.span(), message);
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
        let message = format!("`{text}` is outside the range; {expected} was expected");
        structure.report(&NUMBER_RANGE, entry.value.span(), message);
    }
}

/// Compares the text of a JSON number with a bound; integers of up to 128 bits are compared exactly.
fn compare(text: &str, bound: i64) -> Ordering {
    if let Ok(integer) = text.parse::<i128>() {
        return integer.cmp(&i128::from(bound));
    }
    #[expect(clippy::cast_precision_loss, reason = "the bounds of the model are small")]
    let bound = bound as f64;
    text.parse::<f64>().map_or(Ordering::Equal, |number| number.total_cmp(&bound))
}

/// Checks the number of entries of a list or map.
pub(super) fn count(structure: &mut Structure<'_, '_, '_>, entry: &Entry<'_>, bounds: Bounds) {
    let count = entry.value.len();
    if count < bounds.min || count > bounds.max {
        let name = match entry.written {
            Some(written) => format!("`{}`", quoted(written.name())),
            None => entry.shape.name().to_owned(),
        };
        let expected = if count < bounds.min {
            format!("at least {} are expected", bounds.min)
        } else {
            format!("at most {} are allowed", bounds.max)
        };
        let span = entry.written.map_or(entry.value.span(), Member::key_span);
        let message = format!("{name} has {count} entries; {expected}");
        structure.report(&ITEM_COUNT, entry.value.span(), message).at(span);
    }
}
