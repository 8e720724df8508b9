//! Writes `schemas/imagebuilder.json` from a botocore service model and `schemas/overlay.json`.
//!
//! ```text
//! cargo run -p derive-schemas -- service-2.json.gz 1.44.5 2026-11-17
//! ```

use std::error::Error;
use std::fs;

use derive_schemas::{Source, derive, read_model, to_text};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, version, date] = arguments.as_slice() else {
        return Err("usage: derive-schemas MODEL VERSION DATE (service-2.json or .json.gz, 1.44.5, 2026-11-17)".into());
    };
    let schemas = env!("CARGO_MANIFEST_DIR");
    let overlay = serde_json::from_str(&fs::read_to_string(format!("{schemas}/overlay.json"))?)?;
    let schema = derive(&Source { model: &read_model(path.as_ref())?, overlay: &overlay, version, date })?;
    fs::write(format!("{schemas}/imagebuilder.json"), to_text(&schema))?;
    Ok(())
}
