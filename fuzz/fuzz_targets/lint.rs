//! Documents are linted with all rules, under settings, with a house schema and for an older model.
#![no_main]

use std::sync::LazyLock;

use imagelint_fuzz::{Linters, assert_spans, mutate_in_place, rng, within_limits};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

static LINTERS: LazyLock<Linters> = LazyLock::new(Linters::new);

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_in_place(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    let linter = LINTERS.of(&mut rng(data));
    within_limits(|| assert_spans(&linter.lint("a.json", data), data));
});
