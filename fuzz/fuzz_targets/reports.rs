//! The whole chain: a secret is planted, the document is linted, and reported in one of the formats.
#![no_main]

use std::sync::LazyLock;

use imagelint::Format;
use imagelint_fuzz::{
    Linters, assert_keeps_secret, assert_report, assert_spans, mutate_in_place, plant, rng, within_limits,
};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

static LINTERS: LazyLock<Linters> = LazyLock::new(Linters::new);
static FORMATS: LazyLock<Vec<Format>> = LazyLock::new(|| Format::all().collect());

/// The format of a report. Those with much that is the same in every report take most of the time and come seldom.
fn format(rng: &mut fastrand::Rng) -> Format {
    let format = FORMATS[rng.usize(..FORMATS.len())];
    let is_kept = !matches!(format.name(), "html" | "sarif") || rng.u8(..8) == 0;
    if is_kept { format } else { FORMATS[rng.usize(..FORMATS.len())] }
}

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_in_place(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    let mut rng = rng(data);
    let linter = LINTERS.of(&mut rng);
    let format = format(&mut rng);
    let planted = plant(data, &mut rng);
    let bytes = planted.as_deref().unwrap_or(data);
    within_limits(|| {
        let checked = linter.lint("a.json", bytes);
        assert_spans(&checked, bytes);
        if checked.findings().is_empty() {
            return;
        }
        let report = checked.report(format);
        assert_report(format.name(), &report);
        if planted.is_some() {
            assert_keeps_secret(format.name(), &report, bytes);
        }
    });
});
