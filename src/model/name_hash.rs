//! The hash of a member's name. `build/` uses it as well: for each structure it finds a seed by which no two names
//! fall on the same place of a table.

/// The hash of a name before it is spread by a seed: its length and six of its bytes.
#[inline]
pub(crate) fn name_hash(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let byte = |index: usize| bytes.get(index).copied().map_or(0, u64::from);
    let length = bytes.len();
    let starts = byte(0) << 40 | byte(1) << 32 | byte(length / 3) << 24;
    let ends = byte(length / 2) << 16 | byte(length.wrapping_sub(2)) << 8 | byte(length.wrapping_sub(1));
    (length as u64) << 48 | starts | ends
}

/// The place of a hash in a table of `1 << (64 - shift)` places.
#[inline]
pub(crate) fn place(hash: u64, seed: u64, shift: u32) -> usize {
    usize::try_from(hash.wrapping_mul(seed) >> shift).unwrap_or(0)
}
