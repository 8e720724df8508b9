//! `cargo xtask counts PROGRAM`: how many instructions the program executes for fixed inputs, and how that grows with
//! them, counted by valgrind: no clock, so no machine's mood. `tests/golden/instructions.txt` has the counts, and the
//! dimensions that grow too fast today.

mod dense;
mod inputs;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use crate::counts::inputs::{Dimension, Input};
use crate::path;

type Done<T = ()> = Result<T, Box<dyn Error>>;

const GOLDEN: &str = "tests/golden/instructions.txt";
/// How many times more a fixed input may cost before it is told: compilers and processors differ a little.
const TOLERANCE: f64 = 1.05;
/// What growth may be at most: `n log n` is near 1.1 at these sizes.
const EXPONENT: f64 = 1.15;
/// How far an exponent may move that is too large and known.
const SLACK: f64 = 0.1;
/// Growth is measured from one size to so many times that.
const TIMES: u16 = 8;

const HEAD: &str = "\
# Counts of instructions, rewritten with `.ci/counts --bless`. `instructions`: what an input costs.
# `known`: what grows faster than n^1.15 today, with its exponent; to be mended, then to be taken out.
";

/// What is committed.
#[derive(Default)]
struct Golden {
    instructions: BTreeMap<String, f64>,
    known: BTreeMap<String, f64>,
}

/// What is counted: an input, or a dimension at its size and at a larger one.
enum Job {
    Input(Input),
    Growth(Dimension),
}

enum Counted {
    Instructions(&'static str, f64),
    Exponent(&'static str, f64),
}

/// Counts and compares, or writes what is committed.
pub(crate) fn counts(options: &[&str]) -> Done {
    let (mut program, mut bless, mut only) = (path("target/release/imagelint"), false, None);
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "--bless" => bless = true,
            "--only" => only = Some(*options.next().ok_or("--only needs a name")?),
            file => program = PathBuf::from(file),
        }
    }
    let program = fs::canonicalize(&program).map_err(|error| format!("{}: {error}", program.display()))?;
    let folder = path("target/counts");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let inputs = inputs::all()?.into_iter().map(Job::Input);
    let mut jobs: Vec<Job> = inputs.chain(inputs::dimensions()?.into_iter().map(Job::Growth)).collect();
    jobs.retain(|job| only.is_none_or(|only| job.name().contains(only)));
    let counted = Counter { program, folder }.count_all(&jobs)?;
    if bless && only.is_some() {
        return Err("--bless writes all counts".into());
    }
    if bless {
        let text = committed(&counted);
        return Ok(fs::write(path(GOLDEN), text)?);
    }
    let golden = Golden::parse(&fs::read_to_string(path(GOLDEN)).unwrap_or_default())?;
    let wrong: Vec<String> = counted.iter().filter_map(|counted| golden.judge(counted)).collect();
    let names: Vec<&str> = jobs.iter().map(Job::name).collect();
    let gone = golden.instructions.keys().chain(golden.known.keys()).find(|name| !names.contains(&name.as_str()));
    match (gone, only) {
        (Some(name), None) => Err(format!("{GOLDEN} has `{name}`, which is not counted; .ci/counts --bless").into()),
        _ if wrong.is_empty() => Ok(()),
        _ => Err(wrong.join("\n").into()),
    }
}

impl Job {
    fn name(&self) -> &'static str {
        match self {
            Self::Input(input) => input.name,
            Self::Growth(dimension) => dimension.name,
        }
    }
}

impl Golden {
    fn parse(text: &str) -> Done<Self> {
        let mut golden = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let mut words = line.split_whitespace();
            let (kind, number) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let name = words.collect::<Vec<_>>().join(" ");
            match kind {
                "instructions" => golden.instructions.insert(name, number.parse()?),
                "known" => golden.known.insert(name, number.parse()?),
                _ => return Err(format!("{GOLDEN}: {line}").into()),
            };
        }
        Ok(golden)
    }

    /// Prints a count; says what is wrong with it.
    fn judge(&self, counted: &Counted) -> Option<String> {
        match *counted {
            Counted::Instructions(name, count) => {
                let Some(before) = self.instructions.get(name) else {
                    return Some(format!("`{name}` is not in {GOLDEN}; .ci/counts --bless"));
                };
                let times = count / before;
                println!("{count:>12.0} instructions, {times:.3} × what is committed: {name}");
                if times < 1.0 / TOLERANCE {
                    println!("NOTICE: {name}: less than what is committed; .ci/counts --bless");
                }
                (times > TOLERANCE)
                    .then(|| format!("`{name}` takes {count} instructions, {times:.2} × the {before} of before"))
            }
            Counted::Exponent(name, exponent) => {
                let known = self.known.get(name);
                let word = if known.is_some() { ", which is known" } else { "" };
                println!("{exponent:>12.2} is the exponent of growth{word}: {name}");
                match known {
                    None if exponent > EXPONENT => {
                        Some(format!("`{name}` grows with exponent {exponent:.2}; at most {EXPONENT} is allowed"))
                    }
                    Some(known) if exponent > known + SLACK => {
                        Some(format!("`{name}` grows with exponent {exponent:.2}, faster than the {known} of before"))
                    }
                    Some(_) if exponent <= EXPONENT => {
                        Some(format!("`{name}` grows with exponent {exponent:.2} only: take it out of {GOLDEN}"))
                    }
                    _ => None,
                }
            }
        }
    }
}

/// The text that is committed.
fn committed(counted: &[Counted]) -> String {
    let (mut instructions, mut known) = (String::new(), String::new());
    for counted in counted {
        match counted {
            Counted::Instructions(name, count) => {
                let _ = writeln!(instructions, "instructions {count:>11} {name}");
            }
            Counted::Exponent(name, exponent) if *exponent > EXPONENT => {
                let _ = writeln!(known, "known {exponent:.2} {name}");
            }
            Counted::Exponent(..) => {}
        }
    }
    format!("{HEAD}{instructions}{known}")
}

/// Runs the program in folders below one of its own.
struct Counter {
    program: PathBuf,
    folder: PathBuf,
}

impl Counter {
    /// Counts all jobs on all processors; the counts are in the order of the jobs.
    fn count_all(&self, jobs: &[Job]) -> Done<Vec<Counted>> {
        let (queue, counted) = (Mutex::new(jobs.iter().enumerate()), Mutex::new(Vec::new()));
        let next = || queue.lock().ok()?.next();
        let work = || {
            while let Some((index, job)) = next() {
                let count = self.count_job(index, job).map_err(|error| format!("{}: {error}", job.name()));
                counted.lock().map_err(|error| error.to_string())?.push((index, count?));
            }
            Ok::<(), String>(())
        };
        thread::scope(|scope| {
            let threads = thread::available_parallelism().map_or(1, usize::from);
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            running.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err("a thread ended".into())))
        })?;
        let mut counted = counted.into_inner().map_err(|error| error.to_string())?;
        counted.sort_by_key(|(index, _)| *index);
        Ok(counted.into_iter().map(|(_, counted)| counted).collect())
    }

    fn count_job(&self, index: usize, job: &Job) -> Done<Counted> {
        match job {
            Job::Input(input) => Ok(Counted::Instructions(input.name, self.count(&index.to_string(), input)?)),
            Job::Growth(dimension) => {
                // Now and then a run executes more than it needs, for threads that wait; not so many times in a row.
                const MOST_TIMES: usize = 4;
                let mut least = self.exponent(index, dimension)?;
                for _ in 1..MOST_TIMES {
                    if least <= EXPONENT {
                        break;
                    }
                    least = least.min(self.exponent(index, dimension)?);
                }
                Ok(Counted::Exponent(dimension.name, least))
            }
        }
    }

    fn exponent(&self, index: usize, dimension: &Dimension) -> Done<f64> {
        let at = |n: usize| self.count(&format!("{index}-{n}"), &(dimension.make)(n));
        // What a run costs that has but one of them is no growth.
        let base = at(1)?;
        let (few, many) = (at(dimension.n)? - base, at(dimension.n * usize::from(TIMES))? - base);
        Ok((many / few.max(1.0)).ln() / f64::from(TIMES).ln())
    }

    /// The instructions that the program executes for an input.
    fn count(&self, folder: &str, input: &Input) -> Done<f64> {
        let folder = self.folder.join(folder);
        fs::create_dir_all(&folder)?;
        for (file, text) in &input.files {
            fs::write(folder.join(file), text)?;
        }
        for arguments in &input.before {
            let mut command = Command::new(&self.program);
            command.args(arguments).current_dir(&folder).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        }
        let mut command = Command::new("valgrind");
        command.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]).arg(&self.program);
        // What cargo sets makes the linker of programs search longer.
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        // One thread: how often others look for work depends on the moment.
        command.args(["--threads", "1"]).args(&input.arguments).current_dir(&folder).stdin(Stdio::null());
        let output = command.stdout(Stdio::null()).output().map_err(|error| format!("valgrind: {error}"))?;
        let said = String::from_utf8_lossy(&output.stderr);
        if !matches!(output.status.code(), Some(0 | 1)) {
            return Err(format!("{}: {said}", output.status).into());
        }
        let count = said.lines().find_map(|line| line.split_once("refs:")).ok_or_else(|| said.to_string())?;
        Ok(count.1.trim().replace(',', "").parse()?)
    }
}
