//! Whatever the input: no panic, and every span inside the text.

use std::collections::HashSet;
use std::fs;
use std::ops::Range;

use imagelint::{Checked, Format, Linter, Settings};
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions};
use rayon::prelude::*;

use crate::common::{fixtures, pedantic, rule_of};
use crate::mutated::laws::assert_spans;

/// The clean documents of every kind, and one faulty document for every rule.
fn one_of_each() -> Vec<Vec<u8>> {
    let mut rules = HashSet::new();
    let faulty = fixtures("corpus/invalid").into_iter().filter(|path| rules.insert(rule_of(path).to_owned()));
    fixtures("corpus/valid/base").into_iter().chain(faulty).map(|path| fs::read(path).expect("a fixture")).collect()
}

/// Lints a file and checks what is said of it.
fn check(linter: &Linter<'_>, bytes: &[u8], draws: bool) {
    let checked = linter.lint("a.json", bytes);
    assert_spans(&checked, bytes);
    if draws && !checked.findings().is_empty() {
        // The formats take turns.
        let formats: Vec<Format> = Format::all().collect();
        assert!(!checked.report(formats[checked.text().len() % formats.len()]).is_empty());
    }
}

#[test]
fn documents_cut_off_at_many_places() {
    let settings = pedantic();
    one_of_each().par_iter().for_each(|bytes| {
        let linter = Linter::with_settings(&settings);
        // Large documents differ from small ones in length, not in kind of byte. They start at different bytes, so that
        // together they are cut off everywhere.
        let start = bytes.len().min(2000);
        for end in (bytes.len() % 11..start).step_by(11).chain((start..bytes.len()).step_by(97)) {
            check(&linter, &bytes[..end], end % 47 == 0);
        }
    });
}

/// What values are replaced with.
const OTHERS: [&str; 9] =
    ["null", "{}", "[]", "\"\"", "-1", "1e999", "true", "\"\\ud83d\\ude00\\n\"", "[[[{\"arn\":\"arn:\"}]]]"];

#[test]
fn every_value_replaced() {
    let settings = pedantic();
    let texts: Vec<String> = one_of_each().into_iter().filter_map(|bytes| String::from_utf8(bytes).ok()).collect();
    let mut seen = HashSet::new();
    let mut places: Vec<(&str, usize, Range<usize>)> = Vec::new();
    for text in &texts {
        let parsed = jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default());
        let mut ranges = Vec::new();
        parsed.iter().flat_map(|parsed| &parsed.value).for_each(|root| values(root, &mut ranges));
        // Of what several documents have behind the same key, one is replaced.
        let with_key = |range: &Range<usize>| &text.as_bytes()[range.start.saturating_sub(40)..range.end];
        let new = ranges.into_iter().enumerate().filter(|(_, range)| seen.insert(with_key(range)));
        places.extend(new.map(|(index, range)| (text.as_str(), index, range)));
    }
    places.par_iter().for_each_init(
        || Linter::with_settings(&settings),
        |linter, (text, index, range)| {
            // They take turns: all of them together would take minutes.
            let mut changed = (*text).to_owned();
            changed.replace_range(range.clone(), OTHERS[(index + text.len()) % OTHERS.len()]);
            check(linter, changed.as_bytes(), index % 5 == 0);
        },
    );
}

/// The ranges of a value and of all values in it.
fn values(value: &Value<'_>, ranges: &mut Vec<Range<usize>>) {
    let range = value.range();
    ranges.push(range.start..range.end);
    match value {
        Value::Object(object) => object.properties.iter().for_each(|property| values(&property.value, ranges)),
        Value::Array(array) => array.elements.iter().for_each(|item| values(item, ranges)),
        _ => {}
    }
}

const PIECES: [&str; 24] = [
    "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-", ".", "e5", "null", "tru", "\t", "\n", "\x0b", "\x01", "\\u12",
    "\\ud800", "\u{a0}", "\u{feff}", "/", "'",
];

/// Whether a text is accepted as JSON; none where it is accepted or refused as something else.
fn is_accepted(checked: &Checked<'_>) -> Option<bool> {
    let of_text = || checked.findings().iter().filter(|finding| finding.location().embedded_pointer().is_none());
    let is_error = of_text().any(|finding| ["error-document", "dry-run"].contains(&finding.rule().name));
    let is_response = checked.text().starts_with("HTTP/");
    (!is_error && !is_response).then(|| of_text().all(|finding| finding.rule().name != "syntax"))
}

#[test]
fn what_is_accepted_is_exactly_json() {
    let mut rng = fastrand::Rng::with_seed(8259);
    let settings =
        Settings::parse("imagelint.toml", "[levels]\nunknown-kind = \"off\"").expect("the settings are good");
    let linter = Linter::with_settings(&settings);
    let mut refused = 0;
    for fixture in fixtures("corpus") {
        let Ok(text) = fs::read_to_string(fixture) else { continue };
        for _ in 0..5 {
            let mut changed = text.clone().into_bytes();
            let at = rng.usize(..=changed.len());
            let removed = rng.usize(..3).min(changed.len() - at);
            changed.splice(at..at + removed, PIECES[rng.usize(..PIECES.len())].bytes());
            let Ok(text) = std::str::from_utf8(&changed) else { continue };
            let checked = linter.lint("a.json", text);
            let Some(ours) = is_accepted(&checked) else { continue };
            let theirs = serde_json::from_str::<serde_json::Value>(checked.text());
            // Numbers beyond a double's range are numbers by RFC 8259, though serde_json refuses them.
            let is_too_large = theirs.as_ref().is_err_and(|error| error.to_string().contains("number out of range"));
            // Several documents are accepted where each is one.
            let mut stream = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
            let is_json = theirs.is_ok() || checked.documents() > 1 && stream.all(|document| document.is_ok());
            if !is_too_large {
                refused += usize::from(!ours);
                assert_eq!(ours, is_json, "{:?} on\n{text}", theirs.err());
            }
        }
    }
    assert!(refused > 1000, "only {refused} texts were refused");
}

#[test]
fn bytes_that_are_no_text() {
    let deep = [vec![b'['; 200_000], vec![b']'; 200_000]].concat();
    let inputs: [&[u8]; 14] = [
        b"",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xff\xfe{",
        b"\xff\xfe\x00\xd8",
        b"\xfe\xff\xd8\x00",
        b"{\0}\0",
        b"\0",
        b"\0\0\0\0",
        b"\xff",
        b"\"\xc3\x28\"",
        b"   \n\t ",
        b"\xf0\x9f\x98\x80",
        &deep,
    ];
    let settings = pedantic();
    let linter = Linter::with_settings(&settings);
    for input in inputs {
        let checked = linter.lint("a.json", input);
        assert!(!checked.findings().is_empty(), "nothing is said of {:?}", &input[..input.len().min(20)]);
        check(&linter, input, true);
    }
}

#[test]
fn every_document_of_a_large_array_has_its_findings() {
    const ITEMS: usize = 10_000;
    let log = r#"{"log": "https://b.example.org/x?X-Amz-Signature=***"}"#;
    let array = format!("[{log}{}]", r#", {"a": 1, "a": 1}"#.repeat(ITEMS));
    let settings = pedantic();
    let linter = Linter::with_settings(&settings);
    let checked = linter.lint("a.json", &array);
    let duplicates = checked.findings().iter().filter(|finding| finding.rule().name == "duplicate-json-key");
    assert_eq!(duplicates.count(), ITEMS);
}

/// However long the values are, what is said of them is short.
#[test]
fn long_values_are_cut_in_messages() {
    const LONG: usize = 3000;
    let settings = pedantic();
    let faulty = fixtures("corpus/invalid");
    let told: Vec<String> = faulty
        .par_iter()
        .flat_map_iter(|path| {
            let linter = Linter::with_settings(&settings);
            let text = fs::read_to_string(path).unwrap_or_default();
            let parsed = jsonc_parser::parse_to_ast(&text, &CollectOptions::default(), &ParseOptions::default());
            let mut ranges = Vec::new();
            parsed.iter().flat_map(|parsed| &parsed.value).for_each(|root| values(root, &mut ranges));
            let strings = ranges.into_iter().filter(|range| text[range.clone()].starts_with('"'));
            let mut told = Vec::new();
            for (index, range) in strings.enumerate().filter(|(index, _)| index % 4 == path.as_os_str().len() % 4) {
                let string = &text[range.clone()];
                // Inside of what the value is made of, or after it.
                let last = string.rfind(['/', ':', '.', '-', ' ']).unwrap_or(0) + 1;
                let at = range.start + if index % 2 == 0 { last } else { string.len() - 1 };
                let long = if index % 3 == 0 { "x_".repeat(LONG / 2) } else { "x-9/".repeat(LONG / 4) };
                let changed = format!("{}{long}{}", &text[..at], &text[at..]);
                for finding in linter.lint("a.json", &changed).findings() {
                    let labels = finding.labels().map(|label| label.text().to_owned());
                    let texts = labels.chain([finding.message().to_owned(), finding.help().to_owned()]);
                    if texts.map(|text| text.len()).max() > Some(LONG / 2) {
                        told.push(format!("{} ({})", finding.rule().name, path.display()));
                    }
                }
            }
            told
        })
        .collect();
    let mut rules: Vec<String> = told;
    rules.sort();
    rules.dedup_by_key(|told| told.split(' ').next().map(str::to_owned));
    assert!(rules.is_empty(), "a value is quoted whole by\n{}", rules.join("\n"));
}
