//! The shapes as types, so that the compiler knows which members a node has. `build.rs` generates a type for
//! each shape ([`shapes`]) and one for each name of a member ([`member`]); a shape that has a member of that
//! name implements [`Has`] for it.

use crate::model::shape::Shape;

include!(concat!(env!("OUT_DIR"), "/typed.rs"));

/// A value of whatever shape: what plain values are, and nodes whose shape is not known in advance.
#[derive(Debug)]
pub(crate) enum Any {}

/// A shape as a type.
pub(crate) trait Typed {
    /// The shape.
    const SHAPE: Shape;
    /// What a node of this shape is to those who look at it: the type itself where the shape has members,
    /// items or entries, [`Any`] where it is a plain value.
    type View;
}

/// Has a member of that name.
#[diagnostic::on_unimplemented(
    message = "the shape `{Self}` has no member `{M}`",
    label = "no member `{M}` in the shape `{Self}`",
    note = "the members of a shape are those of `schemas/`; a rule on several shapes can ask for what all of them have"
)]
pub(crate) trait Has<M> {
    /// The name in the service's own spelling.
    const NAME: &'static str;
    /// What the value of the member is.
    type Value;

    /// The index of the member among those of a shape; none where it is another one's.
    fn index(shape: Shape) -> Option<usize>;
}

/// The name of a member, wherever there is one.
pub(crate) trait MemberName {
    /// The name as shapes spell it; some write it with a capital.
    const NAMES: &'static [&'static str];
}

/// Is a list.
#[diagnostic::on_unimplemented(message = "the shape `{Self}` is no list", label = "`{Self}` has no items")]
pub(crate) trait ListOf {
    /// What its items are.
    type Item;
}

/// Is a map.
#[diagnostic::on_unimplemented(message = "the shape `{Self}` is no map", label = "`{Self}` has no entries")]
pub(crate) trait MapOf {
    /// What the values of its entries are.
    type Entry;
}

/// One shape, or several in a tuple: what a check runs on.
pub(crate) trait Shapes {
    /// What a node is to the check.
    type View;

    /// The shapes.
    fn shapes() -> Vec<Shape>;
}

impl<S: Typed> Shapes for S {
    type View = S::View;

    fn shapes() -> Vec<Shape> {
        vec![S::SHAPE]
    }
}

macro_rules! several {
    ($first:ident, $($other:ident),+) => {
        impl<$first: Typed, $($other: Typed),+> Shapes for ($first, $($other),+) {
            type View = Self;

            fn shapes() -> Vec<Shape> {
                vec![$first::SHAPE, $($other::SHAPE),+]
            }
        }

        impl<M, $first: Has<M>, $($other: Has<M, Value = $first::Value>),+> Has<M> for ($first, $($other),+) {
            const NAME: &'static str = $first::NAME;
            type Value = $first::Value;

            fn index(shape: Shape) -> Option<usize> {
                $first::index(shape)$(.or_else(|| $other::index(shape)))+
            }
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
