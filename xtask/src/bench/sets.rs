//! The sets of documents on the disk, below `target/bench/`. Each is written once for a size and a seed, and checked
//! with imagelint itself: what is to be clean is clean, and faults are found.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fastrand::Rng;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::bench::corpus::{Corpus, FAULTS_IN_ALL, on_one_line, with_a_fault, with_all_faults};

type Done<T = ()> = Result<T, Box<dyn Error>>;

const SEED: u64 = 12;
const FILES_IN_A_FOLDER: usize = 500;
/// In the set with few faults, one capture of so many has one.
const ONE_IN: usize = 20;

/// What a set holds.
#[derive(Clone, Copy)]
pub(crate) enum Contents {
    /// GetImage responses of all sizes.
    Images,
    /// The same, a fault in 5 %.
    FewFaults,
    /// Large GetImage responses, and the same with nine faults each.
    Large,
    ManyFaults,
    /// Captures of all kinds.
    Kinds,
}

/// Makes sets and checks them.
pub(crate) struct Sets {
    corpus: Corpus,
    folder: PathBuf,
    program: PathBuf,
}

impl Sets {
    pub(crate) fn new(folder: PathBuf, program: PathBuf) -> Done<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { corpus: Corpus::new()?, folder, program })
    }

    /// A folder with as many files.
    pub(crate) fn folder(&self, contents: Contents, files: usize) -> Done<PathBuf> {
        let name = match contents {
            Contents::Images => "images",
            Contents::FewFaults => "few-faults",
            Contents::Large => "large",
            Contents::ManyFaults => "many-faults",
            Contents::Kinds => "kinds",
        };
        self.once(&format!("{name}-{files}"), |set| {
            let mut rng = Rng::with_seed(SEED);
            // Faults have their own numbers: but for them, the captures are the same.
            let mut faults = Rng::with_seed(SEED);
            let mut capture = String::new();
            for index in 0..files {
                capture.clear();
                match contents {
                    Contents::Images | Contents::FewFaults => self.corpus.image(&mut rng, &mut capture),
                    Contents::Large | Contents::ManyFaults => self.corpus.linux(&mut rng, &mut capture),
                    Contents::Kinds => self.corpus.any(&mut rng, &mut capture),
                }
                match contents {
                    Contents::FewFaults if index % ONE_IN == 0 => with_a_fault(&mut faults, &mut capture),
                    Contents::ManyFaults => with_all_faults(&mut capture),
                    _ => {}
                }
                let folder = set.join(format!("{:03}", index / FILES_IN_A_FOLDER));
                if index % FILES_IN_A_FOLDER == 0 {
                    fs::create_dir_all(&folder)?;
                }
                fs::write(folder.join(format!("{index:06}.json")), &capture)?;
            }
            match contents {
                Contents::FewFaults => self.expect(set, files.div_ceil(ONE_IN)),
                Contents::ManyFaults => self.expect(set, files * FAULTS_IN_ALL),
                _ => self.expect(set, 0),
            }
        })
    }

    /// A file of JSON Lines of at least as many bytes, and the same compressed.
    pub(crate) fn lines(&self, bytes: u64) -> Done<(PathBuf, PathBuf)> {
        let lines = self.once(&format!("lines-{bytes}.jsonl"), |file| {
            let mut rng = Rng::with_seed(SEED);
            let mut output = BufWriter::new(File::create(file)?);
            let (mut capture, mut line, mut written) = (String::new(), String::new(), 0);
            while written < bytes {
                capture.clear();
                line.clear();
                self.corpus.any(&mut rng, &mut capture);
                on_one_line(&capture, &mut line);
                output.write_all(line.as_bytes())?;
                written += line.len() as u64;
            }
            output.flush()?;
            self.expect(file, 0)
        })?;
        let compressed = self.once(&format!("lines-{bytes}.jsonl.gz"), |file| {
            let mut encoder = GzEncoder::new(File::create(file)?, Compression::default());
            std::io::copy(&mut File::open(&lines)?, &mut encoder)?;
            encoder.finish()?;
            Ok(())
        })?;
        Ok((lines, compressed))
    }

    /// A file of JSON Lines with as many small documents.
    pub(crate) fn documents(&self, count: usize) -> Done<PathBuf> {
        self.once(&format!("documents-{count}.jsonl"), |file| {
            let mut rng = Rng::with_seed(SEED);
            let mut output = BufWriter::new(File::create(file)?);
            let (mut capture, mut line) = (String::new(), String::new());
            for _ in 0..count {
                capture.clear();
                line.clear();
                self.corpus.small(&mut rng, &mut capture);
                on_one_line(&capture, &mut line);
                output.write_all(line.as_bytes())?;
            }
            output.flush()?;
            self.expect(file, 0)
        })
    }

    /// One document of at least as many bytes: a list of builds.
    pub(crate) fn document(&self, bytes: usize) -> Done<PathBuf> {
        self.once(&format!("list-{bytes}.json"), |file| {
            let mut rng = Rng::with_seed(SEED);
            let (mut one, mut capture) = (String::new(), String::new());
            self.corpus.list(0, 100, &mut rng, &mut one);
            self.corpus.list(0, bytes * 100 / one.len() + 1, &mut rng, &mut capture);
            fs::write(file, capture)?;
            self.expect(file, 0)
        })
    }

    /// Makes a file or folder below the sets' if it is not there yet.
    fn once(&self, name: &str, fill: impl FnOnce(&Path) -> Done) -> Done<PathBuf> {
        let made = self.folder.join(name);
        if !made.exists() {
            let half_made = self.folder.join(format!("part-{name}"));
            if half_made.is_dir() {
                fs::remove_dir_all(&half_made)?;
            }
            println!("making {name}");
            fill(&half_made)?;
            fs::rename(half_made, &made)?;
        }
        Ok(made)
    }

    /// Checks that imagelint has so many findings in a set, none of which it skips.
    fn expect(&self, set: &Path, findings: usize) -> Done {
        let mut command = Command::new(&self.program);
        command.args(["--config", "none", "--format", "concise", "--verbose"]).arg(set);
        let output = command.stdin(Stdio::null()).output()?;
        let report = String::from_utf8_lossy(&output.stdout);
        let found = report.lines().count();
        let summary = String::from_utf8_lossy(&output.stderr);
        if found == findings && !summary.contains("skipped") {
            return Ok(());
        }
        let examples = report.lines().take(5).collect::<Vec<_>>().join("\n");
        Err(format!("{}: {found} findings instead of {findings}\n{examples}\n{summary}", set.display()).into())
    }
}
