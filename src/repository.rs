//! The files of the repository, for unit tests.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use serde_json::Value;

/// The path of a file or folder of the repository.
pub(crate) fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// The JSON in a file of the repository.
pub(crate) fn json(relative: &str) -> Value {
    let text = fs::read_to_string(path(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{relative}: {error}"))
}

/// Every fixture below a folder of the corpus, sorted.
pub(crate) fn fixtures(folder: &str) -> Vec<PathBuf> {
    let found = files(&path(folder), "json");
    assert!(!found.is_empty(), "{folder} holds no fixture");
    found
}

/// Every file with an extension below a folder, sorted.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a directory entry").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|own| own == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The source files by their paths below `src/`, without the unit tests.
pub(crate) fn sources() -> Vec<(String, String)> {
    let folder = path("src");
    let paths = files(&folder, "rs");
    let tests = Regex::new(r"#\[cfg\((?:all\()?test\b[^\]]*\]\s*mod (\w+)(;| \{)").expect("a regular expression");
    let (mut sources, mut test_files) = (Vec::new(), Vec::new());
    for path in paths {
        let mut text = fs::read_to_string(&path).expect("a source file");
        for module in tests.captures_iter(&text.clone()) {
            match &module[2] {
                ";" => test_files.push(path.with_file_name(&module[1]).with_extension("rs")),
                // They are the last item of their file.
                _ => text.truncate(module.get(0).expect("the match").start()),
            }
        }
        sources.push((path, text));
    }
    sources.retain(|(path, _)| !test_files.contains(path));
    let name = |path: &Path| path.strip_prefix(&folder).expect("a file in it").to_string_lossy().replace('\\', "/");
    sources.into_iter().map(|(path, text)| (name(&path), text)).collect()
}

/// Compares a file of the repository with the text that it should hold, or writes it with `BLESS=1`.
pub(crate) fn assert_current(relative: &str, text: &str) {
    let file = path(relative);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, text).expect("a writable folder");
    }
    let committed = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == text, "{relative} is stale (BLESS=1 cargo test rewrites it)");
}
