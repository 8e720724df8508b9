//! `cargo xtask bench`: imagelint beside its peers, whole processes, in one run.

mod corpus;
mod peers;
mod rows;
mod sets;
mod table;

use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bench::peers::Peers;
use crate::bench::rows::{Contender, Row, Rows};
use crate::bench::sets::Sets;
use crate::{cargo, path};

type Done<T = ()> = Result<T, Box<dyn Error>>;

/// What `cargo xtask bench` is asked for.
#[derive(Default)]
struct Options {
    quick: bool,
    million: bool,
    write: bool,
    runs: Option<usize>,
    program: Option<PathBuf>,
    only: Vec<String>,
}

impl Options {
    fn parse(arguments: &[&str]) -> Done<Self> {
        let mut options = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
            match *argument {
                "--quick" => options.quick = true,
                "--million" => options.million = true,
                "--write" => options.write = true,
                "--runs" => options.runs = Some(value()?.parse()?),
                "--program" => options.program = Some(fs::canonicalize(value()?)?),
                "--only" => options.only.push((*value()?).to_owned()),
                _ => return Err(format!("unknown option {argument}").into()),
            }
        }
        let known = |name: &String| Rows::ALL.iter().any(|(row, _)| row == name);
        match options.only.iter().find(|name| !known(name)) {
            Some(name) => Err(format!("unknown row {name}; there are {}", names().join(", ")).into()),
            None => Ok(options),
        }
    }

    fn wants(&self, row: &str) -> bool {
        if self.only.is_empty() { row != "million" || self.million } else { self.only.iter().any(|name| name == row) }
    }
}

fn names() -> Vec<&'static str> {
    Rows::ALL.iter().map(|(name, _)| *name).collect()
}

/// A row with what each contender used, in the row's order.
struct Measured {
    row: Row,
    usages: Vec<Usage>,
}

/// What a process and its children used.
#[derive(Clone, Copy)]
struct Usage {
    /// In seconds.
    wall: f64,
    cpu: f64,
    /// The most memory at once, in MiB.
    peak: f64,
}

pub(crate) fn bench(arguments: &[&str]) -> Done {
    let options = Options::parse(arguments)?;
    fs::create_dir_all(path("target/bench"))?;
    let folder = fs::canonicalize(path("target/bench"))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| path("target"), PathBuf::from);
    cargo(&["build", "--release", "--quiet", "-p", "baselines"], &[])?;
    let program = match &options.program {
        Some(program) => program.clone(),
        None => {
            cargo(&["build", "--profile", "dist", "--quiet", "-p", "imagelint"], &[])?;
            target.join("dist/imagelint")
        }
    };
    let baselines = target.join("release");
    let with_peers = options.wants("files") || options.wants("some-files");
    let peers = if with_peers { Peers::build(&folder.join("peers")) } else { Peers::default() };
    let sets = Sets::new(folder.join("sets"), program.clone())?;
    let schema = folder.join("get-image.json");
    rows::write_schema(&program, &schema)?;
    let divisor = if options.quick { 50 } else { 1 };
    let (program, peers, schema) = (&*program, &peers, &*schema);
    let rows = Rows { program, baselines: &baselines, peers, sets: &sets, divisor, schema };
    let (mut table, mut failed) = (Vec::new(), Vec::new());
    for (name, make) in Rows::ALL.into_iter().filter(|(name, _)| options.wants(name)) {
        match make(&rows).and_then(|row| measure(row, options.runs, &baselines.join("measure"))) {
            Ok(measured) => {
                print!("{}", table::row(&measured));
                table.push(measured);
            }
            Err(error) => failed.push(format!("{name}: {error}")),
        }
    }
    let report = table::report(&table, &peers.versions());
    println!("\n{report}");
    if !failed.is_empty() {
        return Err(failed.join("\n").into());
    }
    if options.write { table::write(&report) } else { Ok(()) }
}

/// Runs all contenders of a row in turn, several times, and takes medians.
fn measure(row: Row, runs: Option<usize>, measure: &Path) -> Done<Measured> {
    println!("measuring {}", row.name);
    let mut usages = vec![Vec::new(); row.contenders.len()];
    // One round more: the first fills the caches.
    for round in 0..=runs.unwrap_or(row.runs) {
        for (contender, usages) in row.contenders.iter().zip(&mut usages) {
            let usage = usage(contender, measure)?;
            if round > 0 {
                usages.push(usage);
            }
        }
    }
    let median = |usages: &[Usage], value: fn(&Usage) -> f64| {
        let mut values: Vec<f64> = usages.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    };
    let medians = usages.iter().map(|usages| Usage {
        wall: median(usages, |usage| usage.wall),
        cpu: median(usages, |usage| usage.cpu),
        peak: median(usages, |usage| usage.peak),
    });
    Ok(Measured { usages: medians.collect(), row })
}

/// Runs a contender once.
fn usage(contender: &Contender, measure: &Path) -> Done<Usage> {
    let output = Command::new(measure).args(&contender.command).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let ([wall, cpu, peak, _], Some(status)) = (&numbers[..], text.split_whitespace().last()) else {
        return Err(format!("{}: {}", contender.name, String::from_utf8_lossy(&output.stderr)).into());
    };
    if status != contender.status.to_string() {
        let shown: Vec<_> = contender.command.iter().take(8).map(OsString::as_os_str).collect();
        return Err(format!("{}: exit status {status}: {shown:?}; are target/bench/sets stale?", contender.name).into());
    }
    Ok(Usage { wall: wall / 1e9, cpu: cpu / 1e6, peak: peak / 1024.0 })
}
