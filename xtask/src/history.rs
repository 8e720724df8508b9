//! Updates `schemas/history.json`: which release of botocore added each member and enum value of the
//! responses and the requests. Releases may be added in any order, and repeatedly.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::derive::{requests, responses};

/// A release as its three numbers.
type Release = [u32; 3];

/// Adds a release to a history. What its service model has and no earlier release has is attributed to it.
///
/// # Errors
///
/// If the version is not three numbers, or the model has a trait that the derivation does not know.
pub(crate) fn extend(history: &Value, model: &Value, version: &str, date: &str) -> Result<Value, String> {
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
    // What both sides have is the same in both.
    for (shape, definition) in responses(model)?.into_iter().chain(requests(model)?) {
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
        "$comment": "Written by `cargo xtask derive`: what each release of botocore added to responses \
                     and requests.",
        "releases": releases,
    }))
}

/// The names of the members of a structure, or the values of an enum.
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Map, Value, json};

    use super::extend;
    use crate::read;

    /// Compares the history with the committed schema, as the models of the releases are not at hand.
    #[test]
    fn the_history_tells_of_every_member_and_value_of_the_schema_once() {
        let schema = read("schemas/imagebuilder.json").expect("it is committed");
        let overlay = read("schemas/overlay.json").expect("it is committed");
        let deviations = overlay["deviations"].as_array().expect("deviations");
        let ours: Vec<&str> = deviations
            .iter()
            .filter(|entry| entry.get("add").is_some())
            .map(|entry| entry["at"].as_str().expect("`at`"))
            .collect();
        let mut missing = BTreeSet::new();
        for (shape, definition) in schema["$defs"].as_object().expect("$defs") {
            let members = definition["properties"].as_object().into_iter().flat_map(|members| members.keys());
            let values = definition["enum"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|value| value.as_str().expect("a string").to_owned());
            // A variant for requests has the names of the shape that it refers to.
            let is_variant = definition.get("$ref").is_some();
            if !is_variant && !ours.contains(&format!("/$defs/{shape}").as_str()) {
                missing.extend(members.cloned().chain(values).map(|name| (shape.clone(), name)));
            }
        }
        let history = read("schemas/history.json").expect("it is committed");
        for release in history["releases"].as_array().expect("releases") {
            for (shape, names) in release["adds"].as_object().expect("what it adds") {
                for name in names.as_array().expect("names") {
                    let entry = (shape.clone(), name.as_str().expect("a name").to_owned());
                    assert!(missing.remove(&entry), "{entry:?} is added twice, or gone from the schema");
                }
            }
        }
        assert!(missing.is_empty(), "no release added {missing:?}");
    }

    #[test]
    fn the_history_is_the_same_in_whatever_order_releases_are_added() {
        let model = |statuses: &[&str], members: &[&str]| {
            let members: Map<_, _> =
                members.iter().map(|name| ((*name).to_owned(), json!({ "shape": "Status" }))).collect();
            json!({
                "operations": { "GetImage": { "input": { "shape": "Request" }, "output": { "shape": "Response" } } },
                "shapes": {
                    "Request": { "type": "structure", "members": { "status": { "shape": "Status" } } },
                    "Response": { "type": "structure", "members": members },
                    "Status": { "type": "string", "enum": statuses }
                }
            })
        };
        let releases = [
            ("1.9.9", "2020-01-01", model(&["A"], &["one"])),
            ("1.9.10", "2020-01-02", model(&["A"], &["one"])),
            ("1.10.0", "2020-01-03", model(&["A", "B"], &["one", "two"])),
        ];
        let added = |order: [usize; 4]| {
            order.iter().fold(Value::Null, |history, index| {
                let (version, date, model) = &releases[*index];
                extend(&history, model, version, date).expect("a version of three numbers")
            })
        };
        let history = added([0, 1, 2, 2]);
        let expected = json!([
            { "version": "1.9.9", "date": "2020-01-01", "adds": { "Request": ["status"], "Response": ["one"], "Status": ["A"] } },
            { "version": "1.10.0", "date": "2020-01-03", "adds": { "Response": ["two"], "Status": ["B"] } },
        ]);
        assert_eq!(history["releases"], expected);
        assert_eq!(added([2, 0, 1, 0]), history);
        let wrong = extend(&history, &releases[0].2, "1.9", "2020-01-01");
        assert!(wrong.expect_err("a version of two numbers").contains("1.9"));
    }
}
