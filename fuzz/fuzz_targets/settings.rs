//! Texts of `imagelint.toml`: they are obeyed, or their mistakes have places in them.
#![no_main]

use imagelint::{Linter, Settings};
use imagelint_fuzz::{assert_spans, within_limits};
use libfuzzer_sys::fuzz_target;

const FAULTY: &str = include_str!("../../corpus/demo/get-image.json");

fuzz_target!(|text: &str| within_limits(|| match Settings::parse("/nowhere/imagelint.toml", text) {
    Ok(settings) => assert_spans(&Linter::with_settings(&settings).lint("a.json", FAULTY), FAULTY.as_bytes()),
    Err(mistakes) => {
        for mistake in mistakes.findings() {
            let location = mistake.location();
            assert!(text.get(location.start().offset..location.end().offset).is_some(), "{location:?}");
        }
    }
}));
