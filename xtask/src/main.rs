//! Tasks of developers, run as `cargo xtask`.
#![allow(clippy::print_stdout, reason = "this is a program for developers")]

mod derive;
mod history;
mod model;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::derive::{Source, derive, to_text};
use crate::model::ServiceModel;

const USAGE: &str = "\
cargo xtask derive                         say what to download for a newer service model
cargo xtask derive WHEEL DATE              derive schemas/ from a wheel of botocore, released on a day
cargo xtask derive --history WHEEL DATE    add an older release to schemas/history.json only
cargo xtask derive MODEL VERSION DATE      likewise, from a service-2.json or service-2.json.gz
cargo xtask bless                          rewrite golden files and pages, to be read in the diff
cargo xtask package                        build the crate as it is packaged
cargo xtask bench                          measure the stages";

const DOWNLOAD: &str = "\
Download the wheel without its dependencies, look up its release day, and derive:

    pip download --no-deps botocore
    cargo xtask derive botocore-1.44.5-py3-none-any.whl 2026-11-17

Then run `cargo xtask bless` and read what changed in schemas/ and docs/.";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["derive"] => println!("{DOWNLOAD}"),
        ["derive", "--history", ref rest @ ..] => add_to_history(&ServiceModel::read(rest)?)?,
        ["derive", ref rest @ ..] => {
            let model = ServiceModel::read(rest)?;
            add_to_history(&model)?;
            write_schema(&model)?;
        }
        ["bless"] => cargo(&["test", "--no-fail-fast"], &[("BLESS", "1")])?,
        ["package"] => cargo(&["package", "--allow-dirty", "-p", "imagelint"], &[])?,
        ["bench"] => cargo(&["bench", "-p", "imagelint"], &[])?,
        _ => println!("{USAGE}"),
    }
    Ok(())
}

/// The path of a file in the repository.
fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(relative)
}

fn read(relative: &str) -> Result<serde_json::Value, Box<dyn Error>> {
    Ok(serde_json::from_str(&fs::read_to_string(path(relative))?)?)
}

fn add_to_history(model: &ServiceModel) -> Result<(), Box<dyn Error>> {
    let history = history::extend(&read("schemas/history.json")?, &model.json, &model.version, &model.date)?;
    Ok(fs::write(path("schemas/history.json"), to_text(&history))?)
}

fn write_schema(model: &ServiceModel) -> Result<(), Box<dyn Error>> {
    let overlay = read("schemas/overlay.json")?;
    let ServiceModel { json, version, date } = model;
    let schema = derive(&Source { model: json, overlay: &overlay, version, date })?;
    Ok(fs::write(path("schemas/imagebuilder.json"), to_text(&schema))?)
}

/// Runs cargo in the repository, with environment variables.
fn cargo(arguments: &[&str], variables: &[(&str, &str)]) -> Result<(), Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let variables = variables.iter().copied();
    let status = Command::new(cargo).args(arguments).envs(variables).current_dir(path("")).status()?;
    if status.success() { Ok(()) } else { Err(format!("cargo {}: {status}", arguments.join(" ")).into()) }
}
