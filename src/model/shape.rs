//! Shapes, as constant tables that `build/` generates from `schemas/`. Knows no document and no rule.

use crate::aws::mask::Role;
use crate::finding::Level;
use crate::model::name_hash::{name_hash, place};
use crate::model::release::{ModelVersion, RELEASES, Release};
use crate::text::automaton::Automaton;

include!(concat!(env!("OUT_DIR"), "/shapes.rs"));

/// The facts of a shape.
#[derive(Debug)]
pub(crate) struct Definition {
    name: &'static str,
    kind: Kind,
    levels: &'static [(&'static str, Level)],
    base: Option<Shape>,
    model: &'static str,
    date: &'static str,
    since: Option<&'static Release>,
    /// The members or enum values that were added after the shape, with the releases that added them.
    later: &'static [(&'static str, &'static Release)],
}

/// The kind of a shape, with what it allows.
#[derive(Debug)]
pub(crate) enum Kind {
    /// An object with known members.
    Structure {
        /// All members.
        members: &'static [Member],
        /// Where each of them is, by the hash of its name.
        places: Places,
        /// The names of the required members.
        required: &'static [&'static str],
        /// Whether other members are allowed.
        is_open: bool,
    },
    /// An array.
    List {
        /// The shape of every item.
        item: Shape,
        /// The number of items.
        count: Bounds,
    },
    /// An object with arbitrary keys.
    Map {
        /// The shape of every key.
        key: Shape,
        /// The shape of every value.
        value: Shape,
        /// The number of entries.
        count: Bounds,
    },
    /// A string.
    Text {
        /// The enum values; empty if it is no enum.
        values: &'static [&'static str],
        /// The pattern that it must match.
        pattern: Option<&'static Pattern>,
        /// The length in Unicode scalar values.
        length: Bounds,
    },
    /// A number without fraction or exponent.
    Integer {
        /// The least value.
        minimum: Option<i64>,
        /// The greatest value.
        maximum: Option<i64>,
    },
    /// Any number.
    Number {
        /// The least value.
        minimum: Option<i64>,
        /// The greatest value.
        maximum: Option<i64>,
    },
    /// `true` or `false`.
    Boolean,
    /// Seconds since 1970 as a number, or ISO 8601 text.
    Timestamp,
    /// Any value.
    Any,
}

/// A member of a structure.
#[derive(Debug)]
pub(crate) struct Member {
    /// Its name, in the spelling of the service.
    pub name: &'static str,
    /// Its shape.
    pub shape: Shape,
    /// What its text is, if it is one of no more special shape.
    pub role: Role,
}

impl Member {
    /// A member of a structure.
    pub(crate) const fn new(name: &'static str, shape: Shape) -> Self {
        Member { name, shape, role: Role::of_name(name) }
    }
}

/// The indices of a structure's members by the hashes of their names, which no two of them share.
#[derive(Debug)]
pub(crate) struct Places {
    seed: u64,
    shift: u32,
    /// The index of a member in each place. Where there is none, any: names are compared.
    indices: &'static [u8],
}

/// An inclusive range of counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// The least count.
    pub min: usize,
    /// The greatest count; `usize::MAX` for no limit.
    pub max: usize,
}

/// A regular expression, compiled by `build/`.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: &'static str,
    matcher: Matcher,
}

/// What a pattern is compiled to.
#[derive(Debug)]
enum Matcher {
    /// Text of some length, all of whose bytes are in one class.
    Class {
        /// A bit for each byte.
        bytes: [u64; 4],
        length: Bounds,
    },
    /// Any other.
    Automaton(Automaton),
}

impl Pattern {
    /// The pattern, as in the schema.
    pub(crate) fn source(&self) -> &'static str {
        self.source
    }

    /// Whether the pattern matches anywhere in the text.
    #[inline]
    pub(crate) fn is_match(&self, text: &str) -> bool {
        match &self.matcher {
            Matcher::Class { bytes, length } => {
                let is_in_class = |byte: u8| bytes[usize::from(byte / 64)] >> (byte % 64) & 1 == 1;
                (length.min..=length.max).contains(&text.len()) && text.bytes().all(is_in_class)
            }
            Matcher::Automaton(automaton) => automaton.is_match(text),
        }
    }
}

impl Shape {
    /// All shapes of the schemas, sorted by name.
    #[cfg(test)]
    pub(crate) fn all() -> impl Iterator<Item = (Self, &'static Definition)> {
        ALL.iter().copied().zip(DEFINITIONS.iter())
    }

    fn definition(self) -> &'static Definition {
        &DEFINITIONS[self as usize]
    }

    /// The name of the shape in the service model.
    pub(crate) fn name(self) -> &'static str {
        self.definition().name
    }

    /// The shape that this one is another serialisation of, and whose members it has in addition to its own; itself
    /// if it is none.
    #[must_use]
    #[inline]
    pub(crate) fn base(self) -> Self {
        self.definition().base.unwrap_or(self)
    }

    /// The name and version of the model that its schema follows.
    pub(crate) fn model(self) -> &'static str {
        self.definition().model
    }

    /// The release that added the shape; none if botocore does not have it.
    pub(crate) fn since(self) -> Option<&'static Release> {
        self.base().definition().since
    }

    /// The date of that model, as YYYY-MM-DD.
    pub(crate) fn model_date(self) -> &'static str {
        self.definition().date
    }

    /// The release that added the shape, if it is newer than a version.
    pub(crate) fn newer_than(self, version: ModelVersion) -> Option<&'static Release> {
        self.since().filter(|release| release.version > version)
    }

    /// The release that added a member or enum value to the shape; none if the shape has had it from the first.
    pub(crate) fn added_in(self, name: &str) -> Option<&'static Release> {
        let later = self.base().definition().later;
        later.iter().find(|(later, _)| *later == name).map(|(_, release)| *release)
    }

    /// The release that added a member or enum value to the shape, if it is newer than a version.
    pub(crate) fn added_after(self, version: ModelVersion, name: &str) -> Option<&'static Release> {
        self.added_in(name).filter(|release| release.version > version)
    }

    /// Its kind.
    #[inline]
    pub(crate) fn kind(self) -> &'static Kind {
        &self.definition().kind
    }

    /// The level of findings on a keyword of this shape's schema, if the overlay sets one.
    pub(crate) fn level(self, keyword: &str) -> Option<Level> {
        self.definition().levels.iter().find(|(name, _)| *name == keyword).map(|(_, level)| *level)
    }

    /// Whether it is a structure that allows unknown members.
    pub(crate) fn is_open(self) -> bool {
        matches!(self.kind(), Kind::Structure { is_open: true, .. })
    }

    /// The members of a structure; none for other shapes.
    #[inline]
    pub(crate) fn members(self) -> &'static [Member] {
        match self.kind() {
            Kind::Structure { members, .. } => members,
            _ => &[],
        }
    }

    /// Whether it is a structure that requires the member.
    pub(crate) fn requires(self, name: &str) -> bool {
        matches!(self.kind(), Kind::Structure { required, .. } if required.contains(&name))
    }

    /// Whether it is an enum with that value.
    #[inline]
    pub(crate) fn has_value(self, text: &str) -> bool {
        matches!(self.kind(), Kind::Text { values, .. } if values.contains(&text))
    }

    /// The member of that exact name.
    #[inline]
    pub(crate) fn member(self, name: &str) -> Option<&'static Member> {
        self.member_index(name).map(|index| &self.members()[index])
    }

    /// The index of the member of that exact name.
    #[inline]
    pub(crate) fn member_index(self, name: &str) -> Option<usize> {
        let Kind::Structure { members, places, .. } = self.kind() else { return None };
        let index = usize::from(*places.indices.get(place(name_hash(name), places.seed, places.shift))?);
        members.get(index).filter(|member| member.name == name).map(|_| index)
    }

    /// The member that a misspelt key most likely means: equal except for case, `_`, `-` and a final `s`, or, for
    /// names of at least five characters, one edit away.
    pub(crate) fn near_member(self, key: &str) -> Option<&'static Member> {
        let members = self.members();
        members
            .iter()
            .find(|member| member.name.eq_ignore_ascii_case(key))
            .or_else(|| members.iter().find(|member| folds_alike(key, member.name)))
            .or_else(|| members.iter().find(|member| within_edits(key, member.name, 1)))
    }
}

/// One bit of 128 for a name: where it is not among the bits of some names, the name is none of them.
#[inline]
pub(crate) fn name_bit(name: &[u8]) -> u128 {
    let byte = |index: usize| name.get(index).copied().map_or(0, usize::from);
    let mixed = name.len() ^ byte(0) ^ byte(name.len() / 2) << 2 ^ byte(name.len().wrapping_sub(2)) << 1;
    1 << (mixed % 128)
}

/// Whether two names are equal. Compares the length and the first byte first, which is enough for most names.
#[inline]
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.as_bytes().first() == other.as_bytes().first() && one == other
}

/// Whether two names are equal except for case, spaces, `_` and `-`, and a final `s` of one of them.
pub(crate) fn folds_alike(one: &str, other: &str) -> bool {
    fn folded(name: &str) -> impl Iterator<Item = u8> {
        name.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b' ')).map(|byte| byte.to_ascii_lowercase())
    }
    let (mut one, mut other) = (folded(one), folded(other));
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(b's'), None) => return one.next().is_none(),
            (None, Some(b's')) => return other.next().is_none(),
            (Some(left), Some(right)) if left == right => {}
            _ => return false,
        }
    }
}

/// Whether `other` has at least five characters, and `one` differs from it by at most `edits` insertions, deletions,
/// substitutions or swaps of neighbours.
pub(crate) fn within_edits(one: &str, other: &str, edits: usize) -> bool {
    one.len().abs_diff(other.len()) <= edits && other.len() >= 5 && strsim::osa_distance(one, other) <= edits
}

#[cfg(test)]
mod tests {
    use super::{Kind, Shape};

    #[test]
    fn every_pattern_compiles() {
        let mut patterns = 0;
        for (shape, _) in Shape::all() {
            if let Kind::Text { pattern: Some(pattern), .. } = shape.kind() {
                patterns += 1;
                pattern.is_match("");
            }
        }
        assert!(patterns > 30, "only {patterns} patterns");
    }
}
