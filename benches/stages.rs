//! How long the stages take: `cargo bench`. Compare runs on one machine only.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use imagelint::{Format, Linter, lint};

fn main() {
    divan::main();
}

const CLEAN: &str = include_str!("../corpus/valid/base/linux-ami.json");
const FAULTY: &str = include_str!("../corpus/demo/get-image.json");

/// A document with the members of a capture under names of no Image Builder document.
fn foreign() -> String {
    CLEAN.replace("\"image\"", "\"picture\"").replace("imagebuilder", "picturebuilder")
}

/// Decoding, parsing and recognising: what a file costs that is skipped.
#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    let text = foreign();
    let linter = Linter::new().passing_over_others();
    assert_eq!(linter.lint("a.json", &text).documents(), 0);
    bencher.counter(BytesCount::of_str(&text)).bench(|| linter.lint("a.json", black_box(&text)).documents());
}

/// All of that, and structure and rules.
#[divan::bench]
fn walk(bencher: Bencher<'_, '_>) {
    let linter = Linter::new();
    assert!(linter.lint("a.json", CLEAN).findings().is_empty());
    bencher.counter(BytesCount::of_str(CLEAN)).bench(|| linter.lint("a.json", black_box(CLEAN)).documents());
}

/// Making a linter, linting one file, writing its report.
#[divan::bench]
fn one_file(bencher: Bencher<'_, '_>) {
    let format = Format::named("concise").expect("a format");
    bencher.bench(|| Linter::new().lint("a.json", black_box(FAULTY)).report(format));
}

/// A thousand documents on a line each.
#[divan::bench]
fn json_lines(bencher: Bencher<'_, '_>) {
    let line: String = CLEAN.lines().map(str::trim_start).collect();
    let text = format!("{line}\n").repeat(1000);
    assert!(lint(&text).is_empty());
    bencher.counter(BytesCount::of_str(&text)).bench(|| lint(black_box(&text)));
}
