//! The releases of botocore that added members or enum values to the responses: a constant table that `build/`
//! generates from `schemas/history.json`. Knows no shape.

use std::fmt;
use std::str::FromStr;

include!(concat!(env!("OUT_DIR"), "/releases.rs"));

/// A version of botocore, such as 1.44.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ModelVersion(pub(crate) [u16; 3]);

/// A release that added members or enum values to the responses.
#[derive(Debug)]
pub(crate) struct Release {
    pub(crate) version: ModelVersion,
    pub(crate) date: &'static str,
}

impl FromStr for ModelVersion {
    type Err = String;

    /// Parses a version, which must not be older than Image Builder or newer than the schemas.
    fn from_str(text: &str) -> Result<Self, String> {
        let is_plain = |number: &&str| number.bytes().all(|byte| byte.is_ascii_digit());
        let read = |number: &str| Some(number).filter(is_plain)?.parse::<u16>().ok();
        let numbers: Option<Vec<u16>> = text.split('.').map(read).collect();
        let Some(version) = numbers.and_then(|numbers| numbers.try_into().ok()).map(ModelVersion) else {
            return Err(format!("`{text}` is no version of botocore, such as `{NEWEST}`"));
        };
        let oldest = &RELEASES[0];
        if version > NEWEST {
            Err(format!("the newest model known here is botocore {NEWEST}'s, not {version}'s"))
        } else if version < oldest.version {
            Err(format!("botocore has Image Builder since {oldest}, not in {version}"))
        } else {
            Ok(version)
        }
    }
}

impl fmt::Display for ModelVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(formatter, "{major}.{minor}.{patch}")
    }
}

impl fmt::Display for Release {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.version, self.date)
    }
}
