//! How long the stages take: `cargo bench`. Each stage is reached through the library's front door and holds those
//! before it. Compare runs on one machine only; `cargo xtask bench` compares whole processes with other programs.

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use imagelint::{Format, Linter, lint};

fn main() {
    divan::main();
}

const CLEAN: &str = include_str!("../corpus/valid/base/linux-ami.json");
const ENVELOPE: &str = include_str!("../corpus/valid/base/notification-lambda.json");
const FAULTY: &str = include_str!("../corpus/demo/get-image.json");

/// A document with the members of a capture under names of no Image Builder document.
fn foreign() -> String {
    CLEAN.replace("\"image\"", "\"picture\"").replace("imagebuilder", "picturebuilder")
}

/// Lints a text in which there is nothing to check.
fn pass_over(bencher: Bencher<'_, '_>, text: &str) {
    let linter = Linter::new().passing_over_others();
    assert_eq!(linter.lint("a.json", text).documents(), 0);
    bencher.counter(BytesCount::of_str(text)).bench(|| linter.lint("a.json", black_box(text)).documents());
}

/// Finding the encoding and the end of the text: there is but one value to parse.
#[divan::bench]
fn decode(bencher: Bencher<'_, '_>) {
    pass_over(bencher, &format!("[\"{}\"]", "a".repeat(CLEAN.len())));
}

/// Parsing a document and passing it over: what a file of others costs.
#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    pass_over(bencher, &foreign());
}

/// Looking for kinds in many small documents.
#[divan::bench]
fn recognise(bencher: Bencher<'_, '_>) {
    pass_over(bencher, &"{\"name\": \"not-ours\", \"version\": \"1.0.0\"}\n".repeat(1000));
}

/// Structure and rules.
#[divan::bench]
fn walk(bencher: Bencher<'_, '_>) {
    let linter = Linter::new();
    assert!(linter.lint("a.json", CLEAN).findings().is_empty());
    bencher.counter(BytesCount::of_str(CLEAN)).bench(|| linter.lint("a.json", black_box(CLEAN)).documents());
}

/// The same in an envelope, as JSON in a string.
#[divan::bench]
fn unwrap(bencher: Bencher<'_, '_>) {
    let linter = Linter::new();
    assert!(linter.lint("a.json", ENVELOPE).findings().is_empty());
    bencher.counter(BytesCount::of_str(ENVELOPE)).bench(|| linter.lint("a.json", black_box(ENVELOPE)).documents());
}

/// Rules that find something.
#[divan::bench]
fn find(bencher: Bencher<'_, '_>) {
    let linter = Linter::new();
    let findings = linter.lint("a.json", FAULTY).findings().len();
    assert!(findings > 0);
    bencher.counter(ItemsCount::new(findings)).bench(|| linter.lint("a.json", black_box(FAULTY)).findings().len());
}

/// Writing a report of that.
#[divan::bench(args = Format::all().map(Format::name))]
fn report(bencher: Bencher<'_, '_>, format: &str) {
    let format = Format::named(format).expect("a format");
    let linter = Linter::new();
    let checked = linter.lint("a.json", FAULTY);
    bencher.counter(ItemsCount::new(checked.findings().len())).bench(|| black_box(&checked).report(format));
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
