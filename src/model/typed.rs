//! Shapes as types, so that the compiler knows which members a node has. `build/` generates a type for each shape
//! ([`shapes`]) and one for each name of a member ([`member`]). A shape with a member of that name implements [`Has`]
//! for it.

use crate::model::shape::Shape;

include!(concat!(env!("OUT_DIR"), "/typed.rs"));

/// The type of nodes whose shape is not known in advance, and of plain values such as strings.
#[derive(Debug)]
pub(crate) enum Any {}

/// A shape as a type.
pub(crate) trait Typed {
    /// The shape as a value.
    const SHAPE: Shape;
    /// The type of nodes of this shape: the shape itself if it has members, items or entries; [`Any`] for plain values.
    type View;
}

/// A shape that has a member with the name `M`.
#[diagnostic::on_unimplemented(
    message = "the shape `{Self}` has no member `{M}`",
    label = "no member `{M}` in the shape `{Self}`",
    note = "the members of a shape are those of `schemas/`; a rule on several shapes can ask for what all of them have"
)]
pub(crate) trait Has<M> {
    /// The type of the member's value.
    type Value;

    /// The member as a value.
    const MEMBER: &'static MemberOf;
}

/// A member of a shape, or of each of several, as a value: what looks members up is compiled once, not once for each.
pub(crate) struct MemberOf {
    /// The name, in the spelling of the service.
    pub(crate) name: &'static str,
    /// The shape that has it, or the first of several.
    shape: Shape,
    /// The index of the member in the shape.
    index: usize,
    /// Other serialisations of the shape, in which it has the same index.
    derived: &'static [Shape],
    /// The same member of the other shapes.
    others: &'static [&'static MemberOf],
}

impl MemberOf {
    /// The index of the member in a shape; none if that is neither one of these shapes nor another serialisation of one.
    #[inline]
    pub(crate) fn index_in(&self, shape: Shape) -> Option<usize> {
        if self.shape == shape || self.derived.contains(&shape) {
            return Some(self.index);
        }
        self.others.iter().find_map(|member| member.index_in(shape))
    }
}

/// The name of a member, in whatever shape.
pub(crate) trait MemberName {
    /// The spellings of the name in the shapes, which may differ in the case of the first letter.
    const NAMES: &'static [&'static str];
}

/// A shape that is a list.
#[diagnostic::on_unimplemented(message = "the shape `{Self}` is no list", label = "`{Self}` has no items")]
pub(crate) trait ListOf {
    /// The type of its items.
    type Item;
}

/// A shape that is a map.
#[diagnostic::on_unimplemented(message = "the shape `{Self}` is no map", label = "`{Self}` has no entries")]
pub(crate) trait MapOf {
    /// The type of its values.
    type Entry;
}

/// One shape, or several in a tuple, that a check runs on.
pub(crate) trait Shapes {
    /// The type of the nodes that the check gets.
    type View;

    /// The shapes.
    const SHAPES: &'static [Shape];
}

impl<S: Typed> Shapes for S {
    type View = S::View;

    const SHAPES: &'static [Shape] = &[S::SHAPE];
}

macro_rules! several {
    ($first:ident, $($other:ident),+) => {
        impl<$first: Typed, $($other: Typed),+> Shapes for ($first, $($other),+) {
            type View = Self;

            const SHAPES: &'static [Shape] = &[$first::SHAPE, $($other::SHAPE),+];
        }

        impl<M, $first: Typed + Has<M>, $($other: Typed + Has<M, Value = $first::Value>),+> Has<M> for ($first, $($other),+) {
            type Value = $first::Value;

            const MEMBER: &'static MemberOf = &MemberOf { others: &[$($other::MEMBER),+], ..*$first::MEMBER };
        }

        impl<$first: ListOf, $($other: ListOf<Item = $first::Item>),+> ListOf for ($first, $($other),+) {
            type Item = $first::Item;
        }

        impl<$first: MapOf, $($other: MapOf<Entry = $first::Entry>),+> MapOf for ($first, $($other),+) {
            type Entry = $first::Entry;
        }
    };
}

several!(A, B);
several!(A, B, C);
several!(A, B, C, D);
several!(A, B, C, D, E);
several!(A, B, C, D, E, F);
several!(A, B, C, D, E, F, G);
several!(A, B, C, D, E, F, G, H);
several!(A, B, C, D, E, F, G, H, I);
several!(A, B, C, D, E, F, G, H, I, J);
several!(A, B, C, D, E, F, G, H, I, J, K);
several!(A, B, C, D, E, F, G, H, I, J, K, L);
several!(A, B, C, D, E, F, G, H, I, J, K, L, N);
several!(A, B, C, D, E, F, G, H, I, J, K, L, N, O);
several!(A, B, C, D, E, F, G, H, I, J, K, L, N, O, P);
several!(A, B, C, D, E, F, G, H, I, J, K, L, N, O, P, Q);
several!(A, B, C, D, E, F, G, H, I, J, K, L, N, O, P, Q, R);
several!(A, B, C, D, E, F, G, H, I, J, K, L, N, O, P, Q, R, S);
