//! All fixes of a document are made: there are never more findings of any rule, unless the document could not be read
//! before, and nothing is left to fix.
#![no_main]

use std::sync::LazyLock;

use imagelint::Linter;
use imagelint::fuzzing::fix;
use imagelint_fuzz::{counts, mutate_in_place};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

static LINTER: LazyLock<Linter<'static>> = LazyLock::new(Linter::new);

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_in_place(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (fixed, count) = fix(&LINTER, text);
    if count == 0 {
        assert_eq!(fixed, text, "nothing is fixed");
        return;
    }
    let [were, are] = [text, &fixed].map(|text| counts(&LINTER.lint("a.json", text)));
    // What is wrong with a text that cannot be read shows only once that is fixed.
    if !were.contains_key("syntax") {
        for (rule, count) in &are {
            assert!(Some(count) <= were.get(rule), "{count} findings of `{rule}`, not {:?}\n{fixed}", were.get(rule));
        }
    }
    if serde_json::from_str::<serde_json::Value>(text).is_ok() {
        let parsed = serde_json::from_str::<serde_json::Value>(&fixed);
        assert!(parsed.is_ok(), "{parsed:?}\n{fixed}");
    }
    assert_eq!(fix(&LINTER, &fixed), (fixed.clone(), 0), "more can be fixed");
});
