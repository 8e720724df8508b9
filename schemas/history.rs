//! Keeps `schemas/history.json`: since which release of botocore each member and enum value of the responses
//! exists. Releases may be added in any order, and again.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::responses;

/// A release as its three numbers.
type Release = [u32; 3];

/// A history with one more release, whose service model adds what no earlier release has.
///
/// # Errors
///
/// When the version is not of three numbers, or the model has a trait that this derivation does not know.
pub fn extend(history: &Value, model: &Value, version: &str, date: &str) -> Result<Value, String> {
    let mut dates = BTreeMap::new();
    let mut since: BTreeMap<(String, String), Release> = BTreeMap::new();
    for known in history["releases"].as_array().into_iter().flatten() {
        let release = release(known["version"].as_str().unwrap_or_default())?;
        dates.insert(release, known["date"].clone());
        for (shape, names) in known["adds"].as_object().into_iter().flatten() {
            let names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
            since.extend(names.map(|name| ((shape.clone(), name.to_owned()), release)));
        }
    }
    let added = release(version)?;
    dates.insert(added, json!(date));
    for (shape, definition) in responses(model)? {
        for name in names(&definition) {
            let first = since.entry((shape.clone(), name)).or_insert(added);
            *first = added.min(*first);
        }
    }
    let mut releases: BTreeMap<Release, Map<String, Value>> = BTreeMap::new();
    for ((shape, name), release) in since {
        let adds = releases.entry(release).or_default();
        let names = adds.entry(shape).or_insert_with(|| json!([]));
        names.as_array_mut().expect("made here").push(name.into());
    }
    let releases: Vec<Value> = releases
        .into_iter()
        .map(|(release, adds)| json!({ "version": written(release), "date": dates[&release], "adds": adds }))
        .collect();
    Ok(json!({
        "$comment": "Written by `cargo run -p derive-schemas`: what each release of botocore added to the responses.",
        "releases": releases,
    }))
}

/// The members of a structure, the values of an enum.
fn names(definition: &Value) -> Vec<String> {
    let members = definition["properties"].as_object().into_iter().flat_map(Map::keys).cloned();
    let values = definition["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
    members.chain(values.map(str::to_owned)).collect()
}

fn release(version: &str) -> Result<Release, String> {
    let numbers: Option<Vec<u32>> = version.split('.').map(|number| number.parse().ok()).collect();
    numbers.and_then(|numbers| numbers.try_into().ok()).ok_or(format!("`{version}` is no version of three numbers"))
}

fn written(release: Release) -> String {
    release.map(|number| number.to_string()).join(".")
}
