//! The answers of the playground: JSON, whose places are in the text as JavaScript counts it; a fix can be applied.
#![no_main]

use imagelint_fuzz::{mutate_in_place, rng};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use playground::answer;
use serde_json::Value;

const REQUESTS: [&str; 4] = [
    r#"{"ask": "lint", "file": "a.json"}"#,
    r#"{"ask": "lint", "file": "a.jsonl", "settings": "pedantic = true", "most": 3}"#,
    r#"{"ask": "fix", "file": "a.json"}"#,
    r#"{"ask": "fix", "file": "a.json", "unsafe": true}"#,
];

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_in_place(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    // Requests are ours, but nothing may bring the page to a halt.
    let _: Value = serde_json::from_slice(&answer(data)).expect("an answer is JSON");

    let request = REQUESTS[rng(data).usize(..REQUESTS.len())];
    let asked = [request.as_bytes(), b"\n", data].concat();
    let answer: Value = serde_json::from_slice(&answer(&asked)).expect("an answer is JSON");
    let text = answer["text"].as_str().or(std::str::from_utf8(data).ok()).expect("the text, or what it is of");
    let length = text.encode_utf16().count() as u64;
    let assert_within = |place: &Value| {
        let (from, to) = (place["from"].as_u64().expect("an offset"), place["to"].as_u64().expect("an offset"));
        assert!(from <= to && to <= length, "{place} of {length}");
    };
    for finding in answer["findings"].as_array().into_iter().flatten() {
        assert_within(&finding["place"]);
        finding["labels"].as_array().into_iter().flatten().for_each(|label| assert_within(&label["place"]));
        finding["fix"]["edits"].as_array().into_iter().flatten().for_each(assert_within);
    }
});
