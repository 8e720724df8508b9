//! The site for GitHub Pages: the README, `docs/`, a page for each rule, and the playground.

mod links;
mod markdown;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

use maud::{DOCTYPE, PreEscaped, html};

use crate::path;
use links::Links;
use markdown::Rendered;

/// Pages that are in no folder of `docs/`, each with its place in the site.
const OTHERS: &[(&str, &str)] = &[
    ("README.md", "index.html"),
    ("CHANGELOG.md", "changelog.html"),
    ("CONTRIBUTING.md", "contributing.html"),
    ("SECURITY.md", "security.html"),
];

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; img-src 'self' data:";

/// Builds the site in a folder and checks its links.
pub(crate) fn site(folder: &Path, quick: bool) -> Result<(), Box<dyn Error>> {
    playground(&folder.join("playground"), quick)?;
    let pages = pages()?;
    let links = Links::new(pages.clone());
    let mut rendered = BTreeMap::new();
    for (source, target) in &pages {
        let page = markdown::render(&fs::read_to_string(path(source))?, |link| links.of(source, target, link))?;
        let file = folder.join(target);
        fs::create_dir_all(file.parent().ok_or("a page in a folder")?)?;
        fs::write(&file, document(target, &page))?;
        rendered.insert(target.clone(), page);
    }
    fs::copy(path("xtask/src/site/site.js"), folder.join("site.js"))?;
    let broken = broken(folder, &rendered);
    if !broken.is_empty() {
        return Err(format!("links that lead nowhere:\n{}", broken.join("\n")).into());
    }
    println!("site: {} pages in {}", rendered.len(), folder.display());
    Ok(())
}

fn playground(folder: &Path, quick: bool) -> Result<(), Box<dyn Error>> {
    let options: &[&str] = if quick { &["--site", "--quick"] } else { &["--site"] };
    let status = Command::new(path("playground/build")).args(options).arg(folder).status()?;
    if status.success() { Ok(()) } else { Err(format!("playground/build: {status}").into()) }
}

/// The Markdown files of the repository that are pages, each with its place in the site.
fn pages() -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut pages: BTreeMap<String, String> =
        OTHERS.iter().map(|(source, target)| ((*source).to_owned(), (*target).to_owned())).collect();
    for (from, to) in [("docs", "docs"), ("docs/rules", "rules")] {
        for entry in fs::read_dir(path(from))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if let Some(stem) = name.strip_suffix(".md") {
                let stem = if stem == "README" { "index" } else { stem };
                pages.insert(format!("{from}/{name}"), format!("{to}/{stem}.html"));
            }
        }
    }
    Ok(pages)
}

/// A page of the site.
fn document(target: &str, page: &Rendered) -> String {
    let up = "../".repeat(target.matches('/').count());
    let is_list = target == "rules/index.html";
    let home = [("index.html", "About"), ("rules/index.html", "Rules"), ("playground/index.html", "Playground")];
    let docs = ["install", "ci", "documents", "settings", "fixes", "reports", "performance", "reliability"];
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) @if page.title != "imagelint" { " · imagelint" } }
                link rel="stylesheet" href={ (up) "playground/page.css" };
                @if is_list { script src={ (up) "site.js" } defer {} }
            }
            body .site {
                header {
                    a .skip href="#page" { "Skip to the page" }
                    p .brand { a href={ (up) "index.html" } { "imagelint" } }
                    nav aria-label="Site" {
                        @for (file, name) in home {
                            a href={ (up) (file) } aria-current=[(file == target).then_some("page")] { (name) }
                        }
                    }
                    nav .docs aria-label="Documentation" {
                        @for name in docs {
                            @let file = format!("docs/{name}.html");
                            a href={ (up) (file) } aria-current=[(file == target).then_some("page")] { (name) }
                        }
                    }
                }
                main #page .prose tabindex="-1" { (PreEscaped(&page.html)) }
            }
        }
    }
    .into_string()
}

/// The links of the pages that lead to no page, no file, or no heading.
fn broken(folder: &Path, pages: &BTreeMap<String, Rendered>) -> Vec<String> {
    let mut broken = BTreeSet::new();
    for (target, page) in pages {
        for link in page.links.iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:")) {
            let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
            let file = if file.is_empty() { target.clone() } else { links::joined(target, file) };
            let has_heading = || pages.get(&file).is_none_or(|page| page.headings.contains(fragment));
            if !folder.join(&file).is_file() || !(fragment.is_empty() || has_heading()) {
                broken.insert(format!("{target}: {link}"));
            }
        }
    }
    broken.into_iter().collect()
}
