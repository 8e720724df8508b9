//! What is compared, and the targets.

use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bench::peers::Peers;
use crate::bench::sets::{Contents, Sets};
use crate::path;

type Done<T = ()> = Result<T, Box<dyn Error>>;

/// Programs that do the same work.
pub(crate) struct Row {
    /// What `--only` names.
    pub(crate) name: &'static str,
    pub(crate) work: String,
    pub(crate) runs: usize,
    pub(crate) contenders: Vec<Contender>,
    pub(crate) targets: Vec<Target>,
}

pub(crate) struct Contender {
    pub(crate) name: String,
    pub(crate) command: Vec<OsString>,
    /// The exit status that says that it did its work.
    pub(crate) status: i32,
}

#[derive(Clone, Copy)]
pub(crate) enum Measure {
    Wall,
    Cpu,
    Peak,
}

/// What the first contender may use at most.
pub(crate) struct Target {
    pub(crate) measure: Measure,
    pub(crate) bound: Bound,
}

pub(crate) enum Bound {
    /// So many times what another contender uses.
    Times(f64, &'static str),
    /// So much more than another contender, in seconds.
    More(f64, &'static str),
    /// In seconds or MiB.
    AtMost(f64),
    /// The contender with this index at most so many times what the one before it uses: it does ten times as much.
    Growth(f64, usize),
}

/// Makes the rows, with the sets that they need.
pub(crate) struct Rows<'a> {
    pub(crate) program: &'a Path,
    pub(crate) baselines: &'a Path,
    pub(crate) peers: &'a Peers,
    pub(crate) sets: &'a Sets,
    /// What all sizes are divided by.
    pub(crate) divisor: usize,
    /// The schema of GetImage, as `imagelint schema` prints it.
    pub(crate) schema: &'a Path,
}

const IMAGELINT: &str = "imagelint";
const READ: &str = "walk and read";

type Make<'a> = fn(&Rows<'a>) -> Done<Row>;

impl<'a> Rows<'a> {
    /// Every row by its name.
    pub(crate) const ALL: [(&'static str, Make<'a>); 11] = [
        ("files", Self::files),
        ("some-files", Self::some_files),
        ("kinds", Self::kinds),
        ("lines", Self::lines),
        ("gzip", Self::gzip),
        ("one-file", Self::one_file),
        ("few-faults", Self::few_faults),
        ("many-faults", Self::many_faults),
        ("growth-files", Self::growth_files),
        ("growth-document", Self::growth_document),
        ("million", Self::million),
    ];

    fn count(&self, count: usize) -> usize {
        count / self.divisor
    }

    fn imagelint(&self, set: &Path) -> Contender {
        self.imagelint_as(IMAGELINT.to_owned(), set, 0)
    }

    fn imagelint_as(&self, name: String, set: &Path, status: i32) -> Contender {
        let options = ["--config", "none", "--format", "concise"].map(OsString::from);
        let command = [self.program.into()].into_iter().chain(options).chain([set.into()]).collect();
        Contender { name, command, status }
    }

    fn read(&self, folder: &Path) -> Contender {
        command(READ, [self.baselines.join("read").into(), folder.into()])
    }

    fn files(&self) -> Done<Row> {
        let set = self.sets.folder(Contents::Images, self.count(10_000))?;
        let mut contenders = vec![self.imagelint(&set), self.read(&set)];
        let mut targets = vec![target(Measure::Wall, Bound::Times(4.0, READ))];
        if let Some(peer) = &self.peers.jsonschema {
            contenders.insert(1, self.jsonschema(peer, &set)?);
            targets.insert(0, target(Measure::Cpu, Bound::Times(0.6, JSONSCHEMA)));
            targets.insert(0, target(Measure::Wall, Bound::Times(0.3, JSONSCHEMA)));
        }
        let work = format!("{} clean images, {}", self.count(10_000), size_of(&set)?);
        Ok(Row { name: "files", work, runs: 7, contenders, targets })
    }

    fn jsonschema(&self, peer: &Path, set: &Path) -> Done<Contender> {
        let arguments = ["validate", "--errors-only", "--offline"].map(OsString::from);
        let files = files(set)?.into_iter().map(OsString::from);
        let schema = [self.schema.into(), OsString::from("--instance")];
        let command = [peer.into()].into_iter().chain(arguments).chain(schema).chain(files).collect();
        Ok(Contender { name: JSONSCHEMA.to_owned(), command, status: 0 })
    }

    /// The peers that are too slow for all files.
    fn some_files(&self) -> Done<Row> {
        let set = self.sets.folder(Contents::Images, self.count(1_000))?;
        let mut contenders = vec![self.imagelint(&set)];
        if let Some(peer) = &self.peers.jsonschema {
            contenders.push(self.jsonschema(peer, &set)?);
        }
        if let Some(peer) = &self.peers.check_jsonschema {
            let arguments = [peer.into(), OsString::from("--schemafile"), self.schema.into()];
            contenders.push(command("check-jsonschema", arguments.into_iter().chain(paths(&set)?)));
        }
        if let Some(peer) = &self.peers.ajv {
            let files = format!("{}/**/*.json", set.display());
            let options = ["validate", "--spec=draft2020", "--strict=false", "-d", &files, "-s"];
            let arguments = [peer.into()].into_iter().chain(options.map(OsString::from)).chain([self.schema.into()]);
            contenders.push(command("ajv-cli", arguments));
        }
        if let Some(peer) = &self.peers.python {
            let script = path("xtask/src/bench/stubber.py");
            contenders.push(command("botocore's Stubber", [peer.into(), script.into(), set.clone().into()]));
        }
        let work = format!("{} clean images, {}", self.count(1_000), size_of(&set)?);
        Ok(Row { name: "some-files", work, runs: 3, contenders, targets: Vec::new() })
    }

    fn kinds(&self) -> Done<Row> {
        let set = self.sets.folder(Contents::Kinds, self.count(10_000))?;
        let work = format!("{} clean captures of all kinds, {}", self.count(10_000), size_of(&set)?);
        let targets = vec![target(Measure::Wall, Bound::Times(4.0, READ))];
        Ok(Row { name: "kinds", work, runs: 7, contenders: vec![self.imagelint(&set), self.read(&set)], targets })
    }

    fn lines(&self) -> Done<Row> {
        let (lines, _) = self.sets.lines(200_000_000 / self.divisor as u64)?;
        // The shell's `cat` is part of what is measured.
        let script = r#"cat "$1" | "$0" --config none --format concise -"#;
        let piped =
            ["sh", "-c", script].map(OsString::from).into_iter().chain([self.program.into(), lines.clone().into()]);
        let contenders = vec![
            self.imagelint(&lines),
            command("imagelint, out of a pipe", piped),
            command("wc -l", ["wc".into(), "-l".into(), lines.clone().into()]),
        ];
        let targets = vec![target(Measure::Wall, Bound::AtMost(0.5)), target(Measure::Peak, Bound::AtMost(32.0))];
        Ok(Row { name: "lines", work: format!("JSON Lines, {}", size_of(&lines)?), runs: 5, contenders, targets })
    }

    fn gzip(&self) -> Done<Row> {
        let (lines, compressed) = self.sets.lines(200_000_000 / self.divisor as u64)?;
        let gzip = ["gzip".into(), "-d".into(), "-c".into(), compressed.clone().into()];
        let contenders = vec![self.imagelint(&compressed), command("gzip -d", gzip)];
        let targets = vec![target(Measure::Wall, Bound::Times(1.0, "gzip -d"))];
        let work = format!("the same JSON Lines, {} compressed to {}", size_of(&lines)?, size_of(&compressed)?);
        Ok(Row { name: "gzip", work, runs: 5, contenders, targets })
    }

    fn one_file(&self) -> Done<Row> {
        let file = path("corpus/valid/base/container.json");
        let contenders = vec![self.imagelint(&file), command(BARE, [self.baselines.join("bare").into()])];
        let targets = vec![target(Measure::Cpu, Bound::More(0.0012, BARE))];
        Ok(Row { name: "one-file", work: format!("one file, {}", size_of(&file)?), runs: 101, contenders, targets })
    }

    fn few_faults(&self) -> Done<Row> {
        let faulty = self.sets.folder(Contents::FewFaults, self.count(10_000))?;
        let clean = self.sets.folder(Contents::Images, self.count(10_000))?;
        let work = format!("{} images, a fault in 5 %", self.count(10_000));
        Ok(self.beside_clean("few-faults", work, &faulty, &clean, 1.3))
    }

    fn many_faults(&self) -> Done<Row> {
        let faulty = self.sets.folder(Contents::ManyFaults, self.count(10_000))?;
        let clean = self.sets.folder(Contents::Large, self.count(10_000))?;
        let work = format!("{} images, {} findings", self.count(10_000), self.count(90_000));
        Ok(self.beside_clean("many-faults", work, &faulty, &clean, 2.0))
    }

    fn beside_clean(&self, name: &'static str, work: String, faulty: &Path, clean: &Path, times: f64) -> Row {
        let clean = Contender { name: CLEAN.to_owned(), ..self.imagelint(clean) };
        let contenders = vec![self.imagelint_as(IMAGELINT.to_owned(), faulty, 1), clean];
        let targets =
            vec![target(Measure::Wall, Bound::Times(times, CLEAN)), target(Measure::Cpu, Bound::Times(times, CLEAN))];
        Row { name, work, runs: 7, contenders, targets }
    }

    fn growth_files(&self) -> Done<Row> {
        let mut contenders = Vec::new();
        for files in [1_000, 10_000, 100_000].map(|files| self.count(files)) {
            let set = self.sets.folder(Contents::Kinds, files)?;
            contenders.push(self.imagelint_as(format!("{files} files, {}", size_of(&set)?), &set, 0));
        }
        let work = "growth with the number of files, captures of all kinds".to_owned();
        let targets = vec![grows(Measure::Cpu, 11.0, 1), grows(Measure::Cpu, 11.0, 2)];
        Ok(Row { name: "growth-files", work, runs: 3, contenders, targets })
    }

    fn growth_document(&self) -> Done<Row> {
        let mut contenders = Vec::new();
        for bytes in [2_000_000, 20_000_000, 200_000_000] {
            let document = self.sets.document(self.count(bytes))?;
            contenders.push(self.imagelint_as(size_of(&document)?, &document, 0));
        }
        let work = "growth with the size of one document, a list of builds".to_owned();
        let targets = vec![grows(Measure::Cpu, 11.0, 1), grows(Measure::Cpu, 11.0, 2)];
        Ok(Row { name: "growth-document", work, runs: 3, contenders, targets })
    }

    fn million(&self) -> Done<Row> {
        let mut contenders = Vec::new();
        let mut size = String::new();
        for documents in [100_000, 1_000_000].map(|documents| self.count(documents)) {
            let set = self.sets.documents(documents)?;
            size = size_of(&set)?;
            contenders.push(self.imagelint_as(format!("{documents} documents, {size}"), &set, 0));
        }
        let work = format!("JSON Lines, {} documents of {size}", self.count(1_000_000));
        let targets = vec![grows(Measure::Cpu, 11.0, 1), grows(Measure::Peak, 1.1, 1)];
        Ok(Row { name: "million", work, runs: 3, contenders, targets })
    }
}

const JSONSCHEMA: &str = "jsonschema-cli";
const BARE: &str = "a bare process";
const CLEAN: &str = "the same without faults";

fn command(name: &str, command: impl IntoIterator<Item = OsString>) -> Contender {
    Contender { name: name.to_owned(), command: command.into_iter().collect(), status: 0 }
}

fn target(measure: Measure, bound: Bound) -> Target {
    Target { measure, bound }
}

/// Ten times the work takes ten times the time, and a tenth for noise.
fn grows(measure: Measure, most: f64, contender: usize) -> Target {
    target(measure, Bound::Growth(most, contender))
}

fn paths(set: &Path) -> Done<impl Iterator<Item = OsString>> {
    Ok(files(set)?.into_iter().map(OsString::from))
}

/// The files of a set in order.
fn files(set: &Path) -> Done<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(set)? {
        let entry = entry?.path();
        if entry.is_dir() { found.extend(files(&entry)?) } else { found.push(entry) }
    }
    found.sort();
    Ok(found)
}

/// The size of a file or of the files in a folder, in words.
fn size_of(set: &Path) -> Done<String> {
    let files = if set.is_dir() { files(set)? } else { vec![set.to_owned()] };
    let mut bytes = 0;
    for file in files {
        bytes += fs::metadata(file)?.len();
    }
    let (kilobytes, megabytes) = (bytes.div_ceil(1_000), bytes.div_ceil(1_000_000));
    Ok(if megabytes > 1 { format!("{megabytes} MB") } else { format!("{kilobytes} KB") })
}

/// Writes the schema of GetImage that imagelint prints.
pub(crate) fn write_schema(program: &Path, schema: &Path) -> Done {
    let output = Command::new(program).args(["schema", "get-image"]).output()?;
    Ok(fs::write(schema, output.stdout)?)
}
