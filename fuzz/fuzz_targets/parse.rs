//! Bytes are decoded and parsed.
#![no_main]

use imagelint_fuzz::{mutate_in_place, within_limits};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_in_place(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| within_limits(|| imagelint::fuzzing::parse(data)));
