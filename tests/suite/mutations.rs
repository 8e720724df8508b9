//! One fault, one finding: every clean document with one value changed.
//!
//! `tests/golden/mutations.txt` holds how many findings the mutations bring, and each set of rules that reports one
//! mutation together. It is rewritten with `BLESS=1 cargo test`.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;

use imagelint::{Linter, Settings};
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions};
use rayon::prelude::*;

use crate::common::{fixtures, is_stale, path};

/// What is done to a string; none where it does not apply.
type Change = (&'static str, fn(&str) -> Option<String>);

/// Changes of strings. One that leaves the document as right as before brings no finding, and does not count.
const STRINGS: [Change; 9] = [
    ("a character is added", |text| Some(format!("{text}x"))),
    ("the last character is missing", |text| Some(text.split_at(text.char_indices().last()?.0).0.to_owned())),
    ("two characters are swapped", |text| {
        let mut characters: Vec<char> = text.chars().collect();
        let at = (1..characters.len()).find(|at| characters[at - 1] != characters[*at])?;
        characters.swap(at - 1, at);
        Some(characters.into_iter().collect())
    }),
    ("a digit is another", |text| {
        let at = text.rfind(|character: char| character.is_ascii_digit())?;
        let other = if text.as_bytes()[at] == b'9' { "8" } else { "9" };
        Some(format!("{}{other}{}", &text[..at], &text[at + 1..]))
    }),
    ("its account is another", |text| {
        let is_digit = |character: char| character.is_ascii_digit();
        let at = text.match_indices(is_digit).map(|(at, _)| at).find(|at| {
            text.get(*at..at + 12).is_some_and(|account| account.chars().all(is_digit))
                && !text[..*at].ends_with(is_digit)
                && !text[at + 12..].starts_with(is_digit)
        })?;
        Some(format!("{}210987654321{}", &text[..at], &text[at + 12..]))
    }),
    ("its region is another", |text| {
        let other = |region: &str| text.contains(region).then(|| text.replacen(region, "eu-north-1", 1));
        ["us-west-2", "us-east-1", "us-east-2", "cn-north-1", "us-gov-west-1"].into_iter().find_map(other)
    }),
    ("the case is another", |text| {
        let lower = text.to_lowercase();
        Some(if lower == text { text.to_uppercase() } else { lower })
    }),
    ("a blank is added", |text| Some(format!("{text} "))),
    ("it is empty", |text| Some(text.get(..0)?.to_owned())),
];

/// What makes a string contradict others. The other changes make it wrong by itself, and are made only once of strings
/// that several documents have in the same place.
const RELATED: [&str; 4] = ["a digit is another", "its account is another", "its region is another", "it is empty"];

/// A text to put in the place of a range, and what that does.
type Mutation = (&'static str, String);

/// The mutations of a value.
fn mutations(value: &Value<'_>, text: &str) -> Vec<Mutation> {
    let quoted = |text: String| serde_json::to_string(&text).expect("a string");
    match value {
        // A change of a document in a string is many changes.
        Value::StringLit(string) if string.value.starts_with(['{', '[']) => Vec::new(),
        Value::StringLit(string) => {
            let of_change = |(name, change): Change| Some((name, quoted(change(&string.value)?)));
            STRINGS.into_iter().filter_map(of_change).chain([("it is a number", "7".to_owned())]).collect()
        }
        Value::NumberLit(number) => {
            let quoted = ("it is a string", quoted(number.value.to_owned()));
            let Ok(value) = number.value.parse::<i64>() else { return vec![quoted] };
            let others =
                [("it is negative", -value - 1), ("it is one larger", value + 1), ("it is huge", 3_000_000_000)];
            others.into_iter().map(|(name, other)| (name, other.to_string())).chain([quoted]).collect()
        }
        Value::BooleanLit(boolean) => vec![("it is the other", (!boolean.value).to_string())],
        Value::Array(array) => {
            let Some(last) = array.elements.last() else { return Vec::new() };
            let (all, last) = (array.range(), last.range());
            let repeated = format!("{}, {}", &text[all.start..last.end], &text[last.start..all.end]);
            vec![("it is empty", "[]".to_owned()), ("its last item is repeated", repeated)]
        }
        Value::Object(object) if !object.properties.is_empty() => vec![("it is empty", "{}".to_owned())],
        _ => Vec::new(),
    }
}

/// A value of a document, with its pointer.
fn values<'v>(value: &'v Value<'v>, pointer: String, found: &mut Vec<(String, &'v Value<'v>)>) {
    match value {
        Value::Object(object) => {
            for property in &object.properties {
                values(&property.value, format!("{pointer}/{}", property.name.as_str()), found);
            }
        }
        Value::Array(array) => {
            array
                .elements
                .iter()
                .enumerate()
                .for_each(|(index, item)| values(item, format!("{pointer}/{index}"), found));
        }
        _ => {}
    }
    found.push((pointer, value));
}

/// Why one mutation has several findings, for all rules that have a part in it.
const REASONS: &[(&str, &str)] = &[
    (
        "image-recipe-identity name-arn-slug",
        "a name contradicts two others: the ARN beside it and the other resource's name",
    ),
    (
        "image-recipe-identity resource-name-shape",
        "an empty name has the wrong shape, and is not the other resource's name",
    ),
    ("image-recipe-identity recipe-version-arn", "a version contradicts two others: the ARN's and the image's"),
    ("ami-account-unexpected ssm-parameter-account", "two members name the account that is no target any more"),
    ("ami-account-unexpected ami-region-undistributed", "several outputs have no distribution any more"),
    (
        "ami-missing-destination distribution-source-region",
        "one says what the outputs lack, one what the configuration lacks",
    ),
    ("available-without-output output-hollow", "the output says nothing, and no other is left"),
    ("kms-key-region license-region", "several regional resources are in the region that was named before"),
    ("ami-missing-destination license-region", "the outputs and a license are in the region that was named before"),
    (
        "arn-region-agreement kms-key-region",
        "the image's resources and its key are in the region that was named before",
    ),
    ("arn-region-agreement placement-az-region", "the zone and the topic are in the region that was named before"),
    ("arn-partition-region license-region", "a region of another partition is not the license's either"),
    ("arn-partition-region placement-az-region", "a region of another partition is not the zone's either"),
    ("arn-partition-region pcluster-tags", "a tag repeats the ARN"),
    ("arn-account-agreement sns-topic-arn", "the topic is in the account that was named before"),
    ("arn-account-agreement sns-account", "a notification names the account again, beside the ARN"),
    ("arn-account-agreement list-owner", "a list names the owner again, beside the ARN"),
    ("sns-resource-arn-tag", "a tag repeats the ARN"),
    ("pcluster-tags", "a tag repeats the value"),
    ("arn-segment pipeline-name-arn", "the blank is no part of a name, and the name has none"),
    ("arn-segment pipeline-recipe-exclusive", "an ARN of another type is as good as absent"),
    ("import-iso-platform string-length", "an empty value is not the one that the import needs"),
    ("required-member", "an empty object lacks what different rules ask for"),
    ("scan-config-inert scan-state-disabled", "the settings have no effect, and the state shows that they had one"),
];

/// The reason for a set of rules, separated by blanks.
fn reason(rules: &str) -> Option<&'static str> {
    let rules: Vec<&str> = rules.split(' ').collect();
    let explains = |(known, _): &&(&str, &str)| known.split(' ').all(|rule| rules.contains(&rule));
    REASONS.iter().find(explains).map(|(_, reason)| *reason)
}

/// A mutation that several findings report.
struct Several {
    rules: String,
    mutation: String,
}

/// A document with the values that are changed in it.
struct Document {
    name: String,
    text: String,
    changes: Vec<Changed>,
}

/// A value that is changed.
struct Changed {
    pointer: String,
    range: Range<usize>,
    mutations: Vec<Mutation>,
}

/// The documents with what is changed in them.
fn documents() -> Vec<Document> {
    let mut seen: HashSet<(String, String)> = HashSet::new();
    let of_file = |file: PathBuf| {
        let text = fs::read_to_string(&file).ok()?;
        let parsed = jsonc_parser::parse_to_ast(&text, &CollectOptions::default(), &ParseOptions::default()).ok()?;
        let mut found = Vec::new();
        parsed.value.iter().for_each(|root| values(root, String::new(), &mut found));
        let change = |(pointer, value): (String, &Value<'_>)| {
            let Range { start, end } = value.range().start..value.range().end;
            let mut mutations = mutations(value, &text);
            let place: Vec<&str> = pointer.split('/').filter(|token| token.parse::<usize>().is_err()).collect();
            let is_first =
                !matches!(value, Value::StringLit(_)) || seen.insert((place.join("/"), text[start..end].to_owned()));
            mutations.retain(|(what, other)| *other != text[start..end] && (is_first || RELATED.contains(what)));
            Changed { pointer, range: start..end, mutations }
        };
        let changes = found.into_iter().map(change).collect();
        Some(Document { name: file.file_name()?.to_str()?.to_owned(), changes, text })
    };
    fixtures("corpus/valid/base").into_iter().filter_map(of_file).collect()
}

/// The mutations of a document: how many findings each brings, and those with several.
fn mutate(Document { name, text, changes }: &Document) -> (Vec<usize>, Vec<Several>) {
    let settings = Settings::parse("imagelint.toml", "").expect("no settings");
    let linter = Linter::with_settings(&settings);
    let (mut counts, mut several) = (Vec::new(), Vec::new());
    for Changed { pointer, range, mutations } in changes {
        for (what, other) in mutations {
            let changed = [&text[..range.start], other, &text[range.end..]].concat();
            let checked = linter.lint("-", changed.as_bytes());
            let mut rules: Vec<&str> = checked.findings().iter().map(|finding| finding.rule().name).collect();
            counts.extend(Some(rules.len()).filter(|count| *count > 0));
            if rules.len() > 1 {
                rules.sort_unstable();
                several.push(Several { rules: rules.join(" "), mutation: format!("{name}{pointer}: {what}") });
            }
        }
    }
    (counts, several)
}

#[test]
fn one_value_changed_is_one_finding() {
    let results: Vec<(Vec<usize>, Vec<Several>)> = documents().par_iter().map(mutate).collect();
    let mut counts: Vec<usize> = results.iter().flat_map(|(counts, _)| counts.iter().copied()).collect();
    counts.sort_unstable();
    let mut sets: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for several in results.iter().flat_map(|(_, several)| several) {
        sets.entry(&several.rules).or_default().push(&several.mutation);
    }
    let mut sets: Vec<_> = sets.into_iter().collect();
    sets.sort_by_key(|(_, mutations)| std::cmp::Reverse(mutations.len()));
    let unexplained: Vec<_> = sets.iter().filter(|(rules, _)| reason(rules).is_none()).collect();
    assert!(unexplained.is_empty(), "several findings for one mutation, without a reason:\n{unexplained:#?}");
    let percentile = |percent: usize| counts[(counts.len() - 1) * percent / 100];
    assert!(
        percentile(50) == 1 && percentile(95) <= 2,
        "median {}, 95th percentile {}",
        percentile(50),
        percentile(95)
    );
    let ones = counts.iter().filter(|count| **count == 1).count();
    let mut report = format!(
        "{} mutations have findings, {ones} of them one; the others have at most {}.\n\n",
        counts.len(),
        percentile(100)
    );
    for (rules, mutations) in sets {
        let reason = reason(rules).unwrap_or_default();
        writeln!(report, "{} × {rules}\n    {reason}\n    {}", mutations.len(), mutations[0]).expect("a String");
    }
    assert!(!is_stale(&path("tests/golden/mutations.txt"), &report), "tests/golden/mutations.txt is stale; bless it");
}
