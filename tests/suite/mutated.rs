//! The laws of the fuzz targets (`fuzz/`), on stable: fixtures are changed at random, always in the same way.
//!
//! `IMAGELINT_MUTATIONS=100000 cargo test --test suite mutated` tries so many instead of a few, and
//! `IMAGELINT_SEED=2` others.

#[allow(unreachable_pub, reason = "public in the fuzz targets' crate")]
#[path = "../../fuzz/src/laws.rs"]
pub(crate) mod laws;
#[allow(unreachable_pub, reason = "public in the fuzz targets' crate")]
#[path = "../../fuzz/src/mutate.rs"]
mod mutate;

use std::fs;
use std::path::PathBuf;

use imagelint::{Format, Linter, Settings};
use rayon::prelude::*;

use self::laws::{assert_keeps_secret, assert_report, assert_spans};
use crate::common::{fixtures, path, pedantic, text};

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|value| value.parse().expect("a number"))
}

/// Fixtures, each changed in some places, with the source of numbers that did it. Without IMAGELINT_MUTATIONS there
/// are `few` of them.
pub(crate) fn changed(few: u64) -> impl ParallelIterator<Item = (Vec<u8>, fastrand::Rng)> {
    let fixtures: Vec<PathBuf> = fixtures("corpus");
    let seed = number("IMAGELINT_SEED").unwrap_or(13) << 32;
    (0..number("IMAGELINT_MUTATIONS").unwrap_or(few)).into_par_iter().map(move |index| {
        let mut rng = fastrand::Rng::with_seed(seed + index);
        let mut bytes = fs::read(&fixtures[rng.usize(..fixtures.len())]).expect("a fixture");
        for _ in 0..=rng.u8(..4) {
            mutate::mutate(&mut bytes, &mut rng);
        }
        (bytes, rng)
    })
}

#[test]
fn changed_documents_are_reported_and_keep_their_secrets() {
    let house = "pedantic = true\n[[house-schema]]\nfile = \"corpus/house-schema.json\"\nkinds = [\"get-image\"]\n";
    let older = "model = \"1.29.102\"\n[[ignore]]\nrule = \"enum-value\"\npointer = \"/image/**\"\nreason = \"x\"\n";
    let file = path("imagelint.toml").to_string_lossy().into_owned();
    let settings = ["", house, older].map(|text| Settings::parse(&file, text).expect("the settings are good"));
    let formats: Vec<Format> = Format::all().collect();
    let planted = changed(1500).map_init(
        || settings.each_ref().map(Linter::with_settings),
        |linters, (mut bytes, mut rng)| {
            let linter = &linters[rng.usize(..linters.len())];
            let planted = mutate::plant(&bytes, &mut rng);
            let has_secret = planted.is_some();
            bytes = planted.unwrap_or(bytes);
            let checked = linter.lint("a.json", &bytes);
            assert_spans(&checked, &bytes);
            let format = formats[rng.usize(..formats.len())];
            let report = checked.report(format);
            assert_report(format.name(), &report);
            assert!(!report.is_empty() || checked.findings().is_empty(), "{}", format.name());
            if has_secret {
                assert_keeps_secret(format.name(), &report, &bytes);
            }
            // Whatever the other threads do, the same is said again.
            assert_eq!(linter.lint("a.json", &bytes).report(format), report);
            usize::from(has_secret && !checked.findings().is_empty())
        },
    );
    assert!(planted.sum::<usize>() > 500, "hardly any secret was in a report's document");
}

#[test]
fn changed_settings_are_obeyed_or_have_places() {
    let (settings, linted) = (text("docs/settings.md"), text(crate::common::FAULTY));
    let blocks: Vec<&str> =
        settings.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix("toml")).collect();
    let refused = (0..2000_u64).into_par_iter().filter(|seed| {
        let mut rng = fastrand::Rng::with_seed(*seed);
        let block = blocks[rng.usize(..blocks.len())];
        let mut bytes = block.split_once('\n').map_or(block, |(_, text)| text).as_bytes().to_vec();
        mutate::mutate(&mut bytes, &mut rng);
        let Ok(text) = String::from_utf8(bytes) else { return false };
        let Err(mistakes) = Settings::parse("/nowhere/imagelint.toml", &text).map(|settings| {
            assert_spans(&Linter::with_settings(&settings).lint("a.json", &linted), linted.as_bytes());
        }) else {
            return false;
        };
        for mistake in mistakes.findings() {
            let location = mistake.location();
            assert!(text.get(location.start().offset..location.end().offset).is_some(), "{location:?} in\n{text}");
        }
        true
    });
    assert!(refused.count() > 500);
}

/// Changed fixtures in which something can be fixed; `fixes/laws.rs` holds the laws of fixes on them.
pub(crate) fn changed_texts(few: u64) -> Vec<String> {
    let settings = pedantic();
    let has_fix = |text: &String| {
        let checked = Linter::with_settings(&settings).lint("a.json", text);
        checked.findings().iter().any(|finding| finding.fix().is_some())
    };
    changed(few).filter_map(|(bytes, _)| String::from_utf8(bytes).ok()).filter(has_fix).collect()
}
