//! What the tests share: files of the repository, folders of their own, and runs of the program.

use std::collections::HashSet;
use std::fs;
use std::io::Write as _;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{LazyLock, Mutex};
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;
use imagelint::Settings;
use serde_json::Value;

/// A capture with one finding: an error of `placement-exclusive`.
pub(crate) const FAULTY: &str = "tests/suite/data/error.json";
/// A capture with one finding: a warning of `name-arn-slug`.
pub(crate) const WARNING: &str = "tests/suite/data/warning.json";
/// A capture with one finding: an info of `null-member`.
pub(crate) const INFO: &str = "tests/suite/data/info.json";
/// A capture without findings.
pub(crate) const CLEAN: &str = "tests/suite/data/clean.json";
/// The capture that the README shows, with several errors.
pub(crate) const DEMO: &str = "corpus/demo/get-image.json";

/// Some of the faulty documents, with more findings than a pipe takes at once.
pub(crate) const SOME: &str = "corpus/invalid/a*";

/// The path of something in the repository.
pub(crate) fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// The text of a file of the repository.
pub(crate) fn text(relative: &str) -> String {
    fs::read_to_string(path(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"))
}

/// A text as JSON.
pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"))
}

/// Bytes compressed with gzip.
pub(crate) fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes.as_ref()).expect("a Vec takes all");
    encoder.finish().expect("a Vec takes all")
}

/// Whether a file of the repository does not hold a text. With `BLESS=1` the text is written to it.
pub(crate) fn is_stale(file: &Path, text: &str) -> bool {
    if std::env::var_os("BLESS").is_some() {
        fs::write(file, text).expect("the repository can be written");
    }
    fs::read_to_string(file).unwrap_or_default() != text
}

/// Every fixture below a folder of the corpus, sorted.
pub(crate) fn fixtures(folder: &str) -> Vec<PathBuf> {
    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("a directory entry").path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    collect(&path(folder), &mut found);
    found.sort();
    assert!(!found.is_empty(), "{folder} holds no fixture");
    found
}

/// The rule that a fixture in `<rule>/<case>.json` or `<rule>/<case>/<document>.json` is about.
pub(crate) fn rule_of(fixture: &Path) -> &str {
    let is_rule = |folder: &&Path| {
        folder.parent().is_some_and(|parent| parent.ends_with("corpus/invalid") || parent.ends_with("corpus/valid"))
    };
    let folder = fixture.ancestors().find(is_rule).expect("fixtures are in a rule's folder");
    folder.file_name().and_then(|name| name.to_str()).expect("rules have plain names")
}

/// Settings under which every rule runs.
pub(crate) fn pedantic() -> Settings {
    Settings::parse("imagelint.toml", "pedantic = true").expect("the settings are good")
}

/// A folder for one test, made anew. It is kept, so that one can look into it when the test fails.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// An empty folder; no other test may use its name.
    pub(crate) fn new(name: &str) -> Self {
        static NAMES: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);
        let is_new = NAMES.lock().is_ok_and(|mut names| names.insert(name.to_owned()));
        assert!(is_new, "another test uses the folder {name}");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("suite").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the folder of a run before");
        }
        fs::create_dir_all(&folder).expect("a scratch folder");
        Scratch(folder)
    }

    /// Writes a file and the folders that it is in.
    pub(crate) fn write(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> &Self {
        let file = self.0.join(name);
        fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("folders");
        fs::write(file, bytes).expect("a file");
        self
    }

    /// The text of a file.
    pub(crate) fn read(&self, name: impl AsRef<Path>) -> String {
        let name = name.as_ref();
        fs::read_to_string(self.0.join(name)).unwrap_or_else(|error| panic!("{}: {error}", name.display()))
    }

    /// Copies a file of the repository.
    pub(crate) fn copy(&self, from: &str, to: impl AsRef<Path>) -> &Self {
        let bytes = fs::read(path(from)).unwrap_or_else(|error| panic!("{from}: {error}"));
        self.write(to, bytes)
    }

    /// Makes a named pipe, and returns its path.
    #[cfg(unix)]
    pub(crate) fn make_pipe(&self, name: &str) -> PathBuf {
        let pipe = self.0.join(name);
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        pipe
    }

    /// The path of something in it, as an argument.
    pub(crate) fn argument(&self, name: &str) -> String {
        self.0.join(name).into_os_string().into_string().expect("a path of UTF-8")
    }

    /// How many files and folders are directly in it.
    pub(crate) fn count(&self) -> usize {
        fs::read_dir(&self.0).expect("the folder").count()
    }

    /// Runs the program in it.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        run_in(self, arguments)
    }
}

impl Deref for Scratch {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

/// What a run of the program came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn new(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
        let status = output.status.code().expect("the process was not killed");
        Ran { status, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Whether a text is printed, be it over several lines.
    fn prints(&self, text: &str) -> bool {
        let flat = |printed: &str| printed.split_whitespace().collect::<Vec<_>>().join(" ");
        [&self.stdout, &self.stderr].iter().any(|printed| printed.contains(text) || flat(printed).contains(text))
    }

    /// Asserts that a text is printed.
    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(self.prints(text), "no {text:?} in {self:#?}");
        self
    }

    /// Asserts that a text is not printed.
    #[track_caller]
    pub(crate) fn is_silent_on(&self, text: &str) -> &Self {
        assert!(!self.prints(text), "{text:?} in {self:#?}");
        self
    }

    /// Asserts an exit status.
    #[track_caller]
    pub(crate) fn ends_with(&self, status: i32) -> &Self {
        assert_eq!(self.status, status, "{self:#?}");
        self
    }

    /// Asserts that nothing is printed, and that the run is a success.
    #[track_caller]
    pub(crate) fn is_silent(&self) {
        assert_eq!((self.status, self.stdout.as_str(), self.stderr.as_str()), (0, "", ""));
    }

    /// Asserts how many lines are printed to standard output.
    #[track_caller]
    pub(crate) fn prints_lines(&self, count: usize) -> &Self {
        assert_eq!(self.stdout.lines().count(), count, "{self:#?}");
        self
    }
}

/// The program in the repository's folder, whatever the environment says of colour and columns.
pub(crate) fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_imagelint"));
    program.current_dir(path(""));
    for name in ["CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "GITHUB_ACTIONS", "GITLAB_CI", "NO_COLOR"] {
        program.env_remove(name);
    }
    program
}

/// Runs the program in the repository's folder.
pub(crate) fn run(arguments: &[&str]) -> Ran {
    run_in(&path(""), arguments)
}

/// Runs the program in a folder.
pub(crate) fn run_in(folder: &Path, arguments: &[&str]) -> Ran {
    feed_in(folder, arguments, b"")
}

/// Runs the program in the repository's folder with a standard input.
pub(crate) fn feed(arguments: &[&str], stdin: impl AsRef<[u8]>) -> Ran {
    feed_in(&path(""), arguments, stdin)
}

/// Runs the program in a folder with a standard input.
pub(crate) fn feed_in(folder: &Path, arguments: &[&str], stdin: impl AsRef<[u8]>) -> Ran {
    let mut child = program()
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let (stdin, mut pipe) = (stdin.as_ref(), child.stdin.take().expect("a pipe"));
    let output = thread::scope(|scope| {
        // The program may end before it has read everything.
        scope.spawn(move || drop(pipe.write_all(stdin)));
        child.wait_with_output().expect("the program ends")
    });
    Ran::new(output)
}

/// Runs the program in the repository's folder with a standard output that nobody reads.
pub(crate) fn unread(arguments: &[&str]) -> Ran {
    let mut child = program()
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    Ran::new(child.wait_with_output().expect("the program ends"))
}
