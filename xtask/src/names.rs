//! Derives `schemas/aws.json`: the names that the models of one release of botocore list beside the shapes of responses.

use std::collections::BTreeMap;

use regex_syntax::hir::literal::Extractor;
use serde_json::{Map, Value, json};

/// Derives the names from the service models of Image Builder and EC2 and from the partitions.
///
/// # Errors
///
/// If a model has another form than this derivation knows.
pub(crate) fn derive(image_builder: &Value, ec2: &Value, partitions: &Value) -> Result<Value, String> {
    let partitions = partitions["partitions"].as_array().ok_or("there are no partitions")?;
    let partitions: Result<Vec<Value>, String> = partitions.iter().map(partition).collect();
    Ok(json!({
        "$comment": "Derived by `cargo xtask derive` from the models in botocore; build/ makes tables of it.",
        "errors": errors(image_builder)?,
        "instanceTypes": sorted(texts(&ec2["shapes"]["InstanceType"]["enum"])?),
        "partitions": partitions?,
        "resourceTypes": resource_types(image_builder)?,
    }))
}

/// The HTTP status of each error.
fn errors(model: &Value) -> Result<BTreeMap<&str, &Value>, String> {
    let shapes = model["shapes"].as_object().ok_or("the model has no shapes")?;
    let exceptions = shapes.iter().filter(|(_, shape)| shape["exception"] == true);
    let statuses = exceptions.map(|(name, shape)| match &shape["error"]["httpStatusCode"] {
        status @ Value::Number(_) => Ok((name.as_str(), status)),
        _ => Err(format!("the error {name} has no HTTP status")),
    });
    statuses.collect()
}

/// A partition with the prefixes of its Regions' names.
fn partition(partition: &Value) -> Result<Value, String> {
    let name = &partition["id"];
    let regex = partition["regionRegex"].as_str().unwrap_or_default();
    let start = regex.strip_suffix(r"\w+\-\d+$").ok_or_else(|| format!("{name}: Regions are named like {regex}"))?;
    let prefixes = alternatives(start)?;
    let is_region = |name: &&String| prefixes.iter().any(|prefix| name.starts_with(prefix));
    // Names such as `aws-global` stand for no Region.
    let regions = partition["regions"].as_object().into_iter().flat_map(Map::keys);
    let regions: Vec<&String> = regions.filter(is_region).collect();
    Ok(json!({
        "name": name,
        "dnsSuffix": partition["outputs"]["dnsSuffix"],
        "regionPrefixes": prefixes,
        "regions": regions,
    }))
}

/// The types of resources that ARNs of Image Builder name.
fn resource_types(model: &Value) -> Result<Vec<String>, String> {
    let pattern = model["shapes"]["ImageBuilderArn"]["pattern"].as_str().unwrap_or_default();
    let types = pattern.split_once("):").and_then(|(_, rest)| rest.split_once("/[")).map(|(types, _)| types);
    alternatives(types.ok_or_else(|| format!("ImageBuilderArn matches {pattern}"))?)
}

/// All texts that a regular expression matches, sorted.
fn alternatives(pattern: &str) -> Result<Vec<String>, String> {
    let parsed = regex_syntax::parse(pattern).map_err(|error| error.to_string())?;
    let found = Extractor::new().extract(&parsed);
    let literals = found.literals().filter(|_| found.is_exact());
    let literals = literals.ok_or_else(|| format!("{pattern} is no list of alternatives"))?;
    let texts = literals.iter().map(|literal| String::from_utf8_lossy(literal.as_bytes()).into_owned());
    Ok(sorted(texts.collect()))
}

fn texts(values: &Value) -> Result<Vec<String>, String> {
    let values = values.as_array().ok_or("the model has no such enum")?;
    Ok(values.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    #[test]
    fn names_are_taken_from_enums_errors_and_patterns() {
        let image_builder = |pattern: &str| {
            json!({ "shapes": {
                "ImageBuilderArn": { "type": "string", "pattern": pattern },
                "Gone": { "exception": true, "error": { "httpStatusCode": 410 }, "documentation": "prose" },
                "Image": { "type": "structure" }
            } })
        };
        let ec2 = json!({ "shapes": { "InstanceType": { "type": "string", "enum": ["m5.large", "a1.metal"] } } });
        let partitions = |regex: &str| {
            json!({ "partitions": [{
                "id": "aws",
                "outputs": { "dnsSuffix": "amazonaws.com", "supportsFIPS": true },
                "regionRegex": regex,
                "regions": { "aws-global": {}, "us-west-2": { "description": "prose" } }
            }] })
        };
        let (arn, region) =
            (r"^arn:(?:[0-9]{12}|aws(?:-[a-z-]+)?):(?:image|workflow\/(?:build|test))/[a-z]+$", r"^(us|eu)\-\w+\-\d+$");
        let derive = |arn: &str, region: &str| super::derive(&image_builder(arn), &ec2, &partitions(region));
        let mut names: Value = derive(arn, region).expect("models of that form");
        names.as_object_mut().expect("an object").remove("$comment");
        assert_eq!(
            names,
            json!({
                "errors": { "Gone": 410 },
                "instanceTypes": ["a1.metal", "m5.large"],
                "partitions": [{
                    "name": "aws", "dnsSuffix": "amazonaws.com", "regionPrefixes": ["eu-", "us-"], "regions": ["us-west-2"]
                }],
                "resourceTypes": ["image", "workflow/build", "workflow/test"]
            })
        );
        for (arn, region) in [("^arn:.*$", region), (r"^(?:aws):[a-z]+/[0-9]$", region), (arn, r"^[a-z]+\-\w+\-\d+$")] {
            derive(arn, region).expect_err("another form");
        }
    }
}
