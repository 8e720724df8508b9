//! Checks values: types, nulls, strings, numbers and counts.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::aws::arn::Arn;
use crate::document::Member;
use crate::document::secret::{may_be_quoted, quoted};
use crate::finding::Level;
use crate::finding::fault::Fault;
use crate::finding::fix::Fix;
use crate::lint::structure::Structure;
use crate::model::shape::{Bounds, Kind, Pattern, Shape, folds_alike, within_edits};
use crate::recognise::kind::Side;
use crate::rule::{Entry, Node, Tree};
use crate::rules::structure::{
    ENUM_VALUE, ITEM_COUNT, NULL_MEMBER, NUMBER_RANGE, REQUIRED_MEMBER, STRING_LENGTH, STRING_PATTERN, VALUE_TYPE,
};
use crate::text::literal::Literal;
use crate::text::quote::{be, counted};
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

/// Reports the nulls, those of members that may be absent once for the document.
pub(super) fn nulls(structure: &mut Structure<'_, '_, '_>) {
    let tree = structure.tree;
    let nulls = std::mem::take(&mut structure.nulls);
    // Adjacent members are removed together: their own removals would overlap.
    for group in nulls.chunk_by(|one, other| tree.entry(*one).parent == tree.entry(*other).parent) {
        let parent = Node::new(tree, tree.entry(group[0]).parent);
        let (required, optional): (Vec<u32>, Vec<u32>) =
            group.iter().partition(|index| parent.exact_shape().requires(tree.entry(**index).member));
        let key = |index: u32| tree.entry(index).written.map(|written| quoted(written.name()));
        let is_strict = tree.is_strict();
        for index in required {
            let message = format!("`{}` is null; it is a required member", key(index).unwrap_or_default());
            structure.report(&REQUIRED_MEMBER, tree.entry(index).value.span(), message);
        }
        let mut fixes = parent.removals(&optional).into_iter();
        for index in optional {
            if is_strict {
                let named = key(index).map_or("an item of the list".to_owned(), |key| format!("`{key}`"));
                let message = format!("{named} is null, which clients refuse; leave it out");
                let fault = structure.report(&NULL_MEMBER, tree.entry(index).value.span(), message);
                fault.level(Level::Error).fix(fixes.next());
                continue;
            }
            let message = match key(index) {
                Some(key) => format!("`{key}` is null; the service leaves absent members out"),
                None => "an item of the list is null; the service never returns one".to_owned(),
            };
            structure.report(&NULL_MEMBER, tree.entry(index).value.span(), message).collectively().fix(fixes.next());
        }
    }
}

/// Checks a key of a map. Of tags, which may have many keys of the same kind, faults of the pattern are reported once
/// for the document.
pub(super) fn key(structure: &mut Structure<'_, '_, '_>, shape: Shape, member: Member<'_>) {
    let before = structure.faults.len();
    text(structure, shape, member.name(), member.key_span());
    for fault in structure.faults[before..].iter_mut().filter(|fault| *fault.rule == STRING_PATTERN) {
        fault.collectively();
    }
}

/// Checks a string that is masked in part: whether it matches its pattern with another value in the place of the mask.
pub(super) fn masked_text(structure: &mut Structure<'_, '_, '_>, shape: Shape, text: &str, span: Span) {
    if let Kind::Text { pattern: Some(pattern), .. } = shape.kind()
        && let Some(arn) = Arn::parse(text)
        && arn.unmasked().is_some_and(|unmasked| !pattern.is_match(&unmasked))
    {
        let start = arn.resource.as_ptr() as usize - text.as_ptr() as usize;
        let resource = Literal::new(structure.tree.document().text, span).raw_span((start..text.len()).into());
        report_pattern(structure, shape, pattern, text, span).at(resource);
    }
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
            ("minLength", format!("at least {} {} expected", counted(length.min, "character"), be(length.min)))
        } else {
            ("maxLength", format!("at most {} {} allowed", length.max, be(length.max)))
        };
        let message = match count {
            0 => format!("the string is empty; {expected}"),
            _ if text.len() > LONGEST_WHOLE => format!("the string has {}; {expected}", counted(count, "character")),
            _ => format!("{} has {}; {expected}", described(shape, text), counted(count, "character")),
        };
        let level = shape.level(keyword).unwrap_or(STRING_LENGTH.level);
        structure.report(&STRING_LENGTH, span, message).level(level);
    } else if let Some(pattern) = pattern.filter(|pattern| !pattern.is_match(text)) {
        report_pattern(structure, shape, pattern, text, span);
    }
}

fn report_pattern<'s>(
    structure: &'s mut Structure<'_, '_, '_>,
    shape: Shape,
    pattern: &Pattern,
    text: &str,
    span: Span,
) -> &'s mut Fault {
    let level = shape.level("pattern").unwrap_or(STRING_PATTERN.level);
    let message = format!("{} does not match the pattern of {}", described(shape, text), shape.name());
    let help = format!("expected: {}", pattern.source());
    structure.report(&STRING_PATTERN, span, message).level(level).help(help)
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
    let same = values.iter().find(|value| folds_alike(text.trim(), value));
    let near = same.or_else(|| values.iter().find(|value| within_edits(text, value, edits)));
    let listed = values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
    let has_lower_case = |text: &str| text.bytes().any(|byte| byte.is_ascii_lowercase());
    // The service adds no value like these, however new the capture is.
    let is_impossible = same.is_some()
        || text.trim() != text
        || text.is_empty()
        || (has_lower_case(text) && !values.iter().any(|value| has_lower_case(value)));
    let newer = if is_impossible || structure.tree.is_strict() { None } else { structure.newer_than_model(shape) };
    let message = match near {
        _ if text.is_empty() => "the string is empty; one of the documented values was expected".to_owned(),
        Some(near) => format!("unknown value `{}`; did you mean `{near}`?", quoted(text)),
        None => format!("unknown value `{}`; it is not documented", quoted(text)),
    };
    let (level, help) = match newer {
        None => (Level::Error, format!("the values are {listed}; they are case-sensitive")),
        Some(reason) => {
            let model = shape.model();
            (
                Level::Info,
                format!("the capture may be newer than the model, {model}: {reason}; that model has {listed}"),
            )
        }
    };
    let fix = near.map(|near| Fix::risky(format!("write `{near}`"), span, format!("\"{near}\"")));
    structure.report(&ENUM_VALUE, span, message).level(level).help(help).fix(fix);
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
            (Some(minimum), Some(maximum)) => format!("from {minimum} to {maximum}"),
            (Some(minimum), None) => format!("of {minimum} or more"),
            (_, Some(maximum)) => format!("of {maximum} or less"),
            (None, None) => return,
        };
        let message = format!("`{text}` is out of range; a number {expected} was expected");
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
            format!("at least {} {} expected", bounds.min, be(bounds.min))
        } else {
            format!("at most {} {} allowed", bounds.max, be(bounds.max))
        };
        let span = entry.written.map_or(entry.value.span(), Member::key_span);
        let message = format!("{name} has {}; {expected}", counted(count, "entry"));
        // A response may hold an empty list where its option does not.
        let may_be_of_response =
            structure.tree.kind().side == Side::Option && count < bounds.min && entry.shape.base() != entry.shape;
        let level = if may_be_of_response { Level::Info } else { ITEM_COUNT.level };
        structure.report(&ITEM_COUNT, entry.value.span(), message).at(span).level(level);
    }
}
