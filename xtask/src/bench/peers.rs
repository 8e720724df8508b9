//! The programs that imagelint is compared with, from the registries, below `target/bench/peers/`. What cannot be had
//! is left out with a notice.

use std::error::Error;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

type Done<T = ()> = Result<T, Box<dyn Error>>;

#[derive(Default)]
pub(crate) struct Peers {
    pub(crate) jsonschema: Option<PathBuf>,
    pub(crate) check_jsonschema: Option<PathBuf>,
    pub(crate) ajv: Option<PathBuf>,
    /// A Python that has botocore.
    pub(crate) python: Option<PathBuf>,
}

impl Peers {
    pub(crate) fn build(folder: &Path) -> Self {
        let python = had("botocore", python(folder, "botocore", "python3"));
        Self {
            jsonschema: had("jsonschema-cli", jsonschema(folder)),
            check_jsonschema: had("check-jsonschema", python_tool(folder)),
            ajv: had("ajv-cli", ajv(folder)),
            python,
        }
    }

    /// Their names and versions.
    pub(crate) fn versions(&self) -> Vec<String> {
        let python = |peer: &Option<PathBuf>, package: &str| {
            let peer = peer.as_ref()?;
            let code = format!("import importlib.metadata as m; print('{package}', m.version('{package}'))");
            first_line(peer.with_file_name("python3"), &["-c", &code])
        };
        let jsonschema = self.jsonschema.as_ref().and_then(|peer| first_line(peer, &["--version"]));
        let versions = [
            jsonschema.map(|version| version.replace("Version:", "jsonschema-cli")),
            python(&self.check_jsonschema, "check-jsonschema"),
            self.ajv.as_ref().and_then(|peer| ajv_version(peer)),
            python(&self.python, "botocore"),
        ];
        versions.into_iter().flatten().collect()
    }
}

fn had(what: &str, peer: Done<PathBuf>) -> Option<PathBuf> {
    peer.inspect_err(|error| println!("NOTICE: {what} cannot be had: {error}")).ok()
}

fn jsonschema(folder: &Path) -> Done<PathBuf> {
    let program = folder.join("bin/jsonschema-cli");
    if !program.exists() {
        println!("building jsonschema-cli");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(["install", "--quiet", "jsonschema-cli", "--version", "^0.60", "--locked", "--root"]).arg(folder);
        run(command.arg("--target-dir").arg(folder.with_file_name("build")))?;
    }
    Ok(program)
}

fn python_tool(folder: &Path) -> Done<PathBuf> {
    python(folder, "check-jsonschema", "check-jsonschema")
}

/// A program in a virtual environment that has a package.
fn python(folder: &Path, package: &str, program: &str) -> Done<PathBuf> {
    let environment = folder.join("python");
    let bin = environment.join("bin");
    if !bin.exists() {
        println!("making a virtual environment of Python");
        run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    let installed = first_line(bin.join("python3"), &["-m", "pip", "show", "--quiet", package]).is_some();
    if !installed {
        let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", package];
        run(Command::new(bin.join("python3")).args(quiet))?;
    }
    Ok(bin.join(program))
}

fn ajv(folder: &Path) -> Done<PathBuf> {
    let folder = folder.join("node");
    let program = folder.join("node_modules/.bin/ajv");
    if !program.exists() {
        println!("installing ajv-cli");
        let mut command = Command::new("npm");
        run(command.args(["install", "--silent", "--no-fund", "--no-audit", "ajv-cli@5", "--prefix"]).arg(&folder))?;
    }
    Ok(program)
}

fn ajv_version(program: &Path) -> Option<String> {
    let package = program.parent()?.with_file_name("ajv-cli").join("package.json");
    let package: Value = serde_json::from_str(&std::fs::read_to_string(package).ok()?).ok()?;
    Some(format!("ajv-cli {}", package["version"].as_str()?))
}

fn run(command: &mut Command) -> Done {
    let status = command.status().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if status.success() { Ok(()) } else { Err(format!("{}: {status}", command.get_program().display()).into()) }
}

/// The first line that a program prints, if it succeeds.
pub(crate) fn first_line(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.lines().next().unwrap_or_default().to_owned())
}
