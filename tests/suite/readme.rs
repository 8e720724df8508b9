//! What README.md and docs/ tell people to type is typed here, as written, in a folder like theirs.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::{self, DEMO, Scratch, gzip, path, run, text};

const PAGES: [&str; 7] = [
    "README.md",
    "docs/documents.md",
    "docs/settings.md",
    "docs/fixes.md",
    "docs/reports.md",
    "docs/ci.md",
    "docs/bulk.md",
];

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
fn workplace(name: &str) -> Scratch {
    let folder = Scratch::new(name);
    let demo = text(DEMO);
    let clean = text("corpus/valid/base/linux-ami.json");
    let log = format!("{}\n{}\n", common::json(&clean), common::json(&demo));
    folder
        .write("corpus/demo/get-image.json", &demo)
        .write("fixtures/get-image.json", &demo)
        .write("fixtures/clean.json", &clean)
        .write("captures/2026-11/get-image.json", &demo)
        .write("log.jsonl", &log)
        .write("log.jsonl.gz", gzip(&log))
        .write("package.json", "{\"name\": \"not-ours\"}\n");
    folder
}

/// Commands that set imagelint up: `.ci/run` and `.ci/packaging` run them.
const SET_UP: [&str; 4] = ["cargo install --path .", "cargo run ", "cargo test", "pip download --no-deps botocore"];

/// The commands of a block for a console, without those that set imagelint up and without comments.
fn commands(block: &str) -> impl Iterator<Item = &str> {
    let commands = block.lines().map(|line| line.split(" #").next().unwrap_or_default().trim());
    commands.filter(|command| !command.is_empty() && !SET_UP.iter().any(|known| command.starts_with(known)))
}

#[test]
fn what_the_pages_tell_people_to_type_works() {
    let program = Path::new(env!("CARGO_BIN_EXE_imagelint")).parent().expect("a folder").to_owned();
    let others = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(program).chain(std::env::split_paths(&others));
    let search = std::env::join_paths(folders).expect("folders without colons");
    for page in PAGES {
        let folder = workplace(&format!("readme/{}", page.replace('/', "-")));
        let mut ran = 0;
        for (info, body) in blocks(&text(page)) {
            if let Some((_, name)) = info.split_once(' ') {
                // A file of that name, which the commands below it use.
                folder.write(name, body);
                continue;
            }
            for command in commands(&body).filter(|_| info == "console") {
                assert!(command.contains("imagelint "), "{page}: `{command}` is not tested anywhere");
                let shell =
                    Command::new("sh").args(["-c", command]).current_dir(&*folder).env("PATH", &search).output();
                let output = shell.expect("a shell");
                let stderr = String::from_utf8_lossy(&output.stderr);
                assert!(matches!(output.status.code(), Some(0 | 1)), "{page}: `{command}`: {stderr}");
                ran += 1;
            }
        }
        assert!(ran > 0, "{page} has no command");
    }
}

/// A heading as GitHub makes links of it.
fn anchor(heading: &str) -> String {
    heading.to_lowercase().replace(' ', "-").replace(['`', ',', '.', ':'], "")
}

#[test]
fn what_the_pages_link_to_exists() {
    for page in PAGES {
        for target in text(page).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.starts_with("https://") {
                continue;
            }
            let (name, heading) = target.split_once('#').unwrap_or((target, ""));
            let linked = fs::read_to_string(path(page).with_file_name(name));
            let linked = linked.unwrap_or_else(|error| panic!("{page} links to {target}: {error}"));
            let mut anchors = linked.lines().filter_map(|line| line.strip_prefix("## ")).map(anchor);
            assert!(heading.is_empty() || anchors.any(|anchor| anchor == heading), "{page} links to {target}");
        }
    }
}

#[test]
fn the_readme_shows_real_output() {
    let shown = run(&["--quiet", "--only", "placement-exclusive", DEMO]).stdout;
    assert!(text("README.md").contains(shown.trim_end()), "the README's picture is stale:\n{shown}");
}
