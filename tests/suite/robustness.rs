//! Whatever the input: no panic, and every span inside the text.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use clap::ValueEnum;
use imagelint::document::{Document, Text};
use imagelint::finding::{Level, Span};
use imagelint::lint::levels::Levels;
use imagelint::lint::linter::{Linted, Linter};
use imagelint::report::format::human::Style;
use imagelint::report::{File, Format, Report};
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use rayon::prelude::*;

mod common;
use common::{fixtures, lint, rule_of};

fn all_documents() -> Vec<Vec<u8>> {
    let paths = fixtures("corpus/valid").into_iter().chain(fixtures("corpus/invalid"));
    paths.map(|path| fs::read(path).expect("a fixture")).collect()
}

/// The clean documents of every kind, and one faulty document for every rule.
fn one_of_each() -> Vec<Vec<u8>> {
    let mut rules = HashSet::new();
    let faulty = fixtures("corpus/invalid").into_iter().filter(|path| rules.insert(rule_of(path).to_owned()));
    fixtures("corpus/valid/base").into_iter().chain(faulty).map(|path| fs::read(path).expect("a fixture")).collect()
}

fn pedantic() -> Linter {
    Linter::new(Levels::new(true), None)
}

fn check(text: &Text<'_>, linted: &Linted, draw: bool) {
    let file = File::new("a.json", text, linted);
    let (text, findings) = (file.text, file.findings);
    let inside = |span: Span| {
        let within = span.start <= span.end && span.end <= text.len();
        assert!(within && text.is_char_boundary(span.start) && text.is_char_boundary(span.end), "{span:?} in\n{text}");
    };
    for finding in findings {
        assert!(!finding.message.is_empty());
        inside(finding.primary.span);
        finding.others.iter().for_each(|label| inside(label.span));
        finding.fix.iter().flat_map(|fix| &fix.edits).for_each(|edit| inside(edit.span));
    }
    if draw && !findings.is_empty() {
        // The formats take turns.
        let formats = Format::value_variants();
        let format = formats[text.len() % formats.len()];
        let style = Style { color: false, links: false, width: 100 };
        let report = Report { format, style, root: PathBuf::new(), fail_on: Level::Error, quiet: false };
        assert!(!report.part(&file).is_empty());
    }
}

#[test]
fn documents_cut_off_at_every_byte() {
    let linter = pedantic();
    one_of_each().par_iter().for_each(|bytes| {
        // Large documents differ from small ones in length, not in kind of byte.
        let step = if bytes.len() > 2500 { 11 } else { 1 };
        for end in (0..bytes.len()).step_by(step) {
            lint(&linter, &bytes[..end], |text, linted| check(text, linted, end % 97 == 0));
        }
    });
}

#[test]
fn every_node_replaced() {
    let linter = pedantic();
    one_of_each().par_iter().for_each(|bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return;
        };
        let document = Document::parse(text);
        let mut spans = Vec::new();
        document.root.iter().for_each(|root| nodes(root, &mut spans));
        for (index, span) in spans.into_iter().enumerate() {
            for other in
                ["null", "{}", "[]", "\"\"", "-1", "1e999", "true", "\"\\ud83d\\ude00\\n\"", "[[[{\"arn\":\"arn:\"}]]]"]
            {
                let mutated = format!("{}{other}{}", &text[..span.start], &text[span.end..]);
                lint(&linter, mutated.as_bytes(), |text, linted| check(text, linted, index % 5 == 0));
            }
        }
    });
}

fn nodes(value: &Value<'_>, spans: &mut Vec<Span>) {
    spans.push(value.range().into());
    match value {
        Value::Object(object) => object.properties.iter().for_each(|property| nodes(&property.value, spans)),
        Value::Array(array) => array.elements.iter().for_each(|item| nodes(item, spans)),
        _ => {}
    }
}

#[test]
fn what_is_accepted_is_exactly_json() {
    let mut rng = fastrand::Rng::with_seed(8259);
    let pieces: [&[u8]; 24] = [
        b"\"",
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"0",
        b"-",
        b".",
        b"e5",
        b"null",
        b"tru",
        b"\t",
        b"\n",
        b"\x0b",
        b"\x01",
        b"\\u12",
        b"\\ud800",
        "\u{a0}".as_bytes(),
        "\u{feff}".as_bytes(),
        b"/",
        b"'",
    ];
    let mut refused = 0;
    for bytes in all_documents() {
        for _ in 0..60 {
            let mut mutated = bytes.clone();
            let at = rng.usize(..=mutated.len());
            let remove = rng.usize(..3).min(mutated.len() - at);
            mutated.splice(at..at + remove, pieces[rng.usize(..pieces.len())].iter().copied());
            let Ok(text) = std::str::from_utf8(&mutated) else {
                continue;
            };
            let document = Document::parse(text);
            let ours = document.faults.iter().all(|fault| !matches!(fault.rule, "syntax" | "error-document"));
            let theirs = serde_json::from_str::<serde_json::Value>(text);
            let too_deep = text.contains(&"[".repeat(500));
            // Numbers beyond a double's range are numbers by RFC 8259, though serde_json refuses them.
            let too_large = theirs.as_ref().is_err_and(|error| error.to_string().contains("number out of range"));
            if !too_deep && !too_large {
                refused += usize::from(!ours);
                assert_eq!(ours, theirs.is_ok(), "{:?} on\n{text}", theirs.err());
            }
        }
    }
    assert!(refused > 1000, "only {refused} texts were refused");
}

#[test]
fn bytes_that_are_no_text() {
    let linter = pedantic();
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
    for input in inputs {
        lint(&linter, input, |text, linted| {
            assert!(!linted.findings.is_empty(), "nothing is said about {:?}", &input[..input.len().min(20)]);
            check(text, linted, true);
        });
    }
}

#[test]
fn every_document_of_a_large_array_has_its_findings() {
    const ITEMS: usize = 30_000;
    let log = r#"{"log": "https://b.example.org/x?X-Amz-Signature=***"}"#;
    let array = format!("[{log}{}]", r#", {"a": 1, "a": 1}"#.repeat(ITEMS));
    lint(&pedantic(), array.as_bytes(), |_, linted| {
        let duplicates = linted.findings.iter().filter(|finding| finding.rule == "duplicate-json-key");
        assert_eq!(duplicates.count(), ITEMS);
    });
}
