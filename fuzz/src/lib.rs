//! What the fuzz targets share: how inputs are changed, the laws that must hold, and the limits of time and memory.
//!
//! `mutate.rs` and `laws.rs` are also modules of `tests/suite/`, which tries the same on stable.

use std::alloc::System;
use std::time::Duration;

use cap::Cap;
use cpu_time::ThreadTime;
use imagelint::{Linter, Settings};

mod laws;
mod mutate;

pub use laws::{CANARY, assert_keeps_secret, assert_report, assert_spans, counts};
pub use mutate::{mutate, plant};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// What a document of up to a megabyte may take, beside what was taken before.
const MEMORY: usize = 64 << 20;
const TIME: Duration = Duration::from_secs(1);

/// Runs a function within the limits. Where there is no memory left, the process aborts.
pub fn within_limits(run: impl FnOnce()) {
    let started = ThreadTime::now();
    ALLOCATOR.set_limit(ALLOCATOR.allocated() + MEMORY).expect("what is allocated is below");
    run();
    ALLOCATOR.set_limit(usize::MAX).expect("there is no limit");
    assert!(started.elapsed() < TIME, "{:?} of the processor", started.elapsed());
}

/// A source of numbers that is the same for the same input.
pub fn rng(data: &[u8]) -> fastrand::Rng {
    let seed = data
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    fastrand::Rng::with_seed(seed)
}

/// Changes the first `size` bytes of a buffer in place; returns how many there are then. For `fuzz_mutator!`.
pub fn mutate_in_place(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut rng = fastrand::Rng::with_seed(u64::from(seed));
    // libFuzzer's own changes know no structure.
    if rng.u8(..4) == 0 {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    }
    let mut bytes = data[..size].to_vec();
    for _ in 0..=rng.u8(..4) {
        mutate(&mut bytes, &mut rng);
    }
    let len = bytes.len().min(max_size);
    data[..len].copy_from_slice(&bytes[..len]);
    len
}

const SETTINGS: [&str; 4] = [
    "",
    "pedantic = true",
    "pedantic = true\n[[house-schema]]\nfile = \"corpus/house-schema.json\"\nkinds = [\"get-image\"]\n",
    "model = \"1.29.102\"\n[levels]\nname-arn-slug = \"error\"\n[[ignore]]\nrule = \"enum-value\"\npointer = \"/image/**\"\nreason = \"x\"\n",
];

/// Linters with settings of each sort.
pub struct Linters(Vec<Linter<'static>>);

impl Linters {
    /// Reads what they need of the repository.
    #[expect(clippy::new_without_default, reason = "it reads files")]
    pub fn new() -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../imagelint.toml");
        let linter = |text: &&str| {
            let settings = Settings::parse(path, text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
            Linter::with_settings(Box::leak(Box::new(settings)))
        };
        Linters(SETTINGS.iter().map(linter).collect())
    }

    /// The one that judges an input.
    pub fn of(&self, rng: &mut fastrand::Rng) -> &Linter<'static> {
        &self.0[rng.usize(..self.0.len())]
    }
}
