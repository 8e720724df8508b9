//! Tells at the speed of memory that a text holds no secret, as most texts do.

use std::ops::Range;

use crate::text::automaton::Automaton;
use crate::text::secret::names::names_secret;

include!(concat!(env!("OUT_DIR"), "/signs.rs"));

/// The number of the pattern of names in `SIGNS`, as `build/main.rs` has it.
const NAME: usize = 0;

/// Whether JSON may have a secret or a mask (see [`crate::aws::mask`]) in one of them.
/// Quicker than [`may_hold_any`], and less sure.
pub(crate) fn may_hold_secret_or_mask(json: &str) -> bool {
    SIGNS_AND_MASKS.may_match(json) || has_user(json)
}

/// Whether a text may hold a secret. If not, it does not.
pub(crate) fn may_hold_any(text: &str) -> bool {
    SIGNS.matches(text).any(|(end, sign)| sign != NAME || name_at(text, end).is_some()) || has_user(text)
}

/// Whether a URL in a text may have a user.
fn has_user(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), "://").any(|scheme| {
        let mut authority = text[scheme + 3..].bytes().take_while(|byte| byte.is_ascii_graphic() && *byte != b'"');
        authority.any(|byte| byte == b'@')
    })
}

/// The names of secrets in a text, in its order.
pub(super) fn names(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut ended = 0;
    SIGNS.matches(text).filter(|(_, sign)| *sign == NAME).filter_map(move |(end, _)| {
        let name = Some(end).filter(|end| *end > ended).and_then(|end| name_at(text, end))?;
        ended = name.end;
        Some(name)
    })
}

/// The name of a secret, a part of which ends somewhere; none if it is longer than any name.
fn name_at(text: &str, end: usize) -> Option<Range<usize>> {
    const LONGEST: usize = 64;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let bytes = text.as_bytes();
    // What ends a short name is a part of its sign.
    let end = if is_part(&bytes[end - 1]) { end } else { end - 1 };
    let before = bytes[..end].iter().rev().take(LONGEST).take_while(|byte| is_part(byte)).count();
    let after = bytes[end..].iter().take(LONGEST).take_while(|byte| is_part(byte)).count();
    let name = end - before..end + after;
    (before < LONGEST && after < LONGEST && names_secret(&text[name.clone()])).then_some(name)
}
