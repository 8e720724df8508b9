//! Reads the service models in a wheel of botocore.

use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::Value;
use zip::ZipArchive;

/// A wheel of botocore.
pub(crate) struct Wheel {
    archive: ZipArchive<File>,
    /// The version of botocore, such as `1.44.8`.
    pub(crate) version: String,
    /// The release day, such as `2026-11-20`.
    pub(crate) date: String,
}

impl Wheel {
    /// Opens a wheel, which was released on a day.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is not named as a wheel of botocore.
    pub(crate) fn open(path: &Path, date: &str) -> Result<Self, Box<dyn Error>> {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let version = name.strip_prefix("botocore-").and_then(|rest| rest.split('-').next());
        let version = version.ok_or_else(|| format!("{} is not named as a wheel of botocore", path.display()))?;
        let archive = ZipArchive::new(File::open(path)?)?;
        Ok(Wheel { archive, version: version.to_owned(), date: date.to_owned() })
    }

    /// The service model of Image Builder.
    pub(crate) fn image_builder(&mut self) -> Result<Value, Box<dyn Error>> {
        self.service("imagebuilder/2019-12-02")
    }

    /// The service model of EC2.
    pub(crate) fn ec2(&mut self) -> Result<Value, Box<dyn Error>> {
        self.service("ec2/2016-11-15")
    }

    /// The partitions and their Regions.
    pub(crate) fn partitions(&mut self) -> Result<Value, Box<dyn Error>> {
        Ok(serde_json::from_slice(&self.file("partitions.json")?)?)
    }

    fn service(&mut self, name: &str) -> Result<Value, Box<dyn Error>> {
        let compressed = self.file(&format!("{name}/service-2.json.gz"))?;
        let mut text = String::new();
        flate2::read::GzDecoder::new(&compressed[..]).read_to_string(&mut text)?;
        Ok(serde_json::from_str(&text)?)
    }

    fn file(&mut self, name: &str) -> Result<Vec<u8>, Box<dyn Error>> {
        let mut bytes = Vec::new();
        self.archive.by_name(&format!("botocore/data/{name}"))?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
