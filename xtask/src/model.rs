//! Reads a service model of Image Builder, from a wheel of botocore or a file.

use std::error::Error;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use serde_json::Value;

/// The path of the model in a wheel of botocore.
const IN_WHEEL: &str = "botocore/data/imagebuilder/2019-12-02/service-2.json.gz";

/// A service model and the release of botocore that it is from.
pub(crate) struct ServiceModel {
    pub(crate) json: Value,
    /// The version of botocore, such as `1.44.5`.
    pub(crate) version: String,
    /// The release day, such as `2026-11-17`.
    pub(crate) date: String,
}

impl ServiceModel {
    /// Reads the model that arguments name: a wheel and its release day, or a model, its version and release day.
    pub(crate) fn read(arguments: &[&str]) -> Result<Self, Box<dyn Error>> {
        match *arguments {
            [wheel, date] => {
                let name = Path::new(wheel).file_name().and_then(|name| name.to_str()).unwrap_or_default();
                let version = name.strip_prefix("botocore-").and_then(|rest| rest.split('-').next());
                let version = version.ok_or_else(|| format!("{wheel} is not named as a wheel of botocore"))?;
                let mut bytes = Vec::new();
                zip::ZipArchive::new(File::open(wheel)?)?.by_name(IN_WHEEL)?.read_to_end(&mut bytes)?;
                Ok(ServiceModel { json: parse(&bytes)?, version: version.to_owned(), date: date.to_owned() })
            }
            [path, version, date] => {
                let json = parse(&fs::read(path)?)?;
                Ok(ServiceModel { json, version: version.to_owned(), date: date.to_owned() })
            }
            _ => Err("expected WHEEL DATE, or MODEL VERSION DATE".into()),
        }
    }
}

/// Parses a model, compressed with gzip or not.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, Box<dyn Error>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(serde_json::from_slice(bytes)?);
    }
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes).read_to_string(&mut text)?;
    Ok(serde_json::from_str(&text)?)
}
