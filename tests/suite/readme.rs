//! What README.md and docs/ tell people to type is typed here, as written, in a folder like theirs.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;

mod common;
use common::path;

/// A fenced block: what its opening line says, and its lines.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.trim_start().strip_prefix("```") {
            let body: String =
                lines.by_ref().take_while(|line| line.trim() != "```").map(|line| format!("{line}\n")).collect();
            blocks.push((info.to_owned(), body));
        }
    }
    blocks
}

/// A folder with captures, clean and faulty, and a file of something else.
fn workplace(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("a folder of our own");
    }
    let demo = fs::read_to_string(path("corpus/demo/get-image.json")).expect("the demo");
    let clean = fs::read_to_string(path("corpus/valid/base/linux-ami.json")).expect("a fixture");
    let on_one_line = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON").to_string();
    let log = format!("{}\n{}\n", on_one_line(&clean), on_one_line(&demo));
    let mut compressed = GzEncoder::new(Vec::new(), Compression::fast());
    compressed.write_all(log.as_bytes()).expect("a Vec takes all");
    let compressed = compressed.finish().expect("a Vec takes all");
    let files: [(&str, &[u8]); 7] = [
        ("corpus/demo/get-image.json", demo.as_bytes()),
        ("fixtures/get-image.json", demo.as_bytes()),
        ("fixtures/clean.json", clean.as_bytes()),
        ("captures/2026-11/get-image.json", demo.as_bytes()),
        ("log.jsonl", log.as_bytes()),
        ("log.jsonl.gz", &compressed),
        ("package.json", b"{\"name\": \"not-ours\"}\n"),
    ];
    for (file, bytes) in files {
        let file = folder.join(file);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a writable folder");
        fs::write(file, bytes).expect("a writable folder");
    }
    folder
}

/// Commands that set imagelint up: `.ci/run` and `.ci/packaging` run them.
const SET_UP: [&str; 4] = ["cargo install --path .", "cargo run ", "cargo test", "pip download --no-deps botocore"];

#[test]
fn what_the_pages_tell_people_to_type_works() {
    let pages =
        ["README.md", "docs/documents.md", "docs/settings.md", "docs/fixes.md", "docs/reports.md", "docs/ci.md"];
    let program = Path::new(env!("CARGO_BIN_EXE_imagelint")).parent().expect("a folder");
    let search = std::env::join_paths(
        [program.to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let search = search.expect("folders without colons");
    let mut run = BTreeMap::new();
    for page in pages {
        let text = fs::read_to_string(path(page)).expect("the page");
        let folder = workplace(&page.replace('/', "-"));
        for (info, body) in blocks(&text) {
            match info.split_once(' ') {
                // A file of that name, which the commands below it use.
                Some((_, name)) => fs::write(folder.join(name), body).expect("a writable folder"),
                None if info == "console" => {
                    for command in body.lines().map(|line| line.split(" #").next().unwrap_or_default().trim()) {
                        let is_set_up = SET_UP.iter().any(|known| command.starts_with(known));
                        if command.is_empty() || is_set_up {
                            continue;
                        }
                        assert!(command.contains("imagelint "), "{page}: `{command}` is not tested anywhere");
                        let output = Command::new("sh")
                            .args(["-c", command])
                            .current_dir(&folder)
                            .env("PATH", &search)
                            .output()
                            .expect("a shell");
                        let stderr = String::from_utf8_lossy(&output.stderr);
                        assert!(matches!(output.status.code(), Some(0 | 1)), "{page}: `{command}`: {stderr}");
                        *run.entry(page).or_insert(0) += 1;
                    }
                }
                None => {}
            }
        }
    }
    assert!(pages.iter().all(|page| run.get(page).is_some_and(|count| *count > 0)), "{run:?}");
}

/// A heading as GitHub makes links of it.
fn anchor(heading: &str) -> String {
    heading.to_lowercase().replace(' ', "-").replace(['`', ',', '.', ':'], "")
}

#[test]
fn what_the_pages_link_to_exists() {
    for page in ["README.md", "docs/documents.md", "docs/settings.md", "docs/fixes.md", "docs/reports.md", "docs/ci.md"]
    {
        let file = path(page);
        let text = fs::read_to_string(&file).expect("the page");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if !target.starts_with("https://") {
                let (name, heading) = target.split_once('#').unwrap_or((target, ""));
                let linked = fs::read_to_string(file.with_file_name(name));
                let linked = linked.unwrap_or_else(|error| panic!("{page} links to {target}: {error}"));
                let mut anchors = linked.lines().filter_map(|line| line.strip_prefix("## ")).map(anchor);
                assert!(heading.is_empty() || anchors.any(|anchor| anchor == heading), "{page} links to {target}");
            }
        }
    }
}
