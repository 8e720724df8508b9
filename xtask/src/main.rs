//! Tasks of developers, run as `cargo xtask`.
#![allow(clippy::print_stdout, reason = "this is a program for developers")]

mod bench;
mod captures;
mod counts;
mod derive;
mod history;
mod names;
mod site;
mod wheel;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::derive::{Source, derive, to_text};
use crate::wheel::Wheel;

const USAGE: &str = "\
cargo xtask derive                         say what to download for a newer service model
cargo xtask derive WHEEL DATE              derive schemas/ from a wheel of botocore, released on a day
cargo xtask derive --history WHEEL DATE    add an older release to schemas/history.json only
cargo xtask bless                          rewrite golden files and pages, to be read in the diff
cargo xtask package                        build the crate as it is packaged
cargo xtask bench                          compare speed with peers, which are built first; takes half an hour
    --only ROW                             one row; may be given several times
    --quick                                small sizes, to try it
    --million                              also a million documents
    --runs N                               so many runs of each program
    --program FILE                         this program instead of building one
    --write                                put the figures into docs/performance.md
cargo xtask counts [PROGRAM]               count instructions with valgrind, as .ci/counts does
    --only NAME                            inputs and dimensions with this in their names
    --bless                                write what was counted to tests/golden/instructions.txt
cargo xtask site [--quick] FOLDER          build the site with the playground, and check its links";

const DOWNLOAD: &str = "\
Download the wheel without its dependencies, look up its release day, and derive:

    pip download --no-deps botocore
    cargo xtask derive botocore-1.44.8-py3-none-any.whl 2026-11-20

Then run `cargo xtask bless` and read what changed in schemas/ and docs/.";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["derive"] => println!("{DOWNLOAD}"),
        ["derive", "--history", wheel, date] => {
            let mut wheel = Wheel::open(Path::new(wheel), date)?;
            write(HISTORY, &history(&wheel.image_builder()?, &wheel)?)?;
        }
        ["derive", wheel, date] => {
            for (file, derived) in derived(&mut Wheel::open(Path::new(wheel), date)?)? {
                write(file, &derived)?;
            }
        }
        ["bless"] => cargo(&["test", "--no-fail-fast"], &[("BLESS", "1")])?,
        ["package"] => cargo(&["package", "--allow-dirty", "-p", "imagelint"], &[])?,
        ["bench", ref options @ ..] => bench::bench(options)?,
        ["counts", ref options @ ..] => counts::counts(options)?,
        ["site", "--quick", folder] => site::site(Path::new(folder), true)?,
        ["site", folder] => site::site(Path::new(folder), false)?,
        _ => println!("{USAGE}"),
    }
    Ok(())
}

/// The path of a file in the repository.
fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(relative)
}

fn read(relative: &str) -> Result<Value, Box<dyn Error>> {
    Ok(serde_json::from_str(&fs::read_to_string(path(relative))?)?)
}

fn write(relative: &str, derived: &Value) -> Result<(), Box<dyn Error>> {
    Ok(fs::write(path(relative), to_text(derived))?)
}

const HISTORY: &str = "schemas/history.json";

/// The history with the release of a wheel.
fn history(image_builder: &Value, wheel: &Wheel) -> Result<Value, Box<dyn Error>> {
    Ok(history::extend(&read(HISTORY)?, image_builder, &wheel.version, &wheel.date)?)
}

/// The files that are derived from a wheel, with their contents.
fn derived(wheel: &mut Wheel) -> Result<[(&'static str, Value); 3], Box<dyn Error>> {
    let image_builder = wheel.image_builder()?;
    let release = json!({ "name": "botocore", "version": wheel.version, "date": wheel.date });
    let schema = derive(&Source { model: &image_builder, overlay: &read("schemas/overlay.json")?, release: &release })?;
    let mut names = names::derive(&image_builder, &wheel.ec2()?, &wheel.partitions()?)?;
    names["x-model"] = release;
    Ok([(HISTORY, history(&image_builder, wheel)?), ("schemas/imagebuilder.json", schema), ("schemas/aws.json", names)])
}

/// Runs cargo in the repository, with environment variables.
fn cargo(arguments: &[&str], variables: &[(&str, &str)]) -> Result<(), Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let variables = variables.iter().copied();
    let status = Command::new(cargo).args(arguments).envs(variables).current_dir(path("")).status()?;
    if status.success() { Ok(()) } else { Err(format!("cargo {}: {status}", arguments.join(" ")).into()) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::derive::to_text;
    use crate::wheel::Wheel;
    use crate::{derived, path, read};

    /// `.ci/run` names the wheel of the committed release, and that of the newest one: its version is no difference.
    #[test]
    #[ignore = "needs a wheel of botocore, which IMAGELINT_MODEL names"]
    fn the_committed_files_are_derived_from_the_wheel() {
        let named = std::env::var_os("IMAGELINT_MODEL").expect("IMAGELINT_MODEL names a wheel");
        let model = read("schemas/imagebuilder.json").expect("it is committed")["x-model"].take();
        let field = |name: &str| model[name].as_str().expect("x-model").to_owned();
        let mut wheel = Wheel::open(Path::new(&named), &field("date")).expect("a wheel of botocore");
        wheel.version = field("version");
        for (file, derived) in derived(&mut wheel).expect("models of that form") {
            let committed = std::fs::read_to_string(path(file)).expect("it is committed");
            assert!(to_text(&derived) == committed, "{file} is stale; derive it again");
        }
    }
}
