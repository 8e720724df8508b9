//! Writes `schemas/imagebuilder.json` from a botocore service model and `schemas/overlay.json`, and adds the
//! release to `schemas/history.json`.
//!
//! ```text
//! cargo run -p derive-schemas -- service-2.json.gz 1.44.5 2026-11-17
//! cargo run -p derive-schemas -- --history-only service-2.json.gz 1.43.11 2026-05-18
//! ```

use std::error::Error;
use std::fs;

use derive_schemas::{Source, derive, history, read_model, to_text};

const USAGE: &str = "usage: derive-schemas [--history-only] MODEL VERSION DATE \
                     (service-2.json or .json.gz, 1.44.5, 2026-11-17)";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let history_only = arguments.first().is_some_and(|first| first == "--history-only");
    if history_only {
        arguments.remove(0);
    }
    let [path, version, date] = arguments.as_slice() else {
        return Err(USAGE.into());
    };
    let file = |name: &str| format!("{}/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| Ok::<_, Box<dyn Error>>(serde_json::from_str(&fs::read_to_string(file(name))?)?);
    let model = read_model(path.as_ref())?;
    let history = history::extend(&read("history")?, &model, version, date)?;
    fs::write(file("history"), to_text(&history))?;
    if !history_only {
        let schema = derive(&Source { model: &model, overlay: &read("overlay")?, version, date })?;
        fs::write(file("imagebuilder"), to_text(&schema))?;
    }
    Ok(())
}
