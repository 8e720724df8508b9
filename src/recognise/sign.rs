//! Signs: what kinds and envelopes are recognised by, each a test of an object's keys and the words for it. Knows
//! no kind and no envelope.

use crate::document::Value;
use crate::model::shape::Shape;
use crate::recognise::kind::{Keys, SCHEMA, is_own_arn};

/// What an object is recognised by.
#[derive(Debug)]
pub(crate) enum Sign {
    /// A member of that name.
    Has(&'static str),
    /// A member of any of those names.
    HasAny(&'static [&'static str]),
    /// A member of that name that is a string.
    IsString(&'static str),
    /// A member of that name that is a number.
    IsNumber(&'static str),
    /// A member of that name that is an object.
    IsObject(&'static str),
    /// A member of that name and with that text.
    Text(&'static str, &'static str),
    /// A member of that name, which other services use, too, with a value of that shape ([`Keys::holds`]).
    Holds(&'static str, Shape),
    /// `arn`, of an Image Builder resource of that type.
    ArnOf(&'static str),
    /// A member of that name that is an ARN of an Image Builder resource.
    OwnArn(&'static str),
    /// A member of that name that is an object with that sign.
    In(&'static str, &'static Sign),
    /// A member of that name that is an array, at least one object of which has that sign.
    SomeItem(&'static str, &'static Sign),
    /// A member of that name that is an array with objects, all of which have that sign.
    EveryItem(&'static str, &'static Sign),
    /// No object but an array of objects, all of which have that sign, empty ones aside.
    Items(&'static Sign),
    /// That sign is missing.
    Without(&'static Sign),
    /// At least half of the keys are members of that shape.
    Mostly(Shape),
    /// No other keys but those that any response may have.
    Only(&'static [&'static str]),
    /// No more keys than that, as many as the signs beside this one name.
    NoMoreThan(usize),
    /// All of those signs.
    All(&'static [Sign]),
    /// Any of those signs.
    Any(&'static [Sign]),
    /// The sign of an envelope. It counts there only: no payload is recognised by it.
    OfEnvelope(&'static Sign),
    /// What no other sign says: a test with words of its own, which are a noun.
    Is {
        /// What the test looks for.
        words: &'static str,
        /// Whether an object has it.
        test: fn(&Keys<'_>) -> bool,
    },
}

impl Sign {
    /// Whether an object with these keys has the sign.
    pub(crate) fn is_on(&self, keys: &Keys<'_>) -> bool {
        match *self {
            Sign::Has(name) => keys.has(name),
            Sign::HasAny(names) => keys.has_any(names),
            Sign::IsString(name) => keys.text(name).is_some(),
            Sign::IsNumber(name) => keys.get(name).is_some_and(|value| value.number().is_some()),
            Sign::IsObject(name) => keys.object(name).is_some(),
            Sign::Text(name, text) => keys.text(name) == Some(text),
            Sign::Holds(name, shape) => keys.holds(name, shape),
            Sign::ArnOf(resource) => keys.arn_of(resource),
            Sign::OwnArn(name) => keys.text(name).is_some_and(is_own_arn),
            Sign::In(name, sign) => keys.object(name).is_some_and(|object| sign.is_on(&object)),
            Sign::SomeItem(name, sign) => keys.items(name).any(|item| sign.is_on(&item)),
            Sign::EveryItem(name, sign) => {
                let mut items = keys.items(name);
                items.next().is_some_and(|item| sign.is_on(&item)) && items.all(|item| sign.is_on(&item))
            }
            Sign::Without(sign) => !sign.is_on(keys),
            Sign::Mostly(shape) => keys.is_mostly(shape),
            Sign::Only(names) => keys.only(names),
            Sign::NoMoreThan(count) => keys.names().filter(|name| *name != SCHEMA).count() <= count,
            Sign::All(signs) => signs.iter().all(|sign| sign.is_on(keys)),
            Sign::Any(signs) => signs.iter().any(|sign| sign.is_on(keys)),
            Sign::OfEnvelope(_) | Sign::Items(_) => false,
            Sign::Is { test, .. } => test(keys),
        }
    }

    /// Whether an array has the sign, which is one of its items.
    pub(crate) fn is_on_list(&self, array: Value<'_>) -> bool {
        let Sign::Items(sign) = self else { return false };
        let is_empty = |item: Value<'_>| item.is_object() && item.members().next().is_none();
        let is_one = |item: Value<'_>| Keys::new(item, false).is_some_and(|keys| sign.is_on(&keys));
        let mut items = array.items().filter(|item| !is_empty(*item));
        items.next().is_some_and(is_one) && items.all(is_one)
    }

    /// The sign in words that follow "recognised by".
    pub(crate) fn words(&self) -> String {
        match *self {
            Sign::Has(name) => quoted(name),
            Sign::HasAny(names) => listed(names.iter().map(|name| quoted(name)), "or"),
            Sign::IsString(name) => format!("`{name}` (a string)"),
            Sign::IsNumber(name) => format!("`{name}` (a number)"),
            Sign::IsObject(name) => format!("`{name}` (an object)"),
            Sign::Text(name, text) => format!("`{name}` `{text}`"),
            Sign::Holds(name, _) => format!("`{name}` of Image Builder"),
            Sign::ArnOf(resource) => {
                let article = if resource.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
                format!("`arn` of {article} {}", resource.replace('-', " "))
            }
            Sign::OwnArn(name) => format!("`{name}` (an ARN of Image Builder)"),
            Sign::In(name, sign) => format!("`{name}` with {}", sign.words()),
            Sign::SomeItem(name, sign) => format!("`{name}` whose items have {}", sign.words()),
            Sign::EveryItem(name, sign) => format!("`{name}` whose items all have {}", sign.words()),
            Sign::Items(sign) => format!("items that all have {}", sign.words()),
            Sign::Without(sign) => format!("no {}", sign.words()),
            Sign::Mostly(shape) => format!("mostly members of `{}`", shape.name()),
            Sign::Only(_) => "hardly anything else".to_owned(),
            Sign::NoMoreThan(_) => "nothing else".to_owned(),
            Sign::All(signs) => words_of_all(signs),
            Sign::Any(signs) => words_of_any(signs),
            Sign::OfEnvelope(sign) => sign.words(),
            Sign::Is { words, .. } => words.to_owned(),
        }
    }

    /// The signs any of which is enough.
    fn alternatives(&self) -> &[Sign] {
        match self {
            Sign::Any(signs) => signs,
            one => std::slice::from_ref(one),
        }
    }

    /// The signs that must all be there.
    fn conditions(&self) -> Vec<&Sign> {
        match self {
            Sign::All(signs) => signs.iter().flat_map(Sign::conditions).collect(),
            one => vec![one],
        }
    }
}

/// The words of signs any of which is enough. A sign that asks for what another one asks for, and perhaps for more,
/// adds nothing to them.
pub(super) fn words_of_any(signs: impl IntoIterator<Item = &'static Sign>) -> String {
    let signs: Vec<_> = signs.into_iter().flat_map(Sign::alternatives).collect();
    let words_of_each = |sign: &Sign| sign.conditions().into_iter().map(Sign::words).collect::<Vec<_>>();
    let conditions: Vec<_> = signs.iter().map(|sign| words_of_each(sign)).collect();
    let is_new = |index: usize| {
        let own = &conditions[index];
        !conditions.iter().enumerate().any(|(other, less)| {
            let is_less = less.len() < own.len() || (less.len() == own.len() && other < index);
            is_less && less.iter().all(|condition| own.contains(condition))
        })
    };
    let words: Vec<_> = (0..signs.len()).filter(|index| is_new(*index)).map(|index| signs[index].words()).collect();
    words.join(", or ")
}

/// The words of signs that must all be there, as in "`a` and `b` with `c` or `d`, without `e`, and nothing else".
fn words_of_all(signs: &[Sign]) -> String {
    let mut there = Vec::new();
    let mut missing = Vec::new();
    let mut limits = Vec::new();
    for sign in signs.iter().flat_map(Sign::conditions) {
        match sign {
            Sign::Without(Sign::HasAny(names)) => missing.extend(names.iter().map(|name| quoted(name))),
            Sign::Without(sign) => missing.push(sign.words()),
            Sign::Mostly(_) | Sign::Only(_) | Sign::NoMoreThan(_) => limits.push(sign.words()),
            sign => there.push(sign),
        }
    }
    // "`a` and `b` or `c`" and "`arn` of a component and `b`" may be misread.
    let is_plain = |sign: &&&Sign| !matches!(sign, Sign::HasAny(_) | Sign::ArnOf(_));
    let plain = there.iter().take_while(is_plain).count().max(1).min(there.len());
    let (first, rest) = there.split_at(plain);
    let words_of = |signs: &[&Sign]| listed(signs.iter().map(|sign| sign.words()), "and");

    let mut words = words_of(first);
    let parts = [(" with ", words_of(rest)), (" without ", listed(missing, "or")), (" and ", listed(limits, "and"))];
    for (before, part) in parts.into_iter().filter(|(_, part)| !part.is_empty()) {
        let is_long = [" and ", " or ", " with "].iter().any(|word| words.contains(word));
        words.push_str(if is_long { "," } else { "" });
        words.push_str(before);
        words.push_str(&part);
    }
    words
}

fn quoted(name: &str) -> String {
    format!("`{name}`")
}

/// As in "a, b and c".
fn listed(words: impl IntoIterator<Item = String>, last: &str) -> String {
    let words: Vec<_> = words.into_iter().collect();
    match words.split_last() {
        Some((end, start)) if !start.is_empty() => format!("{} {last} {end}", start.join(", ")),
        _ => words.concat(),
    }
}
